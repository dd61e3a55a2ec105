//! Hashing many files on all cores, with the results in the order of the files.
//!
//! Files are read, not mapped: a mapped file that shrinks would kill the process.
mod read;

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use formats::sums::Digest;
use read::{digest, next, open, regular, with_a_table_of_its_own};
use rustix::fs::OFlags;
use sha2::{Digest as _, Sha256};

/// What is read at once, in bytes: large enough that system calls do not show, small enough for a core's own cache.
const BUFFER: usize = 256 << 10;
/// Up to so many files are started with the largest, so that no core is left with it at the end.
const SORTED: usize = 256;
/// A core takes this part of its part of what is left of the files: large shares at first, since each wakes the one who
/// prints, and single files at the end, so that the cores end together.
const SHARES: usize = 4;
/// The largest share.
const LARGEST_SHARE: usize = 1024;
/// Bytes that a core counts by itself before it tells the others: a shared counter is slow.
const COUNTED: u64 = 4 << 20;
/// How often progress is told.
const TICK: Duration = Duration::from_millis(200);

/// What is hashed.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A file by its path.
    File(&'a Path),
    /// Standard input, in its turn among the files.
    Stdin,
}

impl<'a> Source<'a> {
    /// What a name on the command line or in a list means to GNU's program.
    pub fn named(path: &'a Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::File(path) }
    }
}

/// What may be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Whatever can be read, such as pipes: the user named it.
    Any,
    /// Regular files that keep their length while they are read: a list or a folder named it.
    Regular,
}

/// What happens meanwhile.
#[derive(Debug)]
pub enum Event {
    /// The file of this index is done; indices come in order.
    Done(usize, io::Result<Digest>),
    /// Nothing is ready: a good time to print what there is.
    Idle,
    /// Work goes on, for so long and so many bytes.
    Working(Duration, u64),
}

/// What the cores share.
struct Work<'a> {
    sources: &'a [Source<'a>],
    /// Indices in the order in which they are started; none where that is the order of the sources.
    order: Vec<usize>,
    next: AtomicUsize,
    cores: usize,
    care: Care,
    bytes: AtomicU64,
    stop: AtomicBool,
}

type Results = Vec<(usize, io::Result<Digest>)>;
/// Results that came before their turn; the first is that of the next file.
type Ready = VecDeque<Option<io::Result<Digest>>>;

/// Hashes all sources and tells what happens; ends early when `tell` answers `false`.
pub fn hash(sources: &[Source<'_>], care: Care, mut tell: impl FnMut(Event) -> bool) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, sources.len().max(1));
    let work = Work {
        sources,
        order: order(sources),
        next: AtomicUsize::new(0),
        cores,
        care,
        bytes: AtomicU64::new(0),
        stop: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..cores {
            let (work, sender) = (&work, sender.clone());
            scope.spawn(move || work.run(&sender));
        }
        drop(sender);
        in_order(&work, &receiver, &mut tell);
        work.stop.store(true, Ordering::Relaxed);
    });
}

/// The files, largest first where they are few; nothing where they are many.
fn order(sources: &[Source<'_>]) -> Vec<usize> {
    if !(2..=SORTED).contains(&sources.len()) {
        return Vec::new();
    }
    let size = |at: &usize| match sources[*at] {
        Source::File(path) => path.metadata().map_or(0, |found| found.len()),
        Source::Stdin => 0,
    };
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by_cached_key(|at| Reverse(size(at)));
    order
}

/// Puts results into the order of the sources. Standard input is read here, in its turn, since what it gives depends on
/// who read it before.
fn in_order(work: &Work<'_>, receiver: &Receiver<Results>, tell: &mut impl FnMut(Event) -> bool) {
    let start = Instant::now();
    let mut ready = Ready::new();
    let mut next = 0;
    while next < work.sources.len() {
        let known = ready.pop_front().flatten();
        let result = match (work.sources[next], known) {
            (_, Some(result)) => result,
            (Source::Stdin, None) => stdin(work, start, tell),
            (Source::File(_), None) => {
                ready.push_front(None);
                match waited(receiver, (&mut ready, next), tell) {
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) if !tell(working(work, start)) => return,
                    _ => {}
                }
                continue;
            }
        };
        if !tell(Event::Done(next, result)) {
            return;
        }
        next += 1;
    }
}

