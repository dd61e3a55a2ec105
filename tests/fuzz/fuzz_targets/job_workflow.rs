//! Any text as a workflow: jobs whose places are in the text, or a problem whose place is.
#![no_main]
use fuzz::mutate;
use job_gate::workflow::{Position, parse, runs};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const WORDS: [&str; 14] = [
    "jobs:\n",
    "  a:\n    needs: [b]\n",
    "  b: {if: always(), steps: []}\n",
    "    if: ${{ always() }}\n",
    "    continue-on-error: true\n",
    "    steps:\n      - uses: dataflow/job-gate@v1\n",
    "        with:\n          needs: ${{ toJSON(needs) }}\n",
    "!cancelled()",
    "&x ",
    "*x",
    "<<: ",
    "---\n",
    "|\n",
    "\u{feff}",
];

fuzz_target!(|text: &str| {
    // YAML ends a line at either character.
    let lines = text.split(['\n', '\r']).count();
    let inside =
        |at: Position| assert!(at.line >= 1 && at.line <= lines + 1 && at.column >= 1, "{at:?} of {lines} lines");
    match parse(text) {
        Ok(workflow) => {
            for job in &workflow.jobs {
                inside(job.id.at);
                job.needs.iter().for_each(|need| inside(need.at));
                job.steps.iter().for_each(|step| inside(step.at));
                runs(job.condition.as_ref().map(|condition| condition.text.as_str()));
            }
        }
        Err(problem) => {
            inside(problem.at);
            fuzz::one_line(&problem.message);
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
