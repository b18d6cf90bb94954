//! Sockets that a service manager opens: a launcher of a few lines stands for systemd, keeps them, and starts the gateway
//! again when it has ended.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

use std::{fs, net::SocketAddr, path::Path, process::Command};

use gw_tests::{Process, Project, binary, wire::Caller};

/// Opens two sockets of one name and one of another, says where they are, and runs the command with them as often as it is
/// told.
const LAUNCHER: &str = r#"
import fcntl, os, socket, sys
names, times, path, command = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
unix = socket.socket(socket.AF_UNIX)
unix.bind(path)
unix.listen()
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asleep = socket.socket()
asleep.bind(("127.0.0.1", 0))
sockets += {"datagrams": [datagrams], "asleep": [asleep]}.get(names.split(":")[-1], [unix])
for s in sockets[:2]:
    print("passes %s:%d" % s.getsockname(), file=sys.stderr, flush=True)
for _ in range(times):
    child = os.fork()
    if child == 0:
        # Above where they go, so that none is overwritten.
        high = [fcntl.fcntl(s.fileno(), fcntl.F_DUPFD, 100) for s in sockets]
        for at, fd in enumerate(high):
            os.dup2(fd, 3 + at, inheritable=True)
        told = {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(high)), "LISTEN_FDNAMES": names}
        os.execve(command[0], command, {**os.environ, **told})
    print("started %d" % child, file=sys.stderr, flush=True)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print("ended with %d" % status, file=sys.stderr, flush=True)
"#;

fn launch(folder: &Path, names: &str, times: u32) -> Process {
    let artifact = folder.join("proxied.gwa");
    fs::write(&artifact, &Project::open("tests/conformance/bare").bytes).unwrap();
    let file = folder.join("bindings.toml");
    let bindings = "admin = \"127.0.0.1:0\"\nlogs = []\nlisten = { public = \"systemd:public\" }\n\
                    [upstreams]\ndefault = [\"http://127.0.0.1:9\"]\n";
    fs::write(&file, bindings).unwrap();
    let mut command = Command::new("python3");
    command.args(["-c", LAUNCHER, names, &times.to_string()]).arg(folder.join("gw.sock"));
    Process::start(command.arg(binary("gw-runtime")).arg(&artifact).arg("--bindings").arg(&file))
}

/// Asks, whoever will answer.
fn ask(caller: &mut Caller) {
    caller.send(b"GET /nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
}

/// Whether the gateway answers, whatever it says.
fn answers(mut caller: Caller) -> bool {
    ask(&mut caller);
    is_answered(caller)
}

fn is_answered(mut caller: Caller) -> bool {
    caller.answer("GET").unwrap().is_some_and(|answer| answer.status == 404)
}

/// Tells the gateway to end, once it hears: whoever answers at its admin address has begun to.
fn end(launcher: &Process, pid: &str) {
    let mut admin = Caller::connect(launcher.says("admin on ").parse().unwrap()).unwrap();
    admin.send(b"GET /livez HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n\r\n");
    assert_eq!(admin.answer("GET").unwrap().unwrap().status, 200);
    assert!(Command::new("kill").args(["-TERM", pid]).status().unwrap().success());
}

#[test]
fn all_sockets_of_a_name_are_one_listener_and_outlive_the_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let launcher = launch(folder.path(), "public:public:public", 2);
    let places: Vec<SocketAddr> = (0..2).map(|_| launcher.says("passes ").parse().unwrap()).collect();
    let pid = launcher.says("started ");
    for place in &places {
        assert_eq!(launcher.says("listening on http://"), format!("{place} (public)"));
        assert!(answers(Caller::connect(*place).unwrap()));
    }
    launcher.says("gw.sock (public, http)");
    assert!(answers(Caller::connect_unix(&folder.path().join("gw.sock")).unwrap()));
    end(&launcher, &pid);
    // Whoever comes from now on is let in at the last moment, or waits in the manager's socket, also while nobody serves.
    let mut waiting = Caller::connect(places[0]).unwrap();
    ask(&mut waiting);
    assert_eq!(launcher.says("ended with "), "0");
    let waiting_longer = Caller::connect(places[1]).unwrap();
    let pid = launcher.says("started ");
    assert!(is_answered(waiting) && answers(waiting_longer));
    assert!(folder.path().join("gw.sock").exists(), "the file is not the gateway's");
    end(&launcher, &pid);
    assert_eq!(launcher.says("ended with "), "0");
}

#[test]
fn what_is_not_passed_and_what_nobody_takes_is_told_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    for (names, told) in [
        (
            "a:b:c",
            "the socket `systemd:public` was not passed by the service manager; it has passed: a, b, c",
        ),
        ("public:public:c", "the socket `systemd:c` was passed, and callers would wait there for ever"),
        ("public:public", "`LISTEN_FDNAMES` does not name each of 3 sockets"),
        ("public:public:datagrams", "the socket `systemd:datagrams` is no socket on which streams come in"),
        ("public:public:asleep", "the socket `systemd:asleep` is no socket on which streams come in"),
    ] {
        let _ = fs::remove_file(folder.path().join("gw.sock"));
        let launcher = launch(folder.path(), names, 1);
        launcher.says(told);
        assert_eq!(launcher.says("ended with "), "78", "{names}");
    }
}

#[test]
fn a_gateway_without_a_service_manager_says_that_it_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let artifact = folder.path().join("bare.gwa");
    fs::write(&artifact, &Project::open("tests/conformance/bare").bytes).unwrap();
    let output = Command::new(binary("gw-runtime"))
        .arg(&artifact)
        .args(["--listen", "systemd:public", "--set", "upstreams.default=http://127.0.0.1:9"])
        .env("LISTEN_PID", "1")
        .env("LISTEN_FDS", "1")
        .env("LISTEN_FDNAMES", "public")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("it has passed none"), "{told}");
    assert_eq!(output.status.code(), Some(78));
}
