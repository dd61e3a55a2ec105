//! What is plainly live: what a slice would find out at length is seen at a glance for most variables.
use std::cell::Cell;

use super::glance::Way;
use super::through::Decided;
use crate::lexicon;
use crate::model::{Body, FunctionId, Module};
use crate::syntax::*;

impl<'a> Module<'a> {
    /// Whether a variable or parameter serves an outcome of a function for sure: a use of it goes into an answer, or to somebody
    /// else, through nothing that could drop it. Where this is true a slice, if there is one, says [`super::Level::Live`].
    pub(crate) fn is_plainly_live(&self, symbol: SymbolId, id: FunctionId) -> bool {
        Glance::at(self, id, Reach { left: &Cell::new(MOST), calls: 0, any: false }).is_live(symbol, 0)
    }

    /// Whether a variable or parameter serves anything for sure, be it that only a log is told or an error thrown: a slice, if
    /// there is one, does not say [`super::Level::Dead`].
    pub(crate) fn is_plainly_kept(&self, symbol: SymbolId, id: FunctionId) -> bool {
        Glance::at(self, id, Reach { left: &Cell::new(MOST), calls: 0, any: true }).is_live(symbol, 0)
    }

    /// Whether a `new` only makes something: nobody else hears of it.
    pub(super) fn makes_only(&self, new: &'a NewExpression<'a>) -> bool {
        let known = match &new.callee {
            Expression::Identifier(name) => {
                self.symbol(name).is_none()
                    && (lexicon::PURE_GLOBALS.has(name.name.as_str()) || name.name.ends_with("Error"))
            }
            _ => false,
        };
        known || self.is_inert_class(&new.callee)
    }
}

/// Uses of variables that one glance may look at, variables deep that it goes, and calls deep.
const MOST: u32 = 300;
pub(super) const DEEPEST: usize = 4;
const CALLS: u32 = 3;

/// The most uses of a variable that is asked for on the way: what is asked for again and again must not cost more each time.
pub(super) const USES: usize = 200;

/// How far a glance goes, and for what.
#[derive(Clone, Copy)]
pub(super) struct Reach<'m> {
    /// Uses that may still be looked at, here and in functions that are called.
    left: &'m Cell<u32>,
    /// How many calls deep this is.
    calls: u32,
    /// Any outcome will do, a log too.
    pub(super) any: bool,
}

/// A look at one function from a use of a variable outwards.
pub(super) struct Glance<'m, 'a> {
    pub(super) module: &'m Module<'a>,
    pub(super) id: FunctionId,
    pub(super) node: NodeId,
    pub(super) end: NodeId,
    pub(super) reach: Reach<'m>,
}

impl<'m, 'a> Glance<'m, 'a> {
    fn at(module: &'m Module<'a>, id: FunctionId, reach: Reach<'m>) -> Self {
        let function = module.function(id);
        Self { module, id, node: function.node, end: function.end, reach }
    }

    /// Whether a variable is live in a function that is called here.
    pub(super) fn is_live_in(&self, symbol: SymbolId, callee: FunctionId) -> bool {
        let reach = Reach { calls: self.reach.calls + 1, any: false, ..self.reach };
        reach.calls <= CALLS && Self::at(self.module, callee, reach).is_live(symbol, 0)
    }

    /// Counts one more use that is looked at; false where it is too many.
    pub(super) fn may_go_on(&self) -> bool {
        let left = self.reach.left.get();
        self.reach.left.set(left.saturating_sub(1));
        left > 0
    }

    pub(super) fn is_live(&self, symbol: SymbolId, depth: usize) -> bool {
        self.module.uses(symbol).take_while(|_| self.may_go_on()).any(|it| {
            let node = it.node_id();
            it.is_read() && node > self.node && node < self.end && self.goes_out(node, depth)
        })
    }

    /// Whether a variable of the function has what it was declared with wherever it is read.
    pub(super) fn is_settled(&self, symbol: SymbolId) -> bool {
        let scoping = self.module.semantic.scoping();
        !scoping.symbol_is_mutated(symbol) && scoping.symbol_redeclarations(symbol).is_empty()
    }

    /// Whether one of the variables is live that are declared with a value.
    fn is_any_live(&self, pattern: &BindingPattern<'a>, depth: usize) -> bool {
        let mut symbols = pattern.get_symbol_ids().into_iter();
        depth < DEEPEST && symbols.any(|symbol| self.is_settled(symbol) && self.is_live(symbol, depth + 1))
    }

