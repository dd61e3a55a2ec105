//! Paths that a pattern might match.

use crate::random::Random;

const NAMES: [&str; 12] = ["a", "b", "src", "x.md", "a.js", ".a", "ab", "é", "b.c.md", "-", "1", "c"];
const ODD_PARTS: [&str; 12] = ["..", ".", "/", "", "\n", "a\nb", "😀", " ", "\\", "(", "[", "\u{2028}"];

impl Random {
    /// A path: the pattern with its wildcards filled in, and now and then something changed.
    pub(crate) fn path(&mut self, pattern: &str) -> String {
        if self.one_in(40) {
            return pattern.to_owned();
        }
        if self.one_in(12) {
            return self.any_path();
        }
        let text: Vec<char> = pattern.trim_start_matches('!').trim_start_matches("./").chars().collect();
        let mut path = String::new();
        self.fill(&text, &mut path);
        if self.one_in(4) {
            self.change(&mut path);
        }
        path
    }

    fn any_path(&mut self) -> String {
        let parts: Vec<&str> = (0..=self.below(3)).map(|_| self.pick(&NAMES)).collect();
        parts.join("/")
    }

    fn fill(&mut self, text: &[char], path: &mut String) {
        let mut at = 0;
        while at < text.len() {
            let c = text[at];
            let opens = text.get(at + 1) == Some(&'(');
            at += 1;
            match c {
                '!' | '@' | '?' | '*' | '+' if opens => {
                    let end = matching(text, at, ('(', ')'));
                    self.fill_extglob(c, &text[at + 1..end], path);
                    at = end + 1;
                }
                '*' if text.get(at) == Some(&'*') => {
                    at += 1;
                    self.folders(path);
                    // `**/` may be nothing at all.
                    at += usize::from(text.get(at) == Some(&'/') && self.one_in(2));
                }
                '*' => {
                    let name = self.pick(&["", "a", "b", "x", ".a", "a.md", "c-d", "é"]);
                    path.push_str(name);
                }
                '?' => path.push_str(self.pick(&["a", "b", ".", "é", "-"])),
                '[' => {
                    let end = text[at..].iter().position(|&c| c == ']').map_or(text.len(), |n| at + n);
                    self.member(&text[at..end], path);
                    at = end + 1;
                }
                '{' => {
                    let end = matching(text, at - 1, ('{', '}'));
                    self.choice(&text[at..end.max(at)], ',', path);
                    at = end + 1;
                }
                '(' => {
                    let end = matching(text, at - 1, ('(', ')'));
                    self.choice(&text[at..end.max(at)], '|', path);
                    at = end + 1;
                }
                '\\' => {
                    path.extend(text.get(at));
                    at += 1;
                }
                '"' => {}
                other => path.push(other),
            }
        }
    }

    fn folders(&mut self, path: &mut String) {
        for n in 0..self.below(3) {
            if n > 0 {
                path.push('/');
            }
            path.push_str(self.pick(&NAMES));
        }
    }

    fn fill_extglob(&mut self, mark: char, inner: &[char], path: &mut String) {
        match mark {
            '!' => path.push_str(self.pick(&["", "a", "b", "src", "zz", "a.md"])),
            '@' => self.choice(inner, '|', path),
            '?' if self.one_in(2) => {}
            '?' => self.choice(inner, '|', path),
            _ => {
                for _ in 0..self.below(3) + usize::from(mark == '+') {
                    self.choice(inner, '|', path);
                }
            }
        }
    }

    fn choice(&mut self, inner: &[char], separator: char, path: &mut String) {
        let text: String = inner.iter().collect();
        if let Some((low, high)) = text.split_once("..").filter(|_| separator == ',') {
            path.push_str(self.pick(&[low, high, "2", "b"]));
            return;
        }
        let mut depth = 0;
        let parts: Vec<&[char]> = inner
            .split(|&c| {
                depth += i32::from(matches!(c, '(' | '{')) - i32::from(matches!(c, ')' | '}'));
                c == separator && depth == 0
            })
            .collect();
        let part = self.pick(&parts);
        self.fill(part, path);
    }

    fn member(&mut self, inner: &[char], path: &mut String) {
        if inner.is_empty() || self.one_in(2) {
            path.push_str(self.pick(&["a", "b", "1", "A", "-", ".", "é", "]", " "]));
        } else {
            path.push(inner[self.below(inner.len())]);
        }
    }

    fn change(&mut self, path: &mut String) {
        let mut text: Vec<char> = path.chars().collect();
        let at = self.below(text.len() + 1);
        match self.below(5) {
            0 if at < text.len() => {
                text.remove(at);
            }
            1 if at < text.len() => text.insert(at, text[at]),
            2 => text.extend(self.pick(&["/", "a", "/a", ".md", "/.."]).chars()),
            3 if self.one_in(3) => {
                let part = self.pick(&ODD_PARTS);
                text.splice(at..at, part.chars());
            }
            _ => text.insert(at, self.pick(&['a', 'b', '/', '.', '1', 'x'])),
        }
        *path = text.into_iter().collect();
    }
}

/// Where the bracket that opens at `from` closes, or the end.
fn matching(text: &[char], from: usize, (open, close): (char, char)) -> usize {
    let mut depth = 0;
    for (at, &c) in text.iter().enumerate().skip(from) {
        depth += i32::from(c == open) - i32::from(c == close);
        if depth == 0 {
            return at;
        }
    }
    text.len()
}
