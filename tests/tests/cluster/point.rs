//! One point of the crash matrix on the real cluster: a rollout whose driver dies of one call, what is done then, and what has to be true.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use canary_step::cluster::{Cluster, Kind};
use canary_step::decide::{Safety, object};
use canary_step::driver::{Begin, Beginning, Driver, End, Identity, Image, Order, Trouble, begin, resume};
use canary_step::evidence::Run;
use canary_step::names;
use canary_step::policy::Policy;
use canary_step::record::{Phase, Record};
use http::Request;
use kube::Client;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::ground::{NEW, OLD, deployment};
use crate::strike::{Struck, When};

/// Pods of the service.
const PODS: u64 = 2;

/// What is done after the driver's death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Resume,
    Abort,
    Nothing,
}

/// A strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Router {
    Replicas,
    Inplace,
}

/// Where the driver dies, and what then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) router: Router,
    /// The number of the call; none plays the rollout to its end.
    pub(crate) call: Option<(usize, When)>,
    pub(crate) after: After,
}

/// A namespace with the service, as an onlooker sees it.
pub(crate) struct Scene {
    client: Client,
    namespace: String,
    before: RefCell<Value>,
}

impl Scene {
    /// Makes the namespace, and waits for the service's pods.
    pub(crate) async fn new(client: &Client, number: usize) -> Self {
        let namespace = format!("matrix-{}-{number}", std::process::id());
        let scene = Self { client: client.clone(), namespace, before: RefCell::default() };
        let body = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": scene.namespace}});
        scene.post("/api/v1/namespaces", &body).await;
        let account = format!("/api/v1/namespaces/{}/serviceaccounts/default", scene.namespace);
        while scene.ask(&account).await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
        let cluster = scene.onlooker();
        scene.post(&cluster.path(Kind::Deployment, ""), &deployment(2, OLD)).await;
        while scene.ready().await < PODS {
            sleep(Duration::from_millis(100)).await;
        }
        *scene.before.borrow_mut() = scene.api().await;
        scene
    }

    /// Where it is.
    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Deletes the namespace, without waiting.
    pub(crate) async fn end(self) {
        let request = Request::delete(format!("/api/v1/namespaces/{}", self.namespace)).body(Vec::new()).unwrap();
        self.client.request::<Value>(request).await.ok();
    }

