//! The ways to turn a working function into a stub. Each gives the new text between the braces, or nothing where the result would
//! still do the work, or would be no plausible stub.
use std::ops::Range;

use crate::expressions::is_order;
use crate::subject::{Place, Shape, Statement, Subject};
use crate::value::Value;

/// One way.
pub(crate) struct Operator {
    pub(crate) name: &'static str,
    /// Whether it keeps something that looks like work.
    pub(crate) stealth: bool,
    pub(crate) apply: fn(&Subject, &str) -> Option<String>,
}

const fn plain(name: &'static str, apply: fn(&Subject, &str) -> Option<String>) -> Operator {
    Operator { name, stealth: false, apply }
}

const fn stealth(name: &'static str, apply: fn(&Subject, &str) -> Option<String>) -> Operator {
    Operator { name, stealth: true, apply }
}

/// All of them.
pub(crate) const OPERATORS: [Operator; 13] = [
    plain("throw", throw),
    plain("empty", empty),
    plain("constant", constant),
    plain("typed literal", typed_literal),
    plain("parameter", parameter),
    stealth("guards, constant", guards),
    stealth("log, constant", log),
    stealth("compute, constant", compute),
    stealth("sleep, constant", sleep),
    stealth("random number", random),
    stealth("catch to literal", catch),
    stealth("answer dropped", dropped),
    stealth("call replaced", replaced),
];

fn throw(subject: &Subject, _: &str) -> Option<String> {
    Some(lines(subject, &["throw new Error('not implemented');"]))
}

fn empty(subject: &Subject, _: &str) -> Option<String> {
    subject.is_void.then(String::new)
}

fn constant(subject: &Subject, _: &str) -> Option<String> {
    Some(lines(subject, &[&answer(subject)?]))
}

fn typed_literal(subject: &Subject, _: &str) -> Option<String> {
    let ty = subject.named_type.as_ref()?;
    Some(lines(subject, &[&given(subject, &format!("{{}} as {ty}"))]))
}

fn parameter(subject: &Subject, _: &str) -> Option<String> {
    Some(lines(subject, &[&given(subject, subject.same.as_ref()?)]))
}

/// The checks at the beginning stay, what they protect goes.
fn guards(subject: &Subject, text: &str) -> Option<String> {
    let answer = answer(subject)?;
    let (kept, rest) = guarded(subject);
    let work = rest.iter().any(|it| it.acts) || rest.len() >= if is_yes_or_no(subject) { 3 } else { 2 };
    if kept.is_empty() || !work || !rest.iter().any(|it| it.reads) {
        return None;
    }
    let kept: Vec<&str> = kept.iter().map(|it| &text[it.span.clone()]).collect();
    Some(lines(subject, &[kept, vec![&answer]].concat()))
}

