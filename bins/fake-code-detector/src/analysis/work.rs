//! Work: which calls and writes of a function do what a caller wants done, and which only look, tell, log or wait.
//!
//! [`CallKind::Effect`] says that a call reaches something. Here it is weighed: `repo.find(id)` looks, `toast.success("Saved")`,
//! `setSaved(true)` and `res.json(x)` tell, `repo.save(x)` works. What is not understood works.
use crate::analysis::{CallKind, Origin};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{At, FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

/// What a call is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// It computes, logs or waits.
    Nothing,
    /// It tells a user, a caller or a trace something.
    Tell,
    /// It looks at something outside.
    Read,
    /// It does something.
    Work,
}

/// Constructors that reach out by themselves.
static ACTIVE: Names = Names::new(&[
    "WebSocket",
    "Worker",
    "SharedWorker",
    "EventSource",
    "XMLHttpRequest",
    "Notification",
    "BroadcastChannel",
    "RTCPeerConnection",
    "Audio",
]);
/// Calls that run the function that they are given, and do nothing else that matters here.
static FRAMES: Names = Names::new(&[
    "transaction",
    "withTransaction",
    "$transaction",
    "withLock",
    "withSpan",
    "startActiveSpan",
    "useEffect",
    "useLayoutEffect",
    "startTransition",
    "batch",
    "act",
    "nextTick",
    "flushSync",
    "produce",
    "on",
    "once",
    "addEventListener",
]);

/// Verbs of calls that do whatever their arguments say.
static COMMANDS: Names = Names::new(&[
    "request",
    "query",
    "execute",
    "exec",
    "run",
    "call",
    "invoke",
    "fetch",
    "ensure",
    "process",
    "perform",
    "handle",
    "scan",
    "collect",
    "pull",
    "download",
    "open",
    "confirm",
    "authorize",
    "authorise",
    "authenticate",
    "use",
    "receive",
    "ask",
    "api",
    "command",
    "with",
    "require",
    "complete",
]);

impl<'a> Module<'a> {
    /// What a call is worth.
    pub(crate) fn grade(&self, at: &At<&'a CallExpression<'a>>) -> Grade {
        let call = at.it;
        let by_name = self.works_by_name(call);
        match self.call_kind(call) {
            CallKind::Effect | CallKind::Change if self.in_vain(at).is_some() || self.is_hashing(call) => {
                Grade::Nothing
            }
            _ if by_name => Grade::Work,
            CallKind::Pure | CallKind::Change | CallKind::Log | CallKind::Timer => Grade::Nothing,
            CallKind::Local(id) => match self.summary(id) {
                Some(summary) if summary.work().is_none() => Grade::Nothing,
                // A helper that is asked is no work, even where it posts: what its name says and what becomes of its answer decide.
                _ if self.is_question(at) => Grade::Read,
                // A function that is being looked at calls itself: what it does is counted anyway. What is too deep works.
                None if self.is_being_looked_at(id) => Grade::Nothing,
                _ => Grade::Work,
            },
            CallKind::Effect => self.grade_of_effect(at),
        }
    }

    /// Whether a call is given a function by its name that works: `rows.forEach(save)`, `answer.then(store.put)`.
    fn works_by_name(&self, call: &'a CallExpression<'a>) -> bool {
        if !matches!(
            names::last(&call.callee),
            "forEach" | "map" | "flatMap" | "then" | "filter" | "reduce" | "setTimeout"
        ) {
            return false;
        }
        // Behind the function there is only how long, or what to start with.
        call.arguments.iter().take(1).filter_map(Argument::as_expression).any(|argument| {
            match argument.get_inner_expression() {
                Expression::Identifier(name) => {
                    match self.symbol(name).map(|symbol| (symbol, self.function_of(symbol))) {
                        Some((_, Some(id))) => self.summary(id).is_some_and(|summary| summary.work().is_some()),
                        Some((symbol, None)) if self.imports.contains_key(&symbol) => {
                            names::verb_in(name.name.as_str(), &lexicon::EFFECT_VERBS)
                        }
                        // Whoever gave it knows what it does.
                        Some((symbol, None)) => {
                            matches!(self.kind(self.declaration(symbol)), AstKind::FormalParameter(_))
                                && !self.is_executor_parameter(symbol)
                        }
                        None => false,
                    }
                }
                Expression::StaticMemberExpression(member) => {
                    names::verb_in(member.property.name.as_str(), &lexicon::EFFECT_VERBS)
                }
                _ => false,
            }
        })
    }

