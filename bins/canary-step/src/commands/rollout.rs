//! `run`, `start` and `preflight`: what begins a rollout.
use action::{Annotation, Answer, Failure, Report};
use serde_json::Value;

use super::{driving, plan};
use crate::clone;
use crate::cluster::connect;
use crate::decide::{Goal, Safety, object};
use crate::driver::{self, Begin, Beginning, Identity, Keeper};
use crate::inputs::RolloutInputs;
use crate::preflight::Finding;
use crate::record::{Record, ServiceRecord};
use crate::settings::RolloutSettings;

/// All phases, or those up to the end of the first step; either goes on with what this run began.
pub(crate) fn run(inputs: RolloutInputs, goal: Goal, report: &mut Report) -> Result<Answer, Failure> {
    let settings = inputs.settings()?;
    driving::on_runtime(async {
        let cluster = connect(&settings.cluster, settings.manager.as_deref()).await?;
        let identity = driving::identity(report.workflow())?;
        let group = settings.policy.group.clone();
        let (_, before) = Keeper::load(&cluster, &group).await?;
        // A job that is run again goes on with what it began, one step or all of them.
        let goes_on = |record: &Record| !record.phase.is_over() && (goal == Goal::End || is_own(record, &identity));
        let unfinished = before.filter(goes_on);
        let mut driver = match unfinished {
            Some(record) => {
                same(&record, &settings)?;
                driver::resume(cluster, (&group, &Beginning::Own), identity).await?
            }
            None => {
                let findings = plan::blocking(&cluster, &settings).await?;
                clear(&findings, report)?;
                let rollout = driving::rollout_id()?;
                let RolloutSettings { policy, targets, images, .. } = settings.clone();
                let begin = Begin { policy, targets, images, identity, rollout };
                driver::begin(cluster, begin, Safety::default()).await?
            }
        };
        driver.goal = goal;
        driving::drive(&mut driver, (report, &settings.sinks)).await
    })
}

/// Refuses where something stands in the way; nothing was changed yet.
fn clear(findings: &[Finding], report: &mut Report) -> Result<(), Failure> {
    let Some((first, others)) = findings.split_first() else { return Ok(()) };
    for other in others {
        report.annotate(Annotation::error(format!("{}: {}; {}", other.code, other.text, other.remedy)));
    }
    Err(Failure::inputs("begin the rollout", first.text.clone()).hint(first.remedy.clone()))
}

/// Whether this run began the rollout; terminals are all alike, so that on one nobody did.
pub(super) fn is_own(record: &Record, identity: &Identity) -> bool {
    !identity.run.id.is_empty() && record.run.id == identity.run.id
}

/// Whether the rollout that is under way brings what is asked for, by images and by manifests.
pub(super) fn same(record: &Record, settings: &RolloutSettings) -> Result<(), Failure> {
    let Some(text) = record.services.iter().find_map(|(name, saved)| differs(settings, (name, saved))) else {
        return Ok(());
    };
    let text = format!("the rollout {} brings {text}, which is not what is asked for", record.rollout);
    Err(Failure::inputs("go on with the rollout that is under way", text).hint("end it with `canary-step abort` first"))
}

/// What a service gets instead of what is asked for.
fn differs(settings: &RolloutSettings, (name, saved): (&str, &ServiceRecord)) -> Option<String> {
    let image = settings.images.get(name);
    if image.is_some_and(|image| !image.is(&saved.to_image)) {
        return Some(format!("{} to {name}", saved.to_image));
    }
    let target = settings.targets.get(name)?;
    let target = image.map_or_else(|| target.clone(), |_| clone::with_image(target, &saved.container, &saved.to_image));
    let template = |deployment: &Value| deployment.pointer("/spec/template").cloned().unwrap_or_default();
    let same = object::same(&template(&target), &template(&saved.target));
    (!same).then(|| format!("another template with the image {} to {name}", saved.to_image))
}
