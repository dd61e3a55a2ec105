//! FK103 for judgements: an answer with a grade, class or measure of which only one ever comes.
use crate::analysis::Outward;
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

/// A function that is to judge, and that answers the same judgement whatever it is given.
pub(super) fn judged<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.params.items.is_empty()
        || function.is_generator
        || module.is_bound_elsewhere(function)
    {
        return None;
    }
    let outcome = module.outcome(function.id)?;
    let mut values = outcome.values();
    let value = values.next().filter(|_| values.next().is_none())?;
    let value = match value.get_inner_expression() {
        Expression::Identifier(name) => module.initial(name).filter(|_| is_settled(module, name))?,
        other => other,
    };
    let object = answered(module, value)?;
    let verb = function.verb();
    let words = function.words();
    let verbs = [verb.as_str(), words.first().map_or("", String::as_str)];
    let judges = verbs.iter().any(|verb| JUDGES.has(verb));
    let computes =
        judges || verbs.iter().any(|verb| lexicon::COMPUTE_VERBS.has(verb)) || !module.comment_of(function).is_empty();
    let (span, key) = object.properties.iter().find_map(|property| {
        let ObjectPropertyKind::ObjectProperty(it) = property else { return None };
        let key = names::key(&it.key);
        let found = match it.value.get_inner_expression() {
            Expression::NumericLiteral(number) => {
                computes && outcome.outward <= Outward::Asks && number.value.fract() != 0.0 && is_judgement(key)
            }
            Expression::StringLiteral(text) => {
                judges && !is_lifecycle(key) && has_variants(module, function, (key, &text.value))
            }
            _ => false,
        };
        found.then_some((it.span, key))
    })?;
    Some(
        Finding::new(&RULE, function.span, format!("{} always answers the same {key}", function.qualified()))
            .of(function.id)
            .because(Evidence::ConstantOutcome, span, "a literal, on every way through the function")
            .because(Evidence::ContractWords, function.span, format!("{key} is to be judged by the input"))
            .with_severity(Severity::Warning),
    )
}

/// Whether nothing is put into a variable, or into what it holds, after it was declared.
fn is_settled<'a>(module: &Module<'a>, name: &IdentifierReference<'a>) -> bool {
    let Some(symbol) = module.symbol(name) else { return false };
    module.uses(symbol).all(|it| {
        !it.is_write()
            && !module.around(it.node_id()).take(3).any(|(_, kind)| match kind {
                AstKind::AssignmentExpression(write) => {
                    write.left.span().contains_inclusive(module.kind(it.node_id()).span())
                }
                AstKind::UpdateExpression(_) => true,
                _ => false,
            })
    })
}

/// The object that a value is, or that each of its elements is.
fn answered<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<&'a ObjectExpression<'a>> {
    match value.get_inner_expression() {
        Expression::ObjectExpression(object) => Some(object),
        Expression::CallExpression(call) if names::last(&call.callee) == "map" => {
            let inner = module.function_in(call.arguments.first()?.as_expression()?)?;
            let mut values = module.returns_of(inner).filter_map(|it| it.value);
            match values.next().filter(|_| values.next().is_none())?.get_inner_expression() {
                Expression::ObjectExpression(object) => Some(object),
                _ => None,
            }
        }
        _ => None,
    }
}

static JUDGES: Names = Names::new(&[
    "classify",
    "categorize",
    "categorise",
    "detect",
    "analyze",
    "analyse",
    "evaluate",
    "assess",
    "grade",
    "diagnose",
    "moderate",
    "recognize",
    "recognise",
    "score",
    "rate",
    "rank",
    "triage",
    "parse",
    "inspect",
    "scan",
    "predict",
    "label",
    "infer",
    "determine",
    "review",
    "check",
    "audit",
    "tokenize",
    "lex",
    "identify",
]);

fn is_judgement(key: &str) -> bool {
    names::words(key).iter().any(|word| {
        matches!(
            word.as_str(),
            "score"
                | "confidence"
                | "relevance"
                | "similarity"
                | "probability"
                | "likelihood"
                | "sentiment"
                | "risk"
                | "accuracy"
                | "value"
                | "p"
                | "certainty"
                | "correlation"
                | "precision"
                | "recall"
                | "f1"
                | "quality"
        )
    })
}

/// What begins the same for everything.
fn is_lifecycle(key: &str) -> bool {
    names::words(key).iter().any(|word| {
        matches!(word.as_str(), "status" | "state" | "phase" | "step" | "version" | "currency" | "unit" | "source")
    })
}

/// Whether the module declares that the answer can be of another kind, and nothing in the function names one.
fn has_variants<'a>(module: &Module<'a>, function: &Function<'a>, (key, text): (&str, &str)) -> bool {
    let Some(kind) = function.return_type else { return false };
    let kind = module.text_of(kind.span());
    let nodes = module.semantic.nodes();
    (0..nodes.len()).map(NodeId::from_usize).any(|node| {
        let AstKind::TSPropertySignature(it) = module.kind(node) else { return false };
        let union = it.type_annotation.as_ref().map_or("", |it| module.text_of(it.type_annotation.span()));
        let of_answer = module.around(node).take(4).any(|(_, around)| match around {
            AstKind::TSInterfaceDeclaration(it) => names_type(kind, &it.id.name),
            AstKind::TSTypeAliasDeclaration(it) => names_type(kind, &it.id.name),
            _ => false,
        }) || names_type(kind, union);
        if names::key(&it.key) != key {
            return false;
        }
        let union = alias_of(module, union).unwrap_or(union);
        of_answer
            && union.contains('|')
            && (union.contains(&format!("'{text}'")) || union.contains(&format!("\"{text}\"")))
    })
}

/// What a name of the module stands for as a type.
fn alias_of<'a>(module: &Module<'a>, name: &str) -> Option<&'a str> {
    let nodes = module.semantic.nodes();
    (0..nodes.len()).map(NodeId::from_usize).find_map(|node| match module.kind(node) {
        AstKind::TSTypeAliasDeclaration(it) if it.id.name == name => Some(module.text_of(it.type_annotation.span())),
        _ => None,
    })
}

fn names_type(kind: &str, name: &str) -> bool {
    kind.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').any(|word| word == name)
}
