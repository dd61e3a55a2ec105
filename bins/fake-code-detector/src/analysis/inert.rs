//! Objects that do nothing for anybody: made in a function, given to nobody, and nobody listens to them; and variables that stay empty.
use crate::lexicon::Names;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// Classes of the platform whose instances reach nobody but those who hold them.
static INERT: Names = Names::new(&[
    "EventEmitter",
    "EventTarget",
    "AbortController",
    "Subject",
    "BehaviorSubject",
    "ReplaySubject",
    "MessageChannel",
    "Request",
    "PassThrough",
    "TransformStream",
]);

/// Where such classes are imported from.
static SOURCES: Names =
    Names::new(&["events", "node:events", "eventemitter3", "rxjs", "stream", "node:stream", "mitt"]);

/// Members by which somebody hears, or gets hold of the object.
static HEARS: Names = Names::new(&[
    "on",
    "once",
    "addListener",
    "prependListener",
    "addEventListener",
    "subscribe",
    "pipe",
    "pipeTo",
    "pipeThrough",
    "asObservable",
    "readable",
    "port1",
    "port2",
    "reader",
    "read",
    "url",
    "method",
    "headers",
    "text",
    "json",
    "clone",
]);

/// Statements of a builder of queries that only add to it; it runs when it is executed.
static BUILDS: Names = Names::new(&[
    "values",
    "set",
    "where",
    "whereRef",
    "returning",
    "returningAll",
    "onConflict",
    "columns",
    "expression",
    "from",
    "compile",
    "toOperationNode",
    "$if",
    "$call",
    "ignore",
    "defaultValues",
]);

impl<'a> Module<'a> {
    /// Whether an expression is a class of the platform whose instances do nothing by themselves.
    pub(crate) fn is_inert_class(&self, callee: &'a Expression<'a>) -> bool {
        let Expression::Identifier(name) = callee.get_inner_expression() else { return false };
        INERT.has(name.name.as_str())
            && match self.symbol(name) {
                None => true,
                Some(symbol) => self.imports.get(&symbol).is_some_and(|it| SOURCES.has(it.module)),
            }
    }

    /// Whether an expression is a variable with an object that does nothing by itself, that was made in this function, that nobody
    /// else gets and that nobody listens to.
    pub(crate) fn is_unheard(&self, object: &'a Expression<'a>) -> bool {
        let Expression::Identifier(name) = object.get_inner_expression() else { return false };
        let Some(symbol) = self.symbol(name) else { return false };
        let home = self.declaration(symbol);
        let AstKind::VariableDeclarator(it) = self.kind(home) else { return false };
        let made = match it.init.as_ref().map(Expression::get_inner_expression) {
            Some(Expression::NewExpression(new)) => self.is_inert_class(&new.callee),
            _ => false,
        };
        made && self.function_around(home).is_some()
            && it.id.is_binding_identifier()
            && self.uses(symbol).all(|used| used.is_read() && !used.is_write() && self.is_own_affair(used.node_id()))
    }

    /// Whether a use of an object is a call of its own, or a look at whether it is over.
    fn is_own_affair(&self, node: NodeId) -> bool {
        let member = self.parent(node);
        let AstKind::StaticMemberExpression(it) = self.kind(member) else { return false };
        if HEARS.has(it.property.name.as_str()) || it.object.span() != self.kind(node).span() {
            return false;
        }
        match self.kind(self.parent(member)) {
            AstKind::CallExpression(call) => call.callee.span() == it.span,
            // `controller.signal.aborted`
            AstKind::StaticMemberExpression(outer) => {
                outer.object.span() == it.span && matches!(outer.property.name.as_str(), "aborted" | "reason")
            }
            _ => false,
        }
    }

    /// Whether an expression begins with a variable that is declared without a value and that nothing ever sets.
    pub(crate) fn is_never_set(&self, value: &'a Expression<'a>) -> bool {
        let Expression::Identifier(name) = names::root(value) else { return false };
        let Some(symbol) = self.symbol(name) else { return false };
        let home = self.declaration(symbol);
        let AstKind::VariableDeclarator(it) = self.kind(home) else { return false };
        let AstKind::VariableDeclaration(all) = self.kind(self.parent(home)) else { return false };
        let alone = !matches!(
            self.kind(self.parent(self.parent(home))),
            AstKind::ForOfStatement(_) | AstKind::ForInStatement(_) | AstKind::ForStatement(_)
        );
        it.init.is_none()
            && alone
            && !all.declare
            && !it.definite
            && it.id.is_binding_identifier()
            && matches!(all.kind, VariableDeclarationKind::Let | VariableDeclarationKind::Var)
            && !self.semantic.scoping().symbol_is_mutated(symbol)
            && self.uses(symbol).all(|used| {
                // `<div ref={box}>` of a compiler that sets it.
                let shown = matches!(self.kind(self.parent(used.node_id())), AstKind::JSXExpressionContainer(_));
                !used.is_write() && !shown
            })
            // The text may be a part of a script that others go on with.
            && !(all.kind.is_var() && self.function_around(home).is_none())
    }

    /// Whether a call only adds to a query that it began: `db.insertInto("x").values(y)`. What executes it is no such call.
    pub(crate) fn only_builds(&self, call: &'a CallExpression<'a>) -> bool {
        let mut call = call;
        for _ in 0..30 {
            let method = names::last(&call.callee);
            if matches!(method, "insertInto" | "updateTable" | "deleteFrom" | "replaceInto") {
                return names::object(&call.callee).is_some();
            }
            if !BUILDS.has(method) {
                return false;
            }
            let Some(object) = names::object(&call.callee) else { return false };
            let inner = match object.get_inner_expression() {
                Expression::Identifier(_) => self.constant_value(object).get_inner_expression(),
                other => other,
            };
            let Expression::CallExpression(inner) = inner else { return false };
            call = inner;
        }
        false
    }
}
