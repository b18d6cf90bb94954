//! Ceilings on connections, held against the ones around them.

use gw_artifact::model::Capacity;
use gw_syntax::{Diagnostic, Sink};

use super::Context;
use super::codes::CEILING_OUT_OF_REACH;
use crate::policy::project::listener::ListenerPolicy;
use crate::resolve::resolved::Spanned;

/// A ceiling, and what people call it.
struct Around<'c> {
    most: u32,
    name: &'c str,
    said: Option<&'c Spanned<u32>>,
}

/// Reports ceilings that nothing can reach: of a listener above the gateway's, of an address above its listener's.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let said = context.resolved.project.capacity.connections.as_ref();
    let most = said.map_or(Capacity::DEFAULT.connections, |said| said.value);
    for listener in &context.resolved.listeners {
        let ListenerPolicy { max_connections, max_connections_per_address, .. } = &listener.policy;
        let gateway = Around { most, name: "`max-connections` of the gateway", said };
        let mut within = |said: &Option<Spanned<u32>>, key: &str, around: &Around<'_>| {
            if let Some(said) = said.as_ref().filter(|said| said.value > around.most) {
                sink.push_with(&CEILING_OUT_OF_REACH, || out_of_reach(&listener.name, key, said, around));
            }
        };
        within(max_connections, "max-connections", &gateway);
        let around = match max_connections {
            Some(said) if said.value <= most => {
                Around { most: said.value, name: "`max-connections` of the listener", said: Some(said) }
            }
            Some(_) | None => gateway,
        };
        within(max_connections_per_address, "max-connections-per-address", &around);
    }
}

fn out_of_reach(listener: &str, key: &str, said: &Spanned<u32>, around: &Around<'_>) -> Diagnostic {
    let Around { most, name, said: beside } = around;
    let message = format!("`{key}` of the listener `{listener}` is {}, and {name} is {most}", said.value);
    let finding = Diagnostic::new(&CEILING_OUT_OF_REACH, message)
        .at(said.span)
        .about(format!("{listener} {key}"))
        .with_help(format!("no connection beyond {most} is let in: lower the one, or raise the other"));
    match beside {
        Some(beside) => finding.with_label(beside.span, "this is reached first"),
        None => finding,
    }
}
