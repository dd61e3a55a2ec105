//! Where a behaviour is looked at: a namespace of its own, on the embedded cluster or on a real one.
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cluster_sim::{Cluster, Options};
use http::{Method, Request};
use kube::Client;
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use crate::reply::Reply;

/// ConfigMaps, for paths; the namespace goes before the last word.
pub(crate) const CONFIGMAPS: &str = "api/v1/configmaps";
pub(crate) const PODS: &str = "api/v1/pods";
pub(crate) const DEPLOYMENTS: &str = "apis/apps/v1/deployments";
pub(crate) const REPLICA_SETS: &str = "apis/apps/v1/replicasets";
pub(crate) const JOBS: &str = "apis/batch/v1/jobs";
pub(crate) const LEASES: &str = "apis/coordination.k8s.io/v1/leases";
pub(crate) const AUTOSCALERS: &str = "apis/autoscaling/v2/horizontalpodautoscalers";

/// A kind of cluster.
#[derive(Clone)]
pub(crate) enum Where {
    Embedded,
    Real { kubeconfig: PathBuf },
}

impl Where {
    /// The real one, or why there is none.
    pub(crate) fn real() -> Result<Self, String> {
        let kubeconfig = std::env::var_os("CANARY_TEST_KUBECONFIG").map(PathBuf::from);
        let missing = "the behaviours on a real control plane: CANARY_TEST_KUBECONFIG is not set; \
                       `cargo xtask test cluster` starts one";
        Ok(Self::Real { kubeconfig: kubeconfig.ok_or(missing)? })
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Real { .. } => "real",
        }
    }

    /// Looks at a behaviour there, in a new namespace.
    pub(crate) fn run<F: Future<Output = ()>>(&self, see: impl FnOnce(Ground) -> F) {
        match self {
            // Nobody waits: when all are idle, the clock goes on to the next thing that happens.
            Self::Embedded => {
                let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
                runtime.block_on(async { see(Ground::embedded()).await });
            }
            Self::Real { kubeconfig } => {
                let runtime = Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let ground = Ground::real(kubeconfig.clone()).await;
                    let namespace = format!("/api/v1/namespaces/{}", ground.namespace);
                    let client = ground.client.clone();
                    see(ground).await;
                    // Without waiting for it; one that failed is left to be looked at.
                    request(&client, Method::DELETE, &namespace, None).await.ok();
                });
            }
        }
    }
}

/// A namespace of a cluster.
pub(crate) struct Ground {
    pub(crate) client: Client,
    pub(crate) namespace: String,
    embedded: Option<Cluster>,
    /// Which loopback address answers for a pod's, in the real cluster.
    map: Option<PathBuf>,
}

impl Ground {
    fn embedded() -> Self {
        let cluster = Cluster::new(Options::default());
        let namespace = "behaviour".to_owned();
        Self { client: cluster.client(&namespace), namespace, embedded: Some(cluster), map: None }
    }

