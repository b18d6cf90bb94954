//! The programs of this workspace as processes.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
};

use crate::wire::PATIENCE;

/// A program at work, which ends with the test.
#[derive(Debug)]
pub struct Process {
    child: Child,
    said: Receiver<String>,
}

/// A program of this workspace, as it was built beside this test.
///
/// # Panics
/// When it was not built.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.ancestors().nth(2).expect("tests stand in `deps`, below the programs");
    let binary = folder.join(name);
    assert!(binary.exists(), "{} is not there; `cargo build --workspace --bins` builds it", binary.display());
    binary
}

impl Process {
    /// Starts a program.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let stderr = child.stderr.take().expect("it was asked for");
        let (tell, said) = mpsc::channel();
        // Nobody listens any more once the test is over.
        thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
        });
        Self { child, said }
    }

    /// Waits for a line on stderr that holds this, and gives what follows it.
    ///
    /// # Panics
    /// When it does not come.
    pub fn says(&self, mark: &str) -> String {
        loop {
            let line = self.said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nobody says `{mark}`"));
            if let Some((_, rest)) = line.split_once(mark) {
                return rest.to_owned();
            }
        }
    }

    /// The number that the system knows it by.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it had resident at once, in bytes.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn peak_memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("it is at work");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the kernel counts it");
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("it is a number");
        kibibytes * 1024
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub fn stop(mut self) -> ExitStatus {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "a process can be told to end");
        self.child.wait().expect("it can be waited for")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().unwrap_or(());
        drop(self.child.wait());
    }
}
