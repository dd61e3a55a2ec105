//! The monorepo's eight services on the real control plane, their images in a real registry, their database.
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::parts;

use crate::database::Database;
use crate::identity;
use crate::monorepo::Monorepo;
use crate::pages::Pages;
use crate::registry::{Registry, SERVICES};
use crate::runner::{Run, Running};

/// What is observed while nobody has time: the shares stay, the spans are seconds, and what is not measured is not asked for.
const POLICY_END: &str = "steps:\n  - {weight: 10, observe: 3s}\n  - {weight: 50, observe: 3s}\njudge: {onInconclusive: proceed}\nlimits: {maxExtraPods: 100}\n";

/// A namespace in which the shop of one environment runs.
pub(crate) struct Shop {
    // The servers end before their folders go.
    _database: Database,
    pub(crate) registry: Registry,
    pub(crate) monorepo: Monorepo,
    pub(crate) namespace: String,
    kubectl: PathBuf,
    kubeconfig: PathBuf,
    pages: Pages,
}

impl Shop {
    /// The shop of an environment, not deployed yet; none where a part is missing or no control plane runs.
    pub(crate) fn new(environment: &str) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let kubeconfig = parts::told("CANARY_TEST_KUBECONFIG")?;
        let kubectl = parts::told("CANARY_TEST_KUBECTL")?;
        let mut monorepo = Monorepo::new()?;
        let registry = Registry::start(&monorepo.runner.folder("registry"))?;
        let database = Database::start(&monorepo.runner.folder("database"))?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let namespace = format!("shop-{environment}-{}-{number}", std::process::id());
        let runner = &mut monorepo.runner;
        for (name, value) in [
            ("KUBECONFIG", kubeconfig.to_str().unwrap()),
            ("STAND_IN_KUBECTL", kubectl.to_str().unwrap()),
            ("STAND_IN_DATABASE", &database.url()),
        ] {
            runner.env(name, value);
        }
        runner.env("GITHUB_REPOSITORY", "dataflow/monorepo");
        let prefix = registry.prefix();
        let account = identity::account(match environment {
            "prod" => "production",
            "dev" => "development",
            name => name,
        });
        for (name, value) in
            [("REGISTRY", prefix.as_str()), ("WIF_PROVIDER", identity::PROVIDER), ("DEPLOY_ACCOUNT", account.as_str())]
        {
            runner.words(&["--var", &format!("{name}={value}")]);
        }
        for secret in ["SLACK_WEBHOOK_URL=https://hooks.example/1", "PAGERDUTY_ROUTING_KEY=key"] {
            runner.words(&["--secret", secret]);
        }
        for name in ["kustomize", "trivy", "trivy-db"] {
            parts::needed(name)?;
        }
        let pages = Pages::serve(&kubectl, &kubeconfig, &namespace);
        let shop = Self { monorepo, registry, namespace, kubectl, kubeconfig, _database: database, pages };
        shop.adapt(environment);
        shop.kubectl(&["create", "namespace", &shop.namespace], "");
        Some(shop)
    }

    /// What of the repository is of this run: its namespace, and how long is observed.
    fn adapt(&self, environment: &str) {
        let work = self.monorepo.work();
        for file in [
            format!("deploy/overlays/{environment}/kustomization.yaml"),
            format!(".github/workflows/deploy-{}.yml", if environment == "prod" { "production" } else { environment }),
        ] {
            let path = work.join(file);
            let text = fs::read_to_string(&path).unwrap();
            let old = format!("namespace: shop-{environment}\n");
            assert!(text.contains(&old), "{}", path.display());
            fs::write(path, text.replace(&old, &format!("namespace: {}\n", self.namespace))).unwrap();
        }
        let policy = work.join("deploy/canary.yaml");
        let text = fs::read_to_string(&policy).unwrap();
        fs::write(policy, format!("{}{POLICY_END}", &text[..text.find("steps:\n").unwrap()])).unwrap();
        self.monorepo.git(&["commit", "--quiet", "--all", "--message", "chore: a namespace of this run"]);
    }

    /// Pushes images under a tag, deploys them without a workflow, and waits.
    pub(crate) fn runs(&self, environment: &str, tag: &str) {
        self.registry.fill(&self.monorepo.runner.folder("registry"), tag);
        let overlay = self.monorepo.runner.folder("first");
        crate::trees::copy_all(&self.monorepo.work().join("deploy"), &overlay);
        let folder = overlay.join("overlays").join(environment);
        let kustomize = |words: &[&str]| {
            let output =
                Command::new(parts::needed("kustomize").unwrap()).args(words).current_dir(&folder).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        for service in SERVICES {
            kustomize(&["edit", "set", "image", &format!("{service}={}", self.image(service, tag))]);
        }
        self.kubectl(&["apply", "--filename", "-"], &kustomize(&["build"]));
        self.kubectl(&["rollout", "status", "--timeout", "120s", "deployment"], "");
        let start = Instant::now();
        while self.images().iter().any(|(_, ready)| *ready == 0)
            || self.ready("catalog") < if environment == "prod" { 9 } else { 1 }
        {
            assert!(start.elapsed() < Duration::from_secs(60), "{:?}", self.images());
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// The image of a service by digest.
    pub(crate) fn image(&self, service: &str, tag: &str) -> String {
        let name = format!("{}/{service}", self.registry.prefix());
        format!("{name}@{}", self.registry.crane(&["digest", &format!("{name}:{tag}")]))
    }

    /// kubectl in the namespace; what it printed.
    pub(crate) fn kubectl(&self, words: &[&str], input: &str) -> String {
        kubectl(&self.kubectl, &self.kubeconfig, &self.namespace, (words, input))
    }

    /// The image and the ready pods of each Deployment, by name.
    pub(crate) fn images(&self) -> Vec<(String, u64)> {
        let list: Value = serde_json::from_str(&self.kubectl(&["get", "deployments", "--output", "json"], "")).unwrap();
        let mut images: Vec<(String, u64)> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                let image = item["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap();
                (image.to_owned(), item["status"]["readyReplicas"].as_u64().unwrap_or(0))
            })
            .collect();
        images.sort();
        images
    }

    fn ready(&self, name: &str) -> u64 {
        let text = self.kubectl(&["get", "deployment", name, "--output", "jsonpath={.status.readyReplicas}"], "");
        text.parse().unwrap_or(0)
    }

    /// The templates of all services and what else says whether stable was touched.
    pub(crate) fn templates(&self) -> Vec<Value> {
        SERVICES.iter().map(|name| {
            let text = self.kubectl(&["get", "deployment", name, "--output", "json"], "");
            let object: Value = serde_json::from_str(&text).unwrap();
            serde_json::json!({"uid": object["metadata"]["uid"], "template": object["spec"]["template"], "selector": object["spec"]["selector"]})
        }).collect()
    }

    /// All services run the images of a tag, and nothing else is there.
    pub(crate) fn all_run(&self, tag: &str) {
        let mut expected: Vec<String> = SERVICES.iter().map(|service| self.image(service, tag)).collect();
        expected.sort();
        let found = self.images();
        assert_eq!(found.iter().map(|(image, _)| image.clone()).collect::<Vec<_>>(), expected);
        let left = self
            .kubectl(&["get", "deployments,pods,jobs", "--selector", "dataflow.dev/rollout", "--output", "name"], "");
        assert_eq!(left, "", "left over");
    }

    /// Runs a caller that somebody starts by hand.
    pub(crate) fn dispatch(&self, caller: &str, inputs: &Value) -> Run {
        self.monorepo.run("workflow_dispatch", &dispatched(inputs), caller)
    }

    /// As [`Self::dispatch`], but somebody will end it.
    pub(crate) fn start(&self, caller: &str, inputs: &Value) -> Running {
        self.monorepo.start("workflow_dispatch", &dispatched(inputs), caller)
    }

    /// Runs a caller for a push of the last commit.
    pub(crate) fn push(&self, reference: &str, caller: &str) -> Run {
        let commit = self.monorepo.git(&["rev-parse", "HEAD"]);
        let repository = serde_json::json!({"full_name": "dataflow/monorepo", "default_branch": "main"});
        let payload = serde_json::json!({"ref": reference, "after": commit, "repository": repository});
        self.monorepo.run("push", &payload.to_string(), caller)
    }

    /// Has every service answer its probe by 503, or by 200 again; what the control plane thinks of pods does not change by it.
    pub(crate) fn is_sick(&self, sick: bool) {
        self.pages.sick.store(sick, Ordering::Relaxed);
    }

    /// What a stand-in noted: `messages`, `pages`, `backups` or `migrations`.
    pub(crate) fn noted(&self, what: &str) -> String {
        fs::read_to_string(self.monorepo.runner.folder(what)).unwrap_or_default()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.pages.stop();
        let words = ["delete", "namespace", &self.namespace, "--wait=false"];
        let _ = Command::new(&self.kubectl).env("KUBECONFIG", &self.kubeconfig).args(words).output();
    }
}

fn dispatched(inputs: &Value) -> String {
    let repository = serde_json::json!({"full_name": "dataflow/monorepo", "default_branch": "main"});
    serde_json::json!({"inputs": inputs, "ref": "refs/heads/main", "repository": repository}).to_string()
}

fn kubectl(program: &Path, kubeconfig: &Path, namespace: &str, (words, input): (&[&str], &str)) -> String {
    let mut child = Command::new(program)
        .env("KUBECONFIG", kubeconfig)
        .args(["--namespace", namespace])
        .args(words)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "kubectl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
