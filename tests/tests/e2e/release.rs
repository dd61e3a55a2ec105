//! release on tags: every binary, every image tag, notes and checksums, and a GitHub release that is public last.
use std::collections::BTreeMap;

use github_sim::{Release, Repository, Sim, State, Tag, Token};

use crate::identity;
use crate::monorepo::Monorepo;
use crate::registry::{Registry, SERVICES};
use crate::runner::Run;

/// The monorepo with a feature after v1.0.0, images of the last commit, and a GitHub that knows its tags.
struct World {
    registry: Registry,
    monorepo: Monorepo,
    github: Sim,
}

impl World {
    fn new(tag: &str) -> Option<Self> {
        let mut monorepo = Monorepo::new()?;
        let registry = Registry::start(&monorepo.runner.folder("registry"))?;
        let base = monorepo.git(&["rev-parse", "HEAD"]);
        monorepo.git(&["tag", "v1.0.0"]);
        monorepo.change("feat(cli): say more", &[("cli/NOTES.md", "", "More.\n")]);
        let head = monorepo.git(&["rev-parse", "HEAD"]);
        monorepo.git(&["tag", tag]);
        registry.fill(&monorepo.runner.folder("registry"), &format!("dev-{head}"));
        let tags = [("v1.0.0", base), (tag, head.clone())].map(|(name, commit)| Tag {
            name: name.to_owned(),
            commit,
            ..Tag::default()
        });
        let repository = Repository {
            id: 1,
            owner: "dataflow".to_owned(),
            name: "monorepo".to_owned(),
            tags: tags.into(),
            head_sha: head,
            ..Repository::default()
        };
        let token = Token {
            secret: "ghs_release".to_owned(),
            repositories: vec!["dataflow/monorepo".to_owned()],
            permissions: BTreeMap::from([("contents".to_owned(), "write".to_owned())]),
            ..Token::default()
        };
        let github =
            Sim::start(State { repositories: vec![repository], tokens: vec![token], ..State::default() }).unwrap();
        let runner = &mut monorepo.runner;
        runner.env("GITHUB_API_URL", &github.url());
        for (name, value) in [
            ("GITHUB_REPOSITORY", "dataflow/monorepo"),
            ("GITHUB_REPOSITORY_ID", "1"),
            ("GITHUB_REPOSITORY_OWNER_ID", "2"),
            ("GITHUB_WORKFLOW_REF", &format!("dataflow/monorepo/.github/workflows/release.yml@refs/tags/{tag}")),
            ("GITHUB_REF", &format!("refs/tags/{tag}")),
            ("GITHUB_REF_TYPE", "tag"),
            ("RUNNER_ENVIRONMENT", "self-hosted"),
        ] {
            runner.env(name, value);
        }
        runner.words(&["--secret", "GITHUB_TOKEN=ghs_release"]);
        for (name, value) in [
            ("REGISTRY", registry.prefix().as_str()),
            ("WIF_PROVIDER", identity::PROVIDER),
            ("DEPLOY_ACCOUNT", identity::account("release").as_str()),
        ] {
            runner.words(&["--var", &format!("{name}={value}")]);
        }
        Some(Self { monorepo, registry, github })
    }

    fn run(&self, tag: &str) -> Run {
        let payload = format!(
            r#"{{"ref": "refs/tags/{tag}", "before": "0000000000000000000000000000000000000000", "after": "@topic", "created": true,
                "repository": {{"default_branch": "main", "full_name": "dataflow/monorepo"}}}}"#
        );
        self.monorepo.run("push", &payload, "release.yml")
    }

    fn releases(&self) -> Vec<Release> {
        let mut releases = Vec::new();
        self.github.change(|state| releases.clone_from(&state.repositories[0].releases));
        releases
    }

    /// The digests of a tag, of all services.
    fn digests(&self, tag: &str) -> Vec<String> {
        SERVICES
            .iter()
            .map(|name| self.registry.crane(&["digest", &format!("{}/{name}:{tag}", self.registry.prefix())]))
            .collect()
    }

    fn tags(&self) -> Vec<String> {
        let mut tags: Vec<String> = self
            .registry
            .crane(&["ls", &format!("{}/orders", self.registry.prefix())])
            .lines()
            .map(str::to_owned)
            .collect();
        tags.retain(|tag| tag.starts_with('v'));
        tags.sort();
        tags
    }
}

#[test]
fn a_final_tag_is_released_and_running_twice_changes_nothing() {
    let Some(world) = World::new("v1.1.0") else { return };
    let run = world.run("v1.1.0");
    assert!(run.jobs().iter().all(|job| job.ends_with(" success")), "{:?}\n{}", run.jobs(), run.log);
    let releases = world.releases();
    let [release] = releases.as_slice() else { panic!("{releases:?}") };
    assert_eq!((release.draft, release.prerelease, release.tag_name.as_str()), (false, false, "v1.1.0"));
    let mut names: Vec<&str> = release.assets.iter().map(|asset| asset.name.as_str()).collect();
    names.sort_unstable();
    let expected = [
        "SHA256SUMS.txt",
        "shopctl-darwin-amd64",
        "shopctl-darwin-arm64",
        "shopctl-linux-amd64",
        "shopctl-linux-arm64",
        "shopctl-windows-amd64.exe",
    ];
    assert_eq!(names, expected);
    assert_eq!(world.tags(), ["v1", "v1.1", "v1.1.0"]);
    let built = format!("dev-{}", world.monorepo.git(&["rev-parse", "HEAD"]));
    for tag in ["v1", "v1.1", "v1.1.0"] {
        assert_eq!(world.digests(tag), world.digests(&built));
    }
    let again = world.run("v1.1.0");
    assert_eq!(again.jobs(), run.jobs(), "{}", again.log);
    assert_eq!(world.releases(), releases);
}

#[test]
fn a_candidate_is_a_pre_release_and_moves_no_tag() {
    let Some(world) = World::new("v1.1.0-rc.1") else { return };
    let run = world.run("v1.1.0-rc.1");
    assert!(run.jobs().iter().all(|job| job.ends_with(" success")), "{:?}\n{}", run.jobs(), run.log);
    let releases = world.releases();
    let [release] = releases.as_slice() else { panic!("{releases:?}") };
    assert_eq!((release.draft, release.prerelease), (false, true));
    assert_eq!(world.tags(), ["v1.1.0-rc.1"]);
}

#[test]
fn a_tag_below_the_ledger_releases_nothing() {
    let Some(world) = World::new("v1.0.1") else { return };
    let run = world.run("v1.0.1");
    assert_eq!(run.jobs(), ["Plan failure"], "{}", run.log);
    assert!(world.releases().is_empty() && world.tags().is_empty());
}
