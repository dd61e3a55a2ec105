//! Promises of work that no entry in a database can be: money moves, somebody is written to, data goes away, a machine does something.
use crate::lexicon;
use crate::model::{Function, Module};
use crate::names;
use crate::syntax::*;

/// What kind of work is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Money moves from one party to another.
    Money,
    /// Somebody gets a message.
    Message,
    /// Data is gone for good.
    Erasure,
    /// Something new runs somewhere else.
    Rollout,
    /// Data is at a second place.
    Copy,
    /// A machine does something.
    Device,
    /// Whatever the verb says, at somebody whom the comment names.
    Elsewhere,
}

/// One thing that says what is promised.
#[derive(Debug, Clone)]
pub(crate) struct Promised {
    pub(crate) task: Task,
    /// `its name says “refund”`
    pub(crate) text: String,
}

/// The verbs of each kind, their nouns, and the nouns of those who can do it.
type Kin = (Task, &'static [&'static str], &'static [&'static str], &'static [&'static str]);
static KINDS: &[Kin] = &[
    (
        Task::Money,
        &[
            "refund", "charge", "pay", "payout", "capture", "disburse", "reimburse", "remit", "transfer", "withdraw",
            "debit", "wire", "settle", "void", "chargeback",
        ],
        &["refund", "payout", "charge", "disbursement", "reimbursement", "remittance", "withdrawal", "settlement"],
        &[
            "gateway", "stripe", "bank", "banking", "processor", "provider", "acquirer", "psp", "adyen", "paypal",
            "braintree", "payments", "rail", "rails", "sepa", "terminal", "card", "cards", "mollie",
        ],
    ),
    (
        Task::Message,
        &[
            "send", "email", "mail", "sms", "remind", "notify", "deliver", "resend", "broadcast", "text", "invite",
            "alert", "nudge", "message", "page", "dispatch", "forward",
        ],
        &["reminder", "notification", "newsletter", "mailing", "mail", "email", "message", "alert", "digest", "invitation", "broadcast"],
        &[
            "mailer", "mail", "emailer", "email", "smtp", "ses", "sms", "notifier", "notifications", "messenger",
            "sender", "transport", "twilio", "sendgrid", "postmark", "mailgun", "push", "fcm", "apns", "slack",
            "gateway", "webhook", "webhooks", "channel", "channels", "courier", "postman", "letters",
        ],
    ),
    (
        Task::Erasure,
        &["erase", "purge", "wipe", "anonymize", "anonymise", "shred", "scrub", "forget", "redact", "obliterate"],
        &["erasure", "deletion", "purge", "anonymization", "anonymisation", "wipe"],
        &[
            "source", "sources", "system", "systems", "eraser", "erasers", "crm", "warehouse", "analytics", "search",
            "storage", "bucket", "files", "blobs", "index", "providers", "processors", "connectors", "adapters",
            "targets", "handlers",
        ],
    ),
    (
        Task::Rollout,
        &["deploy", "rollout", "rollback", "provision", "restart", "reboot", "promote", "install", "launch", "redeploy", "upgrade", "undeploy", "failover"],
        &["deployment", "deploy", "rollout", "rollback", "provisioning", "upgrade", "failover", "firmware"],
        &[
            "cluster", "k8s", "kubernetes", "kube", "kubectl", "fleet", "cloud", "docker", "deployer", "helm",
            "terraform", "ssh", "orchestrator", "runner", "provisioner", "compute", "ecs", "nomad", "devices", "hosts",
            "nodes", "api", "exec", "spawn", "execa", "shell", "agent", "agents",
        ],
    ),
    (
        Task::Copy,
        &["backup", "back", "snapshot", "dump", "restore", "replicate", "mirror", "transcode", "migrate"],
        &["backup", "snapshot", "dump", "restore", "replication", "migration"],
        &["storage", "bucket", "s3", "archive", "disk", "vault", "dumper", "database", "pg", "volumes", "source"],
    ),
    (
        Task::Device,
        &["print", "dispense", "unlock", "lock", "eject", "calibrate", "reprint", "ring", "dim"],
        &["printing", "print", "dispensing", "dispense", "calibration"],
        &[
            "printer", "printers", "lock", "locks", "device", "devices", "controller", "plc", "driver", "hardware",
            "machine", "actuator", "dispenser", "serial", "mqtt", "modbus", "gateway", "hub", "door", "doors", "robot",
        ],
    ),
    (Task::Elsewhere, &[], &[], &[]),
];

