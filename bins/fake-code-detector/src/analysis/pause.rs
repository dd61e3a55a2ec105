//! Pauses: awaited values that only let time pass.
use crate::analysis::CallKind;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

const DEEPEST: usize = 5;

impl<'a> Module<'a> {
    /// Whether a value is a pause: `sleep(500)`, `new Promise((r) => setTimeout(r, 500))`, a race of such, or a function of the module
    /// that does nothing else.
    pub(crate) fn is_pause(&self, value: &'a Expression<'a>) -> bool {
        self.is_pause_at(value, 0)
    }

    fn is_pause_at(&self, value: &'a Expression<'a>, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        match value.get_inner_expression() {
            Expression::NewExpression(new) => self.is_paused_promise(new),
            Expression::CallExpression(call) => match self.call_kind(call) {
                CallKind::Timer => {
                    !names::last(&call.callee).starts_with("clear") && !names::last(&call.callee).starts_with("cancel")
                }
                CallKind::Local(id) => self.only_pauses(id),
                CallKind::Pure if matches!(names::last(&call.callee), "race" | "all" | "any" | "allSettled") => {
                    let Some(Argument::ArrayExpression(list)) = call.arguments.first() else { return false };
                    !list.elements.is_empty()
                        && list.elements.iter().all(|element| {
                            element.as_expression().is_some_and(|value| self.is_pause_at(value, depth + 1))
                        })
                }
                // `pause(250).then(() => pause(100))`
                CallKind::Pure if matches!(names::last(&call.callee), "then" | "finally") => {
                    let next = call.arguments.first().and_then(Argument::as_expression);
                    let next = next.and_then(|value| self.function_in(value)).and_then(|id| self.only_value(id));
                    names::object(&call.callee).is_some_and(|object| self.is_pause_at(object, depth + 1))
                        && next.is_some_and(|value| self.is_pause_at(value, depth + 1))
                }
                CallKind::Effect => self.is_imported_pause(call),
                _ => false,
            },
            Expression::Identifier(name) => {
                let Some(symbol) = self.symbol(name) else { return false };
                let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return false };
                it.init.as_ref().is_some_and(|init| self.is_pause_at(init, depth + 1))
            }
            _ => false,
        }
    }

    /// `new Promise((resolve) => setTimeout(resolve, 500))`, also where the timer resolves with a value.
    fn is_paused_promise(&self, new: &'a NewExpression<'a>) -> bool {
        let executor =
            new.arguments.first().and_then(Argument::as_expression).and_then(|value| self.function_in(value));
        let Some(executor) = executor.filter(|_| new.callee.is_specific_id("Promise")) else { return false };
        let calls = self.inside(&self.calls, executor);
        let mut kinds = calls.iter().map(|at| self.call_kind(at.it));
        let timed = calls.iter().any(|at| self.call_kind(at.it) == CallKind::Timer);
        timed && kinds.all(|kind| matches!(kind, CallKind::Timer | CallKind::Pure | CallKind::Log))
    }

    /// A function of the module whose awaits are all pauses, and that does nothing besides.
    fn only_pauses(&self, id: FunctionId) -> bool {
        let Some(summary) = self.summary(id) else { return false };
        !summary.timers().is_empty()
            && summary.work().is_none()
            && summary.awaits() == 0
            && self.inside(&self.calls, id).iter().all(|at| !self.call_kind(at.it).is_effect())
    }

    /// An imported function of a module about time that is given a duration: `after(TIMEOUT_MS, "late")` of `./clock`.
    fn is_imported_pause(&self, call: &'a CallExpression<'a>) -> bool {
        let Expression::Identifier(name) = &call.callee else { return false };
        let Some(import) = self.symbol(name).and_then(|symbol| self.imports.get(&symbol)) else { return false };
        let about_time = names::words(import.module.rsplit('/').next().unwrap_or("")).iter().any(|word| {
            lexicon::TIMERS.has(word) || matches!(word.as_str(), "clock" | "time" | "timer" | "timers" | "timing")
        });
        let duration =
            call.arguments.first().and_then(Argument::as_expression).is_some_and(|value| self.is_duration(value));
        about_time && duration
    }

    /// A number of milliseconds, by its value or by the words in it.
    pub(crate) fn is_duration(&self, value: &Expression<'a>) -> bool {
        let text = self.text_of(value.span());
        let number = matches!(value.get_inner_expression(), Expression::NumericLiteral(_));
        let timed = |word: &String| {
            matches!(
                word.as_str(),
                "ms" | "millis"
                    | "milliseconds"
                    | "seconds"
                    | "delay"
                    | "timeout"
                    | "duration"
                    | "interval"
                    | "latency"
            )
        };
        number
            || text.len() < 120
                && text
                    .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .any(|part| names::words(part).iter().any(timed))
    }
}
