//! Records that the tests of the renderings share.
use crate::record::{
    Baseline, File, FilePatch, Group, LeftOut, Lost, Metric, Rate, Reason, Record, ReportRead, SCHEMA, Span, Status,
    Verdict, Waiver, percent,
};

/// A rate, judged when there is a threshold.
pub(crate) fn rate(covered: u64, measured: u64, threshold: Option<u64>) -> Rate {
    let reached = threshold.filter(|_| measured > 0).map(|threshold| covered * 100 >= threshold * measured);
    let threshold = threshold.map(|threshold| threshold.to_string());
    Rate { covered, measured, percent: percent(covered, measured), threshold, reached }
}

/// A reason about nothing in particular.
pub(crate) fn reason(code: &str, verdict: Verdict, message: &str) -> Reason {
    let (code, message) = (code.to_owned(), message.to_owned());
    Reason { code, verdict, file: None, line: None, group: None, message, hint: None }
}

/// A file that changed; `covered` and `measured` are of its added lines.
pub(crate) fn changed(name: &str, status: Status, covered: u64, measured: u64) -> File {
    let from = (status == Status::Renamed).then(|| format!("old/{name}"));
    let missed = (0..measured - covered).map(|at| 10 + 3 * at as u32).map(|line| Span(line, line + 1)).collect();
    let patch = FilePatch { added: measured + 2, covered, measured, missed, ..FilePatch::default() };
    let (all, whole) = (covered + 20, measured + 24);
    File {
        file: name.to_owned(),
        status,
        from,
        unit: "line".into(),
        covered: all,
        measured: whole,
        percent: percent(all, whole),
        reported: true,
        patch: Some(patch),
    }
}

fn unchanged(name: &str, covered: u64, measured: u64) -> File {
    let file = changed(name, Status::Unchanged, 0, 0);
    File { covered, measured, percent: percent(covered, measured), patch: None, ..file }
}

/// Everything that was asked for is there.
pub(crate) fn pass() -> Record {
    Record {
        schema: SCHEMA.to_owned(),
        verdict: Verdict::Pass,
        title: "Backend coverage".to_owned(),
        metric: Metric::Line,
        unit: "line".to_owned(),
        base: Some("1c682060000000000000000000000000000000ab".to_owned()),
        head: Some("89119b20000000000000000000000000000000cd".to_owned()),
        compared: "the first parent of the merge commit".to_owned(),
        all: Some(rate(160, 190, Some(70))),
        patch: Some(rate(11, 12, Some(80))),
        new: Some(rate(0, 0, None)),
        modified: Some(rate(50, 60, None)),
        groups: vec![],
        reasons: vec![],
        notes: vec![],
        files: vec![changed("app/mail.py", Status::Modified, 11, 12), unchanged("app/main.py", 90, 100)],
        left_out: vec![],
        waivers: vec![],
        baseline: None,
        reports: vec![ReportRead { path: "coverage.xml".into(), format: "cobertura".into(), files: 2, used: 2 }],
    }
}

/// The changed lines fall short; every part of a record is there.
pub(crate) fn fail() -> Record {
    let below = "72.22 % of the changed lines are covered, 80 % are needed";
    let hint = Some("add a test that calls `send` without a recipient".to_owned());
    let lost = vec![Lost { file: "app/main.py".into(), lines: vec![Span(7, 9)] }];
    let baseline = Baseline {
        commit: Some("main".into()),
        drop: Some("0.52".into()),
        all: rate(85, 100, None),
        lost,
        ..Baseline::default()
    };
    Record {
        verdict: Verdict::Fail,
        patch: Some(rate(13, 18, Some(80))),
        groups: vec![group("api", Verdict::Fail, rate(5, 10, Some(80))), group("web", Verdict::Pass, rate(0, 0, None))],
        reasons: vec![
            reason("patch-below", Verdict::Fail, below),
            Reason {
                file: Some("app/mail.py".into()),
                line: Some(10),
                group: Some("api".into()),
                hint,
                ..reason("missed", Verdict::Fail, "a changed line is not covered")
            },
        ],
        notes: vec![reason("upstream-differs", Verdict::Pass, "the replaced action would have passed")],
        files: vec![
            changed("app/auth/session.py", Status::Renamed, 8, 9),
            unchanged("app/config.py", 1, 1),
            changed("app/mail.py", Status::Modified, 2, 6),
            unchanged("app/main.py", 90, 100),
            changed("app/tokens.py", Status::Added, 3, 3),
        ],
        left_out: vec![LeftOut { file: "docs/logo.png".into(), why: "binary".into() }],
        waivers: vec![waiver("app/tpm.py", false), waiver("app/old.py", true)],
        baseline: Some(baseline),
        ..pass()
    }
}

