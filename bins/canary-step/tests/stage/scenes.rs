//! The scenes of the matrix, and how many points are played on all processors.
use std::sync::atomic::{AtomicUsize, Ordering};

use canary_step::decide::Safety;
use cluster_sim::{Call, Kind};
use serde_json::json;

use super::matrix::{After, Scene, Strike, point};
use super::{BAD, NAMESPACE, NEW, autoscaler, beginning, cluster, deployment, policy, service, settle, virtually};

/// How a scene is.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) services: &'static [&'static str],
    pub(crate) pods: u32,
    pub(crate) rest: &'static str,
    pub(crate) good: bool,
    pub(crate) autoscaled: bool,
}

/// One service beside canaries, with an autoscaler that would shrink it.
pub(crate) const ONE: Shape =
    Shape { name: "one service", services: &["api"], pods: 4, rest: "", good: true, autoscaled: true };
/// The same with one short step.
pub(crate) const ONE_STEP: Shape = Shape { rest: STEP, ..ONE };
const STEP: &str = "steps: [{weight: 50, observe: 5s}]\n";
/// The same with a step that is long enough for the autoscaler.
pub(crate) const LONG_STEP: Shape = Shape { rest: "steps: [{weight: 50, observe: 90s}]\n", ..ONE };
/// Two services, one after the other.
pub(crate) const TWO: Shape =
    Shape { name: "two services", services: &["api", "web"], pods: 2, rest: "", good: true, autoscaled: false };
/// A release that crashes.
pub(crate) const CRASHES: Shape =
    Shape { name: "a bad release", services: &["api"], pods: 2, rest: "", good: false, autoscaled: false };
/// In place.
pub(crate) const INPLACE: Shape =
    Shape { name: "in place", services: &["api"], pods: 4, rest: "router: inplace\n", good: true, autoscaled: false };
/// In place with one short step.
pub(crate) const INPLACE_STEP: Shape =
    Shape { rest: "router: inplace\nsteps: [{weight: 50, observe: 5s}]\n", ..INPLACE };
/// Eight services.
pub(crate) const EIGHT: Shape = Shape {
    name: "eight services",
    services: &["a", "b", "c", "d", "e", "f", "g", "h"],
    pods: 1,
    rest: "steps: [{weight: 50, observe: 5s}]\n",
    good: true,
    autoscaled: false,
};

impl Shape {
    /// Builds it.
    pub(crate) fn scene(self, safety: Safety) -> Scene {
        virtually(async {
            let cluster = cluster(self.services, self.pods).await;
            if self.autoscaled {
                for name in self.services {
                    cluster.create(Kind::Service, NAMESPACE, service(name, self.pods)).unwrap();
                    cluster.create(Kind::HorizontalPodAutoscaler, NAMESPACE, autoscaler(name, 1)).unwrap();
                }
            }
            settle(60).await;
            let begin = match self.good {
                true => {
                    let mut begin = beginning(&policy(self.services, self.rest), NEW);
                    for name in self.services {
                        // The new version needs another environment too: an image alone is not all that has to come back.
                        let mut target = deployment(name, self.pods);
                        target["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"] = json!("2");
                        begin.targets.insert((*name).to_owned(), target);
                    }
                    begin
                }
                false => beginning(&policy(self.services, self.rest), BAD),
            };
            let most = begin.policy.steps.iter().map(|stage| stage.weight.canaries(self.pods)).max();
            Scene {
                name: self.name,
                world: cluster.snapshot(),
                begin,
                safety,
                services: self.services.to_vec(),
                pods: u64::from(self.pods),
                extra: u64::from(most.unwrap_or(0)),
                good: self.good,
                floor: self.autoscaled.then_some(1),
            }
        })
    }
}

/// The calls that a rollout of the scene makes when nothing strikes.
pub(crate) fn calls(scene: &Scene) -> Vec<Call> {
    virtually(async {
        let cluster = cluster_sim::Cluster::restore(&scene.world);
        super::run(&cluster, scene.begin.clone(), scene.safety).await.unwrap();
        cluster.calls()
    })
}

/// A point: the number of the call, what strikes, what is done then.
pub(crate) type Point = (u64, Strike, After);

/// Plays all points on all processors; what failed, in order.
pub(crate) fn play(scene: &Scene, points: &[Point]) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let work = || {
        let mut failed = Vec::new();
        while let Some((call, strike, after)) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(text) = virtually(point(scene, (*call, strike, *after))) {
                failed.push((*call, format!("{}: call {call}, {strike:?}, then {after:?}: {text}", scene.name)));
            }
        }
        failed
    };
    let mut failed: Vec<(u64, String)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    failed.sort();
    failed.into_iter().map(|(_, text)| text).collect()
}
