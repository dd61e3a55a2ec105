//! What is counted, marked or logged as done by the function itself.
use crate::analysis::{CallKind, Claim, Origin, claim, is_success};
use crate::lexicon;
use crate::model::{Function, FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

impl<'a> Module<'a> {
    /// A count that a function makes itself and gives as what was done: `summary.created++`, `return delivered`, `return keys.length`.
    pub(crate) fn counted(&self, function: &Function<'a>) -> Option<Claim> {
        let member = self.inside(&self.writes, function.id).iter().find(|at| {
            let answered = matches!(at.it, Write::Assign(it) if self.origin(&it.right).has(Origin::CALL));
            self.incremented(at.it).is_some_and(|(name, local)| {
                local.is_none() && !answered && says_done(name) && self.write_kind(function.id, at.it).is_none()
            })
        });
        if let Some(at) = member {
            let span = self.kind(at.node).span();
            return Some(Claim { node: at.node, span, text: self.brief(span), strong: false });
        }
        let returned = self.own(&self.returns, function.id).find(|at| {
            at.it.value.is_some_and(|value| match value.get_inner_expression() {
                Expression::Identifier(name) => self.symbol(name).is_some_and(|symbol| self.is_counter(symbol)),
                Expression::StaticMemberExpression(it) => {
                    matches!(it.property.name.as_str(), "length" | "size")
                        && matches!(it.object, Expression::Identifier(_))
                }
                _ => false,
            })
        })?;
        Some(Claim { node: returned.node, span: returned.it.span, text: self.brief(returned.it.span), strong: false })
    }

    /// `let n = 0` that is counted up by what is no answer.
    pub(crate) fn is_counter(&self, symbol: SymbolId) -> bool {
        let zero = matches!(self.kind(self.declaration(symbol)), AstKind::VariableDeclarator(it) if matches!(it.init, Some(Expression::NumericLiteral(_))));
        zero && self.semantic.scoping().symbol_is_mutated(symbol) && !self.origin_of_symbol(symbol).has(Origin::CALL)
    }

    /// What a write counts up: the name, and the variable where it is one.
    pub(crate) fn incremented(&self, write: Write<'a>) -> Option<(&'a str, Option<SymbolId>)> {
        match write {
            Write::Update(it) if it.operator == UpdateOperator::Increment => match &it.argument {
                SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => {
                    Some((name.name.as_str(), Some(self.symbol(name)?)))
                }
                SimpleAssignmentTarget::StaticMemberExpression(it) => Some((it.property.name.as_str(), None)),
                _ => None,
            },
            Write::Assign(it) if it.operator == AssignmentOperator::Addition => match &it.left {
                AssignmentTarget::AssignmentTargetIdentifier(name) => {
                    Some((name.name.as_str(), Some(self.symbol(name)?)))
                }
                AssignmentTarget::StaticMemberExpression(it) => Some((it.property.name.as_str(), None)),
                _ => None,
            },
            _ => None,
        }
    }

    /// A log line of a function that says in the past tense what its own name says: `backfill` logs `Backfilled 12 rows`.
    pub(crate) fn says_its_verb(&self, function: &Function<'a>) -> Option<Claim> {
        let verb = self.contract_verb(function);
        if verb.len() < 3 || is_pure(verb) {
            return None;
        }
        let own = names::words(self.contract_name(function));
        let past = |word: &str| {
            is_past_of(word, verb) || own.iter().any(|it| lexicon::EFFECT_VERBS.has(it) && is_past_of(word, it))
        };
        self.log_that(function.id, past).or_else(|| self.answer_that(function.id, past))
    }

    /// A log line of a function that says that something was done.
    pub(crate) fn logs_done(&self, function: &Function<'a>) -> Option<Claim> {
        self.log_that(function.id, claim::is_done)
    }

    /// `res.json({ message: "Subscription cancelled" })`
    fn answer_that(&self, id: FunctionId, fits: impl Fn(&str) -> bool) -> Option<Claim> {
        self.own(&self.calls, id).filter(|at| self.is_tell(at.it)).find_map(|at| {
            let Some(Argument::ObjectExpression(object)) = at.it.arguments.first() else { return None };
            let text = match crate::analysis::property(object, "message")?.get_inner_expression() {
                Expression::StringLiteral(it) => it.value.as_str(),
                _ => return None,
            };
            let lower = text.to_lowercase();
            let denied =
                ["not ", "fail", "already", "cannot", "can't", "nothing", "no "].iter().any(|it| lower.contains(it));
            (!denied && names::text_words(text).any(|word| fits(&word))).then(|| Claim {
                node: at.node,
                span: at.it.span,
                text: self.brief(at.it.span),
                strong: true,
            })
        })
    }

    /// `res.status(201).json(…)`, `c.json(it, 201)`, `json(it, { status: 201 })` of a route: it says that something is there now.
    pub(crate) fn answers_created(&self, function: &Function<'a>) -> Option<Claim> {
        if !self.has_route(function) {
            return None;
        }
        let created = |value: &Expression<'_>| matches!(value.get_inner_expression(), Expression::NumericLiteral(code) if code.value == 201.0);
        self.own(&self.calls, function.id).find_map(|at| {
            let said = match names::last(&at.it.callee) {
                "status" | "sendStatus" | "code" | "json" => at.it.arguments.iter().filter_map(Argument::as_expression).any(|value| {
                    created(value) || matches!(value.get_inner_expression(), Expression::ObjectExpression(it) if crate::analysis::property(it, "status").is_some_and(created))
                }),
                _ => false,
            };
            said.then(|| Claim { node: at.node, span: at.it.span, text: self.brief(at.it.span), strong: true })
        })
    }

    fn log_that(&self, id: FunctionId, fits: impl Fn(&str) -> bool) -> Option<Claim> {
        self.inside(&self.calls, id).iter().filter(|at| self.call_kind(at.it) == CallKind::Log).find_map(|at| {
            if matches!(names::last(&at.it.callee), "error" | "warn" | "debug" | "trace") {
                return None;
            }
            let text = at.it.arguments.iter().filter_map(Argument::as_expression).find_map(|argument| {
                let words = match argument.get_inner_expression() {
                    Expression::StringLiteral(it) => it.value.to_string(),
                    Expression::TemplateLiteral(it) => it.quasis.iter().map(|part| part.value.raw.as_str()).collect(),
                    _ => return None,
                };
                let lower = words.to_lowercase();
                let denied = ["not ", "fail", "would", "dry", "skip", "already", "nothing", "no "];
                let words: Vec<String> = names::text_words(&words).collect();
                (!denied.iter().any(|it| lower.contains(it)) && words.iter().any(|word| fits(word))).then_some(())
            });
            text.map(|()| Claim { node: at.node, span: at.it.span, text: self.brief(at.it.span), strong: true })
        })
    }
}

/// Whether a name says that something was done.
pub(crate) fn says_done(name: &str) -> bool {
    is_success(name)
}

fn is_pure(verb: &str) -> bool {
    [&lexicon::QUERY_VERBS, &lexicon::COMPUTE_VERBS, &lexicon::CHECK_VERBS].iter().any(|it| it.has(verb))
}

/// Whether a word is the participle of a verb.
fn is_past_of(word: &str, verb: &str) -> bool {
    let Some(stem) = word.strip_suffix("ed") else { return false };
    stem == verb
        || verb.strip_suffix('e') == Some(stem)
        || verb.strip_suffix('y').is_some_and(|start| stem.strip_suffix('i') == Some(start))
        || stem.len() == verb.len() + 1 && stem.starts_with(verb) && stem.ends_with(&verb[verb.len() - 1..])
}
