//! Workflows with a way around their gate, and the honest ones beside them.
use super::*;
use crate::workflow::parse;

const JOBS: &str = "\
on: push
jobs:
  build: {runs-on: x, steps: [{run: make}]}
  test: {needs: build, runs-on: x, steps: [{run: make test}]}
  docs: {runs-on: x, if: 'github.event_name == ''push''', steps: [{run: make docs}]}
";
const GATE: &str = "  gate:
    if: always()
    needs: [build, test, docs]
    runs-on: x
    steps:
      - uses: dataflow/job-gate@v1
        with:
          needs: ${{ toJSON(needs) }}
";

fn workflow(gate: &str) -> Workflow {
    parse(&format!("{JOBS}{gate}")).unwrap()
}

/// The findings as `rule line`.
fn found(gate: &str, wishes: &Wishes) -> Vec<String> {
    let workflow = workflow(gate);
    let gates = gates(&workflow, wishes);
    assert!(!gates.is_empty(), "no gate");
    let findings = gates.iter().flat_map(|gate| proof(&workflow, gate, wishes).findings);
    findings.map(|finding| format!("{} {}", finding.rule, finding.at.line)).collect()
}

fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(GATE.contains(from), "{from}");
    assert_eq!(found(&GATE.replace(from, to), &Wishes::default()), expected, "{to}");
}

#[test]
fn an_honest_gate_has_no_findings() {
    check("always()", "${{ always() }}", &[]);
    check("needs: ${{ toJSON(needs) }}", "jobs: ${{ tojson( needs ) }}", &[]);
    check("dataflow/job-gate@v1", "re-actors/alls-green@release/v1", &[]);
    check("dataflow/job-gate@v1", "./dist/job-gate", &[]);
    check("needs: [build, test, docs]", "needs: [test, docs]", &[]);
}

#[test]
fn a_gate_may_be_a_program() {
    let step = "- uses: dataflow/job-gate@v1\n        with:\n          needs:";
    let program = |name: &str| format!("- run: {name}\n        env:\n          INPUT_NEEDS:");
    check(step, &program("target/release/job-gate"), &[]);
    check(step, &program("exec job-gate --format json"), &[]);
    let lists = program("job-gate").replace("INPUT_NEEDS", "INPUT_ALLOWED_SKIPS: dosc\n          INPUT_NEEDS");
    check(step, &lists, &["unknown-job 13"]);
    let named = Wishes { gate: Some("gate".to_owned()), ..Wishes::default() };
    assert_eq!(
        found(&GATE.replace(step, &program("make gate")).replace("always()", "failure()"), &named),
        ["not-always 7"]
    );
}

#[test]
fn a_gate_that_may_be_skipped_is_none() {
    check("    if: always()\n", "", &["not-always 6"]);
    check("always()", "success()", &["not-always 7"]);
    check("always()", "'!cancelled()'", &["not-always 7"]);
    check("always()", "always() && github.ref == 'x'", &["not-always 7"]);
    check("always()", "failure()", &["not-always 7"]);
    let cancelled = Wishes { allow_not_cancelled: true, ..Wishes::default() };
    assert_eq!(found(&GATE.replace("always()", "${{ !cancelled() }}"), &cancelled), [""; 0]);
    assert_eq!(found(&GATE.replace("always()", "failure()"), &cancelled), ["not-always 7"]);
    check("        with:", "        if: failure()\n        with:", &["step-condition 12"]);
    check("        with:", "        if: always()\n        with:", &[]);
    check("        with:", "        continue-on-error: true\n        with:", &["gate-tolerated 12"]);
    check(
        "    runs-on: x\n    steps",
        "    continue-on-error: ${{ true }}\n    runs-on: x\n    steps",
        &["gate-tolerated 9"],
    );
}

#[test]
fn a_job_that_the_gate_does_not_wait_for_is_found() {
    check("[build, test, docs]", "[build, test]", &["forgotten-job 5"]);
    check("[build, test, docs]", "[build, docs]", &["forgotten-job 4"]);
    check(
        "    needs: [build, test, docs]\n",
        "",
        &["forgotten-job 3", "forgotten-job 4", "forgotten-job 5", "no-needs 6"],
    );
    check("[build, test, docs]", "[build, test, docs, dosc]", &["unknown-job 8"]);
    let except = Wishes { except: BTreeSet::from(["docs".to_owned()]), ..Wishes::default() };
    assert_eq!(found(&GATE.replace("[build, test, docs]", "[build, test]"), &except), [""; 0]);
}

