//! Logins of contributors: one commit of each is asked about, and no answer is no failure.
use action::{Annotation, Failure, OrFail, Report};
use github::{Client, Repo};

use crate::record::Record;
use crate::settings::Settings;

/// Fills the logins in where they are wished and known.
pub(crate) fn fill(record: &mut Record<'_>, settings: &Settings, report: &mut Report) {
    if !settings.logins {
        return;
    }
    if let Err(failure) = filled(record, settings) {
        // Notes without logins are complete; only the links to people are missing.
        let hint = failure.get_hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
        report
            .annotate(Annotation::warning(format!("{failure}{hint}; contributors are shown by name")).title("logins"));
    }
}

fn filled(record: &mut Record<'_>, settings: &Settings) -> Result<(), Failure> {
    let publishing = &settings.publishing;
    let api = publishing.api.as_ref().or_bad_input(|| "look logins up without a token")?;
    let repository = publishing.repository.as_deref().or_bad_input(|| "look logins up without GITHUB_REPOSITORY")?;
    let failed = |error: github::Error| {
        let failure = Failure::outside("look logins up", error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    };
    let client = Client::new(api).map_err(failed)?;
    let repo = Repo::parse(repository).map_err(failed)?;
    let asked: Vec<usize> =
        (0..record.contributors.len()).filter(|&at| record.contributors[at].commit.is_some()).collect();
    let ids: Vec<&str> = asked.iter().filter_map(|&at| record.contributors[at].commit.as_deref()).collect();
    let logins = client.commit_logins(&repo, &ids).map_err(failed)?;
    for (at, login) in asked.into_iter().zip(logins) {
        record.contributors[at].login = login;
    }
    Ok(())
}
