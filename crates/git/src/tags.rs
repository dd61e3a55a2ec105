//! Tags, and which one comes before a commit.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::history::History;
use crate::{Error, Id, Repository};

/// The tag before a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PreviousTag {
    /// The nearest one.
    Found {
        /// Without `refs/tags/`.
        name: String,
        /// The commit that it names.
        id: Id,
    },
    /// The history is complete and no other tag is in it.
    None,
    /// A shallow clone ends before any tag was met.
    Unknown,
}

/// As many tagged commits are compared as there are bits; each of them is on a line of history of its own.
const MOST_CANDIDATES: usize = 64;

impl Repository {
    /// The nearest tag on a proper ancestor of `head`, as `git describe --tags` measures it: the one that leaves the
    /// fewest commits of `head` out of its own history.
    ///
    /// Tags of `head` itself are not before it, and the tag named `except` (without `refs/tags/`) does not count. Of
    /// equally near tags the highest semantic version wins, then the last name in byte order.
    pub fn previous_tag(&self, head: Id, except: Option<&str>) -> Result<PreviousTag, Error> {
        let mut tags: HashMap<Id, String> = HashMap::new();
        for (name, id) in self.tags()? {
            if except != Some(name.as_str()) && tags.get(&id).is_none_or(|known| rank(known) < rank(&name)) {
                tags.insert(id, name);
            }
        }
        let head = self.peel(head)?;
        tags.remove(&head);
        Descent::new(self)?.nearest(head, &tags)
    }

    /// Every tag: its name without `refs/tags/`, and the object that it comes down to, a commit as a rule.
    ///
    /// In byte order of names. A tag that is broken is left out, as git does.
    pub fn tags(&self) -> Result<Vec<(String, Id)>, Error> {
        let Some(gix) = &self.gix else { return self.tags_by_git() };
        let failed = |error: gix::Error| Error::gix("list the tags", &error);
        let references = gix.references().map_err(failed)?;
        let mut tags = Vec::new();
        let peeled = PeeledTags::of(self.common_dir());
        for reference in references.tags().map_err(failed)? {
            let Ok(mut reference) = reference else { continue };
            let name = reference.name().shorten().to_string();
            let known = reference.inner.peeled.or_else(|| match &reference.inner.target {
                gix::refs::Target::Object(id) if peeled.knows(&name) => Some(*id),
                _ => None,
            });
            if let Some(id) = known.or_else(|| reference.peel_to_id().ok().map(gix::Id::detach)) {
                tags.push((name, id));
            }
        }
        tags.sort_unstable();
        Ok(tags)
    }

    fn tags_by_git(&self) -> Result<Vec<(String, Id)>, Error> {
        let format = "--format=%(objecttype) %(objectname) %(refname:lstrip=2)";
        let listed = self.git().args(["for-each-ref", format, "refs/tags/"]).output()?;
        let mut tags = Vec::new();
        for line in String::from_utf8_lossy(&listed).lines() {
            let mut words = line.splitn(3, ' ');
            let (Some(kind), Some(id), Some(name)) = (words.next(), words.next(), words.next()) else { continue };
            let id = Id::from_hex(id.as_bytes()).map_err(|error| Error::new("list the tags", error))?;
            if let Ok(id) = if kind == "tag" { self.peel(id) } else { Ok(id) } {
                tags.push((name.to_owned(), id));
            }
        }
        tags.sort_unstable();
        Ok(tags)
    }
}

/// Which tags need not be read to know what they come down to: git writes that beside each tag object when it packs
/// references, and then one without it is no tag object.
struct PeeledTags {
    folder: PathBuf,
    /// Whether the packed ones are written so.
    packed: bool,
    /// Whether some are in files of their own.
    loose: bool,
}

impl PeeledTags {
    fn of(common_dir: &Path) -> Self {
        let folder = common_dir.join("refs/tags");
        let mut header = [0; 100];
        let read = File::open(common_dir.join("packed-refs")).and_then(|mut file| file.read(&mut header)).unwrap_or(0);
        let line = header[..read].split(|&byte| byte == b'\n').next().unwrap_or_default();
        let packed = line.split(|&byte| byte == b' ').any(|word| word == b"fully-peeled");
        let loose = std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some());
        Self { folder, packed, loose }
    }

    fn knows(&self, name: &str) -> bool {
        self.packed && !(self.loose && self.folder.join(name).exists())
    }
}

