//! Every way that a job can end, under every rule.
use super::*;
use crate::needs;
use crate::record::Answer;

/// A job as `name=result`, with outputs behind blanks as `key=value`.
fn job(text: &str) -> Job {
    let mut words = text.split(' ').map(|word| word.split_once('=').unwrap());
    let (name, word) = words.next().unwrap();
    let outputs = words.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Job { name: name.to_owned(), result: JobResult::parse(word).ok_or_else(|| word.to_owned()), outputs }
}

fn list(names: &str) -> BTreeSet<String> {
    crate::lists::job_names(names).unwrap().into_iter().collect()
}

fn rules(failures: &str, skips: &str, filtered: &str) -> Rules {
    Rules {
        allowed_failures: list(failures),
        allowed_skips: list(skips),
        filtered: crate::lists::filtered_jobs(filtered)
            .unwrap()
            .into_iter()
            .map(|job| (job.job, job.filters))
            .collect(),
        filter_job: Some("changes".to_owned()).filter(|_| !filtered.is_empty()),
        ..Rules::default()
    }
}

/// Whether the gate opens, and what each job comes to.
fn check(jobs: &[&str], rules: &Rules, expected: (Answer, &str)) {
    let jobs: Vec<Job> = jobs.iter().map(|text| job(text)).collect();
    let record = record(&jobs, rules);
    let states: Vec<&str> = record.jobs.iter().map(|row| row.state.word()).collect();
    assert_eq!((record.result, states.join(" ").as_str()), expected, "{jobs:?} {rules:?} {record:?}");
}

use Answer::{Failure, Success, Unknown};

#[test]
fn only_success_passes_by_itself() {
    let none = Rules::default();
    check(&["a=success", "b=success"], &none, (Success, "succeeded succeeded"));
    check(&["a=success", "b=failure"], &none, (Failure, "succeeded failed"));
    check(&["a=cancelled"], &none, (Failure, "cancelled"));
    check(&["a=skipped"], &none, (Failure, "skipped"));
    check(&["a=neutral", "b=failure"], &none, (Unknown, "unknown failed"));
    check(&["a=", "b=success"], &none, (Unknown, "unknown succeeded"));
    check(&["a=Success"], &none, (Unknown, "unknown"));
    check(&[], &none, (Unknown, ""));
}

#[test]
fn lists_allow_what_they_say_and_nothing_else() {
    check(&["a=failure"], &rules("a", "", ""), (Success, "allowed"));
    check(&["a=skipped"], &rules("", "a", ""), (Success, "allowed"));
    check(&["a=skipped"], &rules("a", "", ""), (Failure, "skipped"));
    check(&["a=failure"], &rules("", "a", ""), (Failure, "failed"));
    check(&["a=cancelled"], &rules("a", "a", ""), (Failure, "cancelled"));
    check(&["a=neutral"], &rules("a", "a", ""), (Unknown, "unknown"));
    check(&["a=success", "b=success"], &rules("a", "b", ""), (Success, "succeeded succeeded"));
}

#[test]
fn a_name_that_is_no_job_is_a_mistake() {
    check(&["a=success"], &rules("b", "", ""), (Unknown, "succeeded"));
    check(&["a=success"], &rules("", "A", ""), (Unknown, "succeeded"));
    let expected = Rules { expected: list("a, b, b2"), ..Rules::default() };
    check(&["a=success"], &expected, (Failure, "succeeded missing missing"));
}

const FILTERED: &str = "go: go\ndocker: docker | terraform";

#[test]
fn a_job_may_be_skipped_exactly_when_all_of_its_filters_are_false() {
    let rules = rules("", "", FILTERED);
    let verdict = |go, docker, terraform| format!("changes=success go={go} docker={docker} terraform={terraform}");
    let all = |changes: &str, go: &str, docker: &str, expected: (Answer, &str)| {
        check(&[changes, go, docker], &rules, expected)
    };
    let quiet = verdict(false, false, false);
    all(&quiet, "go=skipped", "docker=skipped", (Success, "succeeded allowed allowed"));
    all(&quiet, "go=success", "docker=success", (Success, "succeeded succeeded succeeded"));
    all(&quiet, "go=failure", "docker=cancelled", (Failure, "succeeded failed cancelled"));
    all(&verdict(true, false, true), "go=skipped", "docker=skipped", (Failure, "succeeded skipped skipped"));
    all(&verdict(true, true, true), "go=success", "docker=success", (Success, "succeeded succeeded succeeded"));
    let uncertain = format!("{quiet} uncertain=true");
    all(&uncertain, "go=skipped", "docker=success", (Failure, "succeeded skipped succeeded"));
    let certain = format!("{quiet} uncertain=false");
    all(&certain, "go=skipped", "docker=skipped", (Success, "succeeded allowed allowed"));
}

