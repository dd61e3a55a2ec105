//! `judge`: one observation a line in, one answer a line out; the judge by itself, for tests and for other tools.
use std::io::{BufRead, Read as _};

use action::{Answer, Failure, OrFail, Report};
use serde_json::json;

use crate::inputs::JudgeInputs;
use crate::sources::observation;

/// Bytes of one line.
const LONGEST: u64 = 64 << 20;

pub(crate) fn run(_inputs: JudgeInputs, report: &mut Report) -> Result<Answer, Failure> {
    let mut input = std::io::stdin().lock();
    let (mut number, mut wrong) = (0_usize, None);
    let mut line = Vec::new();
    loop {
        line.clear();
        let doing = || format!("read line {} of standard input", number + 1);
        let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut line).or_bad_input(doing)?;
        if read == 0 {
            break;
        }
        if read as u64 == LONGEST && !line.ends_with(b"\n") {
            return Err(Failure::inputs(doing(), format!("it has more than {} MiB", LONGEST >> 20)));
        }
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = observation::answer(&line).unwrap_or_else(|error| {
            wrong.get_or_insert_with(|| (number, error.clone()));
            json!({ "error": format!("line {number}: {error}") }).to_string()
        });
        report.machine(format!("{answer}\n"));
        if report.closed() {
            break;
        }
    }
    match wrong {
        Some((number, error)) => {
            let hint = r#"each line is one JSON object: {"tickSeconds": 5, "services": {"api": {"stable": {"p1": [[100, 1]]}, "canary": {"c1": [[100, 9]]}}}}"#;
            Err(Failure::inputs(format!("read line {number} of standard input"), error).hint(hint))
        }
        None => Ok(Answer::Yes),
    }
}
