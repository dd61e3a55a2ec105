//! A program that is asked something: no shell reads its arguments, it has a time limit, and nothing that it started outlives it.
use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// More than this of what it prints is not read.
pub const LARGEST: u64 = 16 << 20;
/// How often it is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(50);

/// How a program ended by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// What it printed, bytes that are no text replaced.
    pub printed: String,
}

/// Runs a program to its end.
///
/// # Errors
/// It cannot be started, does not end within the time, or prints more than [`LARGEST`]: one sentence that begins with its name.
pub async fn run(argv: &[String], within: Duration) -> Result<Ended, String> {
    let (name, arguments) = argv.split_first().ok_or("the policy names no program")?;
    let told = |what: &dyn std::fmt::Display| format!("{name}: {what}");
    let end = Instant::now() + within;
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
    let mut group = Group(command.spawn().map_err(|error| told(&error))?);
    let printed = printed(&mut group.0);
    let late = || told(&format!("it did not end within {} s", within.as_secs()));
    let status = loop {
        match group.0.try_wait().map_err(|error| told(&error))? {
            Some(status) => break status,
            None if Instant::now() >= end => return Err(late()),
            None => tokio::time::sleep(LOOK).await,
        }
    };
    // Whatever it left behind may still hold its output open.
    drop(group);
    let printed = tokio::time::timeout(within.max(Duration::from_secs(1)), printed).await;
    let printed = printed.map_err(|_| late())?.map_err(|error| told(&error))?.map_err(|error| told(&error))?;
    if printed.len() as u64 > LARGEST {
        return Err(told(&format!("it printed more than {} MiB", LARGEST >> 20)));
    }
    Ok(Ended { code: status.code(), printed: String::from_utf8_lossy(&printed).into_owned() })
}

/// What it prints, read beside: a thread of its own, since a runtime waits for those that it has lent.
fn printed(child: &mut Child) -> oneshot::Receiver<std::io::Result<Vec<u8>>> {
    let (tell, heard) = oneshot::channel();
    let output = child.stdout.take();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.map_or(Ok(0), |output| output.take(LARGEST + 1).read_to_end(&mut bytes));
        // Nobody may be waiting any more.
        let _ = tell.send(read.map(|_| bytes));
    });
    heard
}

/// The program, and all that it started: ended when this goes.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(argv: &[&str], within: u64) -> Result<Ended, String> {
        let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(run(&argv, Duration::from_secs(within)))
    }

    #[test]
    fn programs_end_with_a_code() {
        let ended = |code, printed: &str| Ok(Ended { code: Some(code), printed: printed.to_owned() });
        assert_eq!(ran(&["echo", "a b"], 5), ended(0, "a b\n"));
        assert_eq!(ran(&["sh", "-c", "echo why; exit 3"], 5), ended(3, "why\n"));
        assert_eq!(ran(&["sh", "-c", "kill -9 $$"], 5).map(|ended| ended.code), Ok(None));
        assert!(ran(&["no-such-program-here"], 5).is_err_and(|why| why.starts_with("no-such-program-here: ")));
        assert!(ran(&[], 5).is_err());
    }

    /// Neither a program that takes too long nor what it leaves behind holds anybody up, or lives on.
    #[test]
    fn nothing_outlives_its_time() {
        let began = std::time::Instant::now();
        assert!(ran(&["sleep", "60"], 1).is_err_and(|why| why == "sleep: it did not end within 1 s"));
        let left = ran(&["sh", "-c", "sleep 60 & echo $!"], 1).unwrap();
        assert!(began.elapsed() < Duration::from_secs(10));
        let stat = format!("/proc/{}/stat", left.printed.trim());
        // One that nobody has waited for yet is dead all the same; on a busy machine that takes a moment.
        let is_dead = || std::fs::read_to_string(&stat).map_or(true, |stat| stat.contains(") Z "));
        while !is_dead() && began.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(LOOK);
        }
        assert!(is_dead(), "{stat}");
    }
}
