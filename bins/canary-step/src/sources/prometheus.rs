//! A Prometheus server: series of pods as they stand, or stood, by `/api/v1/query`.
use std::collections::BTreeMap;

use serde::Deserialize;

use super::counters::Counters;
use super::page::Sample;
use super::selector::counted;
use super::web::Endpoint;
use crate::policy::Count;

/// Names that are asked for where the policy names none: those that pages are searched for.
const USUAL: &str = "http_requests_total|http_server_requests_total|http_server_requests_seconds_(count|bucket)|http_server_request_duration_seconds_(count|bucket)|http_request_duration_seconds_(count|bucket)|istio_requests_total";
/// Labels that name a pod, the most telling first.
const POD: [&str; 3] = ["pod", "kubernetes_pod_name", "pod_name"];

/// An answer of `/api/v1/query`.
#[derive(Deserialize)]
struct Answer {
    status: String,
    #[serde(default)]
    error: String,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    kind: String,
    result: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    metric: BTreeMap<String, String>,
    value: (f64, String),
}

/// The queries that give what a policy counts, in a namespace; selectors of the policy that name none are asked as they are.
#[must_use]
pub fn queries(count: &Count, namespace: &str) -> Vec<String> {
    let named: Vec<String> = [&count.total, &count.failed, &count.latency].into_iter().flatten().cloned().collect();
    match named.is_empty() {
        true => vec![format!("{{__name__=~\"{USUAL}\",namespace=\"{namespace}\"}}")],
        false => named,
    }
}

/// The counters of every pod that the answers name, and why others have none.
///
/// # Errors
/// An answer is none, or a refusal.
pub fn read(answers: &[String], count: &Count) -> Result<(BTreeMap<String, Counters>, Vec<String>), String> {
    let answers: Vec<Answer> = answers
        .iter()
        .map(|text| serde_json::from_str(text).map_err(|error| format!("this is no answer of Prometheus: {error}")))
        .collect::<Result<_, _>>()?;
    let mut pods: BTreeMap<&str, Vec<Sample<'_>>> = BTreeMap::new();
    for answer in &answers {
        let data = answer.data.as_ref().filter(|_| answer.status == "success");
        let data = data.ok_or_else(|| format!("Prometheus says {}: {}", answer.status, answer.error))?;
        if data.kind != "vector" {
            return Err(format!("Prometheus answers a {}, not a vector: give a plain selector", data.kind));
        }
        for row in &data.result {
            let Some(pod) = POD.iter().find_map(|label| row.metric.get(*label)) else { continue };
            let value: f64 =
                row.value.1.parse().map_err(|_| format!("Prometheus says `{}` for a number", row.value.1))?;
            let sample = sample(&row.metric, value);
            let samples = pods.entry(pod).or_default();
            // A total and its failures may be the same series.
            if !value.is_nan() && !samples.contains(&sample) {
                samples.push(sample);
            }
        }
    }
    let (mut found, mut problems) = (BTreeMap::new(), Vec::new());
    for (pod, samples) in pods {
        match counted(&samples, count) {
            Ok(counters) => _ = found.insert(pod.to_owned(), counters),
            Err(why) => problems.push(format!("{pod}: {why}")),
        }
    }
    Ok((found, problems))
}

fn sample(metric: &BTreeMap<String, String>, value: f64) -> Sample<'_> {
    let labels = metric.iter().filter(|(name, _)| *name != "__name__");
    Sample {
        name: metric.get("__name__").map_or("", String::as_str),
        labels: labels.map(|(name, value)| (name.as_str(), value.as_str().into())).collect(),
        value,
    }
}

/// Asks a server how things stand.
///
/// # Errors
/// It does not answer, or with something else.
pub async fn ask(url: &str, about: (&Count, &str)) -> Result<(BTreeMap<String, Counters>, Vec<String>), String> {
    asked(&Endpoint::new(url)?, about, None).await
}

