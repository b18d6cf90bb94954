//! Services to stand behind the gateway in the examples.
//!
//! `demo-backend orders=127.0.0.1:9001 catalog=127.0.0.1:9002` starts two services. Each answers every request
//! with a JSON document that says who it is and what it was asked, so that one sees what the gateway sent.
#![forbid(unsafe_code)]

mod echo;
mod request;

use std::{
    io::{self, Write},
    net::TcpListener,
    process::ExitCode,
    sync::Arc,
    thread,
};

fn main() -> ExitCode {
    let services: Option<Vec<_>> = std::env::args().skip(1).map(|argument| read(&argument)).collect();
    let Some(services) = services.filter(|services| !services.is_empty()) else {
        say("usage: demo-backend NAME=ADDRESS..., for example orders=127.0.0.1:9001");
        return ExitCode::from(64);
    };
    match run(services) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("cannot listen: {error}"));
            ExitCode::from(74)
        }
    }
}

/// Reads `NAME=ADDRESS`.
fn read(argument: &str) -> Option<(String, String)> {
    let (name, address) = argument.split_once('=')?;
    Some((name.to_owned(), address.to_owned()))
}

/// Serves until the process ends. All listeners stand before the first one answers.
fn run(services: Vec<(String, String)>) -> io::Result<()> {
    let mut doors = Vec::new();
    for (name, address) in services {
        let listener = TcpListener::bind(&address)?;
        say(&format!("{name} listens on {}", listener.local_addr()?));
        doors.push(thread::spawn(move || accept(&listener, &Arc::from(name))));
    }
    for door in doors {
        door.join().unwrap_or(());
    }
    Ok(())
}

fn accept(listener: &TcpListener, name: &Arc<str>) {
    // A connection that broke before it was accepted is no reason to stop.
    for stream in listener.incoming().flatten() {
        let name = Arc::clone(name);
        // A caller that breaks off hurts nobody else.
        thread::spawn(move || echo::answer(&stream, &name).unwrap_or(()));
    }
}

/// A line for the person at the terminal; nobody there is no reason to stop.
fn say(line: &str) {
    writeln!(io::stderr(), "{line}").unwrap_or(());
}
