//! `plan` and `preflight`: what `run` would do, and what stands in its way. They read, and change nothing.
mod traffic;

use action::{Answer, Failure, Line, OrFail, Report};
use serde_json::{Value, json};

use super::{driving, rollout};
use crate::clone;
use crate::cluster::{Cluster, Kind, TIMEOUT, connect};
use crate::driver::{Keeper, Trouble};
use crate::inputs::{Format, RolloutInputs};
use crate::names;
use crate::plan::{Copy, Plan, PlannedService, Sized, detectable, dry_run, finding, lines, summary};
use crate::preflight::{Facts, Finding, Right, ServiceFacts, Severity, missing};
use crate::settings::RolloutSettings;
use traffic::Traffic;

pub(crate) fn run(inputs: RolloutInputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings()?;
    let (facts, copy, traffic) = driving::on_runtime(async {
        let cluster = connect(&settings.cluster, settings.manager.as_deref()).await?;
        let (facts, copy) = gather(&cluster, &settings).await?;
        let traffic = traffic::measured(&cluster, (&settings.policy, &facts.services)).await;
        Ok((facts, copy, traffic))
    })?;
    let plan = planned(&settings, (&facts, copy, &traffic));
    report.summary(summary(&plan));
    match settings.sinks.format {
        Format::Json => report.machine(serde_json::to_string(&plan).or_fail(|| "write the plan")? + "\n"),
        Format::Text => lines(&plan).into_iter().for_each(|line| report.line(line)),
    }
    Ok(Answer::from(plan.is_clear()))
}

/// What `preflight` found.
enum Looked {
    /// This run's own rollout, by its id.
    Begun(String),
    Around(Box<Facts>),
}

/// The findings alone. All jobs of a run may be run again: what this run began is not in its own way, and nothing else is looked for then,
/// since canaries are there.
pub(crate) fn preflight(inputs: RolloutInputs, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings()?;
    let identity = driving::identity(report.workflow())?;
    let looked = driving::on_runtime(async {
        let cluster = connect(&settings.cluster, settings.manager.as_deref()).await?;
        let (_, record) = Keeper::load(&cluster, &settings.policy.group).await?;
        match record.filter(|record| !record.phase.is_over() && rollout::is_own(record, &identity)) {
            Some(own) => rollout::same(&own, &settings).map(|()| Looked::Begun(own.rollout)),
            None => Ok(Looked::Around(Box::new(gather(&cluster, &settings).await?.0))),
        }
    })?;
    let facts = match looked {
        Looked::Around(facts) => facts,
        Looked::Begun(rollout) => {
            let text = format!("the rollout {rollout} of this run is under way: `canary-step start` goes on with it");
            match settings.sinks.format {
                Format::Json => report.machine("[]\n"),
                Format::Text => report.line(Line::new().good(text)),
            }
            return Ok(Answer::Yes);
        }
    };
    let plan = Plan::new(&settings.policy, &facts);
    report.summary(summary(&plan));
    match settings.sinks.format {
        Format::Json => report.machine(serde_json::to_string(&plan.findings).or_fail(|| "write the findings")? + "\n"),
        Format::Text if plan.findings.is_empty() => report.line(Line::new().good("nothing stands in the way")),
        Format::Text => plan.findings.iter().flat_map(finding).for_each(|line| report.line(line)),
    }
    Ok(Answer::from(plan.is_clear()))
}

/// What stands in the way of beginning.
pub(crate) async fn blocking(cluster: &Cluster, settings: &RolloutSettings) -> Result<Vec<Finding>, Trouble> {
    let (facts, _) = gather(cluster, settings).await?;
    let findings = Plan::new(&settings.policy, &facts).findings;
    Ok(findings.into_iter().filter(|found| found.severity == Severity::Blocks).collect())
}

/// The plan; where something stands in the way, nobody asks what would be done.
fn planned(settings: &RolloutSettings, (facts, copy, traffic): (&Facts, Copy, &Traffic)) -> Plan {
    let mut plan = Plan::new(&settings.policy, facts);
    match plan.is_clear() {
        true => match dry_run(&settings.policy, copy) {
            Ok((operations, seconds)) => (plan.operations, plan.seconds) = (operations, seconds),
            Err(why) => plan.unknown = Some(why),
        },
        false => plan.unknown = Some("something stands in the way".to_owned()),
    }
    let sized = |service: &PlannedService| {
        let canaries = service.shares.first()?.canaries;
        let measured = traffic.get(&service.name).copied();
        Some(Sized { service: service.name.clone(), stable: service.ready, canaries, measured })
    };
    let sizes: Vec<Sized> = plan.services.iter().filter_map(sized).collect();
    plan.detectable = detectable(&settings.policy, &sizes);
    plan
}

