//! The manifests: each overlay by kustomize, what production needs of them, and the policy of the canary.
use std::process::Command;

use canary_step::policy::Policy;
use serde_json::Value;
use tests::{parts, yaml};

use crate::copy::{Monorepo, SERVICES, run};

/// What stands where the pipeline puts the digest of an image.
const UNSET: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

#[test]
fn deploy_overlays() {
    let Some(kustomize) = parts::needed("kustomize") else { return };
    let monorepo = Monorepo::new("deploy_overlays");
    for environment in ["dev", "staging", "prod"] {
        let folder = format!("deploy/overlays/{environment}");
        let objects = objects(&mut monorepo.command(&folder, &kustomize));
        for (kind, count) in [("Deployment", 8), ("Service", 8), ("HorizontalPodAutoscaler", 1), ("ConfigMap", 7)] {
            assert_eq!(of_kind(&objects, kind).count(), count, "{kind}s of {environment}");
        }
        assert_eq!(objects.len(), 24, "{environment} has something else besides");
        for object in &objects {
            let metadata = &object["metadata"];
            assert_eq!(metadata["namespace"], format!("shop-{environment}"), "{object}");
            assert_eq!(metadata["labels"]["app.kubernetes.io/part-of"], "shop", "prune would not see {object}");
        }
        let mut names: Vec<&str> = of_kind(&objects, "Deployment").map(name).collect();
        names.sort_unstable();
        assert_eq!(names, SERVICES);
        of_kind(&objects, "Deployment").for_each(careful);
    }
}

#[test]
fn deploy_images_are_set_by_digest() {
    let Some(kustomize) = parts::needed("kustomize") else { return };
    let monorepo = Monorepo::new("deploy_images");
    let digest = format!("sha256:{}", "c0ffee00".repeat(8));
    for environment in ["dev", "staging", "prod"] {
        let folder = format!("deploy/overlays/{environment}");
        let set = SERVICES.map(|name| format!("{name}=registry.example/shop/{name}@{digest}"));
        let before = objects(&mut monorepo.command(&folder, &kustomize));
        assert!(images(&before).iter().all(|image| image.ends_with(UNSET)), "{environment}: {:?}", images(&before));
        run(monorepo.command(&folder, &kustomize).args(["edit", "set", "image"]).args(&set));
        let after = images(&objects(&mut monorepo.command(&folder, &kustomize)));
        assert_eq!(after, SERVICES.map(|name| format!("registry.example/shop/{name}@{digest}")), "{environment}");
    }
}

#[test]
fn deploy_canary_policy() {
    let monorepo = Monorepo::new("deploy_canary_policy");
    let text = monorepo.read("deploy/canary.yaml");
    let policy = Policy::read(&text, &[]).unwrap_or_else(|problem| panic!("{problem:?}"));
    let mut names: Vec<&str> = policy.services.iter().map(|service| service.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, SERVICES);
    assert!(Policy::read(&text.replace("observe: 5m", "observe: soon"), &[]).is_err());

    let Some(check) = parts::needed("check-jsonschema") else { return };
    let schema = tests::monorepo::root().join("dist/canary-step/policy.schema.json");
    run(monorepo.command(".", check).arg("--schemafile").arg(schema).arg("deploy/canary.yaml"));
}

/// What `kustomize build` prints, as values.
fn objects(kustomize: &mut Command) -> Vec<Value> {
    let printed = run(kustomize.arg("build"));
    let parsed = printed.split("\n---\n").map(|text| yaml::parse(text).unwrap_or_else(|e| panic!("{e}:\n{text}")));
    parsed.collect()
}

fn of_kind<'a>(objects: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    objects.iter().filter(move |object| object["kind"] == kind)
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}

/// The images of all Deployments, sorted.
fn images(objects: &[Value]) -> Vec<String> {
    let image = |deployment: &Value| container(deployment)["image"].as_str().unwrap().to_owned();
    let mut images: Vec<String> = of_kind(objects, "Deployment").map(image).collect();
    images.sort();
    images
}

fn container(deployment: &Value) -> &Value {
    let containers = deployment["spec"]["template"]["spec"]["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 1, "{}", name(deployment));
    &containers[0]
}

/// What every Deployment keeps to.
fn careful(deployment: &Value) {
    let (name, template, container) = (name(deployment), &deployment["spec"]["template"], container(deployment));
    assert_eq!(deployment["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"], name);
    assert_eq!(template["spec"]["securityContext"]["runAsNonRoot"], "true", "{name}");
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], "true", "{name}");
    assert_eq!(container["readinessProbe"]["httpGet"]["path"], "/healthz", "{name}");
    assert!(container["resources"]["limits"]["memory"].is_string(), "{name} may use all memory");
    assert!(template["metadata"]["annotations"]["prometheus.io/port"].is_string(), "{name}");
    // The autoscaler has the say over one of them; a number here would take it back at each release.
    assert_eq!(deployment["spec"]["replicas"].is_null(), name == "catalog", "{name}");
    if let Some(reference) = container["envFrom"][0]["configMapRef"]["name"].as_str() {
        let hash = reference.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        assert!(hash.is_some_and(|hash| hash.len() == 10), "{name} reads {reference}, which no change replaces");
    }
}
