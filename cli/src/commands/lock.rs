//! `gw lock`: fetches what a project names on other machines, and pins its bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use gw_artifact::Digest;
use gw_compiler::load::{LOCK_FILE, MAX_PINS, Pin, RemoteUrl, remotes};
use gw_compiler::{Entry, Files as _};
use serde_json::{Value, json};

use crate::args::Format;
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;
use crate::project::counted;
use crate::remote::Fetcher;
use crate::table::Table;
use crate::workspace::{Overlay, Target, locate, write_atomically};

/// Fetch the remote documents that a project names into `gw.vendor`, and pin them in `gw.lock`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw lock                              pin what is not pinned yet, take out what nothing names any more
  gw lock --update                     fetch everything again
  gw lock --update --only https://specs.example.com/orders/

gw.yaml says which places may be named: `remote: [https://specs.example.com/]`. Commit gw.lock and gw.vendor: compiling
reads these and never the network.")]
pub(crate) struct LockArgs {
    /// A project folder or its gw.yaml.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Fetch also what is pinned already.
    #[arg(long)]
    update: bool,
    /// With --update: only URLs that begin so; can be repeated.
    #[arg(long, value_name = "URL", requires = "update")]
    only: Vec<String>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Everything is fetched before anything is written.
pub(crate) fn run(args: &LockArgs, out: &mut Out) -> Ending {
    let target = locate(&args.path)?;
    if !matches!(target.entry, Entry::Project { .. }) {
        return Err(
            Failure::usage("only a project can name remote documents").with_help("write one: `gw init`")
        );
    }
    let mut locking = Locking::begin(&target);
    locking.keep(|pin| !args.update || !is_meant(&args.only, &pin.url));
    while let Some(url) = locking.next(&target.entry)? {
        out.progress(format_args!("fetching {url}"));
        locking.fetch(&url)?;
    }
    locking.write()?;
    let rows = locking.rows();
    match args.format {
        Format::Human => tell(&rows, out),
        Format::Json => {
            let pins: Vec<Value> = rows.iter().map(Row::to_json).collect();
            out.result(json!({"format_version": 1, "command": "lock", "pins": pins}));
        }
    }
    Ok(Exit::Clean)
}

fn is_meant(only: &[String], url: &str) -> bool {
    only.is_empty() || only.iter().any(|begin| url.starts_with(begin))
}

/// What is pinned so far.
struct Locking {
    root: PathBuf,
    fetcher: Fetcher,
    /// By URL: what the lock said before.
    old: BTreeMap<String, Pin>,
    /// By URL: what the lock will say.
    pins: BTreeMap<String, Pin>,
    /// By file: what was fetched.
    drafts: BTreeMap<String, Vec<u8>>,
}

impl Locking {
    fn begin(target: &Target) -> Self {
        let before = remotes(&target.entry, &target.files);
        let old = before.used.into_iter().chain(before.unused).map(|pin| (pin.url.clone(), pin)).collect();
        let root = target.files.root().to_owned();
        Self { root, fetcher: Fetcher::default(), old, pins: BTreeMap::new(), drafts: BTreeMap::new() }
    }

    fn keep(&mut self, keeps: impl Fn(&Pin) -> bool) {
        let kept = self.old.iter().filter(|(_, pin)| keeps(pin));
        self.pins = kept.map(|(url, pin)| (url.clone(), pin.clone())).collect();
    }

    /// The next URL to fetch; what nothing names is forgotten on the way.
    fn next(&mut self, entry: &Entry) -> Result<Option<String>, Failure> {
        if self.pins.len() > MAX_PINS {
            return Err(Failure::refused(format!("the project names more than {MAX_PINS} remote documents")));
        }
        let needed = remotes(entry, &self.files());
        let url = needed.unpinned.into_iter().next();
        let lost = || needed.used.iter().find(|pin| !self.is_there(pin)).map(|pin| pin.url.clone());
        let url = url.or_else(lost);
        if url.is_none() {
            for pin in needed.unused {
                self.pins.remove(&pin.url);
                self.drafts.remove(&pin.file);
            }
        }
        Ok(url)
    }

    fn files(&self) -> Overlay {
        let lock = (LOCK_FILE.to_owned(), self.lock_file().into_bytes());
        let drafts = self.drafts.iter().map(|(file, bytes)| (file.clone(), bytes.clone()));
        Overlay::new(&self.root, drafts.chain([lock]))
    }

    fn is_there(&self, pin: &Pin) -> bool {
        self.files().read(&pin.file).is_ok_and(|bytes| Digest::of(&bytes) == pin.digest)
    }

