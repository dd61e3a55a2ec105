//! FK209 filler-text: lorem ipsum, stock names and pictures of a placeholder host where real content belongs.
use rustc_hash::FxHashSet;

use crate::analysis::{Needles, Text};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::Module;
use crate::names;
use crate::rules::{Rule, Scope};

pub(crate) static RULE: Rule = Rule {
    id: "FK209",
    name: "filler-text",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "Filler text, stock names or pictures of a placeholder host are shown or returned",
    details: "Placeholders of input fields, help texts, examples and lists of words that are refused are not meant.",
    repair: "show the real content, or nothing",
    bad: "return { author: \"Jane Doe\", cover: `https://picsum.photos/seed/${slug}/1200/630` };\n",
    good: "return <input placeholder=\"Jane Doe\" value={name} />;\n",
    check,
};

static FILLERS: Needles = Needles::new(WORDS);

const WORDS: &[&str] = &[
    "lorem ipsum",
    "dolor sit amet",
    "consectetur adipiscing",
    "quis nostrud exercitation",
    "john doe",
    "jane doe",
    "john smith",
    "jane smith",
    "joe bloggs",
    "max mustermann",
    "erika mustermann",
    "foo bar baz",
    "picsum.photos",
    "via.placeholder.com",
    "placehold.co",
    "placehold.it",
    "pravatar.cc",
    "placekitten.com",
    "dummyimage.com",
    "loremflickr.com",
    "randomuser.me",
    "fillmurray.com",
    "placeimg.com",
    "baconipsum",
    "123 main st",
    "anytown",
    "test@test.com",
    "@example.com",
    "@example.org",
    "unsplash.it",
    "source.unsplash.com",
];

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut seen = FxHashSet::default();
    for text in module.texts_with(&FILLERS) {
        if module.is_excused_text(&text) || module.is_for_development(text.node) {
            continue;
        }
        let lower = text.text.to_ascii_lowercase();
        let filler = text.word;
        // An address in a sentence explains; alone it pretends to be somebody's.
        if filler.starts_with('@') && lower.contains(' ') || is_about_filler(module, &text) {
            continue;
        }
        let home = text.function.map(|id| module.home(id));
        if home.is_some() && !seen.insert(home) {
            continue;
        }
        let place = home.map_or_else(|| "the module".to_owned(), |id| module.function(id).qualified());
        let mut finding = Finding::new(&RULE, text.span, format!("{place} holds filler: {filler}")).because(
            Evidence::InventedValue,
            text.span,
            format!("\"{filler}\" stands for content that is not there"),
        );
        if let Some(id) = home {
            finding = finding.of(id);
        }
        sink.report(finding);
    }
}

/// A generator of filler text, or whatever looks for it.
fn is_about_filler(module: &Module<'_>, text: &Text<'_>) -> bool {
    let about = |name: &str| {
        names::words(name).iter().any(|word| {
            matches!(
                word.as_str(),
                "lorem"
                    | "ipsum"
                    | "filler"
                    | "placeholder"
                    | "anonymise"
                    | "anonymize"
                    | "pseudonym"
                    | "redact"
                    | "mask"
                    | "scrub"
                    | "erase"
            )
        })
    };
    about(module.stem()) || text.function.is_some_and(|id| about(module.function(id).name))
}
