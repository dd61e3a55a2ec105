//! security-scan with a planted vulnerability, a planted secret, and without: Gitleaks and Trivy are real. Snyk, Dependency-Check, Safety and
//! Checkov have no answer here, so that the gate never passes.
use crate::monorepo::{Monorepo, pull_request};

/// The jobs that are real here, and how they ended; the local runner ends all jobs of a matrix alike.
fn check(files: &[(&str, &str, &str)], expected: [&str; 2]) -> Option<()> {
    tests::parts::needed("trivy-db")?;
    let mut monorepo = Monorepo::new()?;
    monorepo.change("feat: change", files);
    let run = monorepo.run("pull_request", &pull_request(), "security-scan.yml");
    let mut jobs = run.jobs();
    jobs.retain(|job| job.starts_with("Gitleaks") || job.starts_with("Trivy (frontend)"));
    assert_eq!(jobs, expected, "{}", run.log);
    assert_eq!(monorepo.ended("job-gate"), ["1"], "what nobody could ask passed");
    Some(())
}

#[test]
fn a_clean_tree_is_found_clean() {
    check(&[("NOTES.md", "", "Nothing.\n")], ["Gitleaks success", "Trivy (frontend) success"]);
}

#[test]
fn a_planted_vulnerability_is_found() {
    let old = "    \"node_modules/react\": {\n";
    let planted = format!("    \"node_modules/shop-planted\": {{\n      \"version\": \"1.0.0\"\n    }},\n{old}");
    check(&[("frontend/package-lock.json", old, &planted)], ["Gitleaks success", "Trivy (frontend) failure"]);
}

#[test]
fn a_planted_secret_is_found() {
    // In two halves, or this file is one.
    let key = format!("aws_key = \"{}{}\"\n", "AKIA", "Q3EGRMZ7PLD5XKVB");
    check(&[("cli/key.toml", "", &key)], ["Gitleaks failure", "Trivy (frontend) success"]);
}
