//! The verdict in words: what happened, where, since when, and whether stable was touched.
use super::words::{clock, counted, cut, image, list, moment, sentence, span};
use crate::evidence::{Evidence, Outcome, Reason, ReasonKind};

/// Letters of a text of somebody else's that a sentence takes.
const LONGEST: usize = 200;

/// How good it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// All new, or on its way without a complaint.
    Good,
    /// Stopped.
    Bad,
    /// A person has to decide, or something is left to look at.
    Doubtful,
    /// Under way.
    Neutral,
}

/// The verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// How good it is.
    pub tone: Tone,
    /// One or two words.
    pub word: &'static str,
    /// One sentence: what happened, where, since when.
    pub text: String,
    /// What that means for what runs now.
    pub lead: String,
}

impl Headline {
    /// The verdict of a rollout.
    pub fn of(evidence: &Evidence) -> Headline {
        let (tone, word) = match evidence.outcome {
            Outcome::Promoted => (Tone::Good, "shipped"),
            Outcome::Aborted => (Tone::Bad, "stopped"),
            Outcome::RolledBack => (Tone::Bad, "put back"),
            Outcome::Frozen => (Tone::Doubtful, "on hold"),
            Outcome::Running => (Tone::Neutral, "under way"),
        };
        let loose =
            evidence.outcome != Outcome::Running && evidence.outcome != Outcome::Frozen && evidence.leftovers > 0;
        let broken = evidence.outcome == Outcome::Aborted && !evidence.stable_untouched;
        let tone = if (loose || broken) && tone == Tone::Good { Tone::Doubtful } else { tone };
        Headline { tone, word, text: text(evidence), lead: lead(evidence, loose) }
    }
}

fn text(evidence: &Evidence) -> String {
    match evidence.outcome {
        Outcome::Promoted => {
            let changed: Vec<String> = evidence.services.iter().map(|row| image(&row.to_image)).collect();
            let what = match changed.as_slice() {
                [one] => format!("{} runs {one}", evidence.services[0].name),
                _ => format!("{} run the new version", services(evidence)),
            };
            format!("{what} after {}", span(evidence.elapsed))
        }
        Outcome::Running => format!("{} of {}: {}", sentence(&doing(evidence)), services(evidence), place(evidence)),
        Outcome::Aborted | Outcome::RolledBack | Outcome::Frozen => match evidence.reasons.first() {
            Some(first) => because(evidence, first),
            None => unexplained(evidence),
        },
    }
}

/// `api: container `app` crashes again and again, since 10:03:12 UTC at step 1 of 2 (10 %); stable was not touched`.
fn because(evidence: &Evidence, reason: &Reason) -> String {
    // What follows a colon explains, and stands with the reasons.
    let short = cut(reason.text.split(": ").next().unwrap_or_default(), LONGEST);
    // The name of a service stays as it is, and a sentence begins with a capital.
    let what = match reason.service.as_str() {
        "" => sentence(&short),
        service => format!("{}: {short}", cut(service, 63)),
    };
    let when = moment(evidence, reason.since).unwrap_or_else(|| format!("{} after the start", span(reason.since)));
    let stable = match (evidence.outcome, evidence.stable_untouched) {
        (Outcome::RolledBack, true) => "; all is as it was before",
        (Outcome::Aborted | Outcome::Frozen, true) => "; stable was not touched",
        (_, true) => "",
        (_, false) => "; stable is not what it was",
    };
    format!("{what}, since {when} {}{stable}", place(evidence))
}

/// What is known where nobody gave a reason: a hold for want of evidence, a gate, the end of a run's part.
fn unexplained(evidence: &Evidence) -> String {
    let open = evidence.judge.as_ref().is_none_or(|judge| judge.verdict == "inconclusive");
    let last = evidence.events.last().map(|event| cut(&event.text, LONGEST));
    match (evidence.outcome, last) {
        (Outcome::Frozen, _) if open => format!("There is not enough evidence to go on, {}", place(evidence)),
        (_, Some(last)) => format!("{}, {}", sentence(&last), place(evidence)),
        (_, None) => format!("Nobody said why, {}", place(evidence)),
    }
}

/// How long after the start, in which pod, and how many more reasons there are.
fn details(evidence: &Evidence) -> String {
    let Some(reason) = evidence.reasons.first() else { return String::new() };
    let pod = reason.pod.as_ref().map_or_else(String::new, |pod| format!(" in {}", cut(pod, 80)));
    let more = match evidence.reasons.len() - 1 {
        0 => String::new(),
        more => format!("; {} below", counted(more, "more reason")),
    };
    format!("It was seen {} after the start{pod}{more}. ", span(reason.since))
}

