//! FK103 in part: the answer is made of something, but not of what the question is about.
use crate::analysis::{Origin, Outcome, Parameter, Usage};
use crate::finding::{Evidence, Finding, Severity};
use crate::model::{Function, Kind, Module, Role};
use crate::names;
use crate::rules::fk103_constant_answer::RULE;
use crate::rules::fk103_promise::{Promise, computes, is_about_size, is_key, is_label, is_predicate, is_subject};
use crate::syntax::*;

/// A function that promises to compute, ask or check something, and whose answer does not depend on one of the things that it is asked about.
pub(super) fn ignored<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !is_asked(module, function) {
        return None;
    }
    let outcome = module.outcome(function.id)?;
    let summary = module.summary(function.id)?;
    if outcome.values().next().is_none() || outcome.is_constant() {
        return None;
    }
    let subject = |name: &&BindingIdentifier<'a>| is_subject(name.name.as_str());
    if !function.parameters().iter().any(subject) || summary.parameters().iter().all(|it| it.usage == Usage::Live) {
        return None;
    }
    let promise = Promise::of(module, function);
    if promise.takes_back {
        return None;
    }
    let asked = Asked { outcome, promise: &promise, promises: module.promises(function) };
    let (position, parameter, why) = function.params.items.iter().enumerate().find_map(|(position, item)| {
        if item.initializer.is_some() || item.optional {
            return None;
        }
        let whole = item.pattern.get_binding_identifier().is_some();
        let kind = item.type_annotation.as_ref().filter(|_| whole).map(|it| module.text_of(it.type_annotation.span()));
        item.pattern.get_binding_identifiers().into_iter().find_map(|name| {
            if !is_subject(name.name.as_str()) || kind.is_some_and(is_no_question) {
                return None;
            }
            let parameter = summary.parameters().iter().find(|it| it.span == name.span)?;
            // Of what is taken apart only what the comment is about is asked.
            let why = promise
                .about(name.name.as_str(), kind.unwrap_or(""))
                .filter(|_| whole || promise.says_word(name.name.as_str()));
            let ignored = is_ignored(module, function, &asked, (position, name, kind, &why, parameter.usage), whole);
            ignored.then_some((position, parameter, why))
        })
    })?;
    if has_sibling(module, function, position) || module.is_a_value(function) {
        return None;
    }
    Some(finding(function, (parameter, outcome), why.as_deref()))
}

/// Types of what no answer can depend on in a way that can be seen.
fn is_no_question(kind: &str) -> bool {
    kind.contains("=>") || matches!(kind, "boolean" | "never" | "unknown" | "any")
}

struct Asked<'o, 'a> {
    outcome: &'o Outcome<'a>,
    promise: &'o Promise,
    /// Its verb promises an answer.
    promises: bool,
}

type Candidate<'c, 'a> = (usize, &'a BindingIdentifier<'a>, Option<&'a str>, &'c Option<String>, Usage);

/// Whether the answer should depend on a parameter, and does not.
fn is_ignored<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    asked: &Asked<'_, 'a>,
    (position, name, kind, why, usage): Candidate<'_, 'a>,
    whole: bool,
) -> bool {
    let (Some(symbol), Some(summary)) = (name.symbol_id.get(), module.summary(function.id)) else { return false };
    let text = name.name.as_str();
    if usage == Usage::Live {
        return false;
    }
    let label = is_label(text) || kind == Some("number");
    // Two things are compared, and of neither more than its length is read.
    let sized = usage == Usage::Presence
        && summary.parameters().len() > 1
        && computes(function)
        && !asked.outcome.answer.has(Origin::CALL | Origin::FIELD | Origin::OUTER)
        && summary.parameters().iter().all(|it| it.usage == Usage::Presence);
    let others = summary.parameters().iter().any(|it| it.span != name.span && it.usage == Usage::Live)
        || asked.outcome.answer.has(Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::TIME);
    let said = asked.promise.says(why);
    if asked.outcome.is_callable && usage > Usage::Voided {
        return false;
    }
    match usage {
        Usage::Live => false,
        Usage::Unread | Usage::Voided => {
            let several = function.params.items.len() > 1 && whole;
            why.is_some() && (said || several && !label)
                || several && (kind.is_some() && asked.promise.speaks() && asked.promises || computes(function))
        }
        Usage::Logged | Usage::Timed => why.is_some() && !label,
        // It is taken apart, or asked for, and then forgotten.
        Usage::Dead => why.is_some() || position == 0 && whole,
        Usage::Guarding | Usage::Presence => {
            let named = why.is_some() && (!is_predicate(function) || said);
            let worked = position == 0 && whole && asked.promises && module.is_worked_on(symbol, function);
            let sized = sized && !is_about_size(asked.promise);
            sized
                || others
                    && !label
                    && !is_compared(module, symbol)
                    && !is_about_size(asked.promise)
                    && !is_key(text)
                    && (named || worked)
        }
    }
}

