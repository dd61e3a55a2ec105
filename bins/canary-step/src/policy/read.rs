//! From a tree with places to a policy: each field once, with its type, its bounds and its default.
use std::collections::BTreeMap;

use crate::signals::Kind;
use crate::weights::Weight;

use super::fields::{Field, Fields};
use super::yaml::{Node, Value};
use super::{
    Confirm, Count, Gate, HardSignals, Image, Judge, Legacy, Limits, Metric, OnCancel, OnInconclusive, PageFormat, Policy,
    Position, Preset, Problem, Reaction, Router, Service, Source, Span, Stage, Timeouts, check, image,
};

/// More services than this are no release group.
const MOST_SERVICES: usize = 100;
/// More steps than this are no rollout.
const MOST_STEPS: usize = 20;
/// More metrics than this have lost their alpha.
const MOST_METRICS: usize = 50;

pub(super) fn policy(root: Node, names: &[String]) -> Result<Policy, Problem> {
    let mut fields = Fields::of(Field { path: String::new(), node: root })?;
    let default = Policy::empty();
    let (services, places) = fields.read("services", (Vec::new(), Vec::new()), services)?;
    let (services, places) = match services.is_empty() {
        true => (named(names, fields.at())?, vec![fields.at(); names.len()]),
        false => (services, places),
    };
    let policy = Policy {
        group: fields.read("group", default.group, |field| name(field, 40))?,
        services,
        steps: fields.read("steps", default.steps, steps)?,
        router: fields.read("router", default.router, router)?,
        strict: fields.read("strict", default.strict, Field::bool)?,
        judge: fields.read("judge", default.judge, judge)?,
        timeouts: fields.read("timeouts", default.timeouts, timeouts)?,
        on_cancel: fields.read("onCancel", default.on_cancel, |field| field.word(ON_CANCEL))?,
        limits: fields.read("limits", default.limits, limits)?,
    };
    let at = fields.at();
    fields.end()?;
    check::policy(&policy, &places, at)?;
    Ok(policy)
}

const ON_CANCEL: &[(&str, OnCancel)] =
    &[("freeze", OnCancel::Freeze), ("scaleDown", OnCancel::ScaleDown), ("abort", OnCancel::Abort)];

fn named(names: &[String], at: Position) -> Result<Vec<Service>, Problem> {
    if names.len() > MOST_SERVICES {
        return Err(Problem::new(at, "services", format!("more than {MOST_SERVICES} of them")));
    }
    names
        .iter()
        .map(|text| {
            let node = Node { at, value: Value::Text(text.clone()) };
            Ok(Service::named(name(Field { path: "services".to_owned(), node }, 63)?))
        })
        .collect()
}

/// A list of names or of mappings with a name, or a mapping of names.
fn services(field: Field) -> Result<(Vec<Service>, Vec<Position>), Problem> {
    let read: Vec<(Service, Position)> = match &field.node.value {
        Value::Map(entries) if entries.len() > MOST_SERVICES => {
            return Err(field.problem(format!("more than {MOST_SERVICES} of them")));
        }
        Value::Map(_) => Fields::of(field)?
            .all()
            .into_iter()
            .map(|(key, at, field)| {
                let named = Field { path: field.path.clone(), node: Node { at, value: Value::Text(key) } };
                Ok((service(name(named, 63)?, Fields::of(field)?)?, at))
            })
            .collect::<Result<_, Problem>>()?,
        _ => field.list(MOST_SERVICES, |item| {
            let at = item.node.at;
            if let Value::Map(_) = item.node.value {
                let path = item.path.clone();
                let mut fields = Fields::of(item)?;
                let named = fields.take("name").ok_or_else(|| {
                    Problem::new(at, path, "a service without a name").hint("add `name: …`, or write the services as a mapping")
                })?;
                return Ok((service(name(named, 63)?, fields)?, at));
            }
            Ok((Service::named(name(item, 63)?), at))
        })?,
    };
    Ok(read.into_iter().unzip())
}

