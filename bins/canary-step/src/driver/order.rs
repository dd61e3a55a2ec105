//! What a person or a later job orders about a rollout that was begun.
use super::{Driver, Trouble};
use crate::decide::{Goal, alarm_reason};
use crate::record::Phase;

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// To the end.
    GoOn,
    /// The next step, and no further.
    Step,
    /// Promote now: whoever orders it has decided.
    Promote,
    /// Everything back, from before promotion.
    Abort,
    /// Everything back, whatever has been promoted.
    RollBack,
}

impl Driver {
    /// Takes an order; the record says so before anything moves.
    ///
    /// # Errors
    /// The order makes no sense where the rollout stands, or the record could not be written.
    pub async fn order(&mut self, order: Order) -> Result<(), Trouble> {
        self.ordered = order;
        let phase = self.record.phase;
        let refuse = |text: &str| Err(Trouble::Refused(text.to_owned()));
        self.world.now = self.cluster.now();
        match order {
            Order::GoOn => Ok(()),
            Order::Step if phase == Phase::Holding && self.record.step + 1 >= self.record.policy.steps.len() => {
                refuse("the last step is done; `canary-step promote` is next")
            }
            Order::Step if !phase.is_before_promotion() => refuse("the steps are over"),
            Order::Step => {
                self.goal = Goal::Step(self.record.step + usize::from(phase == Phase::Holding));
                Ok(())
            }
            Order::Promote if phase == Phase::Stepping => refuse("the canaries are not ready, let alone observed"),
            Order::Promote if phase.is_before_promotion() => {
                self.note("person", "somebody orders the promotion".to_owned());
                self.enter(Phase::Promoting, self.record.step).await
            }
            Order::Promote => Ok(()),
            Order::Abort if phase == Phase::Promoted => refuse("it is promoted; `canary-step rollback` puts it back"),
            Order::RollBack if phase == Phase::Promoted => self.asked(Phase::RollingBack).await,
            Order::Abort | Order::RollBack if phase.is_over() || phase >= Phase::Aborting => Ok(()),
            Order::Abort | Order::RollBack => {
                let reason = alarm_reason(self.view(), "", ("asked", "somebody asked for it".to_owned()));
                self.turn_back(vec![reason]).await
            }
        }
    }

    async fn asked(&mut self, phase: Phase) -> Result<(), Trouble> {
        let reason = alarm_reason(self.view(), "", ("asked", "somebody asked for it".to_owned()));
        self.record.reasons.push(reason);
        self.record.untouched = None;
        self.enter(phase, self.record.step).await
    }

    /// The phase in which the answer to what was ordered is yes.
    #[must_use]
    pub fn wished(&self) -> Phase {
        match self.ordered {
            Order::Abort | Order::RollBack if self.record.phase == Phase::RolledBack => Phase::RolledBack,
            Order::Abort | Order::RollBack => Phase::Aborted,
            _ => Phase::Promoted,
        }
    }
}
