//! The examples compile, and hold what their documents say.
#![forbid(unsafe_code)]

use gw_compiler::{Compilation, Entry, Options, Outcome, compile};
use gw_syntax::Severity;
use gw_tests::{Folder, repository};

fn compiled(example: &str, entry: &Entry) -> Compilation {
    compile(entry, &Folder::at(repository().join("examples").join(example)), &Options::default())
}

fn complaints(compilation: &Compilation) -> Vec<String> {
    let told = |finding: &gw_syntax::Diagnostic| {
        let place = finding.span.map_or_else(String::new, |span| {
            let at = compilation.sources.position(span.source, span.start);
            format!("{}:{}:{}: ", compilation.sources.path(span.source), at.line, at.column)
        });
        format!("{place}{} {}", finding.code, finding.message)
    };
    compilation.findings.iter().filter(|finding| finding.severity == Severity::Error).map(told).collect()
}

#[test]
fn the_shop_compiles() {
    let compilation = compiled("shop", &Entry::Project { path: "gw.yaml".into() });
    assert_eq!(complaints(&compilation), Vec::<String>::new());
    let Outcome::Sealed(sealed) = &compilation.outcome else { unreachable!("there is no complaint") };
    let owners: Vec<_> = sealed.artifact.tables().apis.iter().map(|api| api.owner.as_str()).collect();
    assert_eq!(owners, ["team-catalog", "team-orders", "team-users"]);
}

#[test]
fn the_petstore_compiles_alone() {
    let compilation = compiled("petstore", &Entry::Document { path: "openapi.yaml".into() });
    assert_eq!(complaints(&compilation), Vec::<String>::new());
}
