//! Every reader: nothing makes it panic, what it wrote it reads again, and no part of a whole says what the whole says.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
use job_gate::lists::{self, FilteredJob, is_job_id};
use job_gate::needs::{self, Job, JobResult};
use job_gate::verdict::{self, Given};
use job_gate::{json, workflow};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn word() -> impl Strategy<Value = Result<JobResult, String>> {
    let known = ["success", "failure", "cancelled", "skipped"].map(|word| JobResult::parse(word).unwrap());
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(Ok), 1 => "[a-z]{0,3}".prop_map(Err)]
}

fn id() -> impl Strategy<Value = String> {
    "[a-z_][a-z0-9_-]{0,9}"
}

/// Jobs of different names, with any outputs.
fn jobs() -> impl Strategy<Value = Vec<Job>> {
    let job = (word(), prop::collection::btree_map("\\PC{0,5}", any::<String>(), 0..3));
    prop::collection::btree_map(id(), job, 1..6).prop_map(|jobs| {
        let job = |(name, (result, outputs))| Job { name, result, outputs: Vec::from_iter(outputs) };
        jobs.into_iter().map(job).collect()
    })
}

fn spelled(job: &Job) -> String {
    job.result.as_ref().map_or_else(String::clone, |result| result.word().to_owned())
}

fn written(jobs: &[Job]) -> Value {
    let outputs =
        |job: &Job| job.outputs.iter().cloned().map(|(name, value)| (name, value.into())).collect::<Map<_, _>>();
    jobs.iter().map(|job| (job.name.clone(), json!({ "result": spelled(job), "outputs": outputs(job) }))).collect()
}

/// JSON of any shape, without keys that stand twice.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_comes_back_as_it_was(value in any_json()) {
        prop_assert_eq!(json::read(&value.to_string()), Ok(value.clone()));
        prop_assert_eq!(json::read(&serde_json::to_string_pretty(&value).unwrap()), Ok(value));
    }

    #[test]
    fn json_is_what_serde_json_takes_or_less(text in "[\\[\\]{}\",:0-9a-b .e-]{0,24}") {
        if let Ok(value) = json::read(&text) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_at_any_depth(key in any::<String>(), depth in 0_usize..5) {
        let key = Value::from(key);
        let twice = format!("{}{{{key}:1,\"other {key_length}\":2,{key}:1}}{}", "[".repeat(depth), "]".repeat(depth), key_length = key.to_string().len());
        prop_assert!(json::read(&twice).unwrap_err().message.contains("stands twice"));
    }

    #[test]
    fn jobs_come_back_as_they_were(jobs in jobs()) {
        prop_assert_eq!(needs::of_json(&written(&jobs).to_string()), Ok(jobs.clone()));
        let lines: String = jobs.iter().map(|job| format!("{}: {}\n", job.name, spelled(job))).collect();
        let bare: Vec<Job> = jobs.into_iter().map(|job| Job { outputs: Vec::new(), ..job }).collect();
        prop_assert_eq!(needs::of_lines(&lines), Ok(bare));
    }

    #[test]
    fn no_part_of_the_results_is_taken_for_the_whole(jobs in jobs()) {
        let text = written(&jobs).to_string();
        for (end, _) in text.char_indices() {
            prop_assert!(needs::of_json(&text[..end]).is_err());
        }
    }

    #[test]
    fn no_part_of_a_verdict_is_taken_for_the_whole(filters in prop::collection::btree_map("\\PC{0,6}", any::<bool>(), 1..5)) {
        let text = serde_json::to_string(&filters).unwrap();
        let job = Job { name: "changes".to_owned(), result: Ok(JobResult::Success), outputs: Vec::new() };
        let read = |text: &str| verdict::read(&Given { result: Some(text.to_owned()), uncertain: None }, &job);
        prop_assert_eq!(read(&text).unwrap().names().count(), filters.len());
        for (end, _) in text.char_indices() {
            prop_assert!(read(&text[..end]).is_err());
        }
    }

    #[test]
    fn any_text_is_read_or_refused_on_one_line(text in any::<String>()) {
        let refusals = [
            needs::of_json(&text).err().map(|problem| problem.message),
            needs::of_lines(&text).err().map(|problem| problem.message),
        ];
        for refusal in refusals.into_iter().flatten() {
            prop_assert!(!refusal.contains(['\n', '\r', '\x1b']), "{:?}", refusal);
        }
        if let Ok(names) = lists::job_names(&text) {
            prop_assert!(names.iter().all(|name| is_job_id(name)));
        }
        let _ = lists::filtered_jobs(&text);
    }

    #[test]
    fn filtered_jobs_come_back_as_they_were(
        jobs in prop::collection::btree_map(id(), prop::collection::btree_set("[a-z0-9 :.-]{0,8}[a-z]", 1..4), 0..4)
    ) {
        let expected: Vec<FilteredJob> = jobs.iter().map(|(job, filters)| {
            FilteredJob { job: job.clone(), filters: filters.iter().map(|name| name.trim().to_owned()).collect() }
        }).collect();
        let unique = expected.iter().all(|job| job.filters.iter().collect::<std::collections::BTreeSet<_>>().len() == job.filters.len());
        let text: String = expected.iter().map(|job| format!("{}: {}\n", job.job, job.filters.join(" | "))).collect();
        if unique {
            prop_assert_eq!(lists::filtered_jobs(&text), Ok(expected));
        }
    }

    #[test]
    fn any_workflow_is_read_or_refused_with_a_place_in_it(text in "(jobs:|a:|  |\n|- |needs|if|steps|uses|with|: |\\[|\\]|\\{|\\}|,|\"|'|&x|\\*x|!t |é|#|\\|){0,40}") {
        if let Err(problem) = workflow::parse(&text) {
            let lines = text.split(['\n', '\r']).count();
            prop_assert!((1..=lines + 1).contains(&problem.at.line) && problem.at.column >= 1, "{}", problem);
            prop_assert!(!problem.message.contains('\n'), "{}", problem);
        }
    }
}

#[test]
fn a_bomb_of_aliases_is_refused() {
    let mut text = "jobs:\n  a0: &a0 {x: [x, x, x, x, x, x, x, x]}\n".to_owned();
    for level in 1..30 {
        text += &format!("  a{level}: &a{level} {{x: [*a{0}, *a{0}, *a{0}, *a{0}]}}\n", level - 1);
    }
    assert!(workflow::parse(&text).unwrap_err().message.contains("values, aliases included"));
    let deep = workflow::parse(&format!("jobs: {}{}", "[".repeat(1000), "]".repeat(1000))).unwrap_err();
    assert!(deep.message.contains("nested deeper"), "{deep}");
}

#[test]
fn a_large_context_takes_linear_time() {
    let jobs = |count: usize| {
        let job = |at| (format!("job-{at}"), json!({ "result": "success", "outputs": { "x": "y".repeat(1000) } }));
        Value::Object((0..count).map(job).collect()).to_string()
    };
    // A hundred thousand jobs in any sensible time: a quadratic search for names would take minutes.
    assert_eq!(needs::of_json(&jobs(100_000)).unwrap().len(), 100_000);
}
