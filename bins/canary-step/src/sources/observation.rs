//! A whole observation as one JSON object: history, then both arms tick by tick. What `judge` reads.
use std::collections::BTreeMap;
use std::time::Duration;

use sequential::{Judge, PodTick, Preset, ServiceTick, Tick, Verdict};
use serde_json::{Map, Value, json};

/// The largest count: beyond it, a number of JSON is not exact.
const MOST: f64 = 9_007_199_254_740_992.0;

/// Services of a line, and pods of an arm; more are refused.
const MOST_SERVICES: usize = 1000;
const MOST_PODS: usize = 1000;
/// All pods × the longest series; more would take longer than half a minute.
const MOST_POD_TICKS: usize = 50_000_000;

/// Requests and failures of each pod, tick by tick; nothing for a tick that was missed.
type Pods = BTreeMap<String, Vec<Option<(u64, u64)>>>;

/// What one service was seen to do.
#[derive(Debug, Default, PartialEq)]
struct Series {
    history: Pods,
    stable: Pods,
    canary: Pods,
}

/// A line of input.
#[derive(Debug, PartialEq)]
struct Observation {
    preset: Preset,
    tick: f64,
    services: BTreeMap<String, Series>,
}

/// The answer to one line: verdict, seconds, and each service's evidence.
///
/// # Errors
/// The line is no such object; the text names the field.
pub fn answer(line: &[u8]) -> Result<String, String> {
    let value: Value = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let observation = Observation::read(&value)?;
    Ok(printed(&observation.judged()).to_string())
}

fn printed(verdict: &Verdict) -> Value {
    let services = verdict.services.iter().map(|service| {
        let mut row = json!({ "e": rounded(service.evidence) });
        if let Some(doubt) = service.doubt.filter(|_| verdict.doubt.is_some()) {
            row["doubt"] = json!(doubt);
        }
        (service.service.clone(), row)
    });
    let services: Map<String, Value> = services.collect();
    let mut answer = json!({ "verdict": verdict.answer, "at": verdict.at, "services": services });
    if let Some(doubt) = verdict.doubt {
        answer["doubt"] = json!(doubt);
    }
    answer
}

/// To six digits: the last ones of an exponential are not the same on every machine.
fn rounded(evidence: f64) -> f64 {
    format!("{evidence:.5e}").parse().unwrap_or(evidence)
}

impl Observation {
    fn read(value: &Value) -> Result<Self, String> {
        let fields = object(value, "the line")?;
        known(fields, "", &["preset", "tickSeconds", "services"])?;
        let preset = match fields.get("preset") {
            None | Some(Value::Null) => Preset::Default,
            Some(name) => serde_json::from_value(name.clone())
                .map_err(|_| format!("preset: {name} is none of default, sensitive and robust"))?,
        };
        let tick = match fields.get("tickSeconds") {
            None => return Err("tickSeconds: it is missing; say how many seconds a tick has".to_owned()),
            Some(tick) => tick.as_f64().filter(|tick| (0.001..=86_400.0).contains(tick)),
        };
        let tick = tick.ok_or("tickSeconds: it is no number of seconds between 0.001 and 86400")?;
        let services = fields.get("services").ok_or("services: it is missing; name at least one")?;
        let services = object(services, "services")?;
        if services.len() > MOST_SERVICES {
            return Err(format!("services: there are {}, and {MOST_SERVICES} are judged together", services.len()));
        }
        let read =
            |(name, value): (&String, &Value)| Ok((name.clone(), Series::read(value, &format!("services.{name}"))?));
        let services: BTreeMap<String, Series> = services.iter().map(read).collect::<Result<_, String>>()?;
        if services.is_empty() {
            return Err("services: it is empty; name at least one".to_owned());
        }
        bounded(&services)?;
        Ok(Self { preset, tick, services })
    }

    /// Runs the judge over all ticks, as far as it needs them: a canary that is worse is stopped.
    fn judged(&self) -> Verdict {
        let mut judge = Judge::new(self.preset, Duration::from_secs_f64(self.tick));
        let length = |pods: &Pods| pods.values().map(Vec::len).max().unwrap_or(0);
        let past = self.services.values().map(|series| length(&series.history)).max().unwrap_or(0);
        // Histories of different lengths end at the same time: when the canaries begin.
        for at in (0..past).rev() {
            judge.observe(&self.tick(|series| series.past(at)));
        }
        let longest = |series: &Series| length(&series.stable).max(length(&series.canary));
        for at in 0..self.services.values().map(longest).max().unwrap_or(0) {
            judge.observe(&self.tick(|series| series.present(at)));
            if judge.worse_at().is_some() {
                break;
            }
        }
        judge.verdict()
    }