fn service(of: String, mut fields: Fields) -> Result<Service, Problem> {
    let default = Service::named(of);
    let service = Service {
        deployment: fields.read("deployment", default.deployment, |field| name(field, 63))?,
        container: fields.read("container", None, |field| name(field, 63).map(Some))?,
        image: fields.read("image", None, |field| digest(field).map(Some))?,
        order: fields.read("order", 0, |field| field.whole(-1_000, 1_000))?,
        depends_on: fields.read("dependsOn", Vec::new(), |field| field.list(MOST_SERVICES, |item| name(item, 63)))?,
        name: default.name,
    };
    fields.end().map(|()| service)
}

fn digest(field: Field) -> Result<Image, Problem> {
    let (path, at) = (field.path.clone(), field.node.at);
    Image::parse(&field.text()?).map_err(|message| Problem::new(at, path, message).hint(image::REMEDY))
}

/// A name as Kubernetes has them: lower-case letters, digits and hyphens.
fn name(field: Field, most: usize) -> Result<String, Problem> {
    let (path, at) = (field.path.clone(), field.node.at);
    let text = field.text()?;
    let inner = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if text.is_empty() || text.len() > most || !inner || text.starts_with('-') || text.ends_with('-') {
        let shown: String = text.chars().take(80).collect();
        return Err(Problem::new(at, path, format!("`{shown}` is no name in Kubernetes"))
            .hint(format!("1 to {most} lower-case letters, digits and hyphens, with no hyphen at either end")));
    }
    Ok(text)
}

fn steps(field: Field) -> Result<Vec<Stage>, Problem> {
    field.list(MOST_STEPS, |item| {
        let weight = |field: Field| percent(&field);
        if let Value::Map(_) = item.node.value {
            let (at, path) = (item.node.at, item.path.clone());
            let mut fields = Fields::of(item)?;
            let field = fields.take("weight").ok_or_else(|| {
                Problem::new(at, path, "a step without a weight").hint("add `weight: 10`, in percent of the pods")
            })?;
            let stage = Stage {
                weight: weight(field)?,
                observe: fields.read("observe", Span::minutes(5), observe)?,
                gates: fields.read("gates", Vec::new(), |field| field.list(10, gate))?,
            };
            return fields.end().map(|()| stage);
        }
        Ok(Stage { weight: weight(item)?, observe: Span::minutes(5), gates: Vec::new() })
    })
}

fn observe(field: Field) -> Result<Span, Problem> {
    let (path, at) = (field.path.clone(), field.node.at);
    match field.span()? {
        span if span.as_secs() == 0 => {
            Err(Problem::new(at, path, "nothing is seen in no time").hint("write at least 1s, or drop the step"))
        }
        span => Ok(span),
    }
}

fn percent(field: &Field) -> Result<Weight, Problem> {
    let number = match &field.node.value {
        Value::Text(text) if text.ends_with('%') => field.ratio()? * 100.0,
        _ => field.ratio()?,
    };
    Weight::of_percent(number)
        .map_err(|message| field.problem(message).hint("write percent of all pods, above 0 and below 100"))
}

fn gate(field: Field) -> Result<Gate, Problem> {
    if let Value::Map(_) = field.node.value {
        let (at, path) = (field.node.at, field.path.clone());
        let mut fields = Fields::of(field)?;
        let argv = fields.take("command").map(argv);
        fields.end()?;
        return argv.unwrap_or_else(|| Err(Problem::new(at, path, "an empty gate"))).map(Gate::Command);
    }
    field.word(&[("notWorse", Gates::NotWorse), ("hold", Gates::Hold)]).map(|gate| match gate {
        Gates::NotWorse => Gate::NotWorse,
        Gates::Hold => Gate::Hold,
    })
}

#[derive(Clone, Copy)]
enum Gates {
    NotWorse,
    Hold,
}

fn argv(field: Field) -> Result<Vec<String>, Problem> {
    let (path, at) = (field.path.clone(), field.node.at);
    let argv = field.list(100, Field::text)?;
    match argv.first().is_none_or(|program| program.trim().is_empty()) {
        true => Err(Problem::new(at, path, "a program is missing").hint("write ['program', 'argument', …]")),
        false => Ok(argv),
    }
}

