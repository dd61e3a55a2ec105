//! Gates at the end of a step: programs that have to end with 0. The lease is renewed while they run.
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::Instant;

use super::{Driver, Trouble};
use crate::policy::Gate;
use crate::record::Phase;

/// How long a program may take.
const WITHIN: Duration = Duration::from_secs(60);

impl Driver {
    /// Whether the rollout may leave its step for `phase`; what does not hold is kept for the next decision.
    pub(super) async fn opened(&mut self, phase: Phase) -> Result<bool, Trouble> {
        if self.record.phase != Phase::Observing || phase == Phase::Observing {
            return Ok(true);
        }
        let stage = self.record.policy.steps.get(self.record.step);
        let gates = stage.map(|stage| stage.gates.clone()).unwrap_or_default();
        for gate in gates {
            if let Gate::Command(argv) = gate {
                self.world.shut.extend(self.asked(&argv).await?);
            }
        }
        Ok(self.world.shut.is_empty())
    }

    /// Runs a program; what is wrong when it does not end with 0.
    async fn asked(&mut self, argv: &[String]) -> Result<Option<String>, Trouble> {
        let words = argv.join(" ");
        let Some((program, arguments)) = argv.split_first() else { return Ok(None) };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return Ok(Some(format!("the gate `{words}` could not be started: {error}"))),
        };
        let end = Instant::now() + WITHIN;
        loop {
            tokio::select! {
                biased;
                ended = child.wait() => return Ok(match ended {
                    Ok(status) if status.success() => None,
                    Ok(status) => Some(format!("the gate `{words}` does not hold: {status}")),
                    Err(error) => Some(format!("the gate `{words}` was lost: {error}")),
                }),
                () = tokio::time::sleep_until(end.min(self.lock.due())) => {
                    if Instant::now() >= end {
                        return Ok(Some(format!("the gate `{words}` took more than a minute")));
                    }
                    self.renewed().await?;
                }
            }
        }
    }
}
