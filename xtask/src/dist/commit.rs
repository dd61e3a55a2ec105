//! A commit of a tree whose id depends on the tree and the source commit alone.
use std::path::Path;

use crate::place;
use crate::program::Program;

/// Commits the tree into a bare repository beside it; gives the id.
pub(crate) fn commit(name: &str, tree: &Path) -> Result<String, String> {
    let source = Program::new("git", ["log", "-1", "--format=%H %ct"]).at(&place::root()).output()?;
    let (source, seconds) = source.trim().split_once(' ').ok_or("could not read the source commit")?;
    let repository = tree.with_extension("git");
    place::clear(&repository)?;
    Program::new("git", ["init".as_ref(), "--quiet".as_ref(), "--bare".as_ref(), repository.as_os_str()]).output()?;
    let git = |args: &[&str]| {
        let program = Program::new("git", args).env("GIT_DIR", &repository).env("GIT_WORK_TREE", tree).at(tree);
        let program = ["AUTHOR", "COMMITTER"].iter().fold(program, |program, who| {
            program
                .env(&format!("GIT_{who}_NAME"), "dataflow")
                .env(&format!("GIT_{who}_EMAIL"), "release@dataflow.invalid")
                .env(&format!("GIT_{who}_DATE"), format!("{seconds} +0000"))
        });
        program.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").output()
    };
    git(&["-c", "core.autocrlf=false", "add", "--all", "--force", "."])?;
    let id = git(&["write-tree"])?;
    let message = format!("release: {name} from {source}");
    let commit = git(&["-c", "commit.gpgSign=false", "commit-tree", id.trim(), "-m", &message])?;
    git(&["update-ref", "refs/heads/main", commit.trim()])?;
    Ok(commit.trim().to_owned())
}
