//! The runner cancels: safe state and record within five seconds, since ten seconds after the signal everything is killed.
use std::time::Duration;

use super::{Driver, End, Trouble};
use crate::cluster::Kind;
use crate::decide::{alarm_reason, object};
use crate::policy::{OnCancel, Router};
use crate::record::{Action, Intent, Phase};

/// What there is time for; the lock is given back after it.
const WITHIN: Duration = Duration::from_millis(4_000);

impl Driver {
    /// Does what the policy says about a cancelled run.
    pub(super) async fn cancel(&mut self) -> Result<End, Trouble> {
        self.gates.forget();
        self.note("person", "the run was cancelled".to_owned());
        let done = tokio::time::timeout(WITHIN, self.stop()).await;
        match done {
            Ok(Ok(())) => Ok(End::Cancelled),
            Ok(Err(trouble)) => Err(trouble),
            // The record says which way it goes; `abort` or the dead-man switch does the rest.
            Err(_) => Ok(End::Cancelled),
        }
    }

    async fn stop(&mut self) -> Result<(), Trouble> {
        let before = self.record.phase.is_before_promotion();
        let replicas = self.record.policy.router == Router::Replicas;
        match self.record.policy.on_cancel {
            // On the way back nothing is as safe as going on.
            _ if self.record.phase > Phase::Verifying => self.finish_quickly().await,
            OnCancel::Freeze => self.freeze().await,
            OnCancel::ScaleDown if before && replicas => self.scale_down().await,
            OnCancel::ScaleDown | OnCancel::Abort => self.abort_quickly().await,
        }
    }

    async fn freeze(&mut self) -> Result<(), Trouble> {
        self.record.held = Some("the run was cancelled, and the policy says freeze".to_owned());
        self.write().await
    }

    async fn scale_down(&mut self) -> Result<(), Trouble> {
        self.record.held = Some("the run was cancelled, and the policy says scaleDown".to_owned());
        // Whoever goes on begins the step anew.
        self.record.phase = Phase::Stepping;
        self.write().await?;
        let canaries: Vec<_> = self
            .world
            .services
            .iter()
            .filter_map(|(name, there)| {
                Some(Intent::on(Action::ScaleCanary, (name, Kind::Deployment), there.canary.as_ref()?))
            })
            .collect();
        for intent in canaries {
            if self.mutate(intent.clone()).await.is_err() {
                self.settle().await?;
                if let Some(found) = self.cluster.get(Kind::Deployment, &intent.name).await? {
                    let again = Intent::on(Action::ScaleCanary, (&intent.service, Kind::Deployment), &found);
                    self.mutate(again).await?;
                }
            }
        }
        Ok(())
    }

    /// The dead-man switch falls by one call, written down by one; what time is left goes into proving it.
    async fn abort_quickly(&mut self) -> Result<(), Trouble> {
        let reason = alarm_reason(self.view(), "", ("cancelled", "the run was cancelled".to_owned()));
        let touched = self.record.services.values().any(|service| service.touched.is_some());
        let job = self.world.guard.as_ref().filter(|job| !touched && !object::is_leaving(job));
        if let Some(intent) = job.map(|job| Intent::on(Action::EndGuard, ("", Kind::Job), job)) {
            self.record.reasons.push(reason);
            self.record.phase = Phase::Aborting;
            self.record.since = self.world.now;
            // A conflict is no failure: the loop below looks again.
            match self.mutate(intent).await {
                Err(trouble) if !trouble.may_pass() => return Err(trouble),
                _ => {}
            }
            return self.finish_quickly().await;
        }
        self.turn_back(vec![reason]).await?;
        self.finish_quickly().await
    }

    async fn finish_quickly(&mut self) -> Result<(), Trouble> {
        self.drive().await.map(drop)
    }
}
