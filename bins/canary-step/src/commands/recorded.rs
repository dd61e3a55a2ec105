//! `step`, `promote`, `verify`, `resume`, `abort` and `rollback`: what goes on with a rollout.
use action::{Annotation, Answer, Failure, Report};

use super::driving;
use crate::cluster::{Cluster, Kind, connect};
use crate::decide::object;
use crate::driver::{self, Beginning, Identity, Keeper, Order};
use crate::inputs::RecordInputs;
use crate::names;

/// Goes on with a rollout as ordered.
pub(crate) fn run(inputs: RecordInputs, order: Order, report: &mut Report) -> Result<Answer, Failure> {
    let RecordInputs { cluster, group, rollout, sinks } = inputs;
    let sinks = sinks.settings();
    driving::on_runtime(async {
        let cluster = connect(&cluster, None).await?;
        let identity = driving::identity(report.workflow())?;
        if order == Order::RollBack && rollout.is_none() && began_none(&cluster, group.as_deref(), &identity).await? {
            untouched(&cluster).await?;
            let text = format!(
                "no record in the namespace {} is of this run: it has nothing to put back",
                cluster.namespace()
            );
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

/// Refuses to call a namespace untouched that holds no services, and so is hardly the one that is meant, or canaries without their record.
async fn untouched(cluster: &Cluster) -> Result<(), Failure> {
    let (deployments, _) = cluster.list(Kind::Deployment, "").await.map_err(driver::Trouble::Api)?;
    let doing = "tell whether anything is to be put back";
    if deployments.is_empty() {
        let cause = format!("there is no Deployment in the namespace {}", cluster.namespace());
        return Err(Failure::inputs(doing, cause).hint("name the namespace of the services by the input namespace"));
    }
    match deployments.iter().find(|found| !object::label(found, names::ROLLOUT).is_empty()) {
        None => Ok(()),
        Some(canary) => {
            let cause = format!("there is the canary {}, and no record of this run", object::name(canary));
            Err(Failure::outside(doing, cause)
                .hint("`canary-step status` shows what is under way, `canary-step gc` removes what is left"))
        }
    }
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
