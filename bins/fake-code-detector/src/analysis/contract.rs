//! Contracts: what the name of a function, the route that it answers, or its comment promises to do.
use std::borrow::Cow;

use crate::lexicon;
use crate::model::{Function, Module, Role};
use crate::names;
use crate::phrases::Phrases;
use crate::syntax::*;

/// Words of a comment that take the promise back.
static TAKES_BACK: Phrases = Phrases::new(&[
    "nothing",
    "no-op",
    "noop",
    "dry",
    "does not",
    "doesn't",
    "never",
    "intentionally",
    "deliberately",
    "on purpose",
    "in memory",
    "in-memory",
    "locally",
    "only ",
    "would ",
]);

impl<'a> Module<'a> {
    /// The verb by which a function promises to change something outside, with what says so.
    pub(crate) fn promised_effect(&self, function: &Function<'a>) -> Option<String> {
        let known = &self.promised[function.id.0 as usize];
        known.get_or_init(|| self.find_promised_effect(function)).clone()
    }

    fn find_promised_effect(&self, function: &Function<'a>) -> Option<String> {
        let comment = self.comment_of(function);
        self.promise_of(function, &comment).filter(|_| !TAKES_BACK.are_in_any_case(&comment))
    }

    /// The same, whatever the comment takes back.
    fn promise_of(&self, function: &Function<'a>, comment: &str) -> Option<String> {
        let name = self.contract_name(function);
        let verb = names::verb(name);
        if let Some(verb) = effect_verb(name) {
            return Some(format!("its name says “{verb}”"));
        }
        if name == "mutationFn" || function.argument_of == "mutation" && !is_pure_verb(&verb) {
            return Some("it is the function of a mutation".to_owned());
        }
        if let Some(route) = self.route_of(function) {
            return Some(route);
        }
        if let Some(verb) = self.command_of(function).filter(|verb| lexicon::EFFECT_VERBS.has(verb)) {
            return Some(format!("it runs the command “{verb}”"));
        }
        if let Some(verb) = self.command_of_module(function).filter(|verb| lexicon::EFFECT_VERBS.has(verb)) {
            return Some(format!("it runs the command “{verb}”"));
        }
        if function.role == Role::Callback && name.is_empty() {
            return None;
        }
        let first = first_verb(comment)?;
        (!is_pure_verb(&verb)).then(|| format!("its comment says “{first}”"))
    }

    /// Whether the name or the first word of the comment promises an effect, in so many words.
    pub(crate) fn effect_promised(&self, function: &Function<'a>) -> bool {
        self.effect_verb(function).is_some() || self.promised_effect(function).is_some()
    }

    /// The verb of the name alone.
    pub(crate) fn effect_verb(&self, function: &Function<'a>) -> Option<String> {
        effect_verb(self.contract_name(function))
    }

    /// The verb of that name.
    pub(crate) fn contract_verb<'f>(&self, function: &'f Function<'a>) -> &'f names::Verb {
        function.contract.get_or_init(|| names::verb(self.contract_name(function)))
    }

