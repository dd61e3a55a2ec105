//! FK109 commented-out-work: the work stands in a comment, and the answer is given without it.
use crate::analysis::EffectKind;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Body, Function, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK109",
    name: "commented-out-work",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "The statements that would do the work are in a comment, and what is left does nothing with the input",
    details: "Three or more lines of comment that parse as statements, inside of a function that changes nothing else and answers a literal, or nothing. \
              Examples in documentation and explanations beside working code are not meant.",
    repair: "bring the code back to life, or remove it and say that nothing is done",
    bad: "async function submit(dispute: Dispute) {\n  // const upload = await provider.files.create(dispute.file);\n  // const response = await provider.disputes.update(dispute.id, upload);\n  // await repo.markSubmitted(dispute.id, response.at);\n  return { status: \"submitted\" };\n}\n",
    good: "async function submit(dispute: Dispute) {\n  // The network answers 409 to a second call.\n  return provider.disputes.update(dispute.id, { submit: true });\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function) {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let Body::Block(body) = function.body else { return None };
    let comments = module.comments_in(body.span);
    if comments.is_empty() || body.statements.len() > 6 {
        return None;
    }
    let (span, text) = blocks(module, comments)
        .into_iter()
        .find(|(span, text)| module.function_at_text(span.start) == Some(function.id) && looks_like_code(text))?;
    if !is_hollow(module, function) || !is_work(module, &text) {
        return None;
    }
    Some(
        Finding::new(&RULE, function.span, format!("the work of {} is commented out", function.qualified()))
            .of(function.id)
            .because(Evidence::AdmittedInText, span, "statements in a comment")
            .because(Evidence::AbsentEffect, body.span, "what is left does nothing with the input"),
    )
}

/// Whether a function answers a literal or nothing, and tells others nothing that depends on its input.
fn is_hollow<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    let Some(outcome) = module.outcome(function.id) else { return false };
    let Some(summary) = module.summary(function.id) else { return false };
    let silent = outcome.main.iter().all(|it| it.value.is_none());
    let hollow = |node: NodeId| match module.kind(node) {
        // `setSaved(true)`, `event.preventDefault()`
        AstKind::CallExpression(call) => {
            let told =
                call.arguments.iter().all(|it| it.as_expression().is_some_and(|it| module.origin(it).is_constant()));
            let name = names::last(&call.callee);
            matches!(name, "preventDefault" | "stopPropagation") || told && !call.arguments.is_empty()
        }
        _ => false,
    };
    (silent || outcome.is_constant())
        && summary.effects().iter().all(|effect| effect.kind == EffectKind::Call && hollow(effect.node))
        && summary.throws() == 0
}

/// Comments that follow each other line by line, and block comments, of three or more lines; with their text.
fn blocks<'a>(module: &Module<'a>, comments: &'a [Comment]) -> Vec<(Span, String)> {
    let mut blocks: Vec<(Span, String)> = Vec::new();
    for comment in comments {
        let text = module.text_of(comment.content_span());
        if text.starts_with('*') {
            continue;
        }
        let follows = blocks.last().is_some_and(|(span, _)| {
            let between = module.text.get(span.end as usize..comment.span.start as usize).unwrap_or("x");
            between.trim().is_empty() && between.matches('\n').count() == 1
        });
        match blocks.last_mut().filter(|_| follows) {
            Some((span, all)) => {
                span.end = comment.span.end;
                all.push('\n');
                all.push_str(text);
            }
            None => blocks.push((comment.span, text.to_owned())),
        }
    }
    blocks.retain(|(_, text)| text.lines().filter(|line| !line.trim().is_empty()).count() >= 3 && text.len() < 8000);
    blocks
}

fn looks_like_code(text: &str) -> bool {
    text.contains('(')
        && text.lines().filter(|line| line.trim_end().ends_with([';', '{', '}', ')', ','])).count() * 2
            > text.lines().count()
}

/// Whether a text, or the text without a line or two of prose in front, is made of statements that call something.
fn is_work(module: &Module<'_>, text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    (0..lines.len().min(3)).any(|skipped| {
        let rest = lines.get(skipped..).unwrap_or_default();
        rest.iter().filter(|line| !line.trim().is_empty()).count() >= 3 && parses(module, &rest.join("\n"))
    })
}

fn parses(module: &Module<'_>, text: &str) -> bool {
    let wrapped = format!("async function f() {{\n{text}\n}}");
    let arena = Allocator::default();
    let Ok(kind) = SourceType::from_path(module.path) else { return false };
    let Ok(program) = parse(&arena, &wrapped, kind) else { return false };
    let Some(Statement::FunctionDeclaration(function)) = program.body.first() else { return false };
    let Some(body) = &function.body else { return false };
    body.statements.iter().any(|it| !is_idle(it))
}

/// Whether a statement would be no work either: a log, a label, a word.
fn is_idle(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::EmptyStatement(_) | Statement::LabeledStatement(_) => true,
        Statement::ExpressionStatement(it) => match it.expression.get_inner_expression() {
            Expression::CallExpression(call) => {
                let object = names::object(&call.callee).map_or("", |object| names::last(object));
                lexicon::LOG_METHODS.has(names::last(&call.callee)) || lexicon::LOGGERS.has(object)
            }
            Expression::Identifier(_) | Expression::StringLiteral(_) | Expression::SequenceExpression(_) => true,
            _ => false,
        },
        _ => false,
    }
}
