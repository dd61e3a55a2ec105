//! Commits, read when they are needed and each once, and the parts of history that are asked for.
mod walk;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use action::{Failure, OrFail};
use git::{Id, Log, Repository};

use crate::decide::{Commit, OUTSIDE};
use crate::told::Told;
pub(crate) use walk::Descent;
use walk::{KNOWN, SLACK, WANTED, Walk};

/// Ids are random already; their first bytes are as good as any hash.
#[derive(Default)]
pub(crate) struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(start) = bytes.first_chunk() {
            self.0 = u64::from_ne_bytes(*start);
        }
    }
}

/// A commit's place among those that were named.
pub(crate) type Place = u32;

/// A commit that was named.
struct Slot {
    id: Id,
    /// Where it is among those that were read, or [`UNREAD`].
    at: u32,
}

const UNREAD: u32 = u32::MAX;

/// All commits that were named so far, and those of them that were read.
pub(crate) struct History<'r> {
    log: Log<'r>,
    slots: Vec<Slot>,
    places: HashMap<Id, Place, BuildHasherDefault<FirstBytes>>,
    /// In the order in which they were read; their parents are places.
    commits: Vec<Commit>,
    authors: Authors,
}

/// Names of authors, each kept once.
#[derive(Default)]
pub(crate) struct Authors {
    names: Vec<Box<str>>,
    places: HashMap<Box<[u8]>, u32>,
}

impl Authors {
    fn place(&mut self, name: &[u8]) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.names.len() as u32;
        self.names.push(String::from_utf8_lossy(name).trim().into());
        self.places.insert(name.into(), place);
        place
    }
}

impl<'r> History<'r> {
    pub(crate) fn new(repo: &'r Repository) -> Result<Self, Failure> {
        let log = Log::new(repo).or_fail(|| "read the history")?;
        let (places, authors) = (HashMap::default(), Authors::default());
        Ok(Self { log, slots: Vec::new(), places, commits: Vec::new(), authors })
    }

    pub(crate) fn place(&mut self, id: Id) -> Place {
        let Self { slots, places, .. } = self;
        *places.entry(id).or_insert_with(|| {
            slots.push(Slot { id, at: UNREAD });
            slots.len() as Place - 1
        })
    }

    /// Reads the commit of a place, if that is still to do.
    pub(crate) fn read(&mut self, place: Place) -> Result<&Commit, Failure> {
        if self.slots[place as usize].at == UNREAD {
            let id = self.slots[place as usize].id;
            let read = self.log.read(id).or_fail(|| format!("read the history at {id}"))?;
            let author = self.authors.place(read.author);
            let told = Told::of(&decoded(read.message, read.encoding));
            let (time, cut, ids) = (read.time, read.cut, read.parents);
            let parents = ids.into_iter().map(|id| self.place(id)).collect();
            self.slots[place as usize].at = self.commits.len() as u32;
            self.commits.push(Commit { id, parents, cut, time, author, told });
        }
        Ok(&self.commits[self.slots[place as usize].at as usize])
    }

    /// A commit that was read.
    fn known(&self, place: Place) -> &Commit {
        &self.commits[self.slots[place as usize].at as usize]
    }

    /// Which commits `to` has and none of `not` has, in no order.
    ///
    /// The two sides are walked at once, youngest first, until only what both have is left; and a bit further.
    pub(crate) fn range(&mut self, to: Place, not: &[Place]) -> Result<Vec<Place>, Failure> {
        let mut walk = Walk::default();
        for (place, mark) in [(to, WANTED)].into_iter().chain(not.iter().map(|&place| (place, KNOWN))) {
            let time = self.read(place)?.time;
            walk.push(place, time, mark);
        }
        let mut idle = 0;
        while let Some((place, mark)) = walk.pop() {
            idle = if walk.open == 0 && mark != WANTED { idle + 1 } else { 0 };
            if idle > SLACK {
                break;
            }
            let parents = self.read(place)?.parents.clone();
            for &parent in &*parents {
                let time = self.read(parent)?.time;
                if walk.push(parent, time, mark) {
                    idle = 0;
                }
            }
        }
        Ok(walk.only_wanted())
    }

