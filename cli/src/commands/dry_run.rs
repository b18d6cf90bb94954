//! `gw dry-run`: one request through every step, nothing sent.

mod curl;
mod show;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use gw_artifact::Artifact;
use gw_artifact::model::SourceMap;
use gw_compiler::{Options, Outcome};
use gw_decision::KeySet;
use gw_replay::{CertificateSaid, Request, ServerName, SimOptions, dry_run_with};

use crate::args::Format;
use crate::artifact_file::{is_artifact, open};
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;
use crate::project::{Built, build, told};
use crate::report::shown_path;
use crate::workspace::{locate, read_bounded};

/// Send one request through every step of a gateway, without sending it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw dry-run . GET /orders/7
  gw dry-run api.gwa GET http://shop.example/orders/7 -H 'authorization: Bearer abc'
  gw dry-run openapi.yaml POST /pets -d '{\"name\": \"Rex\"}' -H 'content-type: application/json'
  gw dry-run . GET /orders/7 --from 192.0.2.7
  gw dry-run . GET /orders/7 -H 'x-api-key: gwk_…' --keys partners=partners.keys
  gw dry-run . --curl \"curl -X DELETE http://localhost:8080/orders/7\"

A path alone is asked under a host that the artifact publishes. The exit code is 0 when the request would be
forwarded or answered, and 1 when it is denied.")]
pub(crate) struct DryRunArgs {
    /// A project folder, a gw.yaml, an OpenAPI document or an artifact.
    target: PathBuf,
    /// The method.
    #[arg(required_unless_present = "curl", conflicts_with = "curl")]
    method: Option<String>,
    /// A URL, or a path with its query.
    #[arg(required_unless_present = "curl")]
    url: Option<String>,
    /// A header line: `name: value`; may be repeated.
    #[arg(short = 'H', long = "header", value_name = "LINE")]
    headers: Vec<String>,
    /// The body; `@FILE` reads it from a file, `@-` from stdin.
    #[arg(short = 'd', long = "data", value_name = "BODY")]
    data: Option<String>,
    /// The request as a pasted curl command.
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["headers", "data"])]
    curl: Option<String>,
    /// The address that it comes from; 127.0.0.1 unless said. Headers of trusted proxies may tell of another client. At a
    /// listener with `proxy-protocol` it is the address that the proxy's header names. `unix`: it comes over a Unix socket,
    /// and from no address.
    #[arg(long, value_name = "ADDRESS")]
    from: Option<From>,
    /// The listener that it comes to; the first one unless said.
    #[arg(long, value_name = "NAME")]
    listener: Option<String>,
    /// The name that the TLS handshake asks for; the host unless said.
    #[arg(long, value_name = "NAME")]
    sni: Option<String>,
    /// The subject of a client certificate that the listener has verified, such as `CN=alice`.
    #[arg(long, value_name = "SUBJECT")]
    client_cert: Option<String>,
    /// The file of a set of API keys (`gw key`), where callers are verified by one; may be repeated.
    #[arg(long, value_name = "SET=FILE", value_parser = key_file)]
    keys: Vec<(String, PathBuf)>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
enum From {
    Address(IpAddr),
    Unix,
}

impl From {
    fn client(self) -> Option<SocketAddr> {
        match self {
            Self::Address(address) => Some(SocketAddr::new(address, ANY_PORT)),
            Self::Unix => None,
        }
    }
}

impl FromStr for From {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "unix" => Ok(Self::Unix),
            _ => text.parse().map(Self::Address).map_err(|_| "it is no address, and not `unix`".to_owned()),
        }
    }
}

/// Nothing depends on a caller's port.
const ANY_PORT: u16 = 40_000;

/// Runs the request and shows its way.
pub(crate) fn run(args: &DryRunArgs, out: &mut Out) -> Ending {
    let mut request = request(args)?;
    if let Some(from) = args.from {
        request.client = from.client();
    }
    let (artifact, sources) = artifact(&args.target, out)?;
    connect(args, &artifact, &mut request)?;
    let options = SimOptions { keys: keys(args, &artifact)?, ..SimOptions::default() };
    let run = dry_run_with(&artifact, &sources, &request, &options);
    let exit = if run.steps.iter().any(|step| step.reason.is_some()) { Exit::Refused } else { Exit::Clean };
    match args.format {
        Format::Human => out.result(show::human(&artifact, &request, &run).trim_end()),
        Format::Json => out.result(show::json(&artifact, &request, &run, exit)),
    }
    Ok(exit)
}

