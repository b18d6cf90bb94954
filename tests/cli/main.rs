//! The verbs of `gw`, end to end: what they print, where, and what they return.

mod access;
mod bad_input;
mod bad_project;
mod exit_codes;
mod export;
mod fixtures;
mod init;
mod key;
mod lock;
mod reproducible;
mod sandbox;
mod serving;
mod streams;
mod upstream_tls;
mod verbs;
