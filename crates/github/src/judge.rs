//! What an attempt's outcome means: take it, wait and repeat, follow it, or give up with a reason. Pure.
use std::time::Duration;

use crate::call::Call;
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

/// Judges one attempt.
pub(crate) fn judge(call: &Call, outcome: Result<Reply, Lost>, here: &Here<'_>) -> Next {
    let reply = match outcome {
        Ok(reply) => reply,
        Err(lost) => return unanswered(call, &lost, here),
    };
    match reply.status {
        200 => {
            if let Err(error) = is_answer(call, &reply) {
                return Next::Fail(error);
            }
            Next::Take(reply)
        }
        301 | 302 | 307 | 308 => match reply.header("location") {
            Some(location) => Next::Follow(location.to_owned()),
            None => Next::Fail(call.bad_answer(&format!("answered {} without a Location", reply.status))),
        },
        403 | 429 if is_rate_limit(&reply) => {
            let wait = asked_wait(&reply, here);
            repeat(wait, here).unwrap_or_else(|| Next::Fail(rate_limited(call, &reply, here)))
        }
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
    let text = value.as_ref().and_then(|v| v["message"].as_str());
    text.map_or_else(|| "JSON without a message".to_owned(), quoted)
}

fn is_answer(call: &Call, reply: &Reply) -> Result<(), Error> {
    if reply.is_json() && !reply.body.is_empty() {
        return Ok(());
    }
    let hint = "something other than GitHub's API answered: a proxy, a sign-in page, or a wrong GITHUB_API_URL";
    Err(call.bad_answer(&format!("answered 200 with {}", message(reply))).with_hint(hint))
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
        let hint = "something other than GitHub's API answered: a proxy, a sign-in page, or a wrong GITHUB_API_URL";
        return call.bad_answer(&text).with_hint(hint);
    }
    match reply.status {
        401 if here.with_token => {
            call.failed(ErrorKind::Unauthorized, &text).with_hint("the token is wrong or expired")
        }
        401 => call.failed(ErrorKind::Unauthorized, &text).with_hint("pass a token"),
        403 if reply.header("x-github-sso").is_some() => call
            .failed(ErrorKind::Forbidden, &text)
            .with_hint("authorise the token for the organisation's single sign-on"),
        403 => {
            call.failed(ErrorKind::Forbidden, &text).with_hint(format!("give the job `permissions: {}`", call.needs))
        }
        404 if here.with_token => call
            .failed(ErrorKind::NotFound, &text)
            .with_hint(format!("it does not exist, or the token may not see it: it needs `{}` there", call.needs)),
        404 => call.failed(ErrorKind::NotFound, &text).with_hint("it does not exist, or it is private: pass a token"),
        _ => call.failed(ErrorKind::Refused, &text),
    }
}

fn unanswered(call: &Call, lost: &Lost, here: &Here<'_>) -> Next {
    let by = here.proxy.map(|proxy| format!(" through the proxy {proxy}")).unwrap_or_default();
    let failed = |text: &str| call.failed(ErrorKind::Unreachable, &format!("{text}{by}{}", times(here)));
    let network = "check the network, and HTTPS_PROXY and NO_PROXY where a proxy is needed";
    let error = match lost {
        Lost::TooLarge => {
            let text = format!("answered more than {} bytes", here.limits.answer_bytes);
            return Next::Fail(call.bad_answer(&text));
        }
        Lost::Certificate(why) => {
            let text = format!("got no answer: the server's certificate is not trusted: {why}");
            return Next::Fail(failed(&text).with_hint(here.roots));
        }
        Lost::Proxy => {
            let hint = "put the user and password into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT";
            return Next::Fail(failed("got no answer: user or password is refused").with_hint(hint));
        }
        Lost::TimedOut => failed("got no answer in time").with_hint(network),
        Lost::Broken(why) => failed(&format!("got no whole answer: {why}")).with_hint(network),
    };
    repeat(doubled(FIRST_WAIT, here), here).unwrap_or(Next::Fail(error))
}
