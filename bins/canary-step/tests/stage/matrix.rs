//! One point of the matrix: a rollout, something that strikes at one call, what is done about it, and what has to be true then.
use std::time::Duration;

use canary_step::decide::Safety;
use canary_step::driver::{Begin, End, Order, Trouble, begin};
use canary_step::policy::OnCancel;
use canary_step::record::Phase;
use cluster_sim::{Cluster, Fault, Kind, Snapshot, When};

use super::checks::{nothing, whole};
use super::{NAMESPACE, NEW, adapter, go_on, settle};

/// A world and what is released into it.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) world: Snapshot,
    pub(crate) begin: Begin,
    pub(crate) safety: Safety,
    pub(crate) services: Vec<&'static str>,
    pub(crate) pods: u64,
    /// Canary pods of a service at most.
    pub(crate) extra: u64,
    pub(crate) good: bool,
    /// Floor of the autoscalers, where there are some.
    pub(crate) floor: Option<u64>,
}

/// What strikes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Strike {
    /// The driver dies.
    Kill(When),
    /// The driver dies, and its call lands this many seconds later.
    Late(u64),
    /// Something of the network or the server; the driver lives.
    Fault(When, Fault),
    /// A second driver comes.
    Second,
    /// The runner cancels.
    Cancel,
}

/// What is done after the driver's death.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum After {
    Resume,
    Abort,
    Nothing,
}

/// Plays one point.
pub(crate) async fn point(scene: &Scene, (call, strike, after): (u64, &Strike, After)) -> Result<(), String> {
    let cluster = Cluster::restore(&scene.world);
    match strike {
        Strike::Kill(when) => cluster.on_call(call, *when, Fault::Kill),
        Strike::Late(by) => cluster.on_call(call, When::Before, Fault::LateWrite(Duration::from_secs(*by))),
        Strike::Fault(when, fault) => cluster.on_call(call, *when, fault.clone()),
        Strike::Second | Strike::Cancel => {}
    }
    let ended = first(scene, &cluster, (call, strike)).await?;
    let late = matches!(strike, Strike::Late(_));
    let dead = ended.is_none();
    match (ended, after) {
        (Some(Ok(End::Over(_))), _) => {}
        (Some(Ok(End::Cancelled)), _) => after_cancel(scene, &cluster).await?,
        (Some(Ok(End::Held(why))), _) => return Err(format!("it held: {why:?}")),
        // A live driver that gave up leaves what a dead one leaves.
        (_, After::Nothing) => {
            settle(480).await;
            return nothing(scene, &cluster);
        }
        (_, After::Resume) => second(scene, &cluster, Order::GoOn).await?,
        (_, After::Abort) => second(scene, &cluster, Order::Abort).await?,
    }
    settle(if late { 200 } else { 5 }).await;
    whole(scene, &cluster, dead && after == After::Abort)
}

type Ended = Option<Result<End, Trouble>>;

/// The first driver: to its end, or to its death (none).
async fn first(scene: &Scene, cluster: &Cluster, (call, strike): (u64, &Strike)) -> Result<Ended, String> {
    let reached = async {
        while (cluster.calls().len() as u64) < call {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let drive = async {
        let mut driver = begin(adapter(cluster), scene.begin.clone(), scene.safety).await?;
        match strike {
            Strike::Cancel => {
                let started = tokio::time::Instant::now();
                let stopped = std::cell::Cell::new(started);
                let stop = async {
                    reached.await;
                    stopped.set(tokio::time::Instant::now());
                };
                let end = driver.run(stop).await?;
                let took = stopped.get().elapsed();
                if end == End::Cancelled && took > Duration::from_secs(5) {
                    return Err(Trouble::Refused(format!("it took {took:?} to stop")));
                }
                Ok(end)
            }
            Strike::Second => {
                let other = async {
                    reached.await;
                    match go_on(cluster, "second").await {
                        Err(Trouble::Held { holder, url }) if holder == "first" && url.contains("/runs/17") => Ok(()),
                        // It came before there was anything to go on with, or after it was over.
                        Err(Trouble::Refused(_)) => Ok(()),
                        Ok(second) if second.record.phase.is_over() => Ok(()),
                        other => Err(Trouble::Refused(format!("a second driver was not refused: {:?}", other.err()))),
                    }
                };
                let (end, other) = tokio::join!(driver.run(std::future::pending()), async {
                    tokio::time::timeout(Duration::from_secs(300), other).await.unwrap_or(Ok(()))
                });
                other?;
                end
            }
            _ => driver.run(std::future::pending()).await,
        }
    };
    let ended = tokio::select! {
        biased;
        () = cluster.killed() => None,
        ended = tokio::time::timeout(Duration::from_secs(1800), drive) => {
            Some(ended.map_err(|_| "it was not over after half an hour".to_owned())?)
        }
    };
    Ok(ended)
}

/// Another process goes on; where nothing was recorded, nothing was made either.
async fn second(scene: &Scene, cluster: &Cluster, order: Order) -> Result<(), String> {
    if cluster.get(Kind::ConfigMap, NAMESPACE, "canary-shop").is_none() {
        return Ok(());
    }
    let mut driver = go_on(cluster, "second").await.map_err(|trouble| format!("no second driver: {trouble}"))?;
    driver.safety = scene.safety;
    match driver.order(order).await {
        // It was promoted before the first one died.
        Err(Trouble::Refused(text)) if text.contains("rollback") => return Ok(()),
        other => other.map_err(|trouble| format!("it takes no order: {trouble}"))?,
    }
    let end = tokio::time::timeout(Duration::from_secs(1800), driver.run(std::future::pending())).await;
    match end.map_err(|_| "the second was not over after half an hour".to_owned())? {
        Ok(End::Over(_)) => Ok(()),
        other => Err(format!("the second driver ended with {other:?}")),
    }
}

/// A cancelled run leaves a record that says so, and whoever goes on ends it.
async fn after_cancel(scene: &Scene, cluster: &Cluster) -> Result<(), String> {
    let record = super::record(cluster);
    let said = record.phase >= Phase::Aborting || record.held.is_some();
    if !said {
        return Err(format!("the record does not say that it was cancelled: {:?}", record.phase));
    }
    let lease = cluster.get(Kind::Lease, NAMESPACE, "canary-shop").unwrap_or_default();
    if lease["spec"]["holderIdentity"] != "" {
        return Err("the lock was not given back".to_owned());
    }
    let order = if scene.begin.policy.on_cancel == OnCancel::Abort { Order::GoOn } else { Order::Abort };
    second(scene, cluster, order).await
}

impl Scene {
    pub(crate) fn released(&self) -> &str {
        if self.good { NEW } else { super::BAD }
    }

    pub(crate) fn is_guarded(&self) -> bool {
        self.begin.policy.router == canary_step::policy::Router::Replicas
    }
}
