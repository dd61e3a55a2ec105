//! Any bytes as a checksum list, in both dialects: each line an entry that reads alike when written again, or a problem.
#![no_main]
use formats::sums::{Dialect, End, Entry, Form, List, path, read, write};
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const DIGEST: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const WORDS: [&str; 12] = [
    DIGEST,
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n",
    "SHA256 (a) = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
    "SHA2-256(",
    "SHA512 (",
    ")= ",
    "\\",
    "\\n",
    "../",
    "\u{feff}",
    "# ",
    "\r\n",
];

fuzz_target!(|bytes: &[u8]| {
    let strict = read(bytes, Dialect::Strict);
    let gnu = read(bytes, Dialect::Gnu);
    for list in [&strict, &gnu] {
        in_order(list, bytes);
        list.problems.iter().for_each(|problem| {
            fuzz::one_line(&problem.to_string());
            fuzz::one_line(problem.hint());
        });
    }
    for entry in &strict.entries {
        assert!(!entry.name.is_empty() && !entry.name.starts_with(b"/") && entry.name != b"-");
        assert!(path(&entry.name).split(|&byte| byte == b'/').all(|part| part != b".."));
        again(entry);
    }
    // GNU's program does not know openssl's newer tag; a list without it and without problems reads alike.
    if strict.problems.is_empty() && !bytes.windows(8).any(|tag| tag == b"SHA2-256") {
        assert_eq!(strict, gnu);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});

fn in_order(list: &List, bytes: &[u8]) {
    let lines = bytes.split_inclusive(|&byte| byte == b'\n').count() as u64;
    let mut all: Vec<u64> = list.entries.iter().map(|entry| entry.line).collect();
    all.extend(list.problems.iter().map(|problem| problem.line));
    all.sort_unstable();
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "each line comes to one thing");
    assert!(all.iter().all(|line| (1..=lines).contains(line)));
}

fn again(entry: &Entry) {
    let mut line = Vec::new();
    // One blank cannot tell a name that starts with a blank or a star.
    let form = if entry.form == Form::OneSpace { Form::Text } else { entry.form };
    write(&mut line, (&entry.name, &entry.digest), form, End::Line);
    let list = read(&line, Dialect::Strict);
    let found: Vec<_> = list.entries.iter().map(|found| (&found.name, found.digest, found.form)).collect();
    assert_eq!(found, [(&entry.name, entry.digest, form)]);
}
