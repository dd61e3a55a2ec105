//! How many canary pods make a share, and which share they make.