/// Nouns of those who carry orders to somebody else, whatever the order is.
const AGENTS: &[&str] = &["gateway", "provider", "client", "http", "api", "sdk", "connector", "remote", "rpc", "grpc", "axios"];
/// Words of clients of databases, which keep entries.
const STORES: &[&str] = &[
    "prisma", "redis", "pg", "postgres", "mongo", "mongodb", "db", "database", "sql", "mysql", "sqlite", "orm", "knex", "elastic",
    "cache", "pool", "query", "supabase", "dynamo", "dynamodb", "drizzle", "repository", "repo", "store",
];
/// Verbs of decisions: to write them down is to make them.
const DECIDES: &[&str] = &[
    "approve", "reject", "cancel", "close", "complete", "mark", "archive", "expire", "assign", "flag", "accept", "confirm", "open",
    "reopen", "lock", "unlock", "suspend", "activate", "deactivate", "enable", "disable", "delete", "remove", "create", "update",
    "save", "store", "add", "set", "record", "finish", "start", "stop", "pause", "resume", "register", "claim", "acknowledge", "ack",
];

/// Verbs that say no more than that something is done: what, says the class or the comment.
const GENERIC: &[&str] =
    &["execute", "run", "handle", "process", "perform", "start", "work", "complete", "invoke", "call", "do", "job", "fulfil", "fulfill", "trigger", "main", "apply"];

impl Task {
    fn kin(self) -> &'static Kin {
        KINDS.iter().find(|kin| kin.0 == self).unwrap_or(&KINDS[0])
    }

    /// Whether a verb promises work of this kind.
    pub(crate) fn has_verb(self, verb: &str) -> bool {
        self.kin().1.contains(&verb)
    }

    /// Whether something with these words in its name or type can do it.
    pub(crate) fn is_done_by(self, nouns: &[String]) -> bool {
        let any = |list: &[&str]| nouns.iter().any(|word| list.contains(&word.as_str()));
        any(self.kin().3) || any(AGENTS) && !any(STORES)
    }

    /// Whether a participle says that it was done: `refunded`, `sent`.
    pub(crate) fn has_participle(self, word: &str) -> bool {
        let irregular = match word {
            "sent" | "resent" => "send",
            "paid" => "pay",
            "backed" => "back",
            "rolled" => "rollout",
            "forgotten" => "forget",
            "withdrawn" => "withdraw",
            "notified" => "notify",
            "deleted" => "erase",
            _ => "",
        };
        let verb = |stem: &str| self.has_verb(stem);
        verb(irregular)
            || word.strip_suffix("ed").is_some_and(|stem| verb(stem) || verb(halved(stem)))
            || word.strip_suffix('d').is_some_and(|stem| stem.ends_with('e') && verb(stem))
    }
}

/// `ship` of `shipp`.
fn halved(stem: &str) -> &str {
    let bytes = stem.as_bytes();
    match bytes {
        [.., one, other] if one == other => &stem[..stem.len() - 1],
        _ => stem,
    }
}

/// The kind of work that a word names, as a verb or as a noun.
fn task_of(word: &str, nouns: bool) -> Option<Task> {
    let one = word.strip_suffix('s').unwrap_or(word);
    let named = |list: &[&str]| list.contains(&word) || list.contains(&one);
    KINDS.iter().find(|(_, verbs, things, _)| if nouns { named(things) } else { verbs.contains(&word) }).map(|kin| kin.0)
}

