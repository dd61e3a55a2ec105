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
                let shut = self.holds(&argv).await?;
                self.world.shut.extend(shut);
            }
        }
        Ok(self.world.shut.is_empty())
    }

    /// Runs a program; what is wrong when it does not end with 0.
    async fn holds(&mut self, argv: &[String]) -> Result<Option<String>, Trouble> {
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

#[cfg(test)]
mod tests {
    use cluster_sim::{Cluster as Embedded, Kind, Options};
    use serde_json::json;

    use super::*;
    use crate::cluster::Cluster;
    use crate::decide::Safety;
    use crate::driver::{Begin, Identity, Image, begin};
    use crate::evidence::Run;
    use crate::policy::Policy;

    /// What the gates of a step come to.
    async fn check(gates: &str, expected: Option<&str>) {
        tokio::time::pause();
        let embedded = Embedded::new(Options::default());
        let labels = json!({ "app": "api" });
        let stable = json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "api" },
            "spec": { "replicas": 1, "selector": { "matchLabels": labels }, "template": {
                "metadata": { "labels": labels }, "spec": { "containers": [{ "name": "a", "image": "a:1" }] },
            } },
        });
        embedded.create(Kind::Deployment, "shop", stable).unwrap();
        tokio::time::sleep(Duration::from_secs(30)).await;
        let text =
            format!("group: shop\nservices: [{{name: api}}]\nsteps: [{{weight: 50, observe: 5s, gates: [{gates}]}}]\n");
        let start = Begin {
            policy: Policy::read(&text, &[]).unwrap(),
            targets: Default::default(),
            images: [("api".to_owned(), Image::Tag("2".to_owned()))].into(),
            identity: Identity { holder: "first".to_owned(), run: Run::default() },
            rollout: "r1".to_owned(),
        };
        let cluster = Cluster::new(embedded.client("shop"), "shop", "canary-step");
        let mut driver = begin(cluster, start, Safety::default()).await.unwrap();
        // A program takes real time.
        tokio::time::resume();
        assert!(driver.opened(Phase::Observing).await.unwrap(), "it has not been observed yet");
        driver.record.phase = Phase::Observing;
        assert_eq!(driver.opened(Phase::Promoting).await.unwrap(), expected.is_none(), "{gates}");
        let shut = driver.world.shut.join("; ");
        assert!(
            shut.contains(expected.unwrap_or_default()) && shut.is_empty() == expected.is_none(),
            "{gates}: {shut}"
        );
    }

    #[test]
    fn programs_hold_or_do_not() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            check("{command: ['true']}", None).await;
            check("notWorse", None).await;
            check("{command: ['true']}, {command: ['false']}", Some("does not hold")).await;
            check("{command: [no-such-program-here]}", Some("could not be started")).await;
        });
    }
}
