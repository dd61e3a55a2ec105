//! The stages of `cargo xtask test`, in order.
use std::path::{Path, PathBuf};

use super::count::tests;
use super::{Outcome, dist_stage, trees};
use crate::program::Program;
use crate::{fuzz, parts, place};

/// One stage.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// Part of `--quick`.
    pub(crate) quick: bool,
    /// Part of a run of everything.
    pub(crate) full: bool,
    /// What it needs installed.
    pub(crate) parts: &'static [&'static str],
    pub(crate) run: fn() -> Outcome,
}

const ONLY_BY_NAME: Stage =
    Stage { name: "", what: "", quick: false, full: false, parts: &[], run: || Outcome::not_run("") };
const FULL: Stage = Stage { full: true, ..ONLY_BY_NAME };

/// All stages. The slow installs are the last ones needed, so that they happen beside the Rust builds.
pub(crate) const STAGES: &[Stage] = &[
    Stage { name: "fmt", what: "rustfmt", quick: true, run: fmt, ..FULL },
    Stage { name: "clippy", what: "clippy on all targets, warnings are errors", quick: true, run: clippy, ..FULL },
    Stage { name: "unit", what: "unit and case tests", quick: true, run: unit, ..ONLY_BY_NAME },
    Stage { name: "repo", what: "the repository rules alone (by name; part of tests)", run: repo, ..ONLY_BY_NAME },
    Stage {
        name: "tests",
        what: "unit, case, property and differential tests, and the repository rules",
        parts: &["picomatch", "go-git-fixtures"],
        run: all_tests,
        ..FULL
    },
    Stage { name: "actionlint", what: "workflows", parts: &["shellcheck", "actionlint"], run: actionlint, ..FULL },
    Stage { name: "shellcheck", what: "shell scripts", parts: &["shellcheck"], run: shellcheck, ..FULL },
    Stage { name: "zizmor", what: "security audit of workflows and actions", parts: &["zizmor"], run: zizmor, ..FULL },
    Stage {
        name: "schema",
        what: "workflows and actions against their schemas",
        parts: &["check-jsonschema"],
        run: schema,
        ..FULL
    },
    Stage {
        name: "deny",
        what: "licences, bans, sources and advisories of dependencies",
        parts: &["cargo-deny"],
        run: deny,
        ..FULL
    },
    Stage {
        name: "monorepo",
        what: "each part of fixtures/monorepo built and tested with its own tools",
        parts: parts::MONOREPO,
        run: monorepo,
        ..FULL
    },
    Stage {
        name: "fuzz",
        what: "each fuzz target for a bounded number of runs",
        parts: &["cargo-fuzz"],
        run: fuzz_smoke,
        ..FULL
    },
    Stage { name: "dist", what: "static binary, thin tree, size gate", run: dist_stage, ..FULL },
    Stage { name: "corpus", what: "recall and precision of fake-code-detector on labelled pairs", run: corpus, ..FULL },
    Stage {
        name: "cluster",
        what: "what canary-step leans on and does, and the deployments, on a real Kubernetes control plane",
        parts: &[
            "cluster",
            "prometheus",
            "act",
            "crane",
            "docker-registry",
            "kustomize",
            "postgres",
            "trivy",
            "trivy-db",
        ],
        run: cluster,
        ..FULL
    },
    Stage {
        name: "e2e",
        what: "workflows under a local runner",
        parts: &[
            "act",
            "checkov",
            "crane",
            "docker-registry",
            "golangci-lint",
            "poetry",
            "python-3.12",
            "trivy",
            "trivy-db",
        ],
        run: e2e,
        ..FULL
    },
];

fn fmt() -> Outcome {
    Outcome::of(Program::cargo(["fmt", "--all", "--check"]).run())
}

fn clippy() -> Outcome {
    Outcome::of(Program::cargo(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]).run())
}

fn unit() -> Outcome {
    tests(Program::cargo(["test", "--workspace", "--lib", "--bins", "--test", "cases", "--no-fail-fast"]))
}

fn repo() -> Outcome {
    tests(Program::cargo(["test", "--package", "tests", "--test", "repo"]))
}

