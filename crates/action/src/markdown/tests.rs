//! The escapes against a port of GitHub's own Markdown parser: hostile text is as harmless as one plain word.
use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use proptest::prelude::*;

use super::{block, code, link, text, visible};

/// Where untrusted text stands.
const CONTEXTS: [(&str, &str); 11] = [
    ("", ""),
    ("before ", " after"),
    ("before ", " > after"),
    ("before ", "[a](<https://b.cd>)"),
    ("[x]", ")"),
    ("# ", ""),
    ("- ", ""),
    ("paragraph\n", ""),
    ("> ", "\n"),
    ("| a | b |\n|---|---|\n| ", " | z |\n| 1 | 2 |"),
    ("[", "](<https://example.org>) z"),
];

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    for switch in [
        &mut extension.strikethrough,
        &mut extension.table,
        &mut extension.autolink,
        &mut extension.tasklist,
        &mut extension.footnotes,
        &mut extension.alerts,
        &mut extension.math_dollars,
        &mut extension.math_code,
    ] {
        *switch = true;
    }
    options
}

/// The shape of a document (kinds of nodes, texts joined), and its texts.
fn read(markdown: &str) -> (String, Vec<String>) {
    let arena = Arena::new();
    let (mut shape, mut texts) = (String::new(), Vec::new());
    walk(parse_document(&arena, markdown, &options()), (&mut shape, &mut texts));
    (shape.replace("<code>T</code>", "C").replace("<code></code>", "C"), texts)
}

fn walk<'a>(node: &'a AstNode<'a>, (shape, texts): (&mut String, &mut Vec<String>)) {
    let mut add = |kind: &str, more: &str| {
        if !shape.ends_with(kind) || kind == "C" {
            shape.push_str(kind);
            texts.push(String::new());
        }
        texts.last_mut().unwrap().push_str(more);
    };
    match &node.data.borrow().value {
        NodeValue::Text(more) => add("T", more),
        NodeValue::Code(code) => add("C", &code.literal),
        NodeValue::CodeBlock(block) => add("B", &block.literal),
        NodeValue::HtmlInline(tag) if tag == "<!-- -->" => {}
        NodeValue::HtmlInline(tag) => shape.push_str(tag),
        other => {
            let kind = format!("{other:?}");
            let name = kind.split(|letter: char| !letter.is_alphanumeric()).next().unwrap();
            shape.push_str(&format!("({name} "));
        }
    }
    for child in node.children() {
        walk(child, (shape, texts));
    }
    if !matches!(node.data.borrow().value, NodeValue::Text(_) | NodeValue::Code(_) | NodeValue::HtmlInline(_)) {
        shape.push(')');
    }
}

