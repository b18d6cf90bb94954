//! URLs of documents on other machines, and how one names another (RFC 3986 section 5.2).
//!
//! | Form | Means |
//! |---|---|
//! | `https://host/a/b.yaml` | a document that is fetched |
//! | `git+https://host/repo.git//a/b.yaml?ref=v1` | a file of a repository, at a branch, a tag or a commit |
//!
//! `http://` is accepted for this machine alone, `git+ssh://` and `git+file://` like `git+https://`.

/// The longest URL.
const MAX_BYTES: usize = 2048;

/// Where a repository ends and the path in it begins.
const REPOSITORY_END: &str = "//";

/// A URL, taken apart; it borrows from its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteUrl<'u> {
    text: &'u str,
    scheme: &'u str,
    /// Host and port; for a repository, everything up to `//`.
    place: &'u str,
    /// Without its leading slash.
    path: &'u str,
    /// With its `?`; empty where there is none.
    query: &'u str,
}

impl<'u> RemoteUrl<'u> {
    /// Reads a URL without a fragment; `None` for what gw does not fetch.
    pub fn parse(text: &'u str) -> Option<Self> {
        if text.len() > MAX_BYTES || text.bytes().any(|byte| !(0x21..0x7f).contains(&byte) || byte == b'#') {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        let (rest, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let (place, path) = match scheme {
            "https" | "http" => rest.split_once('/')?,
            "git+https" | "git+ssh" | "git+file" => rest.split_once(REPOSITORY_END)?,
            _ => return None,
        };
        let url = RemoteUrl { text, scheme, place, path, query };
        let is_here = matches!(url.host(), "127.0.0.1" | "localhost" | "[::1]");
        let has_host = scheme == "git+file" || !url.host().is_empty();
        let is_plain = !path.split('/').any(|step| matches!(step, "" | "." | ".."));
        // Only a password could stand before `@` in what is committed; `git@` is the usual name.
        let has_user = url.authority().contains('@') && scheme != "git+ssh";
        let names_ref = url.reference().is_none_or(|reference| !reference.starts_with('-'));
        let holds = has_host && is_plain && !has_user && names_ref && (scheme != "http" || is_here);
        holds.then_some(url)
    }

    /// The whole URL.
    pub fn as_str(self) -> &'u str {
        self.text
    }

    /// What to clone, and the path in it, when the URL names a file of a repository.
    pub fn repository(self) -> Option<(String, &'u str)> {
        let scheme = self.scheme.strip_prefix("git+")?;
        Some((format!("{scheme}://{}", self.place), self.path))
    }

    /// The branch, tag or commit that `?ref=` names.
    pub fn reference(self) -> Option<&'u str> {
        self.query.strip_prefix("?ref=")
    }

    /// The file below `gw.vendor/` that holds what the URL gave: without anything that a file system reads otherwise.
    pub fn vendored(self) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        let step = |step: &str| -> String {
            step.bytes().map(|byte| if plain(byte) { char::from(byte) } else { '_' }).collect()
        };
        let reference = self.reference().map(|reference| format!("@{}", step(reference)));
        let query = if reference.is_some() { "" } else { self.query };
        let place = self.place.split('/').filter(|step| !matches!(*step, "" | "." | ".."));
        let mut steps: Vec<String> = place.map(step).collect();
        if let (Some(last), Some(reference)) = (steps.last_mut(), reference) {
            last.push_str(&reference);
        }
        steps.extend(self.path.split('/').map(step));
        if let (Some(last), false) = (steps.last_mut(), query.is_empty()) {
            *last = format!("{}{last}", step(query));
        }
        format!("{FOLDER}/{}", steps.join("/"))
    }

    /// The URL that a relative reference names from here; `None` when it leads above the place.
    pub(super) fn join(self, relative: &str) -> Option<String> {
        let (relative, _) = relative.split_at(relative.find('?').unwrap_or(relative.len()));
        let folder = match relative.strip_prefix('/') {
            Some(_) => "",
            None => self.path.rsplit_once('/').map_or("", |(folder, _)| folder),
        };
        let mut steps: Vec<&str> = Vec::new();
        for step in folder.split('/').chain(relative.split('/')) {
            match step {
                "" | "." => {}
                ".." => drop(steps.pop()?),
                step => steps.push(step),
            }
        }
        let end = if self.scheme.starts_with("git+") { REPOSITORY_END } else { "/" };
        let query = if self.scheme.starts_with("git+") { self.query } else { "" };
        Some(format!("{}://{}{end}{}{query}", self.scheme, self.place, steps.join("/")))
    }

    fn authority(self) -> &'u str {
        self.place.split('/').next().unwrap_or_default()
    }

    fn host(self) -> &'u str {
        let authority = self.authority();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
        host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(host, _)| host)
    }
}