fn all_tests() -> Outcome {
    let all = Program::cargo(["test", "--workspace", "--no-fail-fast"]);
    // The real control plane comes in a stage of its own.
    needs(&["picomatch", "go-git-fixtures"], || tests(all.env("CANARY_TEST_ONLY", "embedded")))
}

/// On the trees that users get.
fn e2e() -> Outcome {
    needs(&["act"], || match trees() {
        Ok(trees) => {
            // The deployments are on the control plane, which the stage of that name has.
            let workflows = Program::cargo(["test", "--package", "tests", "--test", "e2e", "--", "--skip", "deploy::"]);
            // What takes too long without optimisation runs on the binary that users get.
            let slow =
                ["test", "--package", "coverage-gate", "--test", "hostile", "--test", "comments", "--", "--ignored"];
            let run = |program: Program| tests(program.env("DATAFLOW_TREES", &trees));
            run(workflows).and(run(Program::cargo(slow)))
        }
        Err(failure) => Outcome::of(Err(failure)),
    })
}

/// On the binary that users get.
fn corpus() -> Outcome {
    Outcome::of(trees().and_then(|_| crate::dist::host_binary("fake-code-detector")).and_then(crate::corpus::check))
}

/// On a control plane that lives as long as the stage.
fn cluster() -> Outcome {
    match parts::get(parts::cluster::NAME) {
        Err(failure) if std::env::var("CI").as_deref() != Ok("true") => {
            Outcome::not_run(&format!("there is no control plane: {failure}"))
        }
        got => match got.and_then(|_| new_cluster()) {
            Ok((cluster, folder)) => on(&cluster).and(Outcome::of(parts::cluster::down(&folder))),
            Err(failure) => Outcome::of(Err(failure)),
        },
    }
}

fn new_cluster() -> Result<(parts::cluster::Cluster, PathBuf), String> {
    let folder = place::in_target("control-plane")?;
    // One that a run left when it was killed.
    parts::cluster::down(&folder)?;
    place::clear(&folder)?;
    Ok((parts::cluster::up(&folder)?, folder))
}

fn on(cluster: &parts::cluster::Cluster) -> Outcome {
    let binary = match Program::cargo(["build", "--package", "canary-step"]).run() {
        Ok(()) => place::target().join("debug/canary-step"),
        Err(failure) => return Outcome::of(Err(failure)),
    };
    let run = |args: &[&str]| {
        let program = Program::cargo(["test", "--no-fail-fast"].iter().chain(args));
        let program = program.env("CANARY_TEST_KUBECONFIG", cluster.kubeconfig()).env("CANARY_TEST_BINARY", &binary);
        tests(program.env("CANARY_TEST_KUBECTL", cluster.kubectl()))
    };
    // Each of them waits more than it works.
    // Their test says so when it is missing, and fails in CI.
    drop(parts::get("prometheus"));
    let seen = run(&["--package", "cluster-sim", "--test", "behaviour", "--", "real::", "--test-threads=8"]);
    let seen = seen.and(run(&["--package", "tests", "--test", "cluster", "--", "--test-threads=8"]));
    match trees() {
        Ok(trees) => {
            let deployments = ["test", "--no-fail-fast", "--package", "tests", "--test", "e2e", "--", "deploy::"];
            let program = Program::cargo(deployments).env("DATAFLOW_TREES", &trees);
            let program = program.env("CANARY_TEST_KUBECONFIG", cluster.kubeconfig());
            seen.and(tests(program.env("CANARY_TEST_KUBECTL", cluster.kubectl())))
        }
        Err(failure) => seen.and(Outcome::of(Err(failure))),
    }
}

/// Each part says by itself which of its tools is missing.
fn monorepo() -> Outcome {
    for name in parts::MONOREPO {
        if let Err(failure) = parts::get(name) {
            println!("{failure}");
        }
    }
    match Program::cargo(["build", "--package", "fake-code-detector", "--package", "paths-filter"]).run() {
        Err(failure) => Outcome::of(Err(failure)),
        Ok(()) => {
            let run = ["test", "--package", "tests", "--test", "monorepo", "--no-fail-fast", "--", "--test-threads=2"];
            tests(Program::cargo(run).env("DATAFLOW_BIN", place::target().join("debug")))
        }
    }
}

