//! Any text as a commit message: a verdict, the same with line ends of Windows, and no word lost.
#![no_main]
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use release_changelog::message::{Message, Printed};
use release_changelog::told::{LONGEST, Told};

const WORDS: [&str; 20] = [
    "feat: ",
    "fix(core)!: ",
    "\n\n",
    "\r\n",
    "BREAKING CHANGE: ",
    "BREAKING-CHANGE:",
    "breaking change",
    "Refs: 1",
    "Closes #5",
    "Co-authored-by: A <a@b>",
    "Revert \"",
    "This reverts commit 0123456789abcdef",
    "Merge pull request #7 from a/b",
    "fixup! ",
    "✨ ",
    ":bug: ",
    "[X-1] ",
    "(#12)",
    "\u{0}",
    "：",
];

fuzz_target!(|text: &str| {
    let message = Message::parse(text);
    assert!(message.header.is_some() || !message.breaking(), "only what is conventional breaks by the specification");
    assert!(!message.breaking() || message.forces_major());
    assert!(message.forces_major() == !message.breaking_notes().is_empty());
    assert!(message.lint.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
    let printed = serde_json::to_value(Printed::from(&message)).expect("plain values are JSON");
    assert_eq!(printed["ok"], message.header.is_some());
    let plain = text.replace('\r', "");
    let windows = plain.replace('\n', "\r\n");
    let of = |text: &str| serde_json::to_value(Printed::from(&Message::parse(text))).expect("plain values are JSON");
    assert_eq!(of(&plain), of(&windows));
    every_word_is_kept(&plain);
    let told = Told::of(text);
    assert!(told.subject.len() <= LONGEST + 4 && told.description().len() <= LONGEST + 4);
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});

fn every_word_is_kept(text: &str) {
    let message = Message::parse(text);
    let mut seen = message.subject.to_owned();
    seen.extend(message.body.iter().map(AsRef::as_ref));
    for footer in &message.footers {
        assert!(!footer.value.trim().is_empty(), "a footer says something");
        seen.extend([footer.token, footer.separator.text(), &footer.value]);
    }
    let dense = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(dense(&seen), dense(text));
}
