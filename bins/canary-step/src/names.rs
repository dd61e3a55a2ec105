//! Names and labels of what a rollout makes.
use sha2::{Digest as _, Sha256};

/// The label with the id of the rollout.
pub const ROLLOUT: &str = "dataflow.dev/rollout";
/// The label that makes objects stale for writes which are on their way.
pub const FENCE: &str = "dataflow.dev/fence";
/// The label with the name of the group, on record, lock and guard.
pub const GROUP: &str = "dataflow.dev/group";
/// The longest name that is also a label value.
const LONGEST: usize = 63;

/// The ConfigMap of the record, and the Lease of the lock.
#[must_use]
pub fn record(group: &str) -> String {
    fitted(&format!("canary-{group}"))
}

/// The dead-man switch of a rollout.
#[must_use]
pub fn guard(group: &str, rollout: &str) -> String {
    suffixed(&format!("canary-guard-{group}"), rollout)
}

/// `<stem>-<suffix>`, where the stem gives way.
fn suffixed(stem: &str, suffix: &str) -> String {
    let whole = format!("{stem}-{suffix}");
    if whole.len() <= LONGEST {
        return whole;
    }
    let room = LONGEST.saturating_sub(suffix.len() + 10);
    let cut: String = stem.chars().take(room).collect();
    format!("{}-{}-{suffix}", cut.trim_end_matches(['-', '.']), short(stem))
}

fn fitted(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let cut: String = name.chars().take(LONGEST - 9).collect();
    format!("{}-{}", cut.trim_end_matches(['-', '.']), short(name))
}

/// Eight hex digits of the SHA-256.
fn short(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(name, expected);
        assert!(name.len() <= LONGEST);
    }

    #[test]
    fn names_fit_and_stay_apart() {
        check(&guard("shop", "r1"), "canary-guard-shop-r1");
        check(&record("shop"), "canary-shop");
        let long = "a".repeat(70);
        assert!(guard(&long, "abcdefghij").len() <= LONGEST && guard(&long, "abcdefghij").ends_with("-abcdefghij"));
        assert_ne!(guard(&format!("{long}x"), "r"), guard(&format!("{long}y"), "r"));
        assert!(record(&long).len() <= LONGEST);
    }
}
