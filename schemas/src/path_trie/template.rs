//! A path template (OpenAPI 3.1 §4.8.8): its segments, in the form in which requests carry them.

use std::fmt;

use super::{MAX_VARIABLES, Partial};
use crate::canonical_path::{NotCanonical, canonicalize_literal, canonicalize_part};

/// A template that a canonical path can match.
///
/// Literals are canonical. The names of variables are kept but take no part in matching or comparison of segments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template {
    segments: Vec<Segment>,
    names: Vec<String>,
}

/// What stands between two slashes. The order is that of precedence: what is tried first is less.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// Exactly this text. Empty as the last segment of a template that ends with `/`, and nowhere else.
    Literal(String),
    /// Text and variables.
    Partial(Partial),
    /// Any text but none.
    Variable,
}

/// Why a text is no template that can be served; `at` counts bytes from the start of the template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateDefect {
    /// The text is empty or begins with something else than `/`.
    #[error("the path does not begin with `/`")]
    NoLeadingSlash,
    /// The text is longer than [`MAX_TEMPLATE_BYTES`].
    #[error("the path is longer than {MAX_TEMPLATE_BYTES} bytes")]
    TooLong,
    /// `#` or `?`: neither can be a part of a path (RFC 3986 §3.3).
    #[error("the path contains `{character}`, which ends the path of a request")]
    QueryOrFragment {
        /// `#` or `?`.
        character: char,
        /// Where it stands.
        at: usize,
    },
    /// A brace without its partner in the same segment.
    #[error("the brace at byte {at} has no partner in its segment")]
    UnbalancedBrace {
        /// Where the brace stands.
        at: usize,
    },
    /// `{}`.
    #[error("the variable at byte {at} has no name")]
    EmptyName {
        /// Where its brace stands.
        at: usize,
    },
    /// The same name twice.
    #[error("the variable `{name}` stands twice in the path")]
    DuplicateName {
        /// The name.
        name: String,
        /// Where the second one's brace stands.
        at: usize,
    },
    /// `{a}{b}`: nothing says where one ends.
    #[error("the variable at byte {at} follows another without text between them")]
    AdjacentVariables {
        /// Where the second one's brace stands.
        at: usize,
    },
    /// More than [`MAX_VARIABLES`].
    #[error("the path has more than {MAX_VARIABLES} variables")]
    TooManyVariables,
    /// Literal text that no canonical request can carry; positions are in the template.
    #[error("no request can match: {0}")]
    Unservable(NotCanonical),
}

/// The longest template, in bytes as written.
pub const MAX_TEMPLATE_BYTES: usize = 2048;

impl Template {
    /// Reads a template.
    ///
    /// ```
    /// use gw_artifact::path_trie::{Template, TemplateDefect};
    ///
    /// let template = Template::parse("/café/{order}.json")?;
    /// assert_eq!(template.to_string(), "/caf%C3%A9/{order}.json");
    /// assert_eq!(template.names(), ["order"]);
    /// assert_eq!(Template::parse("/{a}{b}"), Err(TemplateDefect::AdjacentVariables { at: 4 }));
    /// # Ok::<(), TemplateDefect>(())
    /// ```
    ///
    /// # Errors
    /// The first defect from the left; length, `#` and `?` before all others.
    pub fn parse(text: &str) -> Result<Self, TemplateDefect> {
        let rest = text.strip_prefix('/').ok_or(TemplateDefect::NoLeadingSlash)?;
        if text.len() > MAX_TEMPLATE_BYTES {
            return Err(TemplateDefect::TooLong);
        }
        if let Some((at, character)) = text.char_indices().find(|(_, c)| matches!(c, '#' | '?')) {
            return Err(TemplateDefect::QueryOrFragment { character, at });
        }
        let mut template = Self { segments: Vec::new(), names: Vec::new() };
        let mut start = 1;
        for segment in rest.split('/') {
            let end = start + segment.len();
            if segment.is_empty() && end < text.len() {
                return Err(TemplateDefect::Unservable(NotCanonical::EmptySegment { at: start }));
            }
            let segment = template.parse_segment(segment, start)?;
            template.segments.push(segment);
            start = end + 1;
        }
        Ok(template)
    }

