//! What a function delivers: whether its work is more than an entry that says that the work was done.
use crate::analysis::task;
use crate::analysis::{CallKind, Grade, Origin, Task, is_success};
use crate::model::{At, FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

/// An entry that says that something was done.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) span: Span,
    /// As it is written: `status: 'refunded'`.
    pub(crate) text: String,
    /// The words of its key and of its value.
    pub(crate) words: Vec<String>,
}

impl<'a> Module<'a> {
    /// The entry that is all that a function delivers; nothing where it does anything else, or nothing at all.
    pub(crate) fn only_marks(&self, id: FunctionId, task: Task) -> Option<Mark> {
        let function = self.function(id);
        if task == Task::Erasure && self.empties(id) {
            return None;
        }
        let mut mark = None;
        for at in self.inside(&self.calls, id) {
            if self.grade(at) != Grade::Work || self.lends(at.it) || self.looks_up(at) {
                continue;
            }
            if self.is_chronicle(at.it) && (task != Task::Message || !is_bus(at.it)) {
                continue;
            }
            match self.mark_of(id, at, task) {
                Some(found) => mark = mark.or(found),
                None => return None,
            }
        }
        let writes = self.inside(&self.writes, id).iter().all(|at| !self.changes_outside(id, at.it));
        let deletes = self.inside(&self.deletes, id).is_empty() && self.inside(&self.yields, id).is_empty();
        let tagged = (function.node.index()..function.end.index())
            .any(|index| matches!(self.kind(NodeId::from_usize(index)), AstKind::TaggedTemplateExpression(_)));
        let starts = self.inside(&self.news, id).iter().any(|at| {
            matches!(self.kind(self.parent(at.node)), AstKind::ExpressionStatement(_))
                || matches!(names::last(&at.it.callee), "WebSocket" | "Worker" | "EventSource" | "Notification")
        });
        (writes && deletes && !tagged && !starts).then_some(mark).flatten()
    }

    /// Whether a function overwrites what somebody left: `{ email: null }`, `user.name = ""`.
    fn empties(&self, id: FunctionId) -> bool {
        let empty = |value: &'a Expression<'a>| match value.get_inner_expression() {
            Expression::StringLiteral(it) => it.value.is_empty() || !is_success(&it.value),
            Expression::TemplateLiteral(_) => true,
            other => other.is_null_or_undefined(),
        };
        let in_object = self.inside(&self.objects, id).iter().any(|at| {
            at.it
                .properties
                .iter()
                .any(|property| matches!(property, ObjectPropertyKind::ObjectProperty(it) if empty(&it.value)))
        });
        in_object
            || self.inside(&self.writes, id).iter().any(|at| matches!(at.it, Write::Assign(it) if empty(&it.right)))
    }

    /// Whether a write changes more than a value at hand: a field of the object, a variable of the module.
    fn changes_outside(&self, id: FunctionId, write: Write<'a>) -> bool {
        let Some(_) = self.write_kind(id, write) else { return false };
        match write {
            // `payout.status = "paid"` of what was given or read.
            Write::Assign(it) => !names::target_object(&it.left)
                .is_some_and(|object| matches!(names::root(object), Expression::Identifier(name) if self.symbol(name).is_some_and(|symbol| self.function_around(self.declaration(symbol)).is_some()))),
            Write::Update(_) => false,
        }
    }

    /// `pool.connect()`, `client.release()`
    fn lends(&self, call: &'a CallExpression<'a>) -> bool {
        names::object(&call.callee).is_some() && task::is(names::last(&call.callee), "lends")
    }

    /// Whether a call asks for a row and stops where there is none: `orders.require(id)`.
    fn looks_up(&self, at: &At<&'a CallExpression<'a>>) -> bool {
        let kept = matches!(self.kind(self.parent(at.node)), AstKind::AwaitExpression(_))
            && !matches!(self.kind(self.parent(self.parent(at.node))), AstKind::ExpressionStatement(_));
        let words = names::words(names::last(&at.it.callee));
        let first = words.first().map_or("", String::as_str);
        kept && !is_agent(self, at.it)
            && (task::is(first, "insists")
                || crate::lexicon::QUERY_VERBS.has(first)
                    && words.iter().any(|word| matches!(word.as_str(), "or" | "must" | "throw" | "fail")))
    }

    /// Whether a call only tells the chronicle what happened: `audit.record(…)`, `events.publish("payment.refunded")`.
    fn is_chronicle(&self, call: &'a CallExpression<'a>) -> bool {
        let Some(object) = names::object(&call.callee) else { return false };
        let on = names::words(names::last(object));
        if on.last().is_some_and(|word| task::is(word, "chronicles")) {
            return true;
        }
        on.last().is_some_and(|word| word == "bus") && self.announces(call)
    }

