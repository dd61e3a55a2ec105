//! Calls in vain: they look like work, and nothing comes of them where they stand.
//!
//! A transport that is set to send nothing, a variable that nobody ever gives a value, a stream into a sink that keeps nothing, a
//! statement that is compiled and not run, a transaction that is always rolled back. What is not understood is not in vain.
use crate::lexicon::Names;
use crate::model::{At, Function, FunctionId, Module, Topic};
use crate::names;
use crate::syntax::*;

/// Words of names and comments that say that nothing is meant to be kept.
static TRIES: Names = Names::new(&[
    "dry", "preview", "explain", "check", "validate", "verify", "test", "rehearse", "simulate", "estimate", "plan",
    "rollback", "compile", "debug", "compose", "probe", "can", "is", "has", "drain", "build", "inspect", "format",
]);

impl<'a> Module<'a> {
    /// Why nothing comes of a call; nothing where something may.
    pub(crate) fn in_vain(&self, at: &At<&'a CallExpression<'a>>) -> Option<&'static str> {
        let why = self
            .on_nobody(at.it)
            .or_else(|| self.on_mute(at.it))
            .or_else(|| self.flows_nowhere(at.it))
            .or_else(|| self.only_compiles(at))
            .or_else(|| self.is_taken_back(at))?;
        let tries = at.function.is_some_and(|id| self.only_tries(self.function(id)));
        (!tries).then_some(why)
    }

    /// Whether a function says that it only tries something out.
    pub(crate) fn only_tries(&self, function: &Function<'a>) -> bool {
        let home = self.function(self.home(function.id));
        let said = |name: &str| names::words(name).iter().any(|word| TRIES.has(word.as_str()));
        said(function.name)
            || said(home.name)
            || said(function.owner)
            || self.comment_says(
                home.id,
                &[
                    "dry run",
                    "dry-run",
                    "dryrun",
                    "preview",
                    "rehears",
                    "nothing is kept",
                    "nothing runs",
                    "roll back",
                    "rolled back",
                    "rolls back",
                ],
            )
    }

    /// The variable that a call is made on, with what it is born with.
    fn born(&self, object: &'a Expression<'a>) -> Option<(SymbolId, &'a VariableDeclarator<'a>)> {
        let Expression::Identifier(name) = object.get_inner_expression() else { return None };
        let symbol = self.symbol(name)?;
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return None };
        let plain = it.id.get_binding_identifier().is_some() && !self.semantic.scoping().symbol_is_mutated(symbol);
        plain.then_some((symbol, it))
    }

    /// `transport?.send(x)`, and nobody ever gives `transport` a value.
    fn on_nobody(&self, call: &'a CallExpression<'a>) -> Option<&'static str> {
        let (symbol, it) = self.born(names::object(&call.callee)?)?;
        let node = self.declaration(symbol);
        let AstKind::VariableDeclaration(declaration) = self.kind(self.parent(node)) else { return None };
        let looped = matches!(
            self.kind(self.parent(self.parent(node))),
            AstKind::ForOfStatement(_) | AstKind::ForInStatement(_) | AstKind::ForStatement(_)
        );
        let none = it.init.as_ref().is_none_or(Expression::is_null_or_undefined);
        // A variable of a function that is not written yet is an error that the compiler finds.
        let shared = self.function_around(node).is_none();
        (none && shared && !declaration.declare && !looped).then_some("nobody ever gives it a value")
    }

    /// `createTransport({ jsonTransport: true }).sendMail(…)`, `client.send(x, { dryRun: true })`
    fn on_mute(&self, call: &'a CallExpression<'a>) -> Option<&'static str> {
        let object = names::object(&call.callee)?;
        if !names::verb_in(names::last(&call.callee), &crate::lexicon::EFFECT_VERBS) {
            return None;
        }
        let mute = |arguments: &'a [Argument<'a>]| {
            arguments.iter().filter_map(Argument::as_expression).any(|it| match it.get_inner_expression() {
                Expression::ObjectExpression(it) => it.properties.iter().any(is_mute),
                _ => false,
            })
        };
        if mute(&call.arguments) {
            return Some("it is told to do nothing");
        }
        let made = match names::last(object) {
            _ if matches!(object.get_inner_expression(), Expression::Identifier(_)) => {
                self.born(object)?.1.init.as_ref()?
            }
            "" => return None,
            field
                if names::object(object)
                    .is_some_and(|it| matches!(it.get_inner_expression(), Expression::ThisExpression(_))) =>
            {
                let class = self.class_around(call.node_id.get())?;
                class.members.iter().find(|it| it.name == field && !it.injected)?.value?
            }
            _ => return None,
        };
        let arguments = match made.get_inner_expression() {
            Expression::CallExpression(it) => &it.arguments,
            Expression::NewExpression(it) => &it.arguments,
            _ => return None,
        };
        mute(arguments).then_some("it is set to do nothing")
    }

    /// `pipeline(source, sink)`, where the sink was made here and keeps nothing; and what is asked of that sink.
    pub(super) fn flows_nowhere(&self, call: &'a CallExpression<'a>) -> Option<&'static str> {
        let sink = match names::last(&call.callee) {
            "pipeline" | "pipe" => call.arguments.last()?.as_expression()?,
            "resume" | "end" | "destroy" => names::object(&call.callee)?,
            _ => return self.confirms_nothing(call),
        };
        self.is_drain(sink).then_some("what flows into it is dropped")
    }

    /// Whether a value is a stream that was made here, that keeps nothing and that nobody else gets.
    fn is_drain(&self, sink: &'a Expression<'a>) -> bool {
        let Some((symbol, it)) = self.born(sink) else { return false };
        let Some(Expression::NewExpression(new)) = it.init.as_ref().map(Expression::get_inner_expression) else {
            return false;
        };
        let empty = match names::last(&new.callee) {
            "PassThrough" => new.arguments.is_empty(),
            "Writable" => new.arguments.first().is_some_and(|it| self.keeps_no_chunk(it)),
            _ => false,
        };
        empty
            && self.uses(symbol).all(|reference| match self.kind(self.parent(reference.node_id())) {
                AstKind::StaticMemberExpression(it) => {
                    matches!(it.property.name.as_str(), "on" | "once" | "resume" | "destroy" | "end" | "setEncoding")
                }
                AstKind::CallExpression(it) => {
                    let last = it.arguments.last().map(|it| it.span());
                    matches!(names::last(&it.callee), "pipeline" | "pipe")
                        && last == Some(self.kind(reference.node_id()).span())
                }
                _ => false,
            })
    }

    /// `done()` in `new Writable({ write(chunk, encoding, done) { done(); } })`
    fn confirms_nothing(&self, call: &'a CallExpression<'a>) -> Option<&'static str> {
        let Expression::Identifier(name) = &call.callee else { return None };
        let node = self.declaration(self.symbol(name)?);
        let AstKind::FormalParameter(_) = self.kind(node) else { return None };
        let write = self.function(self.function_around(node)?);
        if write.name != "write" {
            return None;
        }
        let options = self.around(write.node).find_map(|(_, kind)| match kind {
            AstKind::NewExpression(new) if names::last(&new.callee) == "Writable" => new.arguments.first(),
            _ => None,
        })?;
        self.keeps_no_chunk(options).then_some("what flows into it is dropped")
    }

    /// `new Writable({ write(chunk, encoding, done) { done(); } })`
    fn keeps_no_chunk(&self, options: &'a Argument<'a>) -> bool {
        let Argument::ObjectExpression(it) = options else { return false };
        it.properties.iter().all(|property| {
            let ObjectPropertyKind::ObjectProperty(it) = property else { return false };
            let Some(write) = self.function_in(&it.value) else { return it.value.is_literal() };
            let parameters = self.function(write).parameters();
            let first = parameters.first().and_then(|it| it.symbol_id.get());
            self.inside(&self.calls, write).len() <= 1 && first.is_none_or(|first| self.uses(first).next().is_none())
        })
    }

    /// `hash.update(chunk)` of what `createHash` has made: it computes.
    pub(crate) fn is_hashing(&self, call: &'a CallExpression<'a>) -> bool {
        let made = |value: &'a Expression<'a>| matches!(value.get_inner_expression(), Expression::CallExpression(it) if matches!(names::last(&it.callee), "createHash" | "createHmac"));
        matches!(names::last(&call.callee), "update" | "digest")
            && names::object(&call.callee)
                .is_some_and(|it| made(it) || self.born(it).is_some_and(|(_, it)| it.init.as_ref().is_some_and(made)))
    }

    /// `db.insertInto("log").values(row).compile()`, and nothing in the function runs a statement.
    fn only_compiles(&self, at: &At<&'a CallExpression<'a>>) -> Option<&'static str> {
        let call = at.it;
        if !matches!(
            names::last(&call.callee),
            "compile" | "toSQL" | "toSql" | "toQuery" | "getSQL" | "getQuery" | "toString"
        ) {
            return None;
        }
        let object = names::object(&call.callee)?;
        let statement = match object.get_inner_expression() {
            Expression::Identifier(_) => self.born(object)?.1.init.as_ref()?,
            other => other,
        };
        let mut orders = false;
        let mut next = Some(statement);
        for _ in 0..20 {
            let Some(Expression::CallExpression(it)) = next.map(Expression::get_inner_expression) else { break };
            orders |= matches!(
                names::last(&it.callee),
                "insertInto"
                    | "insert"
                    | "update"
                    | "updateTable"
                    | "deleteFrom"
                    | "delete"
                    | "del"
                    | "upsert"
                    | "mergeInto"
            );
            next = names::object(&it.callee);
        }
        let home = at.function?;
        let runs = |name: &str| {
            matches!(names::verb(name).as_str(), "execute" | "run" | "query" | "exec" | "then" | "send" | "stream")
        };
        let run = self.inside(&self.calls, home).iter().any(|at| runs(names::last(&at.it.callee)));
        // `await query`, `return query`: some builders run when they are waited for.
        let awaited = match object.get_inner_expression() {
            Expression::Identifier(name) => self.symbol(name).is_some_and(|symbol| {
                self.uses(symbol)
                    .any(|it| !matches!(self.kind(self.parent(it.node_id())), AstKind::StaticMemberExpression(_)))
            }),
            _ => false,
        };
        (orders && !run && !awaited).then_some("the statement is put together, and nothing runs it")
    }

    /// A statement in a transaction that is rolled back whatever happens.
    fn is_taken_back(&self, at: &At<&'a CallExpression<'a>>) -> Option<&'static str> {
        if names::object(&at.it.callee).is_none() || !self.speaks_of(Topic::Rollback) {
            return None;
        }
        let id = at.function?;
        let back = self.rolls_back(id)?;
        let connection = |call: &'a CallExpression<'a>| match names::root(&call.callee) {
            Expression::Identifier(name) => self.symbol(name),
            _ => None,
        };
        // `const link = await pool.connect()`: lent for this, and given back.
        let lent = match self.kind(self.parent(self.parent(at.node))) {
            AstKind::VariableDeclarator(it) => it.id.get_binding_identifier().and_then(|it| it.symbol_id.get()),
            _ => None,
        };
        let same = [connection(at.it), lent].into_iter().flatten().any(|it| connection(back) == Some(it));
        same.then_some("the transaction is always rolled back")
    }

    /// The call that takes back all that a function has done, where no path goes around it.
    fn rolls_back(&self, id: FunctionId) -> Option<&'a CallExpression<'a>> {
        let function = self.function(id);
        let text = self.text_of(function.span);
        if text.contains("ommit") || text.contains("COMMIT") {
            return None;
        }
        self.own(&self.calls, id)
            .find(|at| is_rollback(at.it) && self.runs_always(at.node, function.node))
            .map(|at| at.it)
    }

    /// Whether nothing but blocks, tries and awaits stands between a node and its function.
    fn runs_always(&self, node: NodeId, function: NodeId) -> bool {
        let span = self.kind(node).span();
        self.around(node).take_while(|(id, _)| *id > function).all(|(_, kind)| match kind {
            AstKind::TryStatement(it) => !it.handler.as_ref().is_some_and(|it| it.span.contains_inclusive(span)),
            AstKind::BlockStatement(_)
            | AstKind::FunctionBody(_)
            | AstKind::ExpressionStatement(_)
            | AstKind::AwaitExpression(_) => true,
            _ => false,
        })
    }
}

/// `{ jsonTransport: true }`, `{ dryRun: true }`, `{ enabled: false }`
fn is_mute(property: &ObjectPropertyKind<'_>) -> bool {
    let ObjectPropertyKind::ObjectProperty(it) = property else { return false };
    let Expression::BooleanLiteral(value) = it.value.get_inner_expression() else { return false };
    match names::key(&it.key) {
        "jsonTransport" | "streamTransport" | "dryRun" | "DryRun" | "dry_run" | "validateOnly" | "validate_only"
        | "sandboxMode" => value.value,
        "enabled" => !value.value,
        _ => false,
    }
}

/// `client.query("rollback")`, `trx.rollback()`, `session.abortTransaction()`
fn is_rollback(call: &CallExpression<'_>) -> bool {
    match names::last(&call.callee) {
        "rollback" | "rollbackTransaction" | "abortTransaction" => true,
        "query" | "execute" | "exec" | "run" | "raw" => {
            matches!(call.arguments.first(), Some(Argument::StringLiteral(it)) if it.value.trim().trim_end_matches(';').eq_ignore_ascii_case("rollback"))
        }
        _ => false,
    }
}
