//! The form of the notes: one line with named placeholders for each part. No logic: an empty placeholder between
//! blanks takes one of them along, and a part that is empty is left out.
use std::path::Path;

use action::{Failure, Location, OrFail};
use serde::Deserialize;

/// The parts of the notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pub(crate) heading: Form,
    pub(crate) breaking: Form,
    pub(crate) section: Form,
    pub(crate) entry: Form,
    pub(crate) note: Form,
    pub(crate) count: Form,
    pub(crate) contributors: Form,
    pub(crate) contributor: Form,
    pub(crate) hidden: Form,
    pub(crate) compare: Form,
    pub(crate) nothing: Form,
}

/// A line as its pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Named(String),
}

/// The file; what it leaves out stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    heading: Option<String>,
    breaking: Option<String>,
    section: Option<String>,
    entry: Option<String>,
    note: Option<String>,
    count: Option<String>,
    contributors: Option<String>,
    contributor: Option<String>,
    hidden: Option<String>,
    compare: Option<String>,
    nothing: Option<String>,
}

/// A larger file is no template.
const LARGEST: u64 = 64 << 10;

impl Default for Template {
    fn default() -> Self {
        Self::made(Written::default()).expect("the forms below name placeholders that are known")
    }
}

impl Template {
    /// Reads a file.
    pub(crate) fn load(path: &Path) -> Result<Self, Failure> {
        let doing = || format!("read the template {}", path.display());
        if std::fs::metadata(path).or_bad_input(doing)?.len() > LARGEST {
            return Err(Failure::inputs(doing(), format!("it has more than {} KiB", LARGEST >> 10)));
        }
        let text = std::fs::read_to_string(path).or_bad_input(doing)?;
        let place = |line: Option<u32>| match line {
            Some(line) => Location::line(path.display().to_string(), line),
            None => Location::file(path.display().to_string()),
        };
        Self::read(&text).map_err(|(cause, line)| Failure::inputs(doing(), cause).at(place(line)))
    }

    /// Reads a text; the second part of an error is the line.
    pub(crate) fn read(text: &str) -> Result<Self, (String, Option<u32>)> {
        let written: Written = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u32 + 1);
            (error.message().to_owned(), line)
        })?;
        Self::made(written).map_err(|cause| (cause, None))
    }

    fn made(written: Written) -> Result<Self, String> {
        let form = |name: &str, given: Option<String>, (default, known): (&str, &[&str])| {
            let text = given.unwrap_or_else(|| default.to_owned());
            Form::read(&text, known).map_err(|cause| format!("{name}: {cause}"))
        };
        Ok(Self {
            heading: form("heading", written.heading, ("## {title} - {date}", &["title", "version", "tag", "date"]))?,
            breaking: form("breaking", written.breaking, ("### ⚠ Breaking changes", &[]))?,
            section: form("section", written.section, ("### {title}", &["title"]))?,
            entry: form(
                "entry",
                written.entry,
                (
                    "- {scope}{description} {pr} {commit} {since}",
                    &["scope", "description", "pr", "commit", "author", "since", "type"],
                ),
            )?,
            note: form("note", written.note, ("- {scope}{text} {pr} {commit}", &["scope", "text", "pr", "commit"]))?,
            count: form("count", written.count, ("{count} changes, in {compare}", &["count", "compare"]))?,
            contributors: form("contributors", written.contributors, ("### Contributors", &[]))?,
            contributor: form("contributor", written.contributor, ("- {name} {login}", &["name", "login"]))?,
            hidden: form("hidden", written.hidden, ("", &["count"]))?,
            compare: form("compare", written.compare, ("**All changes**: {compare}", &["compare"]))?,
            nothing: form("nothing", written.nothing, ("No changes.", &[]))?,
        })
    }
}

impl Form {
    /// Reads one line; `{{` and `}}` are braces.
    fn read(text: &str, known: &[&str]) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut plain = String::new();
        while let Some(at) = rest.find(['{', '}']) {
            let (before, tail) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = tail.strip_prefix("{{").or_else(|| tail.strip_prefix("}}")) {
                plain.push_str(&tail[..1]);
                rest = after;
                continue;
            }
            let named = tail.strip_prefix('{').and_then(|tail| tail.split_once('}'));
            let (name, after) = named.ok_or("a brace without its other half; write `{{` or `}}` for one")?;
            if !known.contains(&name) {
                return Err(format!(
                    "there is no placeholder {{{}}}; there are {}",
                    action::neutral(name),
                    listed(known)
                ));
            }
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Named(name.to_owned()));
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self(pieces))
    }

    /// Puts values in, which are Markdown already.
    pub(crate) fn filled(&self, values: &[(&str, &str)]) -> String {
        let mut line = String::new();
        for (at, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Text(text) => line.push_str(text),
                Piece::Named(name) => {
                    let value = values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
                    let apart = match self.0.get(at + 1) {
                        Some(Piece::Text(text)) => text.starts_with(' '),
                        Some(Piece::Named(_)) => false,
                        None => true,
                    };
                    if value.is_empty() && apart && line.ends_with(' ') {
                        line.pop();
                    }
                    line.push_str(value);
                }
            }
        }
        line.truncate(line.trim_end().len());
        line
    }

    /// Whether it has nothing to say.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn listed(known: &[&str]) -> String {
    if known.is_empty() { "none here".to_owned() } else { known.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, values: &[(&str, &str)], expected: Result<&str, &str>) {
        let found = Form::read(text, &["a", "b"]).map(|form| form.filled(values));
        match (&found, expected) {
            (Err(found), Err(part)) => assert!(found.contains(part), "{text}: {found}"),
            (found, expected) => assert_eq!(found.as_deref().ok(), expected.ok(), "{text}"),
        }
    }

    #[test]
    fn placeholders_are_filled_and_checked() {
        check("- {a} {b} end", &[("a", "1"), ("b", "2")], Ok("- 1 2 end"));
        check("- {a} {b} end", &[("b", "2")], Ok("- 2 end"));
        check("- {a}{b} end", &[("b", "2")], Ok("- 2 end"));
        check("{b} {a}", &[("b", "2")], Ok("2"));
        check("{a}{b}", &[("a", "{b}"), ("b", "x")], Ok("{b}x"));
        check("{{a}} }}", &[], Ok("{a} }"));
        check("{c}", &[], Err("no placeholder {c}"));
        check("{a", &[], Err("other half"));
        check("a}", &[], Err("other half"));
    }

    #[test]
    fn a_file_changes_only_what_it_names() {
        let template = Template::read("heading = \"# {version}\"\n").unwrap();
        assert_eq!(template.entry, Template::default().entry);
        assert_eq!(template.heading.filled(&[("version", "1.2.3")]), "# 1.2.3");
        assert!(
            Template::read("heading = \"{scope}\"").unwrap_err().0.contains("heading: there is no placeholder {scope}")
        );
        assert_eq!(Template::read("\nheadline = \"x\"").unwrap_err().1, Some(2));
    }
}
