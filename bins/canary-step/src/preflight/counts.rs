//! Shares that whole pods can make, and how many pods that takes.
use super::{Facts, Finder, Finding, Pair, Severity, count};
use crate::policy::{Policy, Router};
use crate::weights::Share;

/// Looks at each step of a service.
pub(super) fn look(policy: &Policy, pair: &Pair<'_>, found: &mut Vec<Finding>) {
    let mut finder = Finder { service: &pair.wanted.name, found };
    if pair.ready == 0 {
        return;
    }
    for stage in &policy.steps {
        let share = Share::of(stage.weight, pair.ready);
        if share.off_by() <= Policy::TOLERANCE {
            continue;
        }
        let (reached, enough) = (percent(share.reached()), Share::enough(stage.weight, Policy::TOLERANCE));
        let text = format!(
            "{} cannot be had with {} stable pods: {} canary makes it {reached} %",
            stage.weight, pair.ready, share.canaries
        );
        let severity = if policy.strict { Severity::Blocks } else { Severity::Warns };
        let remedy = format!("expect {reached} % of the requests, or have at least {enough} stable pods");
        finder.add((severity, "unreachable-weight"), text, remedy);
    }
    let first = policy.steps.first().map(|stage| Share::of(stage.weight, pair.ready).canaries);
    if first == Some(1) {
        let text = "the first step has a single canary pod: an unlucky node looks like a bad version";
        finder.add(
            (Severity::Notes, "single-pod"),
            text,
            "look at its node before you believe it, or begin with a larger weight",
        );
    }
    if policy.steps.iter().any(|stage| stage.observe <= policy.judge.warm_up) {
        let text = format!(
            "a step is observed no longer than the warm-up of {}, so nothing of it is judged",
            policy.judge.warm_up
        );
        finder.add((Severity::Warns, "only-warm-up"), text, "observe longer, or shorten `judge.warmUp`");
    }
}

/// Canary pods of all services at the largest step.
pub(super) fn together(policy: &Policy, facts: &Facts, found: &mut Vec<Finding>) {
    let mut finder = Finder { service: "", found };
    let Some(last) = policy.steps.last() else { return };
    let ready = |service: &super::ServiceFacts| count(service.stable.as_ref()?, "/status/readyReplicas");
    let pods: u64 = facts.services.iter().filter_map(ready).map(|n| u64::from(last.weight.canaries(n))).sum();
    if let Some(most) = policy.limits.max_extra_pods.filter(|most| pods > u64::from(*most)) {
        let text = format!("the step of {} needs {pods} extra pods, and `limits.maxExtraPods` is {most}", last.weight);
        finder.add((Severity::Blocks, "too-many-pods"), text, "raise the limit, or lower the weight");
    }
    if policy.router == Router::Inplace {
        let text = "`inplace` has no dead-man switch: if the driver dies, the bad share serves until somebody acts";
        finder.add(
            (Severity::Warns, "no-dead-man"),
            text,
            "use `router: replicas`, or keep the emergency runbook at hand",
        );
    }
}

/// `33.3` of hundredths.
fn percent(hundredths: u16) -> String {
    let text = format!("{:.1}", f64::from(hundredths) / 100.0);
    text.trim_end_matches(".0").to_owned()
}
