//! How the gateway is started: the options of `gw serve` and of the lean binary, and the reader of the latter's.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use gw_artifact::Loaded;
use gw_artifact::model::EndpointAddress;

use crate::bindings::{AdminAddress, Bindings, ListenAddress, socket_address};
use crate::fault::ServeFault;

/// What is to be served, and where.
#[derive(Debug)]
pub struct ServeOptions {
    /// What to serve.
    pub artifact: ArtifactSource,
    /// This node's half.
    pub bindings: BindingsSource,
    /// The address of the one listener, over what the bindings say.
    pub listen: Option<ListenAddress>,
    /// The admin address, over what the bindings say.
    pub admin: Option<AdminAddress>,
    /// The health address, over what the bindings say.
    pub health: Option<SocketAddr>,
    /// Endpoints over those of bindings and artifact; several of one name are several endpoints.
    pub set: Vec<Setting>,
    /// Threads of traffic; as many as the machine has cores unless said.
    pub threads: Option<NonZeroUsize>,
    /// How long whom is waited for.
    pub waits: Waits,
    /// Exchanges in hand at once, per process; one more is refused with 503 `overloaded`. The engine room's default
    /// unless said.
    pub max_exchanges: Option<u32>,
}

/// How long whom is waited for, apart from what operations declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// A TLS handshake, from the begin of the connection.
    pub handshake: Duration,
    /// A request's head, from its first byte (or from the begin of the connection).
    pub head: Duration,
    /// The next request on an idle connection.
    pub idle: Duration,
    /// The next request on an idle connection, once the gateway stops.
    pub leave_idle: Duration,
    /// Requests that run, after that.
    pub leave: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(10),
            idle: Duration::from_mins(1),
            leave_idle: Duration::from_secs(5),
            leave: Duration::from_secs(25),
        }
    }
}

/// Where the artifact comes from.
#[derive(Debug)]
pub enum ArtifactSource {
    /// A file.
    File(PathBuf),
    /// It was read, or compiled, before.
    Loaded(Box<Loaded>),
}

/// Where the bindings come from.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one for each gateway")]
pub enum BindingsSource {
    /// There are none: defaults hold.
    None,
    /// A file.
    File(PathBuf),
    /// They were read, or made, before.
    Read(Bindings),
}

/// One `--set upstreams.NAME=URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The upstream's name.
    pub upstream: String,
    /// One of its endpoints.
    pub endpoint: EndpointAddress,
}

impl ServeOptions {
    /// Serves this artifact on the defaults.
    pub fn new(artifact: ArtifactSource) -> Self {
        Self {
            artifact,
            bindings: BindingsSource::None,
            listen: None,
            admin: None,
            health: None,
            set: Vec::new(),
            threads: None,
            waits: Waits::default(),
            max_exchanges: None,
        }
    }
}

impl std::str::FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{text}` is no setting; one looks like `upstreams.orders=http://127.0.0.1:9001`");
        let (key, url) = text.split_once('=').ok_or_else(wrong)?;
        let upstream = key.strip_prefix("upstreams.").filter(|name| !name.is_empty()).ok_or_else(wrong)?;
        let endpoint = url.parse().map_err(|defect| format!("`{url}` is not an endpoint: {defect}"))?;
        Ok(Self { upstream: upstream.to_owned(), endpoint })
    }
}

/// What the lean binary was asked.
#[derive(Debug)]
pub enum Command {
    /// To serve.
    Serve(Box<ServeOptions>),
    /// To say how it is used.
    Help,
    /// To say which version it is.
    Version,
}

/// How the lean binary is used.
pub const USAGE: &str = "\
usage: gw-runtime ARTIFACT [OPTIONS]

  --bindings FILE                 this node's addresses, endpoints and sinks (TOML)
  --listen ADDR                   where traffic comes in: an address, unix:/path or systemd:NAME
                                  [127.0.0.1:8080]
  --admin ADDR                    where the gateway is asked: an address or unix:/path [127.0.0.1:9901]
  --health ADDR                   liveness, readiness and metrics, apart from admin
  --set upstreams.NAME=URL        an endpoint of one upstream; may be repeated
  --threads N                     threads of traffic [one per core]
  --help, --version
";

