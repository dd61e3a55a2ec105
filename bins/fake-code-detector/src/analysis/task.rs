//! Kinds of work that no entry in a database can be, and the words by which they are known.
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::lexicon::Shapes;

/// What kind of work is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Money moves from one party to another.
    Money,
    /// Somebody gets a message.
    Message,
    /// Data is gone for good.
    Erasure,
    /// Something new runs somewhere else.
    Rollout,
    /// Data is at a second place.
    Copy,
    /// A machine does something.
    Device,
    /// Whatever the verb says, at somebody whom the comment names.
    Elsewhere,
}

/// Lists of words, each on a line behind its name.
struct Lists {
    /// The lists that a word is in.
    of: FxHashMap<&'static str, Vec<&'static str>>,
    /// All of the words: most that are asked for are in no list.
    all: Shapes,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let lines = include_str!("../lexicon/tasks.txt").lines().filter(|line| !line.starts_with('#'));
    let mut lists = Lists { of: FxHashMap::default(), all: Shapes::NONE };
    for line in lines {
        let mut words = line.split_whitespace();
        let Some(list) = words.next() else { continue };
        for word in words {
            lists.all.add(word);
            lists.of.entry(word).or_default().push(list);
        }
    }
    lists
});

/// Whether a word is in the list of a name.
pub(super) fn is(word: &str, list: &str) -> bool {
    let lists = &*LISTS;
    lists.all.may_have(word) && lists.of.get(word).is_some_and(|lists| lists.contains(&list))
}

/// All kinds that have words of their own: verbs, nouns, and those in whose hands it is.
const ALL: [(Task, [&str; 3]); 6] = [
    (Task::Money, ["money.verbs", "money.nouns", "money.hands"]),
    (Task::Message, ["message.verbs", "message.nouns", "message.hands"]),
    (Task::Erasure, ["erasure.verbs", "erasure.nouns", "erasure.hands"]),
    (Task::Rollout, ["rollout.verbs", "rollout.nouns", "rollout.hands"]),
    (Task::Copy, ["copy.verbs", "copy.nouns", "copy.hands"]),
    (Task::Device, ["device.verbs", "device.nouns", "device.hands"]),
];

impl Task {
    fn list(self, at: usize) -> &'static str {
        ALL.iter().find(|kind| kind.0 == self).map_or("", |kind| kind.1[at])
    }

    /// Whether a verb promises work of this kind.
    pub(crate) fn has_verb(self, verb: &str) -> bool {
        is(verb, self.list(0))
    }

    /// Whether a noun is one of those who do work of this kind.
    pub(super) fn has_hand(self, noun: &str) -> bool {
        is(noun, self.list(2))
    }

    /// Whether something with these words in its name or type can do it.
    pub(crate) fn is_done_by(self, nouns: &[String]) -> bool {
        let any = |list: &str| nouns.iter().any(|word| is(word, list));
        any(self.list(2)) || any("agents") && !any("stores")
    }

    /// Whether a participle says that it was done: `refunded`, `sent`.
    pub(crate) fn has_participle(self, word: &str) -> bool {
        let irregular = match word {
            "sent" | "resent" => "send",
            "paid" => "pay",
            "backed" => "back",
            "rolled" => "rollout",
            "forgotten" => "forget",
            "withdrawn" => "withdraw",
            "notified" => "notify",
            "deleted" => "erase",
            _ => "",
        };
        let verb = |stem: &str| self.has_verb(stem);
        verb(irregular)
            || word.strip_suffix("ed").is_some_and(|stem| verb(stem) || verb(halved(stem)))
            || word.strip_suffix('d').is_some_and(|stem| stem.ends_with('e') && verb(stem))
    }
}

/// `ship` of `shipp`.
fn halved(stem: &str) -> &str {
    match stem.as_bytes() {
        [.., one, other] if one == other => &stem[..stem.len() - 1],
        _ => stem,
    }
}

/// The kind of work that a word names: as a verb, or as a noun.
pub(super) fn task_of(word: &str, nouns: bool) -> Option<Task> {
    let one = word.strip_suffix('s').unwrap_or(word);
    let named = |list: &str| is(word, list) || is(one, list);
    ALL.iter().find(|(_, [verbs, things, _])| if nouns { named(things) } else { is(word, verbs) }).map(|kind| kind.0)
}
