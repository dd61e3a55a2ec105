//! The cases of fixtures/coverage-gate.
fn main() {
    tests::cases::run(env!("CARGO_BIN_EXE_coverage-gate"), "coverage-gate");
}
