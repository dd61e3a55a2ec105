//! The automaton against a matcher that tries everything, over the same trees; and its steps against the bound.

use proptest::prelude::*;

use super::program::Program;
use super::{Table, build};
use crate::charset::CharSet;
use crate::regex::{Node, parse};

/// A matcher by trial and error: all that it shares with the automaton is the tree.
struct Trial<'p> {
    path: &'p [char],
    /// Tries left; the answer is not used once they are spent.
    fuel: u32,
}

type Rest<'r> = &'r mut dyn FnMut(&mut Trial<'_>, usize) -> bool;

impl Trial<'_> {
    fn search(&mut self, node: &Node) -> bool {
        (0..=self.path.len()).any(|from| self.matches(node, from, &mut |_, _| true))
    }

    fn is_word(&self, at: Option<usize>) -> bool {
        at.and_then(|at| self.path.get(at)).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_')
    }

    fn matches(&mut self, node: &Node, at: usize, rest: Rest<'_>) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        if self.fuel == 0 {
            return false;
        }
        match node {
            Node::Set(set) => {
                let taken = self.path.get(at).is_some_and(|&c| holds(set, c));
                taken && rest(self, at + 1)
            }
            Node::Concat(nodes) => match nodes.split_first() {
                None => rest(self, at),
                Some((first, others)) => {
                    let others = Node::Concat(others.to_vec());
                    self.matches(first, at, &mut |trial, at| trial.matches(&others, at, rest))
                }
            },
            Node::Alternate(nodes) => nodes.iter().any(|node| self.matches(node, at, rest)),
            Node::Repeat { node, min, max } => self.repeat((node, *min, *max), at, rest),
            Node::Look { node, negative } => self.matches(node, at, &mut |_, _| true) != *negative && rest(self, at),
            Node::Start => at == 0 && rest(self, at),
            Node::End => at == self.path.len() && rest(self, at),
            Node::WordBoundary { negative } => {
                let boundary = self.is_word(at.checked_sub(1)) != self.is_word(Some(at));
                boundary != *negative && rest(self, at)
            }
        }
    }

    fn repeat(&mut self, (node, min, max): (&Node, u32, Option<u32>), at: usize, rest: Rest<'_>) -> bool {
        if max == Some(0) {
            return rest(self, at);
        }
        let fewer = (node, min.saturating_sub(1), max.map(|max| max - 1));
        let again = self.matches(node, at, &mut |trial, next| {
            // A round that takes nothing is only tried where it must be.
            (next > at || min > 0) && trial.repeat(fewer, next, rest)
        });
        again || (min == 0 && rest(self, at))
    }
}

fn holds(set: &CharSet, c: char) -> bool {
    set.ranges().iter().any(|&(low, high)| (low..=high).contains(&(c as u32)))
}

fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        6 => prop::sample::select(vec!['a', 'b', '/', '.', 'é']).prop_map(Node::character),
        2 => Just(Node::Set(CharSet::all())),
        2 => Just(Node::Set(CharSet::not_slash())),
        1 => Just(Node::empty()),
        1 => Just(Node::Start),
        1 => Just(Node::End),
        1 => any::<bool>().prop_map(|negative| Node::WordBoundary { negative }),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Node::Concat),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Node::Alternate),
            inner.clone().prop_map(Node::star),
            (inner.clone(), 0..3u32, prop::option::of(0..3u32)).prop_map(|(node, min, more)| {
                Node::Repeat { node: Box::new(node), min, max: more.map(|more| min + more) }
            }),
            (inner, any::<bool>()).prop_map(|(node, negative)| Node::Look { node: Box::new(node), negative }),
        ]
    })
}

fn program(node: &Node) -> Option<Program> {
    // Long enough a pattern that the state limit is not what is tested.
    build(node, 1 << 16).ok()
}

/// The automaton's answer, the trial's, and whether the steps stay within the bound.
fn check(node: &Node, paths: &[String]) -> Result<(), TestCaseError> {
    let Some(program) = program(node) else { return Ok(()) };
    let mut table = Table::default();
    for path in paths {
        let text: Vec<char> = path.chars().collect();
        let mut trial = Trial { path: &text, fuel: 200_000 };
        let expected = trial.search(node);
        let before = table.steps();
        let ours = table.is_match(&program, path.as_bytes());
        let steps = table.steps() - before;
        prop_assert!(steps as usize <= program.cost * (text.len() + 1), "{steps} steps, cost {}", program.cost);
        if trial.fuel > 0 {
            prop_assert_eq!(ours, expected, "{:?}", path);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_trial_and_error(node in nodes(), paths in prop::collection::vec("[ab/.é]{0,7}", 1..6)) {
        check(&node, &paths)?;
    }

    #[test]
    fn reads_any_text_without_a_panic(source in "[\\\\\\[\\](){}*+?|^$.,!=:<>a0-9bcdkuxBD-]{0,24}") {
        if let Ok(node) = parse(&source) {
            check(&node, &["".to_owned(), "a".to_owned(), "ab/a".to_owned()])?;
        }
    }
}

#[test]
fn steps_stay_within_the_bound_on_a_long_path() {
    // Each position has another set of states here, so that nothing is found in the table.
    let node = parse(&format!("^{}a.*$", ".".repeat(100))).expect("sound");
    let program = program(&node).expect("small");
    let path: Vec<u8> =
        (0..4096u32).map(|n| if n.wrapping_mul(2_654_435_761) >> 16 & 1 == 0 { b'a' } else { b'b' }).collect();
    let mut table = Table::default();
    table.is_match(&program, &path);
    assert!(table.steps() > 4096, "the table answered: {} steps", table.steps());
    assert!(table.steps() as usize <= program.cost * (path.len() + 1));
}
