//! `x-gw-mirror`: an upstream that gets a copy of requests.

use std::fmt;

use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::{Flow, quoted};
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::units::{self, Permille};

/// Who gets copies, and of how many requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// The upstream; whether it is declared is for the gate to say. Its answers are thrown away.
    pub name: Spanned<String>,
    /// The share of requests, more than 0; all unless said.
    pub share: Option<Spanned<Permille>>,
}

/// Reads the value: a name, or by its parts.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Mirror> {
    if node.kind() != Kind::Mapping {
        return parts::named(node).map(|name| Mirror { name, share: None });
    }
    let share = node.get("share").and_then(|node| parts::with(node, units::permille));
    if let (Some(share_node), Some(Permille(0))) =
        (node.get("share"), share.as_ref().map(|share| share.value))
    {
        let help = "raise the share, or remove `mirror`";
        self_check::contradiction(share_node, "no request is mirrored", None, help, sink);
    }
    Some(Mirror { name: parts::name(node, "name")?, share })
}

impl fmt::Display for Mirror {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = quoted(&self.name.value);
        match &self.share {
            None => f.write_str(&name),
            share => f.write_str(&Flow::new().plain("share", share.as_ref()).first("name", &name).finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_and_long_forms_are_read() {
        reads_as("mirror", "shadow", "shadow");
        reads_as("mirror", "{name: shadow}", "shadow");
        reads_as("mirror", "{name: shadow, share: 0.5%}", "{name: shadow, share: 0.5%}");
    }

    #[test]
    fn what_mirrors_nothing_is_refused() {
        assert_eq!(codes("mirror", "{name: a, share: 0%}"), ["GW0120"]);
        assert_eq!(codes("mirror", "{share: 5%}"), ["GW0132"]);
        assert_eq!(codes("mirror", "{name: a, share: 5}"), ["GW0133"]);
        assert_eq!(codes("mirror", "a b"), ["GW0133"]);
    }
}
