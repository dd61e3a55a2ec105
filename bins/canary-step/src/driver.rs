//! Lock, loop, and the signals of the runner: gather → decide → apply, until there is nothing to do.
//!
//! The loop keeps nothing that counts in its memory: everything is in the record and in the cluster, so that any process can go on.
mod absorb;
mod apply;
mod begin;
mod cancel;
mod gates;
mod gather;
mod history;
mod image;
mod keeper;
mod lock;
mod mutate;
mod observe;
mod order;
mod reason;
mod restarts;
mod samples;
mod saved;
mod silence;
mod takeover;
mod trouble;
mod wait;

use std::time::Duration;

use tokio::time::Instant;

pub use begin::{Begin, begin};
pub use gather::world;
pub use image::Image;
pub use keeper::{Keeper, read};
pub use lock::{Identity, Lock};
pub use observe::Observer;
pub use order::Order;
pub use takeover::{Beginning, resume};
pub use trouble::Trouble;

use crate::cluster::{Cluster, Wakes};
use crate::decide::{self, Goal, Held, Programs, Safety, Step, View, World};
use crate::evidence::{Event, Reason};
use crate::policy::Router;
use crate::record::{Phase, Record};
use gates::Gates;

/// After this many troubles in a row the driver gives up; with the pauses between them that is about four minutes, less than what a
/// dead-man switch is put off by.
const PATIENCE: u32 = 30;

/// Whoever is told.
pub type Listener = Box<dyn FnMut(&Record, &World)>;

/// Drives one rollout.
pub struct Driver {
    /// The cluster.
    pub cluster: Cluster,
    /// The record, as it was last written, or will be by the next write.
    pub record: Record,
    /// The safety rules; all of them on but in a test of one.
    pub safety: Safety,
    /// How far this run goes.
    pub goal: Goal,
    /// What measures.
    pub observer: Observer,
    /// Told whenever something has changed.
    pub listener: Listener,
    keeper: Keeper,
    lock: Lock,
    gates: Gates,
    wakes: Option<Wakes>,
    world: World,
    ticked: Instant,
    gathered: Option<Instant>,
    ordered: Order,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// The rollout is over.
    Over(Phase),
    /// This run stopped before that.
    Held(Held),
    /// The runner asked for it.
    Cancelled,
}

impl Driver {
    /// A driver of a record that is locked.
    #[must_use]
    pub fn new(cluster: Cluster, record: Record, (keeper, lock): (Keeper, Lock)) -> Self {
        let observer = Observer::new(&record);
        Self {
            cluster,
            record,
            safety: Safety::default(),
            goal: Goal::End,
            observer,
            listener: Box::new(|_, _| ()),
            keeper,
            lock,
            gates: Gates::default(),
            wakes: None,
            world: World::default(),
            ticked: Instant::now(),
            gathered: None,
            ordered: Order::GoOn,
        }
    }

    /// Drives until the rollout is over or this run's part is done, or until `stop` resolves; then the policy's `onCancel` is done within
    /// five seconds.
    ///
    /// # Errors
    /// Why it could not go on; the record says where it stands, and the dead-man switch holds.
    pub async fn run(&mut self, stop: impl Future<Output = ()>) -> Result<End, Trouble> {
        let ended = tokio::select! {
            biased;
            () = stop => None,
            end = self.drive() => Some(end),
        };
        let end = match ended {
            Some(end) => end,
            None if self.safety.cancellation => self.cancel().await,
            None => Ok(End::Cancelled),
        };
        self.wakes = None;
        if !matches!(end, Err(Trouble::LockLost(_))) && self.safety.cancellation | !matches!(end, Ok(End::Cancelled)) {
            self.lock.release(&self.cluster).await;
        }
        end
    }

    /// Gives the lock back without having driven, so that whoever has the right order does not wait for it.
    pub async fn leave(&mut self) {
        self.lock.release(&self.cluster).await;
    }

