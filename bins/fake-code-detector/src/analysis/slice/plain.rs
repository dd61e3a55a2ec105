//! What is plainly live: what a slice would find out at length is seen at a glance for most variables.
use crate::analysis::CallKind;
use crate::model::{Body, FunctionId, Module};
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
                | AstKind::NewExpression(_)
                | AstKind::ComputedMemberExpression(_)
                | AstKind::PrivateFieldExpression(_) => {}
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
