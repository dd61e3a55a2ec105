//! The GitHub REST calls that the tools make, typed.
