//! Claims of a verified token, by name.

use std::fmt;

use super::{Scalar, Syntax, Unread};

/// The way to one claim: names of objects, then the claim's own. A name with a slash (`https://example.com/roles`,
/// RFC 7519 section 4.2) is one step, dots and all. INVARIANT: 1 to 8 steps that are not empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimPath(Vec<String>);

/// The first of these claims that a token has: `scope|scp`. INVARIANT: 1 to 8, no two the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimAlternatives(Vec<ClaimPath>);

/// What an upstream can be told about a verified caller.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerFact {
    /// Its name.
    Consumer,
    /// What it is allowed.
    Scopes,
    /// A claim of its token.
    Token(ClaimPath),
}

/// The most steps, and the most alternatives.
const MOST: usize = 8;
/// The longest text of one claim, in bytes.
const MAX_BYTES: usize = 256;

impl ClaimPath {
    /// The steps from the token's object to the claim.
    pub fn steps(&self) -> &[String] {
        &self.0
    }
}

impl ClaimAlternatives {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "the name of a claim such as `sub`, `realm_access.roles` or, whichever is there, `scope|scp`",
        "^[^\\s|]+(\\|[^\\s|]+)*$",
    );

    /// The claims, the first that is there counts.
    pub fn paths(&self) -> &[ClaimPath] {
        &self.0
    }
}

impl CallerFact {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "`consumer`, `scopes`, or a claim of the verified token such as `token.sub`",
        "^(consumer|scopes|token\\.[^\\s|]+)$",
    );
}

impl Scalar for ClaimPath {
    fn read(text: &str) -> Result<Self, Unread> {
        if text.len() > MAX_BYTES {
            return Err(Unread::help(format!("a claim's name has at most {MAX_BYTES} bytes")));
        }
        let foreign = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '|' | '"' | '\'');
        if text.is_empty() || text.contains(foreign) {
            return Err(Unread::PLAIN);
        }
        let steps: Vec<&str> = if text.contains('/') { vec![text] } else { text.split('.').collect() };
        if steps.len() > MOST || steps.iter().any(|step| step.is_empty()) {
            return Err(Unread::PLAIN);
        }
        Ok(ClaimPath(steps.into_iter().map(str::to_owned).collect()))
    }
}

impl Scalar for ClaimAlternatives {
    fn read(text: &str) -> Result<Self, Unread> {
        let paths = text.split('|').map(ClaimPath::read).collect::<Result<Vec<_>, _>>()?;
        if paths.len() > MOST {
            return Err(Unread::help(format!("at most {MOST} claims can stand for each other")));
        }
        let repeated = paths.iter().enumerate().any(|(index, path)| paths[..index].contains(path));
        if repeated {
            Err(Unread::help("one of the claims stands twice"))
        } else {
            Ok(ClaimAlternatives(paths))
        }
    }
}

impl Scalar for CallerFact {
    fn read(text: &str) -> Result<Self, Unread> {
        match text {
            "consumer" => Ok(Self::Consumer),
            "scopes" => Ok(Self::Scopes),
            _ => {
                let path = text.strip_prefix("token.").ok_or_else(|| {
                    Unread::help("a claim is written with where it comes from: `token.sub`")
                })?;
                ClaimPath::read(path).map(Self::Token)
            }
        }
    }
}

impl fmt::Display for ClaimPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

impl fmt::Display for ClaimAlternatives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<String> = self.0.iter().map(ClaimPath::to_string).collect();
        f.write_str(&paths.join("|"))
    }
}

impl fmt::Display for CallerFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Consumer => f.write_str("consumer"),
            Self::Scopes => f.write_str("scopes"),
            Self::Token(claim) => write!(f, "token.{claim}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{reads_back, refused};
    use super::*;

    #[test]
    fn claims_read_back() {
        reads_back::<ClaimPath>(&["sub", "realm_access.roles", "https://example.com/roles"]);
        reads_back::<ClaimAlternatives>(&["sub", "scope|scp", "a.b|https://example.com/c"]);
        reads_back::<CallerFact>(&["consumer", "scopes", "token.sub", "token.realm_access.roles"]);
        assert_eq!(ClaimPath::read("https://example.com/roles").unwrap().steps().len(), 1);
    }

    #[test]
    fn what_is_no_claim_is_refused() {
        refused::<ClaimPath>(&["", ".", "a..b", "a b", "a.", "a|b", "a.b.c.d.e.f.g.h.i", &"a".repeat(257)]);
        refused::<ClaimAlternatives>(&["", "|", "a|", "a|a", "a|b|c|d|e|f|g|h|i"]);
        refused::<CallerFact>(&["sub", "token", "token.", "jwt.sub", "Consumer"]);
    }
}
