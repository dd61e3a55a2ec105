//! Promises of work that no entry in a database can be: money moves, somebody is written to, data goes away, a machine does something.
use crate::analysis::Task;
use crate::analysis::task::{self, task_of};
use crate::lexicon;
use crate::model::{Function, Module};
use crate::names;
use crate::syntax::*;

/// One thing that says what is promised.
#[derive(Debug, Clone)]
pub(crate) struct Promised {
    pub(crate) task: Task,
    /// `its name says “refund”`
    pub(crate) text: String,
}

impl<'a> Module<'a> {
    /// What says which work a function promises that cannot be done by writing it down; nothing where its name takes that back.
    pub(crate) fn promised_task(&self, function: &Function<'a>) -> Vec<Promised> {
        let mut found = Vec::new();
        let name = self.contract_name(function);
        let words = names::words(name);
        if words.iter().any(|word| task::is(word, "records")) {
            return found;
        }
        let verb = names::verb(name);
        let generic = verb.is_empty() || task::is(&verb, "generic");
        let own = task_of(&verb, false);
        if own.is_none() && !generic && (task::is(&verb, "decides") || !lexicon::EFFECT_VERBS.has(&verb)) {
            return found;
        }
        let foreign = own.is_none() && !generic;
        if let Some(task) = own {
            found.push(Promised { task, text: format!("its name says “{verb}”") });
        }
        // `POST /orders/:id/refund`
        if let Some(route) = self.route_of(function).filter(|_| name.is_empty())
            && let Some(task) = route.rsplit('/').next().and_then(|word| task_of(word, false))
        {
            found.push(Promised { task, text: route });
        }
        let task = own
            .or_else(|| found.first().map(|it| it.task))
            .or_else(|| words.iter().skip(1).find_map(|word| task_of(word, true)));
        for word in doc_verbs(&self.comment_of(function)) {
            if let Some(said) = task_of(&word, false).filter(|said| task.is_none_or(|task| task == *said)) {
                found.push(Promised { task: said, text: format!("its comment says “{word}”") });
            }
        }
        if foreign && found.is_empty() {
            found.extend(self.promised_elsewhere(function, &verb));
            return found;
        }
        let owner = function.owner_words();
        if let Some((said, word)) = owner.iter().find_map(|word| Some((task_of(word, true)?, word)))
            && found.first().is_none_or(|first| first.task == said)
        {
            found.push(Promised { task: said, text: format!("it belongs to {} ({word})", function.owner) });
        }
        found
    }

    /// A verb and a comment that names the one who is to do it: “Publishes the record at the provider.”
    fn promised_elsewhere(&self, function: &Function<'a>, verb: &str) -> Vec<Promised> {
        // What is brought here may well be an entry here.
        if matches!(
            verb,
            "sync"
                | "synchronize"
                | "import"
                | "ingest"
                | "reconcile"
                | "refresh"
                | "index"
                | "reindex"
                | "track"
                | "subscribe"
                | "report"
                | "replay"
                | "consume"
                | "ack"
                | "link"
        ) {
            return Vec::new();
        }
        let comment = self.comment_of(function).to_lowercase();
        // In lower case each run of letters and digits is one word.
        let said = || comment.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        if !said().any(names_somebody) {
            return Vec::new();
        }
        let named = self.collaborators(function).into_iter().find_map(|it| {
            let word = it.nouns.iter().find(|word| names_somebody(word) && said().any(|it| it == *word))?;
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
            for member in class.members.iter().filter(|it| it.injected || it.value.is_none() && it.annotation.is_some())
            {
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
                    "log"
                        | "logger"
                        | "clock"
                        | "config"
                        | "options"
                        | "settings"
                        | "now"
                        | "id"
                        | "metrics"
                        | "logging"
                        | "template"
                        | "templates"
                        | "input"
                        | "dto"
                        | "request"
                        | "params"
                        | "args"
                        | "error"
                )
            })
    }
}

/// Whether a noun is one of somebody outside, and not of a place for entries or of a value.
pub(crate) fn names_somebody(word: &str) -> bool {
    let plain = matches!(
        word,
        "client" | "service" | "manager" | "handler" | "source" | "sources" | "index" | "search" | "api" | "http"
    );
    !plain
        && !task::is(word, "stores")
        && (task::is(word, "agents")
            || task::is(word, "outside")
            || [Task::Money, Task::Message, Task::Rollout, Task::Device].iter().any(|task| task.has_hand(word)))
}

/// The verbs of the first sentence of a comment: `dump`, `upload` and `write` of “Dumps the database, uploads the dump and writes …”.
pub(crate) fn doc_verbs(comment: &str) -> Vec<String> {
    let text = comment.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '/' | '-' | '#'));
    let sentence = memchr::memmem::find(text.as_bytes(), b". ").and_then(|end| text.get(..end)).unwrap_or(text);
    let mut found = Vec::new();
    let mut leads = true;
    for word in sentence.split(|c: char| c.is_whitespace() || c == '*').filter(|it| !it.is_empty()).take(40) {
        let letters = || word.bytes().filter(u8::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase());
        if leads {
            found.extend(stems(&letters().map(char::from).collect::<String>()));
        }
        leads = word.ends_with([',', ';', ':'])
            || matches!(letters().next(), Some(b'a' | b'o' | b't'))
                && ["and", "then", "or"].iter().any(|it| letters().eq(it.bytes()));
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
