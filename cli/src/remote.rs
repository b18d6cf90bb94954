//! Documents on other machines: fetched for `gw lock`, and never while compiling.

mod git;
mod http;

use gw_compiler::load::RemoteUrl;

use crate::failure::Failure;

/// What a URL gave.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The document.
    pub(crate) bytes: Vec<u8>,
    /// The commit that was read, for a file of a repository.
    pub(crate) commit: Option<String>,
}

/// Fetches documents; repositories that several documents come from are asked once.
#[derive(Debug, Default)]
pub(crate) struct Fetcher {
    repositories: git::Repositories,
}

impl Fetcher {
    /// Fetches one document.
    ///
    /// # Errors
    /// When nobody answers, or not with a document of at most 64 MiB (exit 69).
    pub(crate) fn fetch(&mut self, url: &str) -> Result<Fetched, Failure> {
        let parsed = RemoteUrl::parse(url)
            .ok_or_else(|| Failure::usage(format!("`{url}` is no URL that gw fetches")))?;
        match parsed.repository() {
            Some((repository, path)) => self.repositories.file(&repository, parsed.reference(), path),
            None => http::get(url).map(|bytes| Fetched { bytes, commit: None }),
        }
    }
}

/// The failure of one fetch.
fn unreachable(url: &str, why: impl std::fmt::Display) -> Failure {
    Failure::unreachable(format!("cannot fetch `{url}`: {why}"))
        .with_help("nothing was written; what is pinned stays as it is and still compiles")
}
