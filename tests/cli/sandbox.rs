//! A folder of one test, and `gw` at work in it under limits of time and memory.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;

/// Seconds of CPU that a run may take; a debug build needs some.
const CPU_SECONDS: u32 = 20;
/// KiB of address space that a run may take.
const MEMORY_KIB: u32 = 2 * 1024 * 1024;

/// How long a run may take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(2);

/// A folder that goes away with its test.
#[derive(Debug)]
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    command: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::Builder::new().prefix("gw-cli-").tempdir().expect("a temporary folder") }
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("it is below the folder")).expect("folders can be made");
        fs::write(path, content).expect("files can be written");
        self
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Every file below, relative and sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut open = vec![self.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).expect("folders can be read") {
                let path = entry.expect("entries can be read").path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let below: PathBuf = path.strip_prefix(self.path()).expect("it is below").to_owned();
                    names.push(below.display().to_string());
                }
            }
        }
        names.sort();
        names
    }

    /// `gw` in this folder, ready to run: no colours, limited in time and memory.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("ulimit -t {CPU_SECONDS}; ulimit -v {MEMORY_KIB}; exec \"$0\" \"$@\""))
            .arg(env!("CARGO_BIN_EXE_gw"))
            .args(args)
            .current_dir(self.path())
            .env_remove("NO_COLOR")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs `gw` to its end.
    pub(crate) fn gw(&self, args: &[&str]) -> Run {
        self.gw_with(args, b"")
    }

    /// Runs `gw` to its end, with this on stdin.
    pub(crate) fn gw_with(&self, args: &[&str], stdin: &[u8]) -> Run {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().expect("gw starts");
        let mut input = child.stdin.take().expect("stdin is piped");
        let stdin = stdin.to_vec();
        // gw may end without reading everything.
        let feeding = std::thread::spawn(move || drop(input.write_all(&stdin)));
        let watch = Watchdog::over(&child);
        let output = child.wait_with_output().expect("gw ends");
        drop(watch);
        feeding.join().expect("feeding does not panic");
        let text = |bytes: Vec<u8>| self.filtered(&String::from_utf8_lossy(&bytes));
        Run {
            command: args.join(" "),
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Starts `gw serve …` and waits until it says where it listens.
    pub(crate) fn serve(&self, args: &[&str]) -> Serving {
        let mut child = self.command(args).spawn().expect("gw starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let mut said = String::new();
        while !said.contains("listening on http://") {
            let read = stderr.read_line(&mut said).expect("stderr is text");
            assert!(read > 0, "gw ended before it listened:\n{said}");
        }
        let address =
            said.split("listening on http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        let address = address.expect("an address follows").to_owned();
        Serving { child, stderr, address, said }
    }

    /// Starts `gw` and waits until it says this on stdout.
    pub(crate) fn start(&self, args: &[&str], words: &str) -> (Child, String) {
        let mut child = self.command(args).spawn().expect("gw starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut said = String::new();
        while !said.contains(words) {
            let read = stdout.read_line(&mut said).expect("stdout is text");
            assert!(read > 0, "gw ended before it said `{words}`:\n{said}");
        }
        (child, said)
    }

    /// The text without what differs from run to run.
    fn filtered(&self, text: &str) -> String {
        let real = self.path().canonicalize().expect("the folder is there");
        text.replace(&real.display().to_string(), "[DIR]")
            .replace(&self.path().display().to_string(), "[DIR]")
    }
}

/// Kills a child that does not end, so that its test fails instead of waiting.
struct Watchdog {
    /// Dropped when the child has ended.
    _ended: mpsc::Sender<()>,
}

impl Watchdog {
    fn over(child: &Child) -> Self {
        let (ended, watching) = mpsc::channel();
        let id = child.id().to_string();
        std::thread::spawn(move || {
            if watching.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
                drop(Command::new("kill").args(["-KILL", &id]).status());
            }
        });
        Self { _ended: ended }
    }
}

impl Run {
    /// Everything in one text, for a snapshot.
    pub(crate) fn transcript(&self) -> String {
        let code = self.code.map_or_else(|| "killed".to_owned(), |code| code.to_string());
        format!(
            "$ gw {}\nexit: {code}\n--- stdout\n{}--- stderr\n{}",
            self.command,
            ended(&self.stdout),
            ended(&self.stderr)
        )
    }

    /// Stdout as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.transcript()))
    }

    /// Insists on an exit code.
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.transcript());
        self
    }
}

fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n[no line end]\n") }
}

/// A running `gw serve`. It is killed when its test ends early.
#[derive(Debug)]
pub(crate) struct Serving {
    child: Child,
    stderr: BufReader<ChildStderr>,
    pub(crate) address: String,
    /// What it said on stderr so far.
    pub(crate) said: String,
}

impl Serving {
    /// Reads stderr until it says this.
    pub(crate) fn wait_for(&mut self, words: &str) {
        while !self.said.contains(words) {
            let read = self.stderr.read_line(&mut self.said).expect("stderr is text");
            assert!(read > 0, "gw ended before it said `{words}`:\n{}", self.said);
        }
    }

    /// Sends SIGTERM and gives the exit code and everything on stdout.
    pub(crate) fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        assert!(killed.success());
        let mut stdout = String::new();
        if let Some(mut pipe) = self.child.stdout.take() {
            std::io::Read::read_to_string(&mut pipe, &mut stdout).expect("stdout is text");
        }
        (self.child.wait().expect("gw ends").code(), stdout)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
