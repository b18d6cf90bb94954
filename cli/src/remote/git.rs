//! Files of repositories, read by the `git` of this machine: it knows how to prove who asks.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use gw_compiler::MAX_FILE_BYTES;
use tempfile::TempDir;

use super::{Fetched, unreachable};
use crate::failure::Failure;

/// Repositories that were asked, by URL and ref.
#[derive(Debug, Default)]
pub(super) struct Repositories(BTreeMap<(String, String), Copy>);

/// One commit of a repository, without its history.
#[derive(Debug)]
struct Copy {
    folder: TempDir,
    commit: String,
}

impl Repositories {
    /// A file at a branch, a tag or a commit; at the default branch where none is named.
    pub(super) fn file(
        &mut self,
        url: &str,
        reference: Option<&str>,
        path: &str,
    ) -> Result<Fetched, Failure> {
        let name = (url.to_owned(), reference.unwrap_or("HEAD").to_owned());
        if !self.0.contains_key(&name) {
            let copy = Copy::fetch(url, &name.1)?;
            self.0.insert(name.clone(), copy);
        }
        self.0[&name].file(url, path)
    }
}

impl Copy {
    fn fetch(url: &str, reference: &str) -> Result<Self, Failure> {
        let folder = tempfile::tempdir().map_err(|fault| unreachable(url, fault))?;
        let copy = Self { folder, commit: String::new() };
        copy.git(url, &["init", "--quiet", "--bare"])?;
        copy.git(url, &["fetch", "--quiet", "--depth=1", "--no-tags", "--", url, reference])?;
        let commit = copy.git(url, &["rev-parse", "--verify", "FETCH_HEAD^{commit}"])?;
        Ok(Self { commit: String::from_utf8_lossy(&commit).trim().to_owned(), ..copy })
    }

    fn file(&self, url: &str, path: &str) -> Result<Fetched, Failure> {
        let name = format!("{}:{path}", self.commit);
        let size = self.git(url, &["cat-file", "-s", &name])?;
        let size = String::from_utf8_lossy(&size).trim().parse::<u64>().ok();
        if size.is_none_or(|size| size > MAX_FILE_BYTES) {
            return Err(unreachable(url, format!("`{path}` is larger than {} MiB", MAX_FILE_BYTES >> 20)));
        }
        let bytes = self.git(url, &["cat-file", "blob", &name])?;
        Ok(Fetched { bytes, commit: Some(self.commit.clone()) })
    }

    /// Runs git in the copy. It never asks a person, starts no helper that a URL names, and gives up on silence.
    fn git(&self, url: &str, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        let settings = ["protocol.ext.allow=never", "http.lowSpeedLimit=1", "http.lowSpeedTime=60"];
        let output = Command::new("git")
            .args(settings.iter().flat_map(|setting| ["-c", setting]))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("GIT_TERMINAL_PROMPT", "0")
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .stdin(Stdio::null())
            .output()
            .map_err(|fault| unreachable(url, format!("cannot run `git`: {fault}")))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let told = String::from_utf8_lossy(&output.stderr);
        let why = told.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("git gives no reason");
        Err(unreachable(url, why.trim_start_matches("fatal: ")))
    }
}
