//! The tracked names, and an index of them by their last part.
use std::collections::HashMap;

/// All tracked names, in order, and an index of them by their last part.
pub(crate) struct Tree {
    names: Vec<Vec<u8>>,
    /// Indices into `names`, in the order of last parts.
    by_base: Vec<u32>,
    /// The same in lower case, made when it is first needed.
    by_lower: std::cell::OnceCell<HashMap<Vec<u8>, Vec<u32>>>,
}

impl Tree {
    /// Of names in any order.
    pub(crate) fn new(mut names: Vec<Vec<u8>>) -> Self {
        names.sort_unstable();
        names.dedup();
        let mut by_base: Vec<u32> = (0..u32::try_from(names.len()).unwrap_or(u32::MAX)).collect();
        by_base.sort_by(|one, other| base(&names[*one as usize]).cmp(base(&names[*other as usize])));
        Self { names, by_base, by_lower: std::cell::OnceCell::new() }
    }

    /// The name of a file.
    pub(crate) fn name(&self, index: u32) -> &[u8] {
        &self.names[index as usize]
    }

    /// All names, in order.
    pub(crate) fn names(&self) -> &[Vec<u8>] {
        &self.names
    }

    /// Where exactly this name is.
    pub(crate) fn find(&self, name: &[u8]) -> Option<u32> {
        self.names.binary_search_by(|known| known.as_slice().cmp(name)).ok().map(|at| at as u32)
    }

    /// All files with this last part.
    pub(super) fn with_base(&self, wanted: &[u8]) -> &[u32] {
        let of = |index: &u32| base(self.name(*index));
        let from = self.by_base.partition_point(|index| of(index) < wanted);
        let length = self.by_base[from..].partition_point(|index| of(index) == wanted);
        &self.by_base[from..from + length]
    }

    /// The same without regard to upper and lower case.
    pub(super) fn with_lower(&self, wanted: &[u8]) -> &[u32] {
        let map = self.by_lower.get_or_init(|| {
            let mut map: HashMap<Vec<u8>, Vec<u32>> = HashMap::new();
            for (index, name) in self.names.iter().enumerate() {
                map.entry(base(name).to_ascii_lowercase()).or_default().push(index as u32);
            }
            map
        });
        map.get(&wanted.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }
}

fn base(name: &[u8]) -> &[u8] {
    &name[name.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1)..]
}
