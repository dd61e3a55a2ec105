//! What stands in the way of a rollout: findings over manifests, purely.
