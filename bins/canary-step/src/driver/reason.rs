//! What the judge says, in words: which service, by which numbers.
use sequential::{Doubt, Judge, Measured, ServiceVerdict};

use crate::decide::Verdict;
use crate::evidence::{Arm, Reason, ReasonKind, Sample};
use crate::record::{Record, ServerTime};

/// A service is named beside the worst one when its own evidence would be enough.
const ENOUGH: f64 = 20.0;

/// Why the group is worse: the service with the strongest evidence first.
pub(super) fn worse(judge: &Judge, (record, now): (&Record, ServerTime)) -> Vec<Reason> {
    let mut services = judge.verdict().services;
    services.sort_by(|a, b| b.evidence.total_cmp(&a.evidence));
    let told = services.iter().enumerate().filter(|(at, service)| *at == 0 || service.evidence > ENOUGH);
    told.map(|(_, service)| reason(service, (record, now))).collect()
}

/// What keeps the judge from an answer, in words, and of which services.
pub(super) fn doubt(doubt: Doubt, services: &[ServiceVerdict]) -> String {
    let text = match doubt {
        Doubt::NoTraffic => "one of the versions answered no requests, so there is nothing to compare",
        Doubt::Shared => "stable itself fails more than before, so neither version can be blamed, and none is cleared",
        Doubt::NoErrors => "not one request failed in either version, so there are no rates to compare",
        Doubt::TooLittle => "too few pods, requests or failures for an answer yet",
    };
    let names: Vec<&str> = services
        .iter()
        .filter(|service| service.doubt == Some(doubt))
        .map(|service| service.service.as_str())
        .collect();
    match names.as_slice() {
        [] => text.to_owned(),
        all if all.len() == services.len() && all.len() > 1 => text.to_owned(),
        [_, _, _, _, ..] => format!("{} and {} other services: {text}", names[0], names.len() - 1),
        some => format!("{}: {text}", some.join(", ")),
    }
}

fn reason(service: &ServiceVerdict, (record, now): (&Record, ServerTime)) -> Reason {
    let series = record.series.get(&service.service).map_or(&[][..], Vec::as_slice);
    let (signal, text) = match service.strongest {
        Measured::Latency => ("latency", slower(series)),
        Measured::Errors => ("error-rate", more_errors(series)),
        Measured::Restarts => ("restarts", "the canary's pods restart more often than stable's".to_owned()),
    };
    Reason {
        service: service.service.clone(),
        pod: None,
        container: None,
        signal: signal.to_owned(),
        since: now.since(record.started),
        text,
        last_log_lines: Vec::new(),
        kind: ReasonKind::Regression,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests")]
fn more_errors(series: &[Sample]) -> String {
    let rate = |arm: fn(&Sample) -> Option<&Arm>| {
        let both = series.iter().filter(|sample| sample.stable.is_some() && sample.canary.is_some());
        let (requests, errors) =
            both.filter_map(arm).fold((0, 0), |(requests, errors), arm| (requests + arm.requests, errors + arm.errors));
        100.0 * errors as f64 / (requests as f64).max(1.0)
    };
    let (stable, canary) = (rate(|sample| sample.stable.as_ref()), rate(|sample| sample.canary.as_ref()));
    format!("of the canary's requests {canary:.2} % fail, of stable's {stable:.2} %")
}

fn slower(series: &[Sample]) -> String {
    let last = series.iter().rev().find_map(|sample| {
        let slowest = |arm: &Option<Arm>| arm.as_ref()?.latency.map(|[_, most, _]| most * 1000.0);
        slowest(&sample.canary).zip(slowest(&sample.stable))
    });
    last.map_or_else(
        || "the canary answers more slowly than stable".to_owned(),
        |(canary, stable)| {
            format!("the canary answers 90 % of its requests within {canary:.0} ms, stable within {stable:.0} ms")
        },
    )
}

/// The older rule, where the policy lets it decide.
pub(super) fn legacy(record: &Record, now: ServerTime) -> Verdict {
    let (seen, rule) = (&record.legacy, record.policy.judge.legacy);
    if seen.abort_at.is_none() {
        // The rule knows no third answer: what is below its numbers is fine, once anything was measured.
        let measured = record.series.values().flatten().any(|sample| sample.canary.is_some());
        return if measured { Verdict::NotWorse } else { Verdict::Inconclusive };
    }
    let text = format!(
        "{} requests failed and {} containers were restarted; {} and {} are allowed",
        seen.failures, seen.restarts, rule.failures, rule.restarts
    );
    Verdict::Worse(vec![Reason {
        service: String::new(),
        pod: None,
        container: None,
        signal: "legacy".to_owned(),
        since: now.since(record.started),
        text,
        last_log_lines: Vec::new(),
        kind: ReasonKind::Regression,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(doubts: &[Option<Doubt>], expected: &str) {
        let part = |(at, doubt): (usize, &Option<Doubt>)| ServiceVerdict {
            service: format!("s{at}"),
            evidence: 1.0,
            stable: (0.0, 0.0),
            canary: (0.0, 0.0),
            strongest: Measured::Errors,
            doubt: *doubt,
        };
        let services: Vec<ServiceVerdict> = doubts.iter().enumerate().map(part).collect();
        let said = doubt(Doubt::TooLittle, &services);
        assert_eq!(said.strip_suffix("too few pods, requests or failures for an answer yet"), Some(expected));
    }

    #[test]
    fn a_doubt_names_its_services() {
        const LITTLE: Option<Doubt> = Some(Doubt::TooLittle);
        check(&[], "");
        check(&[LITTLE], "s0: ");
        check(&[LITTLE, LITTLE], "");
        check(&[None, LITTLE, Some(Doubt::NoErrors), LITTLE], "s1, s3: ");
        check(&[LITTLE, LITTLE, LITTLE, LITTLE, None], "s0 and 3 other services: ");
    }
}
