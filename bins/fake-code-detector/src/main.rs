//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    action::main(&fake_code_detector::TOOL, fake_code_detector::run)
}
