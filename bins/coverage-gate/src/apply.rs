//! The one thing that is changed outside: the sticky comment of a pull request. It never changes a verdict.
use action::{Annotation, Payload, Report, Workflow};
use github::{AuthorKind, Client, Comment as Posted, ErrorKind, Repo};

use crate::inputs::Comment;
use crate::record::Record;
use crate::report::comment;
use crate::settings::Commenting;

/// What became of the comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Posted,
    Updated,
    /// It said the same already.
    Unchanged,
}

/// Posts or updates the comment of this run's pull request; what cannot be done is a warning.
pub(crate) fn sticky(commenting: &Commenting, record: &Record, report: &mut Report) {
    let Some(number) = pull_request(report.workflow()).filter(|_| commenting.wished == Comment::Auto) else { return };
    let skipped = |why: String| Annotation::warning(why).title("coverage-gate: comment-skipped").weight(10);
    let result = match connect(commenting, report.workflow()) {
        Ok((client, repo)) => post(&client, (&repo, number), (commenting, record), more(report.workflow())),
        Err(why) => Err(why),
    };
    match result {
        Ok(Outcome::Posted) => report.progress("commented on the pull request"),
        Ok(Outcome::Updated) => report.progress("updated the comment on the pull request"),
        Ok(Outcome::Unchanged) => report.progress("the comment on the pull request says the same already"),
        Err(why) => report.annotate(skipped(format!("there is no comment on the pull request: {why}"))),
    }
}

/// The pull request of this run; reading the event again cannot fail when it did not before.
fn pull_request(workflow: &Workflow) -> Option<u64> {
    workflow.event_path.as_ref()?;
    match workflow.event().ok()?.payload {
        Payload::PullRequest(pull) => pull.number,
        _ => None,
    }
}

/// The page of this run, for those who want to know all of it.
fn more(workflow: &Workflow) -> Option<String> {
    let (repository, run) = (workflow.repository.as_deref()?, workflow.run_id?);
    Some(format!("{}/{repository}/actions/runs/{run}", workflow.server_url))
}

/// A client and the repository of this run.
pub(crate) fn connect(commenting: &Commenting, workflow: &Workflow) -> Result<(Client, Repo), String> {
    let token =
        commenting.token.as_ref().ok_or("there is no token; pass `token`, and give the job `pull-requests: write`")?;
    let full = workflow.repository.as_deref().and_then(|name| name.split_once('/'));
    let (owner, name) = full.ok_or("GITHUB_REPOSITORY is not owner/name")?;
    let token = github::Token::new(token.expose());
    let settings = github::Settings::from_env("coverage-gate", Some(token), |name| std::env::var(name).ok());
    let client = Client::new(&settings).map_err(|error| told(&error))?;
    Ok((client, Repo { owner: owner.to_owned(), name: name.to_owned() }))
}

/// Finds the comment by marker and author, and makes it say what the record says.
pub(crate) fn post(
    client: &Client,
    (repo, number): (&Repo, u64),
    (commenting, record): (&Commenting, &Record),
    more: Option<String>,
) -> Result<Outcome, String> {
    let body = comment::body(record, &comment::Options { icons: commenting.icons.clone(), more });
    let marker = comment::marker(&record.title);
    let author = author(client, commenting);
    if let Some(known) = find(client, (repo, number), (&marker, &author))? {
        if known.body.as_deref() == Some(body.as_str()) {
            return Ok(Outcome::Unchanged);
        }
        client.update_comment(repo, known.id, &body).map_err(|error| told(&error))?;
        return Ok(Outcome::Updated);
    }
    match client.create_comment(repo, number, &body) {
        Ok(_) => Ok(Outcome::Posted),
        // The answer was lost. Whether the comment is there can be seen; it is never posted blindly again.
        Err(error) if error.kind() == ErrorKind::MaybeDone => match find(client, (repo, number), (&marker, &author)) {
            Ok(Some(_)) => Ok(Outcome::Posted),
            _ => Err(told(&error)),
        },
        Err(error) => Err(told(&error)),
    }
}

/// Whose comments are ours. A job's own token cannot ask who it is.
fn author(client: &Client, commenting: &Commenting) -> String {
    let of_app = commenting.token.as_ref().is_some_and(|token| token.expose().starts_with("ghs_"));
    match if of_app { None } else { client.current_login().ok() } {
        Some(login) => login,
        None => commenting.author.clone(),
    }
}

/// The oldest comment with our marker that is ours: a stranger's, with the marker copied, is left alone.
fn find(
    client: &Client,
    (repo, number): (&Repo, u64),
    (marker, author): (&str, &str),
) -> Result<Option<Posted>, String> {
    let listed = client.issue_comments(repo, number).map_err(|error| told(&error))?;
    let ours = |comment: &Posted| {
        let by_us = comment.author.as_ref().is_some_and(|known| {
            known.login == author && (!author.ends_with("[bot]") || known.kind == AuthorKind::Bot)
        });
        by_us && comment.body.as_deref().is_some_and(|body| body.starts_with(marker))
    };
    let found = listed.comments.into_iter().find(ours);
    if found.is_none() && listed.more {
        return Err("it has too many comments to look for ours among them".to_owned());
    }
    Ok(found)
}

fn told(error: &github::Error) -> String {
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{error}{hint}")
}
