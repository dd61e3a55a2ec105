//! The first line: `type(scope)!: description`.
use super::Lint;

/// A conventional first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// As it is written; compared without case.
    pub kind: &'a str,
    /// As it is written, without blanks around it.
    pub scope: Option<&'a str>,
    /// Whether `!` stands before the colon.
    pub mark: bool,
    /// Never empty, without blanks around it.
    pub description: &'a str,
}

/// What a type is made of: a noun, which may have hyphens and digits in it.
fn of_type(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-' || letter == '_'
}

/// The type at the start, and what follows it.
fn kind(line: &str) -> Option<(&str, &str)> {
    let end = line.find(|letter| !of_type(letter))?;
    let (kind, rest) = line.split_at(end);
    kind.starts_with(char::is_alphabetic).then_some((kind, rest))
}

/// Reads a line that follows the specification to the letter.
pub(crate) fn read(line: &str) -> Option<Header<'_>> {
    let (kind, rest) = kind(line)?;
    let (scope, rest) = match rest.strip_prefix('(') {
        Some(inner) => {
            let end = inner.find(['(', ')']).filter(|&at| inner[at..].starts_with(')'))?;
            let scope = Some(inner[..end].trim()).filter(|scope| !scope.is_empty())?;
            (Some(scope), &inner[end + 1..])
        }
        None => (None, rest),
    };
    let (mark, rest) = rest.strip_prefix('!').map_or((false, rest), |rest| (true, rest));
    let description = rest.strip_prefix(": ")?.trim();
    (!description.is_empty()).then_some(Header { kind, scope, mark, description })
}

/// Reads a line that nearly follows it; says what is wrong with it.
///
/// A line that follows it has nothing wrong, and is not for this.
pub(crate) fn meant(line: &str) -> Option<(Header<'_>, Vec<Lint>)> {
    let mut wrong = Vec::new();
    let (kind, mut rest) = kind(unspaced(line, &mut wrong))?;
    let (mut scope, mut marks, mut early) = (None, 0_usize, false);
    // Ends with the first letter that is none of these, so each is looked at once.
    let rest = loop {
        let next = unspaced(rest, &mut wrong);
        if let Some(inner) = next.strip_prefix('(') {
            early |= marks > 0;
            let end = inner.find(['(', ')', ':'])?;
            let closed = inner[end..].starts_with(')');
            let text = Some(inner[..end].trim()).filter(|text| !text.is_empty());
            if !closed || scope.is_some() || text.is_none() {
                wrong.push(Lint::MalformedScope);
            }
            scope = scope.or(text.filter(|_| closed));
            rest = if closed { &inner[end + 1..] } else { &inner[end..] };
            continue;
        }
        match next.strip_prefix('!') {
            Some(after) => (marks, rest) = (marks + 1, after),
            None => match next.strip_prefix(')') {
                Some(after) => rest = after,
                None => break next,
            },
        }
    };
    if early || marks > 1 {
        wrong.push(Lint::MisplacedMark);
    }
    let after = colon(rest, &mut wrong)?;
    let description = after.trim();
    if description.is_empty() {
        wrong.push(Lint::EmptyDescription);
    }
    let header = Header { kind, scope, mark: marks > 0, description };
    (!wrong.is_empty()).then_some((header, wrong))
}

fn unspaced<'a>(text: &'a str, wrong: &mut Vec<Lint>) -> &'a str {
    let trimmed = text.trim_start();
    // Blanks before a word are those of a sentence, which is refused later on.
    if trimmed.len() < text.len() && wrong.last() != Some(&Lint::SpaceInHeader) {
        wrong.push(Lint::SpaceInHeader);
    }
    trimmed
}

/// What follows the colon; `None` where it is that of an address, a path or a name.
fn colon<'a>(text: &'a str, wrong: &mut Vec<Lint>) -> Option<&'a str> {
    if let Some(after) = text.strip_prefix(['：', '﹕', '∶', '꞉']) {
        wrong.push(Lint::ForeignColon);
        return Some(after);
    }
    let after = text.strip_prefix(':')?;
    if after.starts_with(['/', '\\', ':']) {
        return None;
    }
    if !after.is_empty() && !after.starts_with(' ') {
        wrong.push(Lint::MissingSpaceAfterColon);
    }
    Some(after)
}
