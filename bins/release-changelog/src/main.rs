//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    action::main(&release_changelog::TOOL, release_changelog::run)
}
