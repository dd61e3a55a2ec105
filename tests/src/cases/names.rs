//! Stable names for what differs from run to run: folders, addresses, and for commit ids, which nobody reads.
use std::collections::BTreeMap;

/// Names and what they stand for.
#[derive(Debug, Default, Clone)]
pub(crate) struct Names {
    values: BTreeMap<String, String>,
}

impl Names {
    /// Gives `value` a name.
    pub(crate) fn add(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// Puts the values in for `@{name}`, and their first seven letters for `@{name:7}`.
    ///
    /// # Errors
    /// A name that stands for nothing.
    pub(crate) fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("@{") {
            let (before, tail) = rest.split_at(at);
            let (name, after) = tail[2..].split_once('}').ok_or("`@{` without `}`")?;
            let value = self.value(name).ok_or_else(|| format!("@{{{name}}} stands for nothing here"))?;
            filled.push_str(before);
            filled.push_str(value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Option<&str> {
        if let Some(whole) = self.values.get(name) {
            return Some(whole);
        }
        let (name, length) = name.split_once(':')?;
        self.values.get(name)?.get(..length.parse().ok()?)
    }

    /// Puts the names in for their values, the longest values first; a shortened commit id shows its length.
    pub(crate) fn hide(&self, text: &str) -> String {
        let mut values: Vec<(&String, &String)> = self.values.iter().collect();
        values.sort_by_key(|(name, value)| (std::cmp::Reverse(value.len()), name.len(), *name));
        let replaced = |text: String, (name, value): &(&String, &String)| text.replace(*value, &format!("@{{{name}}}"));
        let text = values.iter().fold(text.to_owned(), replaced);
        self.hide_short_ids(&text)
    }

    fn hide_short_ids(&self, text: &str) -> String {
        let mut hidden = String::new();
        let mut word = String::new();
        // The end of the text ends its last word.
        for c in text.chars().map(Some).chain([None]) {
            match c {
                Some(c) if c.is_ascii_alphanumeric() => word.push(c),
                end => {
                    match self.short_id(&word) {
                        Some(name) => hidden.push_str(&format!("@{{{name}:{}}}", word.len())),
                        None => hidden.push_str(&word),
                    }
                    word.clear();
                    hidden.extend(end);
                }
            }
        }
        hidden
    }

    fn short_id(&self, word: &str) -> Option<&str> {
        let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        let short = (7..40).contains(&word.len()) && hex(word);
        let mut ids = self.values.iter().filter(|(_, value)| value.len() == 40 && hex(value));
        ids.find(|(_, id)| short && id.starts_with(word)).map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn names() -> Names {
        let mut names = Names::default();
        names.add("one", "0123456789abcdef0123456789abcdef01234567");
        names.add("work", "/tmp/case/work");
        names
    }

    #[test]
    fn fills_and_hides_again() {
        let filled = names().fill("at @{work}: @{one}.").unwrap();
        assert_eq!(filled, "at /tmp/case/work: 0123456789abcdef0123456789abcdef01234567.");
        assert_eq!(names().hide(&filled), "at @{work}: @{one}.");
        assert_eq!(
            names().hide("0123456 01234567, 012345 9123456 x0123456"),
            "@{one:7} @{one:8}, 012345 9123456 x0123456"
        );
    }

    #[test]
    fn fills_shortened_ids() {
        assert_eq!(names().fill("@{one:7}, @{one:40}").unwrap(), "0123456, 0123456789abcdef0123456789abcdef01234567");
        for wrong in ["one:41", "one:x", "one:", "two:7"] {
            let expected = Err(format!("@{{{wrong}}} stands for nothing here"));
            assert_eq!(names().fill(&format!("@{{{wrong}}}")), expected);
        }
    }

    #[test]
    fn knows_what_it_does_not_know() {
        assert_eq!(names().fill("@{two}"), Err("@{two} stands for nothing here".to_owned()));
        assert_eq!(names().fill("@{two"), Err("`@{` without `}`".to_owned()));
    }
}