    /// `db.select().from(rows).where(…)`: one call of the chain asks, and none orders.
    fn chain_asks(&self, call: &'a CallExpression<'a>) -> bool {
        let mut asks = false;
        let mut next = Some(call);
        for _ in 0..20 {
            let Some(call) = next else { break };
            let verb = names::verb(names::last(&call.callee));
            if reads_and_works(names::last(&call.callee)) {
                return false;
            }
            let command = COMMANDS.has(verb.as_str());
            if lexicon::EFFECT_VERBS.has(&verb) && !matches!(verb.as_str(), "order" | "execute" | "take" | "index") {
                return false;
            }
            asks |= !command && (lexicon::QUERY_VERBS.has(&verb) || lexicon::READ_VERBS.has(&verb));
            next = match names::object(&call.callee).map(Expression::get_inner_expression) {
                Some(Expression::CallExpression(inner)) => Some(inner),
                _ => None,
            };
        }
        asks
    }

    /// Whether all that a function does outside is to ask: no answer is dropped, and no call is an order.
    pub(crate) fn only_asks(&self, id: FunctionId) -> bool {
        let Some(work) = self.summary(id).and_then(|summary| summary.work()) else { return true };
        let calls = self.inside(&self.calls, id);
        let written = !calls.iter().any(|at| at.it.span == work);
        !written
            && calls.iter().filter(|at| self.grade(at) == Grade::Work).all(|at| {
                let method = names::last(&at.it.callee);
                let verb = names::verb(method);
                let orders = names::verb_in(method, &lexicon::EFFECT_VERBS)
                    || reads_and_works(method)
                    || COMMANDS.has(verb.as_str());
                let helper = matches!(self.call_kind(at.it), CallKind::Local(_));
                let told = method.ends_with("ed") || method == "held" || names_an_answer(method);
                !orders && !helper && told && matches!(self.use_of_value(at.node), ValueUse::Bound)
            })
    }

    /// Whether a helper of the module is asked something: its name says so, and its answer is kept or tested.
    fn is_question(&self, at: &At<&'a CallExpression<'a>>) -> bool {
        let method = names::last(&at.it.callee);
        let verb = names::verb(method);
        let asks = [&lexicon::QUERY_VERBS, &lexicon::CHECK_VERBS, &lexicon::READ_VERBS, &lexicon::COMPUTE_VERBS]
            .iter()
            .any(|it| it.has(&verb));
        asks && !lexicon::EFFECT_VERBS.has(&verb)
            && !COMMANDS.has(verb.as_str())
            && !reads_and_works(method)
            && matches!(self.use_of_value(at.node), ValueUse::Bound | ValueUse::Computed)
    }

    /// `confirm("Sure?")`, `window.prompt(…)`.
    fn asks_user(&self, call: &'a CallExpression<'a>) -> bool {
        let root = names::root(&call.callee);
        let global = matches!(root, Expression::Identifier(name) if self.symbol(name).is_none());
        global
            && matches!(names::last(&call.callee), "confirm" | "prompt" | "alert")
            && matches!(names::last(root), "window" | "globalThis" | "confirm" | "prompt" | "alert")
    }

