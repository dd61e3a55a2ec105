//! Regular expressions of Prometheus' selectors, as far as label values need them: alternatives, groups, classes, `. * + ?`. A pattern
//! matches whole values, in time of pattern × value.

/// A longer pattern, or deeper groups, are refused.
const LONGEST: usize = 1024;
const DEEPEST: usize = 16;

/// One step of the machine.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// One character of these ranges, or of none of them.
    One(Vec<(char, char)>, bool),
    /// Go on at both.
    Both(usize, usize),
    /// Go on there.
    Jump(usize),
}

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    steps: Vec<Step>,
}

struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    steps: Vec<Step>,
    depth: usize,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What in it is not understood.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("the pattern is longer than {LONGEST} bytes"));
        }
        let mut reader = Reader { rest: text.chars().peekable(), steps: Vec::new(), depth: 0 };
        reader.alternatives()?;
        match reader.rest.next() {
            None => Ok(Self { steps: reader.steps }),
            Some(c) => Err(format!("`{c}` closes nothing in the pattern `{text}`")),
        }
    }

    /// Whether it matches the whole value.
    #[must_use]
    pub fn is_match(&self, value: &str) -> bool {
        let mut now = vec![false; self.steps.len() + 1];
        self.enter(0, &mut now);
        for c in value.chars() {
            let mut next = vec![false; self.steps.len() + 1];
            for (at, step) in self.steps.iter().enumerate().filter(|(at, _)| now[*at]) {
                if let Step::One(ranges, inside) = step
                    && ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) == *inside
                {
                    self.enter(at + 1, &mut next);
                }
            }
            now = next;
        }
        now[self.steps.len()]
    }

    /// Marks a place, and all that are reached from it without a character.
    fn enter(&self, at: usize, marks: &mut [bool]) {
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut marks[at], true) {
                continue;
            }
            match self.steps.get(at) {
                Some(Step::Both(one, other)) => open.extend([*one, *other]),
                Some(Step::Jump(to)) => open.push(*to),
                Some(Step::One(..)) | None => {}
            }
        }
    }
}