    async fn ask(&self, path: &str) -> Result<Value, kube::Error> {
        self.client.request(Request::get(path).body(Vec::new()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &Value) {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.body(serde_json::to_vec(body).unwrap()).unwrap();
        self.client.request::<Value>(request).await.unwrap();
    }

    fn onlooker(&self) -> Cluster {
        Cluster::new(self.client.clone(), &self.namespace, "onlooker")
    }

    async fn api(&self) -> Value {
        self.onlooker().get(Kind::Deployment, "api").await.unwrap().unwrap()
    }

    async fn ready(&self) -> u64 {
        self.api().await["status"]["readyReplicas"].as_u64().unwrap_or(0)
    }

    async fn record(&self) -> Option<Record> {
        let config = self.onlooker().get(Kind::ConfigMap, "canary-shop").await.unwrap()?;
        Some(serde_json::from_str(config["data"]["record.json"].as_str()?).unwrap())
    }

    /// Objects that the rollout made, or marked.
    async fn leftovers(&self, fences: bool) -> Vec<String> {
        let mut left = Vec::new();
        for kind in [Kind::Deployment, Kind::ReplicaSet, Kind::Pod, Kind::Job] {
            let made = self.onlooker().list(kind, "dataflow.dev/rollout").await.unwrap().0;
            left.extend(made.iter().map(|made| format!("{kind:?} {}", object::name(made))));
        }
        if fences {
            let fenced = self.onlooker().list(Kind::Deployment, "dataflow.dev/fence").await.unwrap().0;
            left.extend(fenced.iter().map(|fenced| format!("fence of {}", object::name(fenced))));
        }
        left
    }

    fn driver(&self, client: Client) -> Cluster {
        Cluster::new(client, &self.namespace, "canary-step")
    }

    /// The first driver, up to its end or its death; gives the calls that it made.
    pub(crate) async fn first(&self, point: Point) -> (Option<Result<End, Trouble>>, usize) {
        let struck = Struck::new(self.client.clone(), point.call);
        let drive = async {
            let begin_with = beginning(point.router);
            let mut driver = begin(self.driver(struck.client()), begin_with, Safety::default()).await?;
            driver.run(std::future::pending()).await
        };
        let ended = tokio::select! {
            biased;
            () = struck.died() => None,
            ended = drive => Some(ended),
        };
        (ended, struck.calls().len())
    }

    /// Another process goes on; where nothing was recorded, nothing was made either.
    async fn second(&self, order: Order) -> Result<(), String> {
        if self.record().await.is_none() {
            return Ok(());
        }
        let cluster = self.driver(self.client.clone());
        let going = resume(cluster, ("shop", &Beginning::Own), identity("second"));
        let mut driver: Driver = going.await.map_err(|trouble| format!("no second driver: {trouble}"))?;
        match driver.order(order).await {
            // It was promoted before the first one died.
            Err(Trouble::Refused(text)) if text.contains("rollback") => return Ok(()),
            other => other.map_err(|trouble| format!("it takes no order: {trouble}"))?,
        }
        match timeout(Duration::from_secs(240), driver.run(std::future::pending())).await {
            Ok(Ok(End::Over(_))) => Ok(()),
            other => Err(format!("the second driver ended with {other:?}")),
        }
    }

    /// Plays the point.
    pub(crate) async fn play(&self, point: Point) -> Result<(), String> {
        let watch = self.watched(point.router);
        tokio::pin!(watch);
        let played = async {
            let ended = timeout(Duration::from_secs(240), self.first(point)).await;
            match (ended.map_err(|_| "it was not over after four minutes")?.0, point.after) {
                (Some(Ok(End::Over(_))), _) => {}
                (Some(other), _) => return Err(format!("it ended with {other:?}")),
                (None, After::Resume) => self.second(Order::GoOn).await?,
                (None, After::Abort) => self.second(Order::Abort).await?,
                (None, After::Nothing) => return self.nothing(point.router).await,
            }
            self.whole().await
        };
        tokio::select! {
            failure = &mut watch => Err(failure),
            result = played => result,
        }
    }

    /// Resolves when stable has fewer pods than it had, as long as its template is the old one.
    async fn watched(&self, router: Router) -> String {
        loop {
            let api = self.api().await;
            let number = |pointer: &str| api.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
            let first = api["metadata"]["generation"] == 1;
            let held = router == Router::Inplace && number("/spec/minReadySeconds") > 0;
            if number("/spec/replicas") < PODS || ((first || held) && number("/status/readyReplicas") < PODS) {
                return format!("stable had {} of {PODS} ready pods: {api}", number("/status/readyReplicas"));
            }
            sleep(Duration::from_millis(500)).await;
        }
    }

    /// All old or all new, nothing left, and the record says which.
    async fn whole(&self) -> Result<(), String> {
        let mut left = self.leftovers(true).await;
        for _ in 0..60 {
            if left.is_empty() {
                break;
            }
            sleep(Duration::from_millis(500)).await;
            left = self.leftovers(true).await;
        }
        if !left.is_empty() {
            return Err(format!("left over: {left:?}"));
        }
        let (image, same) = self.compared().await;
        let phase = self.record().await.map(|record| record.phase);
        match (image.as_str(), phase) {
            (NEW, Some(Phase::Promoted)) => Ok(()),
            (OLD, None | Some(Phase::Aborted | Phase::RolledBack)) if same => Ok(()),
            _ => Err(format!("{image}, spec as before: {same}, the record says {phase:?}")),
        }
    }

    /// Nobody came: the canaries are gone by their deadline and a minute, and the service is one or the other.
    async fn nothing(&self, router: Router) -> Result<(), String> {
        // The guard's own deadline: the call that put it off may be the one that nobody recorded.
        let falls = self.falls().await;
        let cluster = self.onlooker();
        let mut left = self.leftovers(false).await;
        while !left.is_empty() && cluster.now().0 < falls + 60 {
            sleep(Duration::from_secs(1)).await;
            left = self.leftovers(false).await;
            cluster.get(Kind::ConfigMap, "canary-shop").await.unwrap();
        }
        let (image, _) = self.compared().await;
        if image != NEW && image != OLD {
            return Err(format!("the image is {image}"));
        }
        if router == Router::Replicas && !left.is_empty() {
            return Err(format!("left over: {left:?}"));
        }
        Ok(())
    }

    /// When the guard falls, in server time; now when there is none.
    async fn falls(&self) -> u64 {
        let cluster = self.onlooker();
        let job = cluster.get(Kind::Job, &names::guard("shop", "r1")).await.unwrap().unwrap_or_default();
        let started: Option<jiff::Timestamp> = job["status"]["startTime"].as_str().and_then(|time| time.parse().ok());
        let started = started.map_or(cluster.now().0, |time| u64::try_from(time.as_second()).unwrap());
        started + job["spec"]["activeDeadlineSeconds"].as_u64().unwrap_or(0)
    }

    /// The image, and whether object and spec are what they were before.
    async fn compared(&self) -> (String, bool) {
        let (api, before) = (self.api().await, self.before.borrow().clone());
        let image = api["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap().to_owned();
        (image, api["spec"] == before["spec"] && api["metadata"]["uid"] == before["metadata"]["uid"])
    }
}

fn beginning(router: Router) -> Begin {
    let router = if router == Router::Inplace { "router: inplace\n" } else { "" };
    let policy = format!(
        "group: shop\nservices:\n  - name: api\nsteps: [{{weight: 34, observe: 1s}}]\njudge: {{onInconclusive: proceed}}\n{router}"
    );
    Begin {
        policy: Policy::read(&policy, &[]).unwrap(),
        targets: BTreeMap::new(),
        images: BTreeMap::from([("api".to_owned(), Image::Whole(NEW.to_owned()))]),
        identity: identity("first"),
        rollout: "r1".to_owned(),
    }
}

fn identity(holder: &str) -> Identity {
    let run =
        Run { id: "17".to_owned(), url: "https://ci.example/runs/17".to_owned(), attempt: 1, sha: "f00".to_owned() };
    Identity { holder: holder.to_owned(), run }
}
