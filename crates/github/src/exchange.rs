//! One attempt: a request sent, an answer read within its time and size.
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::{HeaderMap, Request};

use crate::connect::Http;
use crate::error::quoted;
use crate::outgoing::Outgoing;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    /// A header's text, when it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// Whether the content type is JSON of any kind.
    pub(crate) fn is_json(&self) -> bool {
        let kind = self.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json")
    }
}

/// Why an attempt gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// Nothing, or not all, came in time.
    TimedOut,
    /// The body is larger than allowed; another attempt would be as well.
    TooLarge,
    /// The server's certificate is not trusted; it will not be at the next attempt.
    Certificate(String),
    /// The proxy wants another user or password; it will again.
    Proxy,
    /// There was no connection, so nothing was sent.
    Unconnected(String),
    /// What was to be sent could not be read to its end, so it was not sent whole.
    Source(String),
    /// The connection broke.
    Broken(String),
}

/// What bounds an attempt.
pub(crate) struct Bounds {
    pub(crate) expiry: Pin<Box<dyn Future<Output = ()> + Send>>,
    pub(crate) answer_bytes: usize,
}

/// Sends one request and reads the answer; runs inside the runtime.
pub(crate) async fn exchange(http: &Http, request: Request<Outgoing>, bounds: Bounds) -> Result<Reply, Lost> {
    let Bounds { mut expiry, answer_bytes } = bounds;
    let mut work = pin!(read(http, request, answer_bytes));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(outcome) => Poll::Ready(outcome),
        Poll::Pending => expiry.as_mut().poll(context).map(|()| Err(Lost::TimedOut)),
    })
    .await
}

async fn read(http: &Http, request: Request<Outgoing>, answer_bytes: usize) -> Result<Reply, Lost> {
    let response = http.request(request).await.map_err(|error| lost(&error))?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, answer_bytes).collect().await.map_err(|error| match error.downcast_ref() {
        Some(LengthLimitError { .. }) => Lost::TooLarge,
        None => Lost::Broken(causes(error.as_ref())),
    })?;
    Ok(Reply { status: head.status.as_u16(), headers: head.headers, body: body.to_bytes() })
}

fn lost(error: &hyper_util::client::legacy::Error) -> Lost {
    let text = causes(error);
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = next {
        if let Some(rustls::Error::InvalidCertificate(why)) = inner.downcast_ref() {
            return Lost::Certificate(quoted(&why.to_string()));
        }
        if inner.downcast_ref().is_some_and(hyper::Error::is_user) {
            return Lost::Source(inner.source().map_or(text, |why| quoted(&why.to_string())));
        }
        // An `io::Error` hides what it wraps from `source`.
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(|e| e.get_ref());
        next = wrapped.map(|e| e as &(dyn std::error::Error + 'static)).or_else(|| inner.source());
    }
    // The tunnel's error type is not exported; its text says which of its failures this is.
    match error.is_connect() {
        true if text.contains("proxy authorization required") => Lost::Proxy,
        true => Lost::Unconnected(text),
        false => Lost::Broken(text),
    }
}

/// The causes from the outermost to the innermost, each once; the outermost only says that there was an error.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error.source().unwrap_or(error));
    while let Some(error) = next {
        let text = quoted(&error.to_string());
        if !texts.iter().any(|told| told.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}
