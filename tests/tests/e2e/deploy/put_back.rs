//! Production, where the new version went through and only then something failed: all services run again what they ran.
use crate::shop::Shop;

use super::{PRODUCTION, PROMOTED, inputs, jobs, production};

/// The ConfigMap that the pods of orders read.
fn configuration(shop: &Shop) -> String {
    let path = "jsonpath={.spec.template.spec.containers[0].envFrom[0].configMapRef.name}";
    shop.kubectl(&["get", "deployment", "orders", "--output", path], "")
}

fn most_of_catalog(shop: &Shop) -> String {
    shop.kubectl(&["get", "hpa", "catalog", "--output", "jsonpath={.spec.maxReplicas}"], "")
}

#[test]
fn what_fails_after_the_promotion_is_put_back() {
    let Some(mut shop) = production() else { return };
    let (before, configuration_before) = (shop.templates(), configuration(&shop));
    // A release that brings more than images.
    let literal = "  - name: orders\n    literals:\n      - PORT=8080\n";
    shop.monorepo.change(
        "feat(orders): count",
        &[
            ("deploy/base/kustomization.yaml", literal, &format!("{literal}      - COUNTS=true\n")),
            ("deploy/overlays/prod/kustomization.yaml", "value: 30\n", "value: 40\n"),
        ],
    );
    shop.is_sick(true);
    let run = shop.dispatch(PRODUCTION, &inputs(false));
    let rest = ["Notify success", "Rollback success", "Validate success", "Verify failure"];
    assert_eq!(jobs(&run), [&PROMOTED[..], &rest].concat(), "{}", run.log);
    assert_eq!(shop.templates(), before);
    shop.all_run("old");
    assert_eq!(configuration(&shop), configuration_before);
    shop.kubectl(&["get", "configmap", &configuration_before], "");
    let told = shop.noted("messages");
    assert!(told.contains("run again what they ran") && told.contains("stay as the new version has them"), "{told}");
    assert_eq!(shop.noted("pages"), "");
    // What the message says: this is not put back.
    assert_eq!((most_of_catalog(&shop).as_str(), shop.noted("migrations").as_str()), ("40", "rollback\ncommit\n"));

    // The next run is not in the way of it: the same release goes through once the services are well.
    shop.is_sick(false);
    shop.monorepo.runner.env("GITHUB_RUN_ID", "2");
    let again = shop.dispatch(PRODUCTION, &inputs(false));
    assert!(jobs(&again).len() == 8 && jobs(&again).iter().all(|job| job.ends_with(" success")), "{}", again.log);
    shop.all_run("new");
    assert_ne!(configuration(&shop), configuration_before);
}
