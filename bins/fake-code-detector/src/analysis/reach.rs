//! Where a value goes: whether anybody sees it as an answer, a state or a response.
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Nowhere that counts.
    Nowhere,
    /// Into an argument of some call.
    Argument,
    /// Into a field of `this`.
    Field,
    /// A function returns or yields it.
    Return,
    /// It becomes the state of a component or store.
    State,
    /// It is sent as the answer to a request.
    Response,
}

const DEEPEST: usize = 5;

impl<'a> Module<'a> {
    /// Where the value of a node goes, through variables.
    pub(crate) fn reach(&self, node: NodeId) -> Reach {
        self.reach_at(node, 0)
    }

    fn reach_at(&self, node: NodeId, depth: usize) -> Reach {
        self.effort.deeper(|| self.reach_within(node, depth)).unwrap_or(Reach::Nowhere)
    }

    fn reach_within(&self, node: NodeId, depth: usize) -> Reach {
        if depth > DEEPEST {
            return Reach::Nowhere;
        }
        let mut inner = self.kind(node).span();
        for (id, around) in self.around(node) {
            match around {
                AstKind::ReturnStatement(_) | AstKind::YieldExpression(_) => return self.reach_of_return(id, depth),
                AstKind::ArrowFunctionExpression(_) => return self.reach_of_callback(id, depth),
                AstKind::CallExpression(call) => {
                    if call.callee.span().contains_inclusive(inner) {
                        if let Some(pattern) = self.told_to(call) {
                            return self.reach_of_pattern(pattern, depth + 1);
                        }
                        if let Some(reach) = self.reach_of_next(call, depth) {
                            return reach;
                        }
                        // `rows.filter(…)`: what comes of it goes on.
                        inner = call.span;
                        continue;
                    }
                    match self.reach_of_argument(call, depth) {
                        Some(reach) => return reach,
                        None => inner = call.span,
                    }
                }
                AstKind::JSXExpressionContainer(_) | AstKind::JSXSpreadAttribute(_) => return Reach::State,
                AstKind::VariableDeclarator(it) => return self.reach_of_pattern(&it.id, depth),
                AstKind::AssignmentExpression(it) => {
                    if it.left.span().contains_inclusive(inner) {
                        return Reach::Nowhere;
                    }
                    return self.reach_of_target(&it.left, depth);
                }
                // `for (const row of rows) yield row;`
                AstKind::ForOfStatement(it) if it.right.span().contains_inclusive(inner) => {
                    let ForStatementLeft::VariableDeclaration(declaration) = &it.left else { return Reach::Nowhere };
                    return declaration
                        .declarations
                        .first()
                        .map_or(Reach::Nowhere, |it| self.reach_of_pattern(&it.id, depth));
                }
                AstKind::PropertyDefinition(_) => return Reach::Field,
                AstKind::IfStatement(_)
                | AstKind::ForStatement(_)
                | AstKind::WhileStatement(_)
                | AstKind::SwitchStatement(_)
                | AstKind::ExpressionStatement(_)
                | AstKind::Function(_)
                | AstKind::ThrowStatement(_)
                | AstKind::Program(_)
                | AstKind::ForOfStatement(_) => return Reach::Nowhere,
                _ => inner = around.span(),
            }
        }
        Reach::Nowhere
    }

    /// `….then(setUsage)`: what the step before answered becomes the state.
    fn reach_of_next(&self, call: &'a CallExpression<'a>, depth: usize) -> Option<Reach> {
        if names::last(&call.callee) != "then" {
            return None;
        }
        let next = call.arguments.first()?.as_expression()?;
        if let Expression::Identifier(name) = next.get_inner_expression() {
            return is_state(&name.name, false).then_some(Reach::State);
        }
        let id = self.function_in(next)?;
        let reach = self.reach_of_pattern(&self.function(id).params.items.first()?.pattern, depth + 1);
        (reach >= Reach::State).then_some(reach)
    }

    /// The parameter that a value goes to in `Promise.resolve(value).then((list) => …)` as a statement.
    fn told_to(&self, call: &'a CallExpression<'a>) -> Option<&'a BindingPattern<'a>> {
        let alone = names::last(&call.callee) == "then"
            && matches!(self.kind(self.parent(call.node_id.get())), AstKind::ExpressionStatement(_));
        if !alone {
            return None;
        }
        let Expression::CallExpression(made) = names::object(&call.callee)?.get_inner_expression() else { return None };
        let ready = names::last(&made.callee) == "resolve";
        let id = self.function_in(call.arguments.first()?.as_expression()?).filter(|_| ready)?;
        Some(&self.function(id).params.items.first()?.pattern)
    }

    /// The value of `return` in the callback of `rows.map(…)` or `useMemo(…)` goes where the call goes.
    fn reach_of_return(&self, node: NodeId, depth: usize) -> Reach {
        match self.function_around(node) {
            Some(id) => self.reach_of_callback(self.function(id).node, depth),
            None => Reach::Return,
        }
    }

    fn reach_of_callback(&self, function: NodeId, depth: usize) -> Reach {
        let parent = self.parent(function);
        if let AstKind::CallExpression(call) = self.kind(parent)
            && call.callee.span() != self.kind(function).span()
        {
            if let Some(reach) = self.reach_of_argument(call, depth) {
                return if reach == Reach::Argument { Reach::Return } else { reach };
            }
            return self.reach_at(parent, depth + 1).max(Reach::Argument);
        }
        Reach::Return
    }