fn router(field: Field) -> Result<Router, Problem> {
    if matches!(&field.node.value, Value::Text(text) if text == "httproute") {
        return Err(field
            .problem("weights of an HTTPRoute are not in this version")
            .hint("use `replicas`, where shares follow the counts of pods, or `inplace`"));
    }
    field.word(&[("replicas", Router::Replicas), ("inplace", Router::Inplace)])
}

fn timeouts(field: Field) -> Result<Timeouts, Problem> {
    let mut fields = Fields::of(field)?;
    let default = Timeouts::default();
    let timeouts = Timeouts {
        ready_within: fields.read("readyWithin", default.ready_within, observe)?,
        promote_within: fields.read("promoteWithin", default.promote_within, observe)?,
        verify_within: fields.read("verifyWithin", default.verify_within, observe)?,
        handover: fields.read("handover", default.handover, Field::span)?,
        unschedulable: fields.read("unschedulable", default.unschedulable, Field::span)?,
        unschedulable_after_scale_up: fields.read(
            "unschedulableAfterScaleUp",
            default.unschedulable_after_scale_up,
            Field::span,
        )?,
    };
    fields.end().map(|()| timeouts)
}

fn limits(field: Field) -> Result<Limits, Problem> {
    let mut fields = Fields::of(field)?;
    let limits = Limits { max_extra_pods: fields.read("maxExtraPods", None, |field| field.whole(1, 100_000).map(Some))? };
    fields.end().map(|()| limits)
}

const PRESETS: &[(&str, Preset)] = &[
    ("default", Preset::Default),
    ("sensitive", Preset::Sensitive),
    ("robust", Preset::Robust),
    ("legacy", Preset::Legacy),
];

fn judge(field: Field) -> Result<Judge, Problem> {
    let mut fields = Fields::of(field)?;
    let default = Judge::default();
    let judge = Judge {
        preset: fields.read("preset", default.preset, |field| field.word(PRESETS))?,
        alpha: fields.read("alpha", None, |field| between(field, (0.000_001, 0.5)).map(Some))?,
        margin: fields.read("margin", None, |field| between(field, (1.0, 100.0)).map(Some))?,
        warm_up: fields.read("warmUp", default.warm_up, Field::span)?,
        tick: fields.read("tick", default.tick, observe)?,
        metrics: fields.read("metrics", default.metrics, |field| field.list(MOST_METRICS, metric))?,
        hard_signals: fields.read("hardSignals", default.hard_signals, hard_signals)?,
        on_inconclusive: fields.read("onInconclusive", default.on_inconclusive, |field| {
            field.word(&[
                ("hold", OnInconclusive::Hold),
                ("abort", OnInconclusive::Abort),
                ("proceed", OnInconclusive::Proceed),
            ])
        })?,
        confirm: fields.read("confirm", default.confirm, |field| {
            field.word(&[("none", Confirm::None), ("replacement", Confirm::Replacement)])
        })?,
        legacy: fields.read("legacy", default.legacy, |field| legacy(field, default.legacy))?,
    };
    fields.end().map(|()| judge)
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

fn metric(field: Field) -> Result<Metric, Problem> {
    let mut fields = Fields::of(field)?;
    let default = Metric::discovered();
    let metric = Metric {
        name: fields.read("name", default.name, |field| name(field, 63))?,
        services: fields.read("services", Vec::new(), |field| field.list(MOST_SERVICES, |item| name(item, 63)))?,
        source: fields.read("source", default.source, source)?,
        count: fields.read("count", Count::default(), count)?,
    };
    fields.end().map(|()| metric)
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
    match text.starts_with('/') && text.chars().all(plain) && text.len() <= 512 && !text.split('/').any(|part| part == "..") {
        true => Ok(Some(text)),
        false => Err(Problem::new(at, path, "this is no path of a page").hint("write /metrics or /actuator/prometheus")),
    }
}

fn count(field: Field) -> Result<Count, Problem> {
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
    let at = fields.at();
    fields.end()?;
    match count.failed.is_some() && count.total.is_none() {
        true => Err(Problem::new(at, "count.failed", "failures without a total are no rate").hint("add `total`")),
        false => Ok(count),
    }
}
