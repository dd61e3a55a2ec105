//! As much of HTTP/1.1 as a test server needs: one request in, one answer out, on a kept connection.
use std::io::{self, BufRead, Read, Write};

/// Bytes of one header line, and headers of one request, that a client may send.
const LINE: u64 = 64 << 10;
const HEADERS: usize = 100;
/// Bytes of one request body.
const BODY: u64 = 64 << 20;
/// Where the API is on an own server.
pub(crate) const OWN_SERVER: &str = "/api/v3";
/// Where files are sent on an own server; here also where the API has no prefix.
pub(crate) const UPLOADS: &str = "/api/uploads";

/// One request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The value of a header, whose name is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Scheme, host and prefix under which this request came.
    pub(crate) fn own_address(&self) -> String {
        let prefix = if self.target.starts_with(OWN_SERVER) { OWN_SERVER } else { "" };
        format!("http://{}{prefix}", self.header("host").unwrap_or("localhost"))
    }

    /// Where files are sent.
    pub(crate) fn uploads_address(&self) -> String {
        format!("http://{}{UPLOADS}", self.header("host").unwrap_or("localhost"))
    }

    /// Whether it sends a file.
    pub(crate) fn is_upload(&self) -> bool {
        self.method == "POST" && self.target.starts_with(UPLOADS)
    }

    /// A value of the query, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.path_and_query();
        query.split('&').find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name)).map(|(_, v)| decode(v))
    }

    /// The target's path and its query.
    pub(crate) fn path_and_query(&self) -> (&str, &str) {
        self.target.split_once('?').unwrap_or((&self.target, ""))
    }
}

/// Reads one request; `None` when the client is done.
pub(crate) fn read_request(from: &mut impl BufRead) -> io::Result<Option<Request>> {
    let Some(line) = read_line(from)? else { return Ok(None) };
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1"), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not an HTTP/1.1 request line"));
    };
    let mut request = Request { method: method.to_owned(), target: target.to_owned(), ..Request::default() };
    while let Some(line) = read_line(from)?.filter(|l| !l.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        if request.headers.len() > HEADERS {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "too many headers"));
        }
    }
    request.body = read_body(from, &request)?;
    Ok(Some(request))
}

/// The body by its length; the client never sends chunks, since it knows its bodies whole.
fn read_body(from: &mut impl BufRead, request: &Request) -> io::Result<Vec<u8>> {
    let length = request.header("content-length").map_or(Some(0), |v| v.parse().ok()).filter(|length| *length <= BODY);
    let Some(length) = length.filter(|_| request.header("transfer-encoding").is_none()) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a body in chunks or of no good length"));
    };
    let mut body = Vec::new();
    match from.take(length).read_to_end(&mut body)? as u64 {
        read if read == length => Ok(body),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    from.take(LINE).read_until(b'\n', &mut line)?;
    if line.last() != Some(&b'\n') {
        return if line.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
    }
    line.truncate(line.len() - 1 - usize::from(line.ends_with(b"\r\n")));
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

/// One answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// JSON with GitHub's content type.
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        let headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
        Answer { status, headers, body: body.to_string().into_bytes() }
    }

    /// 204.
    pub(crate) fn nothing() -> Self {
        Answer { status: 204, ..Answer::default() }
    }

    /// The same with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// The same with a `Link` header, where there is one.
    pub(crate) fn with_link(self, link: Option<String>) -> Self {
        match link {
            Some(link) => self.with("link", link),
            None => self,
        }
    }

    /// The bytes of the status line and the headers; the length is the body's.
    pub(crate) fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        // <https://www.rfc-editor.org/rfc/rfc9110#section-8.6>: an answer of 204 says no length.
        if self.status != 204 {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head + "\r\n"
    }

    /// Sends it whole.
    pub(crate) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut bytes = self.head().into_bytes();
        bytes.extend_from_slice(&self.body);
        to.write_all(&bytes)?;
        to.flush()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        410 => "Gone",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Answer",
    }
}

/// The text behind `%XX`; what is not UTF-8 afterwards is replaced.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        match hex.filter(|_| bytes[at] == b'%').and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The text with everything but unreserved characters and `/` as `%XX`.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let seen = match read_request(&mut &bytes[..]) {
            Ok(Some(r)) => {
                format!("{} {} {:?} {}", r.method, r.target, r.headers, String::from_utf8_lossy(&r.body))
            }
            Ok(None) => "none".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(seen, expected);
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(decode(&encode(&text)), text);
    }

    #[test]
    fn requests_are_read_or_refused() {
        check(b"GET /a?b=c HTTP/1.1\r\nHost: x:1\r\nA:  b \r\n\r\n", r#"GET /a?b=c [("host", "x:1"), ("a", "b")] "#);
        check(b"POST / HTTP/1.1\ncontent-length: 3\n\nabc", r#"POST / [("content-length", "3")] abc"#);
        check(b"POST / HTTP/1.1\ncontent-length: 3\n\nab", "unexpected end of file");
        let refused = "a body in chunks or of no good length";
        check(b"POST / HTTP/1.1\ncontent-length: 67108865\n\n", refused);
        check(b"POST / HTTP/1.1\ncontent-length: x\n\n", refused);
        check(b"POST / HTTP/1.1\ntransfer-encoding: chunked\n\n0\r\n\r\n", refused);
        check(b"", "none");
        check(b"GET / HTTP/1.0\r\n\r\n", "not an HTTP/1.1 request line");
        check("\u{1f980} % %4 %zz\r\n".as_bytes(), "not an HTTP/1.1 request line");
        check(b"GET", "unexpected end of file");
    }
}
