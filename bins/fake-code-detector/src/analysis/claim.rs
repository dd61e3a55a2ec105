//! Claims: values and calls that say that something was done.
use crate::analysis::{CallKind, Origin, object_keys, property};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

/// What a value or call says was done.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) node: NodeId,
    pub(crate) span: Span,
    /// As it is written: `stored: true`.
    pub(crate) text: String,
    /// It says so in a literal; else only a count or a time under such a name does.
    pub(crate) strong: bool,
}

static STATES: Names =
    Names::new(&["status", "state", "result", "outcome", "phase", "decision", "stage", "delivery", "kind", "verdict"]);
/// Words of a key that take a claim back: it says that nothing was done, or that it was done before.
static TAKES_BACK: Names = Names::new(&[
    "dry",
    "skipped",
    "simulated",
    "estimate",
    "already",
    "duplicate",
    "cached",
    "existing",
    "noop",
    "changed",
    "preview",
    "valid",
    "errors",
    "issues",
    "unchanged",
    "disabled",
]);

impl<'a> Module<'a> {
    /// What an object says was done, through `await`, casts, `Promise.resolve`, `NextResponse.json` and constants.
    pub(crate) fn claim_in(&self, value: &'a Expression<'a>) -> Option<(Span, String, bool)> {
        self.claim_at(value, 0)
    }

