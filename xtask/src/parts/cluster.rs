//! `cargo xtask parts cluster [up|down DIR]`: a real Kubernetes control plane on loopback, as one binary of many applets.
mod build;
mod flags;
mod objects;
mod processes;
mod stages;
mod up;

use std::path::{Path, PathBuf};

use crate::place;
pub(super) use build::{content, make};
pub(crate) use up::{Cluster, up};

/// What this part is called.
pub(crate) const NAME: &str = "cluster";

/// Where its sources are.
const SOURCES: &str = "tests/parts/cluster";

/// Builds it, or starts or ends one in a folder.
pub(super) fn run(words: &[String]) -> Result<(), String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => {
            println!("{NAME}\t{}", super::get(NAME)?.display());
            Ok(())
        }
        ["up", folder] => {
            let cluster = up(&place::root().join(folder))?;
            println!("kubeconfig\t{}", cluster.kubeconfig().display());
            println!("kubectl\t{}", cluster.kubectl().display());
            Ok(())
        }
        ["down", folder] => down(&place::root().join(folder)),
        _ => Err("cluster takes nothing, `up DIR` or `down DIR`".to_owned()),
    }
}

/// Ends what was started in the folder, by process id; its data and logs stay.
pub(crate) fn down(folder: &Path) -> Result<(), String> {
    match folder.canonicalize() {
        Ok(folder) => processes::end_all(&pids(&folder), &folder),
        Err(e) => Err(format!("could not find {}: {e}", folder.display())),
    }
}

fn pids(folder: &Path) -> PathBuf {
    folder.join("pid")
}
