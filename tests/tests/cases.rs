//! The case runner as a bin uses it, with a shell as the bin.
fn main() {
    tests::cases::run("/bin/sh", "cases-selftest");
}