fn working(work: &Work<'_>, start: Instant) -> Event {
    Event::Working(start.elapsed(), work.bytes.load(Ordering::Relaxed))
}

/// Takes what is ready; waits for at most a tick.
fn waited(
    receiver: &Receiver<Results>,
    (ready, next): (&mut Ready, usize),
    tell: &mut impl FnMut(Event) -> bool,
) -> Result<(), RecvTimeoutError> {
    let results = match receiver.try_recv() {
        Ok(results) => results,
        Err(TryRecvError::Disconnected) => return Err(RecvTimeoutError::Disconnected),
        Err(TryRecvError::Empty) => {
            tell(Event::Idle);
            receiver.recv_timeout(TICK)?
        }
    };
    for (at, result) in results {
        let place = at - next;
        if ready.len() <= place {
            ready.resize_with(place + 1, || None);
        }
        ready[place] = Some(result);
    }
    Ok(())
}

fn stdin(work: &Work<'_>, start: Instant, tell: &mut impl FnMut(Event) -> bool) -> io::Result<Digest> {
    tell(Event::Idle);
    let mut told = start;
    let mut input = io::stdin().lock();
    digest(
        |buffer| input.read(buffer),
        &mut vec![0; BUFFER],
        |count| {
            work.bytes.fetch_add(count as u64, Ordering::Relaxed);
            if told.elapsed() >= TICK {
                told = Instant::now();
                tell(working(work, start));
            }
        },
    )
    .map(|(digest, _)| digest)
}

impl Work<'_> {
    /// The turns that a core takes next; none when there are no more.
    fn share(&self) -> Range<usize> {
        let after = |start: usize| {
            let left = self.sources.len() - start;
            start + (left / (self.cores * SHARES)).clamp(1, LARGEST_SHARE).min(left)
        };
        // It never fails: the closure always has an answer.
        let start = self.next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |start| Some(after(start)));
        let start = start.unwrap_or(self.sources.len());
        start..after(start)
    }

    /// One core: takes shares until there are none.
    fn run(&self, sender: &Sender<Results>) {
        if self.cores > 1 {
            with_a_table_of_its_own();
        }
        let mut core = Core { work: self, buffer: vec![0; BUFFER], counted: 0 };
        loop {
            let share = self.share();
            if share.is_empty() {
                return;
            }
            let mut results = Vec::with_capacity(share.len());
            for turn in share {
                if self.stop.load(Ordering::Relaxed) {
                    return;
                }
                let at = self.order.get(turn).copied().unwrap_or(turn);
                if let Source::File(path) = self.sources[at] {
                    results.push((at, core.file(path)));
                }
            }
            if sender.send(results).is_err() {
                return;
            }
        }
    }
}

/// What one core has to itself.
struct Core<'a> {
    work: &'a Work<'a>,
    buffer: Vec<u8>,
    counted: u64,
}

impl Core<'_> {
    fn file(&mut self, path: &Path) -> io::Result<Digest> {
        let file = match self.work.care {
            Care::Any => open(path, OFlags::empty())?,
            Care::Regular => regular(path)?,
        };
        let (work, counted) = (self.work, &mut self.counted);
        let (digest, length) = digest(
            |buffer| next(&file, buffer),
            &mut self.buffer,
            |count| {
                *counted += count as u64;
                if *counted >= COUNTED {
                    work.bytes.fetch_add(std::mem::take(counted), Ordering::Relaxed);
                }
            },
        )?;
        if self.work.care == Care::Regular && file.metadata()?.len() != length {
            return Err(io::Error::other("it changed while it was read"));
        }
        Ok(digest)
    }
}

/// The digest of bytes that are in memory.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}
