//! `status` and `report`: where a rollout stands, from its record in the cluster or from a file of evidence.
use std::path::Path;
use std::time::Duration;

use action::{Answer, Failure, OrFail, Report};

use super::driving;
use crate::cluster::connect;
use crate::driver::Keeper;
use crate::evidence::{Evidence, Outcome, SCHEMA};
use crate::inputs::{Format, StatusInputs};
use crate::report::{Screen, Window, tell, view};

/// How often a watched rollout is looked at.
const PAUSE: Duration = Duration::from_secs(2);
/// A file of evidence larger than this is none: a record has at most 900 KiB.
const LARGEST: u64 = 16 << 20;
/// As many rows as there are lines.
const ALL: usize = usize::MAX;

/// Shows where it stands, and with `watch` goes on until it is over.
pub(crate) fn run(inputs: StatusInputs, report: &mut Report) -> Result<Answer, Failure> {
    if inputs.watch && inputs.evidence.is_none() {
        return driving::on_runtime(watch(inputs, report)).map(|()| Answer::Yes);
    }
    let evidence = found(&inputs)?;
    match inputs.sinks.format {
        Format::Json => report.machine(serde_json::to_string(&evidence).or_fail(|| "write the evidence")? + "\n"),
        Format::Text => {
            let window = Window { columns: report.width(), rows: ALL };
            view(&evidence, window).into_iter().for_each(|line| report.line(line));
        }
    }
    Ok(Answer::Yes)
}

/// Writes the report of a rollout, wherever it stands.
pub(crate) fn report(inputs: StatusInputs, report: &mut Report) -> Result<Answer, Failure> {
    let evidence = found(&inputs)?;
    tell(&evidence, (report, &inputs.sinks.settings()))?;
    Ok(Answer::Yes)
}

fn found(inputs: &StatusInputs) -> Result<Evidence, Failure> {
    match &inputs.evidence {
        Some(path) => file(path),
        None => driving::on_runtime(async {
            let cluster = connect(&inputs.cluster, None).await?;
            let group = driving::group(&cluster, inputs.group.clone()).await?;
            read(&cluster, &group).await
        }),
    }
}

async fn read(cluster: &crate::cluster::Cluster, group: &str) -> Result<Evidence, Failure> {
    let (_, record) = Keeper::load(cluster, group).await?;
    let record = record.ok_or_else(|| {
        let text = format!("there is no record of the group {group} in the namespace {}", cluster.namespace());
        Failure::inputs("show the rollout", text).hint("name another by the inputs group and namespace")
    })?;
    Ok(Evidence::of(&record, cluster.namespace(), cluster.now()))
}

async fn watch(inputs: StatusInputs, report: &mut Report) -> Result<(), Failure> {
    let cluster = connect(&inputs.cluster, None).await?;
    let group = driving::group(&cluster, inputs.group).await?;
    let mut screen = Screen::new();
    loop {
        let evidence = read(&cluster, &group).await?;
        screen.show(&evidence, report);
        if evidence.outcome != Outcome::Running || report.closed() {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Evidence that another run wrote: untrusted, and only shown.
fn file(path: &Path) -> Result<Evidence, Failure> {
    let doing = || format!("read the evidence {}", path.display());
    let size = std::fs::metadata(path).or_bad_input(doing)?.len();
    if size > LARGEST {
        return Err(Failure::inputs(doing(), format!("it has {size} bytes, and evidence has at most {LARGEST}")));
    }
    let text = std::fs::read_to_string(path).or_bad_input(doing)?;
    let evidence: Evidence = serde_json::from_str(&text).or_bad_input(doing)?;
    if evidence.schema != SCHEMA {
        let cause = format!("it is of schema {}, and this version reads {SCHEMA}", evidence.schema);
        return Err(Failure::inputs(doing(), cause).hint("use the version of canary-step that wrote it"));
    }
    Ok(evidence)
}
