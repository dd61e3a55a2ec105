//! ci on pull requests: what a change concerns is built, the rest is skipped, and one check knows why.
use crate::monorepo::{Monorepo, pull_request};

const PLUS: (&str, &str, &str) =
    ("cli/health/plus.go", "", "package health\n\nfunc plus(a, b int) int { return a + b }\n");

/// The gate's line for a job.
fn row<'a>(summary: &'a str, job: &str) -> &'a str {
    summary.lines().find(|line| line.contains(job)).unwrap_or_else(|| panic!("no {job} in {summary}"))
}

#[test]
fn a_change_of_one_language_builds_that_one() {
    let Some(mut monorepo) = Monorepo::new() else { return };
    let test = "package health\n\nimport \"testing\"\n\nfunc TestPlus(t *testing.T) {\n\tif plus(1, 2) != 3 {\n\t\tt.Fatal(plus(1, 2))\n\t}\n}\n";
    monorepo.change("feat(cli): add", &[PLUS, ("cli/health/plus_test.go", "", test)]);
    let run = monorepo.run("pull_request", &pull_request(), "ci.yml");
    assert_eq!(run.jobs(), ["CI status success", "Changes success", "Go success"], "{}", run.log);
    assert_eq!(monorepo.ended("job-gate"), ["0"]);
    let summary = monorepo.summaries("job-gate");
    assert!(row(&summary, "kotlin-build").contains("kotlin"), "{summary}");
}

#[test]
fn a_failed_job_fails_the_gate() {
    let Some(mut monorepo) = Monorepo::new() else { return };
    let test = "package health\n\nimport \"testing\"\n\nfunc TestPlus(t *testing.T) {\n\tif plus(1, 2) != 4 {\n\t\tt.Fatal(plus(1, 2))\n\t}\n}\n";
    monorepo.change("feat(cli): add", &[PLUS, ("cli/health/plus_test.go", "", test)]);
    let run = monorepo.run("pull_request", &pull_request(), "ci.yml");
    assert_eq!(run.jobs(), ["CI status failure", "Changes success", "Go failure"], "{}", run.log);
    assert_eq!(monorepo.ended("job-gate"), ["1"]);
    let errors = run.annotations();
    assert!(errors.iter().any(|text| text.contains("go-build")), "{errors:?}");
}

#[test]
fn uncovered_lines_fail_the_gate() {
    let Some(mut monorepo) = Monorepo::new() else { return };
    let uncovered: String = (0..12).map(|n| format!("    if question == \"{n}\":\n        return {n}\n")).collect();
    let text = format!(
        "\"\"\"How long an answer may take.\"\"\"\n\n\ndef seconds(question: str) -> int:\n    \"\"\"Seconds for a question.\"\"\"\n{uncovered}    return 0\n"
    );
    monorepo.change("feat(copilot): add limits", &[("services/copilot/src/copilot/limits.py", "", &text)]);
    let run = monorepo.run("pull_request", &pull_request(), "ci.yml");
    let jobs = run.jobs();
    assert!(jobs.contains(&"CI status failure".to_owned()), "{jobs:?}\n{}", run.log);
    assert!(jobs.contains(&"Python (copilot) failure".to_owned()), "{jobs:?}");
    assert!(jobs.contains(&"Python (migration-engine) success".to_owned()), "{jobs:?}");
    assert_eq!(
        (monorepo.ended("coverage-gate"), monorepo.ended("job-gate")),
        (vec!["0".to_owned(), "1".to_owned()], vec!["1".to_owned()])
    );
    let errors = run.annotations();
    assert!(errors.iter().any(|text| text.contains("limits.py") || text.contains("added files")), "{errors:?}");
}
