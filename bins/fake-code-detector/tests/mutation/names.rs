//! What the name of a function or a field says of its value.
use crate::value::{Value, thing};

/// What a name says of its value.
pub(crate) fn by_name(name: &str) -> Option<Value> {
    let verb = ["is", "has", "can", "should"]
        .iter()
        .any(|verb| name.strip_prefix(verb).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase())));
    match last_word(name).as_str() {
        _ if verb => Some(Value::Boolean),
        "count" | "total" | "amount" | "price" | "score" | "rate" | "size" | "cents" | "bytes" | "sum" | "ms"
        | "km" | "width" | "height" | "lat" | "lon" | "index" | "age" | "seconds" | "minutes" | "days" | "hours" => {
            Some(number(name))
        }
        "name" | "title" | "text" | "message" | "email" | "html" | "label" | "slug" | "token" | "url" | "id"
        | "status" | "at" => Some(text(name)),
        "items" | "rows" | "list" | "results" | "entries" => Some(Value::List(vec![thing()])),
        _ => None,
    }
}

/// A value that suits the name of a field.
pub(crate) fn by_field(name: &str) -> Value {
    let plural = name.len() > 3 && name.ends_with('s') && !name.ends_with("ss") && !name.ends_with("us");
    by_name(name).unwrap_or_else(|| if plural { Value::List(vec![text("name")]) } else { text(name) })
}

/// `at` of `createdAt`, in lower case.
fn last_word(name: &str) -> String {
    let start = name.rfind(|c: char| c.is_ascii_uppercase() || c == '_').unwrap_or(0);
    name[start..].trim_start_matches('_').to_ascii_lowercase()
}

/// A text that suits a name.
pub(crate) fn text(name: &str) -> Value {
    let lower = name.to_ascii_lowercase();
    let text = match last_word(name).as_str() {
        "id" | "ref" => "a-1042",
        "at" | "date" => "2024-03-18T09:30:00Z",
        _ if lower.contains("status") || lower.contains("state") => "active",
        _ if lower.contains("mail") => "anna.keller@riverside.io",
        _ if lower.contains("url") || lower.contains("link") => "https://cdn.riverside.io/a-1042.png",
        _ if lower.contains("currency") => "EUR",
        _ if lower.contains("name") || lower.contains("title") => "Riverside Clinic",
        _ => "standard",
    };
    Value::Text(text.to_owned())
}

/// A number that suits a name.
pub(crate) fn number(name: &str) -> Value {
    let lower = name.to_ascii_lowercase();
    let number = match () {
        () if ["price", "amount", "total", "cost"].iter().any(|word| lower.contains(word)) => "41.8",
        () if ["rate", "ratio", "score", "share"].iter().any(|word| lower.contains(word)) => "0.87",
        () if lower.contains("count") => "12",
        () => "42",
    };
    Value::Number(number.to_owned())
}