    /// Whether what is published says that something has happened.
    fn announces(&self, call: &'a CallExpression<'a>) -> bool {
        let text = match call.arguments.first() {
            Some(Argument::StringLiteral(it)) => it.value.as_str(),
            Some(Argument::NewExpression(new)) => names::last(&new.callee),
            _ => return false,
        };
        names::words(text).iter().any(|word| word.ends_with("ed") || matches!(word.as_str(), "sent" | "paid" | "done"))
    }

    /// Whether a call keeps an entry, and the mark in it; nothing where it does something else.
    #[expect(clippy::option_option, reason = "an entry without a mark is an entry nonetheless")]
    fn mark_of(&self, id: FunctionId, at: &At<&'a CallExpression<'a>>, task: Task) -> Option<Option<Mark>> {
        let call = at.it;
        if let CallKind::Local(callee) = self.call_kind(call) {
            return self.mark_of_local(callee, call, task);
        }
        let words = names::words(names::last(&call.callee));
        let verb = names::verb(names::last(&call.callee));
        if let Some(sql) = sql_of(call) {
            return self.mark_of_sql(call, sql);
        }
        if task == Task::Copy {
            let labels = call.arguments.iter().filter_map(Argument::as_expression).all(|it| self.is_label(it, 0));
            return labels
                .then(|| call.arguments.iter().filter_map(Argument::as_expression).find_map(|it| self.mark_in(it, 0)));
        }
        let keeps = task::is(&verb, "keeps") || words.iter().any(|word| matches!(word.as_str(), "update" | "upsert"));
        if !keeps || is_agent(self, call) {
            return None;
        }
        // `tx.insert("outbox", …)`
        if let Some(Argument::StringLiteral(place)) = call.arguments.first()
            && names::words(&place.value).iter().any(|word| task::is(word, "doers") || word == "jobs")
        {
            return None;
        }
        let about = words.iter().any(|word| matches!(word.as_str(), "status" | "state" | "mark"));
        let told = || {
            call.arguments.iter().filter_map(Argument::as_expression).find_map(|it| match it.get_inner_expression() {
                Expression::StringLiteral(text) if about && is_success(&text.value) => {
                    Some(self.mark(call.span, "", &text.value))
                }
                _ => None,
            })
        };
        let arguments = || call.arguments.iter().filter_map(Argument::as_expression);
        let written = arguments().find_map(|it| self.mark_in(it, 0)).or_else(told);
        let marks = || {
            words
                .first()
                .is_some_and(|word| word == "mark")
                .then(|| self.mark(call.span, names::last(&call.callee), ""))
        };
        Some(
            written
                .or_else(marks)
                .or_else(|| arguments().chain(names::object(&call.callee)).find_map(|it| self.mark_of_entity(id, it))),
        )
    }

    /// A helper of the module that does no more itself.
    #[expect(clippy::option_option, reason = "as above")]
    fn mark_of_local(&self, callee: FunctionId, call: &'a CallExpression<'a>, task: Task) -> Option<Option<Mark>> {
        if self.is_being_looked_at(callee) {
            return None;
        }
        let told =
            call.arguments.iter().filter_map(Argument::as_expression).find_map(|it| match it.get_inner_expression() {
                Expression::StringLiteral(text) if is_success(&text.value) => {
                    Some(self.mark(call.span, "", &text.value))
                }
                other => self.mark_in(other, 0),
            });
        let inner = self.effort.deeper(|| self.keeps_entries(callee, task))??;
        Some(inner.or(told))
    }

    /// As [`Module::only_marks`], where an entry without a mark will do.
    #[expect(clippy::option_option, reason = "as above")]
    fn keeps_entries(&self, id: FunctionId, task: Task) -> Option<Option<Mark>> {
        let mut mark = None;
        for at in self.inside(&self.calls, id) {
            if self.grade(at) != Grade::Work || self.lends(at.it) || self.looks_up(at) {
                continue;
            }
            mark = mark.or(self.mark_of(id, at, task)?);
        }
        let quiet = self.inside(&self.writes, id).iter().all(|at| !self.changes_outside(id, at.it));
        quiet.then_some(mark)
    }

