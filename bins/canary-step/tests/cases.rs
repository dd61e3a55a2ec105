//! The cases of fixtures/canary-step.
fn main() {
    tests::cases::run(env!("CARGO_BIN_EXE_canary-step"), "canary-step");
}
