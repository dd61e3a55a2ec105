//! The lock: a Lease that one process holds, and the fencing token, which grows each time it changes hands.
//!
//! Nobody deletes Leases, and clocks of two machines differ: a lease has run out when this process has seen it unrenewed for its whole
//! duration, by its own clock.
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Trouble;
use super::keeper::patient;
use crate::cluster::{ApiError, Change, Cluster, Kind, TIMEOUT};
use crate::decide::object;
use crate::evidence::Run;
use crate::names;
use crate::record::ServerTime;

/// How long a lease holds without renewal.
pub(super) const LEASE: Duration = Duration::from_secs(30);
/// When it is renewed.
const RENEW: Duration = Duration::from_secs(10);
/// How often somebody else's is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// Annotation with the address of the holder's run.
const RUN: &str = "dataflow.dev/run";

/// Who drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// A name for people and a random part of this process alone.
    pub holder: String,
    /// The run.
    pub run: Run,
}

/// The lock, held.
#[derive(Debug)]
pub struct Lock {
    name: String,
    identity: Identity,
    token: u64,
    lease: Value,
    renewed: Instant,
}

impl Lock {
    /// Takes the lock of a group; the token will be larger than `known`, and than every one before.
    ///
    /// # Errors
    /// Somebody holds it and renews it, or the cluster does not answer.
    pub async fn acquire(cluster: &Cluster, group: &str, (identity, known): (Identity, u64)) -> Result<Self, Trouble> {
        let name = names::record(group);
        let mut watched: Option<(String, Instant)> = None;
        loop {
            let lease = patient(|| cluster.get(Kind::Lease, &name)).await?;
            let token = lease.as_ref().map_or(0, transitions).max(known) + 1;
            if let Some(lease) = lease.as_ref().filter(|lease| is_held(lease, &identity)) {
                let now = Instant::now();
                let version = object::version(lease);
                let since = match &watched {
                    Some((seen, since)) if seen == version => *since,
                    Some(_) => return Err(held(lease)),
                    None => now,
                };
                if now.duration_since(since) < duration(lease) {
                    watched = Some((version.to_owned(), since));
                    tokio::time::sleep(LOOK).await;
                    continue;
                }
            }
            let renewed = Instant::now();
            let body = lease_of((&name, group), (&identity, token), (lease, cluster.now()));
            let change = if object::version(&body).is_empty() { Change::Create(body) } else { Change::Replace(body) };
            match cluster.send(Kind::Lease, &name, (&change, false)).await {
                Ok(lease) => return Ok(Self { name, identity, token, lease, renewed }),
                // Somebody was faster, or we were and do not know it: look again.
                Err(error) if error.may_pass() => tokio::time::sleep(Duration::from_millis(500)).await,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The fencing token.
    #[must_use]
    pub fn token(&self) -> u64 {
        self.token
    }

    /// Who holds it.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// How long it holds without another renewal, counted from when the last one was sent.
    #[must_use]
    pub fn left(&self) -> Duration {
        LEASE.saturating_sub(self.renewed.elapsed())
    }

    /// When it should be renewed.
    #[must_use]
    pub fn due(&self) -> Instant {
        self.renewed + RENEW
    }

    /// Whether a change may be sent: its time-out has to fit into what is left.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.left() > TIMEOUT
    }

    /// Renews it.
    ///
    /// # Errors
    /// Somebody else has it, or it ran out before the cluster answered.
    pub async fn renew(&mut self, cluster: &Cluster) -> Result<(), Trouble> {
        loop {
            let sent = Instant::now();
            let body =
                lease_of((&self.name, ""), (&self.identity, self.token), (Some(self.lease.clone()), cluster.now()));
            match cluster.send(Kind::Lease, &self.name, (&Change::Replace(body), false)).await {
                Ok(lease) => {
                    (self.lease, self.renewed) = (lease, sent);
                    return Ok(());
                }
                Err(error) if error.may_pass() => self.look(cluster).await?,
                Err(ApiError::NotFound(_)) => return Err(Trouble::LockLost("somebody deleted the lock".to_owned())),
                Err(error) => return Err(error.into()),
            }
            if self.left().is_zero() {
                return Err(Trouble::LockLost("the lock ran out before the cluster answered".to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// After an answer that was lost or a refusal: whether it is still ours.
    async fn look(&mut self, cluster: &Cluster) -> Result<(), Trouble> {
        match cluster.get(Kind::Lease, &self.name).await {
            Ok(Some(lease)) if object::text(&lease, "/spec/holderIdentity") == self.identity.holder => {
                self.lease = lease;
                Ok(())
            }
            Ok(Some(lease)) => Err(Trouble::LockLost(held(&lease).to_string())),
            Ok(None) => Err(Trouble::LockLost("somebody deleted the lock".to_owned())),
            Err(_) => Ok(()),
        }
    }

    /// Gives it back; when that fails, it runs out by itself.
    pub async fn release(&mut self, cluster: &Cluster) {
        let nobody = Identity { holder: String::new(), run: Run::default() };
        let body = lease_of((&self.name, ""), (&nobody, self.token), (Some(self.lease.clone()), cluster.now()));
        let change = Change::Replace(body);
        let sent = cluster.send(Kind::Lease, &self.name, (&change, false));
        drop(tokio::time::timeout(Duration::from_secs(2), sent).await);
    }
}

fn is_held(lease: &Value, identity: &Identity) -> bool {
    let holder = object::text(lease, "/spec/holderIdentity");
    !holder.is_empty() && holder != identity.holder
}

fn held(lease: &Value) -> Trouble {
    let url = lease.pointer("/metadata/annotations").and_then(|marks| marks.get(RUN)).and_then(Value::as_str);
    let holder = object::text(lease, "/spec/holderIdentity").to_owned();
    Trouble::Held { holder, url: url.unwrap_or_default().to_owned() }
}

fn transitions(lease: &Value) -> u64 {
    lease.pointer("/spec/leaseTransitions").and_then(Value::as_u64).unwrap_or(0)
}

fn duration(lease: &Value) -> Duration {
    let seconds = lease.pointer("/spec/leaseDurationSeconds").and_then(Value::as_u64).unwrap_or(LEASE.as_secs());
    Duration::from_secs(seconds.clamp(1, 300))
}

/// The Lease as it is to be; on top of the one that is there, so that nothing of it is lost.
fn lease_of(
    (name, group): (&str, &str),
    (identity, token): (&Identity, u64),
    (there, now): (Option<Value>, ServerTime),
) -> Value {
    let mut lease = there.unwrap_or_else(|| {
        json!({
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": { "name": name, "labels": { names::GROUP: group } },
        })
    });
    let time = jiff::Timestamp::from_second(i64::try_from(now.0).unwrap_or(0)).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let time = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z").to_string();
    if object::text(&lease, "/spec/holderIdentity") != identity.holder || transitions(&lease) != token {
        lease["spec"]["acquireTime"] = json!(time);
    }
    lease["spec"]["holderIdentity"] = json!(identity.holder);
    lease["spec"]["leaseDurationSeconds"] = json!(LEASE.as_secs());
    lease["spec"]["leaseTransitions"] = json!(token);
    lease["spec"]["renewTime"] = json!(time);
    if !lease["metadata"]["annotations"].is_object() {
        lease["metadata"]["annotations"] = json!({});
    }
    lease["metadata"]["annotations"][RUN] = json!(identity.run.url);
    lease
}