/// The folder of a project that holds what its lock pins.
pub const FOLDER: &str = "gw.vendor";

/// Whether a text means a document on another machine that gw could fetch.
pub(super) fn is_url(text: &str) -> bool {
    ["https://", "http://", "git+https://", "git+ssh://", "git+file://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// Whether a text can allow URLs: one of them, a folder of them, or a repository.
pub(super) fn is_prefix(text: &str) -> bool {
    let folder = text.trim_end_matches('/');
    [text.to_owned(), format!("{folder}/x"), format!("{folder}//x")]
        .iter()
        .any(|url| RemoteUrl::parse(url).is_some())
}

/// Whether a URL stands at or below an allowed one. `https://host/a` allows `https://host/a/b`, not `https://host/ab`.
pub(super) fn is_below(url: &str, allowed: &str) -> bool {
    let rest = url.strip_prefix(allowed);
    rest.is_some_and(|rest| rest.is_empty() || allowed.ends_with('/') || rest.starts_with(['/', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_fetched_safely_is_a_url() {
        for url in [
            "https://specs.example.com/orders.yaml",
            "https://specs.example.com:8443/a/b.json?v=2",
            "http://127.0.0.1:9000/a.yaml",
            "git+https://github.com/acme/specs.git//orders.yaml?ref=v1.2",
            "git+ssh://git@github.com/acme/specs.git//a/b.yaml",
            "git+file:///srv/specs.git//a.yaml?ref=main",
        ] {
            assert!(RemoteUrl::parse(url).is_some(), "{url}");
        }
        for url in [
            "http://specs.example.com/a.yaml",
            "https://user:pw@specs.example.com/a.yaml",
            "https:///a.yaml",
            "https://specs.example.com",
            "https://specs.example.com/a/../b.yaml",
            "https://specs.example.com/a b",
            "https://specs.example.com/a#b",
            "git+https://github.com/acme/specs.git",
            "git+https://github.com/acme/specs.git//a.yaml?ref=--upload-pack=x",
            "ftp://a/b",
            "file:///etc/passwd",
        ] {
            assert_eq!(RemoteUrl::parse(url), None, "{url}");
        }
        assert_eq!(RemoteUrl::parse(&format!("https://h/{}", "a".repeat(MAX_BYTES))), None);
    }

    #[test]
    fn a_document_names_another_beside_it() {
        let from = |url: &'static str| RemoteUrl::parse(url).unwrap();
        let https = from("https://h/a/b.yaml?v=1");
        assert_eq!(https.join("c.yaml").unwrap(), "https://h/a/c.yaml");
        assert_eq!(https.join("../c.yaml").unwrap(), "https://h/c.yaml");
        assert_eq!(https.join("/c.yaml").unwrap(), "https://h/c.yaml");
        assert_eq!(https.join("../../c.yaml"), None);
        let git = from("git+https://h/r.git//a/b.yaml?ref=v1");
        assert_eq!(git.join("../c.yaml").unwrap(), "git+https://h/r.git//c.yaml?ref=v1");
        assert_eq!(git.join("../../c.yaml"), None);
    }

    #[test]
    fn what_is_kept_has_a_name_that_people_recognise() {
        let kept = |url: &str| RemoteUrl::parse(url).unwrap().vendored();
        assert_eq!(kept("https://specs.example.com/a/b.yaml"), "gw.vendor/specs.example.com/a/b.yaml");
        assert_eq!(kept("https://h:81/b.yaml?v=1"), "gw.vendor/h_81/_v_1b.yaml");
        assert_eq!(
            kept("git+https://h/acme/r.git//a/b.yaml?ref=feat/x"),
            "gw.vendor/h/acme/r.git@feat_x/a/b.yaml"
        );
    }

    #[test]
    fn allowing_a_folder_allows_no_neighbour() {
        assert!(is_below("https://h/a/b", "https://h/a") && is_below("https://h/a/b", "https://h/a/"));
        assert!(is_below("git+https://h/r.git//a?ref=v1", "git+https://h/r.git"));
        assert!(!is_below("https://h/ab", "https://h/a") && !is_below("https://h.evil/a", "https://h"));
    }
}
