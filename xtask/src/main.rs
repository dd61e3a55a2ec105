//! Chores that are not a test.
fn main() {}