    /// The name of a function; of a callback that of the constant or action that it is made into.
    pub(crate) fn contract_name(&self, function: &Function<'a>) -> &'a str {
        if function.role != Role::Callback {
            // `const refund = (id) => async (dispatch) => …`: the inner one does it.
            let returned = function.name.is_empty() && function.role == Role::Other;
            return function.parent.filter(|_| returned).map_or(function.name, |parent| self.function(parent).name);
        }
        for (_, around) in self.around(function.node).take(3) {
            match around {
                AstKind::VariableDeclarator(it) => {
                    return it.id.get_binding_identifier().map_or("", |name| name.name.as_str());
                }
                // `cancel: procedure.mutation(async () => …)`
                AstKind::ObjectProperty(it) => return names::key(&it.key),
                AstKind::CallExpression(call) if makes_functions(names::last(&call.callee)) => {}
                _ => break,
            }
        }
        function.name
    }

    /// A handler of a request that changes something: `router.post("/x", …)`, `export async function POST()`.
    pub(crate) fn route_of(&self, function: &Function<'a>) -> Option<String> {
        if matches!(function.name, "POST" | "PUT" | "DELETE" | "PATCH") {
            return Some(format!("it answers {} requests", function.name));
        }
        if let AstKind::MethodDefinition(method) = self.kind(self.parent(function.node)) {
            let verb = method
                .decorators
                .iter()
                .map(|decorator| names::last(&decorator.expression))
                .find(|name| matches!(*name, "Post" | "Put" | "Delete" | "Patch"));
            return verb.map(|verb| format!("it answers {} requests", verb.to_uppercase()));
        }
        if function.role != Role::Callback
            || !matches!(function.argument_of, "post" | "put" | "delete" | "patch" | "del")
        {
            return None;
        }
        let (_, AstKind::CallExpression(call)) = self.around(function.node).next()? else { return None };
        let Some(Argument::StringLiteral(path)) = call.arguments.first() else { return None };
        // A route that only checks promises nothing.
        let checks = names::words(&path.value).iter().any(|word| {
            lexicon::CHECK_VERBS.has(word)
                || matches!(
                    word.as_str(),
                    "ping"
                        | "health"
                        | "echo"
                        | "preview"
                        | "search"
                        | "query"
                        | "estimate"
                        | "quote"
                        | "graphql"
                        | "webhook"
                        | "webhooks"
                )
        });
        (path.value.starts_with('/') && !checks)
            .then(|| format!("it answers {} {}", function.argument_of.to_uppercase(), path.value))
    }

    /// The first word of the command that a function runs: `restore` of `program.command("restore <file>").action(…)`.
    pub(crate) fn command_of(&self, function: &Function<'a>) -> Option<&'a str> {
        if function.role != Role::Callback || !matches!(function.argument_of, "action" | "command" | "handler") {
            return None;
        }
        let (_, AstKind::CallExpression(call)) = self.around(function.node).next()? else { return None };
        let mut next = Some(call);
        for _ in 0..20 {
            let call = next?;
            if let ("command", Some(Argument::StringLiteral(text))) =
                (names::last(&call.callee), call.arguments.first())
            {
                return text.value.as_str().split([' ', '-', ':']).next();
            }
            next = match names::object(&call.callee)?.get_inner_expression() {
                Expression::CallExpression(inner) => Some(inner),
                _ => None,
            };
        }
        None
    }

    /// The first word of `export const command = "deploy <service>"`, for the function `handler` beside it.
    fn command_of_module(&self, function: &Function<'a>) -> Option<&'a str> {
        if !matches!(function.name, "handler" | "run" | "action")
            || function.parent.is_some()
            || function.class.is_some()
        {
            return None;
        }
        self.program.body.iter().find_map(|statement| {
            let Statement::ExportDeclaration(it) = statement else { return None };
            let Declaration::VariableDeclaration(it) = &it.declaration else { return None };
            it.declarations.iter().find_map(|one| {
                let name = one.id.get_binding_identifier()?;
                let Some(Expression::StringLiteral(text)) = one.init.as_ref() else { return None };
                (name.name == "command").then(|| text.value.as_str().split([' ', '-', ':']).next())?
            })
        })
    }

    /// A function that is given jobs or messages to work on: what says so.
    pub(crate) fn consumes(&self, function: &Function<'a>) -> Option<String> {
        if matches!(function.name, "eachMessage" | "eachBatch" | "handleMessage" | "handleMessageBatch") {
            return Some("it is given each message of a queue".to_owned());
        }
        if !matches!(function.role, Role::Callback | Role::Other) {
            return None;
        }
        let given = match self.kind(self.parent(function.node)) {
            AstKind::CallExpression(call) => {
                matches!(names::last(&call.callee), "process" | "consume" | "work" | "processJob" | "onJob")
                    && names::object(&call.callee).is_some()
            }
            AstKind::NewExpression(new) => {
                names::last(&new.callee).ends_with("Worker") || names::last(&new.callee).ends_with("Consumer")
            }
            _ => false,
        };
        (given && !function.params.items.is_empty()).then(|| "it is given each job of a queue".to_owned())
    }

    /// Whether a function answers requests that change something.
    pub(crate) fn has_route(&self, function: &Function<'a>) -> bool {
        self.route_of(function).is_some()
    }

    /// Whether a function answers requests that put, patch or delete: those cannot be mere questions.
    pub(crate) fn changes_by_verb(&self, function: &Function<'a>) -> bool {
        self.route_of(function).is_some_and(|route| ["PUT", "PATCH", "DELETE"].iter().any(|verb| route.contains(verb)))
    }

    /// The comment that documents a function or the statement that it is in.
    pub(crate) fn comment_of(&self, function: &Function<'a>) -> Cow<'a, str> {
        let mut start = function.start;
        for (_, around) in self.around(function.node) {
            match around {
                AstKind::ExpressionStatement(_)
                | AstKind::VariableDeclaration(_)
                | AstKind::ExportDeclaration(_)
                | AstKind::ExportDefaultDeclaration(_) => start = start.min(around.span().start),
                AstKind::MethodDefinition(_) | AstKind::PropertyDefinition(_) | AstKind::ObjectProperty(_) => {
                    start = start.min(around.span().start);
                    break;
                }
                AstKind::CallExpression(_)
                | AstKind::VariableDeclarator(_)
                | AstKind::AssignmentExpression(_)
                | AstKind::ParenthesizedExpression(_)
                | AstKind::TSAsExpression(_) => {}
                _ => break,
            }
        }
        let text = |comment: &Comment| self.text_of(comment.content_span());
        let comments = if start == function.start { self.comments_of(function) } else { self.comments_before(start) };
        match comments {
            [] => Cow::Borrowed(""),
            [only] => Cow::Borrowed(text(only)),
            several => Cow::Owned(several.iter().map(text).collect::<Vec<_>>().join("\n")),
        }
    }
}

/// Whether a call makes an action or handler of the function that it is given: `createAsyncThunk`, `useMutation`, `withAuth`.
fn makes_functions(name: &str) -> bool {
    lexicon::WRAPPERS.has(name)
        || matches!(
            names::words(name).first().map(String::as_str),
            Some(
                "create"
                    | "use"
                    | "with"
                    | "wrap"
                    | "define"
                    | "make"
                    | "async"
                    | "mutation"
                    | "handler"
                    | "action"
                    | "resolver"
            )
        )
}

/// Whether a verb says that only something is computed or looked up: then a comment that begins with an effect means something else.
fn is_pure_verb(verb: &str) -> bool {
    let known = lexicon::COMPUTE_VERBS.has(verb) || lexicon::QUERY_VERBS.has(verb) || lexicon::CHECK_VERBS.has(verb);
    known
        || matches!(
            verb,
            "to" | "from" | "as" | "create" | "make" | "use" | "with" | "receipt" | "map" | "reducer" | "reduce"
        )
}

/// The verb that a comment begins with, where it is one that promises an effect: `publish` of `Publishes the order …`.
pub(crate) fn first_verb(comment: &str) -> Option<String> {
    let text = comment.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '/' | '-' | '#'));
    let word: String =
        text.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '-').collect::<String>().to_lowercase();
    let word = word.rsplit('-').next().unwrap_or("");
    if !word.ends_with('s') {
        return None;
    }
    let stems = [
        word.strip_suffix("ies").map(|stem| format!("{stem}y")),
        word.strip_suffix("es").map(str::to_owned),
        word.strip_suffix('s').map(str::to_owned),
    ];
    stems.into_iter().flatten().find(|stem| lexicon::EFFECT_VERBS.has(stem))
}

type Job = (&'static [&'static str], &'static [&'static str]);
/// What collaborators are for.
const JOBS: &[Job] = &[
    (
        &["mailer", "mail", "emailer", "smtp", "ses", "sms", "notifier", "messenger", "sender", "courier", "postman"],
        &["send", "mail", "email", "notify", "invite", "remind", "deliver", "resend", "forward", "sms"],
    ),
    (
        &["queue", "outbox", "bus", "producer", "publisher", "broker", "kafka", "topic", "dispatcher", "sqs", "sns"],
        &["enqueue", "publish", "push", "schedule", "dispatch", "emit", "send", "queue", "submit", "broadcast"],
    ),
    (
        &[
            "repo",
            "repository",
            "repositories",
            "store",
            "db",
            "database",
            "dao",
            "storage",
            "table",
            "ledger",
            "prisma",
            "knex",
            "orm",
        ],
        &[
            "save", "store", "insert", "update", "upsert", "delete", "remove", "create", "persist", "record",
            "archive", "erase", "purge", "register",
        ],
    ),
    (
        &["gateway", "stripe", "bank", "processor", "provider", "payments"],
        &[
            "charge",
            "pay",
            "refund",
            "capture",
            "transfer",
            "settle",
            "payout",
            "withdraw",
            "disburse",
            "authorize",
            "void",
        ],
    ),
    (
        &["sink", "exporter", "shipper", "writer", "transport", "channel"],
        &["ship", "write", "flush", "export", "drain", "emit", "send", "publish", "deliver"],
    ),
    (&["bucket", "s3", "uploader", "storage"], &["upload", "put", "store", "save", "archive", "backup", "delete"]),
    (&["cdn", "cache", "redis"], &["purge", "invalidate", "evict", "warm"]),
    (&["printer"], &["print"]),
    (&["cluster", "deployer"], &["deploy", "scale", "rollback", "restart", "upgrade"]),
    (&["webhook", "webhooks"], &["deliver", "send", "trigger", "replay", "notify"]),
];

/// Whether a verb is the job of something that is called by one of these nouns.
pub(crate) fn is_job(nouns: &[String], verb: &str) -> bool {
    JOBS.iter().any(|(noun, verbs)| nouns.iter().any(|word| noun.contains(&word.as_str())) && verbs.contains(&verb))
}

/// The verb of a name that promises an effect; `creditOf` asks for one.
fn effect_verb(name: &str) -> Option<String> {
    let verb = names::verb(name);
    (lexicon::EFFECT_VERBS.has(&verb) && !name.ends_with("Of")).then(|| verb.to_string())
}
