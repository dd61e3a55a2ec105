//! Jars from Maven Central: a pom.xml made of the table has Maven fetch them with all that they need.
use std::path::{Path, PathBuf};

use super::table::Part;
use crate::place;
use crate::program::Program;

/// The plugin that copies them; pinned, because Maven takes any other.
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/// Fetches artifacts, `group:name` of the part's version and others as `group:name:version[:classifier]`; gives their folder.
pub(super) fn install(part: &Part, folder: &Path, artifacts: &[&str]) -> Result<PathBuf, String> {
    let maven = super::get("maven")?;
    place::write(&folder.join("pom.xml"), pom(part.version, artifacts)?)?;
    let jars = folder.join("jars");
    let into = format!("-DoutputDirectory={}", jars.display());
    Program::new(maven, ["--batch-mode", "--quiet", COPY, &into]).at(folder).output()?;
    let main = artifacts.first().and_then(|artifact| artifact.split(':').nth(1)).unwrap_or_default();
    let jar = jars.join(format!("{main}-{}.jar", part.version));
    if jar.is_file() { Ok(jars) } else { Err(format!("Maven did not fetch {}", jar.display())) }
}

fn pom(version: &str, artifacts: &[&str]) -> Result<String, String> {
    let dependencies: Result<Vec<String>, String> = artifacts.iter().map(|name| dependency(version, name)).collect();
    let dependencies = dependencies?.concat();
    Ok(format!(
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion><groupId>parts</groupId>\
         <artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>\
         <dependencies>{dependencies}</dependencies></project>\n"
    ))
}

fn dependency(version: &str, artifact: &str) -> Result<String, String> {
    let fields: Vec<&str> = artifact.split(':').collect();
    let (group, name, version, classifier) = match fields.as_slice() {
        [group, name] => (group, name, version, None),
        [group, name, version] => (group, name, *version, None),
        [group, name, version, classifier] => (group, name, *version, Some(classifier)),
        _ => return Err(format!("{artifact} is no name of an artifact")),
    };
    let classifier = classifier.map(|name| format!("<classifier>{name}</classifier>")).unwrap_or_default();
    Ok(format!(
        "<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>{classifier}</dependency>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_has_the_version_of_the_part() {
        let pom = pom("1.2", &["a:b", "c:d:3", "e:f:4:runtime"]).unwrap();
        for expected in [
            "<groupId>a</groupId><artifactId>b</artifactId><version>1.2</version></dependency>",
            "<artifactId>d</artifactId><version>3</version></dependency>",
            "<version>4</version><classifier>runtime</classifier></dependency>",
        ] {
            assert!(pom.contains(expected), "{pom}");
        }
        assert!(dependency("1", "a").is_err());
    }
}
