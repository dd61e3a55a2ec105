//! What is plainly live: what a slice would find out at length is seen at a glance for most variables.
use crate::analysis::CallKind;
use crate::lexicon;
use crate::model::{Body, FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

impl<'a> Module<'a> {
    /// Whether a variable or parameter serves an outcome of a function for sure: a use of it goes into an answer, or to somebody
    /// else, through nothing that could drop it. Where this is true a slice, if there is one, says [`super::Level::Live`].
    pub(crate) fn is_plainly_live(&self, symbol: SymbolId, id: FunctionId) -> bool {
        let function = self.function(id);
        self.uses(symbol).any(|it| {
            let node = it.node_id();
            it.is_read() && node > function.node && node < function.end && self.goes_out(node, id)
        })
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

    fn goes_out(&self, node: NodeId, id: FunctionId) -> bool {
        let function = self.function(id);
        for (at, kind) in self.around(node) {
            match kind {
                AstKind::ParenthesizedExpression(_)
                | AstKind::TSAsExpression(_)
                | AstKind::TSSatisfiesExpression(_)
                | AstKind::TSNonNullExpression(_)
                | AstKind::TemplateLiteral(_)
                | AstKind::ArrayExpression(_)
                | AstKind::SpreadElement(_)
                | AstKind::AwaitExpression(_)
                | AstKind::ObjectProperty(_)
                | AstKind::ChainExpression(_)
                | AstKind::SequenceExpression(_)
                | AstKind::ComputedMemberExpression(_)
                | AstKind::PrivateFieldExpression(_)
                | AstKind::JSXExpressionContainer(_)
                | AstKind::JSXAttribute(_)
                | AstKind::JSXSpreadAttribute(_)
                | AstKind::JSXOpeningElement(_)
                | AstKind::JSXElement(_)
                | AstKind::JSXFragment(_) => {}
                // A comparison may be known to go one way.
                AstKind::BinaryExpression(it) if !it.operator.is_compare() && !it.operator.is_equality() => {}
                AstKind::UnaryExpression(it) if !matches!(it.operator, UnaryOperator::Void | UnaryOperator::Typeof) => {
                }
                AstKind::YieldExpression(_) | AstKind::TaggedTemplateExpression(_) | AstKind::Class(_) => return true,
                AstKind::NewExpression(new) => {
                    if !self.makes_only(new) {
                        return true;
                    }
                }
                AstKind::AssignmentExpression(it) => return self.write_kind(id, Write::Assign(it)).is_some(),
                AstKind::StaticMemberExpression(it)
                    if !matches!(it.property.name.as_str(), "length" | "size" | "byteLength") => {}
                // What a spread brings may be written over by the next.
                AstKind::ObjectExpression(it)
                    if !it.properties.iter().any(|it| matches!(it, ObjectPropertyKind::SpreadProperty(_))) => {}
                AstKind::CallExpression(call) => match self.call_kind(call) {
                    CallKind::Effect => return true,
                    // What is asked may be known to be empty.
                    CallKind::Pure | CallKind::Change if !asks(names::last(&call.callee)) => {}
                    _ => return false,
                },
                AstKind::ReturnStatement(_) => return self.function_around(at) == Some(id),
                AstKind::ArrowFunctionExpression(_) => {
                    return at == function.node && matches!(function.body, Body::Value(_));
                }
                _ => return false,
            }
        }
        false
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
            let names = function.parameters().into_iter().filter_map(|name| name.symbol_id.get());
            let mut wrong = Vec::new();
            let Some(slice) = module.slice(function.id) else { continue };
            for symbol in names.filter(live) {
                compared += 1;
                wrong.extend((slice.level(symbol) != Level::Live).then_some(symbol));
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
