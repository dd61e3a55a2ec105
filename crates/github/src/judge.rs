//! What an attempt's outcome means: take it, wait and repeat, follow it, or give up with a reason. Pure.
use std::time::Duration;

use crate::call::{Call, Needs};
use crate::error::{Error, ErrorKind, quoted, utc};
use crate::exchange::{Lost, Reply};
use crate::settings::Limits;

/// What the caller of an attempt does next.
#[derive(Debug)]
pub(crate) enum Next {
    /// The answer is good.
    Take(Reply),
    /// Repeat the call after this time.
    Wait(Duration),
    /// Call this `Location` instead.
    Follow(String),
    /// Nothing more can be done.
    Fail(Error),
}

/// Where an attempt stands.
pub(crate) struct Here<'a> {
    /// 1 for the first.
    pub(crate) attempt: u32,
    /// Since 1970.
    pub(crate) now: Duration,
    /// Of the method's total time.
    pub(crate) left: Duration,
    pub(crate) limits: &'a Limits,
    pub(crate) with_token: bool,
    /// What to say after a failure of TLS.
    pub(crate) roots: &'a str,
    /// Host and port of the proxy in use.
    pub(crate) proxy: Option<&'a str>,
}

/// GitHub asks for a minute at least when it names no time.
const UNNAMED_WAIT: Duration = Duration::from_secs(60);
/// The first wait after a failure on GitHub's side or on the way; doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The hint where an answer is not of GitHub's kind.
const OTHER: &str = "something other than GitHub's API answered: a proxy, a sign-in page, or a wrong GITHUB_API_URL";

/// Judges one attempt.
pub(crate) fn judge(call: &Call, outcome: Result<Reply, Lost>, here: &Here<'_>) -> Next {
    let reply = match outcome {
        Ok(reply) => reply,
        Err(lost) => return unanswered(call, &lost, here),
    };
    match reply.status {
        status if status == call.good_status() && reply.is_json() && !reply.body.is_empty() => Next::Take(reply),
        204 if call.good_status() == 204 => Next::Take(reply),
        200..=299 => Next::Fail(call.unsure(no_answer(call, &reply))),
        // <https://fetch.spec.whatwg.org/#http-redirect-fetch>: these two turn what they redirect into a `GET`.
        301 | 302 if !call.is_get() => Next::Fail(moved(call, &reply)),
        301 | 302 | 307 | 308 => match reply.header("location") {
            Some(location) => Next::Follow(location.to_owned()),
            None => Next::Fail(call.bad_answer(&format!("answered {} without a Location", reply.status))),
        },
        403 | 429 if is_rate_limit(&reply) => {
            let wait = asked_wait(&reply, here);
            repeat(wait, here).unwrap_or_else(|| Next::Fail(rate_limited(call, &reply, here)))
        }
        408 | 500..=599 if call.is_once_only() => Next::Fail(call.unsure(refused(call, &reply, here))),
        408 | 500..=599 => {
            let wait = retry_after(&reply).unwrap_or(doubled(FIRST_WAIT, here));
            repeat(wait, here).unwrap_or_else(|| Next::Fail(refused(call, &reply, here)))
        }
        _ => Next::Fail(refused(call, &reply, here)),
    }
}

fn repeat(wait: Duration, here: &Here<'_>) -> Option<Next> {
    let allowed = here.attempt < here.limits.attempts && wait <= here.limits.longest_wait && wait < here.left;
    allowed.then_some(Next::Wait(wait))
}

fn doubled(first: Duration, here: &Here<'_>) -> Duration {
    first.saturating_mul(1 << (here.attempt - 1).min(16))
}

fn retry_after(reply: &Reply) -> Option<Duration> {
    reply.header("retry-after").and_then(|v| v.trim().parse().ok()).map(Duration::from_secs)
}

/// When the primary limit resets, if it is used up.
fn reset(reply: &Reply) -> Option<Duration> {
    let used_up = reply.header("x-ratelimit-remaining") == Some("0");
    reply.header("x-ratelimit-reset").filter(|_| used_up).and_then(|v| v.parse().ok()).map(Duration::from_secs)
}

/// <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit>
fn is_rate_limit(reply: &Reply) -> bool {
    let text = message(reply).to_ascii_lowercase();
    let named = reply.is_json() && ["rate limit", "abuse detection"].iter().any(|sign| text.contains(sign));
    reply.status == 429 || named || retry_after(reply).is_some()
}

fn asked_wait(reply: &Reply, here: &Here<'_>) -> Duration {
    let until_reset = || reset(reply).map(|reset| reset.saturating_sub(here.now).max(FIRST_WAIT));
    retry_after(reply).or_else(until_reset).unwrap_or(doubled(UNNAMED_WAIT, here))
}

