//! Any bytes as a list of changed files and its patch: sorted, with hunks in order, or refused; a part says nothing new.
#![no_main]
use std::io::{BufReader, Read};

use fuzz::{Pieces, mutate};
use git::{FileChange, Status, parse_patch};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

/// Behind this list, any bytes are a patch.
const LIST: &str =
    ":100644 100644 1 2 M\0f\0:100644 100644 1 2 R090\0f g\0g\n\0:000000 100644 0 2 A\0h\0:100644 120000 1 2 T\0l\0\0";

const WORDS: [&str; 20] = [
    ":100644 100644 1 2 M\0f\0",
    ":100644 000000 1 0 D\0a b\0",
    ":000000 000000 0 0 U\0u\0",
    ":160000 160000 1 2 M\0s\0",
    "\0\0",
    "diff --git a/f b/f\n",
    "diff --git \"a/f g\" \"b/g\\n\"\n",
    "diff --git a/h b/h\nnew file mode 100644\n",
    "diff --git a/l b/l\ndeleted file mode 100644\n",
    "index 1..2 100644\n",
    "similarity index 90%\nrename from f g\nrename to \"g\\n\"\n",
    "old mode 100644\nnew mode 100755\n",
    "--- a/f\n+++ b/f\n",
    "@@ -1 +1 @@\n-x\n+y\n",
    "@@ -0,0 +1,2 @@\n+x\n+y\n",
    "@@ -9,2 +8,0 @@ fn\n-x\n-y\n",
    "\\ No newline at end of file\n",
    "* Unmerged path u\n",
    "4294967295",
    "\\303\\266",
];

fuzz_target!(|data: &[u8]| {
    check(data);
    check(&[LIST.as_bytes(), data].concat());
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});

fn check(bytes: &[u8]) {
    let read = parse(bytes);
    assert_eq!(parse(Pieces::new(bytes, 0)), read, "read in pieces");
    let Ok(changes) = read else { return };
    assert!(changes.is_sorted_by_key(|change| (&change.path, change.status)), "in the order of names");
    changes.iter().for_each(hunks_are_in_order);
    let most = bytes.split(|byte| *byte == b'\n').count();
    assert!(changes.iter().map(|change| change.hunks.len()).sum::<usize>() <= most, "a line a hunk at least");
    for part in [bytes.len() / 2, bytes.len().saturating_sub(1), bytes.len() * 7 / 11] {
        if let Ok(shorter) = parse(&bytes[..part]) {
            is_part(&shorter, &changes);
        }
    }
}

fn parse(reader: impl Read) -> Result<Vec<FileChange>, String> {
    parse_patch(BufReader::with_capacity(5, reader)).map_err(|error| error.to_string())
}

/// Names have no NUL; hunks go down on both sides, with as many lines between them here as there.
fn hunks_are_in_order(change: &FileChange) {
    assert!(!change.path.contains(&0) && !change.old_path().contains(&0));
    if change.status == Status::TypeChanged {
        // It went and came: each side has its own lines.
        return;
    }
    let mut ends = (1, 1);
    for hunk in &change.hunks {
        let (removed, added) = (hunk.removed(), hunk.added());
        assert!(removed.end > removed.start || added.end > added.start, "a hunk of nothing: {hunk:?}");
        assert_eq!(removed.start.checked_sub(ends.0), added.start.checked_sub(ends.1), "{hunk:?} behind {ends:?}");
        if change.old_mode.is_some() == change.new_mode.is_some() {
            assert!(removed.clone().all(|line| change.new_line(line).is_none()) || removed.len() > 99);
        }
        ends = (removed.end, added.end);
    }
}

/// What is cut off between two hunks or headers is all there, but for the last hunks of one file.
fn is_part(shorter: &[FileChange], longer: &[FileChange]) {
    if shorter.is_empty() {
        return;
    }
    assert_eq!(shorter.len(), longer.len(), "a part with other files");
    let less: Vec<_> = shorter.iter().zip(longer).filter(|(part, all)| part != all).collect();
    assert!(less.len() <= 1, "{} files with less", less.len());
    for (part, all) in less {
        assert!(all.hunks.starts_with(&part.hunks), "{part:?} is a part of {all:?}");
        assert_eq!((&part.path, &part.renamed, part.status), (&all.path, &all.renamed, all.status));
    }
}
