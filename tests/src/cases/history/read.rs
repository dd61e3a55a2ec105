//! Reading the text of a history.

/// One line that stands on its own, with the changes below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Commit {
        label: String,
        branch: String,
        from: Option<String>,
        changes: Vec<Change>,
    },
    Merge {
        label: String,
        branch: String,
        of: Vec<String>,
        changes: Vec<Change>,
    },
    /// A reference with its full name.
    Ref {
        name: String,
        at: String,
    },
    /// An annotated tag, by its short name.
    Annotated {
        name: String,
        at: String,
    },
    Forget(String),
    Clone {
        depth: Option<u32>,
        what: String,
    },
    Checkout(String),
    Edit {
        path: String,
        text: String,
        stage: bool,
    },
}

impl Step {
    /// Whether a message or a file in it names ids of commits by their labels.
    pub(super) fn names_ids(&self) -> bool {
        let (Self::Commit { changes, .. } | Self::Merge { changes, .. }) = self else { return false };
        changes
            .iter()
            .any(|change| matches!(change, Change::Message(text) | Change::Write(_, text) if text.contains("@{")))
    }

    /// The same step with its messages and files changed.
    pub(super) fn filled(&self, fill: &dyn Fn(&str) -> Result<String, String>) -> Result<Self, String> {
        let mut step = self.clone();
        if let Self::Commit { changes, .. } | Self::Merge { changes, .. } = &mut step {
            for change in changes {
                if let Change::Message(text) | Change::Write(_, text) = change {
                    *text = fill(text)?;
                }
            }
        }
        Ok(step)
    }
}

/// One change to the files of a commit, or to the commit itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    Write(String, String),
    Delete(String),
    Move(String, String),
    Exec(String),
    Link(String, String),
    Submodule(String, String),
    /// Of the commit itself, as the three below.
    Message(String),
    Author(String),
    Date(i64),
}

/// Reads all lines.
pub(super) fn read(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let problem = |what: &str| format!("history:{}: {what}: {line:?}", at + 1);
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        if line.starts_with(char::is_whitespace) {
            let change = change(line.trim()).ok_or_else(|| problem("not a change"))?;
            match steps.last_mut() {
                Some(Step::Commit { changes, .. } | Step::Merge { changes, .. }) => changes.push(change),
                _ => return Err(problem("a change without a commit above it")),
            }
        } else {
            steps.push(step(line.trim()).ok_or_else(|| problem("not a step"))?);
        }
    }
    Ok(steps)
}

fn step(line: &str) -> Option<Step> {
    let text = |word: &str| word.to_owned();
    let plain: Vec<&str> = line.split_whitespace().collect();
    Some(match plain.as_slice() {
        ["edit" | "stage", ..] => {
            let (verb, rest) = line.split_once(' ')?;
            let (path, rest) = word(rest)?;
            Step::Edit { path, text: content(rest)?, stage: verb == "stage" }
        }
        ["commit", label, "on", branch] => {
            Step::Commit { label: text(label), branch: text(branch), from: None, changes: Vec::new() }
        }
        ["commit", label, "on", branch, "from", from] => {
            Step::Commit { label: text(label), branch: text(branch), from: Some(text(from)), changes: Vec::new() }
        }
        ["merge", label, "on", branch, "of", of @ ..] if !of.is_empty() => {
            let of = of.iter().map(|word| text(word)).collect();
            Step::Merge { label: text(label), branch: text(branch), of, changes: Vec::new() }
        }
        ["annotate", name, "at", at] => Step::Annotated { name: text(name), at: text(at) },
        ["tag", name, "at", at] => Step::Ref { name: format!("refs/tags/{name}"), at: text(at) },
        ["branch", name, "at", at] => Step::Ref { name: format!("refs/heads/{name}"), at: text(at) },
        ["ref", name, "at", at] => Step::Ref { name: text(name), at: text(at) },
        ["forget", branch] => Step::Forget(text(branch)),
        ["clone", what] => Step::Clone { depth: None, what: text(what) },
        ["clone", depth, what] => {
            Step::Clone { depth: Some(depth.strip_prefix("depth=")?.parse().ok()?), what: text(what) }
        }
        ["checkout", what] => Step::Checkout(text(what)),
        _ => return None,
    })
}

fn change(line: &str) -> Option<Change> {
    let (verb, rest) = line.split_once(' ')?;
    match verb {
        "message" => return Some(Change::Message(content(rest)?)),
        "author" => return Some(Change::Author(rest.to_owned())),
        "date" => return rest.parse().ok().map(Change::Date),
        _ => {}
    }
    let (path, rest) = word(rest)?;
    let two = || word(rest).filter(|(_, rest)| rest.is_empty()).map(|(second, _)| second);
    Some(match (verb, rest.is_empty()) {
        ("write", _) => Change::Write(path, content(rest)?),
        ("move", false) => Change::Move(path, two()?),
        ("link", false) => Change::Link(path, two()?),
        ("submodule", false) => Change::Submodule(path, two()?),
        ("delete", true) => Change::Delete(path),
        ("exec", true) => Change::Exec(path),
        _ => return None,
    })
}

/// The first word, or JSON string, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    if text.starts_with('"') {
        let mut strings = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let word = strings.next()?.ok()?;
        return Some((word, text[strings.byte_offset()..].trim_start()));
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    (!word.is_empty()).then(|| (word.to_owned(), rest.trim_start()))
}

/// The content of a file: a JSON string as it is, or the text with a line feed.
fn content(text: &str) -> Option<String> {
    match text.starts_with('"') {
        true => word(text).filter(|(_, rest)| rest.is_empty()).map(|(content, _)| content),
        false => Some(format!("{text}\n")),
    }
}
