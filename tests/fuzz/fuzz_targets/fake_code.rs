//! Any text as a program: findings within the text, or one line that says why it cannot be read.
#![no_main]
use fake_code_detector::{look, look_at_change};
use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const NAMES: [&str; 4] = ["src/a.tsx", "src/a.ts", "src/a.jsx", "src/a.test.ts"];

const WORDS: [&str; 41] = [
    "function f(a) { return 1 }\n",
    "async ",
    "await ",
    "export ",
    "class A extends B { m(x) {} }\n",
    "return ",
    "const x = ",
    "=> ",
    "(x, i) => ",
    "Math.random()",
    "setTimeout(",
    "new Promise((resolve) => ",
    "console.log(",
    "try { ",
    "} catch (e) { ",
    "throw new Error('not implemented')",
    "useState([",
    "{ id: 1, name: 'a', price: 2.5 }",
    "Array.from({ length: 5 }, (_, i) => ",
    "map(",
    "await sleep(1)",
    "it('x', () => { ",
    "expect(",
    ").toBe(",
    "describe('x', ",
    "// ----\n",
    "<button onClick={() => {}}>a</button>",
    "<form onSubmit={",
    "// fake-ok FK103 until 2027-03-31: reasons enough\n",
    "// TO\u{44}O implement\n",
    "process.env.NODE_ENV === 'test'",
    "{ success: true }",
    "this.",
    "?.",
    "...",
    "`${",
    "as unknown as T",
    "switch (a) { case 'b': ",
    "for (const x of xs) { ",
    "if (",
    "} else { ",
];

fuzz_target!(|text: &str| {
    let name = NAMES[text.len() % NAMES.len()];
    match look(name, text) {
        Ok(found) => {
            let lines = text.split('\n').count() as u32;
            for it in found {
                assert!(1 <= it.line && it.line <= it.end_line && it.end_line <= lines, "{it:?}");
                assert!(it.evidence.iter().all(|(line, ..)| (1..=lines).contains(line)), "{it:?}");
                assert_eq!(it.fingerprint.len(), 16);
            }
        }
        Err(why) => assert!(!why.contains("a bug"), "{why}"),
    }
    if let Some((before, after)) = text.split_once("// ----\n") {
        let told = look_at_change("src/a.test.ts", Some(before), after).is_ok();
        assert_eq!(told, look("src/a.test.ts", after).is_ok(), "what was before decides nothing");
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
