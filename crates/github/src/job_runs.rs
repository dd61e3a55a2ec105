//! The jobs of a workflow run, as its page lists them.
use serde::Deserialize;

use crate::call::{Call, Needs};
use crate::client::Client;
use crate::error::Error;
use crate::pages::FULL;
use crate::settings::Repo;

/// Pages of jobs; a run has some hundred jobs at most.
const PAGES: usize = 20;

/// One job of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRun {
    /// The name that is shown: the job's `name:` or id, with a matrix's values in parentheses, behind a caller's name and ` / `.
    pub name: String,
    /// GitHub's word for how it ended; none before it did.
    pub conclusion: Option<String>,
    /// Its page.
    pub url: String,
}

#[derive(Deserialize)]
struct WirePage {
    total_count: u64,
    jobs: Vec<WireJob>,
}

#[derive(Deserialize)]
struct WireJob {
    name: String,
    conclusion: Option<String>,
    html_url: Option<String>,
}

impl Client {
    /// `GET /repos/{owner}/{repo}/actions/runs/{run}/attempts/{attempt}/jobs`, all pages, in GitHub's order; a job without a
    /// page is left out.
    ///
    /// Needs `actions: read`. The list moves while jobs run, so it is good for links and proves nothing.
    pub fn job_runs(&self, repo: &Repo, run: u64, attempt: u32) -> Result<Vec<JobRun>, Error> {
        repo.check()?;
        let Repo { owner, name } = repo;
        let what = format!("list the jobs of run {run} of {owner}/{name}");
        let path = format!("/repos/{owner}/{name}/actions/runs/{run}/attempts/{attempt}/jobs");
        let call = Call::get(what, path, Needs::Permission("actions: read"));
        let (deadline, mut runs, mut read) = (self.deadline(), Vec::new(), 0);
        for number in 1..=PAGES {
            let call = call.page(number);
            let page: WirePage = call.read(&self.send(&call, deadline)?)?;
            let entries = page.jobs.len();
            read += entries as u64;
            runs.extend(
                page.jobs
                    .into_iter()
                    .filter_map(|job| Some(JobRun { name: job.name, conclusion: job.conclusion, url: job.html_url? })),
            );
            if entries < FULL || read >= page.total_count {
                break;
            }
        }
        Ok(runs)
    }
}
