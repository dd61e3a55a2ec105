//! Go's statement blocks of one file.

/// A statement block of a Go profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Block {
    /// Line and column of its start.
    pub start: (u32, u32),
    /// Line of its end, and the column behind it.
    pub end: (u32, u32),
    /// How many statements it has.
    pub statements: u32,
    /// Whether it was executed.
    pub hit: bool,
}

/// The statement blocks of one file; the same block comes once for each test binary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    list: Vec<Block>,
    /// Up to here they are in order and each is there once.
    settled: usize,
}

impl Blocks {
    /// Adds one.
    pub fn add(&mut self, block: Block) {
        self.list.push(block);
        if self.list.len() > 64 && self.list.len() > 2 * self.settled {
            self.settle();
        }
    }

    /// Puts them in order; a block that comes twice was executed if either was.
    pub fn settle(&mut self) {
        self.list.sort_unstable();
        self.list.dedup_by(|later, kept| {
            let same = (later.start, later.end) == (kept.start, kept.end);
            if same {
                kept.hit |= later.hit;
                kept.statements = kept.statements.max(later.statements);
            }
            same
        });
        self.settled = self.list.len();
    }

    /// Takes in another report's blocks of the same file.
    pub fn merge(&mut self, other: &Self) {
        self.list.extend_from_slice(&other.list);
        self.settle();
    }

    /// Leaves these out, as if nobody had listed them.
    pub fn remove(&mut self, out: impl Fn(&Block) -> bool) {
        self.list.retain(|block| !out(block));
        self.settled = self.list.len();
    }

    /// How many bytes they take, roughly.
    pub fn weight(&self) -> usize {
        self.list.capacity() * size_of::<Block>()
    }

    /// All of them, in order once settled.
    pub fn iter(&self) -> impl Iterator<Item = &Block> {
        self.list.iter()
    }

    /// Whether there are none: the file is not in a Go profile.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Executed statements, and all.
    pub fn statements(&self) -> (u64, u64) {
        let sum = |hit: bool| self.list.iter().filter(|b| b.hit || !hit).map(|b| u64::from(b.statements)).sum();
        (sum(true), sum(false))
    }
}
