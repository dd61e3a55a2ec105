//! How often pods restarted since the last tick, whether or not they answer: what a dying pod failed in is never read from its page.
use std::collections::BTreeMap;

use sequential::{PodRestarts, Restarts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::decide::object;
use crate::names;
use crate::signals;
use crate::sources::pods::SAMPLED;

/// Restarts of pods as they stood at the last tick; pods without any are left out.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Restarted {
    /// Whether there was a tick before: what happened before the first one is not known to be of now.
    begun: bool,
    pods: BTreeMap<String, u64>,
}

impl Restarted {
    /// Takes a tick: the pods of each service's arms. All services of a tick belong together.
    pub(super) fn observe<'a>(
        &mut self,
        services: impl Iterator<Item = (&'a str, [Vec<&'a Value>; 2])>,
    ) -> BTreeMap<String, Restarts> {
        let begun = std::mem::replace(&mut self.begun, true);
        let before = std::mem::take(&mut self.pods);
        let mut count = |pod: &Value| {
            let (name, now) = (names::series(object::uid(pod)), signals::restarts(pod));
            let then = before.get(&name).copied().unwrap_or(0);
            if now > 0 {
                self.pods.insert(name.clone(), now);
            }
            PodRestarts { pod: name, restarts: now.saturating_sub(then) }
        };
        let mut counted = BTreeMap::new();
        for (service, [mut stable, canary]) in services {
            // As many as have their pages read, and the same ones every time.
            stable.sort_by_key(|pod| object::name(pod));
            stable.truncate(SAMPLED);
            let [stable, canary] = [stable, canary].map(|pods| pods.into_iter().map(&mut count).collect::<Vec<_>>());
            counted.insert(service.to_owned(), Restarts { stable, canary });
        }
        if begun { counted } else { BTreeMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(name: &str, restarts: u64) -> Value {
        let status = json!([{ "name": "app", "restartCount": restarts }]);
        json!({ "metadata": { "name": name, "uid": name }, "spec": { "containers": [{ "name": "app" }] },
            "status": { "containerStatuses": status } })
    }

    fn counts(restarted: &mut Restarted, [stable, canary]: [&[Value]; 2]) -> Option<[Vec<u64>; 2]> {
        let arms = [stable.iter().collect(), canary.iter().collect()];
        let counted = restarted.observe([("api", arms)].into_iter()).remove("api")?;
        Some([counted.stable, counted.canary].map(|pods| pods.iter().map(|pod| pod.restarts).collect()))
    }

    #[test]
    fn only_what_happens_from_the_first_look_on_counts() {
        let mut restarted = Restarted::default();
        assert_eq!(counts(&mut restarted, [&[pod("a", 7), pod("b", 0)], &[]]), None, "before the first look");
        // A canary pod that is new has had its restarts since.
        let seen = counts(&mut restarted, [&[pod("a", 7), pod("b", 1)], &[pod("c", 2)]]);
        assert_eq!(seen, Some([vec![0, 1], vec![2]]));
        let text = serde_json::to_string(&restarted).unwrap();
        let mut next: Restarted = serde_json::from_str(&text).unwrap();
        assert_eq!(counts(&mut next, [&[pod("a", 8), pod("b", 1)], &[pod("c", 2)]]), Some([vec![1, 0], vec![0]]));
        let many: Vec<Value> = (0..30).map(|at| pod(&format!("p{at:02}"), 0)).collect();
        assert_eq!(counts(&mut next, [&many, &many]).map(|arms| arms.map(|arm| arm.len())), Some([SAMPLED, 30]));
    }
}
