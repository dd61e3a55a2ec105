//! Whether a function can fail a test: by an assertion, a `throw`, a helper of the same file, or a `done` that must be called.
use super::Tests;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// How many helpers deep assertions are looked for.
const DEEPEST: usize = 4;

impl<'a> Tests<'a> {
    /// Whether a function, or a helper of the same file that it names, asserts.
    pub(crate) fn asserts(&self, module: &Module<'a>, id: FunctionId) -> bool {
        self.asserts_at(module, id, 0)
    }

    /// Whether the module has a method of this name that asserts.
    pub(crate) fn has_method(&self, module: &Module<'a>, name: &str) -> bool {
        self.methods.get(name).is_some_and(|all| all.iter().any(|id| self.asserts(module, *id)))
    }

    fn asserts_at(&self, module: &Module<'a>, id: FunctionId, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        if let Some(known) = self.known.borrow().get(&id) {
            return *known;
        }
        self.known.borrow_mut().insert(id, false);
        let answer = !self.assertions_in(module, id).is_empty()
            || !module.inside(&module.throws, id).is_empty()
            || self.called_by(module, id).any(|helper| self.asserts_at(module, helper, depth + 1));
        self.known.borrow_mut().insert(id, answer);
        answer
    }

    /// The functions of this module that a function names, or calls as methods.
    fn called_by<'m>(&'m self, module: &'m Module<'a>, id: FunctionId) -> impl Iterator<Item = FunctionId> + 'm {
        let function = module.function(id);
        let named = (function.node.index()..function.end.index()).filter_map(move |index| {
            let AstKind::IdentifierReference(name) = module.kind(NodeId::from_usize(index)) else { return None };
            module.function_of(module.symbol(name)?)
        });
        let methods = module.inside(&module.calls, id).iter().flat_map(move |call| {
            let method = names::object(&call.it.callee).map_or("", |_| names::last(&call.it.callee));
            self.methods.get(method).into_iter().flatten().copied()
        });
        named.chain(methods).filter(move |helper| *helper != id)
    }

    /// Whether a case can fail by something else than an assertion: `done` is handed on, an event is waited for, types are checked.
    pub(crate) fn waits_for_something(&self, module: &Module<'a>, id: FunctionId) -> bool {
        if let Some(known) = self.waiting.borrow().get(&id) {
            return *known;
        }
        let found = self.find_waiting(module, id);
        self.waiting.borrow_mut().insert(id, found);
        found
    }

    fn find_waiting(&self, module: &Module<'a>, id: FunctionId) -> bool {
        let function = module.function(id);
        let given =
            function.params.items.first().map(|item| item.pattern.get_binding_identifiers()).unwrap_or_default();
        // A row of a table is no `done`.
        let row = matches!(module.kind(module.parent(function.node)), AstKind::CallExpression(call) if matches!(call.callee.get_inner_expression(), Expression::CallExpression(_) | Expression::TaggedTemplateExpression(_)));
        let single = !row
            && given.len() == 1
            && function.params.items.first().is_some_and(|item| item.pattern.get_binding_identifier().is_some());
        let known = |name: &str| matches!(name, "end" | "done" | "fail" | "pass" | "error" | "same" | "is" | "equal");
        let mut done = given
            .into_iter()
            .filter(|name| single || known(name.name.as_str()))
            .filter_map(|name| name.symbol_id.get());
        if done.any(|symbol| self.is_handed_on(module, symbol, id)) {
            return true;
        }
        let promise = module.inside(&module.news, id).iter().any(|new| {
            let executor =
                new.it.arguments.first().and_then(Argument::as_expression).and_then(|value| module.function_in(value));
            // A promise that only a timer resolves waits for nothing.
            new.it.callee.is_specific_id("Promise")
                && executor.is_none_or(|executor| {
                    !module
                        .inside(&module.calls, executor)
                        .iter()
                        .any(|call| matches!(names::last(&call.it.callee), "setTimeout" | "setImmediate" | "nextTick"))
                })
        });
        let once = module.inside(&module.calls, id).iter().any(|call| {
            let symbol = match call.it.callee.get_inner_expression() {
                Expression::Identifier(name) => module.symbol(name),
                _ => None,
            };
            names::last(&call.it.callee) == "once" && symbol.is_some_and(|symbol| module.source_of(symbol).is_some())
                || given_context(self, module, call.it)
        });
        let types = module.comments_in(function.span).iter().any(|comment| {
            let text = module.text_of(comment.content_span());
            text.contains("@ts-expect-error") || text.contains("$Expect") || text.contains("@ts-ignore")
        });
        promise || once || types
    }

    /// Whether a case asks somebody else than an assertion: the compiler, or a schema that throws.
    pub(crate) fn asks_otherwise(&self, module: &Module<'a>, id: FunctionId) -> bool {
        asks_schema(module, id) || self.checks_types(module, id)
    }

    /// `satisfies`, a type written in the case, or a typed constant that nothing reads: the compiler is what is asked.
    fn checks_types(&self, module: &Module<'a>, id: FunctionId) -> bool {
        let function = module.function(id);
        (function.node.index()..function.end.index()).any(|index| match module.kind(NodeId::from_usize(index)) {
            AstKind::TSSatisfiesExpression(_)
            | AstKind::TSTypeAliasDeclaration(_)
            | AstKind::TSInterfaceDeclaration(_) => true,
            AstKind::VariableDeclarator(it) => {
                it.type_annotation.is_some()
                    && it
                        .id
                        .get_binding_identifier()
                        .and_then(|name| name.symbol_id.get())
                        .is_some_and(|symbol| module.uses(symbol).next().is_none())
            }
            _ => false,
        })
    }

    /// `done` in a callback, or as an argument: the test ends only when it is called.
    fn is_handed_on(&self, module: &Module<'a>, symbol: SymbolId, id: FunctionId) -> bool {
        module.uses(symbol).any(|reference| {
            let node = reference.node_id();
            let nested = module.function_around(node) != Some(id);
            let member = matches!(module.kind(module.parent(node)), AstKind::StaticMemberExpression(_));
            let called = matches!(module.kind(module.parent(node)), AstKind::CallExpression(call) if call.callee.span() == module.kind(node).span());
            !member && (nested || !called)
        })
    }
}

/// `orderSchema.parse(x)`, `z.string().parse(x)`: a schema throws where the value is wrong.
fn asks_schema<'a>(module: &Module<'a>, id: FunctionId) -> bool {
    module.inside(&module.calls, id).iter().any(|at| {
        let Some(object) = names::object(&at.it.callee) else { return false };
        let parses = matches!(
            names::last(&at.it.callee),
            "parse" | "parseAsync" | "validateSync" | "assert" | "decode" | "encode"
        );
        parses && (names::last(object).to_lowercase().contains("schema") || is_schema(module, object))
    })
}

fn is_schema<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let mut root = names::root(value);
    for _ in 0..6 {
        let Expression::Identifier(name) = root else { return false };
        if matches!(name.name.as_str(), "z" | "yup" | "Joi") {
            return true;
        }
        root = match module.symbol(name).and_then(|symbol| module.unchanged_value(symbol)) {
            Some(init) => names::root(init),
            None => return false,
        };
    }
    false
}

/// A call that gets the `t` of a case.
fn given_context<'a>(tests: &Tests<'a>, module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    call.arguments.iter().any(|argument| match argument {
        Argument::Identifier(name) => module.symbol(name).is_some_and(|symbol| tests.contexts.contains(&symbol)),
        _ => false,
    })
}
