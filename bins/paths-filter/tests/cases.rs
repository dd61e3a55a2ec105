//! The cases of fixtures/paths-filter.
fn main() {
    tests::cases::run(env!("CARGO_BIN_EXE_paths-filter"), "paths-filter");
}