    fn tick(&self, part: impl Fn(&Series) -> (Vec<PodTick>, Vec<PodTick>)) -> Tick {
        let service = |(name, series): (&String, &Series)| {
            let (stable, canary) = part(series);
            ServiceTick { service: name.clone(), stable, canary, ..ServiceTick::default() }
        };
        Tick { services: self.services.iter().map(service).collect() }
    }
}

/// Whether all of it can be judged in a sensible time: each tick looks at every pod.
fn bounded(services: &BTreeMap<String, Series>) -> Result<(), String> {
    let arms = || services.values().flat_map(|series| [&series.history, &series.stable, &series.canary]);
    let pods: usize = arms().map(BTreeMap::len).sum();
    let ticks = arms().flat_map(BTreeMap::values).map(Vec::len).max().unwrap_or(0);
    match pods.saturating_mul(ticks) <= MOST_POD_TICKS {
        true => Ok(()),
        false => Err(format!("services: {pods} pods over {ticks} ticks are too many; longer ticks would do")),
    }
}

impl Series {
    fn read(value: &Value, place: &str) -> Result<Self, String> {
        let fields = object(value, place)?;
        known(fields, place, &["history", "stable", "canary"])?;
        let part = |name: &str| match fields.get(name) {
            None | Some(Value::Null) => Ok(Pods::new()),
            Some(pods) => read_pods(pods, &format!("{place}.{name}")),
        };
        Ok(Self { history: part("history")?, stable: part("stable")?, canary: part("canary")? })
    }

    /// Stable's pods so many ticks before the end of history.
    fn past(&self, back: usize) -> (Vec<PodTick>, Vec<PodTick>) {
        (pods_at(&self.history, |ticks| ticks.len().checked_sub(back + 1)), Vec::new())
    }

    fn present(&self, at: usize) -> (Vec<PodTick>, Vec<PodTick>) {
        (pods_at(&self.stable, |_| Some(at)), pods_at(&self.canary, |_| Some(at)))
    }
}

fn pods_at(pods: &Pods, at: impl Fn(&[Option<(u64, u64)>]) -> Option<usize>) -> Vec<PodTick> {
    let found = pods.iter().filter_map(|(pod, ticks)| {
        let (requests, errors) = ticks.get(at(ticks)?).copied().flatten()?;
        Some(PodTick { pod: pod.clone(), requests, errors, ..PodTick::default() })
    });
    found.collect()
}

fn read_pods(value: &Value, place: &str) -> Result<Pods, String> {
    let pods = object(value, place)?;
    if pods.len() > MOST_PODS {
        return Err(format!("{place}: there are {} pods, and {MOST_PODS} are judged", pods.len()));
    }
    let pods = pods.iter().map(|(pod, ticks)| {
        let place = format!("{place}.{pod}");
        let ticks = ticks.as_array().ok_or_else(|| format!("{place}: it is no array of [requests, failures]"))?;
        let ticks = ticks.iter().enumerate().map(|(at, tick)| read_tick(tick, &format!("{place}[{at}]")));
        Ok((pod.clone(), ticks.collect::<Result<_, String>>()?))
    });
    pods.collect()
}

/// `[requests, failures]`, or `null` for a tick that was missed.
fn read_tick(value: &Value, place: &str) -> Result<Option<(u64, u64)>, String> {
    let pair = match value {
        Value::Null => return Ok(None),
        Value::Array(pair) if pair.len() == 2 => pair,
        _ => return Err(format!("{place}: it is neither [requests, failures] nor null")),
    };
    let count = |at: usize| {
        let number = pair[at].as_f64().filter(|number| (0.0..=MOST).contains(number) && number.fract() == 0.0);
        number
            .map(|number| number as u64)
            .ok_or_else(|| format!("{place}[{at}]: {} is no whole number from 0 to 2^53", pair[at]))
    };
    let (requests, errors) = (count(0)?, count(1)?);
    if errors > requests {
        return Err(format!("{place}: {errors} failures of {requests} requests are too many"));
    }
    Ok(Some((requests, errors)))
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("{place}: it is no object"))
}