/// The lines of the log stay, or one is written.
fn log(subject: &Subject, text: &str) -> Option<String> {
    let answer = if subject.is_void { None } else { Some(answer(subject)?) };
    let work = |it: &&Statement| !matches!(it.shape, Shape::Log | Shape::Guard);
    if !subject.statements.iter().filter(work).any(|it| it.acts || (it.answers && !subject.is_void)) {
        return None;
    }
    let kept = subject.statements.iter().filter(|it| it.shape == Shape::Log && !it.leans);
    let mut kept: Vec<String> = kept.map(|it| text[it.span.clone()].to_owned()).collect();
    if kept.is_empty() {
        let more = subject.parameters.first().map_or_else(String::new, |name| format!(", {name}"));
        kept.push(format!("console.info('{}'{more});", subject.name));
    }
    kept.extend(answer);
    Some(lines(subject, &kept.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// Everything is computed as before, and forgotten. Only where computing is all that is left: an effect that stays is work.
fn compute(subject: &Subject, text: &str) -> Option<String> {
    let answer = answer(subject)?;
    let (last, kept) = subject.statements.split_last()?;
    let pure = kept.iter().all(|it| !it.acts && (!it.answers || it.shape == Shape::Guard));
    let works = kept.iter().any(|it| it.reads && !matches!(it.shape, Shape::Guard | Shape::Log));
    if last.shape != Shape::Return || !last.answers || !last.leans || !pure || !works || has_function(kept, text) {
        return None;
    }
    let before = &text[subject.body.start..last.span.start];
    Some(format!("{before}{answer}\n{}", outer(subject)))
}

/// A function that is only declared in the body does nothing until it is called.
fn has_function(statements: &[Statement], text: &str) -> bool {
    statements.iter().any(|it| text[it.span.clone()].starts_with("function"))
}

fn sleep(subject: &Subject, text: &str) -> Option<String> {
    let answer = if subject.is_void { None } else { Some(answer(subject)?) };
    if !subject.is_async || text[subject.body.clone()].contains("setTimeout") || !acts(subject) {
        return None;
    }
    let wait = "await new Promise((resolve) => setTimeout(resolve, 300));";
    let all: Vec<&str> = std::iter::once(wait).chain(answer.as_deref()).collect();
    Some(lines(subject, &all))
}

fn random(subject: &Subject, text: &str) -> Option<String> {
    if text[subject.body.clone()].contains("Math.random") {
        return None;
    }
    let value = subject.value.as_ref()?.random()?;
    Some(lines(subject, &[&given(subject, &value.source())]))
}

/// The work is tried, and a failure looks like a success.
fn catch(subject: &Subject, text: &str) -> Option<String> {
    let value = subject.value.as_ref().filter(|value| value.leaves() >= 3)?;
    let body = text[subject.body.clone()].trim_matches('\n').trim_end();
    let calls = subject.is_async && body.contains("await ") && !subject.outside.is_empty();
    if !calls || body.contains("try {") || body.contains(".catch(") {
        return None;
    }
    let inner = &subject.indent;
    Some(format!(
        "\n{inner}try {{\n{body}\n{inner}}} catch {{\n{inner}  {}\n{inner}}}\n{}",
        given(subject, &value.source()),
        outer(subject)
    ))
}

/// What was asked for is not used. Only questions: an order that is carried out is work.
fn dropped(subject: &Subject, text: &str) -> Option<String> {
    let answer = answer(subject)?;
    let at = subject.statements.iter().position(|it| matches!(it.shape, Shape::Ask(_)))?;
    let (before, from) = subject.statements.split_at(at);
    let Shape::Ask(call) = &from[0].shape else { return None };
    let pure =
        before.iter().all(|it| it.shape == Shape::Log || (!it.acts && (!it.answers || it.shape == Shape::Guard)));
    let last = from.last().filter(|it| it.shape == Shape::Return && it.answers)?;
    // `query` and `fetch` carry orders too.
    let order =
        ["INSERT", "UPDATE", "DELETE", "POST", "PUT", "PATCH"].iter().any(|word| text[call.clone()].contains(word));
    let general = ["query(", "fetch(", "request(", "call("].iter().any(|name| text[call.clone()].contains(name));
    if !pure || !(last.leans || last.acts) || order || (general && is_order(&subject.name)) {
        return None;
    }
    let kept = &text[subject.body.start..from[0].span.start];
    Some(format!("{kept}{};\n{}{answer}\n{}", &text[call.clone()], subject.indent, outer(subject)))
}

/// The one call that matters gives way to its answer.
fn replaced(subject: &Subject, text: &str) -> Option<String> {
    let [call] = &subject.outside[..] else { return None };
    let record = matches!(subject.value, None | Some(Value::Record(_)));
    let fits = match call.place {
        Place::Dropped => true,
        Place::Returned => record,
        Place::Bound => call.order,
        Place::Elsewhere => false,
    };
    // What prepares it may stay; what else is done may be work.
    let prepares = |other: &Range<usize>| {
        let around = subject.statements.iter().find(|it| it.span.start <= other.start && other.end <= it.span.end);
        let start = around.map_or("", |it| &text[it.span.clone()]);
        other.end <= call.span.start && ["const ", "let ", "if "].iter().any(|word| start.starts_with(word))
    };
    let inside = |other: &Range<usize>| call.span.start <= other.start && other.end <= call.span.end;
    let alone = subject.foreign.iter().all(|other| inside(other) || prepares(other));
    if !call.collaborator || subject.writes || !fits || !alone {
        return None;
    }
    let success = if call.place == Place::Dropped { "const outcome = { success: true }" } else { "{ success: true }" };
    let (before, after) = (&text[subject.body.start..call.span.start], &text[call.span.end..subject.body.end]);
    (!text[subject.body.clone()].contains("outcome")).then(|| format!("{before}{success}{after}"))
}

/// The checks at the beginning, and the rest.
fn guarded(subject: &Subject) -> (&[Statement], &[Statement]) {
    let count = subject.statements.iter().take_while(|it| it.shape == Shape::Guard).count();
    subject.statements.split_at(count)
}

fn acts(subject: &Subject) -> bool {
    subject.statements.iter().any(|it| it.acts)
}

fn is_yes_or_no(subject: &Subject) -> bool {
    subject.value == Some(Value::Boolean)
}

/// `return …;` with a value that looks real.
fn answer(subject: &Subject) -> Option<String> {
    Some(given(subject, &subject.value.as_ref()?.source()))
}

fn given(subject: &Subject, value: &str) -> String {
    if subject.promises { format!("return Promise.resolve({value});") } else { format!("return {value};") }
}

fn lines(subject: &Subject, lines: &[&str]) -> String {
    let indented = lines.iter().map(|line| format!("\n{}{line}", subject.indent));
    indented.collect::<String>() + "\n" + &outer(subject)
}

/// The blanks before the closing brace.
fn outer(subject: &Subject) -> String {
    let indent = &subject.indent;
    let less = if indent.ends_with('\t') { 1 } else { 2 };
    indent[..indent.len().saturating_sub(less)].to_owned()
}
