//! Who may do what: tokens, visibility, permissions, and the rate limit.
use serde_json::json;

use crate::accounts::is_app;
use crate::http::{Answer, Request};
use crate::state::{RateLimit, Repository, State, Token};

/// Who a request comes from.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// No `Authorization` header.
    Nobody,
    /// The bearer of a known token.
    Bearer(Token),
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

/// The refusal of a body that is well-formed and not acceptable.
pub(crate) fn validation(message: &str, page: &str) -> Answer {
    let error = json!({ "resource": "IssueComment", "code": "unprocessable", "field": "data", "message": message });
    let body = json!({
        "message": "Validation Failed",
        "errors": [error],
        "documentation_url": format!("https://docs.github.com/{page}"),
        "status": "422",
    });
    Answer::json(422, &body)
}

/// The refusal of one field by a code that programs read.
pub(crate) fn invalid(resource: &str, (code, field): (&str, &str), page: &str) -> Answer {
    let body = json!({
        "message": "Validation Failed",
        "errors": [{ "resource": resource, "code": code, "field": field }],
        "documentation_url": format!("https://docs.github.com/{page}"),
        "status": "422",
    });
    Answer::json(422, &body)
}

/// The refusal of what a token may not do, in the words for its kind.
pub(crate) fn not_accessible(token: &Token, page: &str) -> Answer {
    let kind = if is_app(token.login()) { "integration" } else { "personal access token" };
    refusal(403, &format!("Resource not accessible by {kind}"), page)
}

/// Finds out who calls, or refuses as GitHub does: an unknown token is 401 even for what everyone may read.
pub(crate) fn caller(state: &State, request: &Request) -> Result<Caller, Answer> {
    let Some(header) = request.header("authorization") else {
        if state.private_mode {
            return Err(refusal(401, "Must authenticate to access this API.", "rest"));
        }
        return Ok(Caller::Nobody);
    };
    let (scheme, secret) = header.split_once(' ').unwrap_or(("", ""));
    let known = state.tokens.iter().find(|t| t.secret == secret);
    match known.filter(|_| scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")) {
        Some(token) => Ok(Caller::Bearer(token.clone())),
        None => Err(refusal(401, "Bad credentials", "rest")),
    }
}

/// Lets a caller read what one of these permissions opens, or refuses: 404 for what it cannot see, 403 for what it may not do.
///
/// What is public can be read without the permission; that a token which sees nothing gets 404 and not 403 is GitHub's way
/// of not telling that a private repository exists.
pub(crate) fn may_read(caller: &Caller, repository: &Repository, kinds: &[&str], page: &str) -> Result<(), Answer> {
    if !repository.private {
        return Ok(());
    }
    let Caller::Bearer(token) = caller else { return Err(refusal(404, "Not Found", page)) };
    if !token.is_for(repository) {
        return Err(refusal(404, "Not Found", page));
    }
    if !kinds.iter().any(|kind| token.permissions.contains_key(*kind)) {
        return Err(lacking(token, (kinds, "read"), page));
    }
    Ok(())
}

/// Lets a caller write what one of these permissions opens, and says as whom, or refuses.
///
/// To write is no one's without the permission, and an app's only where it is installed; a user may write to what is public.
pub(crate) fn may_write(
    caller: &Caller,
    repository: &Repository,
    kinds: &[&str],
    page: &str,
) -> Result<String, Answer> {
    let token = match caller {
        Caller::Bearer(token) if token.is_for(repository) || !repository.private => token,
        Caller::Nobody if !repository.private => return Err(refusal(401, "Requires authentication", page)),
        _ => return Err(refusal(404, "Not Found", page)),
    };
    let granted = kinds.iter().any(|kind| token.permissions.get(*kind).is_some_and(|level| level == "write"));
    if !granted || is_app(token.login()) && !token.is_for(repository) {
        return Err(lacking(token, (kinds, "write"), page));
    }
    Ok(token.login().to_owned())
}

fn lacking(token: &Token, (kinds, level): (&[&str], &str), page: &str) -> Answer {
    let wanted: Vec<_> = kinds.iter().map(|kind| format!("{kind}={level}")).collect();
    not_accessible(token, page).with("x-accepted-github-permissions", wanted.join("; "))
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
