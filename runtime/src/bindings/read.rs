//! From TOML to [`Bindings`], collecting every defect instead of stopping at the first.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use gw_artifact::model::EndpointAddress;
use toml::{Table, Value};

use super::{
    AdminAddress, BindingDefect, Bindings, CertificateFiles, ClientCertFiles, ListenAddress, LogSink,
    UpstreamTlsFiles, address, socket_address,
};

/// The keys of the file, and those that this version knows but does not enforce.
const KEYS: [&str; 11] = [
    "listen",
    "health",
    "admin",
    "upstreams",
    "upstream-tls",
    "logs",
    "tls",
    "client-certs",
    "keys",
    "secrets",
    "stores",
];
const NOT_YET: [&str; 2] = ["secrets", "stores"];
const LISTEN_KEYS: [&str; 2] = ["address", "mode"];
const ENDPOINT_KEYS: [&str; 4] = ["address", "weight", "zone", "priority"];
const CERTIFICATE_KEYS: [&str; 2] = ["cert", "key"];
const CLIENT_CERT_KEYS: [&str; 2] = ["ca", "crl"];
const UPSTREAM_TLS_KEYS: [&str; 3] = ["ca", "cert", "key"];
const LOG_KEYS: [&str; 2] = ["kind", "path"];

/// Reads the text of a bindings file.
///
/// # Errors
/// Everything that is wrong with it: not TOML, unknown keys, wrong types, keys that are not enforced yet.
pub fn read(text: &str) -> Result<Bindings, Vec<BindingDefect>> {
    let table = match text.parse::<Table>() {
        Ok(table) => table,
        Err(fault) => return Err(vec![not_toml(text, &fault)]),
    };
    let mut reading = Reading::default();
    let bindings = reading.bindings(&table);
    if reading.defects.is_empty() { Ok(bindings) } else { Err(reading.defects) }
}

fn not_toml(text: &str, fault: &toml::de::Error) -> BindingDefect {
    let at = fault.span().map_or(0, |span| span.start.min(text.len()));
    let mut lines = text.as_bytes()[..at].split(|byte| *byte == b'\n');
    let column = 1 + lines.next_back().map_or(0, <[u8]>::len);
    let line = 1 + lines.count();
    BindingDefect::new("", format!("line {line}, column {column} is not TOML: {}", fault.message()))
}

#[derive(Default)]
struct Reading {
    defects: Vec<BindingDefect>,
}

impl Reading {
    fn bindings(&mut self, table: &Table) -> Bindings {
        self.unknown_keys("", table, &KEYS);
        for key in NOT_YET.iter().filter(|key| table.contains_key(**key)) {
            self.not_yet((*key).to_owned());
        }
        Bindings {
            listen: self.listen(table.get("listen")),
            health: self.text("health", table.get("health")).and_then(|text| self.address("health", text)),
            admin: self.text("admin", table.get("admin")).and_then(|text| self.admin(text)),
            tls: self.certificates(table.get("tls")),
            client_certs: self.client_certs(table.get("client-certs")),
            keys: self.keys(table.get("keys")),
            upstreams: self.upstreams(table.get("upstreams")),
            upstream_tls: self.upstream_tls(table.get("upstream-tls")),
            logs: table.get("logs").map(|logs| self.logs(logs)),
        }
    }

    fn listen(&mut self, value: Option<&Value>) -> BTreeMap<String, ListenAddress> {
        let mut listen = BTreeMap::new();
        for (name, value) in self.table("listen", value).into_iter().flatten() {
            let key = format!("listen.{name}");
            let address = match value {
                Value::Table(table) => self.listen_table(&key, table),
                text => self.text(&key, Some(text)).and_then(|text| self.listen_address(&key, text)),
            };
            if let Some(address) = address {
                listen.insert(name.clone(), address);
            }
        }
        listen
    }

    fn listen_address(&mut self, key: &str, text: &str) -> Option<ListenAddress> {
        text.parse().map_err(|message: String| self.say(key, message)).ok()
    }

    /// The long form, for a Unix socket with a mode.
    fn listen_table(&mut self, key: &str, table: &Table) -> Option<ListenAddress> {
        self.unknown_keys(key, table, &LISTEN_KEYS);
        let Some(value) = table.get("address") else {
            self.say(key, "a listener needs an `address`");
            return None;
        };
        let text = self.text(&format!("{key}.address"), Some(value))?;
        let address = self.listen_address(&format!("{key}.address"), text)?;
        let Some(value) = table.get("mode") else { return Some(address) };
        let key = format!("{key}.mode");
        let text = self.text(&key, Some(value))?;
        match (address, address::mode(text)) {
            (ListenAddress::Unix { path, .. }, Some(mode)) => {
                Some(ListenAddress::Unix { path, mode: Some(mode) })
            }
            (ListenAddress::Unix { .. }, None) => {
                self.say(&key, format!("`{text}` is no mode; one looks like `0660`"));
                None
            }
            (ListenAddress::Tcp(_) | ListenAddress::Passed(_), _) => {
                self.say(&key, "only a Unix socket that the gateway makes has a mode");
                None
            }
        }
    }

