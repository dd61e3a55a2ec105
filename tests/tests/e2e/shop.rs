//! The monorepo's eight services on the real control plane, their images in a real registry, their database.
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::parts;

use crate::database::Database;
use crate::monorepo::Monorepo;
use crate::registry::{Registry, SERVICES};
use crate::runner::Run;

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
        for (name, value) in [
            ("REGISTRY", prefix.as_str()),
            ("WIF_PROVIDER", "projects/1/provider"),
            ("DEPLOY_ACCOUNT", "deploy@example"),
        ] {
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
        let payload = serde_json::json!({"inputs": inputs, "ref": "refs/heads/main", "repository": {"full_name": "dataflow/monorepo", "default_branch": "main"}});
        self.monorepo.run("workflow_dispatch", &payload.to_string(), caller)
    }

    /// Runs a caller for a push of the last commit.
    pub(crate) fn push(&self, reference: &str, caller: &str) -> Run {
        let commit = self.monorepo.git(&["rev-parse", "HEAD"]);
        let repository = serde_json::json!({"full_name": "dataflow/monorepo", "default_branch": "main"});
        let payload = serde_json::json!({"ref": reference, "after": commit, "repository": repository});
        self.monorepo.run("push", &payload.to_string(), caller)
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

/// One page for all pods of a namespace, behind the addresses that the API server knows.
struct Pages {
    over: Arc<AtomicBool>,
    keeper: Option<JoinHandle<()>>,
}

impl Pages {
    fn serve(program: &Path, kubeconfig: &Path, namespace: &str) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || listener.incoming().flatten().for_each(answer));
        let map = kubeconfig.ancestors().nth(2).unwrap().join("egress.map");
        let (program, kubeconfig, namespace, ended) =
            (program.to_owned(), kubeconfig.to_owned(), namespace.to_owned(), Arc::clone(&over));
        let keeper = thread::spawn(move || {
            let mut known = Vec::new();
            let words = ["get", "pods", "--output", "jsonpath={.items[*].status.podIP}"];
            while !ended.load(Ordering::Relaxed) {
                let listed = Command::new(&program)
                    .env("KUBECONFIG", &kubeconfig)
                    .args(["--namespace", &namespace])
                    .args(words)
                    .output()
                    .unwrap();
                for ip in String::from_utf8_lossy(&listed.stdout).split_whitespace() {
                    if !known.contains(&ip.to_owned()) {
                        maps(&map, ip, &address.to_string());
                        known.push(ip.to_owned());
                    }
                }
                thread::sleep(Duration::from_millis(300));
            }
        });
        Self { over, keeper: Some(keeper) }
    }

    fn stop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

/// Has a pod's address mean ours, in place of what an earlier pod with that address had.
fn maps(map: &Path, ip: &str, address: &str) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap();
    let start = format!("{ip}:8080 ");
    let text = fs::read_to_string(map).unwrap();
    let others: String =
        text.lines().filter(|line| !line.starts_with(&start)).map(|line| format!("{line}\n")).collect();
    // Whole at once, or it is read by half.
    let part = map.with_extension("part");
    fs::write(&part, format!("{others}{start}{address}\n")).unwrap();
    fs::rename(part, map).unwrap();
}

fn answer(mut stream: TcpStream) {
    let mut request = [0; 4096];
    let length = stream.read(&mut request).unwrap_or(0);
    let asked = String::from_utf8_lossy(&request[..length]).into_owned();
    let body = if asked.contains("/v1/products") { "[]" } else { "ok\n" };
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
    let _ = stream.write_all(format!("{head}connection: close\r\n\r\n{body}").as_bytes());
}
