//! The workflows of this repository: none of their gates can be gone around.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use std::fs;
use std::path::{Path, PathBuf};

use action::{Streams, World};

/// The exit code of `check` on a file, and what it says.
fn check(file: &Path) -> (u8, String) {
    let (streams, captured) = Streams::captured();
    let args = ["job-gate".into(), "check".into(), file.into()].to_vec();
    let exit = action::drive(&job_gate::TOOL, World { args, env: &|_| None, streams }, job_gate::run);
    (exit, String::from_utf8([captured.out(), captured.err()].concat()).unwrap())
}

/// The workflows that have a gate.
fn gated() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.github/workflows");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| fs::read_to_string(file).unwrap().contains("job-gate")).collect()
}

#[test]
fn our_own_gates_hold() {
    let files = gated();
    assert!(files.iter().any(|file| file.ends_with("ci.yml")), "no evidence: {files:?}");
    for file in files {
        let (exit, said) = check(&file);
        assert_eq!(exit, 0, "{said}");
    }
}

#[test]
fn our_own_gates_hold_no_longer_when_a_line_is_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("workflow.yml");
    for file in gated() {
        let text = fs::read_to_string(&file).unwrap();
        for (line, rule) in [("if: always()", "not-always"), ("${{ toJSON(needs) }}", "no-results")] {
            // The first condition of that kind may be another job's, so all of them go.
            fs::write(&copy, text.replace(line, &line.replace("always()", "failure()").replace("toJSON", ""))).unwrap();
            let (exit, said) = check(&copy);
            assert!(exit == 1 && said.contains(rule), "{}: {rule}: {said}", file.display());
        }
        fs::write(&copy, format!("{}\n  forgotten:\n    runs-on: x\n    steps: []\n", text.trim_end())).unwrap();
        let (exit, said) = check(&copy);
        assert!(exit == 1 && said.contains("forgotten-job"), "{}: {said}", file.display());
    }
}
