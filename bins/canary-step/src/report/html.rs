//! The report as one HTML page that loads nothing: verdict first, then why, then the numbers over time, then everything that was done.
use page::{
    Bar, Block, Cell, Column, Details, Finding, Line, Listing, Page, Row, Section, Share, State, Table, Text, Tile,
};

use super::numbers::{self, Sum};
use super::verdict::{self, Headline, Tone};
use super::words::{alpha, clock, cut, evidence as number, latency, moment, percent, sentence, span, version};
use crate::evidence::{Evidence, Outcome, Reason, ReasonKind, ServiceRow};

mod plots;

/// Rows of a table that are shown.
const MOST: usize = 500;
/// Services whose plots are shown.
const MOST_PLOTTED: usize = 40;
/// Reasons that are shown.
const MOST_REASONS: usize = 50;

/// The page.
pub fn html(evidence: &Evidence) -> String {
    let found = Headline::of(evidence);
    let headline =
        page::Headline::new(state(found.tone), found.word, found.text.replace('`', "") + ".").lead(rich(&found.lead));
    let start = Page::new("canary-step", format!("Release of {}", evidence.group), headline);
    let page = facts(evidence).into_iter().fold(start, |page, (name, value)| page.fact(name, value));
    let sections = [
        reasons(evidence),
        Some(tiles(evidence)),
        Some(services(evidence)),
        plotted(evidence),
        events(evidence),
        operations(evidence),
        runbook(evidence),
        policy(evidence),
    ];
    sections.into_iter().flatten().fold(page, Page::section).html()
}

/// Text in which backticks stand around what is code.
fn rich(text: &str) -> Text {
    let parts = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    parts.fold(Text::new(), |rich, (at, part)| if at % 2 == 1 { rich.code(part) } else { rich.plain(part) })
}

fn state(tone: Tone) -> State {
    match tone {
        Tone::Good => State::Good,
        Tone::Bad => State::Bad,
        Tone::Doubtful => State::Doubtful,
        Tone::Neutral => State::Neutral,
    }
}

fn facts(evidence: &Evidence) -> Vec<(&'static str, Text)> {
    let code = |text: &str| Text::new().code(text);
    let mut facts = vec![
        ("namespace", code(&evidence.namespace)),
        ("rollout", code(&evidence.rollout)),
        ("began", Text::from(evidence.started_at.replace('T', " ").replace('Z', " UTC"))),
        ("took", Text::from(span(evidence.elapsed))),
    ];
    let optional = [("commit", cut(&evidence.run.sha, 13)), ("run", evidence.run.url.clone())];
    facts.extend(optional.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (*name, code(value))));
    facts
}

fn reasons(evidence: &Evidence) -> Option<Section> {
    if evidence.reasons.is_empty() {
        return None;
    }
    let title = match evidence.outcome {
        Outcome::Frozen => "Why it is on hold",
        Outcome::Promoted => "What was noticed",
        _ => "Why it was stopped",
    };
    let shown = evidence.reasons.iter().take(MOST_REASONS);
    let findings = shown.clone().map(|reason| finding(evidence, reason)).collect();
    let left_out = evidence.reasons.len().saturating_sub(MOST_REASONS);
    let section = Section::new(title).block(Block::Findings { findings, left_out });
    Some(shown.filter_map(log).fold(section, Section::block))
}

fn finding(evidence: &Evidence, reason: &Reason) -> Finding {
    let state = if reason.kind == ReasonKind::Regression { State::Bad } else { State::Doubtful };
    let explained = reason.text.split('`').enumerate();
    let message = explained.fold(Text::new().strong(&reason.signal).plain(": "), |rich, (at, part)| match at % 2 {
        1 => rich.code(part),
        _ => rich.plain(part),
    });
    let of = [Some(reason.service.as_str()), reason.pod.as_deref(), reason.container.as_deref()];
    let mut place = Text::new();
    for (at, part) in of.into_iter().flatten().filter(|part| !part.is_empty()).enumerate() {
        place = if at == 0 { place.code(part) } else { place.plain(" / ").code(part) };
    }
    let since = moment(evidence, reason.since).map_or_else(String::new, |moment| format!(" ({moment})"));
    let place = place.plain(format!(" since {}{since}", clock(reason.since)));
    let finding = Finding::new(state, message).place(place);
    match reason.kind {
        ReasonKind::Regression => finding,
        ReasonKind::Infrastructure => finding.hint("The infrastructure is the cause, not the new version."),
        ReasonKind::Intervention => finding.hint("Somebody's doing is the cause, not the new version."),
    }
}

/// The last lines of a log, open at once: they are what a reader looks for.
fn log(reason: &Reason) -> Option<Block> {
    let from = reason.last_log_lines.len().saturating_sub(50);
    let lines = &reason.last_log_lines[from..];
    let of = reason.container.as_deref().or(reason.pod.as_deref()).unwrap_or(&reason.service);
    let heading = Text::new().plain("Last lines of the log of ").code(of);
    (!lines.is_empty()).then(|| listing(heading, (lines, true)))
}

