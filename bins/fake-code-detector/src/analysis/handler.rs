//! Handlers of what a user does, and the deeds that they do: whether anybody but the screen learns of it.
use crate::analysis::{CallKind, EffectKind, Handed};
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// What a call in a handler does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Nothing that lasts: a log, `preventDefault`, a validation.
    Quiet,
    /// It tells the user something.
    Say,
    /// It changes the state of the component.
    Set,
    /// It closes, resets or goes elsewhere.
    Leave,
    /// It reaches somebody else.
    Real,
}

/// One call of a handler, also through functions of the module.
#[derive(Clone, Copy)]
pub(crate) struct Deed<'a> {
    pub(crate) act: Act,
    pub(crate) call: &'a CallExpression<'a>,
}

const DEEPEST: usize = 12;

impl<'a> Module<'a> {
    /// The function that handles an attribute: written there, named there, or wrapped as in `handleSubmit(save)`.
    pub(crate) fn handler_of(&self, attribute: &'a JSXAttribute<'a>) -> Option<FunctionId> {
        match attribute.value.as_ref()? {
            JSXAttributeValue::ExpressionContainer(it) => self.handler_in(it.expression.as_expression()?, 0),
            _ => None,
        }
    }

    /// The function that an expression of a handler is.
    pub(crate) fn handler_in(&self, value: &'a Expression<'a>, depth: usize) -> Option<FunctionId> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(id) = self.function_meant(value) {
            return Some(id);
        }
        match self.meant(value) {
            Expression::CallExpression(call)
                if matches!(names::last(&call.callee), "handleSubmit" | "onSubmit" | "submit")
                    || names::is_wrapper(call)
                    || lexicon::WRAPPERS.has(names::last(&call.callee)) =>
            {
                self.handler_in(call.arguments.first()?.as_expression()?, depth + 1)
            }
            _ => None,
        }
    }

    /// What a handler does, call by call; nothing where it also changes something outside by itself.
    pub(crate) fn deeds(&self, id: FunctionId) -> Option<Vec<Deed<'a>>> {
        let (mut deeds, mut seen) = (Vec::new(), Vec::new());
        self.add_deeds(id, &mut deeds, &mut seen).then_some(deeds)
    }

    fn add_deeds(&self, id: FunctionId, deeds: &mut Vec<Deed<'a>>, seen: &mut Vec<FunctionId>) -> bool {
        if seen.contains(&id) {
            return true;
        }
        if seen.len() > DEEPEST {
            return false;
        }
        seen.push(id);
        let Some(summary) = self.summary(id) else { return false };
        let mut effects = summary.effects().iter();
        if effects.any(|effect| {
            effect.kind != EffectKind::Call && !self.only_paints(effect.node)
                || matches!(self.kind(effect.node), AstKind::NewExpression(_))
        }) {
            return false;
        }
        self.inside(&self.calls, id).iter().all(|at| match self.call_kind(at.it) {
            CallKind::Local(callee) => self.add_deeds(callee, deeds, seen),
            CallKind::Pure | CallKind::Change => match self.handed_on(at.it) {
                Handed::Nothing => true,
                Handed::Local(callee) => self.add_deeds(callee, deeds, seen),
                Handed::Unknown => {
                    deeds.push(Deed { act: Act::Real, call: at.it });
                    true
                }
            },
            kind => {
                let act = if kind == CallKind::Effect { self.act(at.it) } else { Act::Quiet };
                deeds.push(Deed { act, call: at.it });
                true
            }
        })
    }

    /// `document.getElementById("thanks").hidden = false`: a literal that only the page shows.
    fn only_paints(&self, node: NodeId) -> bool {
        let AstKind::AssignmentExpression(it) = self.kind(node) else { return false };
        let painted = matches!(
            names::target(&it.left).1,
            "hidden" | "textContent" | "innerText" | "className" | "innerHTML" | "disabled" | "display" | "visibility"
        );
        painted && self.origin(&it.right).is_constant()
    }

    /// What a call that is not understood otherwise does, by what it is called on and how it is named.
    fn act(&self, call: &'a CallExpression<'a>) -> Act {
        let name = names::last(&call.callee);
        if matches!(name, "preventDefault" | "stopPropagation" | "stopImmediatePropagation" | "persist") {
            return Act::Quiet;
        }
        if let Expression::Identifier(callee) = call.callee.get_inner_expression()
            && let Some(symbol) = self.symbol(callee)
            && self.is_state(symbol, 1)
        {
            return Act::Set;
        }
        // Asking the user is no deed, and what is cleared in the browser is only forgotten there.
        let on = names::object(&call.callee).map_or("", |object| names::last(object));
        match (on, name) {
            ("" | "window" | "globalThis", "confirm" | "prompt") | (_, "getRandomValues" | "randomUUID") => {
                return Act::Quiet;
            }
            // `dispatch(closeDrawer())`
            ("", "dispatch") if orders_the_screen(call) => return Act::Leave,
            ("document", "getElementById" | "querySelector") => return Act::Quiet,
            ("", "nanoid" | "uuid" | "uuidv4" | "v4" | "ulid" | "createId" | "cuid") => return Act::Quiet,
            ("this", "setState") => return Act::Set,
            ("localStorage" | "sessionStorage", "removeItem" | "clear" | "getItem") => return Act::Leave,
            _ => {}
        }
        let words = names::words(name);
        let all: Vec<String> = names::text_words(self.text_of(call.callee.span())).collect();
        let any = |list: &[&str]| all.iter().any(|word| list.contains(&word.as_str()));
        let first = words.first().map_or("", String::as_str);
        let literal = call
            .arguments
            .iter()
            .all(|argument| argument.as_expression().is_some_and(|value| self.origin(value).is_constant()));
        match first {
            _ if any(&[
                "toast",
                "toaster",
                "snackbar",
                "notify",
                "notification",
                "notifications",
                "alert",
                "announce",
            ]) =>
            {
                Act::Say
            }
            "success" | "info" | "error" | "warning" | "warn" if any(&["message", "msg", "flash", "growl"]) => Act::Say,
            _ if any(&["analytics", "track", "tracking", "telemetry", "gtag", "posthog", "mixpanel"]) => Act::Quiet,
            "validate" | "safe" | "parse" | "trigger" | "is" | "check" => Act::Quiet,
            "close" | "dismiss" | "hide" | "toggle" | "reset" | "blur" | "focus" | "navigate" | "clear" | "refresh"
            | "revalidate" | "redirect" => Act::Leave,
            "push" | "replace" | "back" if any(&["router", "navigation", "history", "nav"]) => Act::Leave,
            "on" if words.get(1).is_some_and(|word| {
                matches!(word.as_str(), "close" | "open" | "cancel" | "dismiss" | "hide" | "toggle" | "done")
            }) && literal =>
            {
                Act::Leave
            }
            "set" if words.len() > 1 && literal => Act::Leave,
            _ => Act::Real,
        }
    }

    /// What a call that reaches something does.
    pub(crate) fn act_of(&self, call: &'a CallExpression<'a>) -> Act {
        self.act(call)
    }

    /// Whether a symbol is the part at a position of `const [state, setState] = useState(…)`.
    pub(crate) fn is_state(&self, symbol: SymbolId, position: usize) -> bool {
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return false };
        let (BindingPattern::ArrayPattern(pattern), Some(Expression::CallExpression(call))) =
            (&it.id, it.init.as_ref().map(Expression::get_inner_expression))
        else {
            return false;
        };
        let state = matches!(
            names::last(&call.callee),
            "useState" | "useReducer" | "useOptimistic" | "useImmer" | "createSignal" | "useSignal"
        );
        state
            && pattern
                .elements
                .get(position)
                .and_then(Option::as_ref)
                .is_some_and(|element| element.get_symbol_ids().contains(&symbol))
    }

    /// Whether an expression names one of some symbols; with `plain` not inside of a text that is put together.
    pub(crate) fn mentions(&self, value: &'a Expression<'a>, symbols: &[SymbolId], plain: bool) -> bool {
        let span = value.span();
        symbols.iter().any(|symbol| {
            self.uses(*symbol).any(|reference| {
                let node = reference.node_id();
                span.contains_inclusive(self.kind(node).span())
                    && !(plain
                        && self
                            .around(node)
                            .take_while(|(_, kind)| span.contains_inclusive(kind.span()))
                            .any(|(_, kind)| matches!(kind, AstKind::TemplateLiteral(_))))
            })
        })
    }
}

/// Whether what is dispatched is an action that only opens, closes or selects something.
fn orders_the_screen(call: &CallExpression<'_>) -> bool {
    let Some(Argument::CallExpression(action)) = call.arguments.first() else { return false };
    let words = names::words(names::last(&action.callee));
    words.len() > 1
        && words.first().is_some_and(|verb| {
            matches!(verb.as_str(), "close" | "open" | "hide" | "show" | "toggle" | "dismiss" | "collapse")
        })
}
