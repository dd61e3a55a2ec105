//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    action::main(&release_verify::TOOL, release_verify::run)
}