impl Reader<'_> {
    fn alternatives(&mut self) -> Result<(), String> {
        let start = self.steps.len();
        let mut ends = Vec::new();
        loop {
            let begin = self.steps.len();
            self.sequence()?;
            if self.rest.next_if_eq(&'|').is_none() {
                break;
            }
            // What was read becomes the first of two ways; places move on by one.
            self.insert(begin);
            ends.push(self.steps.len());
            self.steps.push(Step::Jump(0));
            self.steps[begin] = Step::Both(begin + 1, self.steps.len());
        }
        let end = self.steps.len();
        ends.into_iter().filter(|at| *at >= start).for_each(|at| self.steps[at] = Step::Jump(end));
        Ok(())
    }

    fn sequence(&mut self) -> Result<(), String> {
        while self.rest.peek().is_some_and(|c| !matches!(c, '|' | ')')) {
            let begin = self.steps.len();
            self.atom()?;
            match self.rest.peek() {
                Some('*') => self.repeat(begin, true, true),
                Some('+') => self.repeat(begin, false, true),
                Some('?') => self.repeat(begin, true, false),
                _ => continue,
            }
            self.rest.next();
        }
        Ok(())
    }

    fn repeat(&mut self, begin: usize, none: bool, many: bool) {
        if none {
            self.insert(begin);
        }
        let body = begin + usize::from(none);
        if many {
            self.steps.push(Step::Both(body, self.steps.len() + 1));
        }
        if none {
            self.steps[begin] = Step::Both(body, self.steps.len());
        }
    }

    /// Makes room for a step; places from there on move.
    fn insert(&mut self, at: usize) {
        let moved = |to: &mut usize| *to += usize::from(*to >= at);
        for step in &mut self.steps[at..] {
            match step {
                Step::Both(one, other) => [one, other].into_iter().for_each(moved),
                Step::Jump(to) => moved(to),
                Step::One(..) => {}
            }
        }
        self.steps.insert(at, Step::Jump(at + 1));
    }

    fn atom(&mut self) -> Result<(), String> {
        let one = |c: char| vec![(c, c)];
        let step = match self.rest.next().unwrap_or_default() {
            '(' => return self.group(),
            '[' => self.class()?,
            '.' => Step::One(Vec::new(), false),
            '\\' => Step::One(self.escaped()?, true),
            c @ ('*' | '+' | '?' | '{' | '}' | '^' | '$') => {
                return Err(format!("`{c}` is not understood in a pattern here"));
            }
            c => Step::One(one(c), true),
        };
        self.steps.push(step);
        Ok(())
    }

    fn group(&mut self) -> Result<(), String> {
        if self.rest.next_if_eq(&'?').is_some() && self.rest.next_if_eq(&':').is_none() {
            return Err("only plain groups and `(?:` are understood in a pattern".to_owned());
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("a pattern has more than {DEEPEST} groups in one another"));
        }
        self.alternatives()?;
        self.depth -= 1;
        self.rest.next_if_eq(&')').map(|_| ()).ok_or_else(|| "a group is not closed".to_owned())
    }

    fn escaped(&mut self) -> Result<Vec<(char, char)>, String> {
        match self.rest.next() {
            Some('d') => Ok(vec![('0', '9')]),
            Some('w') => Ok(vec![('0', '9'), ('a', 'z'), ('A', 'Z'), ('_', '_')]),
            Some(c) if !c.is_ascii_alphanumeric() => Ok(vec![(c, c)]),
            Some(c) => Err(format!("`\\{c}` is not understood in a pattern")),
            None => Err("a pattern ends with a backslash".to_owned()),
        }
    }

    fn class(&mut self) -> Result<Step, String> {
        let inside = self.rest.next_if_eq(&'^').is_none();
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            match self.rest.next() {
                Some(']') if !ranges.is_empty() => return Ok(Step::One(ranges, inside)),
                Some('\\') => ranges.extend(self.escaped()?),
                Some('-') if self.rest.peek().is_some_and(|c| *c != ']') && !ranges.is_empty() => {
                    let high = self.rest.next().unwrap_or_default();
                    if let Some(last) = ranges.last_mut() {
                        last.1 = high;
                    }
                }
                Some(c) => ranges.push((c, c)),
                None => return Err("a class is not closed".to_owned()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pattern;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let compiled = Pattern::new(pattern).unwrap();
        yes.iter().for_each(|value| assert!(compiled.is_match(value), "{pattern} {value}: {compiled:?}"));
        no.iter().for_each(|value| assert!(!compiled.is_match(value), "{pattern} {value}: {compiled:?}"));
    }

    #[test]
    fn patterns_match_whole_values() {
        check("5..", &["500", "5xx"], &["50", "5000", "450"]);
        check("5..|4[0-2]\\d", &["503", "404", "429"], &["430", "4", ""]);
        check("a|b|c", &["a", "b", "c"], &["", "ab"]);
        check("(a|bc)+d?", &["a", "bcd", "abca"], &["", "d", "b"]);
        check("x(?:ab*|c)*", &["x", "xabbbc", "xccab"], &["xb", ""]);
        check(".*", &["", "anything"], &[]);
        check("[^a-c]+", &["xyz"], &["xay", ""]);
        check("/api/v1\\.0/.+", &["/api/v1.0/x"], &["/api/v1x0/x", "/api/v1.0/"]);
        check("", &[""], &["a"]);
        check("|a", &["", "a"], &["b"]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for pattern in ["(", ")", "[a", "*", "a{2}", "^a", "a$", "(?i)a", "\\", "\\b", "a**"] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn any_pattern_ends(pattern in "[ab.*+?|()\\[\\]]{0,12}", value in "[ab]{0,12}") {
            if let Ok(pattern) = Pattern::new(&pattern) {
                let _ = pattern.is_match(&value);
            }
        }

        #[test]
        fn an_escaped_value_matches_itself(value in "[ -~]{0,20}", other in "[ -~]{0,20}") {
            let escaped: String = value.chars().flat_map(|c| {
                let escape = (!c.is_ascii_alphanumeric()).then_some('\\');
                escape.into_iter().chain([c])
            }).collect();
            let pattern = Pattern::new(&escaped).unwrap();
            prop_assert!(pattern.is_match(&value));
            prop_assert_eq!(pattern.is_match(&other), value == other);
        }
    }
}
