//! The cases of fixtures/fake-code-detector/, run with this binary.
fn main() {
    tests::cases::run(env!("CARGO_BIN_EXE_fake-code-detector"), "fake-code-detector");
}
