//! Changed lines of generated files: they agree with what a patch says, and they make the one file out of the other.

use git::{FileChange, Newer};

use crate::support::{Numbers, Sandbox};

/// Lines that are often equal, and some that look like parts of a patch.
const LINES: [&str; 10] =
    ["a\n", "b\n", "\n", "  c\r\n", "-- a/x\n", "++ b/x\n", "@@ -1 +1 @@\n", "diff --git a/x b/x\n", "\\ No\n", "d\n"];

fn text(lines: &[&str], ends: bool) -> String {
    let text = lines.concat();
    if ends { text } else { text.trim_end_matches('\n').to_owned() }
}

/// Two versions of a file.
fn pair(numbers: &mut Numbers) -> [String; 2] {
    let old: Vec<&str> = (0..numbers.below(25)).map(|_| *numbers.pick(&LINES)).collect();
    let mut new = old.clone();
    for _ in 0..numbers.below(5) {
        let start = numbers.below(new.len() + 1);
        let end = (start + numbers.below(4)).min(new.len());
        let count = numbers.below(4);
        let added: Vec<&str> = (0..count).map(|_| *numbers.pick(&LINES)).collect();
        new.splice(start..end, added);
    }
    let ends = [!numbers.chance(20), !numbers.chance(20)];
    [text(&old, ends[0]), text(&new, ends[1])]
}

/// The headers of hunks in the patch of one file, found by counting what they announce.
fn headers(patch: &str) -> Vec<[usize; 4]> {
    let mut headers = Vec::new();
    let mut left = 0;
    for line in patch.split('\n').skip_while(|line| !line.starts_with("@@ ")) {
        if left == 0 && line.starts_with("@@ ") {
            let words: Vec<&str> = line.split(' ').collect();
            let numbers = |word: &str| {
                let (start, lines) = word[1..].split_once(',').unwrap_or((&word[1..], "1"));
                [start, lines].map(|number| number.parse::<usize>().expect("a number"))
            };
            let ([a, b], [c, d]) = (numbers(words[1]), numbers(words[2]));
            headers.push([a, b, c, d]);
            left = b + d;
        } else if !line.starts_with('\\') && left > 0 {
            left -= 1;
        }
    }
    headers
}

/// What is not changed is the same, in the same order, and everything else is told.
fn check(change: &FileChange, old: &str, new: &str) {
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(old), lines(new));
    let number = |at: usize| u32::try_from(at + 1).expect("small");
    let mut kept = Vec::new();
    for (at, line) in old.iter().enumerate() {
        let removed = change.hunks.iter().any(|hunk| hunk.removed().contains(&number(at)));
        let now = change.new_line(number(at));
        assert_eq!(now.is_none(), removed, "{change:?}");
        kept.extend(now.map(|now| (now, *line)));
    }
    let added = |at: usize| change.hunks.iter().any(|hunk| hunk.added().contains(&number(at)));
    let expected = new.iter().enumerate().filter(|(at, _)| !added(*at)).map(|(at, line)| (number(at), *line));
    assert_eq!(kept, expected.collect::<Vec<_>>(), "{change:?}");
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

#[test]
fn hunks_make_the_new_file_of_the_old_one() {
    let mut numbers = Numbers(7);
    let pairs: Vec<[String; 2]> = (0..400).map(|_| pair(&mut numbers)).collect();
    let sandbox = Sandbox::new("sha1");
    let name = |at: usize| format!("f{at:03}");
    for side in [0, 1] {
        for (at, texts) in pairs.iter().enumerate() {
            sandbox.write(&name(at), &texts[side]);
        }
        sandbox.commit_all("versions");
    }
    let (base, head) = (sandbox.id("HEAD~1"), sandbox.id("HEAD"));
    let changes = sandbox.open().line_changes(Some(base), Newer::Commit(head)).expect("compares");
    let differing = pairs.iter().filter(|[old, new]| old != new).count();
    assert_eq!(changes.len(), differing);
    assert!(differing > 200);
    let whole = String::from_utf8(sandbox.git(["diff", "--unified=0", "HEAD~1", "HEAD"])).expect("text");
    for change in changes {
        let path = String::from_utf8(change.path.clone()).expect("text");
        let at: usize = path[1..].parse().expect("a number");
        let [old, new] = &pairs[at];
        check(&change, old, new);
        let start = format!("diff --git a/{path} b/{path}\n");
        let patch = &whole[whole.find(&start).expect("is in the patch") + start.len()..];
        let patch = patch.find("\ndiff --git a/f").map_or(patch, |end| &patch[..end]);
        let found: Vec<[usize; 4]> = change
            .hunks
            .iter()
            .map(|hunk| [hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines].map(|n| n as usize))
            .collect();
        assert_eq!(found, headers(patch), "{path}");
    }
}