    /// Takes the commits of these places out, in this order; parents outside of them are left out.
    pub(crate) fn take(mut self, order: &[Place]) -> (Vec<Commit>, Vec<Box<str>>) {
        // They are many, so they change places instead of being copied.
        drop(self.places);
        let mut moved = vec![OUTSIDE; self.slots.len()];
        let mut goes_to = vec![u32::MAX; self.commits.len()];
        for (at, &place) in order.iter().enumerate() {
            moved[place as usize] = at as u32;
            goes_to[self.slots[place as usize].at as usize] = at as u32;
        }
        let others = goes_to.iter_mut().filter(|to| **to == u32::MAX);
        others.zip(order.len() as u32..).for_each(|(to, behind)| *to = behind);
        for at in 0..goes_to.len() {
            while goes_to[at] as usize != at {
                let to = goes_to[at] as usize;
                self.commits.swap(at, to);
                goes_to.swap(at, to);
            }
        }
        self.commits.truncate(order.len());
        for commit in &mut self.commits {
            commit.parents = commit.parents.iter().map(|&parent| moved[parent as usize]).collect();
        }
        (self.commits, self.authors.names)
    }

    /// Orders places so that parents come before their children; of the others the older first. All have been read.
    pub(crate) fn ordered(&self, places: &[Place]) -> Vec<Place> {
        /// Not among the places.
        const ABSENT: u32 = u32::MAX;
        let mut waiting = vec![ABSENT; self.slots.len()];
        places.iter().for_each(|&place| waiting[place as usize] = 0);
        // Children of each parent in one list: where they begin, and then they themselves.
        let mut begins = vec![0_u32; self.slots.len() + 1];
        let links = |place: Place| self.known(place).parents.iter().copied();
        for &place in places {
            for parent in links(place).filter(|&parent| waiting[parent as usize] != ABSENT) {
                begins[parent as usize + 1] += 1;
            }
        }
        (1..begins.len()).for_each(|at| begins[at] += begins[at - 1]);
        let mut children = vec![0_u32; begins[self.slots.len()] as usize];
        let mut next = begins.clone();
        for &place in places {
            for parent in links(place) {
                if waiting[parent as usize] != ABSENT {
                    waiting[place as usize] += 1;
                    children[next[parent as usize] as usize] = place;
                    next[parent as usize] += 1;
                }
            }
        }
        let key = |place: Place| Reverse((self.known(place).time, self.known(place).id, place));
        let mut ready: BinaryHeap<_> =
            places.iter().filter(|&&place| waiting[place as usize] == 0).map(|&place| key(place)).collect();
        let mut order = Vec::with_capacity(places.len());
        while let Some(Reverse((_, _, place))) = ready.pop() {
            order.push(place);
            for &child in &children[begins[place as usize] as usize..begins[place as usize + 1] as usize] {
                waiting[child as usize] -= 1;
                if waiting[child as usize] == 0 {
                    ready.push(key(child));
                }
            }
        }
        order
    }
}

/// The text of a message. Git stores the name of an encoding beside one that is not UTF-8; Latin-1 is read as such, and
/// bytes of any other show as replacement characters.
fn decoded<'a>(message: &'a [u8], encoding: Option<&[u8]>) -> std::borrow::Cow<'a, str> {
    const LATIN_1: [&[u8]; 3] = [b"iso-8859-1", b"iso8859-1", b"latin1"];
    let latin = encoding.is_some_and(|name| LATIN_1.iter().any(|known| name.eq_ignore_ascii_case(known)));
    match std::str::from_utf8(message) {
        Err(_) if latin => message.iter().map(|&byte| char::from(byte)).collect::<String>().into(),
        _ => String::from_utf8_lossy(message),
    }
}
