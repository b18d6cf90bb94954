//! `gw explain --at FILE:LINE[:COL]`: what holds at a place, and which layer says so.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gw_compiler::positions::{Answer, Nowhere, Positions, Scope};
use gw_compiler::resolve::resolved::Operation;
use gw_compiler::resolve::spoken::{Spoken, Word};
use gw_syntax::Span;
use serde_json::{Value, json};

use crate::args::Format;
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;
use crate::report::shown_path;
use crate::workspace::{Target, is_project, locate};

/// How many operations are shown.
const SHOWN: usize = 20;

/// How many folders above a file are searched for its project.
const MAX_PARENTS: usize = 64;

/// A place as people write it: `orders.yaml:14:7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At {
    file: PathBuf,
    line: u32,
    column: Option<u32>,
}

impl std::str::FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        let (rest, last) = text.rsplit_once(':').ok_or("write FILE:LINE or FILE:LINE:COLUMN")?;
        let last =
            number(last).ok_or_else(|| format!("`{last}` is no line or column, which count from 1"))?;
        if let Some((file, line)) = rest.rsplit_once(':')
            && let Some(line) = number(line)
        {
            return Ok(At { file: file.into(), line, column: Some(last) });
        }
        Ok(At { file: rest.into(), line: last, column: None })
    }
}

/// Prints what holds at the place.
pub(super) fn run(at: &At, project: Option<&Path>, format: Format, out: &mut Out) -> Ending {
    let (target, path) = target(at, project)?;
    let positions = Positions::read(&target.entry, &target.files);
    let answer = positions.at(&path, at.line, at.column).map_err(|nowhere| failure(at, nowhere))?;
    let page = Page { positions: &positions, shown: &target.shown, answer: &answer };
    match format {
        Format::Human => out.result(page.human().trim_end()),
        Format::Json => out.result(page.json()),
    }
    Ok(Exit::Clean)
}

/// The project that a file belongs to, and the file's path inside it.
fn target(at: &At, project: Option<&Path>) -> Result<(Target, String), Failure> {
    let file = at.file.canonicalize().map_err(|error| Failure::read(&at.file, &error))?;
    let target = match project {
        Some(project) => locate(project)?,
        None => locate(&project_above(&at.file, &file).unwrap_or_else(|| at.file.clone()))?,
    };
    let root = if target.shown.as_os_str().is_empty() { Path::new(".") } else { &target.shown };
    let root = root.canonicalize().map_err(|error| Failure::read(root, &error))?;
    let inside = file
        .strip_prefix(&root)
        .map_err(|_| Failure::usage(format!("`{}` is not inside `{}`", at.file.display(), root.display())))?;
    let steps: Option<Vec<&str>> = inside.iter().map(|step| step.to_str()).collect();
    let path =
        steps.ok_or_else(|| Failure::io(format!("the path of `{}` is not UTF-8", at.file.display())))?;
    Ok((target, path.join("/")))
}

/// The nearest project above a file: as the file was typed where that leads to one, so that places are shown in the
/// same way; else by where the file is.
fn project_above(typed: &Path, real: &Path) -> Option<PathBuf> {
    let here =
        |folder: &Path| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() };
    let typed = typed.ancestors().skip(1).map(here);
    let real = real.ancestors().skip(1).map(Path::to_owned);
    typed.chain(real).take(MAX_PARENTS).find(|folder| is_project(folder))
}

fn failure(at: &At, nowhere: Nowhere) -> Failure {
    let file = at.file.display();
    match nowhere {
        Nowhere::File => Failure::not_understood(format!("`{file}` takes no part in the project, or does not parse"))
            .with_help("`gw validate` says what is wrong with the files that take part; `--project` names another project"),
        Nowhere::Place => match at.column {
            Some(column) => Failure::usage(format!("`{file}` has no line {} with a column {column}", at.line)),
            None => Failure::usage(format!("`{file}` has no line {}", at.line)),
        },
        Nowhere::Project => Failure::not_understood("the project file could not be understood")
            .with_help("`gw validate` says what is wrong with it"),
    }
}

/// What is shown.
struct Page<'a> {
    positions: &'a Positions<'a>,
    shown: &'a Path,
    answer: &'a Answer<'a>,
}