/// Asks a server how things stand, or stood at a time (seconds since 1970).
///
/// # Errors
/// As for [`ask`].
pub async fn asked(
    endpoint: &Endpoint,
    (count, namespace): (&Count, &str),
    at: Option<u64>,
) -> Result<(BTreeMap<String, Counters>, Vec<String>), String> {
    let time = at.map_or_else(String::new, |at| format!("&time={at}"));
    let mut answers = Vec::new();
    for query in queries(count, namespace) {
        answers.push(endpoint.get(&format!("/api/v1/query?query={}{time}", encoded(&query))).await?);
    }
    read(&answers, count)
}

/// Percent-encoded, all but letters, digits and `-._~`.
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(rows: &[(&str, &str, &str, &str)]) -> String {
        let rows = rows.iter().map(|(name, pod, code, value)| {
            format!(r#"{{"metric":{{"__name__":"{name}","pod":"{pod}","code":"{code}"}},"value":[1.5,"{value}"]}}"#)
        });
        let rows: Vec<String> = rows.collect();
        format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{}]}}}}"#, rows.join(","))
    }

    #[test]
    fn pods_are_told_apart() {
        let rows = [
            ("http_requests_total", "a", "200", "90"),
            ("http_requests_total", "a", "503", "4"),
            ("http_requests_total", "b", "200", "7"),
            ("up", "c", "", "1"),
        ];
        let (found, problems) = read(&[answer(&rows)], &Count::default()).unwrap();
        let counts: Vec<_> =
            found.iter().map(|(pod, counters)| (pod.as_str(), counters.requests, counters.errors)).collect();
        assert_eq!(counts, [("a", 94, 4), ("b", 7, 0)]);
        assert!(problems.len() == 1 && problems[0].starts_with("c: no counter"), "{problems:?}");
        let refused = r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#.to_owned();
        assert!(read(&[refused], &Count::default()).is_err_and(|error| error.contains("parse error")));
    }

    #[test]
    fn selectors_are_asked_as_they_are() {
        let count =
            Count { total: Some("rpc_total".into()), failed: Some("rpc_total{code=\"13\"}".into()), latency: None };
        assert_eq!(queries(&count, "prod"), ["rpc_total", "rpc_total{code=\"13\"}"]);
        let both = [
            answer(&[("rpc_total", "a", "0", "5"), ("rpc_total", "a", "13", "2")]),
            answer(&[("rpc_total", "a", "13", "2")]),
        ];
        assert_eq!(read(&both, &count).unwrap().0["a"].errors, 2);
        assert_eq!(read(&both, &count).unwrap().0["a"].requests, 7);
        assert_eq!(encoded("a{b=\"c\"} +"), "a%7Bb%3D%22c%22%7D%20%2B");
    }

    /// A server that answers one request with a status and a body, and tells the request's first line.
    fn server(status: &'static str, body: String) -> (String, std::thread::JoinHandle<String>) {
        use std::io::{BufRead as _, Write as _};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/prom/", listener.local_addr().unwrap());
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = std::io::BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            lines.find(String::is_empty);
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).unwrap();
            first
        });
        (url, answering)
    }

    fn asked(url: &str) -> Result<(BTreeMap<String, Counters>, Vec<String>), String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            super::asked(&Endpoint::new(url)?, (&Count::default(), "prod"), Some(1_700_000_000)).await
        })
    }

    #[test]
    fn a_server_is_asked() {
        let (url, answering) = server("200 OK", answer(&[("http_requests_total", "a", "503", "4")]));
        assert_eq!(asked(&url).unwrap().0["a"].errors, 4);
        let first = answering.join().unwrap();
        assert!(first.starts_with("GET /prom/api/v1/query?query=%7B__name__") && first.contains("prod"), "{first}");
        assert!(first.ends_with("&time=1700000000 HTTP/1.1"), "{first}");
        let (url, answering) = server("400 Bad Request", "parse error".to_owned());
        let error = asked(&url).unwrap_err();
        assert!(error.contains("answers 400") && error.contains("parse error"), "{error}");
        answering.join().unwrap();
        assert!(asked("http://127.0.0.1:1").is_err_and(|error| error.starts_with("http://127.0.0.1:1/api/v1/query: ")));
        assert!(asked("not an address").is_err_and(|error| error.contains("is no address")));
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in ".{0,200}") {
            let _ = read(&[text], &Count::default());
        }
    }
}