impl<'a> Module<'a> {
    /// What says which work a function promises that cannot be done by writing it down; nothing where its name takes that back.
    pub(crate) fn promised_task(&self, function: &Function<'a>) -> Vec<Promised> {
        let mut found = Vec::new();
        let name = self.contract_name(function);
        let words = names::words(name);
        if words.iter().any(|word| is_about_records(word)) {
            return found;
        }
        let verb = names::verb(name);
        let generic = verb.is_empty() || GENERIC.contains(&verb.as_str());
        let own = task_of(&verb, false);
        if own.is_none() && !generic && (DECIDES.contains(&verb.as_str()) || !lexicon::EFFECT_VERBS.has(&verb)) {
            return found;
        }
        let foreign = own.is_none() && !generic;
        if let Some(task) = own {
            found.push(Promised { task, text: format!("its name says “{verb}”") });
        }
        let task = own.or_else(|| words.iter().skip(1).find_map(|word| task_of(word, true)));
        for word in doc_verbs(&self.comment_of(function)) {
            if let Some(said) = task_of(&word, false).filter(|said| task.is_none_or(|task| task == *said)) {
                found.push(Promised { task: said, text: format!("its comment says “{word}”") });
            }
        }
        if foreign && found.is_empty() {
            found.extend(self.promised_elsewhere(function, &verb));
            return found;
        }
        let owner = names::words(function.owner);
        if let Some((said, word)) = owner.iter().find_map(|word| Some((task_of(word, true)?, word)))
            && found.first().is_none_or(|first| first.task == said)
        {
            found.push(Promised { task: said, text: format!("it belongs to {} ({word})", function.owner) });
        }
        found
    }

    /// A verb and a comment that names the one who is to do it: “Publishes the record at the provider.”
    fn promised_elsewhere(&self, function: &Function<'a>, verb: &str) -> Vec<Promised> {
        let comment = self.comment_of(function).to_lowercase();
        let said: Vec<String> = names::text_words(&comment).collect();
        let named = self.collaborators(function).into_iter().find_map(|it| {
            let word = it.nouns.iter().find(|word| names_somebody(word) && said.contains(word))?;
            Some(word.clone())
        });
        named.map_or_else(Vec::new, |word| {
            vec![
                Promised { task: Task::Elsewhere, text: format!("its name says “{verb}”") },
                Promised { task: Task::Elsewhere, text: format!("its comment names the {word}") },
            ]
        })
    }

    /// The collaborators that a function can reach: what its class, the functions around it, its parameters and the imports give,
    /// with the words of their names and types.
    pub(crate) fn collaborators(&self, function: &Function<'a>) -> Vec<Collaborator<'a>> {
        let mut found = Vec::new();
        if let Some(class) = function.class.map(|id| self.class_of(id)) {
            for member in class.members.iter().filter(|it| it.injected || it.value.is_none() && it.annotation.is_some()) {
                let kind = member.annotation.map_or("", |it| self.text_of(it.span()));
                found.push(Collaborator::new(member.name.trim_start_matches('#'), kind, None));
            }
        }
        let mut next = Some(function.id);
        while let Some(id) = next {
            let it = self.function(id);
            for item in &it.params.items {
                let kind = item.type_annotation.as_ref().map_or("", |it| self.text_of(it.type_annotation.span()));
                for name in item.pattern.get_binding_identifiers() {
                    let kind = if item.pattern.is_binding_identifier() { kind } else { "" };
                    found.push(Collaborator::new(name.name.as_str(), kind, name.symbol_id.get()));
                }
            }
            next = it.parent;
        }
        for (symbol, import) in self.imports.iter().filter(|(_, import)| !import.is_type) {
            let name = self.text_of(self.semantic.scoping().symbol_span(*symbol));
            let lower = name.starts_with(|first: char| first.is_ascii_lowercase());
            if lower || import.name == "default" || import.name == "*" {
                found.push(Collaborator::new(name, "", Some(*symbol)));
            }
        }
        found.retain(|it| !it.is_plain());
        found.sort_by_key(|it| it.name);
        found
    }
}

/// Something that is there to do work.
#[derive(Debug, Clone)]
pub(crate) struct Collaborator<'a> {
    pub(crate) name: &'a str,
    /// The words of its name and of its type.
    pub(crate) nouns: Vec<String>,
    /// Its type as it is written.
    kind: &'a str,
    /// The variable that it is; a field has none.
    pub(crate) symbol: Option<SymbolId>,
}

