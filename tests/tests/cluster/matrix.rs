//! The crash matrix of one service: the driver dies before and after every call of a rollout.
//!
//! Every seventh point by default; `STRIDE=1` plays all of them.
use std::io::Write;
use std::sync::Mutex;
use std::time::Instant;

use kube::Client;
use kube::config::{KubeConfigOptions, Kubeconfig};
use tokio::runtime::{Builder, Runtime};

use crate::ground::kubeconfig;
use crate::point::{After, Point, Router, Scene};
use crate::strike::When;

/// Rollouts at once: nearly all of their time they wait.
const AT_ONCE: usize = 48;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn client(file: &std::path::Path) -> Client {
    let read = Kubeconfig::read_from(file).unwrap();
    let mut config = kube::Config::from_custom_kubeconfig(read, &KubeConfigOptions::default()).await.unwrap();
    config.default_retry = false;
    Client::try_from(config).unwrap()
}

/// A number for a namespace of its own.
fn place(router: Router, number: usize) -> usize {
    if router == Router::Inplace { number + 10_000 } else { number }
}

/// How many calls a rollout makes that nothing strikes.
fn calls(file: &std::path::Path, router: Router) -> usize {
    runtime().block_on(async {
        let client = client(file).await;
        let scene = Scene::new(&client, place(router, 0)).await;
        let (ended, calls) = scene.first(Point { router, call: None, after: After::Nothing }).await;
        ended.unwrap().unwrap();
        scene.end().await;
        calls
    })
}

fn points(router: Router, last: usize) -> Vec<Point> {
    let stride = std::env::var("STRIDE").map_or(7, |text| text.parse().unwrap());
    let mut points = Vec::new();
    for call in 1..=last {
        for when in [When::Before, When::After] {
            for after in [After::Resume, After::Abort, After::Nothing] {
                points.push(Point { router, call: Some((call, when)), after });
            }
        }
    }
    points.into_iter().enumerate().filter(|(at, _)| at % stride == 0).map(|(_, point)| point).collect()
}

fn check(router: Router) {
    let Some(file) = kubeconfig() else { return };
    let started = Instant::now();
    let last = calls(&file, router);
    let points = points(router, last);
    let next = Mutex::new(points.iter().enumerate());
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                runtime().block_on(async {
                    let client = client(&file).await;
                    while let Some((number, point)) = { next.lock().unwrap().next() } {
                        let scene = Scene::new(&client, place(router, number + 1)).await;
                        if let Err(failure) = scene.play(*point).await {
                            failed.lock().unwrap().push(format!("{point:?} in {}: {failure}", scene.namespace()));
                        }
                        scene.end().await;
                    }
                });
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    let took = started.elapsed().as_secs();
    let told = format!("{router:?}: {} points over {last} calls, {} failed, {took} s\n", points.len(), failed.len());
    std::io::stderr().write_all(told.as_bytes()).unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_driver_that_dies_beside_canaries_harms_nobody() {
    check(Router::Replicas);
}

#[test]
fn a_driver_that_dies_in_place_harms_nobody() {
    check(Router::Inplace);
}
