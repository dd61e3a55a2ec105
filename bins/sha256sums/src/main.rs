//! The binary: all of it is in the library.
fn main() -> std::process::ExitCode {
    let (args, more) = sha256sums::parted(std::env::args_os().collect());
    action::main_with(&sha256sums::TOOL, args, |inputs, report| sha256sums::run(inputs, more, report))
}
