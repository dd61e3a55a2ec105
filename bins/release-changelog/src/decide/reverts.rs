//! Reverts: pairs that cancel each other inside a part of history, and reverts of reverts.
use std::collections::HashMap;

use super::{Facts, OUTSIDE, Why};

/// Who reverts whom, as far as both are in the part.
#[derive(Debug, Default)]
pub struct Reverts {
    /// For each place that is cancelled: why.
    gone: HashMap<u32, Why>,
}

impl Reverts {
    /// Why a commit is cancelled; `None` where it is not.
    pub fn why(&self, place: u32) -> Option<Why> {
        self.gone.get(&place).copied()
    }
}

/// A revert, and the commits of the part that it takes back.
struct Edge {
    by: u32,
    targets: Vec<u32>,
    /// Whether it names something else as well.
    more: bool,
}

/// How often commits may be looked at for reverts of merges, by commits of the part. Who writes more of them than that
/// keeps them in the list.
const MERGE_ROUNDS: usize = 64;

/// Resolves the reverts of a part.
pub fn resolve(facts: &Facts, members: &[u32]) -> Reverts {
    let edges = edges(facts, members);
    if edges.is_empty() {
        return Reverts::default();
    }
    let mut reverters: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, edge) in edges.iter().enumerate() {
        edge.targets.iter().for_each(|target| reverters.entry(*target).or_default().push(at));
    }
    let by: HashMap<u32, Vec<u32>> =
        reverters.iter().map(|(target, found)| (*target, found.iter().map(|&at| edges[at].by).collect())).collect();
    let alive = alive(&edges, &by);
    let mut gone = HashMap::new();
    for edge in &edges {
        if !alive[&edge.by] {
            continue;
        }
        for &target in &edge.targets {
            gone.insert(target, Why::RevertedBy(edge.by));
        }
        if !edge.more {
            gone.entry(edge.by).or_insert(Why::Reverts);
        }
    }
    Reverts { gone }
}

/// Whether each revert is in effect: it is unless one that is in effect takes it back. Reverts in a circle, which only
/// numbers of pull requests can make, count as in effect.
fn alive(edges: &[Edge], by: &HashMap<u32, Vec<u32>>) -> HashMap<u32, bool> {
    let mut known: HashMap<u32, bool> = HashMap::new();
    for edge in edges {
        let mut open: HashMap<u32, ()> = HashMap::new();
        let mut stack = vec![edge.by];
        while let Some(&place) = stack.last() {
            if known.contains_key(&place) {
                stack.pop();
                continue;
            }
            let above = by.get(&place).map(Vec::as_slice).unwrap_or_default();
            open.insert(place, ());
            match above.iter().find(|next| !known.contains_key(next) && !open.contains_key(next)) {
                Some(&next) => stack.push(next),
                None => {
                    let taken_back = above.iter().any(|next| known.get(next).copied().unwrap_or(false));
                    known.insert(place, !taken_back);
                    stack.pop();
                }
            }
        }
    }
    known
}

fn edges(facts: &Facts, members: &[u32]) -> Vec<Edge> {
    let told = |place: u32| &facts.commits[place as usize].told;
    if !members.iter().any(|&place| told(place).is_revert()) {
        return Vec::new();
    }
    let inside: Vec<bool> = mask(facts, members);
    let mut pulls: HashMap<u64, Vec<u32>> = HashMap::new();
    for &place in members {
        if let Some(pr) = told(place).pr {
            pulls.entry(pr).or_default().push(place);
        }
    }
    let mut left = MERGE_ROUNDS * members.len();
    let mut edges = Vec::new();
    for &by in members.iter().filter(|&&place| told(place).is_revert()) {
        let told = told(by);
        let (mut targets, mut more) = (Vec::new(), false);
        for id in told.reverts() {
            match facts.find(id).filter(|&target| inside[target as usize] && target != by) {
                Some(target) => targets.push(target),
                None => more = true,
            }
        }
        if let Some(target) = told.reverts_pr().filter(|_| targets.is_empty()) {
            // A pull request may have brought several commits.
            targets.extend(pulls.get(&target).into_iter().flatten().filter(|&&target| target != by));
            more |= targets.is_empty();
        }
        let merged: Vec<u32> =
            targets.iter().flat_map(|&target| brought(facts, &inside, (target, &mut left))).collect();
        targets.extend(merged.into_iter().filter(|&place| place != by));
        if !targets.is_empty() {
            targets.sort_unstable();
            targets.dedup();
            edges.push(Edge { by, targets, more });
        }
    }
    edges
}

fn mask(facts: &Facts, members: &[u32]) -> Vec<bool> {
    let mut inside = vec![false; facts.commits.len()];
    members.iter().for_each(|&place| inside[place as usize] = true);
    inside
}

/// What a merge brought: the commits of the part that its first parent does not have. Nothing for other commits.
fn brought(facts: &Facts, inside: &[bool], (merge, left): (u32, &mut usize)) -> Vec<u32> {
    let parents = &facts.commits[merge as usize].parents;
    let [first, others @ ..] = &**parents else { return Vec::new() };
    if others.is_empty() {
        return Vec::new();
    }
    let mut walk = |starts: &[u32]| {
        let mut seen = std::collections::HashSet::new();
        let mut stack: Vec<u32> = starts.to_vec();
        while let Some(place) = stack.pop() {
            if place == OUTSIDE || !inside[place as usize] || *left == 0 || !seen.insert(place) {
                continue;
            }
            *left -= 1;
            stack.extend(facts.commits[place as usize].parents.iter().copied());
        }
        seen
    };
    let kept = walk(&[*first]);
    let mut brought: Vec<u32> = walk(others).into_iter().filter(|place| !kept.contains(place)).collect();
    if *left == 0 {
        return Vec::new();
    }
    brought.sort_unstable();
    brought
}
