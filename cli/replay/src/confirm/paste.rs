//! A witness as a line that people paste into a shell; `gw dry-run --curl` reads it too.

use std::fmt::Write as _;

use gw_syntax::Witness;

/// A `curl` command. `None` when the request holds what a shell line cannot show: a control character, or bytes that
/// are no ASCII.
///
/// Where any host does, it is sent to the address at which `gw serve` listens unless told otherwise.
pub fn paste(witness: &Witness) -> Option<String> {
    let mut line = match witness.method.as_str() {
        "GET" if witness.body.is_none() => "curl -i".to_owned(),
        "HEAD" => "curl -I".to_owned(),
        method => format!("curl -i -X {}", quoted(method)?),
    };
    if witness.target.split(['/', '?']).any(|segment| matches!(segment, "." | "..")) {
        line.push_str(" --path-as-is");
    }
    for (name, value) in &witness.lines {
        let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}"))?);
    }
    if let Some(body) = &witness.body {
        let _ = write!(line, " --data-raw {}", quoted(std::str::from_utf8(body).ok()?)?);
    }
    let place = match &witness.authority {
        Some(host) => format!("https://{host}"),
        None => "http://localhost:8080".to_owned(),
    };
    if place.contains('[') || witness.target.contains(['[', ']', '{', '}']) {
        line.push_str(" -g");
    }
    let _ = write!(line, " {}", quoted(&format!("{place}{}", witness.target))?);
    Some(line)
}

/// One word of a shell; plain where it can be.
fn quoted(word: &str) -> Option<String> {
    let is_shown = |byte: u8| (0x20..0x7f).contains(&byte);
    if !word.bytes().all(is_shown) {
        return None;
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:%@+,=".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return Some(word.to_owned());
    }
    Some(format!("'{}'", word.replace('\'', "'\\''")))
}

#[cfg(test)]
mod tests {
    use gw_syntax::Shows;

    use super::*;

    fn witness(method: &str, target: &str) -> Witness {
        Witness::new(method, target, Shows::Answers { status: 404, rather_than: None })
    }

    #[test]
    fn a_plain_request_is_a_plain_line() {
        assert_eq!(paste(&witness("GET", "/a/b")).unwrap(), "curl -i http://localhost:8080/a/b");
        let deletion = witness("DELETE", "/a").to(Some("api.example.com"));
        assert_eq!(paste(&deletion).unwrap(), "curl -i -X DELETE https://api.example.com/a");
        assert_eq!(paste(&witness("HEAD", "/")).unwrap(), "curl -I http://localhost:8080/");
    }

    #[test]
    fn what_a_shell_or_curl_would_change_is_protected() {
        let dots = paste(&witness("GET", "/a/../b")).unwrap();
        assert_eq!(dots, "curl -i --path-as-is http://localhost:8080/a/../b");
        let quoted = paste(&witness("GET", "/it's?a=1&b=$2")).unwrap();
        assert_eq!(quoted, r"curl -i 'http://localhost:8080/it'\''s?a=1&b=$2'");
        let address = paste(&witness("GET", "/").to(Some("[::1]"))).unwrap();
        assert_eq!(address, "curl -i -g 'https://[::1]/'");
    }

    #[test]
    fn lines_and_bodies_are_words_of_their_own() {
        let mut post = witness("POST", "/a").line("Content-Type", "text/plain");
        post.body = Some(b"a 'b'".to_vec());
        let line =
            r"curl -i -X POST -H 'content-type: text/plain' --data-raw 'a '\''b'\''' http://localhost:8080/a";
        assert_eq!(paste(&post).unwrap(), line);
    }

    #[test]
    fn what_cannot_be_shown_is_no_line() {
        assert_eq!(paste(&witness("GET", "/\u{1b}[2J")), None);
        assert_eq!(paste(&witness("GET", "/ä")), None);
    }
}
