//! A program that prints counters of pods as JSON. No shell reads its arguments.
use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::counters::Counters;
use super::web;

/// A program that takes longer is ended.
const TIMEOUT: Duration = Duration::from_secs(5);
/// More than this is not read.
const LARGEST: u64 = 16 << 20;

/// What a program prints.
///
/// # Errors
/// It cannot be started, does not end in time or well, or prints something else.
pub async fn ask(argv: &[String]) -> Result<BTreeMap<String, Counters>, String> {
    let (program, arguments) = argv.split_first().ok_or("the policy names no program")?;
    let failed = |what: &dyn std::fmt::Display| format!("{program}: {what}");
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let printed = printed(&mut child).await;
    // A program that has closed its output has nothing more to do.
    for _ in 0..20 {
        if !matches!(child.try_wait(), Ok(None)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(if printed.is_ok() { 50 } else { 0 })).await;
    }
    let _ = child.kill();
    let status = child.wait().map_err(|error| failed(&error))?;
    let printed = printed.map_err(|error| failed(&error))?;
    if !status.success() {
        return Err(failed(&status));
    }
    web::read(&printed).map_err(|error| failed(&error))
}

async fn printed(child: &mut Child) -> Result<String, String> {
    let output = child.stdout.take().ok_or("it has no output")?;
    let read = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        output.take(LARGEST + 1).read_to_string(&mut text).map(|_| text)
    });
    let read = tokio::time::timeout(TIMEOUT, read).await.map_err(|_| "it did not end within 5 s".to_owned())?;
    let text = read.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    if text.len() as u64 > LARGEST { Err(format!("it printed more than {} MiB", LARGEST >> 20)) } else { Ok(text) }
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
        check(&["false"], Err("false: exit status: 1"));
        check(&["no-such-program-here"], Err("no-such-program-here: "));
        check(&[], Err("names no program"));
    }
}
