//! `parse`: one message a line in, what it says a line out; for editors, hooks and tests.
use std::io::{BufRead, Read as _};

use action::{Answer, Failure, OrFail, Report};
use serde::Deserialize;
use serde_json::json;

use crate::message::{Message, Printed};

/// One line of input; other keys are passed over.
#[derive(Deserialize)]
struct Asked {
    message: String,
}

/// Bytes of one line; GitHub and git take no longer messages either.
const LONGEST: u64 = 64 << 20;

/// Answers one line: what the message says, or `{"error": text}`.
pub fn answer(line: &str) -> Result<String, String> {
    let asked: Asked = serde_json::from_str(line).map_err(|error| error.to_string())?;
    serde_json::to_string(&Printed::from(&Message::parse(&asked.message))).map_err(|error| error.to_string())
}

pub(crate) fn run(report: &mut Report) -> Result<Answer, Failure> {
    let mut input = std::io::stdin().lock();
    let (mut number, mut wrong) = (0_usize, None);
    let mut line = String::new();
    loop {
        line.clear();
        let doing = || format!("read line {} of standard input", number + 1);
        let read = input.by_ref().take(LONGEST).read_line(&mut line).or_bad_input(doing)?;
        if read == 0 {
            break;
        }
        if read as u64 == LONGEST && !line.ends_with('\n') {
            return Err(Failure::inputs(doing(), format!("it has more than {} MiB", LONGEST >> 20)));
        }
        number += 1;
        if line.trim().is_empty() {
            continue;
        }
        let answer = answer(line.trim()).unwrap_or_else(|error| {
            wrong.get_or_insert_with(|| (number, error.clone()));
            json!({ "error": error }).to_string()
        });
        report.machine(format!("{answer}\n"));
        if report.closed() {
            break;
        }
    }
    match wrong {
        Some((number, error)) => {
            let hint = r#"each line is one JSON object: {"message": "feat: a"}"#;
            Err(Failure::inputs(format!("read line {number} of standard input"), error).hint(hint))
        }
        None => Ok(Answer::Yes),
    }
}
