//! FK308 canned-assistant: what should think recites.
use crate::analysis::{Grade, Origin, is_prose, object_keys, property};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK308",
    name: "canned-assistant",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "An assistant, analysis or completion that recites literal prose",
    details: "Keywords of the question choose ready sentences; the length of a text chooses its assessment; an iterator drips one literal; \
              a completion comes with a literal number of tokens. Help texts chosen by an exact command, and wording for a level that was \
              worked out elsewhere, are not meant.",
    repair: "ask the model or service, and pass on what it says",
    bad: "async function ask(question: string) {\n  const text = question.toLowerCase();\n  if (text.includes(\"fever\")) return \"A moderate fever is a normal reaction of the body, measure again.\";\n  if (text.includes(\"cough\")) return \"A viral infection is probable and should get better in ten days.\";\n  if (text.includes(\"head\")) return \"This is most likely a tension headache, rest and drink some water.\";\n  return \"Thank you for the details, I see no urgent signs at the moment.\";\n}\n",
    good: "function help(topic: string) {\n  if (topic === \"call\") return \"The phone button rings the practice, day and night, free of charge.\";\n  return \"Topics: call, history, delete. Everything else goes to the nurse on duty.\";\n}\n",
    check,
};

/// Verbs and nouns of what is expected to think.
static THINKERS: Names = Names::new(&[
    "analyse",
    "analyze",
    "assess",
    "evaluate",
    "review",
    "grade",
    "score",
    "summarise",
    "summarize",
    "classify",
    "diagnose",
    "triage",
    "ask",
    "answer",
    "reply",
    "respond",
    "response",
    "chat",
    "complete",
    "completion",
    "generate",
    "suggest",
    "recommend",
    "advise",
    "explain",
    "assistant",
    "bot",
    "chatbot",
    "ai",
    "llm",
    "gpt",
    "model",
    "copilot",
    "agent",
    "prompt",
    "coach",
    "tutor",
    "insight",
    "insights",
    "interpret",
    "message",
    "question",
    "support",
    "feedback",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if !module.is_candidate(function) || function.kind == Kind::Getter {
            continue;
        }
        let found = by_keyword(module, function)
            .or_else(|| by_length(module, function))
            .or_else(|| drip(module, function))
            .or_else(|| counted(module, function))
            .or_else(|| recited(module, function));
        if let Some(finding) = found {
            sink.report(finding);
        }
    }
}

fn finding(function: &Function<'_>, value: Span, what: &str, why: &str) -> Finding {
    let name = if function.name.is_empty() { "this function" } else { function.name };
    Finding::new(&RULE, function.span, format!("{name} {what}"))
        .of(function.id)
        .because(Evidence::InventedValue, value, "ready prose")
        .because(Evidence::AbsentEffect, function.span, why)
}

fn thinks<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let says = |words: &names::Words| words.iter().any(|word| THINKERS.has(word.as_str()));
    says(&names::words(module.contract_name(function)))
        || says(function.owner_words())
        || function.parameters().iter().any(|name| {
            matches!(name.name.as_str(), "question" | "prompt" | "message" | "userMessage" | "query" | "userInput")
        })
}

/// Values with prose that the function returns, or tells.
fn prose_of<'a>(module: &Module<'a>, function: &Function<'a>) -> Vec<Span> {
    let returned = module.inside(&module.returns, function.id).iter().filter_map(|at| at.it.value);
    returned.filter(|value| recites(module, value)).map(GetSpan::span).collect()
}

fn recites<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    module.invented(value).prose > 0 && !module.origin(value).has(Origin::CALL | Origin::FIELD | Origin::OUTER)
}

/// Three and more keyword tests that lead to prose, or a table of prose that is searched for keywords.
fn by_keyword<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let tests = module.inside(&module.calls, function.id).iter().filter(|at| is_keyword_test(at.it)).count();
    if tests == 0 || works(module, function) || !thinks(module, function) {
        return None;
    }
    let prose = prose_of(module, function);
    let listed = module.returns_of(function.id).filter_map(|it| it.value).find_map(|value| table_of(module, value));
    let listed = listed.or_else(|| told_table(module, function));
    let listed = listed.or_else(|| if function.is_generator { held_table(module, function) } else { None });
    let written = written_prose(module, function);
    let enough = tests >= 3 && prose.len() >= 3 || tests >= 2 && written.len() >= 2;
    let value = if enough { prose.first().or(written.first()).copied() } else { listed }?;
    Some(finding(function, value, "chooses ready sentences by keywords", "nothing is asked that could know the answer"))
}

