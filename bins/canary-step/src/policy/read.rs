//! From a tree with places to a policy: each field once, with its type, its bounds and its default.
use crate::weights::Weight;

use super::fields::{Field, Fields};
use super::yaml::{Node, Value};
use super::{
    Gate, Image, Limits, OnCancel, Policy, Position, Problem, Router, Service, Span, Stage, Timeouts, check, image,
};

mod judge;

use judge::judge;

/// More services than this are no release group.
const MOST_SERVICES: usize = 100;
/// More steps than this are no rollout.
const MOST_STEPS: usize = 20;

pub(super) fn policy(root: Node, names: &[String]) -> Result<Policy, Problem> {
    let mut fields = Fields::of(Field { path: String::new(), node: root })?;
    let default = Policy::empty();
    let (services, places) = fields.read("services", (Vec::new(), Vec::new()), services)?;
    let (services, places) = match services.is_empty() {
        true => (named(names, fields.at())?, vec![fields.at(); names.len()]),
        false => (services, places),
    };
    check::services(&services, &places, fields.at())?;
    let known: Vec<String> = services.iter().map(|service| service.name.clone()).collect();
    let policy = Policy {
        group: fields.read("group", default.group, |field| name(field, 40))?,
        services,
        steps: fields.read("steps", default.steps, steps)?,
        router: fields.read("router", default.router, router)?,
        strict: fields.read("strict", default.strict, Field::bool)?,
        judge: fields.read("judge", default.judge, |field| judge(field, &known))?,
        timeouts: fields.read("timeouts", default.timeouts, timeouts)?,
        on_cancel: fields.read("onCancel", default.on_cancel, |field| field.word(ON_CANCEL))?,
        limits: fields.read("limits", default.limits, limits)?,
    };
    fields.end().map(|()| policy)
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
                    Problem::new(at, path, "a service without a name")
                        .hint("add `name: …`, or write the services as a mapping")
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
    let read = field.list(MOST_STEPS, |item| {
        let (at, path) = (item.node.at, item.path.clone());
        Ok((stage(item)?, at, path))
    })?;
    for pair in read.windows(2) {
        let [(before, ..), (stage, at, path)] = pair else { continue };
        if stage.weight <= before.weight {
            let message = format!("{} follows {}", stage.weight, before.weight);
            return Err(Problem::new(*at, path, message)
                .hint("weights must rise from step to step: going down is an abort, not a step"));
        }
    }
    Ok(read.into_iter().map(|(stage, ..)| stage).collect())
}

/// A weight alone, or a mapping with one.
fn stage(item: Field) -> Result<Stage, Problem> {
    let Value::Map(_) = item.node.value else {
        return Ok(Stage { weight: percent(&item)?, observe: Span::minutes(5), gates: Vec::new() });
    };
    let (at, path) = (item.node.at, item.path.clone());
    let mut fields = Fields::of(item)?;
    let weight = fields.take("weight").ok_or_else(|| {
        Problem::new(at, path, "a step without a weight").hint("add `weight: 10`, in percent of the pods")
    })?;
    let stage = Stage {
        weight: percent(&weight)?,
        observe: fields.read("observe", Span::minutes(5), observe)?,
        gates: fields.read("gates", Vec::new(), |field| field.list(10, gate))?,
    };
    fields.end().map(|()| stage)
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
        let command = fields.take("command");
        fields.end()?;
        return command.map_or_else(|| Err(Problem::new(at, path, "a program is missing").hint(ASKED)), asked);
    }
    field.word(&[("notWorse", Gates::NotWorse), ("hold", Gates::Hold)]).map(|gate| match gate {
        Gates::NotWorse => Gate::NotWorse,
        Gates::Hold => Gate::Hold,
    })
}

const ASKED: &str = "write `command: [program, argument, …]`";
/// How long a program that is a gate has, where the policy does not say.
const WITHIN: Span = Span::minutes(1);

/// `command: [program, …]`, or with a time limit.
fn asked(field: Field) -> Result<Gate, Problem> {
    let Value::Map(_) = field.node.value else {
        return Ok(Gate::Command { argv: argv(field)?, within: WITHIN });
    };
    let (at, path) = (field.node.at, field.path.clone());
    let mut fields = Fields::of(field)?;
    let program = fields.take("argv");
    let within = fields.read("within", WITHIN, |field| {
        let (path, at) = (field.path.clone(), field.node.at);
        match field.span()? {
            span if span.as_secs() == 0 => {
                Err(Problem::new(at, path, "no program ends in no time").hint("write at least 1s"))
            }
            span => Ok(span),
        }
    })?;
    fields.end()?;
    let program = program
        .ok_or_else(|| Problem::new(at, path, "a program is missing").hint("add `argv: [program, argument, …]`"))?;
    Ok(Gate::Command { argv: argv(program)?, within })
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
    let limits =
        Limits { max_extra_pods: fields.read("maxExtraPods", None, |field| field.whole(1, 100_000).map(Some))? };
    fields.end().map(|()| limits)
}
