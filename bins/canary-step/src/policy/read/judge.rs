//! The part of a policy about what decides: presets, numbers and where they are read, hard signals.
use std::collections::BTreeMap;

use crate::signals::Kind;

use super::super::fields::{Field, Fields};
use super::super::yaml::Value;
use super::super::{
    Confirm, Count, HardSignals, Judge, Legacy, Metric, OnInconclusive, PageFormat, Preset, Problem, Reaction, Source,
};
use super::{MOST_SERVICES, argv, name, observe};

/// More metrics than this share too little alpha.
const MOST_METRICS: usize = 50;
const PRESETS: &[(&str, Preset)] = &[
    ("default", Preset::Default),
    ("sensitive", Preset::Sensitive),
    ("robust", Preset::Robust),
    ("legacy", Preset::Legacy),
];

/// `known` are the services of the policy.
pub(super) fn judge(field: Field, known: &[String]) -> Result<Judge, Problem> {
    let mut fields = Fields::of(field)?;
    let default = Judge::default();
    let judge = Judge {
        preset: fields.read("preset", default.preset, |field| field.word(PRESETS))?,
        alpha: fields.read("alpha", None, |field| between(field, (0.000_001, 0.5)).map(Some))?,
        margin: fields.read("margin", None, |field| between(field, (1.0, 100.0)).map(Some))?,
        warm_up: fields.read("warmUp", default.warm_up, Field::span)?,
        tick: fields.read("tick", default.tick, observe)?,
        metrics: fields
            .read("metrics", default.metrics, |field| field.list(MOST_METRICS, |item| metric(item, known)))?,
        hard_signals: fields.read("hardSignals", default.hard_signals, hard_signals)?,
        on_inconclusive: fields.read("onInconclusive", default.on_inconclusive, |field| {
            field.word(&[
                ("hold", OnInconclusive::Hold),
                ("abort", OnInconclusive::Abort),
                ("proceed", OnInconclusive::Proceed),
            ])
        })?,
        confirm: fields.read("confirm", default.confirm, confirm)?,
        legacy: fields.read("legacy", default.legacy, |field| legacy(field, default.legacy))?,
    };
    fields.end().map(|()| judge)
}

fn confirm(field: Field) -> Result<Confirm, Problem> {
    if matches!(&field.node.value, Value::Text(text) if text == "replacement") {
        return Err(field
            .problem("a second pod that judges the first is not in this version")
            .hint("let the first step have more pods: a larger weight, or more stable pods"));
    }
    field.word(&[("none", Confirm::None)])
}

fn between(field: Field, (least, most): (f64, f64)) -> Result<f64, Problem> {
    let number = field.ratio()?;
    match number >= least && number <= most {
        true => Ok(number),
        false => Err(field.problem(format!("{number} is not between {least} and {most}"))),
    }
}

fn legacy(field: Field, default: Legacy) -> Result<Legacy, Problem> {
    let mut fields = Fields::of(field)?;
    let legacy = Legacy {
        failures: fields.read("failures", default.failures, |field| field.whole(0, 1_000_000_000))?,
        restarts: fields.read("restarts", default.restarts, |field| field.whole(0, 1_000_000_000))?,
    };
    fields.end().map(|()| legacy)
}

fn hard_signals(field: Field) -> Result<HardSignals, Problem> {
    let mut fields = Fields::of(field)?;
    let mut reactions = BTreeMap::new();
    let flaps = fields.read("flaps", HardSignals::default().flaps, |field| field.whole(0, 1_000))?;
    let words = &[("abort", Reaction::Abort), ("report", Reaction::Report)];
    fields.read("reactions", (), |field| {
        let mut list = Fields::of(field)?;
        for kind in Kind::ALL {
            if let Some(field) = list.take(kind.word()) {
                reactions.insert(kind, field.word(words)?);
            }
        }
        list.end()
    })?;
    fields.end().map(|()| HardSignals { reactions, flaps })
}

fn metric(field: Field, known: &[String]) -> Result<Metric, Problem> {
    let mut fields = Fields::of(field)?;
    let default = Metric::discovered();
    let metric = Metric {
        name: fields.read("name", default.name, |field| name(field, 63))?,
        services: fields.read("services", Vec::new(), |field| field.list(MOST_SERVICES, |item| one_of(item, known)))?,
        source: fields.read("source", default.source, source)?,
        count: fields.read("count", Count::default(), count)?,
    };
    fields.end().map(|()| metric)
}

