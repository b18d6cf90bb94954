//! The public document of an API: one file, without policy, with what the gateway adds when asked.
//!
//! Everything stays as it is written, in its order: keys, numbers, references within the document. What stands in other
//! files becomes components (`bundle.rs`), as a document for strangers must not lead into files that they do not have.
//! `x-gw-*` is taken out wherever the compiler would read it as policy; a header, a property or an example of such a name
//! is the API's own, and stays.

mod additions;
mod bundle;
mod gateway;
mod section;
#[cfg(test)]
mod tests;
mod text;
mod write;

use gw_syntax::Sink;

use crate::check::{Checked, Mode, check};
use crate::compile::{Entry, Options};
use crate::load::{Files, load};
use crate::parse::parse;
use crate::resolve::resolve;
use crate::resolve::resolved::{Api, ApiIndex};
use additions::Additions;
use bundle::Bundle;

/// What is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish<'w> {
    /// The API's name; may be left out where the project has one.
    pub api: Option<&'w str>,
    /// Whether what the gateway answers by itself is in it, and where it publishes the API.
    pub gateway: Gateway,
}

/// Whether a document tells of the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gateway {
    /// It is the document of the API alone.
    #[default]
    Unsaid,
    /// It tells what the gateway answers by itself, and where it publishes the API.
    Told,
}

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The gate refuses the project; [`crate::compile()`] says why.
    #[error("the project does not compile")]
    Refused,
    /// The project has several APIs, and none was named.
    #[error("the project has several APIs")]
    Several {
        /// Their names.
        known: Vec<String>,
    },
    /// The project has no API of this name.
    #[error("the project has no such API")]
    Unknown {
        /// The names that it has.
        known: Vec<String>,
    },
    /// What is referred to belongs to a document of another version of OpenAPI.
    #[error("`{file}` is a document of OpenAPI {its}, and the API's is one of {document}")]
    Versions {
        /// The file that is referred to.
        file: String,
        /// Its version.
        its: &'static str,
        /// The version of the API's document.
        document: &'static str,
    },
    /// The document would be longer than any that is read.
    #[error("the document would be longer than {} MiB", write::MAX_BYTES >> 20)]
    TooLong,
}

/// Writes the public document of an API as JSON. Equal files give equal text.
///
/// # Errors
/// When the project does not compile, has no such API, or its files do not make one document.
pub fn openapi(entry: &Entry, files: &dyn Files, wish: &Wish<'_>) -> Result<String, Fault> {
    let mut sink = Sink::new();
    let options = Options::default();
    let set = load(entry, files, &options, &mut sink);
    let parsed = parse(entry, &set, &mut sink);
    let resolved = resolve(entry, &parsed, &set, &options, &mut sink).ok_or(Fault::Refused)?;
    let project: Checked =
        check(resolved, set.sources(), Mode::Publish, &mut sink).map_err(|_| Fault::Refused)?;
    let api = chosen(&project.resolved().apis, wish.api)?;
    let source = project.resolved().apis[api].document;
    let document = *parsed.documents.get(&source).ok_or(Fault::Refused)?;
    let bundle = Bundle::of(document, &set)?;
    let needed = Additions::needed(&project, api, &parsed, document);
    let additions = match wish.gateway {
        Gateway::Unsaid => needed,
        Gateway::Told => needed.with_gateway(&project, api, &parsed, (document, &set)),
    };
    write::write(document, &bundle, &additions).ok_or(Fault::TooLong)
}

fn chosen(apis: &[Api], name: Option<&str>) -> Result<ApiIndex, Fault> {
    let known = || apis.iter().map(|api| api.name.clone()).collect();
    match (name, apis) {
        (None, [_]) => Ok(0),
        (None, _) => Err(Fault::Several { known: known() }),
        (Some(name), _) => {
            let index = apis.iter().position(|api| api.name == name);
            index.ok_or_else(|| Fault::Unknown { known: known() })
        }
    }
}
