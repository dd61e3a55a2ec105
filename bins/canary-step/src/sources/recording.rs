//! A recorded range: counters of pods over time, as an answer of Prometheus' `query_range` or as CSV; and what they come to tick by tick.
mod ticks;

use std::collections::BTreeMap;

use serde::Deserialize;

/// A larger file is refused: days of a few hundred series.
pub const LARGEST: usize = 64 << 20;
/// Labels that name a pod, the most telling first.
const POD: [&str; 4] = ["pod", "kubernetes_pod_name", "pod_name", "instance"];
/// Labels that carry a status.
const STATUS: [&str; 6] =
    ["code", "status", "status_code", "http_status_code", "http_response_status_code", "response_code"];

/// Requests and failures of a pod, tick by tick; nothing where they are unknown.
pub type Ticks = Vec<Option<(u64, u64)>>;

/// What was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Seconds of a tick.
    pub tick: f64,
    /// How many ticks there are.
    pub ticks: usize,
    /// The pods of each service.
    pub services: BTreeMap<String, BTreeMap<String, Ticks>>,
    /// Series that belong to no service of the policy.
    pub strangers: usize,
}

/// What a series counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    /// Requests of which none failed, or of which that is told elsewhere.
    Requests,
    /// Requests that failed.
    Failed,
    /// Failures that are among the requests of another series.
    Failures,
}

/// One counter.
struct Series {
    service: Option<String>,
    pod: String,
    counts: Counts,
    values: Vec<(f64, f64)>,
}

/// An answer of `query_range`.
#[derive(Deserialize)]
struct Range {
    #[serde(default)]
    status: String,
    #[serde(default)]
    error: String,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType", default)]
    kind: String,
    #[serde(default)]
    result: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    #[serde(default)]
    values: Vec<(f64, String)>,
}

impl Recording {
    /// Reads a file. `services` are names and Deployments; with one of them alone, every series is its.
    ///
    /// # Errors
    /// The file is neither format, or tells nothing of failures; the text says where.
    pub fn read(bytes: &[u8], services: &[(String, String)]) -> Result<Self, String> {
        if bytes.len() > LARGEST {
            return Err(format!("it has {} bytes, and {LARGEST} are read; export a shorter range", bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| format!("it is no UTF-8: {error}"))?;
        let series = match text.trim_start().starts_with('{') {
            true => from_json(text, services)?,
            false => from_csv(text, services)?,
        };
        ticks::gathered(&series)
    }
}

fn from_json(text: &str, services: &[(String, String)]) -> Result<Vec<Series>, String> {
    let range: Range = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if range.status != "success" {
        return Err(format!("status: Prometheus says `{}`: {}", range.status, range.error));
    }
    let data = range.data.ok_or("data: it is missing")?;
    if data.kind != "matrix" {
        return Err(format!("data.resultType: it is `{}`, not `matrix`; export a range", data.kind));
    }
    let rows = data.result.into_iter().enumerate().map(|(at, row)| {
        let place = format!("data.result[{at}]");
        let pod = POD.iter().find_map(|label| row.metric.get(*label));
        let pod = pod.ok_or_else(|| format!("{place}: no label names the pod ({})", POD.join(", ")))?.clone();
        let values = row.values.iter().map(|(time, value)| {
            let value: f64 = value.parse().map_err(|_| format!("{place}: `{value}` is no number"))?;
            Ok((*time, value))
        });
        let values = values.collect::<Result<_, String>>()?;
        Ok(Series { service: owner(&row.metric, &pod, services), counts: counts(&row.metric), pod, values })
    });
    rows.collect()
}

/// What a series counts, by its status or by its name.
fn counts(metric: &BTreeMap<String, String>) -> Counts {
    let status = STATUS.iter().find_map(|label| metric.get(*label));
    if status.is_some_and(|status| status.starts_with('5')) {
        return Counts::Failed;
    }
    let name = metric.get("__name__").map_or("", String::as_str);
    let failures = status.is_none() && (name.contains("error") || name.contains("fail"));
    if failures { Counts::Failures } else { Counts::Requests }
}

/// The service of a series: one that a label names, or whose Deployment the pod's name begins with.
fn owner(metric: &BTreeMap<String, String>, pod: &str, services: &[(String, String)]) -> Option<String> {
    let named = |(name, deployment): &&(String, String)| {
        metric.iter().any(|(label, value)| label != "__name__" && (value == name || value == deployment))
            || pod.strip_prefix(deployment.as_str()).is_some_and(|rest| rest.starts_with('-'))
    };
    // Of `api` and `api-admin` the longer one is meant.
    let found = services.iter().filter(named).max_by_key(|(_, deployment)| deployment.len());
    let only = services.first().filter(|_| services.len() == 1);
    found.or(only).map(|(name, _)| name.clone())
}

/// Lines of `time,service,pod,requests,errors`, in any order that the first line says; the counts are counters that grow.
fn from_csv(text: &str, services: &[(String, String)]) -> Result<Vec<Series>, String> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let (_, head) = lines.next().ok_or("it is empty")?;
    let head: Vec<&str> = fields(head).collect();
    let column = |name: &str| head.iter().position(|field| field.eq_ignore_ascii_case(name));
    let needed = |name: &str| column(name).ok_or_else(|| format!("line 1: the column `{name}` is missing"));
    let (time, pod) = (needed("time")?, needed("pod")?);
    let counted = [(needed("requests")?, Counts::Requests), (needed("errors")?, Counts::Failures)];
    let service = column("service");
    let mut series: BTreeMap<(String, String, usize), Series> = BTreeMap::new();
    for (at, line) in lines {
        let fields: Vec<&str> = fields(line).collect();
        let field =
            |column: usize| fields.get(column).copied().ok_or_else(|| format!("line {}: it is too short", at + 1));
        let number = |column: usize| {
            let text = field(column)?;
            text.parse::<f64>().map_err(|_| format!("line {}: `{text}` is no number", at + 1))
        };
        let time = seconds(field(time)?)
            .ok_or_else(|| format!("line {}: the time is neither seconds nor RFC 3339", at + 1))?;
        let (name, pod) = (service.map_or(Ok(""), field)?, field(pod)?);
        for (column, counts) in counted {
            let value = number(column)?;
            let metric = BTreeMap::from([("service".to_owned(), name.to_owned())]);
            let key = (name.to_owned(), pod.to_owned(), column);
            let new =
                || Series { service: owner(&metric, pod, services), pod: pod.to_owned(), counts, values: Vec::new() };
            series.entry(key).or_insert_with(new).values.push((time, value));
        }
    }
    Ok(series.into_values().collect())
}

fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(|field| field.trim().trim_matches('"'))
}

