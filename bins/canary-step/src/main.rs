//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    action::main(&canary_step::TOOL, canary_step::run)
}
