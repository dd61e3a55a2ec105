//! `github-sim --state FILE.json`: the server as a process; prints its address, then answers until it is killed.
use std::io::Write;
use std::process::ExitCode;

use github_sim::{Sim, State};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            let _ = writeln!(std::io::stderr(), "could not start: {cause}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [flag, path] = args.as_slice() else { return Err("usage: github-sim --state FILE.json".to_owned()) };
    if flag != "--state" {
        return Err(format!("unknown option {flag}; usage: github-sim --state FILE.json"));
    }
    let text = std::fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    let state = State::from_json(&text).map_err(|e| format!("{path}: {e}"))?;
    let sim = Sim::start(state).map_err(|e| e.to_string())?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", sim.url()).and_then(|()| out.flush()).map_err(|e| e.to_string())?;
    sim.join();
    Ok(())
}
