//! Starting a cluster: certificates, etcd, the API server, its controllers, kwok, a node.
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use super::flags::{self, Ports};
use super::objects::{self, Authority};
use super::processes::{Server, until};
use super::{NAME, down, pids};
use crate::parts;
use crate::place;
use crate::program::Program;

/// A cluster that runs in a folder.
pub(crate) struct Cluster {
    folder: PathBuf,
}

impl Cluster {
    /// How its administrator gets in.
    pub(crate) fn kubeconfig(&self) -> PathBuf {
        self.folder.join("pki/admin.kubeconfig")
    }

    /// The kubectl of its version.
    pub(crate) fn kubectl(&self) -> PathBuf {
        self.folder.join("kubectl")
    }
}

/// Starts one in the folder, which is made; on failure everything that was started is ended.
pub(crate) fn up(folder: &Path) -> Result<Cluster, String> {
    let binary = parts::get(NAME)?;
    place::make(folder)?;
    let folder = folder.canonicalize().map_err(|e| format!("could not find {}: {e}", folder.display()))?;
    if pids(&folder).exists() {
        return Err(format!(
            "there is a cluster in {0}; `cargo xtask parts cluster down {0}` ends it",
            folder.display()
        ));
    }
    let mut starting = Starting::new(binary, folder)?;
    match starting.all() {
        Ok(()) => Ok(Cluster { folder: starting.folder }),
        Err(failure) => match down(&starting.folder) {
            Ok(()) => Err(failure),
            Err(more) => Err(format!("{failure}\n{more}")),
        },
    }
}

struct Starting {
    binary: PathBuf,
    folder: PathBuf,
    ports: Ports,
    servers: Vec<Server>,
    from: Instant,
}

impl Starting {
    fn new(binary: PathBuf, folder: PathBuf) -> Result<Self, String> {
        for inner in ["log", "objects", "pid"] {
            place::make(&folder.join(inner))?;
        }
        Ok(Self { binary, folder, ports: flags::ports()?, servers: Vec::new(), from: Instant::now() })
    }

    fn all(&mut self) -> Result<(), String> {
        self.files()?;
        self.tell("certificates");
        self.control_plane()?;
        self.pods_and_metrics()?;
        for server in &self.servers {
            println!("{:>7} MiB  {}", server.resident().unwrap_or(0), server.name());
        }
        Ok(())
    }

    /// The API server, and what it needs.
    fn control_plane(&mut self) -> Result<(), String> {
        self.start("egress", ["egress.sock", "egress.map"].map(OsString::from))?;
        self.start("etcd", flags::etcd(&self.ports))?;
        self.start("kube-apiserver", flags::apiserver(&self.ports))?;
        let ready = self.kubectl(&["get", "--raw", "/readyz"]);
        self.until("the API server to be ready", || ready().map(|said| said == "ok"))?;
        self.tell("API server ready");
        self.start("kube-controller-manager", flags::controllers(&self.ports))?;
        self.start("kube-scheduler", flags::scheduler(&self.ports))?;
        let definitions = self.binary.with_file_name("kwok").join("crds");
        self.apply(&definitions)?;
        let established = self.kubectl(&["wait", "--for=condition=Established", "--timeout=1s", "crd", "--all"]);
        self.until("kwok's definitions", || established().map(|_| true))?;
        let account = self.kubectl(&["get", "serviceaccount", "default", "--namespace=default", "--output=name"]);
        self.until("the controllers to work", || account().map(|said| said.starts_with("serviceaccount/")))?;
        self.tell("controllers work");
        Ok(())
    }

