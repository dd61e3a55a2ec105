//! The Python services, by Poetry: the lock file, Ruff, mypy, pytest with coverage.
use std::path::PathBuf;
use std::process::Command;

use tests::parts;

use crate::copy::{Monorepo, fails, kept, run};

/// The index that pip is set up to use. Poetry asks for descriptions of single versions, which not every mirror has.
const INDEX: &str =
    "from pip._internal.commands import create_command as c; print(c('install').parse_args([])[0].index_url)";

#[test]
fn python_copilot() {
    service("copilot", "src/copilot/ranking.py", ("(SATURATION + 1)", "-(SATURATION + 1)"));
}

#[test]
fn python_migration_engine() {
    service("migration-engine", "src/migration_engine/expand_only.py", ("(?!INDEX\\b)", "(?!TABLE\\b)"));
}

/// All checks of a service pass; with one word of it changed its tests do not.
fn service(name: &str, source: &str, (word, other): (&str, &str)) {
    let Some(poetry) = Poetry::found() else { return };
    let monorepo = Monorepo::new(&format!("python-{name}"));
    let folder = format!("services/{name}");
    let step = |words: &str| poetry.command(&monorepo, &folder, words);
    poetry.install(&monorepo, &folder);
    for words in [
        "check --lock",
        "run ruff check .",
        "run ruff format --check .",
        "run mypy",
        "run pytest --quiet --cov --cov-report=xml --cov-report=term --cov-fail-under=80",
    ] {
        run(&mut step(words));
    }
    monorepo.mutate(&format!("{folder}/{source}"), word, other);
    fails(&mut step("run pytest --quiet"));
}

/// Poetry with the Python that the services want.
pub(crate) struct Poetry {
    program: PathBuf,
    python: PathBuf,
}

impl Poetry {
    /// Nothing when one of the two is missing, which is told.
    pub(crate) fn found() -> Option<Self> {
        Some(Self { python: parts::present("python-3.12")?, program: parts::needed("poetry")? })
    }

    /// A command line of Poetry in a folder.
    pub(crate) fn command(&self, monorepo: &Monorepo, folder: &str, words: &str) -> Command {
        let mut command = monorepo.command(folder, &self.program);
        command.args(words.split(' ')).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("POETRY_VIRTUALENVS_PATH", kept("python")).env("POETRY_NO_INTERACTION", "1");
        command
    }

    /// Makes the environment that the lock file describes; one that is there already is brought up to date.
    pub(crate) fn install(&self, monorepo: &Monorepo, folder: &str) {
        let index = run(monorepo.command(folder, self.program.with_file_name("python3")).args(["-c", INDEX]));
        run(self.command(monorepo, folder, "env use").arg(&self.python));
        run(self
            .command(monorepo, folder, "install")
            .env("POETRY_PYPI_MIRROR_URL", index.lines().next().unwrap_or_default()));
    }
}