/// GitHub's own words, or what came in their place.
fn message(reply: &Reply) -> String {
    if reply.body.is_empty() {
        return "an empty body".to_owned();
    }
    if !reply.is_json() {
        let kind = reply.header("content-type").unwrap_or("no content type");
        return format!("{}, not GitHub's JSON", quoted(kind));
    }
    let value: Option<serde_json::Value> = serde_json::from_slice(&reply.body).ok();
    let Some(text) = value.as_ref().and_then(|v| v["message"].as_str()) else {
        return "JSON without a message".to_owned();
    };
    // A 422 says what is wrong in `errors` only: texts, or objects with a `message` or at least a `code`.
    let errors = value.as_ref().and_then(|v| v["errors"].as_array()).into_iter().flatten();
    let told = errors.filter_map(|e| e.as_str().or(e["message"].as_str()).or(e["code"].as_str()));
    quoted(&[text].into_iter().chain(told).collect::<Vec<_>>().join(": "))
}

fn no_answer(call: &Call, reply: &Reply) -> Error {
    call.bad_answer(&format!("answered {} with {}", reply.status, message(reply))).with_hint(OTHER)
}

fn moved(call: &Call, reply: &Reply) -> Error {
    let hint = "use the repository's present name, and the address that answers in GITHUB_API_URL";
    call.bad_answer(&format!("answered {}: what is sent would be lost on the way", reply.status)).with_hint(hint)
}

fn rate_limited(call: &Call, reply: &Reply, here: &Here<'_>) -> Error {
    let asks = match (retry_after(reply), reset(reply)) {
        (Some(wait), _) => format!("; it asks to wait {} s", wait.as_secs()),
        (None, Some(reset)) => format!("; the limit resets at {}", utc(reset.as_secs())),
        (None, None) => String::new(),
    };
    let hint = match here.with_token {
        true => "run again later, or pass a token with a limit of its own",
        false => "pass a token: calls without one share 60 an hour with everyone behind the same address",
    };
    call.failed(ErrorKind::RateLimited, &format!("{}{asks}{}", status_text(reply), times(here))).with_hint(hint)
}

fn status_text(reply: &Reply) -> String {
    format!("answered {}: {}", reply.status, message(reply))
}

fn times(here: &Here<'_>) -> String {
    if here.attempt > 1 { format!(" ({} attempts)", here.attempt) } else { String::new() }
}

fn refused(call: &Call, reply: &Reply, here: &Here<'_>) -> Error {
    let text = format!("{}{}", status_text(reply), times(here));
    if !reply.is_json() && !(500..=599).contains(&reply.status) {
        return call.bad_answer(&text).with_hint(OTHER);
    }
    let kind = match reply.status {
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        _ => ErrorKind::Refused,
    };
    let error = call.failed(kind, &text);
    match remedy(call, reply, here.with_token) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// What to do about a refusal.
fn remedy(call: &Call, reply: &Reply, with_token: bool) -> Option<String> {
    let needs = call.needs;
    Some(match (reply.status, needs) {
        (401, _) if with_token => "the token is wrong or expired".to_owned(),
        (401, _) => "pass a token".to_owned(),
        (403, _) if reply.header("x-github-sso").is_some() => {
            "authorise the token for the organisation's single sign-on".to_owned()
        }
        (403, _) if message(reply).contains("is locked") => "unlock the conversation".to_owned(),
        (403, Needs::User) => "a workflow's own token has no user, whatever its permissions".to_owned(),
        (403, Needs::Permission(permission)) => {
            let fork = if call.is_get() { "" } else { "; a run for a fork's pull request cannot have it" };
            format!("give the job `permissions: {permission}`{fork}")
        }
        (404, _) if with_token => format!("it does not exist, or the token may not see it: it needs {needs} there"),
        (404, _) => "it does not exist, or it is private: pass a token".to_owned(),
        _ => return None,
    })
}

fn unanswered(call: &Call, lost: &Lost, here: &Here<'_>) -> Next {
    let by = here.proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    let failed = |text: &str| call.failed(ErrorKind::Unreachable, &format!("{text}{by}{}", times(here)));
    let network = "check the network, and HTTPS_PROXY and NO_PROXY where a proxy is needed";
    let error = match lost {
        Lost::TooLarge => {
            let text = format!("answered more than {} bytes", here.limits.answer_bytes);
            return Next::Fail(call.unsure(call.bad_answer(&text)));
        }
        Lost::Certificate(why) => {
            let text = format!("got no answer: the server's certificate is not trusted: {why}");
            return Next::Fail(failed(&text).with_hint(here.roots));
        }
        Lost::Source(why) => {
            let text = format!("sent nothing whole: {why}");
            let hint = "what is sent must not change meanwhile: run again once it is written";
            return Next::Fail(call.failed(ErrorKind::Source, &text).with_hint(hint));
        }
        Lost::Proxy => {
            let hint = "put the user and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT";
            return Next::Fail(failed("got no answer: user or password is refused").with_hint(hint));
        }
        Lost::TimedOut => failed("got no answer in time").with_hint(network),
        Lost::Unconnected(why) | Lost::Broken(why) => failed(&format!("got no whole answer: {why}")).with_hint(network),
    };
    if call.is_once_only() && !matches!(lost, Lost::Unconnected(_)) {
        return Next::Fail(call.unsure(error));
    }
    repeat(doubled(FIRST_WAIT, here), here).unwrap_or(Next::Fail(error))
}
