//! One request that shows what a finding is about, as plain data.
//!
//! A check proposes it; nobody prints it before the decision core has confirmed it.

use crate::span::Span;

/// A request, and what it shows. A candidate: whether it is true, only the decision core can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The method, as it stands on the wire.
    pub method: String,
    /// What is sent as `Host`; `None` where any host does.
    pub authority: Option<String>,
    /// Path and query, as they are sent.
    pub target: String,
    /// Further header lines, names in lower case; a credential is nothing but a line.
    pub lines: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
    /// What becomes of it.
    pub shows: Shows,
}

/// What becomes of a witness request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows {
    /// It is for this operation, whoever may call it, and not for the other, of which one might think it too.
    Reaches {
        /// The operation that has it.
        operation: Declaration,
        /// The one that does not. Its public template matches the request too, or it is not named here.
        rather_than: Option<Declaration>,
    },
    /// It is sent on to this operation's upstream, and it carries no credential.
    LetIn {
        /// The operation.
        operation: Declaration,
    },
    /// gw answers it by itself with this status.
    Answers {
        /// 400 to 599.
        status: u16,
        /// The operation that one might expect to have it: its public template matches.
        rather_than: Option<Declaration>,
    },
    /// What becomes of it depends on which of several contradictory words about this operation holds.
    Undecided {
        /// The operation as it is first declared.
        operation: Declaration,
    },
}

/// An operation as a witness names it: one declaration may be published under several templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Where it is declared: its method key.
    pub span: Span,
    /// Its declared method and public template, base path included: `GET /v1/orders/{id}`.
    pub route: String,
}

impl Witness {
    /// A request without credential and body, to any host. `target` begins with `/`.
    pub fn new(method: impl Into<String>, target: impl Into<String>, shows: Shows) -> Self {
        Witness {
            method: method.into(),
            authority: None,
            target: target.into(),
            lines: Vec::new(),
            body: None,
            shows,
        }
    }

    /// Says which host it is sent to.
    pub fn to(mut self, authority: Option<impl Into<String>>) -> Self {
        self.authority = authority.map(Into::into);
        self
    }

    /// Adds a header line; its name is put into lower case.
    pub fn line(mut self, name: &str, value: impl Into<String>) -> Self {
        self.lines.push((name.to_ascii_lowercase(), value.into()));
        self
    }
}

impl Shows {
    /// Every operation that it names, the one that has the request first.
    pub fn declarations(&self) -> impl Iterator<Item = &Declaration> {
        let (first, second) = match self {
            Self::Reaches { operation, rather_than } => (Some(operation), rather_than.as_ref()),
            Self::LetIn { operation } | Self::Undecided { operation } => (Some(operation), None),
            Self::Answers { rather_than, .. } => (None, rather_than.as_ref()),
        };
        first.into_iter().chain(second)
    }
}
