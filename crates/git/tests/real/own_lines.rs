//! Changed lines found without a git process are those that git tells, in random repositories and of random texts.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use git::{Id, Newer, Repository};

use crate::lines::told;
use crate::support::{Numbers, Sandbox};

/// Names in and beside each other, of files that are looked into and of others.
const NAMES: [&str; 9] =
    ["a.ts", "b", "dir/a.ts", "dir/b.js", "dir/deep/c.ts", "dir.ts", "e/f.ts", "e/f.ts.d/g", "sub/x.ts"];

/// Lines of code, of which some are in many places and some look blank.
const LINES: [&str; 16] = [
    "}\n",
    "\n",
    "  }\n",
    "    return x;\n",
    "function f() {\n",
    "\t\n",
    "\tif (x) {\n",
    "\x0c\n",
    "  \x0cend\n",
    "// a\r\n",
    "  // b\n",
    "        deep();\n",
    "import x from 'x';\n",
    "   \n",
    "nul\0\n",
    "});\n",
];

/// Both answers are the same, where there are two; says whether there are.
pub(crate) fn check(repository: &Repository, base: Option<Id>, newer: Newer) -> bool {
    let own = repository.own_line_changes(base, newer);
    let by_git = repository.line_changes_by_git(base, newer).expect("compares");
    if let Some(own) = &own {
        assert_eq!(told(own), told(&by_git), "{base:?} {newer:?}");
        assert_eq!(own, &by_git);
    }
    assert_eq!(repository.line_changes(base, newer).expect("compares"), by_git);
    own.is_some()
}

/// Lines as they come, some of them only once.
fn text(numbers: &mut Numbers, most: usize) -> Vec<String> {
    let line = |numbers: &mut Numbers| match numbers.chance(40) {
        true => format!("{}line {};\n", " ".repeat(numbers.below(9)), numbers.below(200)),
        false => (*numbers.pick(&LINES)).to_owned(),
    };
    (0..numbers.below(most + 1)).map(|_| line(numbers)).collect()
}

/// The text with some runs of lines removed, replaced, copied from elsewhere or moved.
fn edited(numbers: &mut Numbers, old: &[String]) -> Vec<String> {
    let mut new = old.to_vec();
    for _ in 0..numbers.below(6) {
        let start = numbers.below(new.len() + 1);
        let end = (start + numbers.below(6)).min(new.len());
        let from = numbers.below(new.len() + 1);
        let copied = new[from..(from + numbers.below(8)).min(new.len())].to_vec();
        let with = match numbers.below(3) {
            0 => Vec::new(),
            1 => copied,
            _ => text(numbers, 6),
        };
        new.splice(start..end, with);
    }
    new
}

fn joined(numbers: &mut Numbers, lines: &[String]) -> String {
    let text = lines.concat();
    if numbers.chance(15) { text.trim_end_matches('\n').to_owned() } else { text }
}

/// Commits two versions of many files and compares them.
fn check_pairs(seed: u64, files: usize, most_lines: usize) {
    let mut numbers = Numbers(seed);
    let sandbox = Sandbox::new("sha1");
    let old: Vec<Vec<String>> = (0..files).map(|_| text(&mut numbers, most_lines)).collect();
    for (at, lines) in old.iter().enumerate() {
        sandbox.write(&format!("f{at}"), &joined(&mut numbers, lines));
    }
    let base = sandbox.commit_all("old");
    for (at, lines) in old.iter().enumerate() {
        let lines = edited(&mut numbers, lines);
        sandbox.write(&format!("f{at}"), &joined(&mut numbers, &lines));
    }
    let head = sandbox.commit_all("new");
    let repository = sandbox.open();
    assert!(check(&repository, Some(base), Newer::Commit(head)), "nothing keeps it from looking itself");
    assert!(check(&repository, Some(head), Newer::Commit(base)), "nor the other way round");
    assert!(check(&repository, None, Newer::Commit(head)), "nor from nothing");
}