    fn grade_of_effect(&self, at: &At<&'a CallExpression<'a>>) -> Grade {
        let call = at.it;
        let method = names::last(&call.callee);
        if self.is_tell(call) {
            return Grade::Tell;
        }
        if self.is_of_pure_module(names::root(&call.callee)) || self.asks_user(call) {
            return Grade::Nothing;
        }
        if FRAMES.has(method) && call.arguments.iter().any(is_function) {
            return Grade::Nothing;
        }
        // `audit.log(…)`, `journal.info(…)`: a log by another name.
        if matches!(method, "log" | "info" | "debug" | "warn" | "trace") && names::object(&call.callee).is_some() {
            return Grade::Tell;
        }
        let verb = names::verb(method);
        let effect = lexicon::EFFECT_VERBS.has(&verb);
        // `tx.tables()`, `store.versions(model)`: a noun of many things lists them.
        let plural = verb.len() > 3 && verb == method && verb.ends_with('s') && !verb.ends_with("ss");
        let read = (lexicon::READ_VERBS.has(&verb) || plural) && !effect && !reads_and_works(method);
        // `pipeline(createReadStream(file), drain)`: the file is only looked at.
        let looks = method == "createReadStream"
            && matches!(self.kind(self.parent(at.node)), AstKind::CallExpression(outer) if self.flows_nowhere(outer).is_some());
        match self.use_of_value(at.node) {
            _ if looks => Grade::Read,
            ValueUse::Chained => Grade::Nothing,
            _ if read => Grade::Read,
            ValueUse::Bound | ValueUse::Computed if is_question(call) => Grade::Read,
            ValueUse::Bound if !effect && names_an_answer(method) => Grade::Read,
            ValueUse::Bound if (!effect || verb == "execute") && self.chain_asks(call) => Grade::Read,
            // `imap.fetchHeaders(box)`: what is fetched is named.
            ValueUse::Bound if verb == "fetch" && method.len() > verb.len() && !names_work(method) => Grade::Read,
            ValueUse::Computed if (!effect || names_a_value(method)) && !lexicon::MUTATORS.has(method) => Grade::Read,
            _ => Grade::Work,
        }
    }

    /// Where the value of a call goes.
    fn use_of_value(&self, node: NodeId) -> ValueUse {
        let mut inner = self.kind(node).span();
        let mut awaited = false;
        for (id, around) in self.around(node) {
            match around {
                AstKind::ParenthesizedExpression(_)
                | AstKind::TSAsExpression(_)
                | AstKind::TSNonNullExpression(_)
                | AstKind::ChainExpression(_) => inner = around.span(),
                AstKind::StaticMemberExpression(it) if it.object.span() == inner && !awaited => {
                    let called = matches!(self.kind(self.parent(id)), AstKind::CallExpression(call) if call.callee.span() == it.span);
                    return if called && !matches!(it.property.name.as_str(), "then" | "catch" | "finally") {
                        ValueUse::Chained
                    } else {
                        ValueUse::Dropped
                    };
                }
                AstKind::AwaitExpression(_) => {
                    awaited = true;
                    inner = around.span();
                }
                AstKind::ExpressionStatement(_) | AstKind::ReturnStatement(_) | AstKind::UnaryExpression(_) => {
                    return ValueUse::Dropped;
                }
                AstKind::ArrowFunctionExpression(_) => {
                    let mapped = self.function_at(id).is_some_and(|id| {
                        matches!(
                            self.function(id).argument_of,
                            "map"
                                | "filter"
                                | "flatMap"
                                | "reduce"
                                | "some"
                                | "every"
                                | "find"
                                | "sort"
                                | "useMemo"
                                | "from"
                                | "replace"
                        )
                    });
                    return if mapped { ValueUse::Computed } else { ValueUse::Dropped };
                }
                // `keys.length ? redis.del(keys) : 0`: the whole is what a branch is.
                AstKind::ConditionalExpression(it) if !awaited && !it.test.span().contains_inclusive(inner) => {
                    inner = around.span();
                }
                _ if awaited => return ValueUse::Bound,
                _ => return ValueUse::Computed,
            }
        }
        ValueUse::Dropped
    }

