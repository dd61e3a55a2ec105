//! Which file an entry of a list means, and what became of it.
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use action::{Failure, Report, neutral};
use formats::sums::{Digest, Entry, path};

use super::below;
use super::tree::{Item, Refusal, base, stays_within};
use crate::decide::State;

/// What is known of an entry before its file is read.
pub(crate) enum Meant {
    /// This file.
    File(PathBuf),
    /// It is settled already.
    State(State),
}

/// Files by the paths of the entries, below a folder whose canonical path is `root`.
pub(crate) fn by_path(entries: &[&Entry], folder: &Path, root: &Path) -> Vec<Meant> {
    let meant = |entry: &&Entry| {
        let file = below(folder, &entry.name);
        match stays_within(&file, root) {
            Ok(true) => Meant::File(file),
            Ok(false) => Meant::State(State::Outside),
            Err(error) if is_nowhere(&error) => Meant::State(State::Missing),
            Err(error) => Meant::State(unread(&error)),
        }
    };
    entries.iter().map(meant).collect()
}

/// Whether there can be no such file. C libraries differ in which of these they say first of a name that is too long.
fn is_nowhere(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | InvalidFilename)
}

/// Files of a folder, each for one entry, and the indices of those for none.
///
/// An entry without a folder in its name may mean a file in a folder, since the assets of a release have none; but only
/// when there is none of its very path, and only one of that name.
pub(crate) fn in_tree(entries: &[Entry], items: &[Item], folder: &Path) -> (Vec<Meant>, Vec<usize>) {
    let exact: HashMap<&[u8], usize> = items.iter().enumerate().map(|(at, item)| (item.name.as_slice(), at)).collect();
    let paths: Vec<Vec<u8>> = entries.iter().map(|entry| path(&entry.name)).collect();
    let mut of_entry: Vec<Option<usize>> = paths.iter().map(|path| exact.get(path.as_slice()).copied()).collect();
    let mut taken = vec![false; items.len()];
    of_entry.iter().flatten().for_each(|&at| taken[at] = true);
    let mut flat: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate().filter(|(at, _)| !taken[*at]) {
        flat.entry(base(&item.name)).or_default().push(at);
    }
    let mut meant = Vec::with_capacity(entries.len());
    for (path, found) in paths.iter().zip(&mut of_entry) {
        let several = match (&found, flat.get(path.as_slice())) {
            (None, Some(one)) if one.len() == 1 => {
                *found = Some(one[0]);
                false
            }
            (None, Some(_)) => true,
            _ => false,
        };
        found.iter().for_each(|&at| taken[at] = true);
        meant.push(match found {
            _ if several => Meant::State(State::Ambiguous),
            Some(at) => of_item(&items[*at], folder),
            None if below(folder, path).is_dir() => Meant::State(State::Unread("it is a folder".to_owned())),
            None => Meant::State(State::Missing),
        });
    }
    let free = taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(at, _)| at).collect();
    (meant, free)
}

fn of_item(item: &Item, folder: &Path) -> Meant {
    match item.refused {
        None => Meant::File(below(folder, &item.name)),
        Some(Refusal::Outside) => Meant::State(State::Outside),
        Some(Refusal::Nothing) => Meant::State(State::Missing),
        Some(why) => Meant::State(State::Unread(why.words().to_owned())),
    }
}

/// Reads the files that are meant, and compares.
pub(crate) fn states(entries: &[&Entry], meant: Vec<Meant>, report: &mut Report) -> Result<Vec<State>, Failure> {
    let files: Vec<PathBuf> = meant
        .iter()
        .filter_map(|meant| match meant {
            Meant::File(path) => Some(path.clone()),
            Meant::State(_) => None,
        })
        .collect();
    let mut digests = super::digests(&files, report).into_iter();
    let mut states = Vec::with_capacity(meant.len());
    for (entry, meant) in entries.iter().zip(meant) {
        states.push(match meant {
            Meant::State(state) => state,
            Meant::File(_) => {
                let digest = digests.next();
                compared(entry, digest.ok_or_else(|| Failure::outside("read the files", "one was lost"))?)
            }
        });
    }
    Ok(states)
}

fn compared(entry: &Entry, digest: io::Result<Digest>) -> State {
    match digest {
        Ok(digest) if digest == entry.digest => State::Good,
        Ok(digest) => State::Differs(digest),
        Err(error) if error.kind() == io::ErrorKind::NotFound => State::Vanished,
        Err(error) => unread(&error),
    }
}

fn unread(error: &io::Error) -> State {
    let text = error.to_string();
    State::Unread(neutral(text.split(" (os error ").next().unwrap_or(&text)).to_lowercase())
}
