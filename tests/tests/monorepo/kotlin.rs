//! The Kotlin services: compiled, checked by detekt, tested and measured, without Gradle, which no package client has.
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use tests::parts;

use crate::copy::{KOTLIN, Monorepo, fails, kept, run};

#[test]
fn kotlin() {
    let (Some(java), Some(jars)) = (parts::present("jdk"), parts::needed("kotlin")) else { return };
    let monorepo = Monorepo::new("kotlin");
    let out = kept("kotlin");
    fs::remove_dir_all(&out).unwrap();
    let build = tests::monorepo::root().join("tests/parts/monorepo/Build.java");
    let mut command = monorepo.command(".", java);
    command.arg("-cp").arg(classpath(&jars)).arg(build).arg(monorepo.at(".")).args([&out, &jars]);
    run(&mut command);
    for service in KOTLIN {
        for (set, least) in [("test", 5), ("integrationTest", 3)] {
            let tests = passed(&out.join("services").join(service).join("reports").join(set));
            assert!(tests >= least, "{service}: {tests} tests in {set}");
        }
    }
    let report = fs::read_to_string(out.join("jacoco.xml")).unwrap();
    for package in KOTLIN.iter().chain(&["http"]) {
        let rate = covered(&report, package);
        assert!(rate >= 0.8, "{rate:.2} of shop.{package} is covered");
    }
}

#[test]
fn kotlin_rules() {
    let (Some(java), Some(jars)) = (java_of_maven(), parts::needed("detekt")) else { return };
    let monorepo = Monorepo::new("kotlin_rules");
    let detekt = || {
        let mut command = monorepo.command(".", &java);
        command.arg("-cp").arg(classpath(&jars)).arg("io.gitlab.arturbosch.detekt.cli.Main");
        command.args(["--input", "libs,services", "--includes", "**/*.kt", "--config", "config/detekt.yml"]);
        command.args(["--build-upon-default-config", "--jvm-target", "21"]);
        command
    };
    run(&mut detekt());
    monorepo.mutate(
        "services/orders/src/main/kotlin/shop/orders/Main.kt",
        "fun main()",
        "val ANSWER = 42\n\nfun main()",
    );
    let said = fails(&mut detekt());
    assert!(said.contains("Main.kt") && said.contains("MayBeConst"), "{said}");
}

/// The Java that came with Maven: detekt's compiler does not know the newest one.
fn java_of_maven() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten();
    let java = |folder: fs::DirEntry| Some(folder.path().join("bin/java")).filter(|java| java.is_file());
    let mut found: Vec<PathBuf> = folders.filter(|folder| !folder.path().is_symlink()).filter_map(java).collect();
    found.sort();
    let debian = found.iter().find(|path| path.to_string_lossy().contains("openjdk")).cloned();
    debian.or_else(|| parts::present("jdk"))
}

fn classpath(jars: &Path) -> OsString {
    jars.join("*").into_os_string()
}

/// How many tests the reports of JUnit count; none of them failed, or there would be no report to ask for.
fn passed(reports: &Path) -> usize {
    let files = fs::read_dir(reports).unwrap_or_else(|e| panic!("{}: {e}", reports.display()));
    let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    texts.map(|text| text.matches("<testcase ").count()).sum()
}

/// The share of a package's lines that ran. JaCoCo puts the counters of a package behind those of its classes.
fn covered(report: &str, package: &str) -> f64 {
    let start = report.find(&format!("<package name=\"shop/{package}\"")).unwrap();
    let of_package = report[start..].split("</package>").next().unwrap();
    let lines = of_package.rsplit("<counter type=\"LINE\" ").next().unwrap();
    let number = |name: &str| {
        let value = lines.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.unwrap().parse::<f64>().unwrap()
    };
    number("covered") / (number("covered") + number("missed"))
}