fn finding<'a>(
    function: &Function<'a>,
    (parameter, outcome): (&Parameter<'a>, &Outcome<'a>),
    why: Option<&str>,
) -> Finding {
    let name = parameter.name;
    let how = match parameter.usage {
        Usage::Unread | Usage::Voided => "is never read",
        Usage::Logged | Usage::Timed => "is read by logs and pauses only",
        Usage::Dead => "is worked on, and nothing reads what comes of it",
        _ => "decides only whether there is an answer",
    };
    let promise = why.map_or_else(|| format!("its name promises to {}", function.verb()), str::to_owned);
    let answer = outcome.values().next().map_or(function.span, GetSpan::span);
    Finding::new(&RULE, function.span, format!("{} does not answer by {name}, which {how}", function.qualified()))
        .of(function.id)
        .because(Evidence::UnreadInput, parameter.span, format!("{name} {how}"))
        .because(Evidence::ContractWords, answer, promise)
        .with_severity(Severity::Warning)
}

/// Whether a function is one that others ask by its name, for an answer.
fn is_asked<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.is_candidate(function)
        && function.kind != Kind::Getter
        && function.role == Role::Named
        && !function.is_generator
        && !function.name.is_empty()
        && !function.params.items.is_empty()
        && !module.is_bound_elsewhere(function)
        && !function.name.starts_with('_')
        && !(function.kind == Kind::Expression
            && !function.owner.is_empty()
            && !matches!(function.owner, "exports" | "module" | "module.exports"))
}

/// Whether a parameter is held against something else than a literal: then a guard that reads it has done some work.
fn is_compared(module: &Module<'_>, symbol: SymbolId) -> bool {
    module.uses(symbol).any(|reference| {
        let mut inner = module.kind(reference.node_id()).span();
        for (_, around) in module.around(reference.node_id()).take(4) {
            match around {
                AstKind::StaticMemberExpression(it) => inner = it.span,
                AstKind::CallExpression(call) if call.callee.span() == inner => inner = call.span,
                AstKind::CallExpression(call) => {
                    let asks = matches!(
                        names::last(&call.callee),
                        "includes"
                            | "has"
                            | "get"
                            | "indexOf"
                            | "startsWith"
                            | "endsWith"
                            | "test"
                            | "find"
                            | "equals"
                            | "match"
                    );
                    return asks && names::object(&call.callee).is_some_and(|object| module.origin(object).is_real());
                }
                AstKind::BinaryExpression(it) if it.operator.is_equality() || it.operator.is_compare() => {
                    let other = if it.left.span() == inner { &it.right } else { &it.left };
                    return module.origin(other).is_real();
                }
                _ => return false,
            }
        }
        false
    })
}

/// Whether another function of the same place takes the same: then the parameters are those of a family.
fn has_sibling<'a>(module: &Module<'a>, function: &Function<'a>, position: usize) -> bool {
    let names_of = |it: &Function<'a>| -> Vec<&'a str> {
        it.params
            .items
            .iter()
            .map(|item| item.pattern.get_binding_identifier().map_or("", |it| it.name.as_str()))
            .collect()
    };
    let own = names_of(function);
    own.len() > 1
        && module.functions.iter().any(|other| {
            let same = other.id != function.id && other.class == function.class && other.parent == function.parent;
            let calls = || {
                module.inside(&module.calls, other.id).iter().any(|call| names::last(&call.it.callee) == function.name)
            };
            same && other.name != function.name && !calls() && {
                let others = names_of(other);
                others.len() == own.len() && others == own && others.get(position).is_some()
            }
        })
}

impl<'a> Module<'a> {
    /// Whether a function is given on by its name, so that somebody else says what it is called with.
    pub(crate) fn is_a_value(&self, function: &Function<'a>) -> bool {
        let symbol = match self.kind(function.node) {
            AstKind::Function(it) => it.id.as_ref().and_then(|id| id.symbol_id.get()),
            _ => self.around(function.node).take(3).find_map(|(_, kind)| match kind {
                AstKind::VariableDeclarator(it) => it.id.get_binding_identifier().and_then(|id| id.symbol_id.get()),
                _ => None,
            }),
        };
        let Some(symbol) = symbol else { return false };
        self.uses(symbol).filter(|it| it.is_read()).any(|reference| {
            let node = reference.node_id();
            match self.kind(self.parent(node)) {
                AstKind::CallExpression(call) => call.callee.span() != self.kind(node).span(),
                AstKind::ExportSpecifier(_) | AstKind::ExportDefaultDeclaration(_) => false,
                // `module.exports = { f }`, `module.exports = f`
                AstKind::ObjectProperty(_) | AstKind::AssignmentExpression(_) => {
                    let exported = self.around(node).take(4).any(|(_, kind)| {
                        matches!(kind, AstKind::AssignmentExpression(it) if self.text_of(it.left.span()).contains("exports"))
                    });
                    !exported
                }
                AstKind::TSTypeQuery(_) => false,
                _ => true,
            }
        })
    }

    /// Whether something is made of a parameter, and put into a variable, before it is asked for.
    fn is_worked_on(&self, symbol: SymbolId, function: &Function<'a>) -> bool {
        self.declarators(function.id).any(|it| {
            let Some(init) = &it.init else { return false };
            let within = |node: NodeId| init.span().contains_inclusive(self.kind(node).span());
            matches!(init.get_inner_expression(), Expression::CallExpression(_) | Expression::AwaitExpression(_))
                && self.uses(symbol).any(|reference| within(reference.node_id()))
        })
    }
}