    /// Whether what a use is part of goes into an outcome.
    pub(super) fn goes_out(&self, node: NodeId, depth: usize) -> bool {
        let module = self.module;
        let mut inner = module.kind(node).span();
        // The function inside of this one that answers it.
        let mut answered = None;
        for (at, kind) in module.around(node) {
            if answered.is_some_and(|function| function != at) {
                continue;
            }
            match kind {
                AstKind::YieldExpression(_) | AstKind::TaggedTemplateExpression(_) | AstKind::Class(_) => return true,
                AstKind::ThrowStatement(_) => return self.reach.any,
                AstKind::NewExpression(new) if !module.makes_only(new) => return true,
                AstKind::AwaitExpression(_) if self.is_statement(at) => return true,
                AstKind::CallExpression(call) => match self.call((at, call), inner, depth) {
                    Way::Out => return true,
                    Way::On => {}
                    Way::Lost => return false,
                },
                AstKind::AssignmentExpression(it) => return self.is_put(at, it, (inner, depth)),
                AstKind::VariableDeclarator(it) => return it.init.is_some() && self.is_any_live(&it.id, depth),
                AstKind::ForOfStatement(it) => return self.is_walked((&it.left, &it.right), inner, depth),
                AstKind::ForInStatement(it) => return self.is_walked((&it.left, &it.right), inner, depth),
                AstKind::IfStatement(_) | AstKind::SwitchStatement(_) => match self.tested(at, kind, inner) {
                    Decided::Out => return true,
                    Decided::Answers(function) => answered = Some(function),
                    Decided::Nothing => return false,
                },
                AstKind::ReturnStatement(_) => match module.function_around(at) {
                    Some(id) if id != self.id => answered = Some(module.function(id).node),
                    other => return other.is_some(),
                },
                AstKind::ArrowFunctionExpression(_) if at == self.node => {
                    return matches!(module.function(self.id).body, Body::Value(_));
                }
                AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) if at > self.node => answered = None,
                _ if self.passes_on(kind) => {}
                _ => return false,
            }
            inner = kind.span();
        }
        false
    }

    /// Whether a loop walks through what a use is part of, with a variable that is live.
    fn is_walked(&self, (left, right): (&ForStatementLeft<'a>, &Expression<'a>), inner: Span, depth: usize) -> bool {
        let ForStatementLeft::VariableDeclaration(left) = left else { return false };
        right.span().contains_inclusive(inner) && left.declarations.iter().any(|it| self.is_any_live(&it.id, depth))
    }
}

/// Methods that ask a collection for something.
pub(super) fn asks(method: &str) -> bool {
    matches!(method, "get" | "has" | "includes" | "indexOf" | "some" | "find" | "at" | "pop" | "shift")
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::super::Level;
    use crate::model::{Module, PathClass};
    use crate::syntax::*;

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if SourceType::from_path(&path).is_ok() {
                found.push(path);
            }
        }
    }

    /// Variables that are live at a glance, and how many of them a slice looked at too.
    fn compare(module: &Module<'_>) -> usize {
        let scoping = module.semantic.scoping();
        let mut compared = 0;
        for function in &module.functions {
            let live = |symbol: &SymbolId| module.is_plainly_live(*symbol, function.id);
            let names = function.parameters().iter().copied().filter_map(|name| name.symbol_id.get());
            let mut wrong = Vec::new();
            let Some(slice) = module.slice(function.id) else { continue };
            for symbol in names.filter(live) {
                compared += 1;
                wrong.extend((slice.level(symbol) != Level::Live).then_some(symbol));
            }
            let kept = |symbol: &SymbolId| module.is_plainly_kept(*symbol, function.id);
            for it in module.declarators(function.id) {
                for symbol in it.id.get_symbol_ids().into_iter().filter(kept) {
                    compared += 1;
                    let stays = it.init.is_some() && !scoping.symbol_is_mutated(symbol);
                    let dead = slice.is_dead(symbol) || stays && slice.level_at(it.node_id.get()) == Level::Dead;
                    wrong.extend(dead.then_some(symbol));
                }
            }
            for it in module.declarators(function.id).filter(|it| it.init.is_some()) {
                let names = it.id.get_symbol_ids().into_iter();
                for symbol in names.filter(|it| !scoping.symbol_is_mutated(*it)).filter(live) {
                    compared += 1;
                    wrong.extend((slice.level_at(it.node_id.get()) != Level::Live).then_some(symbol));
                }
            }
            let names: Vec<&str> = wrong.iter().map(|symbol| scoping.symbol_name(*symbol)).collect();
            assert!(names.is_empty(), "{}: {names:?} of {}", module.path, function.qualified());
        }
        compared
    }

    #[test]
    fn what_is_live_at_a_glance_is_live_in_the_slice() {
        let mut paths = Vec::new();
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fake-code-detector");
        sources(&fixtures, &mut paths);
        let look = move || {
            let mut compared = 0;
            for path in &paths {
                let Ok(text) = std::fs::read_to_string(path) else { continue };
                let arena = Allocator::default();
                let Ok(program) = parse(&arena, &text, SourceType::from_path(path).unwrap()) else { continue };
                let name = path.to_string_lossy();
                compared += compare(&Module::new(&name, PathClass::Production, &text, program));
            }
            compared
        };
        let compared = std::thread::Builder::new().stack_size(crate::depth::STACK).spawn(look).unwrap().join().unwrap();
        assert!(compared > 1000, "only {compared} were compared");
    }
}