    fn certificates(&mut self, value: Option<&Value>) -> BTreeMap<String, Vec<CertificateFiles>> {
        let mut listeners = BTreeMap::new();
        for (name, value) in self.table("tls", value).into_iter().flatten() {
            let key = format!("tls.{name}");
            let Some(entries) = value.as_array() else {
                self.wrong(&key, "a list of certificates", value);
                continue;
            };
            if entries.is_empty() {
                self.say(&key, "a listener with TLS has at least one certificate");
            }
            let pairs = entries
                .iter()
                .enumerate()
                .filter_map(|(at, entry)| self.certificate(&format!("{key}[{at}]"), entry));
            listeners.insert(name.clone(), pairs.collect());
        }
        listeners
    }

    fn certificate(&mut self, key: &str, value: &Value) -> Option<CertificateFiles> {
        let table = self.table(key, Some(value))?;
        self.unknown_keys(key, table, &CERTIFICATE_KEYS);
        let cert = self.path(key, table, "cert");
        let private = self.path(key, table, "key");
        Some(CertificateFiles { cert: cert?, key: private? })
    }

    fn client_certs(&mut self, value: Option<&Value>) -> BTreeMap<String, ClientCertFiles> {
        let mut listeners = BTreeMap::new();
        for (name, value) in self.table("client-certs", value).into_iter().flatten() {
            let key = format!("client-certs.{name}");
            let Some(table) = self.table(&key, Some(value)) else { continue };
            self.unknown_keys(&key, table, &CLIENT_CERT_KEYS);
            let ca = self.path(&key, table, "ca");
            let crl = table.contains_key("crl").then(|| self.path(&key, table, "crl"));
            if let (Some(ca), crl) = (ca, crl.flatten()) {
                listeners.insert(name.clone(), ClientCertFiles { ca, crl });
            }
        }
        listeners
    }

    fn keys(&mut self, value: Option<&Value>) -> BTreeMap<String, PathBuf> {
        let mut sets = BTreeMap::new();
        for (name, value) in self.table("keys", value).into_iter().flatten() {
            let key = format!("keys.{name}");
            match self.text(&key, Some(value)) {
                Some("") => self.say(&key, "a path is not empty"),
                Some(path) => {
                    sets.insert(name.clone(), PathBuf::from(path));
                }
                None => {}
            }
        }
        sets
    }

    fn upstream_tls(&mut self, value: Option<&Value>) -> BTreeMap<String, UpstreamTlsFiles> {
        let mut upstreams = BTreeMap::new();
        for (name, value) in self.table("upstream-tls", value).into_iter().flatten() {
            let key = format!("upstream-tls.{name}");
            let Some(table) = self.table(&key, Some(value)) else { continue };
            self.unknown_keys(&key, table, &UPSTREAM_TLS_KEYS);
            let ca = table.contains_key("ca").then(|| self.path(&key, table, "ca")).flatten();
            let shows = table.contains_key("cert") || table.contains_key("key");
            let own = shows.then(|| Some((self.path(&key, table, "cert")?, self.path(&key, table, "key")?)));
            let own = own.flatten().map(|(cert, key)| CertificateFiles { cert, key });
            upstreams.insert(name.clone(), UpstreamTlsFiles { ca, own });
        }
        upstreams
    }

    /// The path under a key that must be there.
    fn path(&mut self, parent: &str, table: &Table, name: &str) -> Option<PathBuf> {
        let key = format!("{parent}.{name}");
        let Some(value) = table.get(name) else {
            self.say(&key, "is missing: the path of a PEM file");
            return None;
        };
        let path = self.text(&key, Some(value))?;
        if path.is_empty() {
            self.say(&key, "a path is not empty");
        }
        Some(PathBuf::from(path)).filter(|_| !path.is_empty())
    }

    fn upstreams(&mut self, value: Option<&Value>) -> BTreeMap<String, Vec<EndpointAddress>> {
        let mut upstreams = BTreeMap::new();
        for (name, value) in self.table("upstreams", value).into_iter().flatten() {
            let key = format!("upstreams.{name}");
            let Some(entries) = value.as_array() else {
                self.wrong(&key, "a list of endpoints", value);
                continue;
            };
            if entries.is_empty() {
                self.say(&key, "an upstream has at least one endpoint");
            }
            let endpoints = entries
                .iter()
                .enumerate()
                .filter_map(|(at, entry)| self.endpoint(&format!("{key}[{at}]"), entry));
            upstreams.insert(name.clone(), endpoints.collect());
        }
        upstreams
    }

