//! Files and references: what is read, what is refused, and where that is said.

use std::cell::RefCell;
use std::fmt::Write as _;

use gw_compiler::{Entry, FileFault, Files, MAX_FILE_BYTES, Options, Outcome, compile};

use crate::support::{codes, compiled, errors, shown};

/// A document whose one operation has these parameters.
fn with_parameters(parameters: &str, rest: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\nx-gw-auth: {{public: true, reason: a catalogue}}\n\
         paths:\n  /pets:\n    get:\n      x-gw-validate: none\n      parameters: {parameters}\n      responses: {{}}\n{rest}"
    )
}

#[test]
fn a_reference_that_leads_nowhere_names_the_nearest() {
    insta::assert_snapshot!(shown(&with_parameters(
        "[{$ref: '#/components/parameters/limt'}, {$ref: '#/nowhere/at/all'}, {$ref: '#anchor'}]",
        "components: {parameters: {limit: {name: limit, in: query, schema: {}}}}\n",
    )));
}

#[test]
fn references_in_a_circle_are_refused_and_schemas_in_a_circle_are_not() {
    insta::assert_snapshot!(shown(&with_parameters(
        "[{$ref: '#/components/parameters/a'}]",
        "components:\n  parameters:\n    a: {$ref: '#/components/parameters/b'}\n    b: {$ref: '#/components/parameters/c'}\n    \
         c: {$ref: '#/components/parameters/b'}\n  schemas:\n    self: {$ref: '#/components/schemas/self'}\n    \
         node: {properties: {next: {$ref: '#/components/schemas/node'}}}\n",
    )));
}

#[test]
fn a_reference_that_goes_on_for_too_long_is_refused() {
    let mut rest = "components:\n  parameters:\n    p40: {name: x, in: query}\n".to_owned();
    for step in 0..40 {
        let _ = writeln!(rest, "    p{step}: {{$ref: '#/components/parameters/p{}'}}", step + 1);
    }
    let compilation = compiled(&with_parameters("[{$ref: '#/components/parameters/p0'}]", &rest));
    assert_eq!(codes(&compilation), ["GW0202"]);
    assert!(compilation.findings[0].message.ends_with("goes on for more than 32 steps"));
}

#[test]
fn files_that_are_not_there_or_not_ours_are_refused_where_they_are_named() {
    insta::assert_snapshot!(shown(&with_parameters(
        "[{$ref: 'missing.yaml#/a'}, {$ref: 'missing.yaml#/b'}, {$ref: '../up.yaml'}, {$ref: 'https://example.com/a.yaml'}, \
         {$ref: '/etc/passwd'}, {$ref: 'a%zz.yaml'}]",
        "",
    )));
}

#[test]
fn a_missing_document_of_a_project_is_located() {
    let project = "# file: gw.yaml\ngw: 1\nname: shop\napis: [{name: a, spec: specs/a.yaml}]\n";
    insta::assert_snapshot!(shown(project));
}

#[test]
fn findings_in_other_files_are_located_there() {
    let entry = with_parameters("[{$ref: parts/limit.yaml}]", "");
    let limit = "# file: parts/limit.yaml\nname: limit\nin: query\nx-gw-timeout: 2s\nschema: {$ref: ../schemas.yaml#/Limt}\n";
    let schemas = "# file: schemas.yaml\nLimit: {type: integer}\n";
    insta::assert_snapshot!(shown(&format!("# file: openapi.yaml\n{entry}{limit}{schemas}")));
}

/// Every path is a file that refers to the next one; what was read is remembered.
struct Endless {
    first: String,
    read: RefCell<Vec<String>>,
}

impl Files for Endless {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        self.read.borrow_mut().push(path.to_owned());
        match path.strip_prefix('p').and_then(|number| number.parse::<u32>().ok()) {
            Some(number) => Ok(format!("items: {{$ref: p{}}}\n", number + 1).into_bytes()),
            None => Ok(self.first.clone().into_bytes()),
        }
    }
}

#[test]
fn an_endless_chain_of_files_ends() {
    let first = with_parameters("[{name: a, in: query, schema: {anyOf: [{$ref: p0}, {$ref: p0}]}}]", "");
    let files = Endless { first, read: RefCell::default() };
    let compilation = compile(&Entry::Document { path: "openapi.yaml".into() }, &files, &Options::default());
    assert_eq!(errors(&compilation), ["GW0006"]);
    let mut read = files.read.into_inner();
    let count = read.len();
    read.sort_unstable();
    read.dedup();
    assert_eq!((count, read.len()), (4096, 4096), "each file is read once");
}

/// One document that cannot be read for this reason.
struct Unreadable(FileFault);

impl Files for Unreadable {
    fn read(&self, _: &str) -> Result<Vec<u8>, FileFault> {
        Err(self.0.clone())
    }
}

#[test]
fn an_entry_that_cannot_be_read_is_one_finding() {
    let faults = [
        (FileFault::Missing, "GW0001"),
        (FileFault::Unreadable("permission denied".into()), "GW0002"),
        (FileFault::TooLarge, "GW0003"),
        (FileFault::Outside, "GW0004"),
    ];
    for (fault, code) in faults {
        for entry in [Entry::Document { path: "a.yaml".into() }, Entry::Project { path: "gw.yaml".into() }] {
            let compilation = compile(&entry, &Unreadable(fault.clone()), &Options::default());
            assert_eq!(codes(&compilation), [code]);
            assert!(matches!(compilation.outcome, Outcome::Refused { understood: false }));
        }
    }
}

#[test]
fn a_file_that_is_too_large_comes_with_what_to_do() {
    let entry = Entry::Document { path: "a.yaml".into() };
    let compilation = compile(&entry, &Unreadable(FileFault::TooLarge), &Options::default());
    let help = "split it into several files; a document that keeps its `$ref`s says each definition once";
    assert_eq!(compilation.findings[0].help.as_deref(), Some(help));
}

#[test]
fn a_file_that_is_too_large_is_refused_even_when_it_is_handed_over() {
    struct Large;
    impl Files for Large {
        fn read(&self, _: &str) -> Result<Vec<u8>, FileFault> {
            Ok(vec![b' '; MAX_FILE_BYTES as usize + 1])
        }
    }
    let compilation = compile(&Entry::Document { path: "a.yaml".into() }, &Large, &Options::default());
    assert_eq!(codes(&compilation), ["GW0003"]);
}
