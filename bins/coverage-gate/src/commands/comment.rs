//! `comment`: the second stage for pull requests from forks. The first has no right to comment; it leaves its record as an
//! artifact, and a `workflow_run` with the right posts it. The record is a stranger's: it is shown, and never believed.
use action::{Answer, Failure, Line, OrFail as _, Payload, Report};
use github::{Client, Repo};

use crate::apply::{self, Outcome};
use crate::inputs::{Comment, CommentInputs};
use crate::record::{self, Record};
use crate::report::Icons;
use crate::settings::Commenting;

/// The largest record that is read.
const LARGEST: u64 = 64 << 20;

pub(crate) fn run(inputs: CommentInputs, report: &mut Report) -> Result<Answer, Failure> {
    let CommentInputs { record, comment_author, token, pass_icon, fail_icon } = inputs;
    let record = read(&record)?;
    let icons = Icons { pass: pass_icon, fail: fail_icon };
    let commenting = Commenting { wished: Comment::Auto, author: comment_author, token, icons };
    let (client, repo) = apply::connect(&commenting, report.workflow())
        .map_err(|why| Failure::inputs("comment on the pull request", why))?;
    let Some(number) = pull_request(report, &client, &repo)? else {
        report.line("there is no open pull request with the commit of that run: nothing to comment on");
        return Ok(Answer::Yes);
    };
    let outcome = apply::post(&client, (&repo, number), (&commenting, &record), None)
        .map_err(|why| Failure::outside(format!("comment on pull request {number}"), why))?;
    let words = match outcome {
        Outcome::Posted => "commented on",
        Outcome::Updated => "updated the comment on",
        Outcome::Unchanged => "the same comment is on",
    };
    report.line(Line::new().plain(format!("{words} pull request {number}")));
    Ok(Answer::Yes)
}

fn read(path: &std::path::Path) -> Result<Record, Failure> {
    let name = crate::gather::shown(path.as_os_str().as_encoded_bytes());
    let doing = || format!("read the record {name}");
    let size = std::fs::metadata(path).or_bad_input(doing)?.len();
    if size > LARGEST {
        return Err(Failure::inputs(doing(), format!("it has {size} bytes, more than {LARGEST}")));
    }
    let text = std::fs::read(path).or_bad_input(doing)?;
    let record: Record = serde_json::from_slice(&text).or_bad_input(doing)?;
    if record.schema != record::SCHEMA {
        return Err(Failure::inputs(doing(), format!("its schema is not {}", record::SCHEMA)));
    }
    Ok(record)
}

/// The pull request by what GitHub says about the run: never by what its artifact claims.
fn pull_request(report: &Report, client: &Client, repo: &Repo) -> Result<Option<u64>, Failure> {
    let doing = "find the pull request";
    let run = match report.workflow().event()?.payload {
        Payload::PullRequest(pull) => return Ok(pull.number),
        Payload::WorkflowRun(run) => run,
        _ => {
            let cause = "this event is neither workflow_run nor pull_request";
            return Err(Failure::inputs(doing, cause).hint("run this in a workflow on `workflow_run`"));
        }
    };
    let head = run.head_repository.as_ref().and_then(|repo| repo.full_name.as_deref());
    let (Some(sha), Some(branch), Some(full)) = (run.head_sha, run.head_branch, head) else {
        return Err(Failure::inputs(doing, "the event does not tell which commit, branch and repository ran"));
    };
    let owner = full.split('/').next().unwrap_or(full);
    let open = client.open_pulls_of(repo, owner, &branch).map_err(crate::gather::failed)?;
    Ok(open.iter().find(|pull| pull.head_sha == sha).map(|pull| pull.number))
}
