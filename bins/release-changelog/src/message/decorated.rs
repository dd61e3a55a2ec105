//! What people put in front of a header: emoji, their names between colons, tickets in brackets, marks of autosquash.
use super::Lint;

/// Marks that `git rebase --autosquash` looks for.
const AUTOSQUASH: [&str; 3] = ["fixup! ", "squash! ", "amend! "];

/// Takes all of it off, and says what it was; each round takes something, so it is linear.
pub(crate) fn stripped<'a>(line: &'a str, lint: &mut Vec<Lint>) -> &'a str {
    let mut rest = line;
    loop {
        let next = rest.trim_start();
        let squash = AUTOSQUASH.iter().find_map(|mark| next.strip_prefix(mark));
        let taken = squash.map(|after| (Lint::LeftoverAutosquash, after)).or_else(|| {
            let after = emoji(next).or_else(|| named_emoji(next)).or_else(|| bracketed(next))?;
            Some((Lint::PrefixBeforeType, after))
        });
        match taken {
            Some((code, after)) => {
                lint.push(code);
                rest = after;
            }
            None => return rest,
        }
    }
}

/// Symbols outside ASCII that are no letters; variation selectors and joiners are among them.
fn emoji(text: &str) -> Option<&str> {
    let rest =
        text.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric() && !c.is_whitespace() && c != '：');
    (rest.len() < text.len()).then_some(rest)
}

/// `:sparkles: `
fn named_emoji(text: &str) -> Option<&str> {
    let (name, rest) = text.strip_prefix(':')?.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
    (!name.is_empty() && name.chars().all(plain) && rest.starts_with(' ')).then_some(rest)
}

/// `[TICKET-1] `
fn bracketed(text: &str) -> Option<&str> {
    let (_, rest) = text.strip_prefix('[')?.split_once(']')?;
    rest.starts_with(' ').then_some(rest)
}
