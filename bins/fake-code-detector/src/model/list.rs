//! What of one kind stands in a module, in the order of the text.
use std::ops::Deref;

use super::FunctionId;
use crate::syntax::NodeId;

/// Something that stands in a function, or at the top of the module.
#[derive(Clone, Copy)]
pub(crate) struct At<T> {
    /// Its node.
    pub(crate) node: NodeId,
    /// The innermost function around it.
    pub(crate) function: Option<FunctionId>,
    /// What it is.
    pub(crate) it: T,
}

/// How many lists a module has.
pub(super) const LISTS: usize = 25;

/// Of each list what stands in one function, functions in that one included: the first, and the first behind the last.
pub(super) type Parts = [(u32, u32); LISTS];

/// All of one kind.
pub(crate) struct List<T> {
    all: Vec<At<T>>,
    /// Which of the lists of a module it is.
    pub(super) number: usize,
}

impl<T> List<T> {
    /// The list of this number, with room for so many.
    pub(super) fn new(number: usize, room: usize) -> Self {
        Self { all: Vec::with_capacity(room), number }
    }

    pub(super) fn push(&mut self, at: At<T>) {
        self.all.push(at);
    }

    /// How many there are so far.
    pub(super) fn count(&self) -> u32 {
        self.all.len().try_into().unwrap_or(u32::MAX)
    }
}

impl<T> Deref for List<T> {
    type Target = [At<T>];

    fn deref(&self) -> &[At<T>] {
        &self.all
    }
}

impl<'m, T> IntoIterator for &'m List<T> {
    type Item = &'m At<T>;
    type IntoIter = std::slice::Iter<'m, At<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{LISTS, List};
    use crate::model::{Module, PathClass};
    use crate::syntax::{Allocator, SourceType, parse};

    const TEXT: &str = r#"import a from "a"; const b = require("b");
class C { private q = [1]; get x() { return this.q[0]; } async m(n) { for (const r of n) { if (r) { await r.z(); } else { throw new Error("e"); } } } }
function* f(p) { let s = p ? 1 : 2; s += p && 3; s++; delete p.x; try { yield s - 1; } catch { switch (s) { case 1: return { a: 1 }; default: } } it.should.be(1); }
export const E = () => <p title="t" onClick={() => f(`${b}`)}>text</p>;
"#;

    /// How many of a list stand in any function, where each function has what its nodes say.
    fn check<T>(module: &Module<'_>, list: &List<T>) -> usize {
        let of = |function: &crate::model::Function<'_>| {
            let found = module.inside(list, function.id);
            let expected = module.between(list, function.node, function.end);
            assert!(std::ptr::eq(found, expected), "list {} of {}", list.number, function.qualified());
            found.len()
        };
        module.functions.iter().map(of).sum()
    }

    #[test]
    fn each_function_has_its_part_of_each_list() {
        let arena = Allocator::default();
        let program = parse(&arena, TEXT, SourceType::tsx()).unwrap();
        let m = Module::new("m.tsx", PathClass::Production, TEXT, program);
        let filled = [
            check(&m, &m.calls),
            check(&m, &m.news),
            check(&m, &m.returns),
            check(&m, &m.throws),
            check(&m, &m.awaits),
            check(&m, &m.yields),
            check(&m, &m.writes),
            check(&m, &m.deletes),
            check(&m, &m.catches),
            check(&m, &m.objects),
            check(&m, &m.walks),
            check(&m, &m.switches),
            check(&m, &m.cases_of_switches),
            check(&m, &m.computed),
            check(&m, &m.ifs),
            check(&m, &m.conditionals),
            check(&m, &m.attributes),
            check(&m, &m.elements),
            check(&m, &m.binaries),
            check(&m, &m.logicals),
            check(&m, &m.declarators),
            check(&m, &m.texts),
            check(&m, &m.shoulds),
        ];
        assert!(filled.iter().all(|count| *count > 0), "{filled:?}");
        // What only stands at the top of this text.
        assert_eq!((check(&m, &m.arrays), check(&m, &m.specifiers)), (0, 0));
        assert_eq!(filled.len() + 2, LISTS);
        assert_eq!((m.arrays.count(), m.specifiers.count()), (1, 2));
    }
}
