//! A program that prints counters of pods as JSON. No shell reads its arguments.
use std::collections::BTreeMap;
use std::time::Duration;

use super::counters::Counters;
use super::web;
use crate::program;

/// A program that takes longer is ended.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What a program prints.
///
/// # Errors
/// It cannot be started, does not end in time or well, or prints something else.
pub async fn ask(argv: &[String]) -> Result<BTreeMap<String, Counters>, String> {
    let name = argv.first().map_or("", String::as_str);
    let ended = program::run(argv, TIMEOUT).await?;
    match ended.code {
        Some(0) => web::read(&ended.printed).map_err(|error| format!("{name}: {error}")),
        Some(code) => Err(format!("{name}: it ended with {code}")),
        None => Err(format!("{name}: a signal ended it")),
    }
}

#[cfg(test)]
mod tests {
    use super::ask;

    fn check(argv: &[&str], expected: Result<usize, &str>) {
        let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let found = runtime.block_on(ask(&argv)).map(|pods| pods.len());
        match (found, expected) {
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            (found, expected) => assert_eq!(found, expected.map_err(str::to_owned)),
        }
    }

    #[test]
    fn programs_are_asked() {
        check(&["echo", r#"{"pods":{"a":{"requests":3,"errors":1}}}"#], Ok(1));
        check(&["echo", "nothing"], Err("echo: expected"));
        check(&["false"], Err("false: it ended with 1"));
        check(&["no-such-program-here"], Err("no-such-program-here: "));
        check(&[], Err("names no program"));
    }
}