/// In each context the escaped text must make what `plain` makes, and read as `shown`.
fn check(escaped: &str, plain: &str, shown: &str) {
    for (before, after) in CONTEXTS {
        let (shape, texts) = read(&format!("{before}{escaped}{after}"));
        let (expected, _) = read(&format!("{before}{plain}{after}"));
        assert_eq!(shape, expected, "{before}{escaped}{after}");
        let all = texts.join("\u{1}").replace('\u{200b}', "");
        assert!(all.contains(shown.trim()), "{all:?} does not have {shown:?}");
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let pieces = [
        "\n",
        "\r",
        "\0",
        "\t",
        "\u{202e}",
        " ",
        "    ",
        "|",
        "`",
        "``",
        "```",
        "~~~",
        "~~",
        "*",
        "**",
        "_",
        "<b>",
        "<!--",
        "-->",
        "</code>",
        "_a_",
        "__a__",
        "*a*",
        "a!",
        "<script",
        "<script>",
        "<pre",
        "<b a=\"1\"",
        "<details>",
        "<https://a.b>",
        "&lt;",
        "&#60;",
        "&",
        ";",
        "@user",
        "@org/team",
        "a@b.cd",
        "#1",
        "GH-1",
        "org/repo#2",
        "https://a.bc",
        "http://a.bc/d",
        "www.a.bc",
        "mailto:a@b.cd",
        "xmpp:a@b.cd",
        ":tada:",
        "[a](b)",
        "[^1]",
        "![i](u)",
        "[x]",
        "[ ]",
        "[!NOTE]",
        "\\",
        "\\|",
        "$x$",
        "$`x`$",
        "^",
        "# ",
        "- ",
        "+ ",
        "1. ",
        "1) ",
        "> ",
        "---",
        "===",
        "-",
        "=",
        "a",
        "é",
        "🦀",
        ".",
        "(",
        ")",
        "\"",
        "'",
        "{",
        "}",
    ];
    let piece = prop_oneof![8 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 1..7).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_text_is_one_plain_word(hostile in hostile()) {
        let shown = visible(hostile.as_bytes());
        prop_assume!(!shown.trim().is_empty());
        let escaped = text(&hostile);
        check(&escaped, "X", &shown);
        let (_, texts) = read(&escaped);
        let finished: Vec<char> = texts.concat().chars().collect();
        for pair in finished.windows(2) {
            let mention = (pair[0] == '@' && pair[1].is_alphanumeric()) || (pair[0] == '#' && pair[1].is_ascii_digit());
            let emoji = pair[0] == ':' && pair[1].is_alphanumeric();
            prop_assert!(!mention && !emoji, "{escaped}");
        }
    }

    #[test]
    fn hostile_code_is_one_plain_code(hostile in hostile()) {
        check(&code(&hostile), "`X`", &visible(hostile.as_bytes()));
    }

    #[test]
    fn nothing_closes_a_block(hostile in hostile()) {
        let (shape, texts) = read(&format!("a\n\n{}\n\nb\n", block(&hostile, "rs`\n# x")));
        prop_assert_eq!(shape, "(Document (Paragraph T)B)(Paragraph T))");
        let lines: Vec<String> = hostile.strip_suffix('\n').unwrap_or(&hostile).split('\n')
            .map(|line| visible(line.strip_suffix('\r').unwrap_or(line).as_bytes())).collect();
        prop_assert_eq!(&texts[1], &format!("{}\n", lines.join("\n")));
    }

    #[test]
    fn a_link_is_a_link_or_its_label(label in hostile(), url in hostile()) {
        prop_assume!(!visible(label.as_bytes()).trim().is_empty());
        for url in [url.clone(), format!("https://example.org/{url}")] {
            let (shape, _) = read(&link(&label, &url));
            let known = ["(Document (Paragraph T))", "(Document (Paragraph (Link T)))"];
            prop_assert!(known.contains(&shape.as_str()), "{shape} {url}");
        }
    }
}

#[test]
fn a_fence_in_a_block_does_not_close_it() {
    assert_eq!(block("a\n```\n# b\n````\n", ""), "`````\na\n```\n# b\n````\n`````");
    assert_eq!(block("a", "r`s"), "```rs\na\n```");
}

#[test]
fn ordinary_text_stays_readable() {
    assert_eq!(text("Fix the build: 3 of 4 tests, 50%"), "Fix the build: 3 of 4 tests, 50%");
    assert_eq!(text("the core's \"own\" list (octocrab), now! or"), "the core's \"own\" list (octocrab), now! or");
    assert_eq!((text("(a)"), text("a!")), ("&#40;a)".to_owned(), "a&#33;".to_owned()));
    assert_eq!(text("1) a"), "1&#41; a");
    assert_eq!(code("src/main_file.rs"), "`src/main_file.rs`");
    assert_eq!(code("a`b"), "``a`b``");
    assert_eq!(code("`a"), "`` `a ``");
    assert_eq!(code("a|b@c"), "<code>a&#124;b@<!-- -->c</code>");
    assert_eq!(code("a\nb"), r"`a\nb`");
    assert_eq!(link("#12", "https://github.com/a/b/pull/12"), "[&#35;&#8203;12](<https://github.com/a/b/pull/12>)");
    assert_eq!(link("x", "javascript:alert(1)"), "x");
}
