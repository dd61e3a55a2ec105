//! Where the runs of jobs are to be seen: GitHub knows by the names that it shows, which are not always the ids.
use action::{Secret, Workflow};
use github::{Client, JobRun, Repo, Settings, Token};

/// The page of the whole run.
pub(crate) fn run_page(workflow: &Workflow) -> Option<String> {
    let (repository, run) = (workflow.repository.as_ref()?, workflow.run_id?);
    let attempt = workflow.run_attempt.map(|attempt| format!("/attempts/{attempt}")).unwrap_or_default();
    Some(format!("{}/{repository}/actions/runs/{run}{attempt}", workflow.server_url))
}

/// The jobs of this run as GitHub lists them.
#[derive(Debug, Default)]
pub(crate) struct Links {
    runs: Vec<JobRun>,
}

impl Links {
    /// Asks for them; the error says why there are none.
    pub(crate) fn ask(workflow: &Workflow, token: Option<&Secret>) -> Result<Self, String> {
        let (Some(token), Some(repository), Some(run)) = (token, &workflow.repository, workflow.run_id) else {
            return Ok(Self::default());
        };
        let token = Token::new(token.expose());
        let settings = Settings::from_env("job-gate", Some(token), |name| std::env::var(name).ok());
        let runs = Repo::parse(repository)
            .and_then(|repo| Client::new(&settings)?.job_runs(&repo, run, workflow.run_attempt.unwrap_or(1)));
        Ok(Self { runs: runs.map_err(|error| error.to_string())? })
    }

    #[cfg(test)]
    fn of(runs: Vec<JobRun>) -> Self {
        Self { runs }
    }

    /// The page of a job with this id: of its runs (a matrix and a reusable workflow have several) the first that did not
    /// succeed. A job with a `name:` of its own is not found, and gets the page of the run.
    pub(crate) fn page(&self, job: &str) -> Option<&str> {
        let own = |run: &&JobRun| {
            run.name
                .strip_prefix(job)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(" (") || rest.starts_with(" / "))
        };
        let bad = |run: &&JobRun| !matches!(run.conclusion.as_deref(), None | Some("success" | "skipped" | "neutral"));
        let found = self.runs.iter().filter(own).find(bad).or_else(|| self.runs.iter().find(own))?;
        Some(&found.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(runs: &[(&str, &str)], job: &str, expected: Option<&str>) {
        let run = |(at, (name, conclusion)): (usize, &(&str, &str))| JobRun {
            name: (*name).to_owned(),
            conclusion: Some((*conclusion).to_owned()),
            url: format!("page-{at}"),
        };
        let links = Links::of(runs.iter().enumerate().map(run).collect());
        assert_eq!(links.page(job), expected);
    }

    #[test]
    fn the_first_run_that_did_not_succeed_is_shown() {
        let runs = [("build", "success"), ("test (1)", "success"), ("test (2)", "failure"), ("call / a", "cancelled")];
        check(&runs, "build", Some("page-0"));
        check(&runs, "test", Some("page-2"));
        check(&runs, "call", Some("page-3"));
    }

    #[test]
    fn another_job_with_such_a_beginning_is_not_shown() {
        check(&[("test-more", "failure"), ("Test", "failure"), ("tests / x", "failure")], "test", None);
        check(&[], "test", None);
    }
}