fn listing<T: AsRef<str>>(heading: Text, (lines, open): (&[T], bool)) -> Block {
    let line = |(line, number): (&T, u32)| Line { number, text: line.as_ref().to_owned(), ..Line::default() };
    let lines = lines.iter().zip(1..).map(line).collect();
    Block::Listing(Listing { anchor: None, heading, note: Text::new(), bar: None, lines, left_out: 0, open })
}

fn tiles(evidence: &Evidence) -> Section {
    let mut tiles = Vec::new();
    if let (Some(judge), Some(limit)) = (&evidence.judge, numbers::limit(evidence)) {
        let (state, why) = match judge.verdict.as_str() {
            "worse" => (State::Bad, "worse"),
            "not-worse" => (State::Good, "not worse"),
            _ => (State::Doubtful, "inconclusive"),
        };
        let detail = format!("{} stops a release; α {}, margin {}", number(limit), alpha(judge.alpha), judge.margin);
        tiles.push(Tile::new("evidence that it is worse", number(judge.e)).detail(detail).judged(state, why));
    }
    if let Some(legacy) = &evidence.legacy {
        let stopped = matches!(evidence.outcome, Outcome::Aborted | Outcome::RolledBack);
        let contrary = |is: bool| if is { State::Doubtful } else { State::Neutral };
        let counts =
            format!("{}, {}", page::counted(legacy.failures, "failure"), page::counted(legacy.restarts, "restart"));
        let (value, state, why) = match legacy.abort_at {
            Some(at) => (clock(at), contrary(evidence.outcome == Outcome::Promoted), "would have stopped it"),
            None => ("never".to_owned(), contrary(stopped), "would not have stopped it"),
        };
        tiles.push(Tile::new("the older rule", value).detail(counts).judged(state, why));
    }
    let both: Vec<(Sum, Sum)> = evidence.services.iter().map(Sum::both).collect();
    let requests: u64 = both.iter().fold(0, |sum, (_, canary)| sum.saturating_add(canary.requests));
    let errors: u64 = both.iter().fold(0, |sum, (_, canary)| sum.saturating_add(canary.errors));
    let detail = page::counted(errors, "error");
    tiles.push(Tile::new("requests to canaries", page::thousands(requests)).detail(detail));
    let untouched = if evidence.stable_untouched {
        (State::Good, "stable is what it was")
    } else {
        (State::Neutral, "stable was changed")
    };
    tiles.push(
        Tile::new("changes of the cluster", evidence.operations.len().to_string()).judged(untouched.0, untouched.1),
    );
    let rules = [verdict::judge(evidence), verdict::legacy(evidence)];
    let rules: Vec<String> = rules.into_iter().flatten().map(|rule| rule + ".").collect();
    let section = Section::new("In numbers").block(Block::Tiles(tiles));
    if rules.is_empty() { section } else { section.block(Block::Paragraph(Text::new().soft(rules.join(" ")))) }
}

fn services(evidence: &Evidence) -> Section {
    let columns = vec![
        Column::words("service"),
        Column::words("version"),
        Column::words("runs now"),
        Column::numbers("pods"),
        Column::words("errors"),
        Column::words("99 % within"),
        Column::bars("evidence"),
    ];
    let (rows, left_out) = page::bounded(evidence.services.iter().map(|row| service(evidence, row)).collect(), MOST);
    let caption = "services with their versions and numbers".to_owned();
    let note = "each pair is stable → canary, over the time in which the canary answered";
    let table = Block::Table(Table { caption, columns, rows, left_out });
    Section::new("Services").note(note).block(table).block(images(evidence))
}

fn service(evidence: &Evidence, row: &ServiceRow) -> Row {
    let (stable, canary) = Sum::both(row);
    let blamed = evidence.reasons.iter().any(|reason| reason.service == row.name);
    let name = if blamed { Text::new().mark(State::Bad, &row.name) } else { Text::from(row.name.as_str()) };
    let now = if row.promoted { Text::new().mark(State::Good, "new") } else { Text::from("as before") };
    let pair = |before: Option<String>, after: Option<String>| match (before, after) {
        (None, None) => "–".to_owned(),
        (before, after) => {
            format!("{} → {}", before.unwrap_or_else(|| "–".into()), after.unwrap_or_else(|| "–".into()))
        }
    };
    let (before, after) = numbers::latency(row, 2);
    vec![
        name.into(),
        arrow(version(&row.from_image), version(&row.to_image)).into(),
        now.into(),
        numbers::pods(row).map_or_else(String::new, |(stable, canary)| format!("{stable}\u{a0}+\u{a0}{canary}")).into(),
        pair(stable.rate().map(percent), canary.rate().map(percent)).into(),
        pair(before.map(latency), after.map(latency)).into(),
        bar(evidence, row),
    ]
}

