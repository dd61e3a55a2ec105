//! The cases of fixtures/sha256sums.
fn main() {
    tests::cases::run(env!("CARGO_BIN_EXE_sha256sums"), "sha256sums");
}