fn group(name: &str, verdict: Verdict, patch: Rate) -> Group {
    let (all, new, modified) = (rate(85, 100, Some(70)), rate(0, 0, Some(90)), rate(3, 4, None));
    Group { name: name.to_owned(), verdict, carried: verdict == Verdict::Pass, all, patch, new, modified }
}

fn waiver(file: &str, expired: bool) -> Waiver {
    let (lines, reason) = (vec![Span(1, 3)], "needs a TPM".to_owned());
    let expires = if expired { "2025-01-31" } else { "2027-01-31" }.to_owned();
    Waiver { file: file.to_owned(), lines, reason, expires, waived: if expired { 0 } else { 3 }, expired }
}

/// A changed file is in no report.
pub(crate) fn unknown() -> Record {
    let file =
        File { reported: false, covered: 0, measured: 0, percent: None, ..changed("app/new.py", Status::Added, 0, 0) };
    let mut why = reason("unmeasured-source", Verdict::Unknown, "1 changed source file is in no report");
    why.file = Some("app/new.py".to_owned());
    Record {
        verdict: Verdict::Unknown,
        patch: Some(rate(0, 0, Some(80))),
        all: None,
        files: vec![file],
        reasons: vec![why],
        ..pass()
    }
}

/// The text in every slot of a record that fails.
pub(crate) fn with_text(text: &str) -> Record {
    let own = || text.to_owned();
    let all = || Reason {
        code: own(),
        file: Some(own()),
        line: Some(1),
        group: Some(own()),
        hint: Some(own()),
        ..reason("", Verdict::Fail, text)
    };
    let mut record = fail();
    (record.title, record.compared) = (own(), own());
    (record.base, record.head) = (Some(own()), Some(own()));
    (record.reasons, record.notes) = (vec![all(), all()], vec![all()]);
    record.groups.iter_mut().for_each(|group| group.name = own());
    for file in &mut record.files {
        (file.file, file.from) = (own(), file.from.as_ref().map(|_| own()));
    }
    record.left_out = vec![LeftOut { file: own(), why: own() }];
    for waiver in &mut record.waivers {
        (waiver.file, waiver.reason, waiver.expires) = (own(), own(), own());
    }
    if let Some(baseline) = &mut record.baseline {
        (baseline.commit, baseline.skipped) = (Some(own()), Some(own()));
        baseline.lost.iter_mut().for_each(|lost| lost.file = own());
    }
    record.reports = vec![ReportRead { path: own(), format: own(), files: 1, used: 1 }];
    record
}

/// Texts that try to be more than text.
pub(crate) const HOSTILE: [&str; 12] = [
    "--> <script>alert(1)</script>",
    "a | b \\| c",
    "@dataflow/team @octocat #1 GH-1",
    "](https://example.com) ![x](https://example.com/x.png)",
    "`code` ``` *b* _i_ ~~s~~ <b>",
    "\n\n# heading\r\n- [x] task\n",
    "</details></table>",
    "\u{202e}gnp.exe\u{0}\u{1b}[31m",
    "https://example.com www.example.com a@example.com",
    "&lt;&#60;&amp; :tada: $x$",
    "> [!WARNING]\n> a",
    "",
];
