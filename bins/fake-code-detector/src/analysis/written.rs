//! What a text that is written out says: a date, a person, an address.
use crate::syntax::*;

/// The text of a string or of a template without parts.
pub(crate) fn text<'a>(value: &'a Expression<'a>) -> Option<&'a str> {
    match value {
        Expression::StringLiteral(it) => Some(it.value.as_str()),
        Expression::TemplateLiteral(it) if it.expressions.is_empty() => {
            it.quasis.first().map(|part| part.value.raw.as_str())
        }
        _ => None,
    }
}

/// `2024-03-01…`, `01.03.2024`, `03/01/2024`
pub(crate) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| bytes.get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let iso =
        digits(0, 4) && bytes.get(4) == Some(&b'-') && digits(5, 7) && bytes.get(7) == Some(&b'-') && digits(8, 10);
    let other = digits(0, 2)
        && digits(3, 5)
        && digits(6, 10)
        && matches!((bytes.get(2), bytes.get(5)), (Some(b'.' | b'/'), Some(b'.' | b'/')));
    (iso || other) && text.len() < 36
}

pub(crate) fn is_ago(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.ends_with(" ago")
        || matches!(text.as_str(), "just now" | "yesterday" | "today" | "now")
        || text.starts_with("today at")
        || text.starts_with("yesterday at")
}

/// `someone@somewhere.org`
pub(crate) fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !text.contains(' ') && !text.contains('/') && !text.contains('*')
    })
}

/// `Ana Kos`, `Dr. Omar Haddad`, `J. Weiß`
pub(crate) fn is_person(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let capital = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && word.chars().skip(1).all(|next| next.is_lowercase() || matches!(next, '.' | '-' | '\''))
    };
    let small = |word: &&str| {
        matches!(*word, "de" | "van" | "von" | "der" | "den" | "da" | "di" | "le" | "la" | "al" | "bin" | "del")
    };
    let long = words.iter().all(|word| word.chars().count() > 1);
    (2..=4).contains(&words.len())
        && long
        && words.iter().all(|word| capital(word) || small(word))
        && words.first().is_some_and(capital)
        && words.last().is_some_and(capital)
}

/// `user_name`, `ownerId`: names of columns and fields, not of people.
pub(crate) fn is_identifier(text: &str) -> bool {
    !text.contains(' ')
        && (text.contains('_')
            || text.contains('.')
            || text.contains(':')
            || text.chars().all(|next| next.is_ascii_lowercase()))
}