async fn gather(cluster: &Cluster, settings: &RolloutSettings) -> Result<(Facts, Copy), Trouble> {
    let policy = &settings.policy;
    let (deployments, _) = cluster.list(Kind::Deployment, "").await?;
    let autoscalers = seen(cluster, Kind::HorizontalPodAutoscaler).await;
    let config_maps = seen(cluster, Kind::ConfigMap).await;
    let (_, record) = Keeper::load(cluster, &policy.group).await?;
    let named = |name: &str| deployments.iter().find(|found| text(found, "/metadata/name") == name).cloned();
    let service = |service: &crate::policy::Service| {
        let stable = named(&service.deployment);
        let target = settings.targets.get(&service.name).cloned().or_else(|| stable.clone());
        let image = settings.images.get(&service.name);
        let target = target.map(|target| released(target, (service, image)));
        ServiceFacts { name: service.name.clone(), stable, target }
    };
    let services: Vec<ServiceFacts> = policy.services.iter().map(service).collect();
    let strays = deployments
        .iter()
        .filter(|found| found.pointer("/metadata/labels").is_some_and(|labels| labels.get(names::ROLLOUT).is_some()));
    let unfinished = record.filter(|record| !record.phase.is_over());
    let leftovers = match &unfinished {
        Some(_) => Vec::new(),
        None => strays.map(|found| format!("deployments/{}", text(found, "/metadata/name"))).collect(),
    };
    let copy = Copy {
        namespace: cluster.namespace().to_owned(),
        deployments: services.iter().filter_map(|service| service.stable.clone()).collect(),
        autoscalers: autoscalers.clone().unwrap_or_default(),
        targets: settings.targets.clone(),
        images: settings.images.clone(),
    };
    let names_of = |found: Vec<Value>| found.iter().map(|one| text(one, "/metadata/name").to_owned()).collect();
    let facts = Facts {
        namespace: cluster.namespace().to_owned(),
        services,
        autoscalers,
        config_maps: config_maps.map(names_of),
        endpoints: seen(cluster, Kind::Service).await,
        budgets: seen(cluster, Kind::PodDisruptionBudget).await,
        network_policies: seen(cluster, Kind::NetworkPolicy).await,
        quotas: seen(cluster, Kind::ResourceQuota).await,
        missing_rights: rights(cluster).await,
        leftovers,
        unfinished: unfinished.map(|record| (record.rollout, word(record.phase), record.run.url)),
    };
    Ok((facts, copy))
}

/// A list; none when it cannot be read, which the findings then say.
async fn seen(cluster: &Cluster, kind: Kind) -> Option<Vec<Value>> {
    cluster.list(kind, "").await.ok().map(|(found, _)| found)
}

/// The rights that are missing, as far as the API server says.
async fn rights(cluster: &Cluster) -> Vec<Right> {
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": cluster.namespace()},
    });
    let request = http::Request::post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(body.to_string().into_bytes());
    let Ok(request) = request else { return Vec::new() };
    match tokio::time::timeout(TIMEOUT, cluster.client().request::<Value>(request)).await {
        Ok(Ok(review)) => missing(&review),
        // Who may not even ask finds out by the first call.
        _ => Vec::new(),
    }
}

/// The target with the image that an input gives it.
fn released(target: Value, (service, image): (&crate::policy::Service, Option<&crate::driver::Image>)) -> Value {
    let template = target.pointer("/spec/template").unwrap_or(&Value::Null);
    let container = clone::container(template, service.container.as_deref(), &service.deployment);
    match (container, image) {
        (Ok(container), Some(image)) => {
            let list = template.pointer("/spec/containers").and_then(Value::as_array);
            let now = list.into_iter().flatten().find(|one| text(one, "/name") == container);
            let now = now.map_or("", |one| text(one, "/image"));
            let whole = image.resolve(now);
            clone::with_image(&target, &container, &whole)
        }
        _ => target,
    }
}

fn word(phase: crate::record::Phase) -> String {
    serde_json::to_value(phase).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
