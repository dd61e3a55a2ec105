//! `cargo xtask corpus`: how many labelled fakes fake-code-detector finds, and how many of their honest twins it flags.
mod pairs;
mod score;
mod tables;

use std::path::PathBuf;

use clap::Args;

use crate::{findings, place};
use pairs::Pair;
use score::{Judged, Score, Share};

/// What to score.
#[derive(Args)]
pub(crate) struct Options {
    /// Groups of the corpus; all of them when none is named
    groups: Vec<String>,
    /// The binary to score; a release build when none is named
    #[arg(long)]
    binary: Option<PathBuf>,
    /// List every fake that was missed, every honest file that was flagged and every finding beside the labels
    #[arg(long)]
    misses: bool,
}

/// Groups that only judge: whoever writes rules must not see their pairs, so they are listed only where they are named.
const BLIND: &str = "blind";

/// What has to be reached, in percent.
const RECALL: f64 = 85.0;
const RECALL_WITHOUT_WORDS: f64 = 80.0;
const HONEST_FLAGGED: f64 = 3.3;
const PRECISION: f64 = 96.0;

/// Scores and prints tables; fails where a goal is missed.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let home = place::root().join("fixtures/fake-code-detector/corpus");
    let known: Vec<String> = place::names(&home).into_iter().filter(|name| home.join(name).is_dir()).collect();
    if let Some(unknown) = options.groups.iter().find(|group| !known.contains(group)) {
        return Err(format!("there is no group {unknown}; there are {}", known.join(", ")));
    }
    let groups = if options.groups.is_empty() { &known } else { &options.groups };
    let pairs: Vec<Pair> = groups.iter().map(|group| pairs::of(&home, group)).collect::<Result<Vec<_>, _>>()?.concat();
    let binary = findings::binary(options.binary.as_deref())?;
    let judged = findings::on_all_cores(&pairs, |pair| pair.judged(&binary));
    let judged = judged.into_iter().collect::<Result<Vec<_>, _>>()?;
    if judged.is_empty() {
        return Err(format!("there are no pairs below {}", home.display()));
    }
    tables::print(groups, &judged);
    if options.misses {
        let named = |group: &String| options.groups.contains(group);
        let shown = |one: &&Judged<'_>| !one.pair.group.starts_with(BLIND) || named(&one.pair.group);
        tables::misses(judged.iter().filter(shown));
    }
    let failures = failures(&Score::of(&judged));
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Scores one binary on all groups: a stage of `cargo xtask test`.
pub(crate) fn check(binary: PathBuf) -> Result<(), String> {
    run(&Options { groups: Vec::new(), binary: Some(binary), misses: false })
}

/// Each goal that is not reached. A share of nothing reaches none.
fn failures(score: &Score) -> Vec<String> {
    let least = |what: &str, share: Share, goal: f64| {
        let missed = share.percent().is_none_or(|percent| percent < goal);
        missed.then(|| format!("{what} is {share}, less than {goal} %"))
    };
    let most = score.honest_flagged.percent().is_none_or(|percent| percent > HONEST_FLAGGED);
    let flagged = format!("honest files flagged are {}, more than {HONEST_FLAGGED} %", score.honest_flagged);
    [
        least("recall", score.recall, RECALL),
        least("recall without tell-tale words", score.without_words, RECALL_WITHOUT_WORDS),
        most.then_some(flagged),
        least("precision", score.precision(), PRECISION),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_judged_at_their_edge() {
        let share = |part, all| Share { part, all };
        let check = |recall, without_words, honest_flagged, missed: usize| {
            let score = Score { recall, without_words, honest_flagged, ..Score::default() };
            assert_eq!(failures(&score).len(), missed, "{:?}", failures(&score));
        };
        check(share(85, 100), share(80, 100), share(3, 100), 0);
        check(share(84, 100), share(80, 100), share(3, 100), 1);
        check(share(85, 100), share(79, 100), share(4, 100), 3);
        check(share(100, 100), share(0, 0), share(0, 100), 1);
    }
}
