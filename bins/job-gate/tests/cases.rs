//! The cases of fixtures/job-gate.
fn main() {
    tests::cases::run(env!("CARGO_BIN_EXE_job-gate"), "job-gate");
}