    /// The first thing between two nodes that does work.
    pub(crate) fn work_between(&self, id: FunctionId, start: NodeId, end: NodeId) -> Option<Span> {
        let call =
            self.between(&self.calls, start, end).iter().find(|at| self.grade(at) == Grade::Work).map(|at| at.it.span);
        call.or_else(|| self.between(&self.news, start, end).iter().find(|at| self.is_active(at)).map(|at| at.it.span))
            .or_else(|| {
                self.between(&self.writes, start, end)
                    .iter()
                    .find(|at| self.keeps_for_others(id, at))
                    .map(|at| self.kind(at.node).span())
            })
            .or_else(|| {
                self.between(&self.deletes, start, end).iter().find(|at| self.removes(id, at)).map(|at| at.it.span)
            })
            .or_else(|| {
                self.between(&self.awaits, start, end).iter().find(|at| is_tagged(&at.it.argument)).map(|at| at.it.span)
            })
            .or_else(|| {
                self.between(&self.returns, start, end)
                    .iter()
                    .find(|at| at.it.value.is_some_and(is_tagged))
                    .map(|at| at.it.span)
            })
    }

    /// The first thing in a function, functions inside of it included, that does work.
    pub(crate) fn work_of(&self, id: FunctionId) -> Option<Span> {
        let function = self.function(id);
        self.work_between(id, function.node, function.end)
    }

    /// `delete drafts[id]` of what the function did not make.
    fn removes(&self, id: FunctionId, at: &At<&'a UnaryExpression<'a>>) -> bool {
        names::object(&at.it.argument).is_some_and(|object| self.kind_of_change(id, object).is_some())
    }

    fn is_active(&self, at: &At<&'a NewExpression<'a>>) -> bool {
        let name = names::last(&at.it.callee);
        ACTIVE.has(name) || matches!(self.kind(self.parent(at.node)), AstKind::ExpressionStatement(_))
    }

    /// Whether a write keeps something that was given or answered: in a field, a variable of the module, or the page.
    fn keeps_for_others(&self, id: FunctionId, at: &At<Write<'a>>) -> bool {
        let Some(_) = self.write_kind(id, at.it) else { return false };
        let Write::Assign(it) = at.it else { return false };
        let global = names::target_object(&it.left).is_some_and(
            |object| matches!(names::root(object), Expression::Identifier(name) if self.symbol(name).is_none()),
        );
        let real = Origin::INPUT | Origin::CALL | Origin::OUTER;
        let function = matches!(
            it.right.get_inner_expression(),
            Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_)
        );
        let current = names::target(&it.left).1 == "current";
        // `spinner.text = …`
        let shown =
            names::target_object(&it.left).is_some_and(|object| lexicon::TELLERS.has(names::last(names::root(object))));
        !shown
            && (global || self.origin(&it.right).has(real))
            && !function
            && !current
            && !self.is_of_answer(id, &it.left)
            && !self.is_of_teller(&it.left)
    }

    /// `spinner.text = …` of `const spinner = ora()`: it only shows.
    fn is_of_teller(&self, target: &'a AssignmentTarget<'a>) -> bool {
        let Some(Expression::Identifier(name)) = names::target_object(target).map(Expression::get_inner_expression)
        else {
            return false;
        };
        let shown = matches!(
            names::target(target).1,
            "text" | "value" | "message" | "label" | "title" | "prefixText" | "suffixText" | "color" | "current"
        );
        let made = self.initial(name).map_or("", |init| names::last(names::root(init)));
        shown && (lexicon::TELLERS.has(name.name.as_str()) || lexicon::TELLERS.has(made))
    }

    /// `user.blocked = true` of what `await users.find(id)` answered: a copy is changed, which nobody has until it is saved.
    pub(crate) fn is_of_answer(&self, id: FunctionId, target: &'a AssignmentTarget<'a>) -> bool {
        let Some(Expression::Identifier(name)) = names::target_object(target).map(Expression::get_inner_expression)
        else {
            return false;
        };
        let Some(symbol) = self.symbol(name) else { return false };
        let node = self.declaration(symbol);
        if node < self.function(id).node {
            return false;
        }
        let AstKind::VariableDeclarator(it) = self.kind(node) else { return false };
        let awaited = matches!(it.init.as_ref().map(Expression::get_inner_expression), Some(Expression::AwaitExpression(it)) if matches!(it.argument.get_inner_expression(), Expression::CallExpression(_)));
        awaited && matches!(it.id, BindingPattern::BindingIdentifier(_))
    }
}