/// Says which connection the request comes on. A URL that begins with `http:` means plain text, also where the listener
/// speaks TLS.
fn connect(args: &DryRunArgs, artifact: &Artifact, request: &mut Request) -> Result<(), Failure> {
    let connection = &mut request.connection;
    connection.listener.clone_from(&args.listener);
    connection.is_plain = args.url.as_deref().is_some_and(|url| url.starts_with("http://"));
    if let Some(name) = &args.sni {
        connection.server_name = ServerName::Given(name.clone());
    }
    connection.certificate =
        args.client_cert.clone().map(|subject| CertificateSaid { subject, names: Vec::new() });
    if connection.listener(artifact).is_none() {
        let names: Vec<&str> = artifact.listeners().iter().map(|listener| listener.name.as_str()).collect();
        let message = format!("there is no listener `{}`", args.listener.as_deref().unwrap_or_default());
        return Err(Failure::usage(message).with_help(format!("there is: {}", names.join(", "))));
    }
    Ok(())
}

/// The sets of keys that are given; the artifact must name them.
fn keys(args: &DryRunArgs, artifact: &Artifact) -> Result<Vec<(String, KeySet)>, Failure> {
    let known = &artifact.tables().key_sets;
    let set = |(name, path): &(String, PathBuf)| {
        if !known.contains(name) {
            let has = if known.is_empty() { "it names none".into() } else { known.join(", ") };
            return Err(Failure::usage(format!("the artifact has no set of keys `{name}`"))
                .with_help(format!("sets that it has: {has}")));
        }
        Ok((name.clone(), gw_runtime::keys::set(super::key::load(path)?.1)))
    };
    args.keys.iter().map(set).collect()
}

/// `SET=FILE`.
fn key_file(text: &str) -> Result<(String, PathBuf), String> {
    let (name, path) = text.split_once('=').ok_or("one looks like `partners=partners.keys`")?;
    Ok((name.to_owned(), PathBuf::from(path)))
}

/// The artifact, read or compiled, and where its policy comes from.
fn artifact(target: &Path, out: &mut Out) -> Result<(Artifact, SourceMap), Failure> {
    if is_artifact(target) {
        let file = open(target)?;
        return Ok((file.loaded.artifact, file.sources));
    }
    let target = locate(target)?;
    let (batch, built) = build(&target, &Options::default());
    let Built { outcome: Outcome::Sealed(mut sealed), .. } = built else {
        return Err(told(batch, &built, "there is nothing to run the request through", out));
    };
    for file in &mut sealed.source_map.files {
        *file = shown_path(&target.shown, file);
    }
    Ok((sealed.artifact, sealed.source_map))
}

fn request(args: &DryRunArgs) -> Result<Request, Failure> {
    if let Some(command) = &args.curl {
        return curl::read(command).map_err(|why| Failure::usage(format!("the curl command: {why}")));
    }
    let method = args.method.as_deref().unwrap_or("GET");
    let mut request = Request::new(method, args.url.as_deref().unwrap_or("/"));
    for line in &args.headers {
        let (name, value) = header(line).ok_or_else(|| {
            Failure::usage(format!("`{line}` is no header line"))
                .with_help("one looks like `-H 'accept: text/plain'`")
        })?;
        request = request.line(name, value);
    }
    match &args.data {
        Some(data) => Ok(request.body(body(data)?)),
        None => Ok(request),
    }
}

/// `name: value`, the name a token (RFC 9110 section 5.1).
fn header(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_token)).then_some((name, value.trim()))
}

fn body(data: &str) -> Result<Vec<u8>, Failure> {
    match data.strip_prefix('@') {
        None => Ok(data.as_bytes().to_vec()),
        Some("-") => read_bounded(std::io::stdin().lock(), "the standard input"),
        Some(path) => {
            let file = std::fs::File::open(path).map_err(|error| Failure::read(Path::new(path), &error))?;
            read_bounded(file, &format!("`{path}`"))
        }
    }
}
