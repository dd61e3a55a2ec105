//! Who has told no numbers for a while: what was once seen to be no worse is no evidence of what is not seen any more.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::sources::Counters;
use crate::sources::pods::Page;

/// Ticks in a row without numbers that pass for a hiccup: a new pod's first page gives none, and one may be lost.
const HICCUP: u32 = 3;

/// For how many ticks in a row nobody heard from whom: canary pods one by one, stable's as a whole.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Silence(BTreeMap<String, u32>);

impl Silence {
    /// Takes a tick of a service: pages that were asked for, and what came of them. All services of a tick belong together.
    pub(super) fn observe<'a>(
        &mut self,
        services: impl Iterator<Item = (&'a str, &'a [Page], &'a [Page])>,
        news: &BTreeMap<String, Counters>,
    ) {
        let before = std::mem::take(&mut self.0);
        let told = |page: &Page| news.contains_key(&page.key);
        for (service, stable, canary) in services {
            let quiet = canary.iter().filter(|page| !told(page)).map(|page| page.pod.clone());
            let stable = (!stable.iter().any(told)).then(|| format!("stable pods of {service}"));
            for name in quiet.chain(stable) {
                let ticks = before.get(&name).map_or(1, |ticks| ticks + 1);
                self.0.insert(name, ticks);
            }
        }
    }

    /// Those of whom nothing was heard for longer than a hiccup.
    pub(super) fn long(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, ticks)| **ticks > HICCUP).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(ticks: &[&[&str]], expected: &[&str]) {
        let page = |pod: &str| Page::of(&json!({"metadata": {"name": pod, "uid": pod}}), (None, None));
        let (stable, canary) = ([page("s1"), page("s2")], [page("c1"), page("c2")]);
        let [stable, canary] = [stable, canary].map(|pages| pages.into_iter().flatten().collect::<Vec<_>>());
        let mut silence = Silence::default();
        for told in ticks {
            let pages = stable.iter().chain(&canary).filter(|page| told.contains(&page.pod.as_str()));
            let news = pages.map(|page| (page.key.clone(), Counters::default())).collect();
            silence.observe([("api", stable.as_slice(), canary.as_slice())].into_iter(), &news);
        }
        assert_eq!(silence.long().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_a_silence_that_lasts_counts() {
        const ALL: &[&str] = &["s1", "c1", "c2"];
        check(&[&[], &[], &[]], &[]);
        check(&[&[], &[], &[], &[]], &["c1", "c2", "stable pods of api"]);
        check(&[&[], &[], &[], ALL, &[], &[], &[]], &[]);
        check(&[ALL, &["s2", "c1"], &["s2", "c1"], &["s2", "c1"], &["s1", "c1"]], &["c2"]);
        let canary_alone: &[&str] = &["c1", "c2"];
        check(&[canary_alone; 4], &["stable pods of api"]);
    }
}
