//! Building the binary once for all work trees that have the same sources.
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::SOURCES;
use crate::place;
use crate::program::Program;

/// What goes into the build beside the version of Kubernetes: symbols, inlining and gRPC's traces cost minutes and megabytes, and nobody looks at them.
const FLAGS: [&str; 4] = ["-trimpath", "-tags=grpcnotrace", "-gcflags=all=-l -dwarf=false", "-buildvcs=false"];

/// What kwok's module has that a cluster is set up with: its name there, and here.
const KWOK: [(&str, &str); 7] = [
    ("crd/bases/kwok.x-k8s.io_clusterlogs.yaml", "crds/cluster-logs.yaml"),
    ("crd/bases/kwok.x-k8s.io_logs.yaml", "crds/logs.yaml"),
    ("crd/bases/kwok.x-k8s.io_stages.yaml", "crds/stages.yaml"),
    ("stage/node/fast/node-initialize.yaml", "stages/node-initialize.yaml"),
    ("stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml", "stages/node-heartbeat.yaml"),
    ("stage/pod/fast/pod-complete.yaml", "stages/pod-complete.yaml"),
    ("stage/pod/fast/pod-delete.yaml", "stages/pod-delete.yaml"),
];

/// What the result depends on, as 16 hexadecimal digits: Go, flags, sources, and which files are taken along.
pub(in crate::parts) fn content(version: &str) -> Result<String, String> {
    let sources = place::root().join(SOURCES);
    let go = Program::new("go", ["version"]).at(&sources).output()?;
    let mut hash = Sha256::new();
    for text in [go, FLAGS.join("\n"), linked(version), format!("{KWOK:?}")] {
        hash.update(text);
        hash.update([0]);
    }
    for name in place::names(&sources).iter().filter(|name| is_source(name)) {
        let bytes = fs::read(sources.join(name)).map_err(|e| format!("could not read {SOURCES}/{name}: {e}"))?;
        hash.update(format!("{name}\0{}\0", bytes.len()));
        hash.update(bytes);
    }
    Ok(hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

fn is_source(name: &str) -> bool {
    name.ends_with(".go") || name == "go.mod" || name == "go.sum"
}

/// Builds into `folder` and gives the binary; one that is there is taken as it is.
pub(in crate::parts) fn make(version: &str, folder: &Path) -> Result<PathBuf, String> {
    let binary = folder.join("cluster");
    if binary.is_file() {
        return Ok(binary);
    }
    place::make(folder)?;
    kwok_files(folder)?;
    // Only this build has these flags: 3 GB that nothing else could use again.
    let cache = folder.join("gocache");
    let part = folder.join("cluster.part");
    let built = compile(version, &cache, &part);
    place::clear(&cache)?;
    built?;
    fs::rename(&part, &binary).map_err(|e| format!("could not move {}: {e}", part.display()))?;
    Ok(binary)
}

fn compile(version: &str, cache: &Path, part: &Path) -> Result<(), String> {
    let linked = linked(version);
    // Beside it the Rust builds run, which the first stages wait for.
    let args = ["-n", "5", "go", "build"].iter().chain(&FLAGS).map(AsRef::as_ref).chain([
        "-ldflags".as_ref(),
        linked.as_ref(),
        "-o".as_ref(),
        part.as_os_str(),
        ".".as_ref(),
    ]);
    let program = Program::new("nice", args).at(&place::root().join(SOURCES)).env("GOCACHE", cache);
    // The compiler collects no garbage, which is a quarter of its time; the largest process, the linker, takes 2.6 GB.
    let program = program.env("GOGC", "off").env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=readonly");
    program.env("GOWORK", "off").output().map(drop)
}

/// The linker's flags: what the servers say of themselves, which kubectl and clients compare.
fn linked(version: &str) -> String {
    let mut numbers = version.split('.');
    let (major, minor) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
    let variables = [
        ("gitVersion", format!("v{version}")),
        ("gitMajor", major.to_owned()),
        ("gitMinor", minor.to_owned()),
        ("gitTreeState", "clean".to_owned()),
        ("buildDate", "1970-01-01T00:00:00Z".to_owned()),
    ];
    let set = variables.map(|(name, value)| format!(" -X k8s.io/component-base/version.{name}={value}"));
    format!("-s -w{}", set.concat())
}

/// Copies kwok's definitions beside the binary, so that starting a cluster needs no Go.
fn kwok_files(folder: &Path) -> Result<(), String> {
    let module = "sigs.k8s.io/kwok";
    let go = |args: &[&str]| {
        let program = Program::new("go", args).at(&place::root().join(SOURCES));
        program.env("GOFLAGS", "-mod=readonly").env("GOWORK", "off").output()
    };
    go(&["mod", "download", module])?;
    let there = go(&["list", "-m", "-f", "{{.Dir}}", module])?;
    let there = PathBuf::from(there.trim()).join("kustomize");
    for (from, to) in KWOK {
        let to = folder.join("kwok").join(to);
        place::make(to.parent().unwrap_or(&to))?;
        // Without the permissions of the module cache, which nobody may write in.
        place::write(&to, place::read(&there.join(from))?)?;
    }
    Ok(())
}
