//! Where metrics come from: Prometheus, pods, an endpoint, a command; and how counters become what happened in a tick.
pub mod observation;
