//! The binary: all of it is in the library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    action::main(&fake_code_detector::TOOL, fake_code_detector::run)
}
