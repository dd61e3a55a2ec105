//! Which request is answered by what.
use crate::access::{Caller, caller, limit_exceeded, may_read, refusal, with_limit};
use crate::http::{Answer, Request, decode};
use crate::pages::Page;
use crate::pulls;
use crate::state::{Pull, Repository, State};

const FILES: &str = "rest/pulls/pulls#list-pull-requests-files";
const PULL: &str = "rest/pulls/pulls#get-a-pull-request";

/// Answers one call, and counts it against the rate limit.
pub(crate) fn answer(state: &mut State, request: &Request) -> Answer {
    if request.header("user-agent").is_none_or(str::is_empty) {
        let text = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
        let headers = vec![("content-type", "text/html; charset=utf-8".to_owned())];
        return Answer { status: 403, headers, body: text.as_bytes().to_vec() };
    }
    let answer = match caller(state, request) {
        Err(refused) => refused,
        Ok(_) if state.rate_limit.remaining == 0 => limit_exceeded(),
        Ok(caller) => route(state, caller, request).unwrap_or_else(|refused| refused),
    };
    state.rate_limit.remaining = state.rate_limit.remaining.saturating_sub(1);
    with_limit(answer, &state.rate_limit).with("x-github-media-type", "github.v3; format=json")
}

fn route(state: &State, caller: Caller<'_>, request: &Request) -> Result<Answer, Answer> {
    let (path, _) = request.path_and_query();
    let (prefix, path) = match path.strip_prefix("/api/v3") {
        Some(rest) => ("/api/v3", rest),
        None => ("", path),
    };
    let parts: Vec<String> = path.split('/').skip(1).map(decode).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (repository, rest) = match parts.as_slice() {
        ["repos", owner, name, rest @ ..] => (find(state, |r| same(&r.owner, owner) && same(&r.name, name)), rest),
        ["repositories", id, rest @ ..] => (find(state, |r| r.id.to_string() == *id), rest),
        _ => (None, &[][..]),
    };
    let missing = |page: &str| refusal(404, "Not Found", page);
    let repository = repository.ok_or_else(|| missing("rest"))?;
    match (request.method.as_str(), rest) {
        ("GET", ["pulls", number]) => {
            may_read(caller, repository, "pull_requests", PULL)?;
            let pull = find_pull(repository, number).ok_or_else(|| missing(PULL))?;
            Ok(Answer::json(200, &pulls::pull(repository, pull)))
        }
        ("GET", ["pulls", number, "files"]) => {
            may_read(caller, repository, "pull_requests", FILES)?;
            let pull = find_pull(repository, number).ok_or_else(|| missing(FILES))?;
            let host = format!("http://{}{prefix}", request.header("host").unwrap_or("localhost"));
            Ok(files(repository, pull, &host, Page::of(request)))
        }
        _ => Err(missing("rest")),
    }
}

fn files(repository: &Repository, pull: &Pull, host: &str, page: Page) -> Answer {
    let (body, listed) = pulls::files(repository, pull, page);
    let address = format!("{host}/repositories/{}/pulls/{}/files", repository.id, pull.number);
    let answer = Answer::json(200, &body);
    match page.link(&address, listed) {
        Some(link) => answer.with("link", link),
        None => answer,
    }
}

fn find(state: &State, is_it: impl Fn(&Repository) -> bool) -> Option<&Repository> {
    state.repositories.iter().find(|r| is_it(r))
}

fn find_pull<'a>(repository: &'a Repository, number: &str) -> Option<&'a Pull> {
    repository.pulls.iter().find(|p| p.number.to_string() == number)
}

/// GitHub's names are not case sensitive.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
