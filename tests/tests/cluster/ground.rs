//! A namespace of the real cluster, and the programs that work on it.
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::parts::told;

/// The image that serves.
pub(crate) const OLD: &str =
    "registry.example/api@sha256:1111111111111111111111111111111111111111111111111111111111111111";
/// The image of the release.
pub(crate) const NEW: &str =
    "registry.example/api@sha256:2222222222222222222222222222222222222222222222222222222222222222";

/// A namespace with one service, `api`.
pub(crate) struct Ground {
    pub(crate) kubeconfig: PathBuf,
    pub(crate) kubectl: PathBuf,
    pub(crate) namespace: String,
    pub(crate) folder: TempDir,
    binary: PathBuf,
}

/// Where the cluster is.
pub(crate) fn kubeconfig() -> Option<PathBuf> {
    told("CANARY_TEST_KUBECONFIG")
}

impl Ground {
    /// A new namespace in which `api` serves with some pods; none where there is no cluster.
    pub(crate) fn new(pods: u32) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let ground = Self {
            kubeconfig: kubeconfig()?,
            kubectl: told("CANARY_TEST_KUBECTL")?,
            binary: told("CANARY_TEST_BINARY")?,
            namespace: format!("canary-{}-{number}", std::process::id()),
            folder: TempDir::new().unwrap(),
        };
        ground.typed(&["create", "namespace", &ground.namespace]);
        ground.until("the default service account", || ground.get("serviceaccount/default").is_some());
        ground.apply(&["apply"], &deployment(pods, OLD));
        ground.until("the first rollout", || ground.ready("api") == u64::from(pods));
        Some(ground)
    }

    /// kubectl with these words; its output, whatever it ended with.
    pub(crate) fn output(&self, words: &[&str], input: &str) -> Output {
        let mut child = Command::new(&self.kubectl)
            .env("KUBECONFIG", &self.kubeconfig)
            .env("HOME", self.folder.path())
            // Sets are still behind it.
            .env("KUBECTL_APPLYSET", "true")
            .args(["--namespace", &self.namespace])
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// kubectl with these words, which has to work; what it printed.
    pub(crate) fn typed(&self, words: &[&str]) -> String {
        self.typed_in(words, "")
    }

    pub(crate) fn typed_in(&self, words: &[&str], input: &str) -> String {
        let output = self.output(words, input);
        assert!(output.status.success(), "kubectl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Applies an object in one of kubectl's ways.
    pub(crate) fn apply(&self, way: &[&str], object: &Value) -> String {
        self.typed_in(&[way, &["--filename", "-"]].concat(), &object.to_string())
    }

    /// The object, as `kind/name`; none when there is none.
    pub(crate) fn get(&self, what: &str) -> Option<Value> {
        let output = self.output(&["get", what, "--output", "json", "--ignore-not-found"], "");
        assert!(output.status.success(), "get {what}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).ok()
    }

    /// All objects of some kinds with these labels.
    pub(crate) fn list(&self, kinds: &str, labels: &str) -> Vec<Value> {
        let list = self.typed(&["get", kinds, "--selector", labels, "--output", "json"]);
        let list: Value = serde_json::from_str(&list).unwrap();
        list["items"].as_array().unwrap().clone()
    }

    /// How many pods of a Deployment are ready.
    pub(crate) fn ready(&self, name: &str) -> u64 {
        let object = self.get(&format!("deployment/{name}")).unwrap_or_default();
        let same = object["status"]["observedGeneration"] == object["metadata"]["generation"];
        let status = &object["status"];
        let all = status["replicas"] == status["updatedReplicas"] && status["unavailableReplicas"].is_null();
        if same && all { status["readyReplicas"].as_u64().unwrap_or(0) } else { 0 }
    }

    pub(crate) fn image(&self) -> String {
        let api = self.get("deployment/api").unwrap();
        api["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap().to_owned()
    }

    /// The record, as it stands in its ConfigMap.
    pub(crate) fn record(&self) -> Value {
        let config = self.get("configmap/canary-shop").unwrap_or_default();
        config["data"]["record.json"].as_str().map_or(Value::Null, |text| serde_json::from_str(text).unwrap())
    }

    /// What a rollout made and should have taken away.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let made = self.list("deployments,replicasets,pods,jobs", "dataflow.dev/rollout");
        let name = |object: &Value| format!("{}/{}", object["kind"], object["metadata"]["name"]);
        let fenced = self.list("deployments", "dataflow.dev/fence");
        made.iter().map(name).chain(fenced.iter().map(|object| format!("fence of {}", name(object)))).collect()
    }

    /// Waits for something, and shows the namespace when it does not come.
    pub(crate) fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let start = Instant::now();
        while !is_so() {
            if start.elapsed() > Duration::from_secs(90) {
                let all = self.output(&["get", "deployments,replicasets,pods,jobs,configmaps", "--output", "wide"], "");
                panic!("waited for {what} in {}:\n{}", self.namespace, String::from_utf8_lossy(&all.stdout));
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file
    }

    /// canary-step with these words, by the kubeconfig, not started yet.
    pub(crate) fn canary(&self, words: &[&str], kubeconfig: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().env("HOME", self.folder.path()).args(words);
        command.arg("--kubeconfig").arg(kubeconfig).args(["--namespace", &self.namespace]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A rollout of the new image under a policy of these further lines.
    pub(crate) fn release(&self, rest: &str, more: &[&str]) -> Command {
        self.release_as(&self.kubeconfig, rest, more)
    }

    pub(crate) fn release_as(&self, kubeconfig: &Path, rest: &str, more: &[&str]) -> Command {
        let judge = if rest.contains("judge:") { "" } else { "judge: {onInconclusive: proceed}\n" };
        let policy = self.file("canary.yaml", &format!("group: shop\nservices:\n  - name: api\n{judge}{rest}"));
        let images = format!("api={NEW}");
        let words = ["run", "--policy", policy.to_str().unwrap(), "--images", &images, "--format", "json"];
        self.canary(&[&words, more].concat(), kubeconfig)
    }

    /// Another command on the record that there is.
    pub(crate) fn order(&self, verb: &str) -> Run {
        let record = self.record();
        let rollout = record["rollout"].as_str().unwrap();
        Run::of(self.canary(&[verb, "--group", "shop", "--rollout", rollout, "--format", "json"], &self.kubeconfig))
    }
}

/// How a run of canary-step ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    /// Its evidence; null where it printed none.
    pub(crate) evidence: Value,
}

impl Run {
    /// Runs it to its end.
    pub(crate) fn of(mut command: Command) -> Self {
        Self::ended(command.spawn().unwrap())
    }

    /// Waits for its end.
    pub(crate) fn ended(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let evidence = String::from_utf8_lossy(&output.stdout).lines().find_map(|line| serde_json::from_str(line).ok());
        Self { code: output.status.code(), said, evidence: evidence.unwrap_or_default() }
    }

    /// The outcome, with all that was said when it is another one.
    pub(crate) fn came_to(self, code: i32, outcome: &str) -> Self {
        assert_eq!((self.code, self.evidence["outcome"].as_str()), (Some(code), Some(outcome)), "{}", self.said);
        self
    }
}

/// The service, as its team applies it.
pub(crate) fn deployment(pods: u32, image: &str) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "api", "labels": {"app": "api"}},
        "spec": {
            "replicas": pods,
            "selector": {"matchLabels": {"app": "api"}},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": {
                "metadata": {"labels": {"app": "api"}},
                "spec": {"containers": [{"name": "api", "image": image, "ports": [{"containerPort": 8080}]}]},
            },
        },
    })
}
