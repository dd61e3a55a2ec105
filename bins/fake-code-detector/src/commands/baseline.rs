//! `baseline`: writes what is found today, so that only new findings fail from now on; `--prune` only takes out what is gone.
use action::{Answer, Failure, OrFail as _, Report};

use super::check;
use crate::baseline::{Baseline, SCHEMA};
use crate::inputs::BaselineInputs;
use crate::record::Record;
use crate::{gather, today};

/// Where it is written, where nothing else is said.
const NAME: &str = "fake-code-baseline.json";

pub(crate) fn run(inputs: BaselineInputs, report: &mut Report) -> Result<Answer, Failure> {
    let BaselineInputs { prune, check: inputs } = inputs;
    let mut settings = inputs.settings(today())?;
    settings.mode = Some(crate::decide::Mode::All);
    let path = settings.baseline.clone().unwrap_or_else(|| NAME.into());
    let name = gather::shown(path.as_os_str().as_encoded_bytes());
    let facts = gather::facts(&settings, report.workflow())?;
    let (looked, _) = check::look(&facts.files, settings.threads);
    let record = check::verdict((&looked, &facts), None, &settings);
    if let Some(problem) = record.unparsable.first().filter(|_| !settings.unparsable_passes) {
        let cause = format!("{} could not be read: {}", action::neutral(&problem.file), problem.message);
        return Err(
            Failure::inputs(format!("write the baseline {name}"), cause).hint("what cannot be read cannot be known")
        );
    }
    let found = of(&record);
    let before = if check::exists(&path) { Some(gather::baseline(&path)?) } else { None };
    let written = match (prune, before) {
        (true, None) => return Err(Failure::inputs(format!("prune the baseline {name}"), "there is none")),
        (true, Some(before)) => common(&before, &found),
        (false, _) => found,
    };
    let text = written.text().or_fail(|| "write the baseline")?;
    std::fs::write(&path, text).or_fail(|| format!("write the baseline {name}"))?;
    let count: u32 = written.files.values().flat_map(|known| known.values()).sum();
    report.line(format!(
        "{} known in {} of {} files: {}",
        count,
        written.files.len(),
        record.files,
        action::neutral(&name)
    ));
    Ok(Answer::Yes)
}

fn of(record: &Record) -> Baseline {
    let mut baseline = Baseline { schema: SCHEMA.to_owned(), ..Baseline::default() };
    for it in record.findings.iter().filter(|it| !it.fingerprint.is_empty()) {
        baseline.add(&it.file, Baseline::key(&it.rule, &it.fingerprint));
    }
    baseline
}

/// What was known and is still found, under the name of the file where it is found now.
fn common(before: &Baseline, found: &Baseline) -> Baseline {
    let mut left = before.clone();
    let mut kept = Baseline { schema: SCHEMA.to_owned(), ..Baseline::default() };
    for (file, known) in &found.files {
        for (key, count) in known {
            for _ in 0..*count {
                if left.take(file, key) {
                    kept.add(file, key.clone());
                }
            }
        }
    }
    kept
}
