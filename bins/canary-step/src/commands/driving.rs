//! What all commands share that drive: a runtime, an identity, the runner's signals, and what is said in the end.
use action::{Answer, Failure, OrFail, Report, Workflow};
use tokio::signal::unix::{SignalKind, signal};

use crate::cluster::{Cluster, Kind};
use crate::decide::{Held, proof};
use crate::driver::{self, Driver, End, Identity, Keeper};
use crate::evidence::{Evidence, Outcome, Run};
use crate::inputs::Sinks;
use crate::names;
use crate::record::Phase;
use crate::report::tell;

/// One thread, started only by commands that talk to a cluster.
pub(crate) fn on_runtime<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.or_fail(|| "start the runtime")?.block_on(work)
}

/// Who we are: a name for people, and a random part that no other process has.
pub(crate) fn identity(workflow: &Workflow) -> Result<Identity, Failure> {
    let id = workflow.run_id.map_or_else(String::new, |id| id.to_string());
    let repository = workflow.repository.as_deref().unwrap_or_default();
    let url = match id.as_str() {
        "" => String::new(),
        id => format!("{}/{repository}/actions/runs/{id}", workflow.server_url),
    };
    let attempt = workflow.run_attempt.unwrap_or(1);
    let name = if id.is_empty() { "a terminal".to_owned() } else { format!("run {id}, attempt {attempt}") };
    let run = Run { id, url, attempt, sha: workflow.sha.clone().unwrap_or_default() };
    Ok(Identity { holder: format!("{name} ({})", random(8)?), run })
}

/// A new rollout's id: lower-case letters and digits, as names and labels take them.
pub(crate) fn rollout_id() -> Result<String, Failure> {
    random(8)
}

fn random(length: usize) -> Result<String, Failure> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = vec![0_u8; length];
    getrandom::fill(&mut bytes).map_err(|error| Failure::outside("get random bytes", error.to_string()))?;
    // A letter first: a name may not be a number.
    let letter = |(at, byte): (usize, &u8)| char::from(LETTERS[usize::from(byte % if at == 0 { 24 } else { 32 })]);
    Ok(bytes.iter().enumerate().map(letter).collect())
}

/// The group: the one that is named, or the only one that there is.
pub(crate) async fn group(cluster: &Cluster, named: Option<String>) -> Result<String, Failure> {
    if let Some(group) = named {
        return Ok(group);
    }
    let groups = groups(cluster).await?;
    match groups.as_slice() {
        [only] => Ok(only.clone()),
        [] => {
            let text = format!("there is no record of a rollout in the namespace {}", cluster.namespace());
            Err(Failure::inputs("find the rollout", text).hint("name the namespace by the input namespace"))
        }
        several => {
            let text = format!("there are records of {}", several.join(", "));
            Err(Failure::inputs("find the rollout", text).hint("name one by the input group"))
        }
    }
}

/// The groups that have a record in the namespace.
pub(crate) async fn groups(cluster: &Cluster) -> Result<Vec<String>, Failure> {
    let (records, _) = cluster.list(Kind::ConfigMap, names::GROUP).await.map_err(driver::Trouble::Api)?;
    let label = |found| crate::decide::object::label(found, names::GROUP).to_owned();
    let mut groups: Vec<String> = records.iter().map(label).collect();
    groups.sort_unstable();
    groups.dedup();
    Ok(groups)
}

/// Drives to the end, and says what came of it.
pub(crate) async fn drive(driver: &mut Driver, (report, sinks): (&mut Report, &Sinks)) -> Result<Answer, Failure> {
    let stop = stop()?;
    report.output("rollout", &driver.record.rollout);
    let ended = driver.run(stop).await;
    let evidence = Evidence::of(&driver.record, driver.cluster.namespace(), driver.cluster.now());
    tell(&evidence, (report, sinks))?;
    match ended.map_err(Failure::from)? {
        End::Over(phase) => Ok(Answer::from(phase == driver.wished() && driver.record.doubts.is_empty())),
        End::Held(Held::Goal | Held::Gate) => Ok(Answer::Yes),
        End::Held(Held::Inconclusive) => {
            let cause = "there is not enough evidence, and the policy says hold";
            Err(Failure::outside("tell whether the new version is worse", cause)
                .hint("`canary-step resume` observes on, `canary-step promote` or `canary-step abort` decides"))
        }
        End::Held(Held::Unclear) => {
            let cause = driver.record.held.clone().unwrap_or_default();
            Err(Failure::outside("tell whether the gates of the step hold", cause)
                .hint("`canary-step resume` observes the step and asks again, `canary-step promote` or `canary-step abort` decides"))
        }
        End::Cancelled => {
            let cause = format!("it was cancelled; the rollout {} is {}", evidence.rollout, evidence.phase);
            Err(Failure::outside("finish the run", cause)
                .hint("`canary-step resume` goes on, `canary-step abort` proves that everything is as it was"))
        }
    }
}

/// A rollout that is over, and whether it still is what it was in the end.
pub(crate) struct Looked {
    evidence: Evidence,
    wrong: Vec<String>,
}

/// Looks at a rollout; none when it is not over.
pub(crate) async fn look(cluster: &Cluster, (group, rollout): (&str, Option<&str>)) -> Result<Option<Looked>, Failure> {
    let (_, record) = Keeper::load(cluster, group).await?;
    let record = record
        .ok_or_else(|| Failure::inputs("verify the rollout", format!("there is no record of the group {group}")))?;
    if rollout.is_some_and(|asked| asked != record.rollout) {
        return Err(Failure::inputs("verify the rollout", format!("the record is of the rollout {}", record.rollout)));
    }
    if !record.phase.is_over() {
        return Ok(None);
    }
    let world = driver::world(cluster, &record).await.map_err(driver::Trouble::Api)?;
    let promoted = record.phase == Phase::Promoted;
    let mut wrong: Vec<String> = Vec::new();
    for (_, saved, there) in crate::decide::services(&record, &world) {
        let found = if promoted { proof::is_promised(saved, there) } else { proof::is_saved(saved, there) };
        wrong.extend(found.err());
        if !there.stable.as_ref().is_some_and(crate::decide::object::is_complete) {
            wrong.push(format!("not every pod of the Deployment {} is ready", saved.deployment));
        }
    }
    wrong.extend(proof::left(&record, &world));
    Ok(Some(Looked { evidence: Evidence::of(&record, cluster.namespace(), cluster.now()), wrong }))
}

/// Says what was found.
pub(crate) fn told(looked: &Looked, (report, sinks): (&mut Report, &Sinks)) -> Result<Answer, Failure> {
    tell(&looked.evidence, (report, sinks))?;
    for wrong in &looked.wrong {
        report.annotate(action::Annotation::error(wrong.clone()));
    }
    Ok(Answer::from(looked.wrong.is_empty() && looked.evidence.outcome == Outcome::Promoted))
}

/// Resolves when the runner cancels: SIGINT first, SIGTERM later; a terminal's Ctrl-C is the same.
fn stop() -> Result<impl Future<Output = ()>, Failure> {
    let mut interrupt = signal(SignalKind::interrupt()).or_fail(|| "listen to SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).or_fail(|| "listen to SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
