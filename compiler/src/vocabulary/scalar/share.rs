//! A mode that holds for all, or for a sample: `report@1%`.

use std::fmt;

use super::super::units::{Permille, permille};
use super::{Scalar, Syntax, Unread, words};

words! {
    /// What is done with what does not fit its schema.
    ValidateMode {
        /// It is refused.
        Enforce = "enforce",
        /// It is reported and passes.
        Report = "report",
        /// Nobody looks.
        None = "none",
    }
}

/// What is done with responses: a mode for all of them, or a report about a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SampledMode {
    /// `enforce`, `report`, `none`: all responses.
    All(ValidateMode),
    /// `report@1%`: this share of them is looked at, more than nothing and less than all.
    Report(Permille),
}

impl SampledMode {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "`enforce`, `report`, `none`, or a sample such as `report@1%`",
        "^(enforce|report|none|report@[0-9]{1,2}(\\.[0-9])?%)$",
    );
}

impl Scalar for SampledMode {
    fn read(text: &str) -> Result<Self, Unread> {
        let Some((mode, share)) = text.split_once('@') else {
            let near = || Unread::near(text, ["enforce", "report", "none"]);
            return ValidateMode::read(text).map(SampledMode::All).map_err(|_| near());
        };
        if mode != "report" {
            return Err(Unread::help("only a report can be sampled: `report@1%`"));
        }
        match permille(share) {
            Some(Permille(0)) => Err(Unread::help("a sample of nothing is `none`")),
            Some(Permille(1000)) => Err(Unread::help("a sample of everything is `report`")),
            Some(share) => Ok(SampledMode::Report(share)),
            None => Err(Unread::PLAIN),
        }
    }
}

impl fmt::Display for SampledMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SampledMode::All(mode) => mode.fmt(f),
            SampledMode::Report(share) => write!(f, "report@{share}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn modes_and_samples_read_back() {
        reads_back::<SampledMode>(&["enforce", "report", "none", "report@1%", "report@0.5%", "report@99.9%"]);
    }

    #[test]
    fn what_is_no_mode_is_refused() {
        refused::<SampledMode>(&[
            "",
            "reject",
            "enforce@1%",
            "report@",
            "report@0%",
            "report@100%",
            "report@1",
        ]);
        assert_eq!(help::<SampledMode>("enforced"), "did you mean `enforce`?");
    }
}