    /// Where an argument goes; nothing where it is part of the call's own value.
    fn reach_of_argument(&self, call: &'a CallExpression<'a>, depth: usize) -> Option<Reach> {
        let method = names::last(&call.callee);
        let object = names::object(&call.callee);
        if is_state(method, object.is_some()) {
            return Some(Reach::State);
        }
        if matches!(method, "dispatch" | "emit" | "next" | "commit" | "patchState" | "setQueryData")
            && !call.arguments.is_empty()
        {
            return Some(Reach::State);
        }
        if object.is_none() && matches!(method, "resolve" | "callback" | "cb" | "done") {
            return Some(Reach::Return);
        }
        // `set({ orders })` of a store that gave it: zustand, valtio.
        if object.is_none() && method == "set" {
            return Some(Reach::State);
        }
        if object.is_some() && matches!(method, "json" | "send" | "jsonp" | "end" | "reply" | "render") {
            return Some(Reach::Response);
        }
        if matches!(method, "push" | "unshift" | "set" | "add" | "append") {
            let root = object.map(|object| names::root(object));
            return Some(match root {
                Some(Expression::ThisExpression(_)) => Reach::Field,
                Some(Expression::Identifier(name)) => {
                    self.symbol(name).map_or(Reach::Argument, |symbol| self.reach_of_symbol(symbol, depth + 1))
                }
                _ => Reach::Argument,
            });
        }
        match self.call_kind(call) {
            crate::analysis::CallKind::Log | crate::analysis::CallKind::Timer => Some(Reach::Nowhere),
            crate::analysis::CallKind::Effect
                if matches!(
                    method,
                    "useMemo" | "useCallback" | "memo" | "computed" | "cache" | "map" | "from" | "of" | "resolve"
                ) =>
            {
                None
            }
            crate::analysis::CallKind::Effect => Some(Reach::Argument),
            _ => None,
        }
    }

    fn reach_of_pattern(&self, pattern: &BindingPattern<'a>, depth: usize) -> Reach {
        pattern
            .get_symbol_ids()
            .into_iter()
            .map(|symbol| self.reach_of_symbol(symbol, depth + 1))
            .max()
            .unwrap_or(Reach::Nowhere)
    }

    fn reach_of_target(&self, target: &'a AssignmentTarget<'a>, depth: usize) -> Reach {
        let root = match target {
            AssignmentTarget::AssignmentTargetIdentifier(name) => Some(&**name),
            other => match names::target_object(other).map(|object| names::root(object)) {
                Some(Expression::Identifier(name)) => Some(&**name),
                Some(Expression::ThisExpression(_)) => return Reach::Field,
                _ => None,
            },
        };
        match root.and_then(|name| self.symbol(name)) {
            Some(symbol) => self.reach_of_symbol(symbol, depth + 1),
            None => Reach::Argument,
        }
    }

    /// Where the value of a variable goes at best.
    pub(crate) fn reach_of_symbol(&self, symbol: SymbolId, depth: usize) -> Reach {
        if depth > DEEPEST {
            return Reach::Nowhere;
        }
        self.uses(symbol)
            .take(40)
            .map(|reference| self.reach_at(reference.node_id(), depth))
            .max()
            .unwrap_or(Reach::Nowhere)
    }

    /// The function that a reader would name when asked where something happens: out of callbacks without a name, up to a
    /// function with one or to what handles a request.
    pub(crate) fn home(&self, id: FunctionId) -> FunctionId {
        let mut id = id;
        // A bound: nobody nests this deep.
        for _ in 0..32 {
            let function = self.function(id);
            let handles = matches!(
                function.argument_of,
                "get" | "post" | "put" | "patch" | "delete" | "use" | "on" | "all" | "route" | "handle" | "create"
            );
            match function.parent {
                Some(parent) if function.name.is_empty() && !handles => id = parent,
                _ => return id,
            }
        }
        id
    }

    /// Whether a name of the function, of one around it, of its class or of its file has one of these words.
    pub(crate) fn context_has(&self, function: Option<FunctionId>, lexicon: &crate::lexicon::Lexicon) -> bool {
        let mut next = function;
        while let Some(id) = next {
            let it = self.function(id);
            if names::has_word(it.name, lexicon) || names::has_word(it.owner, lexicon) {
                return true;
            }
            next = it.parent;
        }
        names::has_word(self.stem(), lexicon)
    }

    /// The name of the file up to its first dot.
    pub(crate) fn stem(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or("").split('.').next().unwrap_or("")
    }
}

/// Whether a call puts its argument into the state of a component or store.
pub(crate) fn is_state(method: &str, is_method: bool) -> bool {
    let setter =
        method.strip_prefix("set").is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()));
    let timers = matches!(
        method,
        "setTimeout" | "setInterval" | "setImmediate" | "setHeader" | "setAttribute" | "setItem" | "setProperty"
    );
    let made = matches!(
        method,
        "useState"
            | "useReducer"
            | "signal"
            | "ref"
            | "reactive"
            | "observable"
            | "writable"
            | "atom"
            | "createSignal"
            | "createSlice"
            | "defineStore"
            | "createStore"
            | "create"
    );
    setter && !timers && !is_method || method == "setState" || made && !is_method
}
