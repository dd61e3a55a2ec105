//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    action::main(&paths_filter::TOOL, paths_filter::run)
}
