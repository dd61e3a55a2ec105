//! Terraform: format, every environment and module validated, the tests of a module, TFLint.
use std::fs;
use std::process::Command;

use tests::parts;

use crate::copy::{Monorepo, fails, run};

#[test]
fn terraform() {
    let Some(program) = parts::present("terraform") else { return };
    let monorepo = Monorepo::new("terraform");
    let step = |folder: &str, words: &str| {
        let mut command: Command = monorepo.command(&format!("terraform/{folder}"), &program);
        // No settings of this machine, and no question for a newer version.
        command.args(words.split(' ')).env("TF_CLI_CONFIG_FILE", "/dev/null").env("CHECKPOINT_DISABLE", "1");
        command
    };
    run(&mut step(".", "fmt -check -diff -recursive"));
    let mut validated = 0;
    for kind in ["environments", "modules"] {
        for entry in fs::read_dir(monorepo.at("terraform").join(kind)).unwrap() {
            let folder = format!("{kind}/{}", entry.unwrap().file_name().to_str().unwrap());
            run(&mut step(&folder, "init -backend=false -input=false -no-color"));
            run(&mut step(&folder, "validate -no-color"));
            validated += 1;
        }
    }
    assert_eq!(validated, 6);
    let said = run(&mut step("modules/network", "test -no-color"));
    assert!(said.contains("2 passed, 0 failed"), "{said}");

    monorepo.mutate("terraform/environments/prod/main.tf", "backup_days      = 30", "backup_days      = 3");
    fails(&mut step("environments/prod", "validate -no-color"));
}

#[test]
fn terraform_rules() {
    let Some(tflint) = parts::needed("tflint") else { return };
    let monorepo = Monorepo::new("terraform_rules");
    let lint = || {
        let mut command = monorepo.command("terraform", &tflint);
        command.arg("--recursive").arg(format!("--config={}", monorepo.at("terraform/.tflint.hcl").display()));
        command
    };
    run(&mut lint());
    monorepo.mutate("terraform/modules/gke/outputs.tf", "  description = \"What the cluster is called.\"\n", "");
    let said = fails(&mut lint());
    assert!(said.contains("terraform_documented_outputs"), "{said}");
}