    fn endpoint(&mut self, key: &str, value: &Value) -> Option<EndpointAddress> {
        let text = match value {
            Value::String(text) => text.as_str(),
            Value::Table(table) => {
                self.unknown_keys(key, table, &ENDPOINT_KEYS);
                for later in ENDPOINT_KEYS[1..].iter().filter(|later| table.contains_key(**later)) {
                    self.not_yet(format!("{key}.{later}"));
                }
                let Some(address) = table.get("address") else {
                    self.say(key, "an endpoint needs an `address`");
                    return None;
                };
                self.text(&format!("{key}.address"), Some(address))?
            }
            other => {
                self.wrong(key, "a URL or a table with an `address`", other);
                return None;
            }
        };
        if text.starts_with("dns:") {
            self.not_yet(format!("{key} = \"dns:…\""));
            return None;
        }
        match text.parse() {
            Ok(endpoint) => Some(endpoint),
            Err(defect) => {
                self.say(key, format!("`{text}` is not an endpoint: {defect}"));
                None
            }
        }
    }

    fn logs(&mut self, value: &Value) -> Vec<LogSink> {
        let Some(entries) = value.as_array() else {
            self.wrong("logs", "a list of sinks", value);
            return Vec::new();
        };
        if entries.len() > 1 {
            self.not_yet("logs[1]".to_owned());
        }
        let sinks =
            entries.iter().enumerate().filter_map(|(at, entry)| self.log(&format!("logs[{at}]"), entry));
        sinks.collect()
    }

    fn log(&mut self, key: &str, value: &Value) -> Option<LogSink> {
        let Value::Table(table) = value else {
            self.wrong(key, "a table with a `kind`", value);
            return None;
        };
        self.unknown_keys(key, table, &LOG_KEYS);
        let path = self.text(&format!("{key}.path"), table.get("path"));
        match (table.get("kind").and_then(Value::as_str), path) {
            (Some("stdout"), None) => Some(LogSink::Stdout),
            (Some("stdout"), Some(_)) => {
                self.say(key, "a log to stdout has no `path`");
                None
            }
            (Some("file"), Some(path)) if !path.is_empty() => Some(LogSink::File(PathBuf::from(path))),
            (Some("file"), _) => {
                self.say(key, "a log of kind `file` needs a `path`");
                None
            }
            (_, _) => {
                self.say(&format!("{key}.kind"), "a log's kind is `stdout` or `file`");
                None
            }
        }
    }

    fn address(&mut self, key: &str, text: &str) -> Option<SocketAddr> {
        socket_address(text).map_err(|message| self.say(key, message)).ok()
    }

    fn admin(&mut self, text: &str) -> Option<AdminAddress> {
        text.parse().map_err(|message: String| self.say("admin", message)).ok()
    }

    fn text<'v>(&mut self, key: &str, value: Option<&'v Value>) -> Option<&'v str> {
        let value = value?;
        let text = value.as_str();
        if text.is_none() {
            self.wrong(key, "a text", value);
        }
        text
    }

    fn table<'v>(&mut self, key: &str, value: Option<&'v Value>) -> Option<&'v Table> {
        let value = value?;
        let table = value.as_table();
        if table.is_none() {
            self.wrong(key, "a table", value);
        }
        table
    }

    fn unknown_keys(&mut self, parent: &str, table: &Table, known: &[&str]) {
        for name in table.keys().filter(|name| !known.contains(&name.as_str())) {
            let key = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
            let defect = BindingDefect::new(key, "is no key of the bindings");
            self.defects.push(match nearest(name, known) {
                Some(near) => defect.help(format!("did you mean `{near}`?")),
                None => defect,
            });
        }
    }

    fn not_yet(&mut self, key: String) {
        self.defects
            .push(BindingDefect::new(key, "is known, but not enforced yet by this version; take it out"));
    }

    fn wrong(&mut self, key: &str, wanted: &str, value: &Value) {
        self.say(key, format!("{wanted} is expected here, not a TOML {}", value.type_str()));
    }

    fn say(&mut self, key: &str, message: impl Into<String>) {
        self.defects.push(BindingDefect::new(key, message));
    }
}