    fn claim_at(&self, value: &'a Expression<'a>, depth: usize) -> Option<(Span, String, bool)> {
        if depth > 4 {
            return None;
        }
        match value.get_inner_expression() {
            Expression::ObjectExpression(it) => self.claim_of_object(it, depth),
            Expression::AwaitExpression(it) => self.claim_at(&it.argument, depth + 1),
            Expression::CallExpression(call)
                if matches!(names::last(&call.callee), "resolve" | "json" | "stringify" | "send" | "freeze" | "ok") =>
            {
                self.claim_at(call.arguments.first()?.as_expression()?, depth + 1)
            }
            // `jobs.map((job) => ({ id: job.id, printed: true }))`
            Expression::CallExpression(call) if names::last(&call.callee) == "map" => {
                let each = self.function_in(call.arguments.first()?.as_expression()?)?;
                self.returns_of(each).filter_map(|it| it.value).find_map(|value| match value.get_inner_expression() {
                    Expression::ObjectExpression(it) => self.claim_of_object(it, depth + 1),
                    _ => None,
                })
            }
            Expression::NewExpression(new) if names::last(&new.callee) == "Response" => {
                self.claim_at(new.arguments.first()?.as_expression()?, depth + 1)
            }
            Expression::Identifier(name) => {
                let symbol = self.symbol(name)?;
                let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return None };
                let written = self.semantic.scoping().symbol_is_mutated(symbol);
                if written { None } else { self.claim_at(it.init.as_ref()?, depth + 1) }
            }
            _ => None,
        }
    }

    fn claim_of_object(&self, object: &'a ObjectExpression<'a>, depth: usize) -> Option<(Span, String, bool)> {
        let mut found: Option<(Span, String, bool)> = None;
        // An action of a store only names what happened.
        if object_keys(object).any(|key| key == "type")
            && matches!(property(object, "type").map(Expression::get_inner_expression), Some(Expression::StringLiteral(kind)) if kind.value.contains('/') || kind.value.len() > 2 && kind.value.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        {
            return None;
        }
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(it) = property else { continue };
            let key = names::key(&it.key);
            let words = names::words(key);
            let literal = matches!(it.value.get_inner_expression(), Expression::BooleanLiteral(value) if value.value);
            // `errors: 0`, `issues: []` takes nothing back.
            let none = match it.value.get_inner_expression() {
                Expression::NumericLiteral(number) => number.value == 0.0,
                Expression::ArrayExpression(list) => list.elements.is_empty(),
                _ => false,
            };
            if !none
                && words.iter().any(|word| {
                    TAKES_BACK.has(word.as_str()) && (literal || matches!(word.as_str(), "errors" | "issues" | "valid"))
                })
            {
                return None;
            }
            let succeeded = words.iter().any(|word| is_done(word))
                && !words.iter().any(|word| {
                    matches!(word.as_str(), "not" | "un" | "failed" | "count" | "total" | "is" | "can" | "requested")
                });
            let claim = match it.value.get_inner_expression() {
                Expression::BooleanLiteral(value) if succeeded && value.value => Some(true),
                Expression::BooleanLiteral(value) if matches!(key, "success" | "ok") && !value.value => return None,
                Expression::StringLiteral(text) if STATES.has(key) || succeeded => {
                    is_success(&text.value).then_some(true)
                }
                Expression::ObjectExpression(inner)
                    if matches!(key, "data" | "result" | "payload" | "body") && depth < 3 =>
                {
                    self.claim_of_object(inner, depth + 1).map(|it| it.2)
                }
                Expression::CallExpression(_) if key == "body" => self.claim_at(&it.value, depth + 1).map(|it| it.2),
                value if succeeded && self.is_own_count(value) => Some(false),
                _ => None,
            };
            if let Some(strong) = claim
                && found.as_ref().is_none_or(|found| strong && !found.2)
            {
                found = Some((it.span, self.brief(it.span), strong));
            }
        }
        found
    }

    /// A count or a time that the function makes itself: `items.length`, a local counter, `new Date()`.
    fn is_own_count(&self, value: &'a Expression<'a>) -> bool {
        match value {
            Expression::StaticMemberExpression(it) => matches!(it.property.name.as_str(), "length" | "size"),
            Expression::NewExpression(_) | Expression::CallExpression(_) => {
                self.origin(value).has(Origin::TIME) && !self.origin(value).has(Origin::CALL)
            }
            Expression::Identifier(name) => {
                let Some(symbol) = self.symbol(name) else { return false };
                let counter = matches!(self.kind(self.declaration(symbol)), AstKind::VariableDeclarator(it) if matches!(it.init, Some(Expression::NumericLiteral(_))));
                counter && !self.origin_of_symbol(symbol).has(Origin::CALL)
            }
            Expression::NumericLiteral(it) => it.value > 0.0,
            _ => false,
        }
    }

    /// Everything in a function that says that something was done; functions inside of it are left out where they are callbacks
    /// of somebody else.
    pub(crate) fn claims_of(&self, id: FunctionId) -> &[Claim] {
        self.claims[id.0 as usize].get_or_init(|| self.find_claims(id))
    }

    fn find_claims(&self, id: FunctionId) -> Vec<Claim> {
        let mut claims: Vec<Claim> = Vec::new();
        for at in self.own(&self.returns, id) {
            let Some(value) = at.it.value else { continue };
            if let Some((_, text, strong)) = self.claim_in(value) {
                claims.push(Claim { node: at.node, span: at.it.span, text, strong });
            }
        }
        let function = self.function(id);
        claims.extend(self.calls_that_claim(id, function.node, function.end));
        claims.extend(self.refs_that_claim(id));
        claims.sort_by_key(|claim| claim.node);
        claims
    }

    /// `sent.value = true` of `const sent = ref(false)`: the screen says it.
    fn refs_that_claim(&self, id: FunctionId) -> impl Iterator<Item = Claim> + '_ {
        self.own(&self.writes, id).filter_map(|at| {
            let Write::Assign(it) = at.it else { return None };
            let (_, "value") = names::target(&it.left) else { return None };
            let Expression::Identifier(name) = names::target_object(&it.left)?.get_inner_expression() else {
                return None;
            };
            let Expression::CallExpression(made) = self.initial(name)?.get_inner_expression() else { return None };
            let held = matches!(names::last(&made.callee), "ref" | "shallowRef" | "signal" | "useSignal");
            let done = match it.right.get_inner_expression() {
                Expression::BooleanLiteral(value) => value.value && is_success(&name.name),
                Expression::StringLiteral(text) => is_success(&text.value),
                _ => false,
            };
            let neutral = names::words(&name.name).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "done"
                        | "ready"
                        | "loaded"
                        | "finished"
                        | "completed"
                        | "closed"
                        | "active"
                        | "online"
                        | "enabled"
                        | "up"
                        | "valid"
                        | "authenticated"
                        | "connected"
                )
            });
            (held && done && !neutral).then(|| Claim {
                node: at.node,
                span: it.span,
                text: self.brief(it.span),
                strong: true,
            })
        })
    }

    /// Calls between two nodes of a function itself that say that something was done.
    pub(crate) fn calls_that_claim(&self, id: FunctionId, start: NodeId, end: NodeId) -> Vec<Claim> {
        let mut claims = Vec::new();
        let mut states: Vec<(SymbolId, String)> = Vec::new();
        for at in self.between(&self.calls, start, end).iter().filter(|at| at.function == Some(id)) {
            let call = at.it;
            let told = match self.call_kind(call) {
                CallKind::Effect => self.is_tell(call),
                CallKind::Pure => names::object(&call.callee).is_none(),
                CallKind::Local(local) => self.function(local).span.size() < 200,
                _ => false,
            };
            if !told {
                continue;
            }
            let text = || self.brief(call.span);
            if self.is_good_news(call) {
                claims.push(Claim { node: at.node, span: call.span, text: text(), strong: true });
                continue;
            }
            if self.is_setter(call) {
                if self.sets_success(call, &mut states) {
                    claims.push(Claim { node: at.node, span: call.span, text: text(), strong: true });
                }
                continue;
            }
            if self.is_done_action(call) {
                claims.push(Claim { node: at.node, span: call.span, text: text(), strong: true });
                continue;
            }
            let said =
                call.arguments.iter().filter_map(Argument::as_expression).find_map(|argument| self.claim_in(argument));
            if let Some((_, text, strong)) = said {
                claims.push(Claim { node: at.node, span: call.span, text, strong });
            }
        }
        claims
    }

    /// `dispatch({ type: "refund/succeeded" })`.
    fn is_done_action(&self, call: &'a CallExpression<'a>) -> bool {
        // `this.emit("deleted", id)` of an asynchronous method: what is told should have been waited for.
        if let ("emit", Some(Argument::StringLiteral(event))) = (names::last(&call.callee), call.arguments.first()) {
            let waits = self.function_around(call.node_id.get()).is_some_and(|id| self.function(id).is_async);
            return waits && is_success(event.value.rsplit(['/', ':', '.']).next().unwrap_or(""));
        }
        if !matches!(names::last(&call.callee), "dispatch" | "commit" | "postMessage") {
            return false;
        }
        let Some(Argument::ObjectExpression(action)) = call.arguments.first() else { return false };
        let kind = property(action, "type").map(Expression::get_inner_expression);
        matches!(kind, Some(Expression::StringLiteral(kind)) if is_success(kind.value.rsplit(['/', ':', '.']).next().unwrap_or("")))
    }

    /// `toast.success("Saved")`, `notify({ type: "success" })`.
    fn is_good_news(&self, call: &'a CallExpression<'a>) -> bool {
        self.severity_of(call) == Some("success")
    }

    /// Whether a call sets a state that says that something was done: `setSaved(true)`, `setStatus("sent")`. That a wait is over
    /// (`setLoaded(true)`) is none.
    pub(crate) fn sets_done(&self, call: &'a CallExpression<'a>) -> bool {
        if !self.is_setter(call) {
            return false;
        }
        let neutral = |word: &str| {
            matches!(
                word,
                "done"
                    | "ready"
                    | "completed"
                    | "finished"
                    | "closed"
                    | "loaded"
                    | "ended"
                    | "stopped"
                    | "opened"
                    | "started"
                    | "reset"
                    | "cleared"
                    | "online"
                    | "active"
                    | "up"
                    | "tried"
                    | "failed"
                    | "blocked"
                    | "locked"
                    | "disabled"
                    | "enabled"
                    | "checked"
                    | "resolved"
            )
        };
        let says = |text: &str| names::words(text).iter().any(|word| is_done(word) && !neutral(word));
        match call.arguments.first() {
            Some(Argument::BooleanLiteral(it)) => it.value && says(names::last(&call.callee)),
            Some(Argument::StringLiteral(it)) => is_success(&it.value) && says(&it.value),
            _ => false,
        }
    }

    /// `setPhase("saving")` and then `setPhase("saved")`: between the two something should have happened. `setSavedAt(new Date())`
    /// says it at once, and so does an object that is a claim.
    fn sets_success(&self, call: &'a CallExpression<'a>, states: &mut Vec<(SymbolId, String)>) -> bool {
        let Expression::Identifier(name) = &call.callee else { return false };
        let Some(value) = call.arguments.first().and_then(Argument::as_expression) else { return false };
        let words = names::words(&name.name);
        let done = words.iter().skip(1).any(|word| is_done(word));
        match value.get_inner_expression() {
            Expression::StringLiteral(text) => {
                let Some(symbol) = self.symbol(name) else { return false };
                let before = states.iter().any(|(known, state)| *known == symbol && *state != text.value.as_str());
                states.push((symbol, text.value.to_string()));
                before && is_success(&text.value)
            }
            Expression::NewExpression(_) | Expression::CallExpression(_) => {
                done && words.last().is_some_and(|word| word == "at") && self.origin(value).has(Origin::TIME)
            }
            Expression::ObjectExpression(_) => self.claim_in(value).is_some_and(|claim| claim.2),
            _ => false,
        }
    }
}

/// A word for success, or the participle of a verb that promises an effect: `acquired`, `copied`.
pub(crate) fn is_done(word: &str) -> bool {
    let verb = |stem: &str| lexicon::EFFECT_VERBS.has(stem);
    lexicon::SUCCESS_WORDS.has(word)
        || word.strip_suffix("ied").is_some_and(|stem| verb(&format!("{stem}y")))
        || word.strip_suffix("ed").is_some_and(verb)
        || word.strip_suffix('d').is_some_and(|stem| stem.ends_with('e') && verb(stem))
}

/// `saved`, `COMPLETED`, `payment_captured`: a state that says that something went well.
pub(crate) fn is_success(text: &str) -> bool {
    let words = names::words(text);
    words.len() <= 3
        && words.iter().any(|word| is_done(word))
        && !words
            .iter()
            .any(|word| matches!(word.as_str(), "not" | "un" | "failed" | "partial" | "pending" | "already"))
}