    /// `UPDATE mails SET status = 'sent'`: an entry by a text.
    #[expect(clippy::option_option, reason = "as above")]
    fn mark_of_sql(&self, call: &'a CallExpression<'a>, sql: String) -> Option<Option<Mark>> {
        let lower = sql.to_ascii_lowercase();
        let first = lower.split_whitespace().next().unwrap_or("");
        if matches!(first, "begin" | "commit" | "rollback" | "start" | "select" | "set") {
            return Some(None);
        }
        if !matches!(first, "update" | "insert") {
            return None;
        }
        let table = lower
            .split_whitespace()
            .find(|word| !matches!(*word, "update" | "insert" | "into" | "ignore" | "or"))
            .unwrap_or("");
        if names::words(table).iter().any(|word| task::is(word, "doers")) {
            return None;
        }
        let quoted = sql.split('\'').skip(1).step_by(2).find(|text| is_success(text));
        let timed =
            lower.contains("_at = now()") || lower.contains("_at = current_timestamp") || lower.contains("_at=now()");
        let given =
            call.arguments.get(1).and_then(Argument::as_expression).and_then(|it| match it.get_inner_expression() {
                Expression::ArrayExpression(list) => list.elements.iter().find_map(|it| match it {
                    ArrayExpressionElement::StringLiteral(text) if is_success(&text.value) => Some(text.value.as_str()),
                    _ => None,
                }),
                _ => None,
            });
        let word = quoted.or(given);
        Some((word.is_some() || timed).then(|| self.mark(call.span, "", word.unwrap_or(""))))
    }

    fn mark(&self, span: Span, key: &str, value: &str) -> Mark {
        let words = names::words(key).iter().chain(names::words(value).iter()).cloned().collect();
        Mark { span, text: self.brief(span), words }
    }

    /// What in a value says that something was done: a state, a flag, a time.
    pub(crate) fn mark_in(&self, value: &'a Expression<'a>, depth: usize) -> Option<Mark> {
        if depth > 5 {
            return None;
        }
        match value.get_inner_expression() {
            Expression::ObjectExpression(it) => it.properties.iter().find_map(|property| match property {
                ObjectPropertyKind::ObjectProperty(it) => {
                    self.mark_of_property(it).or_else(|| match it.value.get_inner_expression() {
                        Expression::ObjectExpression(_) | Expression::CallExpression(_) => {
                            self.mark_in(&it.value, depth + 1)
                        }
                        _ => None,
                    })
                }
                ObjectPropertyKind::SpreadProperty(_) => None,
            }),
            Expression::CallExpression(call)
                if matches!(names::last(&call.callee), "stringify" | "freeze" | "assign" | "from") =>
            {
                call.arguments.iter().filter_map(Argument::as_expression).find_map(|it| self.mark_in(it, depth + 1))
            }
            // `rows.map((row) => ({ ...row, status: "sent" }))`
            Expression::CallExpression(call) if names::last(&call.callee) == "map" => {
                let each = self.function_in(call.arguments.first()?.as_expression()?)?;
                self.returns_of(each).filter_map(|it| it.value).find_map(|it| self.mark_in(it, depth + 1))
            }
            Expression::Identifier(name) => self.mark_in(self.initial(name)?, depth + 1),
            _ => None,
        }
    }

    fn mark_of_property(&self, it: &'a ObjectProperty<'a>) -> Option<Mark> {
        self.says_done(names::key(&it.key), &it.value).then(|| match it.value.get_inner_expression() {
            Expression::StringLiteral(text) => self.mark(it.span, names::key(&it.key), &text.value),
            _ => self.mark(it.span, names::key(&it.key), ""),
        })
    }

    /// Whether a value under a name says that something was done.
    fn says_done(&self, key: &str, value: &'a Expression<'a>) -> bool {
        let words = names::words(key);
        let last = words.last().map_or("", String::as_str);
        let done = words.iter().any(|word| crate::analysis::is_done(word));
        match value.get_inner_expression() {
            Expression::StringLiteral(text) => {
                matches!(last, "status" | "state" | "outcome" | "phase" | "stage" | "result" | "delivery")
                    && is_success(&text.value)
            }
            Expression::StaticMemberExpression(it) => {
                matches!(last, "status" | "state" | "phase" | "stage") && is_success(&it.property.name)
            }
            Expression::BooleanLiteral(it) => it.value && done,
            _ => {
                matches!(last, "at" | "on" | "date" | "time")
                    && done
                    && (self.origin(value).has(Origin::TIME) || is_clock(value))
            }
        }
    }

