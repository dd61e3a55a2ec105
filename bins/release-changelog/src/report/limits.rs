//! What fits into a release on GitHub, and what is left out where not everything does.
use super::markdown::{Look, Stage, notes};
use crate::record::Record;

/// GitHub refuses a longer body; it counts characters, and bytes are never fewer.
pub(crate) const LARGEST_BODY: usize = crate::apply::LONGEST_BODY;

/// The notes as a release's body.
pub(crate) struct Body {
    pub(crate) text: String,
    pub(crate) stage: Stage,
}

/// The fullest text that fits; `None` where not even what breaks does.
pub(crate) fn body(record: &Record<'_>, look: &Look<'_>, full: &str) -> Option<Body> {
    if full.len() <= LARGEST_BODY {
        return Some(Body { text: full.to_owned(), stage: Stage::Full });
    }
    let shorter = Stage::ALL.into_iter().skip(1);
    let mut texts = shorter.map(|stage| Body { text: notes(record, look, stage), stage });
    texts.find(|body| body.text.len() <= LARGEST_BODY)
}

/// Nothing is cut out of what breaks: the people who read it decide how to say it shorter.
pub(crate) fn too_long(bytes: usize) -> action::Failure {
    let cause = format!(
        "they have {bytes} bytes, and what breaks alone has more than the {LARGEST_BODY} for which a release has room"
    );
    action::Failure::inputs("fit the notes into a release", cause)
        .hint("shorten the notes of breaking changes by overrides")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::version::Bump;
    use crate::record::{Contributor, LedgerRecord, Line, Note, SCHEMA, Section};
    use crate::report::links::Links;
    use crate::template::Template;

    fn record(note: &str, (features, fixes): (usize, usize)) -> Record<'_> {
        let line = |kind| Line {
            id: "0".repeat(40),
            kind: Some(kind),
            scope: None,
            breaking: false,
            description: "a description of about fifty bytes, as they come",
            pr: None,
            author: "a",
            since: None,
        };
        let section = |title, kind, count| Section { title, entries: vec![line(kind); count] };
        Record {
            schema: SCHEMA,
            version: Some("1.2.0".to_owned()),
            bump: Bump::Minor,
            tag: Some("v1.2.0".to_owned()),
            tagged: true,
            tag_class: None,
            prerelease: false,
            base: None,
            from: Some("v1.1.0".to_owned()),
            to: "v1.2.0".to_owned(),
            commit: "0".repeat(40),
            date: "2026-11-27".to_owned(),
            compare: Some("https://github.com/o/r/compare/v1.1.0...v1.2.0".to_owned()),
            breaking: vec![Note { id: "0".repeat(40), scope: None, text: note, pr: None }],
            sections: vec![section("Features", "feat", features), section("Fixes", "fix", fixes)],
            contributors: vec![Contributor { name: "Ada", commit: None, login: None }; 2000],
            ledger: LedgerRecord { total: 0, buckets: Default::default(), commits: Vec::new() },
            lint: Vec::new(),
        }
    }

    fn check(note: &str, counts: (usize, usize), expected: Option<Stage>) {
        let (links, template) = (Links::new(Some("https://github.com/o/r"), None), Template::default());
        let look = Look { links: &links, template: &template, mentions: false };
        let record = record(note, counts);
        let full = notes(&record, &look, Stage::Full);
        let body = body(&record, &look, &full);
        assert_eq!(body.as_ref().map(|body| body.stage), expected, "{} bytes", full.len());
        let Some(body) = body else { return };
        assert!(body.text.len() <= LARGEST_BODY && body.text.contains(note), "what breaks is always there");
        assert!(body.text.contains("compare/v1.1.0...v1.2.0"));
        let counted = |count: usize| body.text.contains(&format!("{count} changes, in [v1.1.0...v1.2.0]("));
        assert_eq!(counted(counts.1), body.stage >= Stage::PatchesCounted);
        assert_eq!(counted(counts.0), body.stage == Stage::Counted);
    }

    #[test]
    fn less_and_less_is_shown_until_it_fits() {
        check("all of it", (3, 4), Some(Stage::Full));
        check("all of it", (300, 560), Some(Stage::WithoutContributors));
        check("all of it", (300, 2000), Some(Stage::PatchesCounted));
        check("all of it", (1500, 2000), Some(Stage::Counted));
        check(&"z".repeat(LARGEST_BODY), (3, 4), None);
    }
}
