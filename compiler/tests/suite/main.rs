//! The compiler as its callers see it: texts in, findings and artifacts out.

mod book;
mod bounds;
mod contradictions;
mod detours;
mod expressions;
mod gate;
mod github;
mod guardrails;
mod inert;
mod layers;
mod names;
mod naming;
mod oracle;
mod overlay_oracle;
mod overlays;
mod pointers;
mod policy;
mod precedence;
mod references;
mod remedies;
mod remote;
mod reproducible;
mod routes;
mod shapes;
mod support;
mod total;
