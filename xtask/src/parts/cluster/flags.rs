//! What each server is started with.
use std::ffi::OsString;
use std::net::TcpListener;
use std::path::Path;

/// Ports on loopback, each free a moment ago.
pub(super) struct Ports {
    pub(super) etcd: u16,
    pub(super) peers: u16,
    pub(super) api: u16,
    pub(super) controllers: u16,
    pub(super) scheduler: u16,
    pub(super) kwok: u16,
    pub(super) metrics: u16,
}

/// Asks the system for ports, all at once.
pub(super) fn ports() -> Result<Ports, String> {
    // All are held until each is known, or one could come twice.
    let held: Result<Vec<TcpListener>, _> = (0..7).map(|_| TcpListener::bind("127.0.0.1:0")).collect();
    let addresses = held.and_then(|held| held.iter().map(TcpListener::local_addr).collect::<Result<Vec<_>, _>>());
    let addresses = addresses.map_err(|e| format!("could not find free ports on 127.0.0.1: {e}"))?;
    match addresses.iter().map(std::net::SocketAddr::port).collect::<Vec<_>>()[..] {
        [etcd, peers, api, controllers, scheduler, kwok, metrics] => {
            Ok(Ports { etcd, peers, api, controllers, scheduler, kwok, metrics })
        }
        _ => Err("could not find seven ports".to_owned()),
    }
}

/// The store.
pub(super) fn etcd(ports: &Ports) -> Vec<OsString> {
    let (clients, peers) = (format!("http://127.0.0.1:{}", ports.etcd), format!("http://127.0.0.1:{}", ports.peers));
    words(&[
        ("data-dir", "etcd"),
        ("listen-client-urls", &clients),
        ("advertise-client-urls", &clients),
        ("listen-peer-urls", &peers),
        ("initial-advertise-peer-urls", &peers),
        ("initial-cluster", &format!("default={peers}")),
        // Nobody misses the data after a power cut.
        ("unsafe-no-fsync", "true"),
        ("log-level", "warn"),
    ])
}

/// The API server.
pub(super) fn apiserver(ports: &Ports) -> Vec<OsString> {
    words(&[
        ("etcd-servers", &format!("http://127.0.0.1:{}", ports.etcd)),
        ("bind-address", "127.0.0.1"),
        ("advertise-address", "127.0.0.1"),
        ("secure-port", &ports.api.to_string()),
        // Its own endpoint may not be on loopback, and nobody asks for it.
        ("endpoint-reconciler-type", "none"),
        ("service-cluster-ip-range", "10.96.0.0/16"),
        ("authorization-mode", "RBAC"),
        ("client-ca-file", "pki/ca.crt"),
        ("tls-cert-file", "pki/apiserver.crt"),
        ("tls-private-key-file", "pki/apiserver.key"),
        ("service-account-issuer", "https://kubernetes.default.svc"),
        ("service-account-key-file", "pki/service-accounts.pub"),
        ("service-account-signing-key-file", "pki/service-accounts.key"),
        ("kubelet-client-certificate", "pki/kubelet-client.crt"),
        ("kubelet-client-key", "pki/kubelet-client.key"),
        ("kubelet-certificate-authority", "pki/ca.crt"),
        ("kubelet-preferred-address-types", "InternalIP"),
        ("requestheader-client-ca-file", "pki/front-proxy-ca.crt"),
        ("requestheader-allowed-names", "front-proxy-client"),
        ("requestheader-username-headers", "X-Remote-User"),
        ("requestheader-group-headers", "X-Remote-Group"),
        ("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
        ("proxy-client-cert-file", "pki/front-proxy.crt"),
        ("proxy-client-key-file", "pki/front-proxy.key"),
        ("egress-selector-config-file", "egress.json"),
    ])
}

/// All controllers.
pub(super) fn controllers(ports: &Ports) -> Vec<OsString> {
    let mut all = connected("kube-controller-manager", ports.controllers);
    all.extend(words(&[
        ("use-service-account-credentials", "true"),
        ("root-ca-file", "pki/ca.crt"),
        ("service-account-private-key-file", "pki/service-accounts.key"),
        // With the default of 20 requests a second, 200 pods take ten seconds.
        ("kube-api-qps", "1000"),
        ("kube-api-burst", "2000"),
        ("horizontal-pod-autoscaler-sync-period", "1s"),
        ("horizontal-pod-autoscaler-downscale-stabilization", "2s"),
    ]));
    all
}

/// What gives pods their nodes.
pub(super) fn scheduler(ports: &Ports) -> Vec<OsString> {
    connected("kube-scheduler", ports.scheduler)
}

/// What the two have in common that work for the API server.
fn connected(name: &str, port: u16) -> Vec<OsString> {
    let kubeconfig = format!("pki/{name}.kubeconfig");
    words(&[
        ("kubeconfig", &kubeconfig),
        ("authentication-kubeconfig", &kubeconfig),
        ("authorization-kubeconfig", &kubeconfig),
        ("bind-address", "127.0.0.1"),
        ("secure-port", &port.to_string()),
        ("leader-elect", "false"),
    ])
}

/// What plays the nodes and their pods.
pub(super) fn kwok(ports: &Ports, folder: &Path) -> Vec<OsString> {
    let in_folder = |name: &str| folder.join(name).display().to_string();
    words(&[
        ("kubeconfig", &in_folder("pki/kwok.kubeconfig")),
        ("manage-all-nodes", "true"),
        ("cidr", "10.244.0.0/16"),
        ("node-ip", "127.0.0.1"),
        ("node-port", &ports.kwok.to_string()),
        ("server-address", &format!("127.0.0.1:{}", ports.kwok)),
        ("tls-cert-file", &in_folder("pki/kubelet.crt")),
        ("tls-private-key-file", &in_folder("pki/kubelet.key")),
        ("node-lease-duration-seconds", "40"),
        ("enable-crds", "Stage,Logs,ClusterLogs"),
    ])
}

/// What autoscalers ask.
pub(super) fn metrics(ports: &Ports) -> [OsString; 4] {
    let address = format!("127.0.0.1:{}", ports.metrics);
    [&address, "pki/metrics-server.crt", "pki/metrics-server.key", "pki/metrics.kubeconfig"].map(OsString::from)
}

fn words(flags: &[(&str, &str)]) -> Vec<OsString> {
    flags.iter().map(|(name, value)| OsString::from(format!("--{name}={value}"))).collect()
}
