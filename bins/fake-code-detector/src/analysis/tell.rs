//! Telling: calls that only say something, to the screen, to the one who asked, or to a trace.
use crate::analysis::{Grade, Origin, property};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Methods that answer a request.
static ANSWERS: Names = Names::new(&[
    "json",
    "send",
    "status",
    "sendStatus",
    "end",
    "redirect",
    "type",
    "code",
    "header",
    "set",
    "setHeader",
    "writeHead",
    "error",
    "render",
    "text",
    "html",
]);
static ANSWERERS: Names =
    Names::new(&["res", "response", "reply", "ctx", "c", "h", "NextResponse", "Response", "HttpResponse"]);
/// Methods that only touch the screen or the event at hand.
static GESTURES: Names = Names::new(&[
    "preventDefault",
    "stopPropagation",
    "focus",
    "blur",
    "scrollTo",
    "scrollIntoView",
    "select",
    "unref",
    "ref",
    "postMessage",
]);
/// What callbacks are told, where the word is no participle.
static NEWS: Names = Names::new(&[
    "done", "complete", "success", "finish", "ready", "progress", "update", "change", "error", "close", "end", "start",
    "open", "cancel", "step", "result", "tick", "sent", "fail", "failure", "paid", "sold", "bought", "built", "made",
]);

impl<'a> Module<'a> {
    /// Whether a call only tells: the screen, the one who asked, a trace.
    pub(crate) fn is_tell(&self, call: &'a CallExpression<'a>) -> bool {
        let callee = call.callee.get_inner_expression();
        let method = names::last(callee);
        // The pages and queries that show it are told to ask again.
        if matches!(
            method,
            "progress"
                | "updateProgress"
                | "reportProgress"
                | "setProgress"
                | "revalidatePath"
                | "revalidateTag"
                | "invalidateQueries"
                | "refetchQueries"
                | "setQueryData"
        ) {
            return true;
        }
        let root = names::root(callee);
        let root_name = names::last(root);
        if self.severity_of(call).is_some()
            || lexicon::TELLERS.has(root_name)
            // `input.select()`, not `db.select("id")`.
            || GESTURES.has(method) && (method != "select" || call.arguments.is_empty())
            || self.is_setter(call)
        {
            return true;
        }
        match names::object(callee) {
            None => {
                let first = call.arguments.first();
                let literal =
                    matches!(first, Some(Argument::ObjectExpression(_) | Argument::ArrowFunctionExpression(_)));
                match method {
                    "dispatch" | "set" | "setState" | "emit" | "commit" => {
                        literal || matches!(first, Some(Argument::StringLiteral(_)))
                    }
                    "done" | "callback" | "cb" | "next" | "resolve" | "reject" | "get" | "report" | "progress"
                    | "reportProgress" | "updateProgress" | "tick" | "paint" | "draw" | "show" | "render" => {
                        matches!(callee, Expression::Identifier(name) if self.origin_of_name(name).has(Origin::INPUT))
                    }
                    // Of a framework: the browser is sent to another page.
                    "redirect" | "permanentRedirect" | "notFound" => true,
                    // The answers of a thunk.
                    "fulfillWithValue" => true,
                    // `clear()` of a hook, in a component: the screen forgets.
                    "clear" | "reset" | "close" | "dismiss" => first.is_none() && !self.elements.is_empty(),
                    // `rejectWithValue(…)` of a thunk.
                    _ if method.starts_with("reject") => true,
                    _ => is_callback_name(method),
                }
            }
            Some(object) => {
                let on = names::last(object);
                matches!(object.get_inner_expression(), Expression::ThisExpression(_)) && method == "emit"
                    || on == "this" && method == "setState"
                    || ANSWERERS.has(root_name) && ANSWERS.has(method)
                    || lexicon::TELLERS.has(on)
                    || is_callback_name(method)
                    || matches!(on, "stdout" | "stderr") && method == "write"
                    || root_name == "process"
                        && matches!(method, "exit" | "on" | "cwd" | "uptime" | "hrtime" | "memoryUsage")
            }
        }
    }

