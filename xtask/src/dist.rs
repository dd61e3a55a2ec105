//! `cargo xtask dist`: the tree that users of an action get, with its static binary, measured and gated by size.
mod build;
mod commit;
mod tree;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::place;
pub(crate) use build::Build;

/// What to build.
#[derive(Args)]
pub(crate) struct Options {
    /// Tools to build; all of them when none is named
    names: Vec<String>,
    /// Platforms to build for; x86_64 when none is given
    #[arg(long = "target", value_enum)]
    targets: Vec<Target>,
    /// Build for this machine's own libc instead, statically: quicker, and nothing to install
    #[arg(long, conflicts_with = "targets")]
    host: bool,
    /// With --host: an unoptimised and dynamic build, for tests
    #[arg(long, requires = "host")]
    debug: bool,
    /// Folder for the trees; target/dist when not given
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also commit each tree, with an id that depends on nothing but the tree and the source commit
    #[arg(long)]
    commit: bool,
}

/// A platform that releases serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Linux on x86_64, musl.
    #[value(name = "x86_64")]
    X86_64,
    /// Linux on aarch64, musl.
    Aarch64,
}

impl Target {
    /// The folder name in a tree, as the launcher looks for it.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::X86_64 => "linux-x86_64",
            Self::Aarch64 => "linux-aarch64",
        }
    }
}

/// Builds the chosen trees.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let bins = place::bins();
    if let Some(unknown) = options.names.iter().find(|name| !bins.contains(name)) {
        return Err(format!("there is no tool {unknown}; there are {}", bins.join(", ")));
    }
    let names = if options.names.is_empty() { &bins } else { &options.names };
    let out = match &options.out {
        Some(out) => out.clone(),
        None => place::in_target("dist")?,
    };
    let mut problems = Vec::new();
    for name in names {
        problems.extend(one(options, name, &out.join(name))?);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

/// Builds one tree; gives what is wrong with it.
fn one(options: &Options, name: &str, tree: &std::path::Path) -> Result<Vec<String>, String> {
    let targets: &[Target] = if options.targets.is_empty() { &[Target::X86_64] } else { &options.targets };
    let builds: Vec<Build> = match (options.host, options.debug) {
        (true, debug) => vec![Build::Host { debug }],
        (false, _) => targets.iter().map(|target| Build::Musl(*target)).collect(),
    };
    tree::start(name, tree)?;
    let mut problems = Vec::new();
    for build in builds {
        let binary = build::build(name, build)?;
        let placed = tree::add(name, tree, (build.target(), &binary))?;
        let facts = tree::measure(&placed, build.runs_here())?;
        println!("{name} {}: {facts}", build.target().folder());
        if !options.debug {
            let compressed = Some((facts.compressed, tree::limit(name)?, " compressed"));
            let raw = tree::raw_limit(name, build).map(|limit| (facts.raw, limit, ""));
            problems.extend(compressed.into_iter().chain(raw).filter_map(|size| over(name, size)));
        }
    }
    tree::finish(tree)?;
    println!("{name}: {}", tree.display());
    if options.commit {
        println!("{name}: commit {}", commit::commit(name, tree)?);
    }
    Ok(problems)
}

/// What is wrong with a size in bytes.
fn over(name: &str, (size, limit, how): (usize, usize, &str)) -> Option<String> {
    (size > limit).then(|| format!("{name} is {} KiB{how}, over the limit of {} KiB", size / 1024, limit / 1024))
}

/// The static binary that users get, on this platform: of musl, or of this machine's own libc where that cannot be built.
pub(crate) fn shipped(name: &str) -> Result<PathBuf, String> {
    let target = Build::Host { debug: false }.target();
    build::build(name, Build::Musl(target)).or_else(|failure| {
        println!("not the binary that is shipped, because its build failed: {failure}");
        build::build(name, Build::Host { debug: false })
    })
}

/// The binary in the tree of a tool that was built for this machine.
pub(crate) fn host_binary(name: &str) -> Result<PathBuf, String> {
    let folder = Build::Host { debug: false }.target().folder();
    Ok(place::in_target("dist")?.join(name).join("bin").join(folder).join(name))
}
