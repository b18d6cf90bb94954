//! One exchange as a whole: the artifact it began with, the head that came, the facts that were found.

use gw_artifact::Artifact;

use crate::exchange::Exchange;
use crate::head::Head;

/// What an answer, an applied edit and a log line are written from.
#[derive(Clone, Copy, Debug)]
pub struct Context<'x> {
    /// The artifact that the exchange began with.
    pub artifact: &'x Artifact,
    /// The head that was decided upon.
    pub head: &'x Head<'x>,
    /// What is known.
    pub exchange: &'x Exchange,
}

/// Takes a finished head, first line first.
pub trait HeadWriter {
    /// The first line.
    fn start(&mut self, start: Start<'_>);

    /// One header line; `name` is in lower case.
    fn line(&mut self, name: &str, value: &[u8]);

    /// The received line at `index`, unchanged: an engine that owns the lines can move it instead of copying.
    fn kept(&mut self, index: usize, name: &str, value: &[u8]) {
        let _ = index;
        self.line(name, value);
    }
}

/// The first line of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start<'a> {
    /// A request to an upstream, HTTP/1.1.
    Request {
        /// The method.
        method: &'a str,
        /// The origin-form target.
        target: &'a str,
    },
    /// A response to the caller.
    Response {
        /// The status code.
        status: u16,
    },
}
