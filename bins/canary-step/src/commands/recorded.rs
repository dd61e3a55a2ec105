//! `step`, `promote`, `verify`, `resume`, `abort` and `rollback`: what goes on with a rollout.
use action::{Answer, Failure, Report};

use super::driving;
use crate::cluster::{Cluster, connect};
use crate::driver::{self, Beginning, Order};
use crate::inputs::RecordInputs;

/// Goes on with a rollout as ordered.
pub(crate) fn run(inputs: RecordInputs, order: Order, report: &mut Report) -> Result<Answer, Failure> {
    let RecordInputs { cluster, group, rollout, sinks } = inputs;
    let sinks = sinks.settings();
    driving::on_runtime(async {
        let cluster = connect(&cluster, None).await?;
        let identity = driving::identity(report.workflow())?;
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
