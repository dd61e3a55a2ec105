//! The one function that changes anything: lease, intent into the record, then the change.
use super::apply;
use super::{Driver, Trouble};
use crate::cluster::{ApiError, Change};
use crate::decide::{self, alarm_reason, object};
use crate::evidence::Operation;
use crate::record::{Action, Intent, Phase, ServerTime};

/// How many operations the record keeps; more are counted by the server's own audit.
const KEPT: usize = 400;

impl Driver {
    /// Makes a change, and turns back when the server refuses it for good.
    pub(super) async fn change(&mut self, intent: Intent) -> Result<(), Trouble> {
        match self.mutate(intent.clone()).await {
            Err(Trouble::Api(error @ (ApiError::Invalid { .. } | ApiError::Forbidden(_)))) if self.is_forward() => {
                let text = format!("the cluster refused to {}: {error}", words(&intent));
                let reason = alarm_reason(self.view(), &intent.service, ("refused", text));
                self.turn_back(vec![reason]).await
            }
            // What was read is not there any more: the next look shows what is.
            Err(Trouble::Api(ApiError::NotFound(_))) => Ok(()),
            other => other,
        }
    }

    fn is_forward(&self) -> bool {
        self.record.phase <= Phase::Verifying && self.record.phase != Phase::Promoted
    }

    /// One change: renewed lease, intent in the record, request, and what came of it.
    pub(super) async fn mutate(&mut self, intent: Intent) -> Result<(), Trouble> {
        self.safe().await?;
        let change = apply::change(&intent, (&self.record, &self.world), self.safety).map_err(Trouble::Refused)?;
        let Some(change) = change else { return Ok(()) };
        if matches!(intent.action, Action::Promote | Action::StartInplace) {
            self.promise((&intent, &change)).await?;
        }
        self.record.intents.push(intent.clone());
        if self.safety.intent_first {
            self.write().await?;
        }
        // The write of the intent took time.
        self.safe().await?;
        let answer = self.cluster.send(intent.kind, &intent.name, (&change, false)).await;
        self.tell((&intent, &change), answer.as_ref().err());
        match answer {
            Ok(object) => {
                self.record.intents.retain(|open| *open != intent);
                self.written(&intent, &object);
                Ok(())
            }
            Err(error) => {
                // A service stays touched even so: to look at one too many on the way back costs nothing.
                if !error.is_unknown() {
                    self.record.intents.retain(|open| *open != intent);
                }
                Err(error.into())
            }
        }
    }

    /// Asks what would come of it: that is what the promotion is held to.
    async fn promise(&mut self, (intent, change): (&Intent, &Change)) -> Result<(), Trouble> {
        let answer = self.cluster.send(intent.kind, &intent.name, (change, true)).await?;
        let now = self.world.now;
        if let Some(service) = self.record.services.get_mut(&intent.service) {
            service.promised = answer.pointer("/spec/template").cloned();
            service.written = None;
            service.touched = service.touched.or(Some(now));
        }
        Ok(())
    }

    /// What a change that was made says.
    fn written(&mut self, intent: &Intent, answer: &serde_json::Value) {
        let Some(service) = self.record.services.get_mut(&intent.service) else { return };
        match intent.action {
            Action::Promote | Action::StartInplace => {
                let template = answer.pointer("/spec/template");
                let kept = template.zip(service.promised.as_ref()).is_some_and(|(one, other)| object::same(one, other));
                service.written = template.filter(|_| !kept).cloned();
                service.touched = Some(self.world.now);
            }
            Action::CreateCanary => {
                let [name, uid] = [object::name(answer), object::uid(answer)].map(str::to_owned);
                service.canary = Some(crate::record::CanaryRecord { name, uid });
            }
            _ => {}
        }
    }

