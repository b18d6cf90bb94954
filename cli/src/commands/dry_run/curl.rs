//! Reads a pasted curl command as the request that curl would send.

use gw_replay::{HostLine, Request};

use super::header;

/// The longest command that is read.
const MAX_COMMAND: usize = 256 * 1024;

/// Options that take a value and say nothing about the request.
const IGNORED_WITH_VALUE: &[&str] =
    &["-o", "--output", "-w", "--write-out", "-m", "--max-time", "--connect-timeout", "--retry"];
/// Options that stand alone and say nothing about the request.
const IGNORED: &[&str] = &[
    "-s",
    "--silent",
    "-S",
    "--show-error",
    "-i",
    "--include",
    "-v",
    "--verbose",
    "-k",
    "--insecure",
    "-f",
    "--fail",
    "-L",
    "--location",
    "--compressed",
    "--http1.1",
    "-sS",
    "-si",
    "-is",
    "-iv",
    "-vi",
    "-N",
    "--no-buffer",
    "-g",
    "--globoff",
    "--path-as-is",
];

/// The request of a curl command.
///
/// # Errors
/// What is not understood, in words.
pub(super) fn read(command: &str) -> Result<Request, String> {
    let words = words(command)?;
    let mut words = words.into_iter().peekable();
    words.next_if(|word| word == "curl");
    let mut said = Said::default();
    while let Some(word) = words.next() {
        let (flag, mut inline) = split(&word);
        let mut value =
            || inline.take().or_else(|| words.next()).ok_or_else(|| format!("`{flag}` needs a value"));
        match flag.as_str() {
            "-X" | "--request" => said.method = Some(value()?),
            "-H" | "--header" => said.headers.push(value()?),
            "-d" | "--data" | "--data-ascii" | "--data-raw" | "--data-binary" => {
                said.data(&value()?, &flag)?;
            }
            "--json" => said.json(&value()?)?,
            "-I" | "--head" => said.method = Some("HEAD".to_owned()),
            "-G" | "--get" => said.get = true,
            "-A" | "--user-agent" => said.headers.push(format!("user-agent: {}", value()?)),
            "-e" | "--referer" => said.headers.push(format!("referer: {}", value()?)),
            "-b" | "--cookie" => said.headers.push(format!("cookie: {}", value()?)),
            "--url" => said.url(value()?)?,
            ignored if IGNORED.contains(&ignored) => {}
            ignored if IGNORED_WITH_VALUE.contains(&ignored) => drop(value()?),
            "-u" | "--user" => {
                return Err(format!(
                    "`{flag}` is not read; give the header line: -H 'authorization: Basic …'"
                ));
            }
            option if option.starts_with('-') && option.len() > 1 => {
                return Err(format!("`{option}` is not read"));
            }
            _ => said.url(word)?,
        }
    }
    said.request()
}

/// What the command says so far.
#[derive(Default)]
struct Said {
    method: Option<String>,
    url: Option<String>,
    headers: Vec<String>,
    data: Vec<String>,
    get: bool,
}

impl Said {
    fn url(&mut self, url: String) -> Result<(), String> {
        match self.url.replace(url) {
            None => Ok(()),
            Some(first) => Err(format!("there are two URLs; `{first}` is the first")),
        }
    }

    fn data(&mut self, data: &str, flag: &str) -> Result<(), String> {
        if data.starts_with('@') && flag != "--data-raw" {
            return Err(
                "a body from a file is not read; give it with `-d @FILE` beside METHOD and URL".to_owned()
            );
        }
        self.data.push(data.to_owned());
        Ok(())
    }

    fn json(&mut self, data: &str) -> Result<(), String> {
        self.data(data, "--json")?;
        for (name, value) in [("content-type", "application/json"), ("accept", "application/json")] {
            self.unless_there(name, value);
        }
        Ok(())
    }

    fn unless_there(&mut self, name: &str, value: &str) {
        let is_there =
            |line: &String| header(line).is_some_and(|(other, _)| other.eq_ignore_ascii_case(name));
        if !self.headers.iter().any(is_there) {
            self.headers.push(format!("{name}: {value}"));
        }
    }

    fn request(mut self) -> Result<Request, String> {
        let mut url = self.url.take().ok_or("there is no URL")?;
        let data = (!self.data.is_empty()).then(|| self.data.join("&"));
        let in_query = data.as_ref().filter(|_| self.get);
        if let Some(query) = in_query {
            let joint = if url.contains('?') { '&' } else { '?' };
            url = format!("{url}{joint}{query}");
        }
        let body = data.filter(|_| !self.get);
        if body.is_some() {
            self.unless_there("content-type", "application/x-www-form-urlencoded");
        }
        self.unless_there("user-agent", "curl");
        self.unless_there("accept", "*/*");
        let method = self.method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned());
        let mut request = with_host(&method, &url);
        for line in &self.headers {
            let (name, value) = header(line).ok_or_else(|| format!("`{line}` is no header line"))?;
            request = request.line(name, value);
        }
        Ok(match body {
            Some(body) => request.body(body),
            None => request,
        })
    }
}