#[test]
fn a_failure_comes_through_a_job_only_when_its_skip_is_not_forgiven() {
    // docs has a condition of its own, so that it runs or is skipped whatever `lint` does.
    let lint = "  lint: {runs-on: x, steps: []}\n  more: {needs: lint, if: always(), runs-on: x, steps: []}\n";
    let gate = GATE.replace("docs]", "docs, more]");
    assert_eq!(found(&format!("{gate}{lint}"), &Wishes::default()), ["forgotten-job 14"]);
    let through = lint.replace("if: always(), ", "");
    assert_eq!(found(&format!("{gate}{through}"), &Wishes::default()), [""; 0]);
    for list in ["allowed-skips: more", "allowed-skips: ${{ fromJSON('[\"more\"]') }}", "filtered-jobs: 'more: go'"] {
        let forgiving = gate.replace("          needs:", &format!("          {list}\n          needs:"));
        assert_eq!(found(&format!("{forgiving}{through}"), &Wishes::default()), ["forgotten-job 15"], "{list}");
    }
}

#[test]
fn jobs_after_the_gate_cannot_be_waited_for() {
    let after = "  deploy: {needs: gate, runs-on: x, steps: []}\n  tell: {needs: deploy, runs-on: x, steps: []}\n";
    let workflow = workflow(&format!("{GATE}{after}"));
    let proof = proof(&workflow, gates(&workflow, &Wishes::default())[0], &Wishes::default());
    assert_eq!((proof.direct, proof.through, proof.after, proof.findings), (3, 0, 2, Vec::new()));
}

#[test]
fn needs_in_a_ring_end() {
    let ring = "  x: {needs: y, runs-on: x, steps: []}\n  y: {needs: x, runs-on: x, steps: []}\n";
    assert_eq!(found(&format!("{GATE}{ring}"), &Wishes::default()), ["forgotten-job 14", "forgotten-job 15"]);
}

#[test]
fn a_failure_that_is_told_as_a_success_is_found() {
    let hidden = JOBS.replace("docs: {", "docs: {continue-on-error: true, ");
    let rules = |with: &str| {
        let gate = GATE.replace("          needs:", &format!("{with}          needs:"));
        let workflow = parse(&format!("{hidden}{gate}")).unwrap();
        let gate = workflow.job("gate").unwrap();
        let findings = proof(&workflow, gate, &Wishes::default()).findings;
        findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(""), ["hidden-failure"]);
    assert_eq!(rules("          allowed-failures: docs, test\n"), [""; 0]);
}

#[test]
fn the_step_has_to_get_every_result() {
    let given = "needs: ${{ toJSON(needs) }}";
    check(given, "needs: toJSON(needs)", &["no-results 13"]);
    check(given, "needs: ${{ needs }}", &["no-results 13"]);
    check(given, "needs: ${{ toJSON(needs.build) }}", &["no-results 13"]);
    check(given, "needs: '{}'", &["no-results 13"]);
    check(given, "format: text", &["no-results 11"]);
    let lines = |test: &str| {
        format!(
            "results: |\n            build: ${{{{ needs.build.result }}}}\n            test: {test}\n            docs: ${{{{needs.docs.result}}}}"
        )
    };
    check(given, &lines("${{ needs.test.result }}"), &[]);
    check(given, &lines("${{ needs.build.result }}"), &["wrong-result 13"]);
    check(given, &lines("success"), &["wrong-result 13"]);
    check(given, "results: |\n            build: ${{ needs.build.result }}", &["wrong-result 13", "wrong-result 13"]);
}

#[test]
fn lists_name_jobs_that_the_gate_needs() {
    let with = |line: &str| format!("{line}\n          needs: ${{{{");
    let given = "needs: ${{";
    check(given, &with("allowed-skips: dosc"), &["unknown-job 13"]);
    check(given, &with("allowed-failures: docs, dosc"), &["unknown-job 13"]);
    check(given, &with("expected-jobs: '[\"test\"]'"), &[]);
    check(given, &with("expected-jobs: '[\"test\"'"), &["unread-list 13"]);
    check(given, &with("filter-job: changes"), &["unknown-job 13"]);
    check(given, &with("filtered-jobs: 'docs: a | b'"), &[]);
    check(given, &with("filtered-jobs: 'dosc: a'"), &["unknown-job 13"]);
    check(given, &with("allowed-skips: ${{ inputs.skips }}"), &[]);
}
