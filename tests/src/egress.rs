//! What stands for the made-up addresses of pods on the control plane of `cargo xtask parts cluster`.
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Lets the API server know what stands for a pod's address (`ip:port`). Addresses are used again, and the first line that has one
/// counts: an older one goes.
///
/// # Panics
/// Where the map of the control plane that this kubeconfig is of cannot be read or written.
pub fn stands_for(kubeconfig: &Path, address: &str, stand_in: SocketAddr) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _held = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let map = kubeconfig.ancestors().nth(2).expect("a kubeconfig in a folder of its cluster").join("egress.map");
    let lines = fs::read_to_string(&map).expect("the map of a control plane");
    let others = lines.lines().filter(|line| line.split(' ').next() != Some(address));
    let text: String = others.map(|line| format!("{line}\n")).collect::<String>() + &format!("{address} {stand_in}\n");
    // Whole at once, or it is read by half.
    let part = map.with_extension("part");
    fs::write(&part, text).expect("the folder of a control plane can be written");
    fs::rename(part, map).expect("the map of a control plane can be replaced");
}