/// curl takes `localhost:8080/orders` for a URL too.
fn with_host(method: &str, url: &str) -> Request {
    let url = url.split('#').next().unwrap_or(url);
    if url.contains("://") || url.starts_with('/') {
        return Request::new(method, url);
    }
    let request = Request::new(method, &format!("http://{url}"));
    debug_assert!(matches!(request.host, HostLine::Given(_)));
    request
}

/// `--data=x` as `--data` and `x`, `-XPOST` as `-X` and `POST`; a long option without `=` and a URL stay whole.
fn split(word: &str) -> (String, Option<String>) {
    if let Some(long) = word.strip_prefix("--") {
        return match long.split_once('=') {
            Some((flag, value)) => (format!("--{flag}"), Some(value.to_owned())),
            None => (word.to_owned(), None),
        };
    }
    match word.get(..2) {
        Some(short @ ("-X" | "-H" | "-d" | "-A" | "-e" | "-b" | "-u" | "-o")) if word.len() > 2 => {
            (short.to_owned(), Some(word[2..].to_owned()))
        }
        _ => (word.to_owned(), None),
    }
}

/// Splits a command as a shell does: quotes, backslashes, `$'…'`, lines that go on. Nothing is expanded.
fn words(command: &str) -> Result<Vec<String>, String> {
    if command.len() > MAX_COMMAND {
        return Err(format!("it is longer than {} KiB", MAX_COMMAND >> 10));
    }
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = command.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('\n') | None => {}
                Some(next) => word.get_or_insert_default().push(next),
            },
            '\'' => quoted(&mut letters, word.get_or_insert_default(), Quote::Single)?,
            '"' => quoted(&mut letters, word.get_or_insert_default(), Quote::Double)?,
            '$' if letters.next_if_eq(&'\'').is_some() => {
                quoted(&mut letters, word.get_or_insert_default(), Quote::Escaped)?;
            }
            blank if blank.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

/// The kinds of quotes of a shell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    /// `'…'`: everything stands for itself.
    Single,
    /// `"…"`: a backslash before `"`, `\`, `$` and a backtick goes away.
    Double,
    /// `$'…'`: as in C.
    Escaped,
}

fn quoted(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    word: &mut String,
    quote: Quote,
) -> Result<(), String> {
    let end = if quote == Quote::Double { '"' } else { '\'' };
    while let Some(letter) = letters.next() {
        match letter {
            letter if letter == end => return Ok(()),
            '\\' if quote == Quote::Double => match letters.next_if(|next| "\"\\$`\n".contains(*next)) {
                Some('\n') => {}
                Some(next) => word.push(next),
                None => word.push('\\'),
            },
            '\\' if quote == Quote::Escaped => match letters.next() {
                Some('n') => word.push('\n'),
                Some('r') => word.push('\r'),
                Some('t') => word.push('\t'),
                Some(other @ ('\'' | '"' | '\\' | '!')) => word.push(other),
                other => return Err(format!("the escape `\\{}` is not read", other.unwrap_or(' '))),
            },
            other => word.push(other),
        }
    }
    Err("a quote is not closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
        request.lines.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn a_command_from_a_browser_is_read() {
        let request = read(
            "curl 'https://shop.example/orders?x=1' \\\n  -X 'POST' \\\n  -H 'accept: */*' -H $'x-note: it\\'s' \\\n  \
             --data-raw '{\"a\":1}' --compressed",
        )
        .unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/orders?x=1"));
        assert_eq!(request.host, HostLine::Given("shop.example".into()));
        assert_eq!(line(&request, "x-note"), Some("it's"));
        assert_eq!(line(&request, "content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(request.body.bytes, b"{\"a\":1}");
    }

    #[test]
    fn short_spellings_are_read() {
        let request = read("curl -XPUT localhost:8080/a -d x=1 -dy=2 -H\"a: b\"").unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("PUT", "/a"));
        assert_eq!(request.host, HostLine::Given("localhost:8080".into()));
        assert_eq!(request.body.bytes, b"x=1&y=2");
        assert_eq!(line(&request, "a"), Some("b"));
    }

    #[test]
    fn get_moves_data_into_the_query() {
        let request = read("curl -G http://a/b -d q=1").unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/b?q=1"));
        assert!(request.body.bytes.is_empty());
    }

    #[test]
    fn what_is_not_read_is_said() {
        for (command, why) in [
            ("curl", "there is no URL"),
            ("curl 'http://a", "a quote is not closed"),
            ("curl http://a http://b", "there are two URLs; `http://a` is the first"),
            ("curl --http3 http://a", "`--http3` is not read"),
            ("curl http://a -H", "`-H` needs a value"),
            ("curl http://a -H nothing", "`nothing` is no header line"),
        ] {
            assert_eq!(read(command).unwrap_err(), why, "{command}");
        }
    }
}
