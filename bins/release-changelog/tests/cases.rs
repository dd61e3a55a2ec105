//! The cases of fixtures/release-changelog.
fn main() {
    tests::cases::run(env!("CARGO_BIN_EXE_release-changelog"), "release-changelog");
}
