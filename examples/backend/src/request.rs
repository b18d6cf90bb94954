//! Reads one HTTP/1.1 request from a gateway that is known to write well-formed ones.

use std::io::{self, BufRead, Read};

/// What was asked.
pub(crate) struct Request {
    /// The request line: method, target, version.
    pub(crate) line: String,
    /// Header lines in their order, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// How many bytes of body came; they are read and forgotten.
    pub(crate) body_bytes: u64,
}

/// The longest line that is read.
const LINE_MAX: u64 = 64 * 1024;
/// The most header lines that are read.
const LINES_MAX: usize = 200;

impl Request {
    /// The next request of a connection; none when the caller has closed it.
    ///
    /// # Errors
    /// When the connection breaks, or a line is longer than [`LINE_MAX`].
    pub(crate) fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(line) = read_line(from)? else { return Ok(None) };
        let mut headers = Vec::new();
        while headers.len() < LINES_MAX {
            let Some(text) = read_line(from)?.filter(|text| !text.is_empty()) else { break };
            if let Some((name, value)) = text.split_once(':') {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        let mut request = Self { line, headers, body_bytes: 0 };
        request.body_bytes = request.read_body(from)?;
        Ok(Some(request))
    }

    /// The value of the first header line of this name, which is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(its, _)| its == name).map(|(_, value)| value.as_str())
    }

    fn read_body(&self, from: &mut impl BufRead) -> io::Result<u64> {
        if self.header("transfer-encoding").is_some() {
            return read_chunks(from);
        }
        let length = self.header("content-length").and_then(|digits| digits.parse().ok()).unwrap_or(0);
        skip(from, length)
    }
}

/// RFC 9112 §7.1, without chunk extensions and trailers being looked at.
fn read_chunks(from: &mut impl BufRead) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let line = read_line(from)?.unwrap_or_default();
        let digits = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(digits, 16).map_err(io::Error::other)?;
        total += skip(from, size)?;
        if size == 0 {
            while read_line(from)?.is_some_and(|trailer| !trailer.is_empty()) {}
            return Ok(total);
        }
        read_line(from)?;
    }
}

fn skip(from: &mut impl BufRead, bytes: u64) -> io::Result<u64> {
    io::copy(&mut from.take(bytes), &mut io::sink())
}

/// One line without its end; none at the end of the connection.
fn read_line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    from.take(LINE_MAX).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err(io::ErrorKind::InvalidData.into());
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_one_after_another() {
        let mut bytes = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\
            PUT /b HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /c HTTP/1.1\r\n\r\n"
            .as_slice();
        let mut read =
            || Request::read(&mut bytes).unwrap().map(|request| (request.line, request.body_bytes));
        assert_eq!(read(), Some(("POST /a HTTP/1.1".into(), 3)));
        assert_eq!(read(), Some(("PUT /b HTTP/1.1".into(), 2)));
        assert_eq!(read(), Some(("GET /c HTTP/1.1".into(), 0)));
        assert_eq!(read(), None);
    }
}
