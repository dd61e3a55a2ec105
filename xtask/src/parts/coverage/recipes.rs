//! The commands that make the reports of `fixtures/coverage-gate/real`, in order.

/// Commands that leave reports behind.
pub(crate) struct Recipe {
    /// The parts whose programs it runs.
    pub(crate) tools: &'static [&'static str],
    /// The folder of the tree where it runs.
    pub(crate) at: &'static str,
    /// The command lines, for a shell.
    pub(crate) commands: &'static [&'static str],
    /// The files that they leave, each with the name that it gets in the fixtures.
    pub(crate) makes: &'static [(&'static str, &'static str)],
}

const VITEST_V8: &str = "vitest run --coverage.enabled --coverage.provider=v8";
const VITEST_ISTANBUL: &str = "vitest run --coverage.enabled --coverage.provider=istanbul";

/// All recipes. Later ones use what earlier ones built.
pub(crate) const RECIPES: &[Recipe] = &[
    Recipe {
        tools: &["coverage-py"],
        at: "python",
        commands: &[
            "pytest --cov --cov-report=xml --cov-report=json --cov-report=lcov",
            "coverage report --show-missing > coverage.txt",
        ],
        makes: &[
            ("coverage.xml", "reports/coverage-py.cobertura.xml"),
            ("coverage.json", "reports/coverage-py.json"),
            ("coverage.lcov", "reports/coverage-py.lcov"),
            ("coverage.txt", "said/coverage-py.txt"),
        ],
    },
    Recipe {
        tools: &["vitest-3"],
        at: "web",
        commands: &[VITEST_V8],
        makes: &[
            ("coverage/cobertura-coverage.xml", "reports/vitest3-v8.cobertura.xml"),
            ("coverage/lcov.info", "reports/vitest3-v8.lcov"),
            ("coverage/clover.xml", "reports/vitest3-v8.clover.xml"),
            ("coverage/coverage-final.json", "reports/vitest3-v8.final.json"),
            ("coverage/coverage-summary.json", "reports/vitest3-v8.summary.json"),
            ("coverage/coverage.txt", "said/vitest3-v8.txt"),
        ],
    },
    Recipe {
        tools: &["vitest-3"],
        at: "web",
        commands: &[VITEST_ISTANBUL],
        makes: &[
            ("coverage/cobertura-coverage.xml", "reports/vitest3-istanbul.cobertura.xml"),
            ("coverage/lcov.info", "reports/vitest3-istanbul.lcov"),
            ("coverage/clover.xml", "reports/vitest3-istanbul.clover.xml"),
            ("coverage/coverage-final.json", "reports/vitest3-istanbul.final.json"),
            ("coverage/coverage-summary.json", "reports/vitest3-istanbul.summary.json"),
            ("coverage/coverage.txt", "said/vitest3-istanbul.txt"),
        ],
    },
    Recipe {
        tools: &["vitest-4"],
        at: "web",
        commands: &[VITEST_V8],
        makes: &[
            ("coverage/cobertura-coverage.xml", "reports/vitest4-v8.cobertura.xml"),
            ("coverage/lcov.info", "reports/vitest4-v8.lcov"),
            ("coverage/coverage-final.json", "reports/vitest4-v8.final.json"),
            ("coverage/coverage.txt", "said/vitest4-v8.txt"),
        ],
    },
    // One package at a time, because the profiles are put together in the order in which the tests end.
    Recipe {
        tools: &[],
        at: "backend",
        commands: &[
            "go test -p=1 -covermode=atomic -coverpkg=./... -coverprofile=cover.out ./...",
            "go tool cover -func=cover.out > cover.txt",
        ],
        makes: &[("cover.out", "reports/go-backend.coverprofile"), ("cover.txt", "said/go-backend.txt")],
    },
    Recipe {
        tools: &[],
        at: "backend/cli",
        commands: &[
            "go test -p=1 -coverpkg=./... -coverprofile=cover.out ./...",
            "go tool cover -func=cover.out > cover.txt",
        ],
        makes: &[("cover.out", "reports/go-cli.coverprofile"), ("cover.txt", "said/go-cli.txt")],
    },
    Recipe {
        tools: &["g++"],
        at: "native",
        commands: &["mkdir build", "g++ --coverage -O0 -o build/all src/*.cpp", "build/all"],
        makes: &[],
    },
    Recipe {
        tools: &["gcovr"],
        at: "native",
        commands: &["gcovr --root . --xml gcovr.xml", "gcovr --root . > gcovr.txt"],
        makes: &[("gcovr.xml", "reports/gcovr5.cobertura.xml"), ("gcovr.txt", "said/gcovr5.txt")],
    },
    Recipe {
        tools: &["gcovr-8"],
        at: "native",
        commands: &[
            "gcovr --root . --timestamp 1767323045 --cobertura gcovr8.xml --clover gcovr8.clover --lcov gcovr8.lcov --jacoco gcovr8.jacoco --txt gcovr8.txt",
        ],
        makes: &[
            ("gcovr8.xml", "reports/gcovr8.cobertura.xml"),
            ("gcovr8.clover", "reports/gcovr8.clover.xml"),
            ("gcovr8.lcov", "reports/gcovr8.lcov"),
            ("gcovr8.jacoco", "undecidable/gcovr8.jacoco.xml"),
            ("gcovr8.txt", "said/gcovr8.txt"),
        ],
    },
    Recipe {
        tools: &["lcov"],
        at: "native",
        commands: &[
            "lcov --capture --directory build --base-directory . --no-external --rc lcov_branch_coverage=1 --output-file lcov.info",
            "lcov --list lcov.info --rc lcov_branch_coverage=1 > lcov.txt",
        ],
        makes: &[("lcov.info", "reports/lcov1.lcov"), ("lcov.txt", "said/lcov1.txt")],
    },
    Recipe {
        tools: &["clang", "llvm"],
        at: "native",
        commands: &[
            "clang++-22 -fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc -o llvm src/*.cpp",
            "LLVM_PROFILE_FILE=llvm.profraw ./llvm",
            "llvm-profdata-22 merge -sparse -o llvm.profdata llvm.profraw",
            "llvm-cov-22 export -instr-profile=llvm.profdata ./llvm > llvm.json",
            "llvm-cov-22 export -format=lcov -instr-profile=llvm.profdata ./llvm > llvm.lcov",
            "llvm-cov-22 show -show-instantiations=false -instr-profile=llvm.profdata ./llvm > llvm.txt",
        ],
        makes: &[
            ("llvm.json", "reports/llvm-cpp.json"),
            ("llvm.lcov", "reports/llvm-cpp.lcov"),
            ("llvm.txt", "said/llvm-cpp.txt"),
        ],
    },
    Recipe {
        tools: &["llvm"],
        at: "meter",
        commands: &[
            "rustc --edition=2021 --crate-name=meter --test -C instrument-coverage -o meter src/lib.rs",
            "LLVM_PROFILE_FILE=meter.profraw ./meter",
            "llvm-profdata-22 merge -sparse -o meter.profdata meter.profraw",
            "llvm-cov-22 export -instr-profile=meter.profdata ./meter > meter.json",
            "llvm-cov-22 export -format=lcov -instr-profile=meter.profdata ./meter > meter.lcov",
            "llvm-cov-22 show -show-instantiations=false -instr-profile=meter.profdata ./meter > meter.txt",
        ],
        makes: &[
            ("meter.json", "reports/llvm-rust.json"),
            ("meter.lcov", "reports/llvm-rust.lcov"),
            ("meter.txt", "said/llvm-rust.txt"),
        ],
    },
    Recipe {
        tools: &["maven"],
        at: "jvm",
        commands: &["mvn --batch-mode --quiet test"],
        makes: &[
            ("billing/target/site/jacoco/jacoco.xml", "reports/jacoco-billing.xml"),
            ("billing/target/site/jacoco/jacoco.csv", "said/jacoco-billing.csv"),
            ("shipping/target/site/jacoco/jacoco.xml", "reports/jacoco-shipping.xml"),
            ("shipping/target/site/jacoco/jacoco.csv", "said/jacoco-shipping.csv"),
            ("report/target/site/jacoco-aggregate/jacoco.xml", "reports/jacoco-aggregate.xml"),
            ("report/target/site/jacoco-aggregate/jacoco.csv", "said/jacoco-aggregate.csv"),
        ],
    },
];
