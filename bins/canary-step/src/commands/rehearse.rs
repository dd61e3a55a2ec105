//! `rehearse`: a policy over a recorded range.
use std::io::Read as _;

use action::{Answer, Failure, OrFail, Report};

use crate::inputs::{Format, RehearseInputs};
use crate::rehearsal::{Rehearsal, ServiceRehearsal, rehearse};
use crate::settings::read_policy;
use crate::sources::recording::{LARGEST, Recording};

pub(crate) fn run(inputs: RehearseInputs, report: &mut Report) -> Result<Answer, Failure> {
    let policy = read_policy(&inputs.policy)?;
    let name = inputs.recording.display().to_string();
    let doing = || format!("read the recording {name}");
    let file = std::fs::File::open(&inputs.recording).or_bad_input(doing)?;
    let mut bytes = Vec::new();
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).or_bad_input(doing)?;
    let services: Vec<_> =
        policy.services.iter().map(|service| (service.name.clone(), service.deployment.clone())).collect();
    let hint = "export counters of requests by pod and status: /api/v1/query_range, or CSV with time,service,pod,requests,errors";
    let recording = Recording::read(&bytes, &services).map_err(|error| Failure::inputs(doing(), error).hint(hint))?;
    let rehearsal =
        rehearse(&policy, &recording).map_err(|error| Failure::inputs(format!("rehearse with {name}"), error))?;
    match inputs.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&rehearsal).or_fail(|| "write the rehearsal".to_owned())?;
            report.machine(format!("{text}\n"));
        }
        Format::Text => lines(&rehearsal).into_iter().for_each(|line| report.line(line)),
    }
    Ok(Answer::Yes)
}

fn lines(rehearsal: &Rehearsal) -> Vec<String> {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let replays = rehearsal.replays as f64;
    let (low, high) = rehearsal.false_abort_interval;
    let mut lines = vec![
        format!(
            "{} replays of {:.0} s in which nothing was released: {} stopped ({} to {}), {} found not worse",
            rehearsal.replays,
            rehearsal.observe_seconds,
            percent(rehearsal.false_aborts as f64 / replays),
            percent(low),
            percent(high),
            percent(rehearsal.not_worse as f64 / replays),
        ),
        "replays overlap, so that the interval is too narrow when the recording is short".to_owned(),
    ];
    rehearsal.services.iter().for_each(|service| lines.extend(service_lines(service)));
    if rehearsal.strangers > 0 {
        lines.push(format!("{} series belong to no service of the policy", rehearsal.strangers));
    }
    lines
}

fn service_lines(service: &ServiceRehearsal) -> Vec<String> {
    let found = service.detectable.map_or("no ratio that was tried".to_owned(), |ratio| format!("×{ratio}"));
    let head = format!(
        "{}: {:.1} requests a second, {:.3} % fail; four of five canaries are stopped from {found} on",
        service.service,
        service.requests,
        100.0 * service.errors
    );
    let effects = service.effects.iter().map(|effect| {
        let seconds = effect.seconds.map_or(String::new(), |seconds| format!(", half of these within {seconds:.0} s"));
        format!("  ×{:<4} {:>3.0} % stopped{seconds}", effect.ratio, 100.0 * effect.found)
    });
    std::iter::once(head).chain(effects).collect()
}
