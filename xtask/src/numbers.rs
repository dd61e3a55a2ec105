//! `cargo xtask numbers`: the board of code and size figures, as one table.
use std::path::Path;

use crate::place;
use crate::program::Program;

/// Functions and files longer than this have to earn it.
const LONG_FUNCTION: usize = 40;
const LONG_FILE: usize = 300;

/// One Rust source of ours.
struct Source {
    path: String,
    text: String,
    /// Lines up to the tests at its end; none in a file of tests.
    code: usize,
}

/// Counts and prints.
pub(crate) fn run() -> Result<(), String> {
    let sources = sources()?;
    let functions: Vec<(usize, String)> = sources.iter().flat_map(functions).collect();
    let files: Vec<(usize, String)> =
        sources.iter().map(|source| (source.text.lines().count(), source.path.clone())).collect();
    println!("{:<28} {:>6} {:>6} {:>6} {:>6}   longest", "lines", "count", "p50", "p90", "max");
    row("functions", &functions);
    row("files", &files);
    let code: usize = sources.iter().map(|source| source.code).sum();
    let all: usize = files.iter().map(|(lines, _)| lines).sum();
    println!();
    let over = |rows: &[(usize, String)], limit| rows.iter().filter(|(lines, _)| *lines > limit).count();
    figure(&format!("functions over {LONG_FUNCTION} lines"), over(&functions, LONG_FUNCTION));
    figure(&format!("files over {LONG_FILE} lines"), over(&files, LONG_FILE));
    figure("lines of code", code);
    figure("lines of tests", all - code);
    figure("tests : code", format!("{:.2}", (all - code) as f64 / code.max(1) as f64));
    figure("public items, documented", documented(&sources));
    figure("silenced lints", sources.iter().map(silenced).sum::<usize>());
    figure("packages in Cargo.lock", place::read(&place::root().join("Cargo.lock"))?.matches("[[package]]").count());
    sizes();
    Ok(())
}

fn sources() -> Result<Vec<Source>, String> {
    let args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.rs"];
    let listed = Program::new("git", args).at(&place::root()).output()?;
    let mut paths: Vec<&str> =
        listed.split('\0').filter(|path| !path.is_empty() && !path.starts_with("fixtures/")).collect();
    paths.sort_unstable();
    paths.dedup();
    let read = |path: &&str| {
        let text = place::read(&place::root().join(path)).ok()?;
        let tests = path.contains("/tests/") || path.starts_with("tests/") || path.ends_with("/tests.rs");
        let code = if tests { 0 } else { text.lines().take_while(|line| *line != "#[cfg(test)]").count() };
        Some(Source { path: (*path).to_owned(), text, code })
    };
    Ok(paths.iter().filter_map(read).collect())
}

/// Length and place of each function, as rustfmt lays them out: from `fn` to the brace at the same depth.
fn functions(source: &Source) -> Vec<(usize, String)> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let words: Vec<&str> = trimmed.split_whitespace().take(5).collect();
        let modifiers = |word: &&str| matches!(*word, "pub" | "pub(crate)" | "pub(super)" | "const" | "async");
        let keyword = words.iter().position(|word| !modifiers(word));
        if keyword.and_then(|at| words.get(at)) != Some(&"fn") {
            continue;
        }
        let indent = &line[..line.len() - trimmed.len()];
        let end = format!("{indent}}}");
        let one_line = trimmed.ends_with(['}', ';']) && trimmed.contains('{') || trimmed.ends_with(';');
        let length =
            if one_line { 1 } else { lines[at..].iter().position(|line| *line == end).map_or(1, |end| end + 1) };
        found.push((length, format!("{}:{}", source.path, at + 1)));
    }
    found
}

fn documented(sources: &[Source]) -> String {
    let (mut all, mut with) = (0, 0);
    for source in sources.iter().filter(|source| source.path.starts_with("crates/")) {
        let mut above = "";
        for line in source.text.lines().take(source.code).map(str::trim) {
            let item = ["pub fn ", "pub struct ", "pub enum ", "pub trait ", "pub const ", "pub static ", "pub type "];
            if item.iter().any(|item| line.starts_with(item)) {
                all += 1;
                with += usize::from(above.starts_with("///"));
            }
            // Attributes stand between the words and the item.
            if !line.starts_with("#[") {
                above = line;
            }
        }
    }
    format!("{with} of {all}")
}

fn silenced(source: &Source) -> usize {
    let start = ["#[", "#!["].map(|open| format!("{open}allow("));
    start.iter().map(|start| source.text.matches(start.as_str()).count()).sum()
}

fn row(what: &str, rows: &[(usize, String)]) {
    let mut sorted: Vec<&(usize, String)> = rows.iter().collect();
    sorted.sort();
    let at = |share: usize| sorted.get(sorted.len().saturating_sub(1) * share / 100).map_or(0, |(lines, _)| *lines);
    let longest = sorted.last().map_or("", |(_, place)| place);
    println!("{what:<28} {:>6} {:>6} {:>6} {:>6}   {longest}", sorted.len(), at(50), at(90), at(100));
}

fn figure(what: &str, value: impl std::fmt::Display) {
    println!("{what:<28} {value:>6}");
}

/// The binaries that `cargo xtask dist` left, if it did.
fn sizes() {
    for name in place::bins() {
        let bin = place::target().join("dist").join(&name).join("bin");
        for platform in place::names(&bin) {
            let size = |path: &Path| std::fs::metadata(path).map(|file| file.len()).unwrap_or(0);
            figure(&format!("{name} {platform}, KiB"), size(&bin.join(&platform).join(&name)) / 1024);
        }
    }
}
