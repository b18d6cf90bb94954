//! What each step of a request does, for people.

use std::fmt::Write as _;

use gw_artifact::model::{Reason, Step};

/// The page of a step.
pub(super) fn page(step: Step) -> String {
    let number = step as u8;
    let mut page = format!("step {number} of 12: {step}\n\n{}\n", text(step));
    let reasons: Vec<&Reason> = Reason::ALL.iter().filter(|reason| reason.step() == step).collect();
    if !reasons.is_empty() {
        page.push_str("\nIt can say no, because of:\n");
        for reason in reasons {
            writeln!(page, "  {} {reason}", reason.status())
                .expect("a String takes whatever is written to it");
        }
    }
    page
}

const fn text(step: Step) -> &'static str {
    match step {
        Step::Receive => {
            "Reads the head of the request and holds it against HTTP's own rules and the gateway's limits. The path\n\
             is brought into its one canonical spelling; a path that two readers could understand differently is\n\
             refused. What is matched here is what is forwarded."
        }
        Step::Validate => {
            "Finds the operation by path and method, takes the path's variables, and plans the body: whether there\n\
             is one, and how long it may be."
        }
        Step::Access => {
            "Looks at where the request comes from, at its method and at its header lines, before anybody is asked who\n\
             they are."
        }
        Step::Authorize => {
            "Asks who the caller is. An operation is public with a reason, delegated (a credential of a declared\n\
             scheme must be present, and the upstream verifies it), or closed. Nothing is open because nobody spoke."
        }
        Step::RateLimit => "Counts the request against the limits of its caller.",
        Step::Route => "Takes the upstream that the operation declares.",
        Step::Discover => {
            "Chooses one endpoint of the upstream. An endpoint that could not be connected to rests for 5 seconds."
        }
        Step::Transform => {
            "Decides what changes on the way: the target, `Host`, `Forwarded`, `X-Forwarded-*`, `Via` and the\n\
             request id are set, hop-by-hop header lines fall away."
        }
        Step::Error => "Turns an upstream's fault into a problem document (RFC 9457), within its timeout.",
        Step::CircuitBreak => {
            "Gives a permit to send, or refuses at once when the upstream already has as many requests as it may have."
        }
        Step::Log => {
            "Writes one line about every request, whatever became of it, also when the caller went away."
        }
        Step::Cache => "Looks for a stored response before sending, and stores one after.",
    }
}
