//! Building a static binary whose bytes depend on the source alone, not on the folder that it was built in.
use std::env;
use std::path::{Path, PathBuf};

use super::Target;
use crate::program::Program;
use crate::{parts, place};

/// A way to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// For releases.
    Musl(Target),
    /// For this machine, glibc linked in.
    Host { debug: bool },
}

impl Build {
    /// The platform that the result runs on.
    pub(crate) fn target(self) -> Target {
        match self {
            Self::Musl(target) => target,
            Self::Host { .. } if cfg!(target_arch = "aarch64") => Target::Aarch64,
            Self::Host { .. } => Target::X86_64,
        }
    }

    /// Whether the result can be started on this machine.
    pub(crate) fn runs_here(self) -> bool {
        self.target() == Self::Host { debug: false }.target()
    }

    fn triple(self) -> String {
        let arch = if self.target() == Target::Aarch64 { "aarch64" } else { "x86_64" };
        let libc = if matches!(self, Self::Musl(_)) { "musl" } else { "gnu" };
        format!("{arch}-unknown-linux-{libc}")
    }
}

/// Tools whose binary is made small rather than fast, since they wait nearly all of their time: by the profile of that name.
const SMALL: [&str; 1] = ["canary-step"];

/// Builds the binary `name` and gives its path.
pub(crate) fn build(name: &str, build: Build) -> Result<PathBuf, String> {
    if build == (Build::Host { debug: true }) {
        // With the tests' own flags, so that nothing is compiled twice for it.
        Program::cargo(["build", "--quiet", "--package", name, "--bin", name]).run()?;
        return Ok(place::target().join("debug").join(name));
    }
    let profile = if SMALL.contains(&name) { "small" } else { "release" };
    let package = ["--package", name, "--bin", name, "--profile", profile, "--target"];
    let package: Vec<String> = package.into_iter().map(str::to_owned).chain([build.triple()]).collect();
    let folder = match build {
        Build::Host { .. } => {
            println!("{name}: static glibc build for this machine");
            host(&package)?
        }
        Build::Musl(_) => musl(name, build, &package)?,
    };
    Ok(folder.join(build.triple()).join(profile).join(name))
}

fn host(package: &[String]) -> Result<PathBuf, String> {
    let target = place::in_target("static")?;
    let program = Program::cargo(["build", "--quiet"].map(str::to_owned).iter().chain(package));
    flags(program, &["-Ctarget-feature=+crt-static"], None).env("CARGO_TARGET_DIR", &target).run()?;
    Ok(target)
}

/// zig has the C library, and a panic ends the process without walking its stack, so no table is needed for that: a tenth of
/// a small binary.
const MUSL: [&str; 2] = ["-Clink-self-contained=no", "-Cforce-unwind-tables=no"];

/// With the ordinary musl target where it is installed; else the standard library is built along from Debian's source.
fn musl(name: &str, build: Build, package: &[String]) -> Result<PathBuf, String> {
    let (zig, zigbuild) = (parts::get("zig")?, parts::get("zigbuild")?);
    let target = place::in_target("musl")?;
    let tools = [zig.parent(), zigbuild.parent()].into_iter().flatten().map(Path::to_path_buf);
    let program = if installed(&build.triple()) {
        println!("{name}: musl build with the installed target {}", build.triple());
        let args = ["build".to_owned()];
        let program = Program::new(&zigbuild, args.iter().chain(package)).env("PATH", path(tools)?);
        flags(program, &MUSL, None)
    } else {
        let debian = parts::get("debian-rust")?;
        println!("{name}: musl build with Debian's rustc {} and its own standard library", debian.display());
        // Without its backtraces: `action` has a panic hook of its own, which prints none.
        let args = ["build", "-Zbuild-std=std,panic_abort", "-Zbuild-std-features="].map(str::to_owned);
        let program = Program::new(&zigbuild, args.iter().chain(package))
            .env("PATH", path([debian.join("bin")].into_iter().chain(tools))?)
            .env("LD_LIBRARY_PATH", debian.join("lib/x86_64-linux-gnu"))
            .env("RUSTC", debian.join("bin/rustc"))
            .env("RUSTDOC", debian.join("bin/rustdoc"))
            .env("CARGO", debian.join("bin/cargo"))
            .env("RUSTC_BOOTSTRAP", "1")
            .without("RUSTUP_TOOLCHAIN");
        flags(program, &MUSL, Some(&debian))
    };
    program
        .at(&place::root())
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_ZIGBUILD_CACHE_DIR", target.join("zig"))
        .run()?;
    Ok(target)
}

fn installed(triple: &str) -> bool {
    let asked = Program::new("rustc", ["--print", "target-libdir", "--target", triple]).at(&place::root()).output();
    asked.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn path(first: impl Iterator<Item = PathBuf>) -> Result<std::ffi::OsString, String> {
    let usual = env::var_os("PATH").unwrap_or_default();
    env::join_paths(first.chain(env::split_paths(&usual))).map_err(|e| format!("could not make a PATH: {e}"))
}

/// The compiler's flags: `more`, and fixed names for every folder of this machine.
fn flags(program: Program, more: &[&str], toolchain: Option<&Path>) -> Program {
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let mut names = vec![(cargo, "/cargo"), (place::target(), "/target"), (place::root(), "/source")];
    names.extend(toolchain.map(|folder| (folder.to_path_buf(), "/rust")));
    let remap = |(folder, name): &(PathBuf, &str)| format!("--remap-path-prefix={}={name}", folder.display());
    let rust: Vec<String> = more.iter().map(|flag| (*flag).to_owned()).chain(names.iter().map(remap)).collect();
    let map = |(folder, name): &(PathBuf, &str)| format!("-ffile-prefix-map={}={name}", folder.display());
    let c: Vec<String> = names.iter().map(map).collect();
    let date = Program::new("git", ["log", "-1", "--format=%ct"]).at(&place::root()).output();
    program
        .env("CARGO_ENCODED_RUSTFLAGS", rust.join("\u{1f}"))
        .env("CFLAGS", c.join(" "))
        .env("SOURCE_DATE_EPOCH", date.as_deref().map_or("0", str::trim))
        .without("RUSTFLAGS")
}
