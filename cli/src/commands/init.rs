//! `gw init`: a project that validates, with a suite that passes, around a document or an example.

mod annotate;
mod source;
mod suite;
mod texts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use gw_compiler::{Entry, Options};

use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;
use crate::project::{Built, build_from, counted, told};
use crate::report::{Batch, shown_path};
use crate::suites;
use crate::workspace::{Overlay, create_all};
use source::Source;

/// Write a project: gw.yaml, bindings, a first suite, a recipe for CI.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw init shop                               a small example to change, in ./shop
  gw init --from openapi.yaml                a project around a document, here
  gw init --from openapi.yaml --public \"a public catalogue\"

Every operation that the document leaves unprotected is listed. With --public each gets a line of its own that
says so, with the reason; without it nothing is written. A document in DIR stays as it is: where lines are
needed, they go into a copy beside it. Nothing is ever overwritten.")]
pub(crate) struct InitArgs {
    /// The OpenAPI document to start from.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Why anyone may call the operations that the document leaves unprotected.
    #[arg(long, value_name = "REASON")]
    public: Option<String>,
    /// The folder of the project.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
}

/// What a compilation that failed means here.
const NOT_WRITTEN: &str = "nothing was written: the document has to compile first";

/// Makes every file in memory, holds the whole against the compiler and its own suite, then writes all or nothing.
pub(crate) fn run(args: &InitArgs, out: &mut Out) -> Ending {
    let source = source::read(args.from.as_deref(), &args.folder)?;
    let dev = Options { dev: true, ..Options::default() };
    let (batch, survey) = build_from(&source.entry(), &source.files, &source.shown, &dev);
    let Some(sealed) = survey.sealed() else { return Err(told(batch, &survey, NOT_WRITTEN, out)) };
    let unprotected = source::unprotected(&survey, sealed);
    tell_unprotected(&source, &unprotected, out);
    let spec = match (unprotected.is_empty(), &args.public) {
        (true, _) => source.unchanged(),
        (false, Some(reason)) if !reason.trim().is_empty() => {
            source.annotated(&batch, &unprotected, reason.trim())?
        }
        (false, _) => return Err(undecided(&source, &args.folder)),
    };
    let facts = texts::Facts::of(&args.folder, &spec, sealed);
    let mut files = spec.files();
    files.extend(texts::project(&facts));
    let project = Entry::Project { path: texts::PROJECT.to_owned() };
    let (batch, built) = compile_drafts(&args.folder, &project, &files);
    let Some(sealed) = built.sealed() else { return Err(told(batch, &built, NOT_WRITTEN, out)) };
    let (suite, text) = (format!("{}.test.yaml", facts.name), suite::first(&sealed.artifact));
    suites::check_drafted(sealed, &suite, &text)?;
    files.insert(suite, text);
    write(&args.folder, files, out)?;
    next(args, &facts, out);
    Ok(Exit::Clean)
}

fn compile_drafts(directory: &Path, entry: &Entry, files: &BTreeMap<String, String>) -> (Batch, Built) {
    let overlay =
        Overlay::new(directory, files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())));
    build_from(entry, &overlay, directory, &Options::default())
}

fn tell_unprotected(source: &Source, unprotected: &[source::Unprotected], out: &mut Out) {
    if unprotected.is_empty() {
        return;
    }
    let declare = if unprotected.len() == 1 { "declares" } else { "declare" };
    out.say(format_args!("{} {declare} no security:", counted(unprotected.len(), "operation")));
    for one in unprotected {
        let place = format!("{}:{}:{}", shown_path(&source.shown, &one.file), one.line, one.column);
        out.say(format_args!("  {} {}  {place}", one.method, one.path));
    }
}

fn undecided(source: &Source, folder: &Path) -> Failure {
    Failure::refused("nothing was written: nobody said that anyone may call them").with_help(format_args!(
        "say why with `gw init --from {} --public \"…\" {}`, or declare `security` in the document",
        source.named().display(),
        folder.display()
    ))
}

fn write(directory: &Path, files: BTreeMap<String, String>, out: &mut Out) -> Result<(), Failure> {
    let placed: Vec<(PathBuf, Vec<u8>)> =
        files.into_iter().map(|(path, text)| (placed_in(directory, &path), text.into_bytes())).collect();
    create_all(&placed)?;
    for (path, _) in &placed {
        out.result(format_args!("wrote {}", path.display()));
    }
    Ok(())
}

/// A path in the project's folder, as short as a person would write it.
fn placed_in(directory: &Path, path: &str) -> PathBuf {
    if directory == Path::new(".") { PathBuf::from(path) } else { directory.join(path) }
}

fn next(args: &InitArgs, facts: &texts::Facts, out: &mut Out) {
    let directory = args.folder.display();
    out.note(format_args!(
        "\nnext:\n  gw validate {directory}\n  gw test {directory}\n  gw serve {directory} --dev"
    ));
    out.note(format_args!(
        "then put the address of your service into {}",
        placed_in(&args.folder, texts::BINDINGS).display()
    ));
    if facts.needs_verification {
        out.note("operations with declared security are denied until `auth` in gw.yaml says that the service verifies");
    }
}