enum ValueUse {
    /// It is waited for, and its answer is kept or tested.
    Bound,
    /// A further call is made on it, which decides.
    Chained,
    /// It is awaited, returned or dropped.
    Dropped,
    /// It becomes part of another value at once.
    Computed,
}

fn is_function(argument: &Argument<'_>) -> bool {
    matches!(argument, Argument::ArrowFunctionExpression(_) | Argument::FunctionExpression(_))
}

/// `query("SELECT …")`, `request("GET", …)`: the order is in the first argument, and it is to read.
fn is_question(call: &CallExpression<'_>) -> bool {
    let first = match call.arguments.first() {
        Some(Argument::StringLiteral(it)) => it.value.as_str(),
        Some(Argument::TemplateLiteral(it)) => it.quasis.first().map_or("", |part| part.value.raw.as_str()),
        _ => return false,
    };
    let word = first.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    matches!(word.to_ascii_lowercase().as_str(), "select" | "show" | "explain" | "get")
        // `SELECT pg_advisory_lock(1)` does something.
        && (!word.eq_ignore_ascii_case("select") || reads_rows(call, first))
        && COMMANDS.has(names::verb(names::last(&call.callee)).as_str())
}

/// Whether a `SELECT` takes rows from somewhere and locks none.
fn reads_rows(call: &CallExpression<'_>, first: &str) -> bool {
    let all = match call.arguments.first() {
        Some(Argument::TemplateLiteral(it)) => it.quasis.iter().map(|part| part.value.raw.as_str()).collect(),
        _ => first.to_owned(),
    };
    let lower = all.to_ascii_lowercase();
    lower.split_whitespace().any(|word| word == "from") && !lower.contains("for update") && !lower.contains("lock")
}

fn names_work(name: &str) -> bool {
    names::words(name).iter().any(|word| lexicon::EFFECT_VERBS.has(word))
}

/// `refundsFor`, `sMembers`, `byEmail`: a noun, of many or with a preposition, that is asked for.
fn names_an_answer(name: &str) -> bool {
    let words = names::words(name);
    let known = |word: &str| lexicon::EFFECT_VERBS.has(word) || lexicon::COMPUTE_VERBS.has(word) || COMMANDS.has(word);
    let noun = |word: &String| {
        matches!(word.as_str(), "for" | "by" | "of" | "at")
            || word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
    };
    !words.iter().any(|word| known(word)) && words.iter().any(noun)
}

/// `findOneAndDelete`, `getOrCreate`: it looks, and then it works.
fn reads_and_works(name: &str) -> bool {
    let words = names::words(name);
    words.windows(2).any(|pair| matches!(pair[0].as_str(), "and" | "or") && lexicon::EFFECT_VERBS.has(&pair[1]))
}

/// `unsubscribeLink`, `publishPayload`: a name that ends with what it gives is no order.
fn names_a_value(name: &str) -> bool {
    let words = names::words(name);
    words.len() > 1
        && words.last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "link"
                    | "url"
                    | "href"
                    | "path"
                    | "key"
                    | "id"
                    | "text"
                    | "html"
                    | "body"
                    | "payload"
                    | "message"
                    | "label"
                    | "subject"
                    | "template"
                    | "options"
                    | "params"
                    | "command"
                    | "name"
                    | "at"
                    | "date"
            )
        })
}

fn is_tagged(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::TaggedTemplateExpression(_))
}

impl<'a> Module<'a> {
    /// Whether a function changes fields or variables from outside, if only to other literals: a state machine, for instance.
    pub(crate) fn keeps_something(&self, id: FunctionId) -> bool {
        self.inside(&self.writes, id).iter().any(|at| self.write_kind(id, at.it).is_some())
    }
}