    /// Whether a function tells by the verb that it is named after: `emitChange` calls `this.emit`, `dispatchAll` calls `dispatch`.
    pub(crate) fn tells_by_name(&self, id: FunctionId) -> bool {
        let verb = names::verb(self.function(id).name);
        !verb.is_empty()
            && self
                .inside(&self.calls, id)
                .iter()
                .any(|at| names::verb(names::last(&at.it.callee)) == verb && self.grade(at) == Grade::Tell)
    }

    /// Whether a call sets the state of a component: `setSaved(true)`.
    pub(crate) fn is_setter(&self, call: &CallExpression<'a>) -> bool {
        let Expression::Identifier(name) = &call.callee else { return false };
        let name = name.name.as_str();
        name.strip_prefix("set").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
            && !matches!(name, "setTimeout" | "setInterval" | "setImmediate")
    }

    /// Whether something comes of a module whose functions only compute, also by `promisify`.
    pub(crate) fn is_of_pure_module(&self, root: &'a Expression<'a>) -> bool {
        let Expression::Identifier(name) = root else { return false };
        let Some(symbol) = self.symbol(name) else { return false };
        if let Some(import) = self.imports.get(&symbol) {
            return lexicon::PURE_MODULES.has(import.module.strip_prefix("node:").unwrap_or(import.module));
        }
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return false };
        let Some(Expression::CallExpression(call)) = it.init.as_ref().map(Expression::get_inner_expression) else {
            return false;
        };
        match (names::last(&call.callee), call.arguments.first()) {
            ("promisify", Some(Argument::Identifier(inner))) => {
                self.symbol(inner).and_then(|symbol| self.imports.get(&symbol)).is_some_and(|import| {
                    lexicon::PURE_MODULES.has(import.module.strip_prefix("node:").unwrap_or(import.module))
                })
            }
            ("require", Some(Argument::StringLiteral(module))) => {
                lexicon::PURE_MODULES.has(module.value.strip_prefix("node:").unwrap_or(&module.value))
            }
            _ => false,
        }
    }

    /// How a message to the user is coloured; nothing where a call is no such message.
    pub(crate) fn severity_of(&self, call: &'a CallExpression<'a>) -> Option<&'a str> {
        let on = names::object(&call.callee).map_or("", |object| names::last(object));
        let method = names::last(&call.callee);
        let toasts =
            || ["toast", "toaster", "message", "notification", "notifications", "notify", "snackbar"].contains(&on);
        if matches!(method, "success" | "error" | "info" | "warning" | "warn") && toasts() {
            return Some(method);
        }
        // `spinner.succeed("published")`
        if method == "succeed" && (on.is_empty() || lexicon::TELLERS.has(on)) {
            return Some("success");
        }
        if !matches!(
            method,
            "toast"
                | "notify"
                | "show"
                | "addToast"
                | "showToast"
                | "create"
                | "enqueueSnackbar"
                | "open"
                | "showNotification"
                | "useToast"
        ) {
            return None;
        }
        let object = call.arguments.iter().find_map(|argument| match argument {
            Argument::ObjectExpression(it) => Some(&**it),
            _ => None,
        })?;
        let kind = ["variant", "status", "type", "severity", "color"].iter().find_map(|key| property(object, key))?;
        match kind {
            Expression::StringLiteral(text) => ["success", "error", "info", "warning", "destructive"]
                .into_iter()
                .find(|known| *known == text.value.as_str()),
            _ => None,
        }
    }
}

/// `onSaved`, `onClose`: whoever made the component is told.
fn is_callback_name(name: &str) -> bool {
    // `onSave`, `onSubmit` and `onConfirm` are orders: whoever made the component does it.
    let news = |word: &String| word.ends_with("ed") || NEWS.has(word.as_str());
    name.strip_prefix("on")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()) && names::words(rest).iter().any(news))
}
