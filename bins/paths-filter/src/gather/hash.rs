//! A hash a filter over the tracked files that it names: the same content gives the same key across rebases and reverts.
use action::Failure;
use git::{Id, Mode, Repository, Scope};
use sha2::{Digest, Sha256};

use super::failed;
use super::range::Head;
use crate::filters::{Filters, Quantifier};

/// Whose files are hashed.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) filters: &'a Filters,
    pub(crate) quantifier: Quantifier,
    pub(crate) scope: &'a Scope,
}

/// SHA-256 in hex, one a filter, over the records `mode SP object-id SP path NUL` of its files, sorted by their bytes.
pub(crate) fn hashes(repo: &Repository, head: Head, wanted: &Wanted<'_>) -> Result<Vec<String>, Failure> {
    let mut records = Records { bytes: Vec::new(), of: vec![Vec::new(); wanted.filters.list.len()] };
    let visit = |mode: Mode, id: &Id, path: &[u8]| records.take(wanted, (mode, id), path);
    match head {
        Head::Commit(id) => repo.tracked(id, wanted.scope, visit),
        Head::WorkTree(_) => repo.index(wanted.scope, visit),
    }
    .map_err(failed)?;
    Ok(records.hashes())
}

/// All records once, and per filter where its records lie.
struct Records {
    bytes: Vec<u8>,
    of: Vec<Vec<(u32, u32)>>,
}

impl Records {
    fn take(&mut self, wanted: &Wanted<'_>, (mode, id): (Mode, &Id), path: &[u8]) {
        let mut place = None;
        for (filter, records) in wanted.filters.list.iter().zip(&mut self.of) {
            if filter.meets(path, None, wanted.quantifier).is_some() {
                let bytes = &mut self.bytes;
                records.push(*place.get_or_insert_with(|| {
                    let start = bytes.len();
                    bytes.extend_from_slice(format!("{mode} {id} ").as_bytes());
                    bytes.extend_from_slice(path);
                    bytes.push(0);
                    (start as u32, bytes.len() as u32)
                }));
            }
        }
    }

    fn hashes(mut self) -> Vec<String> {
        let bytes = &self.bytes;
        let record = |(start, end): &(u32, u32)| &bytes[*start as usize..*end as usize];
        let mut out = Vec::with_capacity(self.of.len());
        for records in &mut self.of {
            records.sort_unstable_by(|a, b| record(a).cmp(record(b)));
            let mut hasher = Sha256::new();
            records.iter().for_each(|place| hasher.update(record(place)));
            out.push(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        out
    }
}