impl<'a> Collaborator<'a> {
    fn new(name: &'a str, kind: &'a str, symbol: Option<SymbolId>) -> Self {
        let mut nouns: Vec<String> = names::words(name).iter().cloned().collect();
        nouns.extend(names::text_words(kind));
        Self { name, nouns, kind, symbol }
    }

    /// A value that no work can be asked of, or a log, a clock, a setting.
    fn is_plain(&self) -> bool {
        let base = self.kind.trim_end_matches("[]");
        matches!(base, "string" | "number" | "boolean" | "Date" | "bigint")
            || lexicon::LOGGERS.has(self.name)
            || self.nouns.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "log" | "logger" | "clock" | "config" | "options" | "settings" | "now" | "id" | "metrics" | "logging"
                        | "template" | "templates" | "input" | "dto" | "request" | "params" | "args" | "error"
                )
            })
    }
}

/// Whether a noun is one of somebody outside, and not of a place for entries or of a value.
pub(crate) fn names_somebody(word: &str) -> bool {
    let plain = matches!(word, "client" | "service" | "manager" | "handler" | "source" | "sources" | "index" | "search" | "api" | "http");
    !plain && !STORES.contains(&word) && (AGENTS.contains(&word)
            || OUTSIDE.contains(&word)
            || [Task::Money, Task::Message, Task::Rollout, Task::Device].iter().any(|task| task.kin().3.contains(&word)))
}

/// Nouns of those outside who do work of many kinds.
const OUTSIDE: &[&str] = &[
    "registrar", "registry", "carrier", "vault", "cdn", "kms", "idp", "ldap", "broker", "exchange", "marketplace", "sftp", "ftp",
    "queue", "relay", "agent", "erp", "pos", "warehouse", "supplier", "courier", "authority", "ca", "acme", "dns", "firewall", "proxy",
];

/// Words of a name that say that something is only written down.
fn is_about_records(word: &str) -> bool {
    matches!(
        word,
        "mark" | "marked" | "status" | "state" | "record" | "history" | "draft" | "note" | "flag" | "log" | "intent"
            | "entry" | "simulate" | "preview" | "dry" | "estimate" | "plan" | "schedule" | "queue" | "enqueue" | "request"
            | "requested" | "confirmed" | "manual" | "offline" | "cash"
    )
}

/// The verbs of the first sentence of a comment: `dump`, `upload` and `write` of “Dumps the database, uploads the dump and writes …”.
pub(crate) fn doc_verbs(comment: &str) -> Vec<String> {
    let text = comment.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '/' | '-' | '#'));
    let sentence = text.split(". ").next().unwrap_or(text);
    let mut found = Vec::new();
    let mut leads = true;
    for word in sentence.split(|c: char| c.is_whitespace() || c == '*').filter(|it| !it.is_empty()).take(40) {
        let plain: String = word.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        if leads {
            found.extend(stems(&plain));
        }
        leads = word.ends_with([',', ';', ':']) || matches!(plain.as_str(), "and" | "then" | "or");
    }
    found
}

/// `dump` of `dumps`; `fetch` and `fetche` of `fetches`.
fn stems(word: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(stem) = word.strip_suffix("ies") {
        found.push(format!("{stem}y"));
    }
    if let Some(stem) = word.strip_suffix("es") {
        found.push(stem.to_owned());
    }
    if let Some(stem) = word.strip_suffix('s') {
        found.push(stem.to_owned());
    }
    found
}
