//! Another process goes on with a rollout: it takes the lock, and fences whoever drove before.
use super::{Driver, Identity, Keeper, Lock, Observer, Trouble, absorb};
use crate::cluster::Cluster;
use crate::record::{Phase, Record, ServerTime};

/// Which rollout is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// The one with this id.
    Named(String),
    /// The one that this run began. Terminals are all alike, so that there it has to be named.
    Own,
}

/// Goes on with a rollout: takes the lock, and writes the record with the new token before anything else.
///
/// # Errors
/// There is no record, it is of another rollout, or somebody holds the lock.
pub async fn resume(
    cluster: Cluster,
    (group, which): (&str, &Beginning),
    identity: Identity,
) -> Result<Driver, Trouble> {
    let (_, record) = Keeper::load(&cluster, group).await?;
    let record =
        record.ok_or_else(|| Trouble::Refused(format!("there is no record of a rollout of the group {group}")))?;
    meant(&record, which, &identity)?;
    let mut lock = Lock::acquire(&cluster, group, (identity, record.token)).await?;
    match taken(&cluster, (group, which), &lock).await {
        Ok((keeper, record)) => Ok(Driver::new(cluster, record, (keeper, lock))),
        Err(trouble) => {
            if !matches!(trouble, Trouble::LockLost(_)) {
                lock.release(&cluster).await;
            }
            Err(trouble)
        }
    }
}

async fn taken(
    cluster: &Cluster,
    (group, which): (&str, &Beginning),
    lock: &Lock,
) -> Result<(Keeper, Record), Trouble> {
    // It was read before the lock was ours.
    let (mut keeper, record) = Keeper::load(cluster, group).await?;
    let mut record =
        record.ok_or_else(|| Trouble::Refused(format!("somebody deleted the record of the group {group}")))?;
    meant(&record, which, lock.identity())?;
    let now = cluster.now();
    (record.holder, record.token) = (lock.identity().holder.clone(), lock.token());
    let held = record.held.take().is_some();
    if record.phase == Phase::Observing {
        let observe = record.policy.steps.get(record.step).map_or(0, |stage| stage.observe.as_secs());
        // More evidence is what was lacking where it was held.
        let since = if held { now } else { seen_since(record.observing.unwrap_or(now), observe, now) };
        record.observing = Some(since);
    }
    record.note(now, ("", "driver"), format!("{} goes on with the rollout", record.holder));
    Observer::take_over(&mut record, now);
    keeper.write(cluster, &mut record).await?;
    Ok((keeper, record))
}

/// From when on a step counts as observed for a driver that takes over: what the last one saw is of the past, so at least a minute is
/// left to look again.
fn seen_since(observing: ServerTime, observe: u64, now: ServerTime) -> ServerTime {
    const AGAIN: u64 = 60;
    ServerTime(observing.0.max((now.0 + AGAIN.min(observe)).saturating_sub(observe)))
}

/// A job that another run's concurrency cancelled must not touch somebody else's rollout, and neither may another terminal.
fn meant(record: &Record, which: &Beginning, identity: &Identity) -> Result<(), Trouble> {
    let own = &identity.run.id;
    let why = match which {
        Beginning::Named(id) if *id == record.rollout => return Ok(()),
        Beginning::Named(id) => format!("not of the rollout {id}"),
        Beginning::Own if own.is_empty() => "and on a terminal a rollout has to be named".to_owned(),
        Beginning::Own if *own == record.run.id => return Ok(()),
        Beginning::Own => "not of the rollout of this run".to_owned(),
    };
    let (told, rollout) = (absorb::told(record), &record.rollout);
    Err(Trouble::Refused(format!(
        "the record is of {told}, {why}: if it is meant, name it by `rollout` ({rollout}) to `resume`, `abort` or another command"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_takes_over_looks_for_a_minute() {
        let since = |observing, observe, now| seen_since(ServerTime(observing), observe, ServerTime(now)).0;
        assert_eq!(since(1_000, 300, 1_100), 1_000, "there is time enough");
        assert_eq!(since(1_000, 300, 1_290), 1_050);
        assert_eq!(since(1_000, 300, 9_000), 8_760);
        assert_eq!(since(1_000, 10, 9_000), 9_000, "a short step anew");
    }
}
