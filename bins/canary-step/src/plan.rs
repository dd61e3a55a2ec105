//! What a run would do: every change of the cluster, reachable shares, what the policy can detect.
