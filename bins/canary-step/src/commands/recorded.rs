//! `step`, `promote`, `verify`, `resume`, `abort` and `rollback`: what goes on with a rollout.
use action::{Annotation, Answer, Failure, Report};

use super::driving;
use crate::cluster::{Cluster, connect};
use crate::driver::{self, Beginning, Identity, Keeper, Order};
use crate::inputs::RecordInputs;

/// Goes on with a rollout as ordered.
pub(crate) fn run(inputs: RecordInputs, order: Order, report: &mut Report) -> Result<Answer, Failure> {
    let RecordInputs { cluster, group, rollout, sinks } = inputs;
    let sinks = sinks.settings();
    driving::on_runtime(async {
        let cluster = connect(&cluster, None).await?;
        let identity = driving::identity(report.workflow())?;
        if order == Order::RollBack && rollout.is_none() && began_none(&cluster, group.as_deref(), &identity).await? {
            let text = "this run began no rollout, so that there is nothing to put back";
            report.annotate(Annotation::notice(text));
            return Ok(Answer::Yes);
        }
        let group = driving::group(&cluster, group).await?;
        let which = rollout.map_or(Beginning::Own, Beginning::Named);
        let mut driver = driver::resume(cluster, (&group, &which), identity).await?;
        if let Err(trouble) = driver.order(order).await {
            driver.leave().await;
            return Err(trouble.into());
        }
        driving::drive(&mut driver, (report, &sinks)).await
    })
}

/// Whether no record is of this run: its record is written before anything changes, so that without one nothing did. In a terminal
/// nobody can tell.
async fn began_none(cluster: &Cluster, group: Option<&str>, identity: &Identity) -> Result<bool, Failure> {
    if identity.run.id.is_empty() {
        return Ok(false);
    }
    let groups = match group {
        Some(group) => vec![group.to_owned()],
        None => driving::groups(cluster).await?,
    };
    for group in groups {
        let (_, record) = Keeper::load(cluster, &group).await?;
        if record.is_some_and(|record| record.run.id == identity.run.id) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Looks whether a promoted rollout still is what was promised; changes nothing of one that is over.
pub(crate) fn verify(inputs: RecordInputs, report: &mut Report) -> Result<Answer, Failure> {
    let sinks = inputs.sinks.clone().settings();
    let wanted = (inputs.group.clone(), inputs.rollout.clone());
    let connection = inputs.cluster.clone();
    let looked = driving::on_runtime(async {
        let cluster: Cluster = connect(&connection, None).await?;
        let group = driving::group(&cluster, wanted.0).await?;
        driving::look(&cluster, (&group, wanted.1.as_deref())).await
    })?;
    match looked {
        // It is not over: its last phases are this command's.
        None => run(inputs, Order::GoOn, report),
        Some(looked) => driving::told(&looked, (report, &sinks)),
    }
}
