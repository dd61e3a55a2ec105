//! Rules for documents.
use std::collections::BTreeSet;

use super::files::File;

/// Every path that a Markdown document names exists: links, and code that begins with a folder or file of the root.
pub(crate) fn paths(files: &[File]) -> Vec<String> {
    let mut there: BTreeSet<String> = BTreeSet::new();
    for file in files {
        there.extend(file.path.match_indices('/').map(|(at, _)| file.path[..at].to_owned()));
        there.insert(file.path.clone());
    }
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (mut fenced, mut generated) = (false, false);
        for (at, line) in file.text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            // The generated tables speak of the user's repository, not of this one.
            generated = (generated || line == "<!-- inputs -->") && !line.starts_with('#');
            if fenced || generated {
                continue;
            }
            let linked = links(line).map(|link| resolved(folder, link));
            let named = line.split('`').skip(1).step_by(2).filter(|code| is_path(code, &there)).map(str::to_owned);
            let missing = linked.chain(named).filter(|path| !there.contains(path.trim_end_matches('/')));
            problems.extend(missing.map(|path| format!("{}:{}: there is no {path}", file.path, at + 1)));
        }
    }
    problems
}

/// The page that has to fit in the head does.
pub(crate) fn architecture(files: &[File]) -> Vec<String> {
    match files.iter().find(|file| file.path == "ARCHITECTURE.md").map(|file| file.text.lines().count()) {
        Some(lines) if lines > 120 => vec![format!("ARCHITECTURE.md has {lines} lines, more than 120")],
        Some(_) => Vec::new(),
        None => vec!["there is no ARCHITECTURE.md".to_owned()],
    }
}

/// No file names a folder that only one machine has.
pub(crate) fn local_paths(files: &[File]) -> Vec<String> {
    let local = ["work", "root"].map(|name| format!("/{name}/"));
    let mut problems = Vec::new();
    for file in files {
        for (at, line) in file.text.lines().enumerate() {
            let absolute = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}>/)".contains(c));
            let found = local.iter().any(|path| line.match_indices(path.as_str()).any(|(at, _)| absolute(at)));
            if found {
                problems.push(format!("{}:{}: a folder of one machine", file.path, at + 1));
            }
        }
    }
    problems
}

/// The targets of links that stay in the repository, without their anchors.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let own = targets
        .filter(|target| !target.contains("://") && !target.starts_with(['#', '<']) && !target.starts_with("mailto:"));
    own.map(|target| target.split('#').next().unwrap_or(target))
}

fn resolved(folder: &str, link: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "" | "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether code in a document means a path of this repository, and one path, not a pattern.
fn is_path(code: &str, there: &BTreeSet<String>) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    let first = code.split('/').next().unwrap_or(code);
    code.contains('/')
        && code.chars().all(plain)
        && !first.is_empty()
        && there.contains(first)
        && !code.starts_with("target/")
}