fn fuzz_smoke() -> Outcome {
    fuzz::targets().iter().map(|target| Outcome::of(fuzz::smoke(target))).fold(Outcome::default(), Outcome::and)
}

/// Fails with the exact command when a part cannot be had; otherwise goes on.
fn needs(names: &[&str], run: impl FnOnce() -> Outcome) -> Outcome {
    let missing = names.iter().filter_map(|name| parts::get(name).err()).map(|failure| Outcome::of(Err(failure)));
    missing.fold(None, |all: Option<Outcome>, one| Some(all.unwrap_or_default().and(one))).unwrap_or_else(run)
}

fn actionlint() -> Outcome {
    let files = workflows();
    if files.is_empty() {
        return Outcome::not_run("there are no workflows");
    }
    Outcome::of(parts::get("shellcheck").and_then(|_| parts::get("actionlint")).and_then(|program| {
        let config = place::root().join(".github/actionlint.yaml");
        let args = ["-no-color".into(), "-config-file".into(), config].into_iter().chain(files);
        Program::new(program, args).at(&place::root()).run()
    }))
}

fn shellcheck() -> Outcome {
    // What is called a script below fixtures is data of a case.
    let is_script = |path: &str| path.ends_with(".sh") && !path.starts_with("fixtures/");
    let scripts =
        tracked(|path| path == ".ci/run" || is_script(path) || (path.starts_with("dist/") && path.ends_with("/run")));
    Outcome::of(parts::get("shellcheck").and_then(|program| Program::new(program, scripts).at(&place::root()).run()))
}

fn zizmor() -> Outcome {
    let files: Vec<PathBuf> = workflows().into_iter().chain(actions()).collect();
    let config = place::root().join(".github/zizmor.yml");
    Outcome::of(parts::get("zizmor").and_then(|program| {
        let args = ["--offline", "--pedantic", "--no-progress", "--config"].map(PathBuf::from).into_iter();
        Program::new(program, args.chain([config]).chain(files)).at(&place::root()).run()
    }))
}

fn schema() -> Outcome {
    let check = |kind: &str, files: Vec<PathBuf>| {
        if files.is_empty() {
            return Outcome::not_run(&format!("there are no files for {kind}"));
        }
        Outcome::of(parts::get("check-jsonschema").and_then(|program| {
            let args = ["--builtin-schema", kind].map(PathBuf::from).into_iter().chain(files);
            Program::new(program, args).at(&place::root()).run()
        }))
    };
    check("vendor.github-workflows", workflows()).and(check("vendor.github-actions", actions()))
}

fn deny() -> Outcome {
    let program = match parts::get("cargo-deny") {
        Ok(program) => program,
        Err(failure) => return Outcome::of(Err(failure)),
    };
    let program = |args: &[&str]| Program::new(&program, args).at(&place::root());
    let kept = program(&["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]).run();
    let advisories = match program(&["check", "advisories"]).output() {
        Err(failure) if failure.contains("advisory database") && failure.contains("fetch") => {
            Outcome::not_run("advisories: their database could not be fetched from here")
        }
        result => Outcome::of(result.map(|_| ())),
    };
    Outcome::of(kept).and(advisories)
}

fn workflows() -> Vec<PathBuf> {
    tracked(|path| {
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        folder.ends_with(".github/workflows") && (path.ends_with(".yml") || path.ends_with(".yaml"))
    })
}

fn actions() -> Vec<PathBuf> {
    tracked(|path| matches!(path.rsplit('/').next(), Some("action.yml" | "action.yaml")))
}

/// The files of the repository that a test of the path chooses: tracked ones and new ones that are not ignored.
fn tracked(chosen: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let listed = Program::new("git", args).at(&place::root()).output().unwrap_or_default();
    let there = |path: &&str| place::root().join(path).is_file();
    listed.split('\0').filter(|path| chosen(path)).filter(there).map(PathBuf::from).collect()
}