/// `{ role: "assistant", content: CANNED[key] }`: a part of the answer is taken from a table.
fn told_table<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Span> {
    module.returns_of(function.id).filter_map(|it| it.value).find_map(|value| match value.get_inner_expression() {
        Expression::ObjectExpression(it) => it.properties.iter().find_map(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => table_of(module, &it.value),
            ObjectPropertyKind::SpreadProperty(_) => None,
        }),
        _ => None,
    })
}

/// The table that a variable of a generator takes its text from, which it then hands out piece by piece.
fn held_table<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Span> {
    function.statements().iter().find_map(|statement| match statement {
        Statement::VariableDeclaration(it) => it.declarations.iter().find_map(|it| table_of(module, it.init.as_ref()?)),
        _ => None,
    })
}

/// Whether anything works for the answer; to look something up is not yet to think.
fn works<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.summary(function.id).is_none_or(|summary| summary.work().is_some())
        && module.inside(&module.calls, function.id).iter().any(|at| {
            module.grade(at) == Grade::Work && !names::verb_in(names::last(&at.it.callee), &lexicon::QUERY_VERBS)
        })
}

/// Sentences that become the answer: returned, kept in a variable, or chosen among others.
fn written_prose<'a>(module: &Module<'a>, function: &Function<'a>) -> Vec<Span> {
    let nodes = function.node.index()..function.end.index();
    if nodes.len() > 3000 {
        return Vec::new();
    }
    let answers = |node: NodeId| match module.kind(module.parent(node)) {
        AstKind::ReturnStatement(_)
        | AstKind::VariableDeclarator(_)
        | AstKind::AssignmentExpression(_)
        | AstKind::ConditionalExpression(_)
        | AstKind::ArrayExpression(_)
        | AstKind::LogicalExpression(_) => true,
        AstKind::ObjectProperty(it) => {
            matches!(names::key(&it.key), "text" | "content" | "reply" | "answer" | "response" | "summary" | "output")
        }
        _ => false,
    };
    let prose = |index: usize| match module.kind(NodeId::from_usize(index)) {
        AstKind::StringLiteral(it) if is_prose(&it.value) => Some(it.span),
        AstKind::TemplateLiteral(it) if it.quasis.iter().any(|part| is_prose(&part.value.raw)) => Some(it.span),
        _ => None,
    };
    nodes.filter_map(|index| prose(index).filter(|_| answers(NodeId::from_usize(index)))).collect()
}

fn is_keyword_test(call: &CallExpression<'_>) -> bool {
    let word = matches!(call.arguments.first(), Some(Argument::StringLiteral(_)));
    match names::last(&call.callee) {
        "includes" | "startsWith" | "indexOf" => {
            word || matches!(call.arguments.first(), Some(Argument::Identifier(_)))
        }
        "test" | "match" | "search" => true,
        _ => false,
    }
}

/// A constant of the module with three and more pieces of prose, that a returned value is taken from.
fn table_of<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<Span> {
    let mut value = value.get_inner_expression();
    if let Expression::LogicalExpression(it) = value {
        value = it.left.get_inner_expression();
    }
    let Expression::Identifier(name) = names::root(value) else { return None };
    let first = module.initial(name).or_else(|| looped(module, name))?;
    let init = match names::root(first) {
        Expression::Identifier(outer) => module.initial(outer)?,
        _ => first,
    };
    let constant =
        matches!(init.get_inner_expression(), Expression::ArrayExpression(_) | Expression::ObjectExpression(_));
    (constant && module.invented(init).prose >= 3).then(|| init.span())
}

/// The list that the variable of a loop runs over: `for (const [words, answer] of RULES)`.
fn looped<'a>(module: &Module<'a>, name: &IdentifierReference<'a>) -> Option<&'a Expression<'a>> {
    let node = module.declaration(module.symbol(name)?);
    match module.kind(module.parent(module.parent(node))) {
        AstKind::ForOfStatement(it) => Some(&it.right),
        _ => None,
    }
}

