//! Who may do what: tokens, visibility, permissions, and the rate limit.
use serde_json::json;

use crate::http::{Answer, Request};
use crate::state::{RateLimit, Repository, State, Token};

/// Who a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Caller<'a> {
    /// No `Authorization` header.
    Nobody,
    /// The bearer of a known token.
    Bearer(&'a Token),
}

/// A refusal with GitHub's three fields.
pub(crate) fn refusal(status: u16, message: &str, page: &str) -> Answer {
    let body = json!({
        "message": message,
        "documentation_url": format!("https://docs.github.com/{page}"),
        "status": status.to_string(),
    });
    Answer::json(status, &body)
}

/// Finds out who calls, or refuses as GitHub does: an unknown token is 401 even for what everyone may read.
pub(crate) fn caller<'a>(state: &'a State, request: &Request) -> Result<Caller<'a>, Answer> {
    let Some(header) = request.header("authorization") else {
        if state.private_mode {
            return Err(refusal(401, "Must authenticate to access this API.", "rest"));
        }
        return Ok(Caller::Nobody);
    };
    let (scheme, secret) = header.split_once(' ').unwrap_or(("", ""));
    let known = state.tokens.iter().find(|t| t.secret == secret);
    match known.filter(|_| scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")) {
        Some(token) => Ok(Caller::Bearer(token)),
        None => Err(refusal(401, "Bad credentials", "rest")),
    }
}

/// Lets a caller read one kind of thing of a repository, or refuses: 404 for what it cannot see, 403 for what it may not do.
///
/// What is public can be read without the permission; that a token which sees nothing gets 404 and not 403 is GitHub's way
/// of not telling that a private repository exists.
pub(crate) fn may_read(caller: Caller<'_>, repository: &Repository, kind: &str, page: &str) -> Result<(), Answer> {
    if !repository.private {
        return Ok(());
    }
    let Caller::Bearer(token) = caller else { return Err(refusal(404, "Not Found", page)) };
    if !token.repositories.iter().any(|name| *name == repository.full_name()) {
        return Err(refusal(404, "Not Found", page));
    }
    if !token.permissions.contains_key(kind) {
        let answer = refusal(403, "Resource not accessible by integration", page);
        return Err(answer.with("x-accepted-github-permissions", format!("{kind}=read")));
    }
    Ok(())
}

/// The refusal when nothing is left of the primary limit; GitHub sends it with 403 or 429.
pub(crate) fn limit_exceeded() -> Answer {
    let page = "rest/overview/rate-limits-for-the-rest-api";
    refusal(403, "API rate limit exceeded for installation ID 1.", page)
}

/// The five headers that come with every answer.
pub(crate) fn with_limit(answer: Answer, limit: &RateLimit) -> Answer {
    answer
        .with("x-ratelimit-limit", limit.limit)
        .with("x-ratelimit-remaining", limit.remaining)
        .with("x-ratelimit-used", limit.limit.saturating_sub(limit.remaining))
        .with("x-ratelimit-reset", limit.reset)
        .with("x-ratelimit-resource", "core")
}
