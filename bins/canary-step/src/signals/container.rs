//! Signals of one container, from its status.
use serde_json::Value;

use super::exit::Exit;
use super::image::{Pull, classify};
use super::{Blame, Kind, Log, Role, quoted, text};

/// A signal without the pod around it.
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) blame: Blame,
    pub(super) since: Option<u64>,
    pub(super) text: String,
    pub(super) lines: Vec<String>,
    pub(super) log: Option<Log>,
}

/// All that a container's status says. `who` names the container in a sentence.
pub(super) fn signals(status: &Value, role: Role, who: &str) -> Vec<Found> {
    let (now, before) = (Exit::of(status, "/state"), Exit::of(status, "/lastState"));
    let mut found: Vec<Found> = waiting(status, (role, who), before.as_ref()).into_iter().collect();
    for (exit, log) in [(now, Log::Current), (before, Log::Previous)] {
        found.extend(exit.and_then(|exit| ended(&exit, (role, who), log)));
    }
    found
}

/// What an ended run says; an init container that ended with 0 has done its work.
fn ended(exit: &Exit, (role, who): (Role, &str), log: Log) -> Option<Found> {
    let kind = match () {
        () if exit.out_of_memory() => Kind::OomKilled,
        () if exit.not_started() => Kind::StartError,
        () if exit.by_node() || role == Role::Init && exit.code == 0 => return None,
        () => Kind::Exited,
    };
    let words = exit.words();
    let text = match (kind, role, exit.code) {
        (Kind::OomKilled, _, _) => format!("{who} used more memory than its limit and was killed"),
        (Kind::StartError, _, _) => format!("{who} could not be started: {}", quoted(&exit.message)),
        (_, Role::Init, _) => format!("{who} failed with {words}"),
        (_, _, 0) => format!("{who} ended with {words}, but a server does not end"),
        _ => format!("{who} ended with {words}"),
    };
    // A program that never started has written no log, and its message is in the text.
    let told = (kind != Kind::StartError).then_some(log);
    let lines = if told.is_some() { exit.lines() } else { Vec::new() };
    Some(Found { kind, blame: Blame::Regression, since: exit.at, text, lines, log: told })
}

fn waiting(status: &Value, (role, who): (Role, &str), before: Option<&Exit>) -> Option<Found> {
    let kind = Kind::of_waiting(text(status, "/state/waiting/reason")?)?;
    let message = text(status, "/state/waiting/message").unwrap_or_default();
    let mut found = Found {
        kind,
        blame: Blame::Regression,
        since: before.and_then(|exit| exit.at),
        text: String::new(),
        lines: before.map(Exit::lines).unwrap_or_default(),
        log: None,
    };
    match kind {
        Kind::ErrImagePull | Kind::ImagePullBackOff => return pull(found, who, (status, message)),
        Kind::CrashLoopBackOff => {
            // A node that lost its containers makes the kubelet back off as well.
            found.blame = if before.is_some_and(Exit::by_node) { Blame::Infrastructure } else { Blame::Regression };
            let restarts = status.get("restartCount").and_then(Value::as_u64).unwrap_or(0);
            let how = before.map_or_else(String::new, |exit| format!(", last with {}", exit.words()));
            let times = if restarts == 1 { "once".to_owned() } else { format!("{restarts} times") };
            let verb = if role == Role::Init { "fails" } else { "crashes" };
            found.text = format!("{who} {verb} again and again: restarted {times}{how}");
            found.log = Some(Log::Previous);
        }
        Kind::RegistryUnavailable => {
            found.blame = Blame::Infrastructure;
            found.text = format!("{who} waits for a registry that is out of reach: {}", quoted(message));
        }
        _ => found.text = format!("{who} {}: {}", does(kind), quoted(message)),
    }
    Some(found)
}

fn does(kind: Kind) -> &'static str {
    match kind {
        Kind::InvalidImageName => "has an image whose name is no name",
        Kind::ErrImageNeverPull => "has an image that is not on the node and may not be pulled",
        Kind::ImageInspectError => "has an image that the node cannot read",
        Kind::SignatureValidationFailed => "has an image whose signature is not accepted",
        Kind::CreateContainerConfigError => "lacks something that it is configured with",
        Kind::PostStartHookError => "failed in its postStart hook",
        _ => "could not be started",
    }
}

fn pull(mut found: Found, who: &str, (status, message): (&Value, &str)) -> Option<Found> {
    let image = text(status, "/image").filter(|image| !image.is_empty()).map_or_else(String::new, shortened);
    let cause = classify(message);
    found.text = match cause {
        Pull::NotFound => format!("{who} has an image that is not there:{image}"),
        Pull::Denied => format!("{who} has an image that the registry does not give to this node:{image}"),
        Pull::Passing => format!("{who} cannot get its image{image}: {}", quoted(message)),
    };
    match (found.kind, cause) {
        // One failed pull of a busy registry is nothing yet; the kubelet tries again before it backs off.
        (Kind::ErrImagePull, Pull::Passing) => return None,
        (_, Pull::Passing) => found.blame = passing_blame(message),
        _ => {}
    }
    Some(found)
}

/// Without a cause in the message (older kubelets) the image itself is the likelier one.
fn passing_blame(message: &str) -> Blame {
    match message.contains("ErrImagePull") || message.contains("rpc error") {
        true => Blame::Infrastructure,
        false => Blame::Regression,
    }
}

/// An image as people read it: enough of its digest to tell it from others.
fn shortened(image: &str) -> String {
    match image.split_once("@sha256:") {
        Some((name, hex)) => format!(" {name}@sha256:{}…", hex.chars().take(12).collect::<String>()),
        None => format!(" {image}"),
    }
}