impl Page<'_> {
    fn human(&self) -> String {
        let mut text = format!("{}  {}\n", self.place(self.answer.place), self.scope());
        if let Some(key) = &self.answer.key {
            line(&mut text, format_args!("key {key}{}", self.effect(key)));
        }
        match self.answer.operations.as_slice() {
            [] => {}
            [only] => self.policy(only, &mut text),
            many if self.answer.scope == Scope::Operation => {
                many.iter().take(SHOWN).for_each(|operation| self.policy(operation, &mut text));
            }
            many => {
                line(&mut text, format_args!(""));
                for operation in many.iter().take(SHOWN) {
                    line(
                        &mut text,
                        format_args!("  {}{}", self.operation_line(operation), self.verdict(operation)),
                    );
                }
                if many.len() > SHOWN {
                    line(&mut text, format_args!("  and {} more", many.len() - SHOWN));
                }
            }
        }
        text
    }

    fn scope(&self) -> String {
        let count = self.answer.operations.len();
        let operations = if count == 1 { "1 operation".to_owned() } else { format!("{count} operations") };
        match self.answer.scope {
            Scope::Operation => "in an operation".to_owned(),
            Scope::Path => format!("in a path with {operations}"),
            Scope::Api => format!("in an API with {operations}"),
            Scope::Apply => format!("in a selector that selects {operations}"),
            Scope::Project => format!("for the whole project, {operations}"),
            Scope::Elsewhere => "about no operation".to_owned(),
        }
    }

    /// Over how many operations the key here wins.
    fn effect(&self, key: &str) -> String {
        let wins = self.answer.operations.iter().filter(|operation| self.wins(operation, key)).count();
        format!(": wins for {wins} of {}", self.answer.operations.len())
    }

    /// Whether the word of the key here is the one that holds.
    fn wins(&self, operation: &Operation, key: &str) -> bool {
        let Some(range) = self.answer.key_span else { return false };
        let is_here = |span: Span| {
            span.source == range.source && (range.start..range.end.max(range.start + 1)).contains(&span.start)
        };
        let of_key = |spoken: &Spoken| {
            spoken.key == key || spoken.key.split_once('.').is_some_and(|(root, _)| root == key)
        };
        let spoken = operation.spoken();
        let mut holding =
            spoken.iter().filter(|spoken| of_key(spoken)).flat_map(|spoken| &spoken.words[..=spoken.beside]);
        holding.any(|word| word.span.is_some_and(is_here))
    }

    /// Whether the key here holds for one of many operations.
    fn verdict(&self, operation: &Operation) -> &'static str {
        match &self.answer.key {
            Some(key) if self.wins(operation, key) => "  wins",
            Some(_) => "  overruled",
            None => "",
        }
    }

    fn policy(&self, operation: &Operation, text: &mut String) {
        line(text, format_args!("\n{}", self.operation_line(operation)));
        for spoken in operation.spoken() {
            let (winner, losers) = (&spoken.words[0], &spoken.words[1..]);
            line(text, format_args!("  {:<22}{}", spoken.key, self.word(winner)));
            for (index, loser) in losers.iter().enumerate() {
                let how = if index < spoken.beside { "with" } else { "over" };
                line(text, format_args!("  {:<22}  {how} {}", "", self.word(loser)));
            }
        }
    }

    fn operation_line(&self, operation: &Operation) -> String {
        let api = self.positions.api_of(operation).map_or("", |api| api.name.as_str());
        let (method, path) = (operation.method, &operation.path);
        format!("operation {api}/{}: {method} {path}  {}", operation.name, self.place(operation.span))
    }

    fn word(&self, word: &Word) -> String {
        match word.span {
            Some(span) => format!("{} ({} at {})", word.text, word.kind.as_str(), self.place(span)),
            None => format!("{} ({})", word.text, word.kind.as_str()),
        }
    }

    fn place(&self, span: Span) -> String {
        let sources = self.positions.sources();
        let at = sources.position(span.source, span.start);
        format!("{}:{}:{}", shown_path(self.shown, sources.path(span.source)), at.line, at.column)
    }

    fn json(&self) -> Value {
        let operations = self.answer.operations.iter();
        json!({
            "format_version": 1,
            "command": "explain",
            "exit_code": Exit::Clean.number(),
            "at": self.place_json(self.answer.place),
            "pointer": self.answer.pointer.as_str(),
            "scope": scope_word(self.answer.scope),
            "key": self.answer.key,
            "operation_count": self.answer.operations.len(),
            "operations": operations.take(SHOWN).map(|operation| self.operation_json(operation)).collect::<Vec<_>>(),
        })
    }

    fn operation_json(&self, operation: &Operation) -> Value {
        let wins = self.answer.key.as_ref().map(|key| self.wins(operation, key));
        json!({
            "api": self.positions.api_of(operation).map(|api| &api.name),
            "name": operation.name,
            "method": operation.method.as_str(),
            "path": operation.path,
            "place": self.place_json(operation.span),
            "key_wins": wins,
            "policies": operation.spoken().iter().map(|spoken| json!({
                "key": spoken.key,
                "beside": spoken.beside,
                "winner": self.word_json(&spoken.words[0]),
                "losers": spoken.words[1..].iter().map(|word| self.word_json(word)).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })
    }

    fn word_json(&self, word: &Word) -> Value {
        json!({
            "layer": word.kind.as_str(),
            "value": word.text,
            "place": word.span.map(|span| self.place_json(span)),
        })
    }

    fn place_json(&self, span: Span) -> Value {
        let sources = self.positions.sources();
        let at = sources.position(span.source, span.start);
        let file = shown_path(self.shown, sources.path(span.source));
        json!({"file": file, "line": at.line, "column": at.column})
    }
}

const fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Operation => "operation",
        Scope::Path => "path",
        Scope::Api => "api",
        Scope::Apply => "apply",
        Scope::Project => "project",
        Scope::Elsewhere => "elsewhere",
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes whatever is written to it");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_line_and_perhaps_a_column() {
        let at = |text: &str| text.parse::<At>();
        let read = |file: &str, line, column| Ok(At { file: file.into(), line, column });
        assert_eq!(at("a.yaml:3"), read("a.yaml", 3, None));
        assert_eq!(at("a.yaml:3:7"), read("a.yaml", 3, Some(7)));
        assert_eq!(at("C:\\a.yaml:3"), read("C:\\a.yaml", 3, None));
        assert!(["a.yaml", "a.yaml:0", "a.yaml:x", "a.yaml:3:0"].iter().all(|text| at(text).is_err()));
    }
}
