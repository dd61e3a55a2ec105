//! The inputs, checked and put together with what the run offers.
use std::path::PathBuf;

use action::{Failure, OrFail, Secret, Workflow};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use pathglob::{Glob, GlobList, Syntax};
use semver::{Prerelease, Version};

use crate::apply::Publishing;
use crate::inputs::{Format, NotesInputs, SourceInputs, Zero};
use crate::sections::Sections;
use crate::template::Template;

/// Which commits, and how they are read.
pub(crate) struct Source {
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) paths: GlobList,
    pub(crate) tag_prefix: Option<String>,
    pub(crate) deepen: bool,
    pub(crate) overrides: Option<String>,
    pub(crate) first_version: Option<Version>,
    /// The full ref of the event, such as `refs/tags/v1.2.0`.
    pub(crate) event_ref: Option<String>,
    pub(crate) credentials: Option<git::Credentials>,
}

/// Everything that decides about the notes.
pub(crate) struct Settings {
    pub(crate) source: Source,
    pub(crate) all: bool,
    pub(crate) sections: Sections,
    pub(crate) zero: Zero,
    pub(crate) pre: Option<String>,
    pub(crate) require_bump: bool,
    pub(crate) template: Template,
    pub(crate) changelog_file: Option<PathBuf>,
    pub(crate) notes_out: Option<PathBuf>,
    pub(crate) logins: bool,
    pub(crate) mentions: bool,
    pub(crate) format: Format,
    /// The repository's address on the website, where it is known from the workflow.
    pub(crate) website: Option<String>,
    pub(crate) publishing: Publishing,
}

impl NotesInputs {
    /// Checks the inputs.
    pub(crate) fn settings(self, workflow: &Workflow) -> Result<Settings, Failure> {
        let NotesInputs {
            source,
            all,
            sections,
            template,
            changelog_file,
            notes_out,
            require_bump,
            zero,
            pre,
            logins,
            mentions,
            token,
            release,
            assets,
            format,
        } = self;
        if let Some(pre) = &pre {
            let plain = Prerelease::new(pre).is_ok() && !pre.contains('.') && pre.parse::<u64>().is_err();
            let cause = "it has to be one identifier of a pre-release, and no number";
            plain.then_some(()).ok_or_else(|| Failure::inputs(format!("use pre `{}`", action::neutral(pre)), cause))?;
        }
        let api = token.as_ref().map(|token| {
            let token = github::Token::new(token.expose());
            github::Settings::from_env("release-changelog", Some(token), |name| std::env::var(name).ok())
        });
        let website = workflow.repository.as_ref().map(|repository| format!("{}/{repository}", workflow.server_url));
        Ok(Settings {
            source: source.settings(workflow, token.as_ref())?,
            all,
            sections: Sections::read(&sections)?,
            zero,
            pre,
            require_bump,
            template: template.as_deref().map(Template::load).transpose()?.unwrap_or_default(),
            changelog_file,
            notes_out,
            logins,
            mentions,
            format,
            website,
            publishing: Publishing { mode: release, assets, api, repository: workflow.repository.clone() },
        })
    }
}

impl SourceInputs {
    /// Checks the inputs.
    pub(crate) fn settings(self, workflow: &Workflow, token: Option<&Secret>) -> Result<Source, Failure> {
        let SourceInputs { range, from, to, paths, tag_prefix, deepen, overrides, first_version } = self;
        let (from, to) = match range {
            Some(_) if from.is_some() || to.is_some() => {
                let cause = "from and to say the same";
                return Err(Failure::inputs("use the range", cause).hint("give `FROM..TO`, or --from and --to"));
            }
            Some(range) => split(&range)?,
            None => (from, to),
        };
        let first_version = first_version.map(|text| version(&text)).transpose()?;
        Ok(Source {
            from,
            to,
            paths: globs(&paths)?,
            tag_prefix,
            deepen,
            overrides,
            first_version,
            event_ref: workflow.ref_full.clone(),
            credentials: token.map(|token| credentials(&workflow.server_url, token)),
        })
    }
}

/// The header that GitHub takes a token in for git over HTTPS.
fn credentials(server: &str, token: &Secret) -> git::Credentials {
    let basic = BASE64_STANDARD.encode(format!("x-access-token:{}", token.expose()));
    let server = format!("{}/", server.trim_end_matches('/'));
    git::Credentials { server, header: format!("AUTHORIZATION: basic {basic}") }
}

fn split(range: &str) -> Result<(Option<String>, Option<String>), Failure> {
    let side = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if range.contains("...") {
        let cause = "three dots mean what either side has, which is no release";
        return Err(Failure::inputs(format!("use the range {}", action::neutral(range)), cause).hint("write two dots"));
    }
    Ok(match range.split_once("..") {
        Some((from, to)) => (side(from), side(to)),
        None => (None, side(range)),
    })
}

fn version(text: &str) -> Result<Version, Failure> {
    let parsed = Version::parse(text.strip_prefix('v').unwrap_or(text));
    let parsed = parsed.or_bad_input(|| format!("use first-version `{}`", action::neutral(text)))?;
    if parsed.pre.is_empty() {
        return Ok(parsed);
    }
    let cause = "it is a pre-release";
    Err(Failure::inputs(format!("use first-version `{parsed}`"), cause)
        .hint("name the final one, and start it by `pre`"))
}

fn globs(patterns: &[String]) -> Result<GlobList, Failure> {
    let glob = |pattern: &String| {
        Glob::new(pattern, Syntax::GitHub).or_bad_input(|| format!("use the path `{}`", action::neutral(pattern)))
    };
    Ok(GlobList::new(patterns.iter().map(glob).collect::<Result<_, _>>()?))
}
