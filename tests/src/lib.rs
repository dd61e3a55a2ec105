//! The case runner, and what the tests of this folder share.
