//! Which package may use which.
use std::process::Command;

use serde_json::{Value, json};

use super::files::root;

/// What cargo knows about the workspace.
pub(crate) fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let args = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = Command::new(cargo).args(args).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every arrow that should not be.
pub(crate) fn problems(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let kind = |package: &Value| Kind::of(&name(package), package["manifest_path"].as_str().unwrap());
    let mut problems = Vec::new();
    for package in packages {
        for dependency in package["dependencies"].as_array().unwrap() {
            let Some(used) = packages.iter().find(|other| name(other) == name(dependency)) else { continue };
            let test_only = dependency["kind"] == "dev";
            if !allowed(&kind(package), &kind(used), test_only) {
                problems.push(format!("{} may not use {}", name(package), name(used)));
            }
        }
    }
    problems
}

enum Kind {
    Bin,
    /// Pure, and alone.
    Pure,
    /// The outside world for the bins.
    Adapter,
    /// The outside world for tests.
    Simulator,
    Formats,
    Action,
    /// What events and repositories come to together.
    Comparison,
    OtherCrate,
    Tests,
    Xtask,
}

impl Kind {
    fn of(name: &str, manifest: &str) -> Self {
        match name {
            "tests" => Self::Tests,
            "xtask" => Self::Xtask,
            _ if manifest.contains("/bins/") => Self::Bin,
            "action" => Self::Action,
            "comparison" => Self::Comparison,
            "formats" => Self::Formats,
            "pathglob" | "sequential" => Self::Pure,
            "git" | "github" | "gcp" => Self::Adapter,
            "cluster-sim" | "github-sim" => Self::Simulator,
            _ => Self::OtherCrate,
        }
    }
}

fn allowed(from: &Kind, to: &Kind, test_only: bool) -> bool {
    match (from, to) {
        // Tests may use bins' libraries; nothing else may, bins least of all.
        (Kind::Tests, Kind::Bin) => true,
        (_, Kind::Bin | Kind::Xtask) | (Kind::Xtask, _) => false,
        (_, Kind::Tests) => test_only,
        (_, Kind::Simulator) if test_only => true,
        (Kind::Bin | Kind::Tests, _) => true,
        (Kind::Comparison, Kind::Action | Kind::Adapter) => true,
        (Kind::Adapter | Kind::OtherCrate, Kind::Formats) => true,
        (Kind::Simulator, Kind::Formats | Kind::OtherCrate) => true,
        _ => false,
    }
}

/// Shows that the rule finds what it is for.
pub(crate) fn catches_wrong_arrows() {
    let package = |name: &str, folder: &str, uses: &[(&str, Option<&str>)]| {
        let uses: Vec<Value> = uses.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect();
        json!({"name": name, "manifest_path": format!("/x/{folder}/{name}/Cargo.toml"), "dependencies": uses})
    };
    let check = |from: (&str, &str), to: (&str, Option<&str>), fine: bool| {
        let others = [
            ("one", "bins"),
            ("two", "bins"),
            ("git", "crates"),
            ("pathglob", "crates"),
            ("tests", "."),
            ("github-sim", "crates"),
            ("xtask", "."),
        ];
        let mut packages: Vec<Value> =
            others.iter().filter(|other| **other != from).map(|(name, folder)| package(name, folder, &[])).collect();
        packages.push(package(from.0, from.1, &[to]));
        assert_eq!(problems(&json!({"packages": packages})).is_empty(), fine, "{from:?} → {to:?}");
    };
    check(("one", "bins"), ("git", None), true);
    check(("one", "bins"), ("two", None), false);
    check(("one", "bins"), ("tests", Some("dev")), true);
    check(("one", "bins"), ("tests", None), false);
    check(("git", "crates"), ("one", Some("dev")), false);
    check(("git", "crates"), ("pathglob", None), false);
    check(("git", "crates"), ("github-sim", Some("dev")), true);
    check(("pathglob", "crates"), ("git", None), false);
    check(("tests", "."), ("one", None), true);
    check(("xtask", "."), ("git", None), false);
}