    /// `payout.status = "paid"` before `payouts.save(payout)`.
    fn mark_of_entity(&self, id: FunctionId, value: &'a Expression<'a>) -> Option<Mark> {
        let Expression::Identifier(name) = value.get_inner_expression() else { return None };
        let symbol = self.symbol(name)?;
        self.inside(&self.writes, id).iter().find_map(|at| {
            let Write::Assign(it) = at.it else { return None };
            let object = names::target_object(&it.left)?;
            let same =
                matches!(names::root(object), Expression::Identifier(other) if self.symbol(other) == Some(symbol));
            let key = names::target(&it.left).1;
            (same && self.says_done(key, &it.right)).then(|| match it.right.get_inner_expression() {
                Expression::StringLiteral(text) => self.mark(it.span, key, &text.value),
                _ => self.mark(it.span, key, ""),
            })
        })
    }

    /// Whether a value only names or describes something: literals, times, ids, names of places. Content is what is answered or given.
    fn is_label(&self, value: &'a Expression<'a>, depth: usize) -> bool {
        if depth > 6 {
            return false;
        }
        let of = |value: &'a Expression<'a>| self.is_label(value, depth + 1);
        match value.get_inner_expression() {
            Expression::ObjectExpression(it) => it.properties.iter().all(|property| match property {
                ObjectPropertyKind::ObjectProperty(it) => of(&it.value),
                ObjectPropertyKind::SpreadProperty(_) => false,
            }),
            Expression::CallExpression(call) if names::last(&call.callee) == "stringify" => {
                call.arguments.first().and_then(Argument::as_expression).is_some_and(of)
            }
            Expression::Identifier(name) if self.initial(name).is_some() => self.initial(name).is_some_and(of),
            other => {
                let origin = self.origin(other);
                !origin.has(Origin::CALL | Origin::FIELD) && (!origin.has(Origin::INPUT) || self.names_a_place(other))
            }
        }
    }

    /// Whether all that a value takes from the parameters are names and addresses.
    fn names_a_place(&self, value: &'a Expression<'a>) -> bool {
        let span = value.span();
        let start = value.node_id().index();
        (start..start + 200)
            .map(NodeId::from_usize)
            .take_while(|node| node.index() < self.semantic.nodes().len())
            .take_while(|node| self.kind(*node).span().start < span.end)
            .all(|node| {
                let AstKind::IdentifierReference(name) = self.kind(node) else { return true };
                let Some(symbol) = self.symbol(name) else { return true };
                !matches!(self.kind(self.declaration(symbol)), AstKind::FormalParameter(_)) || is_place(&name.name)
            })
    }
}

fn is_place(name: &str) -> bool {
    names::words(name).last().is_some_and(|word| task::is(word, "places"))
}

/// `this.clock.now()`
fn is_clock(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::CallExpression(call) if matches!(names::last(&call.callee), "now" | "utcNow" | "currentTime" | "nowIso" | "today"))
}

/// Whether somebody is called who can be asked to do something elsewhere.
fn is_agent<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let Some(object) = names::object(&call.callee) else { return true };
    let text = module.text_of(object.span());
    names::text_words(text).any(|word| task::is(&word, "doers"))
}

fn is_bus(call: &CallExpression<'_>) -> bool {
    names::object(&call.callee).is_some_and(|object| {
        names::words(names::last(object))
            .iter()
            .any(|word| matches!(word.as_str(), "bus" | "events" | "event" | "emitter"))
    })
}

/// The text of a query that a call is given first.
fn sql_of(call: &CallExpression<'_>) -> Option<String> {
    if !matches!(
        names::verb(names::last(&call.callee)).as_str(),
        "query" | "execute" | "exec" | "run" | "raw" | "none" | "one" | "prepare"
    ) {
        return None;
    }
    match call.arguments.first()? {
        Argument::StringLiteral(it) => Some(it.value.to_string()),
        Argument::TemplateLiteral(it) => {
            Some(it.quasis.iter().map(|part| part.value.raw.as_str()).collect::<Vec<_>>().join("?"))
        }
        _ => None,
    }
}

/// `query("UPDATE …")`: the text says what is done.
pub(crate) fn orders_by_text(call: &CallExpression<'_>) -> bool {
    let text = match call.arguments.first() {
        Some(Argument::StringLiteral(it)) => it.value.as_str(),
        Some(Argument::TemplateLiteral(it)) => it.quasis.first().map_or("", |part| part.value.raw.as_str()),
        _ => return false,
    };
    let lower = text.to_ascii_lowercase();
    let word = lower.split_whitespace().next().unwrap_or("");
    // `SELECT 1` asks for no row: it throws where nobody answers.
    if word == "select" && lower.len() < 12 {
        return true;
    }
    matches!(
        word,
        "update"
            | "insert"
            | "delete"
            | "merge"
            | "truncate"
            | "create"
            | "alter"
            | "drop"
            | "call"
            | "begin"
            | "commit"
    )
}
