//! Where metrics come from: Prometheus, pods, an endpoint, a command.
