//! The inputs of a rollout, read and checked: policy, images, manifests.
use std::collections::BTreeMap;
use std::path::Path;

use action::{Failure, Location, OrFail};
use serde_json::Value;

use crate::driver::Image;
use crate::inputs::{ClusterInputs, RolloutInputs, Sinks};
use crate::manifests;
use crate::policy::{self, Policy, Problem};
use crate::weights::Weight;

/// What a rollout begins with.
#[derive(Clone)]
pub(crate) struct RolloutSettings {
    pub(crate) cluster: ClusterInputs,
    pub(crate) policy: Policy,
    /// Deployments of the new version, by service.
    pub(crate) targets: BTreeMap<String, Value>,
    /// New images, by service.
    pub(crate) images: BTreeMap<String, Image>,
    /// Field manager.
    pub(crate) manager: Option<String>,
    pub(crate) sinks: Sinks,
}

impl RolloutInputs {
    /// Reads the files and checks that all of it fits together.
    pub(crate) fn settings(self) -> Result<RolloutSettings, Failure> {
        let RolloutInputs {
            cluster,
            policy: path,
            manifests,
            image_tag,
            images,
            canary_weight_step1,
            canary_weight_step2,
            skip_canary,
            field_manager,
            sinks,
        } = self;
        let mut policy = read_policy(&path)?;
        for (at, weight) in [canary_weight_step1, canary_weight_step2].into_iter().enumerate() {
            weight.map_or(Ok(()), |weight| override_weight(&mut policy, (at, weight)))?;
        }
        if skip_canary {
            policy.steps.clear();
        }
        let images = read_images(&policy, (&images, image_tag.as_deref()))?;
        let targets = read_targets(&policy, &manifests)?;
        Ok(RolloutSettings { cluster, policy, targets, images, manager: field_manager, sinks: sinks.settings() })
    }
}

/// The policy of a file.
pub(crate) fn read_policy(path: &Path) -> Result<Policy, Failure> {
    let doing = || format!("read the policy {}", path.display());
    let text = std::fs::read_to_string(path).or_bad_input(doing)?;
    Policy::read(&text, &[]).map_err(|problem| placed(doing(), (path, &problem)))
}

/// A problem in a file, at its place.
fn placed(doing: String, (path, problem): (&Path, &Problem)) -> Failure {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let place = Location::column(path.display().to_string(), number(problem.at.line), number(problem.at.column));
    Failure::inputs(doing, problem.to_string()).hints(problem.hint.as_deref()).at(place)
}

fn override_weight(policy: &mut Policy, (at, weight): (usize, u8)) -> Result<(), Failure> {
    let name = format!("canary-weight-step{}", at + 1);
    let weight =
        Weight::of_percent(f64::from(weight)).map_err(|problem| Failure::inputs(format!("use {name}"), problem))?;
    match policy.steps.get_mut(at) {
        Some(stage) => stage.weight = weight,
        None => {
            let cause = format!("the policy has {} steps", policy.steps.len());
            return Err(Failure::inputs(format!("use {name}"), cause));
        }
    }
    let rises = policy.steps.windows(2).all(|pair| pair[0].weight <= pair[1].weight);
    if rises { Ok(()) } else { Err(Failure::inputs(format!("use {name}"), "the weights of the steps have to rise")) }
}

fn read_images(policy: &Policy, (images, tag): (&[String], Option<&str>)) -> Result<BTreeMap<String, Image>, Failure> {
    let whole = |service: &policy::Service| {
        let image = service.image.as_ref().filter(|image| image.digest().is_some())?;
        Some((service.name.clone(), Image::Whole(image.as_str().to_owned())))
    };
    let mut found: BTreeMap<String, Image> = policy.services.iter().filter_map(whole).collect();
    if let Some(tag) = tag {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if tag.is_empty() || tag.len() > 128 || !tag.chars().all(plain) || tag.starts_with(['.', '-']) {
            return Err(Failure::inputs("use image-tag", format!("`{tag}` is no tag of an image")));
        }
        found.extend(policy.services.iter().map(|service| (service.name.clone(), Image::Tag(tag.to_owned()))));
    }
    for line in images {
        let doing = || format!("use images (`{line}`)");
        let (name, image) = line.split_once('=').ok_or_else(|| Failure::inputs(doing(), "it is not service=image"))?;
        if policy.service(name.trim()).is_none() {
            let known: Vec<&str> = policy.services.iter().map(|service| service.name.as_str()).collect();
            let cause = format!("there is no service `{}`; there are {}", name.trim(), known.join(", "));
            return Err(Failure::inputs(doing(), cause));
        }
        let image = policy::Image::parse(image.trim()).map_err(|problem| Failure::inputs(doing(), problem))?;
        if image.digest().is_none() {
            let hint = "write registry/name@sha256:…, as the push of the image prints it";
            return Err(Failure::inputs(doing(), "the image has no digest").hint(hint));
        }
        found.insert(name.trim().to_owned(), Image::Whole(image.as_str().to_owned()));
    }
    Ok(found)
}

/// The Deployments of the new version; every service has one, or there are no manifests at all.
fn read_targets(policy: &Policy, paths: &[std::path::PathBuf]) -> Result<BTreeMap<String, Value>, Failure> {
    let mut all = Vec::new();
    for path in paths.iter().flat_map(|path| files(path)) {
        let doing = || format!("read the manifests {}", path.display());
        let text = std::fs::read_to_string(&path).or_bad_input(doing)?;
        all.extend(manifests::deployments(&text).map_err(|problem| placed(doing(), (&path, &problem)))?);
    }
    let mut targets = BTreeMap::new();
    for service in policy.services.iter().filter(|_| !paths.is_empty()) {
        let named =
            |found: &&Value| found.pointer("/metadata/name").and_then(Value::as_str) == Some(&service.deployment);
        let mut found = all.iter().filter(named);
        match (found.next(), found.next()) {
            (Some(target), None) => drop(targets.insert(service.name.clone(), target.clone())),
            (None, _) => {
                let cause = format!("they hold no Deployment {}", service.deployment);
                return Err(Failure::inputs("use the manifests", cause));
            }
            (Some(_), Some(_)) => {
                let cause = format!("they hold the Deployment {} more than once", service.deployment);
                return Err(Failure::inputs("use the manifests", cause));
            }
        }
    }
    Ok(targets)
}

/// The file, or the YAML and JSON files of a folder, sorted.
fn files(path: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let known =
        |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml" || end == "json");
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(known).collect();
    files.sort();
    files
}
