//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    action::main(&job_gate::TOOL, job_gate::run)
}
