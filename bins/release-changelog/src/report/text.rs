//! The listing for people: version, counts, and one line a commit.
use action::{Line, Report};

use crate::decide::Bucket;
use crate::record::Record;

pub(crate) fn write(report: &mut Report, record: &Record<'_>) {
    let from = record.from.as_deref().unwrap_or("the beginning");
    let what = match (&record.version, record.tagged) {
        (Some(version), true) => format!("{version} ({})", record.to),
        (Some(version), false) => format!("{version} (next)"),
        (None, _) if record.tagged => record.to.clone(),
        (None, _) => "nothing to release".to_owned(),
    };
    report.line(Line::new().bold(what).plain(format!("  {} since {from}, {}", record.bump.word(), record.date)));
    for commit in &record.ledger.commits {
        let bucket = format!("{:<13}", commit.bucket.word());
        let line = Line::new().plain(format!("{}  ", &commit.id[..10]));
        let line = match commit.bucket {
            Bucket::Listed | Bucket::Other => line.good(bucket),
            _ => line.dim(bucket),
        };
        report.line(line.plain(format!("  {}", commit.subject)));
    }
    for note in &record.breaking {
        report.line(Line::new().bad("breaking").plain(format!("  {}  {}", &note.id[..10], note.text)));
    }
    report.line("");
    report.line(counts(record));
}

/// `12 commits: 9 listed, 3 merge`.
pub(crate) fn counts(record: &Record<'_>) -> String {
    let buckets = &record.ledger.buckets;
    let told: Vec<String> = Bucket::ALL
        .into_iter()
        .map(|bucket| (buckets.count(bucket), bucket))
        .filter(|(count, _)| *count > 0)
        .map(|(count, bucket)| format!("{count} {}", bucket.word()))
        .collect();
    let plural = if record.ledger.total == 1 { "" } else { "s" };
    let told = if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) };
    format!("{} commit{plural}{told}", record.ledger.total)
}