    /// What was last seen.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    async fn drive(&mut self) -> Result<End, Trouble> {
        let mut troubles = 0;
        loop {
            match self.round().await {
                Ok(Some(end)) => return Ok(end),
                Ok(None) => troubles = 0,
                Err(trouble) if trouble.may_pass() && troubles < PATIENCE => {
                    troubles += 1;
                    tokio::time::sleep(Duration::from_millis(500 * u64::from(troubles.min(16)))).await;
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// Looks, decides, and does one thing.
    async fn round(&mut self) -> Result<Option<End>, Trouble> {
        self.renewed().await?;
        self.settle().await?;
        self.gather().await?;
        self.absorb();
        match decide::next(self.view()) {
            Step::Do(intent) => self.change(intent).await?,
            Step::Enter(phase, step) => self.enter(phase, step).await?,
            Step::Abort(reasons) => self.turn_back(reasons).await?,
            Step::Hold(why) => return self.hold(why).await.map(Some),
            Step::Finish(phase, doubts) => return self.finish(phase, doubts).await.map(Some),
            Step::Done => return Ok(Some(End::Over(self.record.phase))),
            Step::Ask => self.ask(),
            Step::Wait(until) => self.wait(until).await?,
        }
        (self.listener)(&self.record, &self.world);
        Ok(None)
    }

    fn view(&self) -> View<'_> {
        View { record: &self.record, world: &self.world, goal: self.goal, safety: self.safety }
    }

    /// Asks the programs of the step, beside the loop.
    fn ask(&mut self) {
        let gates = self.record.policy.steps.get(self.record.step).map_or(&[][..], |stage| &stage.gates);
        self.gates.ask(gates);
        self.note("phase", "the programs of the step are asked".to_owned());
    }

    async fn enter(&mut self, phase: Phase, step: usize) -> Result<(), Trouble> {
        self.gates.forget();
        let now = self.world.now;
        let text = match phase {
            Phase::Stepping => format!("step {} begins", step + 1),
            Phase::Observing => format!("all canary pods are ready; step {} is being observed", step + 1),
            Phase::Promoting => "promotion begins".to_owned(),
            Phase::Verifying => "every service runs the new version; what was extra goes".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        self.record.observing = (phase == Phase::Observing).then_some(now);
        (self.record.phase, self.record.step, self.record.since) = (phase, step, now);
        // What the plots of a report mark.
        let kind = if matches!(phase, Phase::Observing | Phase::Promoting) { "step" } else { "phase" };
        self.note(kind, text);
        self.write().await
    }

    /// Stops, and decides which way back it is.
    async fn turn_back(&mut self, reasons: Vec<Reason>) -> Result<(), Trouble> {
        let inplace = self.record.policy.router == Router::Inplace && self.record.phase.is_before_promotion();
        let touched = self.record.services.values().any(|service| service.touched.is_some());
        let back = if touched && !inplace && self.safety.all_together { Phase::RollingBack } else { Phase::Aborting };
        for reason in &reasons {
            let text = format!("{}: {}", reason.signal, reason.text);
            self.record.note(self.world.now, (&reason.service, "signal"), text);
        }
        let reasons = self.with_logs(reasons).await;
        self.record.reasons.extend(reasons);
        self.enter(back, self.record.step).await
    }

    /// The last lines of the containers that are to blame, where the objects themselves carry none.
    async fn with_logs(&self, mut reasons: Vec<Reason>) -> Vec<Reason> {
        for reason in reasons.iter_mut().filter(|reason| reason.last_log_lines.is_empty()).take(3) {
            if let (Some(pod), Some(container)) = (&reason.pod, &reason.container) {
                let previous = self.cluster.log(pod, (container, true)).await;
                let lines =
                    if previous.is_empty() { self.cluster.log(pod, (container, false)).await } else { previous };
                reason.last_log_lines = lines;
            }
        }
        reasons
    }

    async fn hold(&mut self, why: Held) -> Result<End, Trouble> {
        let text = match why {
            Held::Goal => "this run's part is done",
            Held::Gate => "a gate of the policy holds the rollout",
            Held::Inconclusive => "there is not enough evidence to go on",
            Held::Unclear => "a program that is a gate could not tell",
        };
        let text = match &self.world.programs {
            Programs::Unknown(said) if why == Held::Unclear => said.clone(),
            _ => text.to_owned(),
        };
        // What lacks evidence, or an answer, is looked at again by whoever goes on.
        if matches!(why, Held::Goal | Held::Gate) {
            self.record.phase = Phase::Holding;
        }
        self.gates.forget();
        // A part that is done is no halt.
        self.record.held = (why != Held::Goal).then(|| text.clone());
        self.note("phase", text);
        self.write().await?;
        Ok(End::Held(why))
    }

    async fn finish(&mut self, phase: Phase, doubts: Vec<String>) -> Result<End, Trouble> {
        let untouched = {
            let mut saved = decide::services(&self.record, &self.world);
            saved.all(|(_, saved, there)| decide::proof::is_saved(saved, there).is_ok())
        };
        self.record.untouched = Some(untouched);
        self.record.left = decide::proof::leftovers(self.view()).len();
        self.record.doubts = doubts;
        self.record.held = None;
        self.enter(phase, self.record.step).await?;
        (self.listener)(&self.record, &self.world);
        Ok(End::Over(phase))
    }

    fn note(&mut self, kind: &str, text: String) {
        self.record.note(self.world.now, ("", kind), text);
    }

    async fn write(&mut self) -> Result<(), Trouble> {
        self.keeper.write(&self.cluster, &mut self.record).await
    }
}

impl Record {
    /// Notes an event; the oldest give way.
    pub(crate) fn note(&mut self, now: crate::record::ServerTime, (service, kind): (&str, &str), text: String) {
        const MOST: usize = 300;
        let at = now.since(self.started);
        if self.events.len() >= MOST {
            // The beginning is kept: it tells what the rollout is.
            self.events.remove(20);
        }
        self.events.push(Event { at, service: service.to_owned(), kind: kind.to_owned(), text });
    }
}
