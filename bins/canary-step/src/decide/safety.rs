//! The safety rules as switches, so that a test can show that each is needed. Nothing outside of tests turns one off.
//! Rule 11, no more rights than needed, is no switch: the tests take rules of the Role away instead.

/// Which rules hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one rule of its own")]
pub struct Safety {
    /// 1: an autoscaler's floor is raised before the first canary pod.
    pub floor: bool,
    /// 2: what is put back is the whole saved template.
    pub whole_template: bool,
    /// 3: an intent is written before its change is sent.
    pub intent_first: bool,
    /// 4: whatever an open intent names is made stale on takeover.
    pub fence: bool,
    /// 5: a signal of the runner leaves a safe state and a record.
    pub cancellation: bool,
    /// 6: canaries belong to a dead-man switch, and promotion asks whether it lives.
    pub guard: bool,
    /// 7: marks of other tools are left out of a canary.
    pub clean_clone: bool,
    /// 8: what stands in the way is refused before anything is made.
    pub preflight: bool,
    /// 9: canaries are extra pods; stable keeps all of its own.
    pub surge_only: bool,
    /// 10: in place nothing becomes unavailable, and the surge only grows.
    pub surge_grows: bool,
    /// 12: any failure puts all services back, and only the named rollout is touched.
    pub all_together: bool,
}

impl Default for Safety {
    fn default() -> Self {
        Self {
            floor: true,
            whole_template: true,
            intent_first: true,
            fence: true,
            cancellation: true,
            guard: true,
            clean_clone: true,
            preflight: true,
            surge_only: true,
            surge_grows: true,
            all_together: true,
        }
    }
}