    /// Notes an operation.
    fn tell(&mut self, (intent, change): (&Intent, &Change), error: Option<&ApiError>) {
        let name = if matches!(change, Change::Create(_)) { "" } else { intent.name.as_str() };
        let operation = Operation {
            at: self.cluster.now().since(self.record.started),
            intent: words(intent),
            method: change.verb().to_owned(),
            path: self.cluster.path(intent.kind, name),
            result: error.map_or_else(|| "ok".to_owned(), ToString::to_string),
        };
        if self.record.operations.len() >= KEPT {
            self.record.operations.remove(0);
        }
        self.record.operations.push(operation);
    }

    /// Makes stale whatever an open intent may still write: by a label, which is no new generation and no new pod.
    ///
    /// What is created cannot be fenced: a late canary belongs to a dead-man switch that is gone, and a late switch falls by itself.
    pub(super) async fn settle(&mut self) -> Result<(), Trouble> {
        while let Some(intent) = self.record.intents.first().cloned() {
            if !intent.uid.is_empty() && self.safety.fence {
                self.fence(&intent).await?;
            }
            self.record.intents.retain(|open| *open != intent);
        }
        Ok(())
    }

    async fn fence(&mut self, intent: &Intent) -> Result<(), Trouble> {
        let Some(object) = self.cluster.get(intent.kind, &intent.name).await? else { return Ok(()) };
        // With another resourceVersion the write is stale already, and with another uid it was never meant for this one.
        if object::uid(&object) != intent.uid
            || object::version(&object) != intent.version
            || object::is_leaving(&object)
        {
            return Ok(());
        }
        self.safe().await?;
        self.record.writes += 1;
        let value = format!("{}.{}", self.record.token, self.record.writes);
        let change = apply::fence(&object, &value);
        let answer = self.cluster.send(intent.kind, &intent.name, (&change, false)).await;
        let told = Intent { action: Action::Fence, ..intent.clone() };
        self.tell((&told, &change), answer.as_ref().err());
        match answer {
            Ok(_) | Err(ApiError::NotFound(_) | ApiError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Nothing is sent with less of the lease left than an answer may take.
    pub(super) async fn safe(&mut self) -> Result<(), Trouble> {
        if self.lock.is_safe() {
            return Ok(());
        }
        self.lock.renew(&self.cluster).await?;
        if self.lock.is_safe() { Ok(()) } else { Err(Trouble::LockLost("the lock ran out".to_owned())) }
    }

    /// Renews the lease when that is due.
    pub(super) async fn renewed(&mut self) -> Result<(), Trouble> {
        if tokio::time::Instant::now() < self.lock.due() {
            return Ok(());
        }
        self.lock.renew(&self.cluster).await
    }

    /// When the dead-man switch falls, as far as is known.
    #[must_use]
    pub fn deadline(&self) -> Option<ServerTime> {
        self.world.guard.as_ref().and_then(decide::guard_times).map(|(_, deadline)| deadline)
    }
}

/// An intent in words.
pub(super) fn words(intent: &Intent) -> String {
    let (service, name, amount) = (&intent.service, &intent.name, intent.amount);
    match intent.action {
        Action::RaiseFloor => format!("raise the floor of the autoscaler {name} to {amount}"),
        Action::CreateGuard => "make the dead-man switch".to_owned(),
        Action::ExtendGuard => "put the dead-man switch off".to_owned(),
        Action::CreateCanary => format!("make the canary of {service} with {amount} pods"),
        Action::ScaleCanary => format!("scale the canary of {service} to {amount} pods"),
        Action::StartInplace => format!("begin the surge of {service} with {amount} pods"),
        Action::SurgeInplace => format!("let the surge of {service} grow to {amount} pods"),
        Action::FinishInplace => format!("let the surge of {service} through"),
        Action::Promote => format!("promote {service}"),
        Action::Restore => format!("put the saved template of {service} back"),
        Action::EndGuard => "let the dead-man switch fall".to_owned(),
        Action::DeleteCanary => format!("delete the canary {name}"),
        Action::LowerFloor => format!("give the autoscaler {name} its floor of {amount} back"),
        Action::Fence => format!("make writes to {name} stale that are on their way"),
        Action::Unfence => format!("take the fence label off {name}"),
    }
}