fn one_of(field: Field, known: &[String]) -> Result<String, Problem> {
    let (path, at) = (field.path.clone(), field.node.at);
    let name = name(field, 63)?;
    match known.contains(&name) {
        true => Ok(name),
        false => {
            let message = format!("`{name}` is not a service of this policy");
            Err(Problem::new(at, path, message).hint("name a service of the same file"))
        }
    }
}

fn source(field: Field) -> Result<Source, Problem> {
    let (at, path) = (field.node.at, field.path.clone());
    let mut fields = Fields::of(field)?;
    let found: Vec<Source> = [
        fields.take("prometheus").map(|field| address(field).map(|url| Source::Prometheus { url })),
        fields.take("pods").map(pods),
        fields.take("web").map(|field| address(field).map(|url| Source::Web { url })),
        fields.take("command").map(|field| program(field).map(|argv| Source::Command { argv })),
    ]
    .into_iter()
    .flatten()
    .collect::<Result<_, _>>()?;
    fields.end()?;
    match <[Source; 1]>::try_from(found) {
        Ok([source]) => Ok(source),
        Err(found) => Err(Problem::new(at, path, format!("{} sources where one is wanted", found.len()))
            .hint("one of prometheus, pods, web, command")),
    }
}

/// `url: …`, or the address itself.
fn address(field: Field) -> Result<String, Problem> {
    let field = match field.node.value {
        Value::Map(_) => {
            let (at, path) = (field.node.at, field.path.clone());
            let mut fields = Fields::of(field)?;
            let inner = fields.take("url");
            fields.end()?;
            inner.ok_or_else(|| Problem::new(at, path, "an address is missing").hint("add `url: http://…`"))?
        }
        _ => field,
    };
    let (path, at) = (field.path.clone(), field.node.at);
    let url = field.text()?;
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    match host.is_some_and(|host| host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '['))
        && url.len() <= 2_048
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
    {
        true => Ok(url),
        false => Err(Problem::new(at, path, "this is no http address").hint("write http://host:port or https://host")),
    }
}

fn program(field: Field) -> Result<Vec<String>, Problem> {
    if let Value::Map(_) = field.node.value {
        let (at, path) = (field.node.at, field.path.clone());
        let mut fields = Fields::of(field)?;
        let inner = fields.take("argv");
        fields.end()?;
        return inner.map_or_else(|| Err(Problem::new(at, path, "a program is missing").hint("add `argv: […]`")), argv);
    }
    argv(field)
}

fn pods(field: Field) -> Result<Source, Problem> {
    let mut fields = Fields::of(field)?;
    let source = Source::Pods {
        port: fields.read("port", None, |field| field.whole(1, 65_535).map(Some))?,
        path: fields.read("path", None, page)?,
        format: fields.read("format", PageFormat::Auto, |field| {
            field.word(&[
                ("auto", PageFormat::Auto),
                ("prometheus", PageFormat::Prometheus),
                ("actuator", PageFormat::Actuator),
            ])
        })?,
    };
    fields.end().map(|()| source)
}

/// The path of a page, which must stay below its pod.
fn page(field: Field) -> Result<Option<String>, Problem> {
    let (path, at) = (field.path.clone(), field.node.at);
    let text = field.text()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-~".contains(c);
    match text.starts_with('/')
        && text.chars().all(plain)
        && text.len() <= 512
        && !text.split('/').any(|part| part == "..")
    {
        true => Ok(Some(text)),
        false => {
            Err(Problem::new(at, path, "this is no path of a page").hint("write /metrics or /actuator/prometheus"))
        }
    }
}

fn count(field: Field) -> Result<Count, Problem> {
    let (path, at) = (format!("{}.failed", field.path), field.node.at);
    let mut fields = Fields::of(field)?;
    let selector = |field: Field| {
        let (path, at) = (field.path.clone(), field.node.at);
        let text = field.text()?;
        match text.trim().is_empty() || text.len() > 4_096 || text.chars().any(char::is_control) {
            true => Err(Problem::new(at, path, "this selects nothing").hint("write name{label=\"value\"}")),
            false => Ok(Some(text)),
        }
    };
    let count = Count {
        total: fields.read("total", None, selector)?,
        failed: fields.read("failed", None, selector)?,
        latency: fields.read("latency", None, selector)?,
    };
    fields.end()?;
    match count.failed.is_some() && count.total.is_none() {
        true => Err(Problem::new(at, path, "failures without a total are no rate").hint("add `total`")),
        false => Ok(count),
    }
}
