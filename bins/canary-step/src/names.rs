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

/// What a pod's series is called in the statistics of the record, which holds thousands of such names: twelve hex digits of the SHA-256 of what
/// tells it from others. Two of a thousand pods have the same with a probability of 2 · 10⁻⁹, and then are taken for one.
#[must_use]
pub fn series(of: &str) -> String {
    digits(of, 6)
}

/// Eight hex digits of the SHA-256.
fn short(text: &str) -> String {
    digits(text, 4)
}

fn digits(text: &str, bytes: usize) -> String {
    Sha256::digest(text.as_bytes()).iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
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