/// Where the rollout stands: `at step 1 of 2 (10 %)`.
pub(super) fn place(evidence: &Evidence) -> String {
    match evidence.steps.get(evidence.step) {
        Some(_)
            if matches!(
                evidence.phase.as_str(),
                "promoting" | "verifying" | "rolling-back" | "rolled-back" | "promoted"
            ) =>
        {
            "during the promotion".to_owned()
        }
        Some(step) => format!("at step {} of {} ({} %)", evidence.step + 1, evidence.steps.len(), step.weight),
        None if evidence.steps.is_empty() => "without canaries".to_owned(),
        None => "during the promotion".to_owned(),
    }
}

/// What goes on: `observing`.
pub(super) fn doing(evidence: &Evidence) -> String {
    match evidence.phase.as_str() {
        "stepping" => "starting the canaries".to_owned(),
        "observing" => "observing the canaries".to_owned(),
        "holding" => "waiting for the next phase".to_owned(),
        "promoting" => "promoting".to_owned(),
        "verifying" => "checking the promotion".to_owned(),
        "aborting" => "removing the canaries".to_owned(),
        "rolling-back" => "putting the version before back".to_owned(),
        other => other.replace('-', " "),
    }
}

fn lead(evidence: &Evidence, loose: bool) -> String {
    let stable = match (evidence.outcome, evidence.stable_untouched) {
        (Outcome::Aborted, true) => "Every pod of stable runs what it ran before.".to_owned(),
        (Outcome::Aborted, false) => "Stable is not what it was before: look at it.".to_owned(),
        (Outcome::RolledBack, true) => "Every service has the template and the ReplicaSet that it had.".to_owned(),
        (Outcome::RolledBack, false) => "Not every service is what it was before: look at it.".to_owned(),
        (Outcome::Promoted, _) => "Templates are what the server had promised, and all pods are ready.".to_owned(),
        (Outcome::Frozen, _) => {
            "Nothing moves until `canary-step resume` or `canary-step abort`, or until the dead-man switch falls."
                .to_owned()
        }
        (Outcome::Running, true) => "Stable has not been touched so far.".to_owned(),
        (Outcome::Running, false) => {
            let new: Vec<&str> =
                evidence.services.iter().filter(|row| row.promoted).map(|row| row.name.as_str()).collect();
            format!("{} of {} promoted so far.", new.len(), services(evidence))
        }
    };
    let left = match (loose, evidence.outcome) {
        (true, _) => format!(" {} left over: see `canary-step gc`.", sentence(&counted(evidence.leftovers, "object"))),
        (false, Outcome::Running | Outcome::Frozen) => String::new(),
        (false, _) => " Nothing is left over.".to_owned(),
    };
    let seen = if stopped(evidence) { details(evidence) } else { String::new() };
    seen + &stable + &left + blame(evidence)
}

fn stopped(evidence: &Evidence) -> bool {
    matches!(evidence.outcome, Outcome::Aborted | Outcome::RolledBack)
}

fn blame(evidence: &Evidence) -> &'static str {
    if !stopped(evidence) {
        return "";
    }
    match evidence.reasons.first().map(|reason| reason.kind) {
        Some(ReasonKind::Infrastructure) => " The cause is the infrastructure, not the new version.",
        Some(ReasonKind::Intervention) => " The cause is somebody's doing, not the new version.",
        _ => "",
    }
}

/// `api`, `api and web`, `8 services`.
fn services(evidence: &Evidence) -> String {
    let names: Vec<&str> = evidence.services.iter().map(|row| row.name.as_str()).collect();
    match names.len() {
        0..=3 => list(&names),
        many => counted(many, "service"),
    }
}

/// What the older rule would have done, in one sentence.
pub(super) fn legacy(evidence: &Evidence) -> Option<String> {
    let legacy = evidence.legacy.as_ref()?;
    let counts =
        format!("{} and {}", page::counted(legacy.failures, "failure"), page::counted(legacy.restarts, "restart"));
    let (failures, restarts) = {
        let of = |name| evidence.policy.pointer(&format!("/judge/legacy/{name}")).and_then(serde_json::Value::as_u64);
        (of("failures").unwrap_or(10), of("restarts").unwrap_or(2))
    };
    let rule = format!("more than {failures} failures or {restarts} restarts");
    Some(match legacy.abort_at {
        Some(at) => format!("The older rule ({rule}) would have stopped it at {}: {counts}", clock(at)),
        None => format!("The older rule ({rule}) would not have stopped it: {counts}"),
    })
}

/// What the judge says, in one sentence.
pub(super) fn judge(evidence: &Evidence) -> Option<String> {
    let judge = evidence.judge.as_ref()?;
    let verdict = match judge.verdict.as_str() {
        "worse" => "the new version is worse",
        "not-worse" => "the new version is not worse",
        _ => "not enough evidence either way",
    };
    let text = if judge.text.is_empty() { String::new() } else { format!(" ({})", cut(&judge.text, LONGEST)) };
    let limit = super::words::evidence(1.0 / judge.alpha);
    let e = super::words::evidence(judge.e);
    Some(format!("The judge says: {verdict}{text}; evidence {e}, and {limit} stops a release"))
}