    async fn real(file: PathBuf) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let namespace = format!("behaviour-{}-{number}", std::process::id());
        let kubeconfig = Kubeconfig::read_from(&file).unwrap();
        let options = KubeConfigOptions::default();
        let mut config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await.unwrap();
        // Answers of 429, 503 and 504 are what is looked at, too.
        config.default_retry = false;
        let client = Client::try_from(config).unwrap();
        let map = file.ancestors().nth(2).map(|folder| folder.join("egress.map"));
        let ground = Self { client, namespace, embedded: None, map };
        let body = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ground.namespace}});
        ground.send(Method::POST, "/api/v1/namespaces", Some(("application/json", body))).await.ok();
        // Pods are refused until it is there.
        let account = format!("/api/v1/namespaces/{}/serviceaccounts/default", ground.namespace);
        ground.until("the default service account", &account, |account| account["kind"] == "ServiceAccount").await;
        ground
    }

    /// The path of a resource in this namespace.
    pub(crate) fn all(&self, resource: &str) -> String {
        let (version, plural) = resource.rsplit_once('/').unwrap();
        format!("/{version}/namespaces/{}/{plural}", self.namespace)
    }

    /// The path of an object.
    pub(crate) fn one(&self, resource: &str, name: &str) -> String {
        format!("{}/{name}", self.all(resource))
    }

    /// Sends a request; whatever the server says is an answer.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<(&str, Value)>) -> Reply {
        request(&self.client, method, path, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    /// Creates an object, which has to work.
    pub(crate) async fn create(&self, resource: &str, object: Value) -> Value {
        let reply = self.try_create(resource, object).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.body
    }

    pub(crate) async fn try_create(&self, resource: &str, object: Value) -> Reply {
        self.send(Method::POST, &self.all(resource), Some(("application/json", object))).await
    }

    /// As if it created an object.
    pub(crate) async fn try_dry_create(&self, resource: &str, object: Value) -> Reply {
        let path = format!("{}?dryRun=All", self.all(resource));
        self.send(Method::POST, &path, Some(("application/json", object))).await
    }

    pub(crate) async fn put(&self, path: &str, object: Value) -> Reply {
        self.send(Method::PUT, path, Some(("application/json", object))).await
    }

    /// A JSON patch, as an array of operations.
    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Reply {
        self.send(Method::PATCH, path, Some(("application/json-patch+json", operations))).await
    }

    pub(crate) async fn merge(&self, path: &str, change: Value) -> Reply {
        self.send(Method::PATCH, path, Some(("application/merge-patch+json", change))).await
    }

    /// Deletes with `DeleteOptions`.
    pub(crate) async fn delete(&self, path: &str, options: Value) -> Reply {
        self.send(Method::DELETE, path, Some(("application/json", options))).await
    }

    /// The objects of a list.
    pub(crate) async fn list(&self, resource: &str, labels: &str) -> Vec<Value> {
        let labels = labels.replace('=', "%3D").replace(',', "%2C").replace('!', "%21").replace(' ', "%20");
        let reply = self.get(&format!("{}?labelSelector={labels}", self.all(resource))).await.ok();
        reply["items"].as_array().unwrap().clone()
    }

    /// Looks at a path until the answer is as wanted, and gives it.
    pub(crate) async fn until(&self, what: &str, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        // Half an hour of virtual time costs nothing.
        let limit = Duration::from_secs(if self.embedded.is_some() { 1800 } else { 60 });
        let start = Instant::now();
        loop {
            let body = self.get(path).await.body;
            if wanted(&body) {
                return body;
            }
            assert!(start.elapsed() < limit, "no {what} within {limit:?} at {path}: {body:#}");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Looks until nothing is left of a resource with these labels.
    pub(crate) async fn until_none(&self, resource: &str, labels: &str) {
        let path = format!("{}?labelSelector={}", self.all(resource), labels.replace('=', "%3D"));
        self.until("empty list", &path, |list| list["items"].as_array().is_some_and(Vec::is_empty)).await;
    }

    /// Lets time pass where it can be chosen when something happens: as much as given, on either cluster.
    pub(crate) async fn wait(&self, milliseconds: u64) {
        sleep(Duration::from_millis(milliseconds)).await;
    }

    /// Sets an external metric, as autoscalers of this namespace see it.
    pub(crate) async fn metric(&self, name: &str, value: i64) {
        if let Some(cluster) = &self.embedded {
            cluster.external_metric(name, value);
            return;
        }
        let path = self.one(CONFIGMAPS, "external-metrics");
        let data = json!({"data": {name: value.to_string()}});
        if self.merge(&path, data.clone()).await.status == 404 {
            let mut object = data;
            object["metadata"] = json!({"name": "external-metrics"});
            self.create(CONFIGMAPS, object).await;
        }
    }

    /// Lets a page stand behind a pod's port; the embedded cluster's pods have their own.
    pub(crate) fn serve(&self, pod: &Value, port: u16) {
        let Some(map) = &self.map else { return };
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let there = server.local_addr().unwrap();
        std::thread::spawn(move || server.incoming().flatten().for_each(crate::pages::answer));
        let line = format!("{}:{port} {there}\n", pod["status"]["podIP"].as_str().unwrap());
        let mut file = std::fs::OpenOptions::new().append(true).open(map).unwrap();
        std::io::Write::write_all(&mut file, line.as_bytes()).unwrap();
    }
}

async fn request(client: &Client, method: Method, path: &str, body: Option<(&str, Value)>) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    if let Some((kind, _)) = &body {
        request = request.header("content-type", *kind);
    }
    let body = body.map_or_else(Body::empty, |(_, body)| Body::from(serde_json::to_vec(&body).unwrap()));
    let response = client.send(request.body(body).unwrap()).await.unwrap();
    Reply::read(response).await
}