    /// Pods that run, and metrics that autoscalers ask for.
    fn pods_and_metrics(&mut self) -> Result<(), String> {
        let stages = self.binary.with_file_name("kwok").join("stages");
        self.apply(&stages)?;
        self.apply_objects("pods", &objects::pods(&self.folder.join("pods.log")))?;
        self.start("kwok", flags::kwok(&self.ports, &self.folder))?;
        self.start("metrics", flags::metrics(&self.ports))?;
        self.apply_objects("node", &objects::node_and_metrics(&self.authority()?))?;
        let ready = "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}";
        let node = self.kubectl(&["get", "node", "node-0", "--output", ready]);
        self.until("the node to be ready", || node().map(|said| said == "True"))?;
        let available = "jsonpath={.status.conditions[?(@.type==\"Available\")].status}";
        let api = self.kubectl(&["get", "apiservice", "v1beta1.external.metrics.k8s.io", "--output", available]);
        self.until("the metrics API", || api().map(|said| said == "True"))?;
        self.tell("node and metrics ready");
        Ok(())
    }

    fn files(&self) -> Result<(), String> {
        let file = |name: &str| self.folder.join(name);
        let server = format!("https://127.0.0.1:{}", self.ports.api);
        self.applet("pki", ["pki", &server].map(OsString::from))?;
        let link = file("kubectl");
        // Under that name, and called with its path, it is kubectl itself.
        let script = format!("#!/bin/sh\nexec '{}' kubectl \"$@\"\n", self.binary.display());
        place::write(&link, script)?;
        std::fs::set_permissions(&link, std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .map_err(|e| format!("could not make {} executable: {e}", link.display()))?;
        let map = format!("{}:443 127.0.0.1:{}\n", objects::METRICS, self.ports.metrics);
        place::write(&file("egress.map"), map)?;
        place::write(&file("pods.log"), "2026-01-01T00:00:00.000000000Z stderr F panic: no configuration\n")?;
        let through = json!({"proxyProtocol": "HTTPConnect", "transport": {"uds": {"udsName": file("egress.sock")}}});
        let egress = json!({
            "apiVersion": "apiserver.k8s.io/v1beta1",
            "kind": "EgressSelectorConfiguration",
            "egressSelections": [{"name": "cluster", "connection": through}],
        });
        place::write(&file("egress.json"), egress.to_string())
    }

    fn authority(&self) -> Result<Authority, String> {
        let said = self.kubectl(&[
            "config",
            "view",
            "--raw",
            "--output",
            "jsonpath={.clusters[0].cluster.certificate-authority-data}",
        ])()?;
        Ok(Authority(said))
    }

    fn start(&mut self, applet: &str, args: impl IntoIterator<Item = OsString>) -> Result<(), String> {
        let program = Program::new(&self.binary, [OsString::from(applet)].into_iter().chain(args));
        self.servers.push(Server::start(&self.folder, applet, program)?);
        Ok(())
    }

    fn applet(&self, applet: &str, args: impl IntoIterator<Item = OsString>) -> Result<String, String> {
        Program::new(&self.binary, [OsString::from(applet)].into_iter().chain(args)).at(&self.folder).output()
    }

    /// A question that kubectl answers, to be asked as often as it takes.
    fn kubectl(&self, args: &[&str]) -> impl Fn() -> Result<String, String> + use<> {
        let (binary, folder) = (self.binary.clone(), self.folder.clone());
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        move || {
            let fixed = ["kubectl", "--kubeconfig=pki/admin.kubeconfig", "--request-timeout=5s"];
            let args = fixed.into_iter().chain(args.iter().map(String::as_str));
            Program::new(&binary, args).at(&folder).output()
        }
    }

    fn apply(&self, objects: &Path) -> Result<(), String> {
        let objects = format!("--filename={}", objects.display());
        self.kubectl(&["apply", "--server-side", "--recursive", &objects])().map(drop)
    }

    fn apply_objects(&self, name: &str, objects: &Value) -> Result<(), String> {
        let file = self.folder.join("objects").join(format!("{name}.json"));
        place::write(&file, objects.to_string())?;
        self.apply(&file)
    }

    fn until(&mut self, what: &str, ask: impl FnMut() -> Result<bool, String>) -> Result<(), String> {
        until(&mut self.servers, what, ask)
    }

    fn tell(&self, what: &str) {
        println!("{:>7} ms   {what}", self.from.elapsed().as_millis());
    }
}