/// Both on one line.
fn arrow(before: String, after: String) -> String {
    format!("{before} → {after}").replace(' ', "\u{a0}")
}

/// The images in full, for whoever has to find them.
fn images(evidence: &Evidence) -> Block {
    let columns = vec![Column::words("service"), Column::words("before"), Column::words("after")];
    let row = |row: &ServiceRow| -> Row {
        vec![row.name.as_str().into(), Text::new().code(&row.from_image).into(), Text::new().code(&row.to_image).into()]
    };
    let (rows, left_out) = page::bounded(evidence.services.iter().map(row).collect(), MOST);
    let table = Table { caption: "images".to_owned(), columns, rows, left_out };
    Block::Details(Details { summary: "The images in full".into(), open: false, blocks: vec![Block::Table(table)] })
}

/// The evidence on a scale whose end stops the rollout.
fn bar(evidence: &Evidence, row: &ServiceRow) -> Cell {
    let (Some(e), Some(limit)) = (row.e, numbers::limit(evidence)) else { return Cell::none() };
    let share = if e > 1.0 { (e.ln() / limit.ln()).clamp(0.0, 1.0) } else { 0.0 };
    let state = match share {
        s if s >= 1.0 => State::Bad,
        s if s >= 0.5 => State::Doubtful,
        _ => State::Good,
    };
    // Between 0 and 10000.
    let share = Share::of((share * 10_000.0) as u64, 10_000).unwrap_or_default();
    Bar::new(share, state, number(e)).into()
}

fn plotted(evidence: &Evidence) -> Option<Section> {
    let mut rows: Vec<&ServiceRow> = evidence.services.iter().filter(|row| row.series.len() > 1).collect();
    let blamed = |row: &ServiceRow| evidence.reasons.iter().any(|reason| reason.service == row.name);
    rows.sort_by_key(|row| !blamed(row));
    let few = rows.len() <= 2;
    let unit = if plots::is_short(evidence) { "seconds" } else { "minutes" };
    let section = Section::new("Over time").note(format!("{unit} since the start; dashed lines are what happened"));
    let details = rows.iter().take(MOST_PLOTTED).enumerate().map(|(at, row)| {
        let summary = match blamed(row) {
            true => Text::new().mark(State::Bad, &row.name),
            false => Text::new().strong(&row.name),
        };
        Block::Details(Details { summary, open: few || blamed(row) || at == 0, blocks: plots::of(evidence, row) })
    });
    (!rows.is_empty()).then(|| details.fold(section, Section::block))
}

fn events(evidence: &Evidence) -> Option<Section> {
    let columns = vec![Column::numbers("time"), Column::words("service"), Column::words("what")];
    let row = |event: &crate::evidence::Event| -> Row {
        let text = match event.kind.as_str() {
            "signal" => Text::new().mark(State::Bad, event.text.replace('`', "")),
            _ => rich(&sentence(&event.text)),
        };
        vec![clock(event.at).into(), event.service.as_str().into(), text.into()]
    };
    table("What happened", (columns, evidence.events.iter().map(row).collect()))
}

fn operations(evidence: &Evidence) -> Option<Section> {
    let columns =
        vec![Column::numbers("time"), Column::words("what for"), Column::words("call"), Column::words("answer")];
    let row = |one: &crate::evidence::Operation| -> Row {
        let state = if one.result == "ok" { State::Good } else { State::Doubtful };
        let call = Text::new().strong(&one.method).plain(" ").path(&one.path);
        vec![clock(one.at).into(), one.intent.as_str().into(), call.into(), Text::new().mark(state, &one.result).into()]
    };
    table("Every change of the cluster", (columns, evidence.operations.iter().map(row).collect()))
}

fn table(title: &str, (columns, rows): (Vec<Column>, Vec<Row>)) -> Option<Section> {
    let (rows, left_out) = page::bounded(rows, MOST);
    let caption = title.to_owned();
    (!rows.is_empty()).then(|| Section::new(title).block(Block::Table(Table { caption, columns, rows, left_out })))
}

fn runbook(evidence: &Evidence) -> Option<Section> {
    let note = "for a shell with kubectl, when this tool is not at hand";
    let section = Section::new("Emergency runbook").note(note);
    (!evidence.runbook.is_empty()).then(|| {
        let lines = evidence.runbook.iter().take(MOST).map(|line| match line.strip_prefix("# ") {
            Some(words) => Block::Paragraph(Text::from(sentence(words) + ":")),
            None => Block::Paragraph(Text::new().code(line)),
        });
        lines.fold(section, Section::block)
    })
}

fn policy(evidence: &Evidence) -> Option<Section> {
    let text = serde_json::to_string_pretty(&evidence.policy).ok().filter(|_| !evidence.policy.is_null())?;
    let lines: Vec<&str> = text.lines().take(2_000).collect();
    Some(Section::new("Policy").block(listing("The policy with its defaults".into(), (&lines, false))))
}
