//! One rollout of the demo, told while it happens.
use std::time::Duration;

use cluster_sim::{Cluster as Embedded, Fault, When};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Scenario, shop};
use crate::cluster::Cluster;
use crate::decide::Safety;
use crate::driver::{Begin, Beginning, Driver, End, Identity, Trouble, begin, resume};
use crate::evidence::{Evidence, Run};

/// What a rollout is called.
#[derive(Clone, Debug)]
pub struct Release {
    /// The version that is released.
    pub version: String,
    /// Id of the rollout.
    pub rollout: String,
    /// What is particular about it.
    pub scenario: Scenario,
}

impl Release {
    /// The release of a version under an id.
    #[must_use]
    pub fn new(version: &str, rollout: &str, scenario: Scenario) -> Self {
        Self { version: version.to_owned(), rollout: rollout.to_owned(), scenario }
    }
}

/// Something to be told.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// How the rollout stands.
    Seen(Box<Evidence>),
    /// What the world around it does, in a sentence.
    Said(String),
}

/// A way for news, and where they arrive.
#[must_use]
pub fn news() -> (UnboundedSender<News>, UnboundedReceiver<News>) {
    unbounded_channel()
}

/// Lives through a release, to its end.
///
/// # Errors
/// The driver could not go on.
pub async fn play(cluster: &Embedded, release: &Release, tell: &UnboundedSender<News>) -> Result<Evidence, Trouble> {
    let policy = shop::policy().map_err(|problem| Trouble::Refused(problem.to_string()))?;
    let start = Begin {
        policy,
        targets: Default::default(),
        images: shop::images(&release.version),
        identity: identity("runner-1", 4711),
        rollout: release.rollout.clone(),
    };
    let mut driver = begin(adapter(cluster), start, Safety::default()).await?;
    listen(&mut driver, tell);
    let end = match release.scenario {
        Scenario::DriverKilled => return killed(cluster, driver, tell).await,
        Scenario::SecondDriver => beside(cluster, &mut driver, tell).await,
        _ => driver.run(std::future::pending()).await,
    };
    finished(&driver, end)
}

fn adapter(cluster: &Embedded) -> Cluster {
    Cluster::new(cluster.client(shop::NAMESPACE), shop::NAMESPACE, "canary-step")
}

fn identity(holder: &str, run: u32) -> Identity {
    let url = format!("https://ci.example/shop/actions/runs/{run}");
    let sha = "4f9d2c71b8e03a5d6c1f7e9a0b2d4c6e8f1a3b5d".to_owned();
    Identity { holder: holder.to_owned(), run: Run { id: run.to_string(), url, attempt: 1, sha } }
}

fn listen(driver: &mut Driver, tell: &UnboundedSender<News>) {
    let tell = tell.clone();
    driver.listener = Box::new(move |record, world| {
        // Nobody listens any more: nothing is to be done about it.
        let _ = tell.send(News::Seen(Box::new(Evidence::of(record, shop::NAMESPACE, world.now))));
    });
}

fn say(tell: &UnboundedSender<News>, text: &str) {
    let _ = tell.send(News::Said(text.to_owned()));
}

fn finished(driver: &Driver, end: Result<End, Trouble>) -> Result<Evidence, Trouble> {
    end?;
    Ok(Evidence::of(&driver.record, shop::NAMESPACE, driver.cluster.now()))
}

/// The first driver dies at one of its calls, its answer on the way; after a minute somebody starts `resume`.
async fn killed(cluster: &Embedded, mut driver: Driver, tell: &UnboundedSender<News>) -> Result<Evidence, Trouble> {
    let death = cluster.calls().len() as u64 + 250;
    cluster.on_call(death, When::After, Fault::Kill);
    tokio::select! {
        biased;
        () = cluster.killed() => {}
        end = driver.run(std::future::pending()) => return finished(&driver, end),
    }
    drop(driver);
    say(tell, "the runner is gone: killed, its last call without an answer; the dead-man switch goes on counting");
    tokio::time::sleep(Duration::from_mins(1)).await;
    say(tell, "a minute later another run types `canary-step resume`");
    let meant = Beginning::Named(driver_rollout(cluster));
    let mut driver = resume(adapter(cluster), ("shop", &meant), identity("runner-2", 4712)).await?;
    listen(&mut driver, tell);
    let end = driver.run(std::future::pending()).await;
    finished(&driver, end)
}

/// The id in the record, as somebody reads it in the log of the run that died.
fn driver_rollout(cluster: &Embedded) -> String {
    let record = cluster.get(cluster_sim::Kind::ConfigMap, shop::NAMESPACE, "canary-shop");
    let text = record.and_then(|object| object["data"][crate::record::KEY].as_str().map(str::to_owned));
    let record = text.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    record.and_then(|record| record["rollout"].as_str().map(str::to_owned)).unwrap_or_default()
}

/// Three minutes into the rollout somebody starts another one.
async fn beside(cluster: &Embedded, driver: &mut Driver, tell: &UnboundedSender<News>) -> Result<End, Trouble> {
    let second = async {
        tokio::time::sleep(Duration::from_mins(3)).await;
        let meant = Beginning::Named(driver_rollout(cluster));
        let refused = resume(adapter(cluster), ("shop", &meant), identity("runner-2", 4712)).await;
        match refused {
            Err(trouble) => say(tell, &format!("a second driver is refused: {trouble}")),
            Ok(_) => say(tell, "a second driver was let in, which must never happen"),
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        biased;
        () = second => unreachable!("it waits for ever"),
        end = driver.run(std::future::pending()) => end,
    }
}
