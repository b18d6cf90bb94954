//! `gw key`: the file of a set of API keys. Keys are shown once, when they are made, and stand in no file.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use gw_artifact::{Date, Digest};
use gw_runtime::keys::{Key, read};
use serde_json::json;

use super::lint::today;
use crate::args::Format;
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;
use crate::project::counted;
use crate::table::Table;
use crate::workspace::{read_bounded, write_atomically};

/// Make, list and revoke the API keys of a set: a file that holds digests only.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw key new partners.keys --consumer acme --scope orders:read
  gw key new partners.keys --consumer acme --expires 2027-01-31
  gw key list partners.keys
  gw key revoke partners.keys k3f9a2c41b07

An authenticator names the set, `x-gw-authenticator: {keys: partners}`, and the bindings its file:
`[keys]` with `partners = \"/etc/gw/partners.keys\"`. A gateway looks at the file every second: a key that
was revoked is refused at most two seconds after its line is gone.")]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a key and show it, once; its digest goes to the file, which is made if it is not there.
    New(NewArgs),
    /// Show the keys of a file, without their digests.
    List(ListArgs),
    /// Take a key away.
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
struct NewArgs {
    /// The file of the set.
    file: PathBuf,
    /// Who holds the key.
    #[arg(long, value_name = "NAME")]
    consumer: String,
    /// What its holder is allowed; may be repeated.
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// The last day on which it is good (UTC); without one it is good until it is revoked.
    #[arg(long, value_name = "DATE")]
    expires: Option<Date>,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Args)]
struct ListArgs {
    /// The file of the set.
    file: PathBuf,
    /// How the result is written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Args)]
struct RevokeArgs {
    /// The file of the set.
    file: PathBuf,
    /// The key's public name, as `gw key list` shows it.
    id: String,
}

/// What every key begins with, so that people and scanners know one when they see it.
const PREFIX: &str = "gwk_";
/// How many random bytes a key has.
const KEY_BYTES: usize = 32;
/// How many a public name has.
const ID_BYTES: usize = 6;

/// Does what the verb says.
pub(crate) fn run(args: &KeyArgs, out: &mut Out) -> Ending {
    match &args.verb {
        Verb::New(args) => new(args, out),
        Verb::List(args) => list(args, out),
        Verb::Revoke(args) => revoke(args, out),
    }
}

fn new(args: &NewArgs, out: &mut Out) -> Ending {
    let _lock = Lock::of(&args.file)?;
    let (text, keys) = if args.file.exists() { load(&args.file)? } else { Default::default() };
    let secret = format!("{PREFIX}{}", random::<KEY_BYTES>()?);
    let key = Key {
        id: format!("k{}", random::<ID_BYTES>()?),
        consumer: args.consumer.clone(),
        hash: Digest::of(secret.as_bytes()),
        scopes: args.scopes.clone(),
        expires: args.expires,
        created: Some(today()?),
    };
    key.check().map_err(Failure::usage)?;
    let between = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let text = format!("{text}{between}{key}\n");
    // What is written is read first: a set that is full, or a name that stands there already, changes nothing.
    parsed(&args.file, &text)?;
    write_atomically(&args.file, text.as_bytes())?;
    out.note(format_args!(
        "`{}` is made: `{}` holds {}; the key is shown this once",
        key.id,
        args.file.display(),
        counted(keys.len() + 1, "key"),
    ));
    match args.format {
        Format::Human => out.result(secret),
        Format::Json => out.result(json!({
            "format_version": 1, "command": "key new", "id": key.id, "consumer": key.consumer, "key": secret,
        })),
    }
    Ok(Exit::Clean)
}

fn list(args: &ListArgs, out: &mut Out) -> Ending {
    let (_, keys) = load(&args.file)?;
    let day = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    match args.format {
        Format::Human => {
            let mut table = Table::new(["id", "consumer", "scopes", "created", "expires"]);
            for key in &keys {
                let scopes = key.scopes.join(" ");
                table.push([
                    key.id.clone(),
                    key.consumer.clone(),
                    scopes,
                    day(key.created),
                    day(key.expires),
                ]);
            }
            out.result(table.to_string().trim_end());
        }
        Format::Json => {
            let row = |key: &Key| {
                json!({
                    "id": key.id, "consumer": key.consumer, "scopes": key.scopes,
                    "created": key.created.map(|date| date.to_string()),
                    "expires": key.expires.map(|date| date.to_string()),
                })
            };
            let keys: Vec<_> = keys.iter().map(row).collect();
            out.result(json!({"format_version": 1, "command": "key list", "keys": keys}));
        }
    }
    Ok(Exit::Clean)
}

fn revoke(args: &RevokeArgs, out: &mut Out) -> Ending {
    let _lock = Lock::of(&args.file)?;
    let (text, keys) = load(&args.file)?;
    if !keys.iter().any(|key| key.id == args.id) {
        return Err(Failure::refused(format!("`{}` has no key `{}`", args.file.display(), args.id))
            .with_help(format!("`gw key list {}` shows those that it has", args.file.display())));
    }
    let is_meant =
        |line: &str| read(line).is_ok_and(|keys| keys.first().is_some_and(|key| key.id == args.id));
    let rest: String = text.split_inclusive('\n').filter(|line| !is_meant(line)).collect();
    write_atomically(&args.file, rest.as_bytes())?;
    out.note(format_args!(
        "`{}` is revoked; gateways that read this file refuse it within two seconds",
        args.id
    ));
    Ok(Exit::Clean)
}

/// The text of a file of keys, and the keys.
pub(super) fn load(path: &Path) -> Result<(String, Vec<Key>), Failure> {
    let file = fs::File::open(path).map_err(|error| Failure::read(path, &error))?;
    let bytes = read_bounded(file, &format!("`{}`", path.display()))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::not_understood(format!("`{}` is not UTF-8", path.display())))?;
    let keys = parsed(path, &text)?;
    Ok((text, keys))
}

fn parsed(path: &Path, text: &str) -> Result<Vec<Key>, Failure> {
    read(text).map_err(|defects| {
        let defects: Vec<String> = defects.iter().map(ToString::to_string).collect();
        Failure::not_understood(format!("`{}` is no file of keys: {}", path.display(), defects.join("; ")))
            .with_help("each line is one key, as `gw key new` writes it; nothing was changed")
    })
}

/// Held while a file is read and replaced, so that two commands at once lose no key.
struct Lock {
    _folder: fs::File,
}

impl Lock {
    fn of(path: &Path) -> Result<Self, Failure> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let open = fs::File::open(folder).map_err(|error| Failure::read(folder, &error))?;
        open.lock().map_err(|error| Failure::write(folder, &error))?;
        Ok(Self { _folder: open })
    }
}

/// Random bytes of the operating system, as hexadecimal digits.
fn random<const N: usize>() -> Result<String, Failure> {
    const SOURCE: &str = "/dev/urandom";
    let mut bytes = [0; N];
    fs::File::open(SOURCE)
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| Failure::read(Path::new(SOURCE), &error))?;
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(digits.concat())
}
