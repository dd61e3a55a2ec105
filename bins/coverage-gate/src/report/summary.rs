//! The record as a section of the step summary: the answer, the rates against their thresholds, the files with their bars.
use action::markdown;

use crate::record::{Record, Verdict};

#[cfg(test)]
pub(crate) mod examples;
pub(crate) mod tables;
pub(crate) mod words;

use tables::{Limit, details};

/// What stands for yes and no in Markdown, as the inputs `passIcon` and `failIcon` of the replaced action say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Icons {
    /// For what is reached; untrusted.
    pub pass: String,
    /// For what is not; untrusted.
    pub fail: String,
}

impl Default for Icons {
    fn default() -> Self {
        Self { pass: "🟢".to_owned(), fail: "🔴".to_owned() }
    }
}

/// Letters of an icon that are shown at most.
const LONGEST_ICON: usize = 40;

impl Icons {
    /// The icon of a verdict, safe in Markdown. What could not be told is neither green nor red.
    pub(crate) fn of(&self, verdict: Verdict) -> String {
        let default = Self::default();
        let (icon, fallback) = match verdict {
            Verdict::Pass => (&self.pass, &default.pass),
            Verdict::Fail => (&self.fail, &default.fail),
            Verdict::Unknown => return "🟡".to_owned(),
        };
        let icon = if icon.trim().is_empty() { fallback } else { icon };
        safe_icon(&words::cut(icon.trim(), LONGEST_ICON))
    }
}

/// An emoji of several characters and an emoji code stay what they are; everything else is text.
fn safe_icon(icon: &str) -> String {
    let code = icon.strip_prefix(':').and_then(|icon| icon.strip_suffix(':'));
    let is_code = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
    };
    let drawn = |part: &str| !part.is_empty() && part.chars().all(|letter| letter >= '\u{2190}');
    match code {
        Some(name) if is_code(name) => icon.to_owned(),
        _ if icon.split('\u{200d}').all(drawn) => {
            icon.split('\u{200d}').map(markdown::text).collect::<Vec<_>>().join("\u{200d}")
        }
        _ => markdown::text(icon),
    }
}

/// The section, in GitHub's Markdown, of 200 KB at most.
pub fn section(record: &Record, icons: &Icons) -> String {
    let (changed, rest) = words::worst_first(record);
    let mut out = tables::head(record, icons);
    out += &tables::reasons(record, icons, Limit { rows: 50, bytes: 30_000 });
    out += &tables::groups(record, icons, Limit { rows: 50, bytes: 20_000 });
    let title = |count: usize, noun: &str| page::counted(count as u64, noun);
    let limit = Limit { rows: 250, bytes: 60_000 };
    out += &tables::changed(&title(changed.len(), "changed source file"), &changed, limit);
    out += &tables::titled("Baseline", &tables::baseline(record, Limit { rows: 50, bytes: 15_000 }));
    let rows = Limit { rows: 200, bytes: 25_000 };
    out += &details(&title(rest.len(), "unchanged file"), &tables::unchanged(&rest, rows));
    let rows = Limit { rows: 50, bytes: 12_000 };
    out += &details(&title(record.waivers.len(), "waiver"), &tables::waivers(record, rows));
    out += &details(&title(record.notes.len(), "note"), &tables::notes(record, rows));
    out += &details(&format!("{} left out", title(record.left_out.len(), "file")), &tables::left_out(record, rows));
    out += &details(&format!("{} read", title(record.reports.len(), "report")), &tables::reports(record, rows));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Status;

    #[test]
    fn icons_stay_emoji_and_are_never_markup() {
        let check = |pass: &str, shown: &str| {
            let icons = Icons { pass: pass.to_owned(), ..Icons::default() };
            assert_eq!(icons.of(Verdict::Pass), shown);
        };
        check("🟢", "🟢");
        check("", "🟢");
        check(":white_check_mark:", ":white_check_mark:");
        check(":+1:", ":+1:");
        check("✔️", "✔️");
        check("🏳\u{200d}🌈", "🏳\u{200d}🌈");
        check("ok", "ok");
        check("<img>", "&#60;img&#62;");
        check("🟢|", "🟢&#124;");
        check("@a", "@&#8203;a");
        assert_eq!(Icons::default().of(Verdict::Unknown), "🟡");
    }

    #[test]
    fn a_section_has_every_part() {
        let section = section(&examples::fail(), &Icons::default());
        for part in [
            "### 🔴 Backend coverage: fail\n",
            "| changed lines | **72.22 %** | 80 % | 13 of 18 lines | 🔴 below |",
            "| all lines | **84.21 %** | 70 % | 160 of 190 lines | 🟢 reached |",
            "| new files | nothing measured | | | not judged |",
            "Measured by `line`: executed lines of measured lines.",
            "Compared with the first parent of the merge commit (`1c68206`)",
            "`app/mail.py` line 10",
            "<summary>2 waivers</summary>",
            "<summary>2 unchanged files</summary>",
            "<summary>1 file left out</summary>",
            "<summary>1 report read</summary>",
            "0.52 percentage points",
        ] {
            assert!(section.contains(part), "{part} is not in\n{section}");
        }
    }

    #[test]
    fn what_could_not_be_told_is_neither_green_nor_red() {
        let section = section(&examples::unknown(), &Icons::default());
        assert!(section.starts_with("### 🟡 Backend coverage: unknown\n"), "{section}");
        assert!(section.contains("| all lines | could not be counted |"), "{section}");
        assert!(section.contains("in no report"), "{section}");
    }

    #[test]
    fn a_section_is_bounded() {
        let name = |at: usize| format!("{at:04}/{}.py", "\u{e0001}|`@a".repeat(200));
        let mut record = examples::with_text(&name(0));
        for at in 0..3_000 {
            record.files.push(examples::changed(&name(at), Status::Added, 0, 40));
            record.left_out.push(record.left_out[0].clone());
            record.waivers.push(record.waivers[0].clone());
            record.groups.push(record.groups[0].clone());
            record.reasons.push(record.reasons[0].clone());
        }
        let section = section(&record, &Icons::default());
        assert!(section.len() < 200_000, "{}", section.len());
        assert!(section.contains("more files"), "the rest is counted");
    }
}
