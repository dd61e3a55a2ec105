//! `// fake-ok FK201 until 2027-03-31 #482: demo tenant only`: a finding that somebody answers for, until a day.
use jiff::civil::Date;

use crate::engine::Lines;
use crate::model::Module;
use crate::syntax::*;

/// The least characters of a reason.
const REASON: usize = 10;

/// One comment that suppresses, or wants to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suppression {
    /// Its line.
    pub(crate) line: u32,
    /// The rules that it names.
    pub(crate) rules: Vec<String>,
    /// What it says, or what is wrong with it.
    pub(crate) terms: Result<Terms, String>,
    /// The place that it speaks of, in bytes: the next statement, member, property or attribute.
    pub(crate) place: (u32, u32),
}

/// Until when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    pub(crate) until: Date,
    pub(crate) reason: String,
}

/// All suppressions of a module.
pub(crate) fn find(module: &Module<'_>, lines: &Lines<'_>) -> Vec<Suppression> {
    let comments = module.program.comments.iter();
    let found = comments.filter_map(|comment| {
        let text = module.text_of(comment.content_span()).trim().trim_start_matches('*').trim_start();
        let rest = text.strip_prefix("fake-ok")?;
        if rest.starts_with(|next: char| next.is_alphanumeric() || next == '-' || next == '_') {
            return None;
        }
        let (rules, terms) = read(rest);
        Some(Suppression { line: lines.line(comment.span.start), rules, terms, place: next(module, comment) })
    });
    found.collect()
}

/// Rules, `until` a day, a ticket that may be left out, and the reason behind a colon.
fn read(text: &str) -> (Vec<String>, Result<Terms, String>) {
    let (head, reason) = text.split_once(':').unwrap_or((text, ""));
    let mut words = head.split([' ', '\t', ',']).filter(|word| !word.is_empty()).peekable();
    let mut rules = Vec::new();
    while let Some(word) = words.next_if(|word| word.starts_with("FK")) {
        rules.push(word.to_owned());
    }
    let terms = terms(&mut words, reason.trim());
    let terms = if rules.is_empty() { Err("it names no rule".to_owned()) } else { terms };
    (rules, terms)
}

fn terms<'t>(words: &mut impl Iterator<Item = &'t str>, reason: &str) -> Result<Terms, String> {
    if words.next() != Some("until") {
        return Err("it has no `until` with a day".to_owned());
    }
    let day = words.next().unwrap_or("");
    let until = day.parse::<Date>().map_err(|_| format!("`{}` is no day such as 2027-03-31", action::neutral(day)))?;
    if reason.chars().count() < REASON {
        return Err(format!("its reason behind the colon has fewer than {REASON} characters"));
    }
    Ok(Terms { until, reason: reason.to_owned() })
}

/// The largest statement, member, property or attribute that begins behind a comment; a class only as far as its head.
fn next(module: &Module<'_>, comment: &Comment) -> (u32, u32) {
    let rest = module.text.get(comment.span.end as usize..).unwrap_or("");
    let mut start = comment.span.end + u32::try_from(rest.len() - rest.trim_start().len()).unwrap_or(0);
    // Comments between, such as the documentation of the function.
    while let Some(other) = module.program.comments.iter().find(|other| other.span.start == start) {
        let rest = module.text.get(other.span.end as usize..).unwrap_or("");
        start = other.span.end + u32::try_from(rest.len() - rest.trim_start().len()).unwrap_or(0);
    }
    // JSX: `{/* fake-ok … */}` stands before an element.
    let text = module.text.get(start as usize..).unwrap_or("");
    if let Some(after) = text.strip_prefix('}') {
        start += 1 + u32::try_from(after.len() - after.trim_start().len()).unwrap_or(0);
    }
    let nodes = module.semantic.nodes();
    let of_kind = nodes.iter().filter(|node| node.kind().span().start == start && is_unit(node.kind()));
    let end = of_kind.map(|node| unit_end(node.kind())).max();
    (start, end.unwrap_or(start))
}

fn is_unit(kind: AstKind<'_>) -> bool {
    kind.is_statement()
        || kind.is_declaration()
        || matches!(
            kind,
            AstKind::Function(_)
                | AstKind::MethodDefinition(_)
                | AstKind::ObjectProperty(_)
                | AstKind::JSXAttribute(_)
                | AstKind::JSXElement(_)
                | AstKind::Class(_)
        )
}

fn unit_end(kind: AstKind<'_>) -> u32 {
    match kind {
        AstKind::Class(it) => it.body.span.start,
        AstKind::ExportDeclaration(it) => match &it.declaration {
            Declaration::ClassDeclaration(class) => class.body.span.start,
            _ => it.span.end,
        },
        AstKind::ExportDefaultDeclaration(it) => match &it.declaration {
            ExportDefaultDeclarationKind::ClassDeclaration(class) => class.body.span.start,
            _ => it.span.end,
        },
        other => other.span().end,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::read;

    #[test]
    fn a_suppression_names_rules_a_day_and_a_reason() {
        let (rules, terms) = read(" FK201, FK202 until 2027-03-31 #482: demo tenant only");
        assert_eq!(rules, ["FK201", "FK202"]);
        assert_eq!(terms.unwrap().reason, "demo tenant only");
    }

    #[test]
    fn what_lacks_a_part_says_which() {
        for (text, part) in [
            (" until 2027-03-31: because it is so", "names no rule"),
            (" FK201: because it is so", "no `until`"),
            (" FK201 until soon: because it is so", "no day"),
            (" FK201 until 2027-02-30: because it is so", "no day"),
            (" FK201 until 2027-03-31: short", "reason"),
            (" FK201 until 2027-03-31", "reason"),
            ("", "names no rule"),
        ] {
            assert!(read(text).1.unwrap_err().contains(part), "{text}");
        }
    }
}