#[test]
fn a_verdict_that_does_not_count_allows_nothing() {
    let rules = rules("", "", FILTERED);
    let rest = "go=false docker=false terraform=false";
    for bad in ["failure", "cancelled", "skipped"] {
        let state = if bad == "failure" { "failed" } else { bad };
        let expected = format!("{state} skipped skipped");
        check(&[&format!("changes={bad} {rest}"), "go=skipped", "docker=skipped"], &rules, (Failure, &expected));
    }
    check(&["go=skipped", "docker=success"], &rules, (Failure, "skipped succeeded missing"));
    check(&["changes=success", "go=success", "docker=success"], &rules, (Unknown, "unknown succeeded succeeded"));
    check(&["changes=success", "go=skipped", "docker=success"], &rules, (Unknown, "unknown unknown succeeded"));
    let absent = "changes=success go=false docker=false";
    check(&[absent, "go=skipped", "docker=success"], &rules, (Unknown, "succeeded allowed unknown"));
    // The filter job may fail, and even then it excuses nobody.
    let forgiving = Rules { allowed_failures: list("changes"), ..rules };
    check(
        &[&format!("changes=failure {rest}"), "go=skipped", "docker=success"],
        &forgiving,
        (Failure, "allowed skipped succeeded"),
    );
}

#[test]
fn a_verdict_may_be_handed_over() {
    let given = |result: &str| Rules {
        given: Given { result: Some(result.to_owned()), uncertain: None },
        ..rules("", "", "go: go")
    };
    check(&["changes=success", "go=skipped"], &given("{\"go\":false}"), (Success, "succeeded allowed"));
    check(&["changes=success", "go=skipped"], &given("{\"go\":true}"), (Failure, "succeeded skipped"));
    check(&["changes=success", "go=skipped"], &given("{\"go\":false"), (Unknown, "unknown unknown"));
    check(&["changes=failure", "go=skipped"], &given("{\"go\":false}"), (Failure, "failed skipped"));
}

#[test]
fn rules_that_contradict_each_other_are_mistakes() {
    let jobs = ["changes=success go=false", "go=skipped"];
    check(&jobs, &rules("", "go", "go: go"), (Unknown, "succeeded allowed"));
    check(&jobs, &Rules { filter_job: None, ..rules("", "", "go: go") }, (Unknown, "succeeded skipped"));
    check(&jobs, &rules("", "", "go: go\nchanges: go"), (Unknown, "succeeded allowed"));
    check(&jobs, &rules("", "", "go: go\nnone: go"), (Failure, "succeeded allowed missing"));
}

/// Whatever the results and rules are: the gate opens only when each job succeeded, or failed or was skipped by name.
#[test]
fn the_gate_never_opens_without_evidence() {
    let words = ["success", "failure", "cancelled", "skipped", "", "neutral"];
    let lists = ["", "a", "b", "a,b"];
    let mut opened = 0;
    for (first, second) in words.iter().flat_map(|first| words.map(|second| (first, second))) {
        for (failures, skips) in lists.iter().flat_map(|failures| lists.map(|skips| (failures, skips))) {
            let jobs = [job(&format!("a={first}")), job(&format!("b={second}"))];
            let record = record(&jobs, &rules(failures, skips, ""));
            let fine = |name: &str, word: &str| {
                word == "success"
                    || (word == "failure" && failures.contains(name))
                    || (word == "skipped" && skips.contains(name))
            };
            assert_eq!(record.result == Success, fine("a", first) && fine("b", second), "{record:?}");
            opened += usize::from(record.result == Success);
        }
    }
    assert!(opened > 0, "no evidence");
}

#[test]
fn results_are_read_from_lines_as_from_json() {
    let json = r#"{"a":{"result":"success","outputs":{}},"b":{"result":"skipped","outputs":{}}}"#;
    assert_eq!(needs::of_json(json), needs::of_lines("a: success\nb: skipped\n"));
}
