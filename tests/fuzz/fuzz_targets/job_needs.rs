//! Any text as the results of jobs, as lists and as a verdict: whole and written again it says the same, or it is refused.
#![no_main]
use fuzz::mutate;
use job_gate::lists::{filtered_jobs, is_job_id, job_names};
use job_gate::needs::{Job, JobResult, of_json, of_lines};
use job_gate::verdict::{Filter, Given, read};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Map, Value, json};

const WORDS: [&str; 14] = [
    "{\"a\":{\"result\":\"success\",\"outputs\":{}}}",
    ",\"b\":{\"result\":\"skipped\"}",
    "\"outputs\":{\"x\":\"y\"}",
    "\"result\":\"failure\"",
    "\"result\":\"cancelled\"",
    "a: success\n",
    "b: skipped\n",
    "docs: docs | go\n",
    "[\"a\",\"b\"]",
    "{\"go\":false,\"go_count\":0}",
    "${{ needs }}",
    "\u{feff}",
    "\\u0061",
    "\r\n",
];

fuzz_target!(|text: &str| {
    match of_json(text) {
        Ok(jobs) => {
            sensible(&jobs);
            assert_eq!(of_json(&written(&jobs).to_string()).as_ref(), Ok(&jobs));
            let whole: Value = serde_json::from_str(text).expect("what is read is JSON");
            assert_eq!(whole.as_object().map(Map::len), Some(jobs.len()));
        }
        Err(problem) => fuzz::one_line(&problem.message),
    }
    match of_lines(text) {
        Ok(jobs) => sensible(&jobs),
        Err(problem) => fuzz::one_line(&problem.message),
    }
    if let Ok(names) = job_names(text) {
        assert!(names.iter().all(|name| is_job_id(name)));
        assert_eq!(job_names(&names.join("\n")), Ok(names));
    }
    if let Ok(jobs) = filtered_jobs(text) {
        let line = |job: &job_gate::lists::FilteredJob| format!("{}:{}\n", job.job, job.filters.join("|"));
        assert_eq!(filtered_jobs(&jobs.iter().map(line).collect::<String>()), Ok(jobs));
    }
    as_verdict(text);
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});

fn sensible(jobs: &[Job]) {
    assert!(!jobs.is_empty() && jobs.iter().all(|job| is_job_id(&job.name)));
    let mut names: Vec<String> = jobs.iter().map(|job| job.name.to_ascii_lowercase()).collect();
    names.sort();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
}

fn written(jobs: &[Job]) -> Value {
    let word = |job: &Job| job.result.as_ref().map_or_else(String::clone, |result| result.word().to_owned());
    let outputs =
        |job: &Job| job.outputs.iter().cloned().map(|(name, value)| (name, value.into())).collect::<Map<_, _>>();
    let entry = |job: &Job| (job.name.clone(), json!({ "result": word(job), "outputs": outputs(job) }));
    Value::Object(jobs.iter().map(entry).collect())
}

/// A filter is false only where the whole text says so.
fn as_verdict(text: &str) {
    let job = Job { name: "changes".to_owned(), result: Ok(JobResult::Success), outputs: Vec::new() };
    let Ok(verdict) = read(&Given { result: Some(text.to_owned()), uncertain: None }, &job) else { return };
    let whole: Value = serde_json::from_str(text).expect("what is read is JSON");
    for name in verdict.names() {
        assert_eq!(verdict.of(name) == Filter::False, whole[name] == false);
    }
}
