//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    action::main(&coverage_gate::TOOL, coverage_gate::run)
}
