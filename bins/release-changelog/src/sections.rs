//! Sections of the notes: which types they show, in which order; and which types are hidden.
use action::Failure;

/// Titles in their order, and types by their title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sections {
    titles: Vec<String>,
    /// Type in lower case, and the place of its title; `None` hides.
    types: Vec<(String, Option<u16>)>,
}

const DEFAULTS: [(&str, &str); 12] = [
    ("feat", "Features"),
    ("fix", "Fixes"),
    ("perf", "Performance"),
    ("revert", "Reverts"),
    ("reapply", "Reverts"),
    ("docs", ""),
    ("style", ""),
    ("refactor", ""),
    ("test", ""),
    ("build", ""),
    ("ci", ""),
    ("chore", ""),
];

/// Title of what has no section of its own.
const OTHER_TITLE: &str = "Other changes";

impl Default for Sections {
    fn default() -> Self {
        let mut sections = Self { titles: Vec::new(), types: Vec::new() };
        DEFAULTS.iter().for_each(|(kind, title)| sections.add(kind, title));
        sections
    }
}

impl Sections {
    /// The place of [`OTHER_TITLE`], behind all others.
    pub const OTHER: u16 = u16::MAX;

    /// Reads `type=Title` lines; types that none of them names stay as they are, behind those that are named.
    ///
    /// # Errors
    /// A line without `=`, a type that is no word, a type that comes twice.
    pub fn read(lines: &[String]) -> Result<Self, Failure> {
        let mut sections = Self { titles: Vec::new(), types: Vec::new() };
        for line in lines {
            let refused = |cause: &str| Failure::inputs(format!("use the section `{}`", action::neutral(line)), cause);
            let Some((kind, title)) = line.split_once('=') else {
                return Err(refused("there is no `=` in it").hint("write `feat=Features`, or `docs=` to hide a type"));
            };
            let kind = kind.trim().to_lowercase();
            if kind.is_empty() || !kind.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
                return Err(refused("what stands before `=` is no type of a commit"));
            }
            if sections.types.iter().any(|(known, _)| *known == kind) {
                return Err(refused("the type has a line already"));
            }
            if sections.titles.len() > 1000 {
                return Err(refused("there are more than a thousand sections"));
            }
            sections.add(&kind, title.trim());
        }
        for (kind, title) in DEFAULTS {
            if !sections.types.iter().any(|(known, _)| known == kind) {
                sections.add(kind, title);
            }
        }
        Ok(sections)
    }

    fn add(&mut self, kind: &str, title: &str) {
        let place = (!title.is_empty()).then(|| match self.titles.iter().position(|known| known == title) {
            Some(place) => place as u16,
            None => {
                self.titles.push(title.to_owned());
                self.titles.len() as u16 - 1
            }
        });
        self.types.push((kind.to_owned(), place));
    }

    /// The section of a type; `None` hides it. A type that no rule names is an other change.
    pub fn of(&self, kind: &str) -> Option<u16> {
        self.types.iter().find(|(known, _)| known == kind).map_or(Some(Self::OTHER), |(_, place)| *place)
    }

    /// The section of a breaking change of that type: never hidden.
    pub fn of_breaking(&self, kind: &str) -> u16 {
        self.of(kind).unwrap_or(Self::OTHER)
    }

    /// All places in the order of the notes.
    pub fn places(&self) -> impl Iterator<Item = u16> {
        (0..self.titles.len() as u16).chain([Self::OTHER])
    }

    /// The title at a place.
    pub fn title(&self, place: u16) -> &str {
        self.titles.get(usize::from(place)).map_or(OTHER_TITLE, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Sections;

    fn check(lines: &[&str], expected: Option<&[(&str, Option<&str>)]>) {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let sections = Sections::read(&lines).ok();
        assert_eq!(sections.is_some(), expected.is_some(), "{lines:?}");
        for (kind, title) in expected.unwrap_or_default() {
            let sections = sections.as_ref().unwrap();
            assert_eq!(sections.of(kind).map(|place| sections.title(place)), *title, "{lines:?}: {kind}");
        }
    }

    #[test]
    fn lines_say_what_is_shown_where() {
        check(&[], Some(&[("feat", Some("Features")), ("docs", None), ("deps", Some("Other changes"))]));
        check(&["docs=Docs", "feat="], Some(&[("docs", Some("Docs")), ("feat", None), ("fix", Some("Fixes"))]));
        check(&["a=X", "b=X"], Some(&[("a", Some("X")), ("b", Some("X"))]));
        for wrong in [&["feat"][..], &["=X"], &["a b=X"], &["a=X", "A=Y"]] {
            check(wrong, None);
        }
    }
}
