//! From inputs to a client: kubeconfig, or the account of the pod that we run in.
use action::{Failure, OrFail};
use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};

use super::Cluster;
use crate::inputs::ClusterInputs;

/// Whom changes are made as, where nobody says otherwise.
pub(crate) const MANAGER: &str = "canary-step";

/// Connects; nothing is asked yet.
pub(crate) async fn connect(inputs: &ClusterInputs, manager: Option<&str>) -> Result<Cluster, Failure> {
    let options = KubeConfigOptions { context: inputs.context.clone(), ..KubeConfigOptions::default() };
    let hint = "give a kubeconfig by the input kubeconfig or by KUBECONFIG, as google-github-actions/get-gke-credentials makes one";
    let mut config = match &inputs.kubeconfig {
        Some(path) => {
            let read =
                Kubeconfig::read_from(path).or_bad_input(|| format!("read the kubeconfig {}", path.display()))?;
            Config::from_custom_kubeconfig(read, &options).await.or_bad_input(|| "use the kubeconfig")?
        }
        None if inputs.context.is_some() => {
            Config::from_kubeconfig(&options).await.or_bad_input(|| "use the kubeconfig").map_err(|e| e.hint(hint))?
        }
        None => Config::infer().await.or_bad_input(|| "find a cluster").map_err(|e| e.hint(hint))?,
    };
    // Ours is shorter, and it has to be the one that counts.
    config.read_timeout = None;
    // A write that is sent again by itself after a 504 would be a second one, which no intent in the record speaks of.
    config.default_retry = false;
    let namespace = inputs.namespace.clone().unwrap_or_else(|| config.default_namespace.clone());
    let client = kube::Client::try_from(config).or_fail(|| "connect to the cluster")?;
    Ok(Cluster::new(client, &namespace, manager.unwrap_or(MANAGER)))
}
