//! One connection: each request is answered with what was asked.

use std::{
    collections::BTreeMap,
    io::{self, BufReader, Write},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::request::Request;

/// Answers until the caller closes.
///
/// # Errors
/// When the connection breaks.
pub(crate) fn answer(stream: &TcpStream, name: &str) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    while let Some(request) = Request::read(&mut reader)? {
        let body = format!("{:#}\n", told(&request, name));
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let body = if request.line.starts_with("HEAD ") { String::new() } else { body };
        writer.write_all((head + &body).as_bytes())?;
    }
    Ok(())
}

/// The request as this service saw it.
fn told(request: &Request, name: &str) -> Value {
    let mut words = request.line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in &request.headers {
        headers.entry(name).or_default().push(value);
    }
    json!({
        "service": name,
        "method": method,
        "target": target,
        "headers": headers,
        "body-bytes": request.body_bytes,
    })
}
