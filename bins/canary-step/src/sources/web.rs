//! Pages beyond the cluster: a Prometheus server, or an endpoint that tells counters of pods as JSON; and programs that print the same.
use std::collections::BTreeMap;
use std::time::Duration;

use http::Request;
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;
use serde::Deserialize;

use super::counters::Counters;

/// A page that takes longer is none.
const TIMEOUT: Duration = Duration::from_secs(5);
/// A larger answer is refused: 16 MiB, thousands of series.
const LARGEST: usize = 16 << 20;

/// A server. Its client is the one that speaks with clusters, with the system's roots and without credentials.
pub struct Endpoint {
    client: kube::Client,
    url: String,
}

/// Counters of pods, by name, as they have grown since each pod started.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pods {
    pods: BTreeMap<String, Pod>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pod {
    requests: u64,
    errors: u64,
}

impl Endpoint {
    /// A server at an address, below which pages are asked for.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(url: &str) -> Result<Self, String> {
        let url = url.trim_end_matches('/');
        let address: http::Uri = url.parse().map_err(|error| format!("{url} is no address: {error}"))?;
        let mut config = kube::Config::new(address);
        (config.connect_timeout, config.read_timeout) = (Some(TIMEOUT), Some(TIMEOUT));
        let client = kube::Client::try_from(config).map_err(|error| format!("could not prepare for {url}: {error}"))?;
        Ok(Self { client, url: url.to_owned() })
    }

    /// The text of a page.
    ///
    /// # Errors
    /// There is no answer in time, or none with the status 200, or it is too long or no text.
    pub async fn get(&self, path: &str) -> Result<String, String> {
        let place = format!("{}{}", self.url, path.split('?').next().unwrap_or_default());
        let request = Request::get(path).body(Body::empty()).map_err(|error| format!("{place}: {error}"))?;
        let asked = async {
            let response = self.client.send(request).await.map_err(|error| format!("{place}: {error}"))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), LARGEST).collect().await;
            let body =
                body.map_err(|error| format!("{place}: the answer is too long, or broke off: {error}"))?.to_bytes();
            let text = String::from_utf8_lossy(&body);
            match status.is_success() {
                true => Ok(text.into_owned()),
                false => Err(format!("{place} answers {status}: {}", text.chars().take(200).collect::<String>())),
            }
        };
        tokio::time::timeout(TIMEOUT, asked).await.map_err(|_| format!("{place}: no answer within 5 s"))?
    }
}

/// Counters of pods as JSON: `{"pods": {"api-1": {"requests": 100, "errors": 2}}}`.
///
/// # Errors
/// The text is something else, or a pod has more failures than requests.
pub fn read(text: &str) -> Result<BTreeMap<String, Counters>, String> {
    if text.len() > LARGEST {
        return Err(format!("it has {} bytes, and {LARGEST} are read", text.len()));
    }
    let pods: Pods = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let counters = pods.pods.into_iter().map(|(name, pod)| match pod.errors <= pod.requests {
        true => Ok((name, Counters { requests: pod.requests, errors: pod.errors, within: Vec::new() })),
        false => Err(format!("pods.{name}: {} failures of {} requests are too many", pod.errors, pod.requests)),
    });
    counters.collect()
}

/// What a page tells.
///
/// # Errors
/// The server does not answer, or something else.
pub async fn ask(url: &str) -> Result<BTreeMap<String, Counters>, String> {
    let (server, path) = split(url);
    let text = Endpoint::new(server)?.get(path).await?;
    read(&text).map_err(|error| format!("{url}: {error}"))
}

/// Server and path of an address.
fn split(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    match url[host..].find('/') {
        Some(at) => url.split_at(host + at),
        None => (url, "/"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_are_read() {
        let found = read(r#"{"pods":{"a":{"requests":10,"errors":2},"b":{"requests":0,"errors":0}}}"#).unwrap();
        assert_eq!((found.len(), found["a"].requests, found["a"].errors), (2, 10, 2));
        assert!(read(r#"{"pods":{"a":{"requests":1,"errors":2}}}"#).is_err_and(|error| error.starts_with("pods.a:")));
        assert!(read(r#"{"pods":{"a":{"requests":-1,"errors":2}}}"#).is_err());
        assert!(read(r#"{"pods":{"a":{"requests":1,"errors":0,"error":1}}}"#).is_err());
    }

    #[test]
    fn addresses_are_split() {
        assert_eq!(split("http://a:1/b/c?d"), ("http://a:1", "/b/c?d"));
        assert_eq!(split("https://a"), ("https://a", "/"));
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in ".{0,200}") {
            let _ = read(&text);
        }
    }
}