/// Reads the lean binary's arguments (without the program's name).
///
/// # Errors
/// [`ServeFault::Usage`]: an unknown option, a missing or unreadable value, no artifact or two.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, ServeFault> {
    let mut arguments = arguments.into_iter();
    let mut artifact = None;
    let mut options = ServeOptions::new(ArtifactSource::File(PathBuf::new()));
    while let Some(argument) = arguments.next() {
        let (flag, inline) = match argument.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
            _ => (argument.clone(), None),
        };
        let mut value = || inline.clone().or_else(|| arguments.next()).ok_or_else(|| missing(&flag));
        match flag.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--version" | "-V" => return Ok(Command::Version),
            "--bindings" => options.bindings = BindingsSource::File(PathBuf::from(value()?)),
            "--listen" => options.listen = Some(read(&flag, &value()?, str::parse)?),
            "--admin" => options.admin = Some(read(&flag, &value()?, str::parse)?),
            "--health" => options.health = Some(read(&flag, &value()?, socket_address)?),
            "--set" => options.set.push(read(&flag, &value()?, str::parse)?),
            "--threads" => options.threads = Some(read(&flag, &value()?, threads)?),
            flag if flag.starts_with('-') && flag.len() > 1 => return Err(unknown(flag)),
            _ if artifact.is_some() => {
                return Err(usage(format!("`{argument}` is a second artifact; one is served")));
            }
            _ => artifact = Some(PathBuf::from(argument)),
        }
    }
    let artifact = artifact.ok_or_else(|| usage("an artifact to serve is missing".to_owned()))?;
    options.artifact = ArtifactSource::File(artifact);
    Ok(Command::Serve(Box::new(options)))
}

const FLAGS: [&str; 8] =
    ["--bindings", "--listen", "--admin", "--health", "--set", "--threads", "--help", "--version"];

fn read<T>(flag: &str, text: &str, reader: impl Fn(&str) -> Result<T, String>) -> Result<T, ServeFault> {
    reader(text).map_err(|message| usage(format!("{flag}: {message}")))
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .ok()
        .filter(|threads: &NonZeroUsize| threads.get() <= 1024)
        .ok_or_else(|| format!("`{text}` is no number of threads; it is from 1 to 1024"))
}

fn unknown(flag: &str) -> ServeFault {
    match crate::bindings::nearest(flag, &FLAGS) {
        Some(near) => usage(format!("`{flag}` is no option; did you mean `{near}`?")),
        None => usage(format!("`{flag}` is no option")),
    }
}

fn missing(flag: &str) -> ServeFault {
    usage(format!("{flag} needs a value"))
}

fn usage(message: String) -> ServeFault {
    ServeFault::Usage(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(arguments: &[&str]) -> String {
        parse(arguments.iter().map(|text| (*text).to_owned())).unwrap_err().to_string()
    }

    #[test]
    fn every_option_is_read_in_both_spellings() {
        let line = "api.gwa --bindings b.toml --listen=127.0.0.1:0 --admin unix:/run/gw.sock --health [::1]:9 \
                    --set upstreams.a=http://127.0.0.1:1 --set=upstreams.a=http://127.0.0.1:2 --threads 2";
        let Command::Serve(options) = parse(line.split_whitespace().map(str::to_owned)).unwrap() else {
            panic!()
        };
        assert!(matches!(options.artifact, ArtifactSource::File(ref path) if path.as_os_str() == "api.gwa"));
        assert!(matches!(options.bindings, BindingsSource::File(ref path) if path.as_os_str() == "b.toml"));
        assert_eq!(options.listen.unwrap().tcp().unwrap().port(), 0);
        assert_eq!(options.admin.unwrap(), AdminAddress::Unix("/run/gw.sock".into()));
        assert_eq!(options.health.unwrap().port(), 9);
        assert_eq!(options.set.len(), 2);
        assert_eq!(options.threads.unwrap().get(), 2);
    }

    #[test]
    fn what_is_not_understood_is_a_usage_fault() {
        assert_eq!(fault(&[]), "an artifact to serve is missing");
        assert_eq!(fault(&["a", "b"]), "`b` is a second artifact; one is served");
        assert_eq!(fault(&["a", "--lisen", "x"]), "`--lisen` is no option; did you mean `--listen`?");
        assert_eq!(fault(&["a", "--threads"]), "--threads needs a value");
        assert!(fault(&["a", "--threads", "0"]).contains("from 1 to 1024"));
        assert!(fault(&["a", "--listen", "localhost"]).contains("is not an address"));
        assert!(fault(&["a", "--set", "orders=http://b"]).contains("is no setting"));
        assert!(fault(&["a", "--set", "upstreams.a=ftp://b"]).contains("not an endpoint"));
        assert_eq!(ServeFault::Usage(String::new()).exit_code(), 64);
    }
}
