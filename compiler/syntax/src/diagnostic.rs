//! One finding about the user's files, as plain data.

use crate::code::{Code, CodeEntry, Severity};
use crate::fix::Fix;
use crate::pointer::Pointer;
use crate::span::Span;
use crate::witness::Witness;

/// A finding. Rendering is the business of the command line alone.
///
/// Messages are one sentence in lower case without a full stop, with user text in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a finding does nothing until it is pushed to a sink"]
pub struct Diagnostic {
    /// Which kind of finding this is.
    pub code: Code,
    /// How much it weighs; the code's own weight unless [`Diagnostic::with_severity`] changed it.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where; `None` when it is about no place in a file.
    pub span: Option<Span>,
    /// Where, as a path through the document.
    pub pointer: Option<Pointer>,
    /// Other places that explain the finding, each with a few words.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// A change that settles it.
    pub fix: Option<Fix>,
    /// What the finding is about, in words that survive edits elsewhere: an operation or a file, then the
    /// normalised thing in it (`POST /orders timeout`). Together with the code it makes the fingerprint.
    pub subject: String,
    /// The team that owns the API that it is about, where the project names one.
    pub owner: Option<String>,
    /// A request that shows it: proposed by the check, printed only when the decision core confirms it.
    pub witness: Option<Box<Witness>>,
    /// The places of the waivers that may accept it, strongest first. `None`: what its own place says.
    pub waivers: Option<Vec<Span>>,
}

/// A place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words about it, in lower case.
    pub text: String,
}

impl Diagnostic {
    /// A finding of this kind, about nothing in particular yet.
    pub fn new(entry: &CodeEntry, message: impl Into<String>) -> Self {
        Diagnostic {
            code: entry.code,
            severity: entry.severity,
            message: message.into(),
            span: None,
            pointer: None,
            labels: Vec::new(),
            help: None,
            fix: None,
            subject: String::new(),
            owner: None,
            witness: None,
            waivers: None,
        }
    }

    /// Says where.
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Says where, as a path through the document.
    pub fn with_pointer(mut self, pointer: Pointer) -> Self {
        self.pointer = Some(pointer);
        self
    }

    /// Adds a place that explains the finding.
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a change that settles it.
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Says what it is about; see [`Diagnostic::subject`].
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// Says who owns what it is about, where that is one team.
    pub fn owned_by(mut self, owner: Option<&str>) -> Self {
        self.owner = owner.map(str::to_owned);
        self
    }

    /// Proposes a request that shows it; see [`Diagnostic::witness`].
    pub fn with_witness(mut self, witness: Witness) -> Self {
        self.witness = Some(Box::new(witness));
        self
    }

    /// Says which waivers may accept it, where its own place does not: see [`Diagnostic::waivers`].
    pub fn with_waivers(mut self, waivers: Vec<Span>) -> Self {
        self.waivers = Some(waivers);
        self
    }

    /// Gives it another weight than its code has.
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Names the finding across runs: 12 hex digits of code and subject, never of the message.
    ///
    /// It is the 64-bit FNV-1a hash of `GW0107`, a zero byte and the subject, mixed once more so that every
    /// byte reaches every digit, and of that the upper 48 bits. Stable across versions and machines.
    pub fn fingerprint(&self) -> String {
        let code = self.code.to_string();
        let bytes = code.bytes().chain([0]).chain(self.subject.bytes());
        let hash = bytes.fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
        format!("{:012x}", mix(hash) >> 16)
    }
}

/// The finishing step of MurmurHash3.
fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn the_fingerprint_ignores_the_message() {
        let first = Diagnostic::new(&codes::DUPLICATE_KEY, "one").about("a.yaml /x");
        let second = Diagnostic::new(&codes::DUPLICATE_KEY, "two").about("a.yaml /x");
        assert_eq!(first.fingerprint(), second.fingerprint());
    }

    #[test]
    fn the_fingerprint_tells_codes_and_subjects_apart() {
        let first = Diagnostic::new(&codes::DUPLICATE_KEY, "").about("a.yaml /x");
        let other_code = Diagnostic::new(&codes::TAG_UNSUPPORTED, "").about("a.yaml /x");
        let other_subject = Diagnostic::new(&codes::DUPLICATE_KEY, "").about("a.yaml /y");
        assert_ne!(first.fingerprint(), other_code.fingerprint());
        assert_ne!(first.fingerprint(), other_subject.fingerprint());
    }

    #[test]
    fn the_fingerprint_never_changes() {
        let finding = Diagnostic::new(&codes::DUPLICATE_KEY, "").about("a.yaml /x");
        insta::assert_snapshot!(finding.fingerprint(), @"885c2b0328ad");
    }
}