/// The known name that a typing error may have meant.
pub(crate) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let distance = |known: &&'k str| strsim::damerau_levenshtein(name, known);
    let near = known.iter().copied().min_by_key(distance)?;
    (distance(&near) <= 1 + name.len() / 4).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defects(text: &str) -> Vec<String> {
        read(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_whole_file_is_read() {
        let bindings = read(concat!(
            "listen = { public = \"0.0.0.0:8443\", beside = { address = \"unix:/run/gw/beside.sock\", mode = \"0660\" } }\n",
            "health = \"0.0.0.0:9090\"\n",
            "admin = \"unix:/run/gw.sock\"\n",
            "logs = [{ kind = \"file\", path = \"access.log\" }]\n",
            "[upstreams]\n",
            "orders = [\"http://10.0.0.1:9090\", { address = \"http://10.0.0.2:9090\" }]\n",
            "[upstream-tls]\n",
            "orders = { ca = \"ca.pem\", cert = \"gw.crt\", key = \"gw.key\" }\n",
            "vault = { ca = \"ca.pem\" }\n",
        ))
        .unwrap();
        assert_eq!(bindings.listen["public"].tcp().map(|address| address.port()), Some(8443));
        let beside = ListenAddress::Unix { path: "/run/gw/beside.sock".into(), mode: Some(0o660) };
        assert_eq!(bindings.listen["beside"], beside);
        assert_eq!(bindings.admin.unwrap().to_string(), "unix:/run/gw.sock");
        assert_eq!(bindings.logs.unwrap(), [LogSink::File("access.log".into())]);
        assert_eq!(bindings.upstreams["orders"].len(), 2);
        let own = bindings.upstream_tls["orders"].own.as_ref().unwrap();
        assert_eq!((own.cert.to_str(), own.key.to_str()), (Some("gw.crt"), Some("gw.key")));
        let ca = Some("ca.pem".into());
        assert_eq!(bindings.upstream_tls["vault"], UpstreamTlsFiles { ca, own: None });
    }

    #[test]
    fn every_defect_is_told_at_once_with_the_nearest_key() {
        let told = defects(concat!(
            "lisen = {}\n",
            "health = 9090\n",
            "admin = \"unix:run\"\n",
            "[upstreams]\n",
            "a = [\"ftp://a\", { address = \"http://b\", wieght = 2, zone = \"b\" }, \"dns:c:1\"]\n",
            "b = []\n",
            "[upstream-tls]\n",
            "a = { cert = \"a.crt\", ca = 7, crl = \"x\" }\n",
            "[secrets]\n",
        ));
        assert_eq!(
            told,
            [
                "`lisen`: is no key of the bindings; did you mean `listen`?",
                "`secrets`: is known, but not enforced yet by this version; take it out",
                "`health`: a text is expected here, not a TOML integer",
                "`admin`: a Unix socket is an absolute path: `unix:/run/gw.sock`",
                "`upstreams.a[0]`: `ftp://a` is not an endpoint: an endpoint starts with `http://` or `https://`",
                "`upstreams.a[1].wieght`: is no key of the bindings; did you mean `weight`?",
                "`upstreams.a[1].zone`: is known, but not enforced yet by this version; take it out",
                "`upstreams.a[2] = \"dns:…\"`: is known, but not enforced yet by this version; take it out",
                "`upstreams.b`: an upstream has at least one endpoint",
                "`upstream-tls.a.crl`: is no key of the bindings",
                "`upstream-tls.a.ca`: a text is expected here, not a TOML integer",
                "`upstream-tls.a.key`: is missing: the path of a PEM file",
            ]
        );
    }

    #[test]
    fn a_listener_is_an_address_with_a_mode_where_it_has_one() {
        for (address, told) in [
            ("8080", "`listen.a`: a text is expected here, not a TOML integer"),
            ("\"unix:gw.sock\"", "`listen.a`: a Unix socket is an absolute path: `unix:/run/gw.sock`"),
            ("{ mode = \"0660\" }", "`listen.a`: a listener needs an `address`"),
            (
                "{ address = \"unix:/a\", mode = \"rw\" }",
                "`listen.a.mode`: `rw` is no mode; one looks like `0660`",
            ),
            (
                "{ address = \"127.0.0.1:1\", mode = \"0660\" }",
                "`listen.a.mode`: only a Unix socket that the gateway makes has a mode",
            ),
            ("{ address = \"unix:/a\", umask = \"0660\" }", "`listen.a.umask`: is no key of the bindings"),
        ] {
            assert_eq!(defects(&format!("listen = {{ a = {address} }}")), [told], "{address}");
        }
    }

    #[test]
    fn what_is_not_toml_says_where() {
        let told = defects("listen = {}\nhealth =\n");
        assert!(told[0].starts_with("line 2, column 9 is not TOML: "), "{told:?}");
    }

    #[test]
    fn a_log_is_stdout_or_a_file_with_a_path() {
        for (sink, key) in [
            ("{ kind = \"file\" }", "`logs[0]`"),
            ("{ kind = \"stdout\", path = \"x\" }", "`logs[0]`"),
            ("{ kind = \"syslog\" }", "`logs[0].kind`"),
            ("{ kind = \"stdout\", level = 1 }", "`logs[0].level`"),
            ("\"stdout\"", "`logs[0]`"),
        ] {
            let told = defects(&format!("logs = [{sink}]"));
            assert!(told[0].starts_with(key), "{told:?}");
        }
    }
}
