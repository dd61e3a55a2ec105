//! security-scan with a planted vulnerability, a planted secret, a container with too many rights, and without: Gitleaks, Trivy and Checkov are
//! real. Snyk, Dependency-Check and Safety have no answer here, so that the gate never passes.
use crate::monorepo::{Monorepo, pull_request};

/// The jobs that are real here, and how they ended; the local runner ends all jobs of a matrix alike.
fn check(files: &[(&str, &str, &str)], expected: [&str; 3]) -> Option<()> {
    for part in ["checkov", "kustomize", "trivy-db"] {
        tests::parts::needed(part)?;
    }
    let mut monorepo = Monorepo::new()?;
    monorepo.change("feat: change", files);
    let run = monorepo.run("pull_request", &pull_request(), "security-scan.yml");
    let mut jobs = run.jobs();
    jobs.retain(|job| ["Checkov", "Gitleaks", "Trivy (frontend)"].iter().any(|name| job.starts_with(name)));
    assert_eq!(jobs, expected, "{}", run.log);
    assert_eq!(monorepo.ended("job-gate"), ["1"], "what nobody could ask passed");
    Some(())
}

#[test]
fn a_clean_tree_is_found_clean() {
    check(&[("NOTES.md", "", "Nothing.\n")], ["Checkov success", "Gitleaks success", "Trivy (frontend) success"]);
}

#[test]
fn a_planted_vulnerability_is_found() {
    let old = "    \"node_modules/react\": {\n";
    let planted = format!("    \"node_modules/shop-planted\": {{\n      \"version\": \"1.0.0\"\n    }},\n{old}");
    check(
        &[("frontend/package-lock.json", old, &planted)],
        ["Checkov success", "Gitleaks success", "Trivy (frontend) failure"],
    );
}

#[test]
fn a_planted_secret_is_found() {
    // In two halves, or this file is one.
    let key = format!("aws_key = \"{}{}\"\n", "AKIA", "Q3EGRMZ7PLD5XKVB");
    check(&[("cli/key.toml", "", &key)], ["Checkov success", "Gitleaks failure", "Trivy (frontend) success"]);
}

#[test]
fn a_container_with_too_many_rights_is_found() {
    let (old, planted) = ("allowPrivilegeEscalation: false\n", "privileged: true\n");
    check(
        &[("deploy/base/orders.yaml", old, planted)],
        ["Checkov failure", "Gitleaks success", "Trivy (frontend) success"],
    );
}
