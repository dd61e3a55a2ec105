//! Requests and answers of the cloud, over HTTP/1.1, one a connection.
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

/// What a body may be at most; a token is a few kilobytes.
const LIMIT: u64 = 1 << 20;

/// A request.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// Method and path, `GET /path`.
    pub(super) line: String,
    /// The query, decoded.
    pub(super) query: Vec<(String, String)>,
    /// What stands after `Bearer`, whatever its case.
    pub(super) bearer: String,
    /// The body, null where it is no JSON.
    pub(super) body: Value,
}

impl Request {
    pub(super) fn asked(&self, name: &str) -> &str {
        self.query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Reads a request, and answers it with a status and a body.
pub(super) fn serve(mut stream: TcpStream, answer: impl FnOnce(&Request) -> (u16, Value)) {
    let Ok(Some(request)) = read(&stream) else { return };
    let (status, body) = answer(&request);
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status} {status}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}

fn read(stream: &TcpStream) -> std::io::Result<Option<Request>> {
    let mut reader = BufReader::new(stream.try_clone()?).take(LIMIT);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut words = first.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request { line: format!("{method} {path}"), query: pairs(query), ..Request::default() };
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap_or(0),
            "authorization" => {
                let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
                request.bearer = token.map_or("", |(_, token)| token).to_owned();
            }
            _ => {}
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    request.body = serde_json::from_slice(&body).unwrap_or_default();
    Ok(Some(request))
}

fn pairs(query: &str) -> Vec<(String, String)> {
    query.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (plain(name), plain(value))).collect()
}

/// Percent-encoding undone (RFC 3986, 2.1); what is none stays.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.filter(|_| *first == b'%').and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
