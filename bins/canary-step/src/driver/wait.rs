//! Waiting: until something changes, a time comes, or the judge has something to say; the lease is renewed meanwhile.
use std::time::Duration;

use tokio::time::Instant;

use super::{Driver, Trouble};
use crate::cluster::Wakes;
use crate::decide::Verdict;
use crate::record::{Phase, ServerTime};

/// Changes that come in a burst are looked at together.
const BURST: Duration = Duration::from_millis(800);
/// Without any change everything is looked at again after this, in case a watch has fallen silent.
const AT_LEAST: Duration = Duration::from_secs(60);

impl Driver {
    /// Waits; `until` is in server time.
    pub(super) async fn wait(&mut self, until: Option<ServerTime>) -> Result<(), Trouble> {
        let now = Instant::now();
        let wished = until.map(|until| Duration::from_secs(until.since(self.cluster.now()).max(1)));
        let end = now + wished.unwrap_or(AT_LEAST).min(AT_LEAST);
        if self.wakes.is_none() {
            self.wakes = Some(Wakes::open(&self.cluster));
        }
        loop {
            let tick = self.next_tick();
            let wake = end.min(self.lock.due()).min(tick.unwrap_or(end));
            let woken = match &self.wakes {
                Some(wakes) => tokio::select! {
                    biased;
                    () = self.gates.over() => return Ok(()),
                    () = wakes.changed() => true,
                    () = tokio::time::sleep_until(wake) => false,
                },
                None => true,
            };
            if woken {
                tokio::time::sleep(BURST).await;
                return Ok(());
            }
            self.renewed().await?;
            if tick.is_some_and(|tick| Instant::now() >= tick) && self.tick().await? {
                return Ok(());
            }
            if Instant::now() >= end {
                return Ok(());
            }
        }
    }

    /// When the judge is fed next; stable is measured before the first canary too.
    fn next_tick(&self) -> Option<Instant> {
        let measured = matches!(self.record.phase, Phase::Stepping | Phase::Observing | Phase::Promoting);
        measured.then(|| self.ticked + self.record.policy.judge.tick.duration())
    }

    /// Feeds the judge; whether what it says changes what is to be done.
    async fn tick(&mut self) -> Result<bool, Trouble> {
        self.ticked = Instant::now();
        self.observer.tick(&self.cluster, &mut self.record, &self.world).await;
        self.write().await?;
        // For whoever watches: the world is read anew before anything is decided.
        self.world.now = self.cluster.now();
        (self.listener)(&self.record, &self.world);
        let verdict = self.observer.verdict(&self.record, self.cluster.now());
        let news = matches!(verdict, Verdict::Worse(_)) || verdict != self.world.verdict;
        self.world.verdict = verdict;
        Ok(news)
    }
}