/// The order of tags on one commit.
fn rank(name: &str) -> (Option<semver::Version>, &str) {
    let version = name.find(|c: char| c.is_ascii_digit()).and_then(|at| semver::Version::parse(&name[at..]).ok());
    (version, name)
}

/// A tagged commit that no other one has in its history.
struct Candidate {
    id: Id,
    /// How many commits of the head it does not have.
    distance: usize,
}

/// A commit that the walk has seen.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Which candidates have it in their history.
    in_history_of: u64,
    left_queue: bool,
}

/// A walk down from the head, youngest commits first.
struct Descent<'a> {
    history: History<'a>,
    queue: BinaryHeap<(i64, Reverse<usize>, Id)>,
    seen: HashMap<Id, Seen>,
    candidates: Vec<Candidate>,
    /// How many in the queue some candidate does not have; the rest changes no distance.
    open: usize,
}

impl<'a> Descent<'a> {
    fn new(repository: &'a Repository) -> Result<Self, Error> {
        let history = History::new(repository)?;
        Ok(Self { history, queue: BinaryHeap::new(), seen: HashMap::new(), candidates: Vec::new(), open: 0 })
    }

    fn nearest(mut self, head: Id, tags: &HashMap<Id, String>) -> Result<PreviousTag, Error> {
        let mut cut = false;
        self.push(head, 0)?;
        while self.open > 0 {
            let Some((_, _, id)) = self.queue.pop() else { break };
            let known = self.leave(id, tags.contains_key(&id));
            let node = self.history.node(id)?;
            cut |= node.cut;
            for parent in node.parents {
                self.push(parent, known)?;
            }
        }
        let name = |candidate: &Candidate| tags.get(&candidate.id).cloned().unwrap_or_default();
        let best = self
            .candidates
            .iter()
            .min_by(|a, b| a.distance.cmp(&b.distance).then_with(|| rank(&name(b)).cmp(&rank(&name(a)))));
        Ok(match best {
            Some(best) => PreviousTag::Found { name: name(best), id: best.id },
            None if cut => PreviousTag::Unknown,
            None => PreviousTag::None,
        })
    }

    fn everyone(&self) -> u64 {
        (0..self.candidates.len()).fold(0, |all, bit| all | 1 << bit)
    }

    /// Counts a commit as it leaves the queue; says which candidates have it.
    fn leave(&mut self, id: Id, tagged: bool) -> u64 {
        let everyone = self.everyone();
        let at = self.seen.len() - self.queue.len() - 1;
        let seen = self.seen.entry(id).or_default();
        seen.left_queue = true;
        if seen.in_history_of != everyone || everyone == 0 {
            self.open -= 1;
        }
        if tagged && seen.in_history_of == 0 && self.candidates.len() < MOST_CANDIDATES {
            seen.in_history_of = 1 << self.candidates.len();
            // Whatever has left before is no part of its history; and nothing that waits is known to be.
            self.candidates.push(Candidate { id, distance: at });
            self.open = self.queue.len();
        }
        let known = seen.in_history_of;
        for (bit, candidate) in self.candidates.iter_mut().enumerate() {
            candidate.distance += usize::from(known & 1 << bit == 0);
        }
        known
    }

    fn push(&mut self, id: Id, known: u64) -> Result<(), Error> {
        let everyone = self.everyone();
        let fresh = !self.seen.contains_key(&id);
        let seen = self.seen.entry(id).or_default();
        let was_open = !fresh && (seen.in_history_of != everyone || everyone == 0);
        seen.in_history_of |= known;
        let is_open = seen.in_history_of != everyone || everyone == 0;
        if fresh {
            self.open += usize::from(is_open);
            let place = Reverse(self.seen.len());
            self.queue.push((self.history.node(id)?.time, place, id));
        } else if was_open && !is_open && !seen.left_queue {
            self.open -= 1;
        }
        Ok(())
    }
}