/// A misspelt field would be no evidence, silently.
fn known(fields: &Map<String, Value>, place: &str, names: &[&str]) -> Result<(), String> {
    match fields.keys().find(|key| !names.contains(&key.as_str())) {
        Some(key) if place.is_empty() => Err(format!("{key}: there is no such field; known are {}", names.join(", "))),
        Some(key) => Err(format!("{place}.{key}: there is no such field; known are {}", names.join(", "))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(line: &str, expected: &str) {
        let found = answer(line.as_bytes()).unwrap_or_else(|error| format!("error: {error}"));
        assert!(found.starts_with(expected), "{line}\n{found}\n{expected}");
    }

    fn ticks(count: usize, tick: &str) -> String {
        format!("[{}]", vec![tick; count].join(","))
    }

    #[test]
    fn verdicts() {
        let line = |canary: &str| {
            let (history, stable) = (ticks(360, "[500,5]"), ticks(60, "[500,5]"));
            let pods = |ticks: &str| (0..6).map(|pod| format!(r#""p{pod}":{ticks}"#)).collect::<Vec<_>>().join(",");
            let arms = format!(r#""history":{{{}}},"stable":{{{}}}"#, pods(&history), pods(&stable));
            format!(
                r#"{{"preset":"default","tickSeconds":5,"services":{{"api":{{{arms},"canary":{{"c":{canary}}}}}}}}}"#
            )
        };
        check(&line(&ticks(60, "[500,50]")), r#"{"verdict":"worse","at":"#);
        check(&line(&ticks(60, "[500,4]")), r#"{"verdict":"not-worse","at":300.0,"services":{"api":{"e":"#);
        check(&line("[]"), r#"{"verdict":"inconclusive","at":null,"services":{"api":{"e":1.0,"doubt":"no-traffic"}}"#);
        check(&line(&ticks(60, "null")), r#"{"verdict":"inconclusive","at":null"#);
        check(&line(&ticks(60, "[0,0]")), r#"{"verdict":"inconclusive","at":null"#);
    }

    #[test]
    fn errors_name_the_field() {
        let canary =
            |tick: &str| format!(r#"{{"tickSeconds":5,"services":{{"api":{{"canary":{{"c1":[[1,0],{tick}]}}}}}}}}"#);
        check(&canary("[1,2]"), "error: services.api.canary.c1[1]: 2 failures of 1 requests are too many");
        check(&canary("[-1,0]"), "error: services.api.canary.c1[1][0]: -1 is no whole number");
        check(&canary("[1.5,0]"), "error: services.api.canary.c1[1][0]: 1.5 is no whole number");
        check(&canary("[1e300,0]"), "error: services.api.canary.c1[1][0]: 1e+300 is no whole number");
        check(&canary("[NaN,0]"), "error: expected value at line 1 column");
        check(&canary("7"), "error: services.api.canary.c1[1]: it is neither [requests, failures] nor null");
        check(r#"{"tickSeconds":0,"services":{}}"#, "error: tickSeconds: it is no number of seconds");
        check(r#"{"tickSeconds":5,"services":{}}"#, "error: services: it is empty");
        check(r#"{"services":{}}"#, "error: tickSeconds: it is missing");
        check(
            r#"{"tickSeconds":5,"services":{"a":{"cannary":{}}}}"#,
            "error: services.a.cannary: there is no such field",
        );
        check(r#"{"preset":"mild","tickSeconds":5,"services":{"a":{}}}"#, r#"error: preset: "mild" is none of"#);
        check("[]", "error: the line: it is no object");
        let many: Vec<String> = (0..1001).map(|pod| format!("\"p{pod}\":[]")).collect();
        let many = format!(r#"{{"tickSeconds":5,"services":{{"a":{{"stable":{{{}}}}}}}}}"#, many.join(","));
        check(&many, "error: services.a.stable: there are 1001 pods");
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(line in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = answer(&line);
        }

        /// Counts that were written are counts that are read.
        #[test]
        fn counts_come_back(ticks in prop::collection::vec(prop::option::of((0_u64..1 << 40, 0_u64..1 << 40)), 0..20)) {
            let ticks: Vec<_> = ticks.into_iter().map(|tick| tick.map(|(a, b)| (a.max(b), a.min(b)))).collect();
            let read = read_pods(&json!({ "p": ticks }), "x").unwrap();
            prop_assert_eq!(&read["p"], &ticks);
        }
    }
}
