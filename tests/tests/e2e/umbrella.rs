//! The umbrella action: the chosen tools are on the PATH of later steps.
use std::fs;
use std::path::Path;

use crate::runner::{Run, Runner};
use crate::trees::{copy_all, tree};

const WORKFLOW: &str = "name: tools\non: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: dataflow/tools@v1\n        \
                        with:\n          tools: \"TOOLS\"\n      - run: paths-filter --version\n";

/// The tree of the umbrella: its action, its script, and every tool's binary.
fn check(tools: &str) -> Option<Run> {
    let mut runner = Runner::with("commit one on main\n  write a 1\n")?;
    let umbrella = runner.folder("umbrella");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for tool in [
        "canary-step",
        "coverage-gate",
        "fake-code-detector",
        "job-gate",
        "paths-filter",
        "release-changelog",
        "release-verify",
        "sha256sums",
    ] {
        copy_all(&tree(tool).join("bin"), &umbrella.join("bin"));
    }
    fs::create_dir_all(umbrella.join("dist")).unwrap();
    for file in ["action.yml", "dist/on-path"] {
        fs::copy(root.join(file), umbrella.join(file)).unwrap();
    }
    runner.action("dataflow/tools@v1", &umbrella);
    Some(runner.run("push", "{}", &WORKFLOW.replace("TOOLS", tools)))
}

#[test]
fn tools_are_on_path() {
    for tools in ["", "paths-filter", "paths-filter\\n"] {
        let Some(run) = check(tools) else { return };
        assert_eq!(run.jobs(), ["a success"], "{}", run.log);
        let version = run.printed().into_iter().find(|line| line.starts_with("paths-filter "));
        assert!(version.is_some(), "{:?}", run.printed());
    }
}

#[test]
fn an_unknown_tool_is_named_by_its_absence() {
    let Some(run) = check("../../etc/passwd") else { return };
    assert_eq!(run.jobs(), ["a failure"], "{}", run.log);
    let expected = "error: could not put the tools on PATH: the input tools names one that there is not; there are: canary-step coverage-gate fake-code-detector job-gate paths-filter release-changelog release-verify sha256sums";
    assert_eq!(run.annotations(), [expected]);
}