    fn fetch(&mut self, url: &str) -> Result<(), Failure> {
        let fetched = self.fetcher.fetch(url)?;
        let digest = Digest::of(&fetched.bytes);
        let pinned = self.pins.get(url);
        if let Some(pin) = pinned.filter(|pin| pin.digest != digest) {
            let message = format!("`{url}` gives {digest} by now, and {} is pinned", pin.digest);
            return Err(Failure::refused(message).with_help(
                "restore the file below `gw.vendor` from the commit that pinned it, or accept what is there now: \
                 `gw lock --update`",
            ));
        }
        let file = pinned.map(|pin| pin.file.clone()).or_else(|| self.free_file(url));
        let Some(file) = file else {
            return Err(Failure::usage(format!("`{url}` is no URL that gw fetches")));
        };
        self.drafts.insert(file.clone(), fetched.bytes);
        let pin = Pin { url: url.to_owned(), file, digest, commit: fetched.commit };
        self.pins.insert(url.to_owned(), pin);
        Ok(())
    }

    /// The file that keeps a document: the one that kept it before, or one that keeps no other.
    fn free_file(&self, url: &str) -> Option<String> {
        if let Some(before) = self.old.get(url) {
            return Some(before.file.clone());
        }
        let file = RemoteUrl::parse(url)?.vendored();
        let taken = |file: &str| {
            let pins = self.pins.values().chain(self.old.values());
            pins.into_iter().any(|pin| pin.file == file && pin.url != url)
        };
        let (folder, name) = file.rsplit_once('/')?;
        let others = (2..).map(|number| format!("{folder}/{number}_{name}"));
        std::iter::once(file.clone()).chain(others).find(|file| !taken(file))
    }

    fn lock_file(&self) -> String {
        let mut text =
            String::from("# Written by `gw lock`. Commit it together with gw.vendor.\nlock: 1\npins:\n");
        if self.pins.is_empty() {
            text = text.replace("pins:\n", "pins: []\n");
        }
        for pin in self.pins.values() {
            let quoted = |value: &str| Value::from(value).to_string();
            // INVARIANT: writing into a `String` cannot fail.
            let _ = write!(text, "  - url: {}\n    file: {}\n", quoted(&pin.url), quoted(&pin.file));
            let _ = writeln!(text, "    digest: {}", pin.digest);
            if let Some(commit) = &pin.commit {
                let _ = writeln!(text, "    commit: {}", quoted(commit));
            }
        }
        text
    }

    /// Documents first, then the lock; then what nothing names any more goes.
    fn write(&self) -> Result<(), Failure> {
        let root = &self.root;
        for (file, bytes) in &self.drafts {
            let path = root.join(file);
            make_folder_inside(root, &path)?;
            write_atomically(&path, bytes)?;
        }
        let lock = root.join(LOCK_FILE);
        if !self.pins.is_empty() || lock.exists() {
            write_atomically(&lock, self.lock_file().as_bytes())?;
        }
        let gone = self.old.values().filter(|pin| !self.pins.values().any(|kept| kept.file == pin.file));
        for pin in gone {
            let path = root.join(&pin.file);
            make_folder_inside(root, &path)?;
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Failure::write(&path, &error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn rows(&self) -> Vec<Row> {
        let state = |pin: &Pin| match self.old.get(&pin.url) {
            None => "pinned",
            Some(before) if before.digest != pin.digest => "updated",
            Some(_) => "kept",
        };
        let now = self.pins.values().map(|pin| Row { state: state(pin), pin: pin.clone() });
        let gone = self.old.values().filter(|pin| !self.pins.contains_key(&pin.url));
        now.chain(gone.map(|pin| Row { state: "dropped", pin: pin.clone() })).collect()
    }
}

/// Makes the folder of a file; refuses a link that leads out of the project.
fn make_folder_inside(root: &Path, path: &Path) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder).map_err(|error| Failure::write(folder, &error))?;
    let real = folder.canonicalize().map_err(|error| Failure::write(folder, &error))?;
    if real.starts_with(root) {
        return Ok(());
    }
    Err(Failure::io(format!("`{}` leads out of the project's folder", folder.display()))
        .with_help("`gw.vendor` must be a folder of the project, not a link"))
}

/// What became of one document.
struct Row {
    state: &'static str,
    pin: Pin,
}

impl Row {
    fn to_json(&self) -> Value {
        let Pin { url, file, digest, commit } = &self.pin;
        json!({"state": self.state, "url": url, "file": file, "digest": digest, "commit": commit})
    }
}

fn tell(rows: &[Row], out: &mut Out) {
    if rows.is_empty() {
        return out.result("the project names no remote document");
    }
    let mut table = Table::new(["state", "digest", "url"]);
    for Row { state, pin } in rows {
        table.push([(*state).to_owned(), pin.digest.short(), pin.url.clone()]);
    }
    out.result(table.to_string().trim_end());
    let kept = rows.iter().filter(|row| row.state != "dropped").count();
    out.note(format_args!("{} in {LOCK_FILE}; commit it together with gw.vendor", counted(kept, "document")));
}
