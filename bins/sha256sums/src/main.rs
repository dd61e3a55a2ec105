//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    action::main(&sha256sums::TOOL, sha256sums::run)
}
