//! Running `cargo test` in sight of the user while counting what its result lines say.
use std::fmt;
use std::io::{BufRead, BufReader};

use super::Outcome;
use crate::program::Program;

/// How many checks ended how.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Counts {
    /// Adds up.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Something that took a while.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timed {
    pub(crate) name: String,
    pub(crate) seconds: f64,
}

/// Runs a test command, shows what it prints, and counts.
pub(crate) fn tests(program: Program) -> Outcome {
    let line = program.line().to_owned();
    println!("$ {line}");
    let mut reader = Reader::default();
    let failure = match watched(program, &mut reader) {
        Ok(true) => None,
        Ok(false) => Some(format!("`{line}` failed")),
        Err(e) => Some(format!("could not run `{line}`: {e}")),
    };
    reader.outcome(failure)
}

fn watched(program: Program, reader: &mut Reader) -> std::io::Result<bool> {
    let (output, writer) = std::io::pipe()?;
    let mut command = program.into_command();
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn()?;
    // The command holds the writing end, and would keep the pipe open.
    drop(command);
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        reader.line(&line);
    }
    Ok(child.wait()?.success())
}

/// Reads the lines of cargo, libtest and libtest-mimic.
#[derive(Default)]
struct Reader {
    counts: Counts,
    /// Tests that said so; in the eyes of the harness they passed.
    not_run: usize,
    running: String,
    timed: Vec<Timed>,
    failed: Vec<String>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let line = line.trim();
        if let Some(target) = line.strip_prefix("Running ").or_else(|| line.strip_prefix("Doc-tests ")) {
            self.running = target.split(" (").next().unwrap_or(target).to_owned();
            if let Some(binary) = target.rsplit('/').next().and_then(|name| name.strip_suffix(')')) {
                let krate = binary.rsplit_once('-').map_or(binary, |(krate, _)| krate);
                self.running = format!("{krate}: {}", self.running);
            }
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.result(result);
        } else if line.starts_with("not run: ") {
            self.not_run += 1;
        } else if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix("... FAILED")) {
            self.failed.push(name.trim().to_owned());
        }
    }

    fn result(&mut self, result: &str) {
        let number = |what: &str| {
            let before = result.split(what).next().unwrap_or_default().trim_end();
            before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        let (passed, failed, skipped) = (number("passed"), number("failed"), number("ignored"));
        self.counts.add(Counts { passed, failed, skipped });
        let time = result.rsplit("finished in ").next().and_then(|time| time.trim_end_matches('s').parse().ok());
        if let Some(seconds) = time {
            self.timed.push(Timed { name: self.running.clone(), seconds });
        }
    }

    /// A command that failed without a failed test (it did not compile, say) counts as one failure.
    fn outcome(mut self, failure: Option<String>) -> Outcome {
        let mut failures = Vec::new();
        self.counts.passed = self.counts.passed.saturating_sub(self.not_run);
        self.counts.skipped += self.not_run;
        if let Some(failure) = failure {
            self.counts.failed = self.counts.failed.max(1);
            let names = self.failed.join(", ");
            failures.push(if names.is_empty() { failure } else { format!("{failure}: {names}") });
        }
        Outcome { counts: self.counts, timed: self.timed, failures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(log: &str, failure: Option<&str>, expected: (usize, usize, usize)) -> Outcome {
        let mut reader = Reader::default();
        log.lines().for_each(|line| reader.line(line));
        let outcome = reader.outcome(failure.map(str::to_owned));
        let (passed, failed, skipped) = expected;
        assert_eq!(outcome.counts, Counts { passed, failed, skipped });
        outcome
    }

    #[test]
    fn sums_over_binaries_and_remembers_times() {
        let log = "     Running unittests src/lib.rs (target/debug/deps/action-0123)\n\
                   test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.25s\n\
                   Doc-tests action\ntest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s\n";
        let outcome = check(log, None, (15, 0, 1));
        assert_eq!(outcome.timed[0], Timed { name: "action: unittests src/lib.rs".to_owned(), seconds: 0.25 });
        assert_eq!(outcome.timed[1], Timed { name: "action".to_owned(), seconds: 1.5 });
    }

    #[test]
    fn names_the_failed() {
        let log = "test a::b ... FAILED\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; finished in 0.00s\n";
        let outcome = check(log, Some("`cargo test` failed"), (1, 1, 0));
        assert_eq!(outcome.failures, ["`cargo test` failed: a::b"]);
    }

    #[test]
    fn a_failure_to_compile_is_one_failure() {
        check("error: could not compile\n", Some("`cargo test` failed"), (0, 1, 0));
    }

    #[test]
    fn what_was_not_run_is_skipped() {
        check(
            "not run: act is not installed\ntest result: ok. 2 passed; 0 failed; 0 ignored; finished in 0.00s",
            None,
            (1, 0, 1),
        );
        check("test result: ok. 2 passed; 0 failed; 0 ignored; finished in 0.00s\nnot run: late", None, (1, 0, 1));
    }
}