/// The assessment of a text that only its length decides.
fn by_length<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !thinks(module, function) || module.summary(function.id)?.work().is_some() {
        return None;
    }
    let prose = prose_of(module, function);
    let tests: Vec<&IfStatement<'a>> = module.own(&module.ifs, function.id).map(|at| at.it).collect();
    let by_size = !tests.is_empty() && tests.iter().all(|it| module.is_size_test(&it.test));
    (prose.len() >= 2 && by_size).then(|| {
        finding(
            function,
            prose[0],
            "lets the length of a text choose its assessment",
            "nothing but the length is looked at",
        )
    })
}

/// An iterator or loop that hands out one literal piece by piece.
fn drip<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let pieces = module.own(&module.calls, function.id).find_map(|at| {
        let call = at.it;
        if !matches!(names::last(&call.callee), "split" | "match" | "matchAll") {
            return None;
        }
        let object = names::object(&call.callee)?;
        let text = match object.get_inner_expression() {
            Expression::Identifier(name) => module.initial(name)?,
            other => other,
        };
        // `REPLIES[key].split(" ")`
        let chosen = match names::root(text) {
            Expression::Identifier(name) if !is_text_literal(text) => {
                module.initial(name).is_some_and(|init| init.span().size() < 20_000 && module.invented(init).prose >= 2)
            }
            _ => false,
        };
        ((is_text_literal(text) || chosen)
            && matches!(
                module.kind(module.parent(at.node)),
                AstKind::ForOfStatement(_) | AstKind::VariableDeclarator(_) | AstKind::LogicalExpression(_)
            ))
        .then_some(call.span)
    })?;
    let paused = module.inside(&module.awaits, function.id).iter().any(|at| module.is_pause(&at.it.argument))
        || !module.summary(function.id)?.timers().is_empty();
    let handed = function.is_generator
        || module
            .inside(&module.calls, function.id)
            .iter()
            .any(|at| module.is_tell(at.it) || matches!(names::last(&at.it.callee), "enqueue" | "write"));
    (paused && handed).then(|| {
        finding(
            function,
            pieces,
            "hands out one ready text piece by piece",
            "the pauses are all that makes it look like thought",
        )
    })
}

/// A text of a sentence and more, also put together with `+`.
fn is_text_literal(value: &Expression<'_>) -> bool {
    let mut value = value.get_inner_expression();
    for _ in 0..50 {
        match value {
            Expression::StringLiteral(text) => return is_prose(&text.value),
            Expression::TemplateLiteral(it) => return it.quasis.iter().any(|part| is_prose(&part.value.raw)),
            Expression::BinaryExpression(it) => value = it.left.get_inner_expression(),
            _ => return false,
        }
    }
    false
}

/// One ready text with a name put into it, of an asynchronous function that is to think and asks nobody.
fn recited<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let thinker = names::words(module.contract_name(function)).first().is_some_and(|word| THINKERS.has(word.as_str()));
    if !function.is_async
        || !thinker
        || function.params.items.is_empty()
        || module.is_bound_elsewhere(function)
        || !module.inside(&module.awaits, function.id).is_empty()
        || module.summary(function.id)?.work().is_some()
    {
        return None;
    }
    let ready = |value: &&'a Expression<'a>| match value.get_inner_expression() {
        Expression::TemplateLiteral(it) => it.quasis.iter().any(|part| is_prose(&part.value.raw)),
        Expression::StringLiteral(it) => is_prose(&it.value),
        _ => false,
    };
    let value = module.returns_of(function.id).filter_map(|it| it.value).find(ready)?;
    Some(finding(function, value.span(), "answers one ready text", "it is asynchronous and asks nobody"))
}

/// A completion whose count of tokens is a literal.
fn counted<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let (value, usage) = module.own(&module.objects, function.id).find_map(|at| {
        let Expression::ObjectExpression(usage) = property(at.it, "usage")?.get_inner_expression() else { return None };
        let tokens = object_keys(usage).any(|key| key.to_lowercase().contains("token"));
        let literal = usage.properties.iter().filter(|it| matches!(it, ObjectPropertyKind::ObjectProperty(it) if matches!(&it.value, Expression::NumericLiteral(number) if number.value > 1.0))).count();
        (tokens && literal >= 2).then_some((at.it, usage))
    })?;
    Some(
        finding(
            function,
            usage.span,
            "answers a completion with a literal count of tokens",
            "no model was asked, or it would have counted",
        )
        .because(Evidence::ConstantOutcome, value.span, "the shape of a completion"),
    )
}
