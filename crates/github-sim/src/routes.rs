//! Which request is answered by what.
use crate::access::{Caller, caller, limit_exceeded, may_read, refusal, with_limit};
use crate::http::{Answer, OWN_SERVER, Request, UPLOADS, decode, encode};
use crate::pages::Page;
use crate::state::{Pull, Repository, State};
use crate::{accounts, assets, comments, pulls, releases, tags};

const FILES: &str = "rest/pulls/pulls#list-pull-requests-files";
const PULL: &str = "rest/pulls/pulls#get-a-pull-request";
const PULLS: &str = "rest/pulls/pulls#list-pull-requests";

/// Answers one call, and counts it against the rate limit; an upload that is cut off leaves what GitHub keeps of it.
pub(crate) fn answer(state: &mut State, request: &Request, cut_off: bool) -> Answer {
    if request.header("user-agent").is_none_or(str::is_empty) {
        let text = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
        let headers = vec![("content-type", "text/html; charset=utf-8".to_owned())];
        return Answer { status: 403, headers, body: text.as_bytes().to_vec() };
    }
    let answer = match caller(state, request) {
        Err(refused) => refused,
        Ok(_) if state.rate_limit.remaining == 0 => limit_exceeded(),
        Ok(caller) => route(state, &caller, (request, cut_off)).unwrap_or_else(|refused| refused),
    };
    state.rate_limit.remaining = state.rate_limit.remaining.saturating_sub(1);
    with_limit(answer, &state.rate_limit).with("x-github-media-type", "github.v3; format=json")
}

fn route(state: &mut State, caller: &Caller, (request, cut_off): (&Request, bool)) -> Result<Answer, Answer> {
    let (path, _) = request.path_and_query();
    let path = path.strip_prefix(OWN_SERVER).or_else(|| path.strip_prefix(UPLOADS)).unwrap_or(path);
    let parts: Vec<String> = path.split('/').skip(1).map(decode).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (new_id, new_release) = (state.next_comment(), state.next_release());
    let (repository, rest) = match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["user"]) => return accounts::user(caller),
        (_, ["repos", owner, name, rest @ ..]) => (find(state, |r| same(&r.owner, owner) && same(&r.name, name)), rest),
        (_, ["repositories", id, rest @ ..]) => (find(state, |r| r.id.to_string() == *id), rest),
        _ => (None, &[][..]),
    };
    let repository = repository.ok_or_else(|| refusal(404, "Not Found", "rest"))?;
    if let ["releases", rest @ ..] = rest {
        return of_releases((caller, new_release), repository, (rest, request, cut_off));
    }
    match (request.method.as_str(), rest) {
        ("GET", ["git", "ref", reference]) if reference.starts_with("tags/") => {
            tags::reference(caller, repository, &reference["tags/".len()..])
        }
        ("GET", ["git", "ref", "tags", name @ ..]) => tags::reference(caller, repository, &name.join("/")),
        ("GET", ["git", "tags", sha]) => tags::annotated(caller, repository, sha),
        ("GET", ["pulls"]) => {
            may_read(caller, repository, &["pull_requests"], PULLS)?;
            Ok(open_pulls(repository, request))
        }
        ("GET", ["pulls", number]) => {
            may_read(caller, repository, &["pull_requests"], PULL)?;
            Ok(Answer::json(200, &pulls::pull(repository, find_pull(repository, number, PULL)?)))
        }
        ("GET", ["pulls", number, "files"]) => {
            may_read(caller, repository, &["pull_requests"], FILES)?;
            Ok(files(repository, find_pull(repository, number, FILES)?, request))
        }
        ("GET", ["issues", number, "comments"]) => comments::list(caller, repository, (number, request)),
        ("POST", ["issues", number, "comments"]) => comments::create((caller, new_id), repository, (number, request)),
        ("PATCH", ["issues", "comments", id]) => comments::update(caller, repository, (id, request)),
        _ => Err(refusal(404, "Not Found", "rest")),
    }
}

/// What is below a repository's releases; files go to an address of their own.
fn of_releases(
    (caller, new_id): (&Caller, u64),
    repository: &mut Repository,
    (rest, request, cut_off): (&[&str], &Request, bool),
) -> Result<Answer, Answer> {
    match (request.method.as_str(), rest) {
        ("POST", [id, "assets"]) if request.is_upload() => {
            assets::upload((caller, new_id), repository, (id, request, cut_off))
        }
        ("GET", [id, "assets"]) => assets::list(caller, repository, (id, request)),
        ("DELETE", ["assets", id]) => assets::delete(caller, repository, id),
        ("GET", []) => releases::list(caller, repository, request),
        ("POST", []) => releases::create((caller, new_id), repository, request),
        ("GET", rest) => releases::get(caller, repository, (rest, request)),
        ("PATCH", [id]) => releases::update(caller, repository, (id, request)),
        ("DELETE", [id]) => releases::delete(caller, repository, id),
        _ => Err(refusal(404, "Not Found", "rest")),
    }
}

fn files(repository: &Repository, pull: &Pull, request: &Request) -> Answer {
    let page = Page::of(request);
    let (body, listed) = pulls::files(repository, pull, page);
    let address = format!("{}/repositories/{}/pulls/{}/files", request.own_address(), repository.id, pull.number);
    Answer::json(200, &body).with_link(page.link(&address, listed))
}

/// The pull requests in a state and from a branch, newest first; as on GitHub, a `head` without an owner filters nothing.
fn open_pulls(repository: &Repository, request: &Request) -> Answer {
    let state = request.query("state").unwrap_or_else(|| "open".to_owned());
    let head = request.query("head").unwrap_or_default();
    let wanted = |pull: &&Pull| {
        let from = head
            .split_once(':')
            .is_none_or(|(owner, branch)| same(owner, pull.head_repository(repository).0) && branch == pull.head_ref);
        from && (state == "all" || pull.closed == (state == "closed"))
    };
    let mut found: Vec<&Pull> = repository.pulls.iter().filter(wanted).collect();
    found.sort_by_key(|pull| std::cmp::Reverse(pull.number));
    let page = Page::of(request);
    let shown = found[page.range(found.len())].iter().map(|pull| pulls::listed(repository, pull)).collect();
    let address = request.own_address();
    let address = format!("{address}/repositories/{}/pulls?state={state}&head={}", repository.id, encode(&head));
    Answer::json(200, &shown).with_link(page.link(&address, found.len()))
}

fn find(state: &mut State, is_it: impl Fn(&Repository) -> bool) -> Option<&mut Repository> {
    state.repositories.iter_mut().find(|r| is_it(r))
}

fn find_pull<'a>(repository: &'a Repository, number: &str, page: &str) -> Result<&'a Pull, Answer> {
    let found = repository.pulls.iter().find(|p| p.number.to_string() == number);
    found.ok_or_else(|| refusal(404, "Not Found", page))
}

/// GitHub's names are not case sensitive.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
