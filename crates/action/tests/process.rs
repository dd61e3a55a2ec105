//! Real processes: this program runs itself as a tool, and looks at exit codes and streams from outside.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and says what it did")]

use std::io::{Read, Write};
use std::process::{Command, ExitCode, Output, Stdio};

use action::{Annotation, Answer, Failure, Report, Tool, oracle};

static TOOL: Tool = Tool {
    name: "process",
    about: "Does what it is told.",
    version: "1.2.3",
    homepage: "https://example.org/process",
    icon: "box",
    color: "red",
    outputs: &[action::Output::new("answer", "The answer")],
};

/// Set when this program is to be the tool.
const AS_TOOL: &str = "ACTION_TEST_AS_TOOL";

#[derive(clap::Parser)]
struct Inputs {
    /// What to do
    #[arg(long)]
    job: String,
}

fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
    match inputs.job.as_str() {
        "panic" => panic!("it broke\n::set-output name=answer::yes"),
        "panic-aside" => drop(std::thread::spawn(|| panic!("aside")).join()),
        "talk" => (0..100_000).for_each(|_| report.line("a line that somebody may read")),
        "machine" => {
            report.annotate(Annotation::notice("noted"));
            report.machine("::error::a\nb\n");
        }
        "output" => report.output("answer", "42"),
        other => return Err(Failure::inputs("do the job", format!("there is no {other}"))),
    }
    Ok(Answer::No)
}

fn main() -> ExitCode {
    if std::env::var_os(AS_TOOL).is_some() {
        return action::main(&TOOL, run);
    }
    let tests: [(&str, fn()); 6] = [
        ("a_panic_is_101_and_says_so", a_panic_is_101_and_says_so),
        ("a_closed_pipe_is_quiet_and_keeps_the_answer", a_closed_pipe_is_quiet_and_keeps_the_answer),
        ("a_full_disk_is_a_failure", a_full_disk_is_a_failure),
        ("machine_output_is_wrapped_only_in_the_log", machine_output_is_wrapped_only_in_the_log),
        ("without_a_place_for_outputs_it_fails", without_a_place_for_outputs_it_fails),
        ("help_and_version_are_answers", help_and_version_are_answers),
    ];
    for (name, test) in tests {
        test();
        println!("test {name} ... ok");
    }
    println!("{} passed, 0 failed", tests.len());
    ExitCode::SUCCESS
}

fn command(program: &str, env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env(AS_TOOL, "1").envs(env.iter().copied()).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn me() -> String {
    std::env::current_exe().unwrap().into_os_string().into_string().unwrap()
}

fn tool(args: &[&str], env: &[(&str, &str)]) -> Output {
    command(&me(), env).args(args).output().unwrap()
}

const STEP: (&str, &str) = ("GITHUB_ACTIONS", "true");

fn check(output: &Output, code: i32, out: &str, err: &str) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let got = (output.status.code(), text(&output.stdout), text(&output.stderr));
    assert!(got.0 == Some(code) && got.1.contains(out) && got.2.contains(err), "{got:?}");
    assert!(!out.is_empty() || got.1.is_empty(), "{got:?}");
    assert!(!err.is_empty() || got.2.is_empty(), "{got:?}");
}

fn a_panic_is_101_and_says_so() {
    let report = "Please report it: https://example.org/process/issues";
    let said = r"a bug in process 1.2.3: it broke";
    let output = tool(&["--job=panic"], &[]);
    check(&output, 101, "", said);
    check(&output, 101, "", report);
    check(&tool(&["--job=panic-aside"], &[]), 101, "", "a bug in process 1.2.3: aside");
    let log = oracle::log(&tool(&["--job=panic"], &[STEP]).stderr);
    assert_eq!(log.commands.len(), 1, "{log:?}");
    assert!(log.commands[0].name == "error" && log.commands[0].data.starts_with(said), "{log:?}");
}

fn a_closed_pipe_is_quiet_and_keeps_the_answer() {
    let mut child = command(&me(), &[]).arg("--job=talk").spawn().unwrap();
    let mut some = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    check(&child.wait_with_output().unwrap(), 1, "", "");
}

fn a_full_disk_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command(&me(), &[]).arg("--job=talk").stdout(full).output().unwrap();
    check(&output, 3, "", "error: could not print to standard output: no space left on device");
}

/// Runs a script whose `$0` is the tool.
fn script(text: &str) -> Output {
    command("/bin/sh", &[STEP, ("PATH", "/usr/bin:/bin")]).args(["-c", text, &me()]).output().unwrap()
}

fn machine_output_is_wrapped_only_in_the_log() {
    let bytes = "::error::a\nb\n";
    for wrapped in ["\"$0\" --job=machine", "exec \"$0\" --job=machine", "\"$0\" --job=machine; exit $?"] {
        let output = script(wrapped);
        let log = oracle::log(&output.stdout);
        let token = log.commands[0].data.clone();
        check(&output, 1, &format!("::stop-commands::{token}\n{bytes}::{token}::\n::notice::noted\n"), "");
    }
    for exact in ["\"$0\" --job=machine | cat; exit 1", "x=$(\"$0\" --job=machine); printf '%s\\n' \"$x\"; exit 1"] {
        let output = script(exact);
        check(&output, 1, bytes, "::notice::noted\n");
        assert_eq!(output.stdout, bytes.as_bytes());
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    let output = script(&format!("\"$0\" --job=machine > '{}'; exit 1", file.display()));
    check(&output, 1, "", "::notice::noted\n");
    assert_eq!(std::fs::read(&file).unwrap(), bytes.as_bytes());
}

fn without_a_place_for_outputs_it_fails() {
    let said = "::error title=process::could not set the output answer: GITHUB_OUTPUT is not set\n";
    check(&tool(&["--job=output"], &[STEP]), 3, said, "");
    check(&tool(&["--job=output"], &[]), 1, "", "");
    check(&tool(&["--job=output", "--show-outputs"], &[]), 1, "answer=42\n", "");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"").unwrap();
    let path = file.path().to_str().unwrap();
    check(&tool(&["--job=output"], &[STEP, ("GITHUB_OUTPUT", path)]), 1, "", "");
    assert_eq!(oracle::output(&std::fs::read(path).unwrap()).unwrap(), [("answer".into(), "42".into())]);
}

fn help_and_version_are_answers() {
    check(&tool(&["--help"], &[]), 0, "Usage: process --job <JOB>", "");
    check(&tool(&["--version"], &[]), 0, "process 1.2.3\n", "");
    check(&tool(&["--jobs=x"], &[]), 2, "", "a similar argument exists: '--job'");
    check(&tool(&["--job=dance"], &[]), 2, "", "error: could not do the job: there is no dance\n");
}