fn seconds(text: &str) -> Option<f64> {
    text.parse().ok().or_else(|| Some(text.parse::<jiff::Timestamp>().ok()?.as_second() as f64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn services() -> Vec<(String, String)> {
        ["api", "web"].map(|name| (name.to_owned(), name.to_owned())).into()
    }

    fn read(text: &str) -> Result<Recording, String> {
        Recording::read(text.as_bytes(), &services())
    }

    #[test]
    fn an_answer_of_prometheus() {
        let row = |labels: &str, values: &str| format!(r#"{{"metric":{{{labels}}},"values":[{values}]}}"#);
        let rows = [
            row(r#""pod":"api-1","code":"200""#, r#"[0,"10"],[15,"20"],[30,"40"],[45,"5"],[60,"9"]"#),
            row(r#""pod":"api-1","code":"503""#, r#"[30,"3"],[45,"3"],[60,"4"]"#),
            row(r#""pod":"other-1","code":"200""#, r#"[0,"1"]"#),
        ];
        let text = format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{}]}}}}"#, rows.join(","));
        let recording = read(&text).unwrap();
        assert_eq!((recording.tick, recording.ticks, recording.strangers), (15.0, 4, 1));
        assert_eq!(recording.services["api"]["api-1"], [Some((10, 0)), Some((23, 3)), None, Some((5, 1))]);
    }

    #[test]
    fn csv() {
        let text = "time,service,pod,requests,errors\n0,web,a,100,1\n10,web,a,150,1\n20,web,a,180,4\n20,api,b,1,0\n";
        assert_eq!(read(text).unwrap().services["web"]["a"], [Some((50, 0)), Some((30, 3))]);
        assert_eq!(read("pod,requests,errors\n"), Err("line 1: the column `time` is missing".to_owned()));
        let wrong = read("time,pod,requests,errors\n0,api-1,x,1\n");
        assert_eq!(wrong, Err("line 2: `x` is no number".to_owned()));
    }

    #[test]
    fn what_tells_nothing_is_refused() {
        let check = |text: &str, part: &str| {
            let error = read(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        };
        check("", "it is empty");
        check("{}", "status");
        check(r#"{"status":"error","error":"boom"}"#, "boom");
        check(r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#, "not `matrix`");
        check(
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{}}]}}"#,
            "no label names the pod",
        );
        let silent = r#"{"metric":{"pod":"api-1"},"values":[[0,"1"],[1,"2"],[2,"3"]]}"#;
        check(
            &format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{silent}]}}}}"#),
            "tells failures",
        );
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Recording::read(&bytes, &services());
        }

        /// Counters that only grow come back as what they grew by.
        #[test]
        fn growth_comes_back(growth in prop::collection::vec((0_u64..1000, 0_u64..1000), 2..30)) {
            let mut text = "time,service,pod,requests,errors\n0,api,p,7,3\n".to_owned();
            let (mut requests, mut errors) = (7, 3);
            for (at, (more, failed)) in growth.iter().enumerate() {
                requests += more + failed;
                errors += failed;
                text += &format!("{},api,p,{requests},{errors}\n", (at + 1) * 5);
            }
            let expected: Vec<_> = growth.iter().map(|(more, failed)| Some((more + failed, *failed))).collect();
            prop_assert_eq!(&read(&text).unwrap().services["api"]["p"], &expected);
        }
    }
}
