//! Scenarios on the embedded cluster.
