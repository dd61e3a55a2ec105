//! The servers as processes: started apart from us, with a log each, and ended by process id.
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::place;
use crate::program::Program;

/// How much of a log is shown.
const END: usize = 25;

/// A server that was started.
pub(super) struct Server {
    name: String,
    child: std::process::Child,
    log: PathBuf,
}

impl Server {
    /// Starts a program that goes on when we end; its process id is written to `pid/<name>` in the folder.
    pub(super) fn start(folder: &Path, name: &str, program: Program) -> Result<Self, String> {
        let log = folder.join("log").join(format!("{name}.log"));
        let file = File::create(&log).map_err(|e| format!("could not make {}: {e}", log.display()))?;
        let errors = file.try_clone().map_err(|e| format!("could not share {}: {e}", log.display()))?;
        let line = program.line().to_owned();
        let mut command = program.at(folder).into_command();
        // A group of its own: Ctrl-C on a test run is for the run, which then ends the servers.
        let child = command.stdout(file).stderr(errors).process_group(0).spawn();
        let child = child.map_err(|e| format!("could not run `{line}`: {e}"))?;
        place::write(&super::pids(folder).join(name), format!("{}\n", child.id()))?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// What it weighs now, in MiB.
    pub(super) fn resident(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib / 1024)
    }

    /// What it is called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Fails with the end of its log when it has ended.
    fn lives(&mut self) -> Result<(), String> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(format!("{} ended with {status}\n{}", self.name, self.end_of_log())),
            Err(e) => Err(format!("could not look at {}: {e}", self.name)),
        }
    }

    fn end_of_log(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let end = lines[lines.len().saturating_sub(END)..].join("\n    ");
        format!("  the end of {}:\n    {end}", self.log.display())
    }
}

/// Asks until the answer is yes; fails when one of the servers ends, or with the end of the last one's log when time is up.
pub(super) fn until(
    servers: &mut [Server],
    what: &str,
    mut ask: impl FnMut() -> Result<bool, String>,
) -> Result<(), String> {
    let start = Instant::now();
    let mut said = String::from("no");
    while start.elapsed() < Duration::from_secs(90) {
        for server in servers.iter_mut() {
            server.lives()?;
        }
        match ask() {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(failure) => said = failure,
        }
        thread::sleep(Duration::from_millis(50));
    }
    let log = servers.last().map_or_else(String::new, Server::end_of_log);
    Err(format!("waited 90 s for {what}; the last answer was: {said}\n{log}"))
}

/// Ends every process whose id stands in the folder, if it is still the one that was started from `place`.
pub(super) fn end_all(pids: &Path, place: &Path) -> Result<(), String> {
    let ids = |name: &String| {
        let id = fs::read_to_string(pids.join(name)).ok()?.trim().parse().ok().map(Pid::from_raw)?;
        ours(id, place).then_some(id)
    };
    let ids: Vec<Pid> = place::names(pids).iter().filter_map(ids).collect();
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        for id in ids.iter().filter(|id| ours(**id, place)) {
            match kill(*id, signal) {
                Ok(()) | Err(Errno::ESRCH) => {}
                Err(e) => return Err(format!("could not end process {id}: {e}")),
            }
        }
        let start = Instant::now();
        while ids.iter().any(|id| ours(*id, place)) && start.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(20));
        }
    }
    if let Some(id) = ids.iter().find(|id| ours(**id, place)) {
        return Err(format!("process {id} of {} does not end", place.display()));
    }
    place::clear(pids)
}

/// Whether a process lives and works in the folder; an id that was given out again does not.
fn ours(id: Pid, place: &Path) -> bool {
    let zombie = || fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| stat.contains(") Z "));
    fs::read_link(format!("/proc/{id}/cwd")).is_ok_and(|cwd| cwd == place) && !zombie()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = place::in_target("cluster-processes").unwrap().canonicalize().unwrap().join(name);
        place::clear(&folder).unwrap();
        for inner in ["log", "pid"] {
            place::make(&folder.join(inner)).unwrap();
        }
        folder
    }

    #[test]
    fn a_server_lives_until_it_is_ended() {
        let folder = folder("lives");
        let mut server = Server::start(&folder, "sleeper", Program::new("sleep", ["60"])).unwrap();
        server.lives().unwrap();
        assert!(server.resident().is_some());
        end_all(&folder.join("pid"), &folder).unwrap();
        assert!(server.lives().unwrap_err().contains("sleeper ended with signal: 15"));
        assert!(!folder.join("pid").exists());
    }

    #[test]
    fn one_that_ends_by_itself_shows_its_log() {
        let folder = folder("log");
        let mut servers =
            [Server::start(&folder, "shell", Program::new("sh", ["-c", "echo no such flag; exit 3"])).unwrap()];
        let failure = until(&mut servers, "an answer", || Ok(false)).unwrap_err();
        assert!(failure.contains("shell ended with exit status: 3") && failure.contains("no such flag"), "{failure}");
    }

    #[test]
    fn a_process_that_is_not_ours_is_left_alone() {
        let folder = folder("others");
        place::write(&folder.join("pid/other"), format!("{}\n", std::process::id())).unwrap();
        end_all(&folder.join("pid"), &folder).unwrap();
    }
}