/// How many times more than usual: for a longer look.
fn times() -> u64 {
    std::env::var("RANDOM_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

#[test]
fn texts_differ_as_git_says() {
    for round in 0..times() {
        check_pairs(round * 3 + 1, 400, 12);
        check_pairs(round * 3 + 2, 200, 120);
        check_pairs(round * 3 + 3, 12, 3000);
    }
}

#[test]
fn what_slides_stops_where_git_has_cut() {
    // Lines that could be added anywhere among those of their kind, longer than the block that git cuts by.
    for (lines, end) in [(2000, ""), (600, "end\n"), (511, ""), (512, ""), (513, "")] {
        let sandbox = Sandbox::new("sha1");
        let text = |lines: usize| format!("f\n{}{end}", "}\n".repeat(lines));
        sandbox.write("f", &text(lines));
        let base = sandbox.commit_all("old");
        sandbox.write("f", &text(lines + 1));
        let head = sandbox.commit_all("new");
        assert!(check(&sandbox.open(), Some(base), Newer::Commit(head)), "{lines}");
        assert!(check(&sandbox.open(), Some(head), Newer::Commit(base)), "{lines}");
    }
}

/// Changes something in the work tree, and sometimes in the index.
fn change(sandbox: &Sandbox, numbers: &mut Numbers) {
    let name = *numbers.pick(&NAMES);
    let path = sandbox.path().join(name);
    let is_file = std::fs::symlink_metadata(&path).is_ok_and(|data| data.is_file());
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let lines: Vec<String> = known.split_inclusive('\n').map(str::to_owned).collect();
    // A file may stand where a folder of it would have to be.
    let free = std::fs::create_dir_all(path.parent().expect("a parent")).is_ok() && !path.is_dir();
    let writable = free && !path.is_symlink();
    match numbers.below(12) {
        0 if is_file => std::fs::remove_file(&path).expect("removes"),
        1 if is_file => {
            let to = sandbox.path().join(*numbers.pick(&NAMES));
            let _ = std::fs::create_dir_all(to.parent().expect("a parent")).and_then(|()| std::fs::rename(&path, to));
        }
        2 if is_file => {
            let mode = *numbers.pick(&[0o644, 0o755]);
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).expect("sets the mode");
        }
        3 if free => {
            let _ = std::fs::remove_file(&path);
            std::os::unix::fs::symlink(*numbers.pick(&NAMES), &path).expect("links");
        }
        4 if is_file => std::fs::write(&path, known.replace('\n', "\r\n")).expect("writes"),
        5 if writable => std::fs::write(&path, "").expect("writes"),
        _ if writable => {
            let lines = if lines.is_empty() { text(numbers, 30) } else { edited(numbers, &lines) };
            std::fs::write(&path, joined(numbers, &lines)).expect("writes");
        }
        _ => {}
    }
}

/// Some commits with a merge among them, and in the end perhaps changes that are not committed.
fn history(sandbox: &Sandbox, numbers: &mut Numbers) {
    if numbers.chance(30) {
        let attributes = *numbers.pick(&["* text=auto\n", "*.ts -diff\n", "*.js binary\n", "b ident\n"]);
        sandbox.write(".gitattributes", attributes);
    }
    for round in 0..4 {
        if round == 2 {
            sandbox.git(["checkout", "-q", "-b", "side", "HEAD~1"]);
        }
        for _ in 0..1 + numbers.below(6) {
            change(sandbox, numbers);
        }
        if round > 0 && numbers.chance(30) {
            let commit = sandbox.text(["rev-parse", "HEAD"]);
            std::fs::create_dir_all(sandbox.path().join("module")).expect("a folder");
            sandbox.git(["update-index", "--add", "--cacheinfo", &format!("160000,{commit},module")]);
        }
        sandbox.commit_all("round");
    }
    if sandbox.succeeds(&["checkout", "-q", "main"]) && !sandbox.succeeds(&["merge", "-q", "-X", "ours", "side"]) {
        sandbox.git(["reset", "-q", "--hard"]);
    }
}

/// What a developer may have left behind.
fn disturb(sandbox: &Sandbox, numbers: &mut Numbers) {
    match numbers.below(6) {
        0 => change(sandbox, numbers),
        1 => {
            change(sandbox, numbers);
            sandbox.git(["add", "-A"]);
        }
        2 => {
            sandbox.write("intended.ts", "1\n");
            sandbox.git(["add", "--intent-to-add", "intended.ts"]);
        }
        3 => {
            // A folder that became a link to where it has gone.
            let folder = sandbox.path().join("dir");
            if folder.is_dir() {
                std::fs::rename(&folder, sandbox.path().join("moved")).expect("moves");
                std::os::unix::fs::symlink("moved", &folder).expect("links");
            }
        }
        _ => {}
    }
}

/// Dates the index as if some time had gone by since it was written.
pub(crate) fn settle(sandbox: &Sandbox) {
    let index = std::fs::File::options().append(true).open(sandbox.path().join(".git/index")).expect("opens");
    index.set_modified(SystemTime::now() + Duration::from_secs(2)).expect("dates");
}

#[test]
fn repositories_differ_as_git_says() {
    let (mut own, mut all, mut quiet) = ([0, 0], 0, 0);
    for seed in 0..30 * times() {
        let mut numbers = Numbers(seed);
        let sandbox = Sandbox::new(if seed % 5 == 0 { "sha256" } else { "sha1" });
        history(&sandbox, &mut numbers);
        disturb(&sandbox, &mut numbers);
        if numbers.chance(50) {
            settle(&sandbox);
        }
        let repository = sandbox.open();
        let head = sandbox.id("HEAD");
        for base in [Some("HEAD"), Some("HEAD^1"), Some("main~1"), Some("side"), None] {
            let base = base.map(|name| sandbox.id(name));
            own[0] += usize::from(check(&repository, base, Newer::Commit(head)));
            own[1] += usize::from(check(&repository, base, Newer::WorkTree));
            all += 1;
        }
        let wanted = |name: &[u8]| name.ends_with(b".ts");
        let mut untracked = repository.untracked().expect("lists");
        untracked.retain(|name| wanted(name));
        assert_eq!(repository.untracked_like(wanted).expect("lists"), untracked, "seed {seed}");
        quiet += usize::from(untracked.is_empty());
    }
    // Neither way may become one that is never gone.
    assert!(own.iter().all(|&own| own > all / 4 && own < all), "{own:?} of {all}");
    assert!(quiet > 0);
}
