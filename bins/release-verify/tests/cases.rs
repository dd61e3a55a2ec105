//! The cases of fixtures/release-verify.
fn main() {
    tests::cases::run(env!("CARGO_BIN_EXE_release-verify"), "release-verify");
}
