//! The front end: ESLint, types, build, tests with coverage; and no fake code in it.
use std::path::PathBuf;
use std::process::Command;

use tests::parts;

use crate::copy::{Monorepo, fails, run};

#[test]
fn frontend() {
    let monorepo = Monorepo::new("frontend");
    if linked(&monorepo).is_none() {
        return;
    }
    for script in ["lint", "typecheck", "build", "coverage"] {
        run(&mut npm(&monorepo, script));
    }
    assert!(monorepo.read("frontend/dist/index.html").contains("/assets/index-"));
    assert!(monorepo.read("frontend/coverage/lcov.info").contains("SF:src/basket.ts"));

    monorepo.mutate("frontend/src/basket.ts", "before + by, 0", "before + by, 1");
    fails(&mut npm(&monorepo, "test"));
    monorepo.mutate("frontend/src/money.ts", "cents / 100", "`${cents}` / 100");
    fails(&mut npm(&monorepo, "typecheck"));
}

#[test]
fn frontend_is_not_fake() {
    let Some(detector) = own("fake-code-detector") else { return };
    let monorepo = Monorepo::new("frontend_is_not_fake");
    let detect = || {
        let mut command = monorepo.command(".", &detector);
        command.arg("frontend");
        command
    };
    run(&mut detect());
    let (real, made_up) = ("totalCents: cents(answer.totalCents)", "totalCents: Math.round(Math.random() * 9000)");
    monorepo.mutate("frontend/src/api.ts", real, made_up);
    fails(&mut detect());
}

/// A tool of ours that the stage built.
pub(crate) fn own(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("DATAFLOW_BIN").map(PathBuf::from);
    let found = folder.map(|folder| folder.join(name)).filter(|path| path.is_file());
    if found.is_none() {
        // One of ours can always be built.
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "DATAFLOW_BIN has no {name}");
        parts::not_run(&format!("DATAFLOW_BIN has no {name}; `cargo xtask test monorepo` builds it"));
    }
    found
}

/// Links the packages of the lock file to where they are looked for; nothing when they are not installed.
pub(crate) fn linked(monorepo: &Monorepo) -> Option<()> {
    let main = parts::needed("frontend")?;
    // The part is the folder of one package.
    std::os::unix::fs::symlink(main.parent()?, monorepo.at("frontend/node_modules")).unwrap();
    Some(())
}

/// A script of package.json.
pub(crate) fn npm(monorepo: &Monorepo, script: &str) -> Command {
    let mut command = monorepo.command("frontend", "npm");
    command.args(["run", "--silent", script]);
    command
}