    /// The segments; a final empty literal stands for a slash at the end.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The names of the variables, in path order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The template without the names: `/a/{}.json`. Two templates match the same paths exactly when this is equal.
    pub fn shape(&self) -> String {
        self.spell(std::iter::repeat(""))
    }

    fn parse_segment(&mut self, text: &str, start: usize) -> Result<Segment, TemplateDefect> {
        let unservable =
            |at: usize| move |offence: NotCanonical| TemplateDefect::Unservable(offence.shifted(at));
        if !text.contains(['{', '}']) {
            return canonicalize_literal(text).map(Segment::Literal).map_err(unservable(start));
        }
        let mut literals = Vec::new();
        let mut at = 0;
        while let Some(open) = text[at..].find(['{', '}']).map(|length| at + length) {
            if open == at && !literals.is_empty() && text[open..].starts_with('{') {
                return Err(TemplateDefect::AdjacentVariables { at: start + open });
            }
            literals.push(canonicalize_part(&text[at..open]).map_err(unservable(start + at))?);
            at = self.parse_name(text, open, start)?;
        }
        literals.push(canonicalize_part(&text[at..]).map_err(unservable(start + at))?);
        let is_whole = literals.len() == 2 && literals.iter().all(String::is_empty);
        Ok(if is_whole { Segment::Variable } else { Segment::Partial(Partial::new(literals)) })
    }

    /// Reads `{name}` at `open` of a segment and says what follows.
    fn parse_name(&mut self, segment: &str, open: usize, start: usize) -> Result<usize, TemplateDefect> {
        let at = start + open;
        let unbalanced = TemplateDefect::UnbalancedBrace { at };
        let Some(inside) = segment[open..].strip_prefix('{') else {
            return Err(unbalanced);
        };
        let Some((name, _)) = inside.split_once('}').filter(|(name, _)| !name.contains('{')) else {
            return Err(unbalanced);
        };
        if name.is_empty() {
            return Err(TemplateDefect::EmptyName { at });
        }
        if self.names.iter().any(|other| other == name) {
            return Err(TemplateDefect::DuplicateName { name: name.to_owned(), at });
        }
        if self.names.len() == MAX_VARIABLES {
            return Err(TemplateDefect::TooManyVariables);
        }
        self.names.push(name.to_owned());
        Ok(open + name.len() + 2)
    }

    fn spell<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> String {
        let mut text = String::new();
        let mut variable = |text: &mut String| {
            text.push('{');
            text.push_str(names.next().unwrap_or_default());
            text.push('}');
        };
        for segment in &self.segments {
            text.push('/');
            match segment {
                Segment::Literal(literal) => text.push_str(literal),
                Segment::Variable => variable(&mut text),
                Segment::Partial(partial) => {
                    for (index, literal) in partial.literals().iter().enumerate() {
                        if index > 0 {
                            variable(&mut text);
                        }
                        text.push_str(literal);
                    }
                }
            }
        }
        text
    }
}

impl fmt::Display for Template {
    /// Writes the template with its names and canonical literals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.spell(self.names.iter().map(String::as_str)))
    }
}

impl Segment {
    /// How many variables stand in the segment.
    pub fn variables(&self) -> usize {
        match self {
            Self::Literal(_) => 0,
            Self::Partial(partial) => partial.variables(),
            Self::Variable => 1,
        }
    }

    /// Whether a segment of a canonical path is meant.
    pub fn matches(&self, segment: &str) -> bool {
        match self {
            Self::Literal(literal) => literal == segment,
            Self::Partial(partial) => partial.matches(segment.as_bytes()),
            Self::Variable => !segment.is_empty(),
        }
    }

    /// The literals around the variables: one more than there are variables.
    pub fn literals(&self) -> Vec<&str> {
        match self {
            Self::Literal(literal) => vec![literal],
            Self::Partial(partial) => partial.literals().iter().map(String::as_str).collect(),
            Self::Variable => vec!["", ""],
        }
    }
}
