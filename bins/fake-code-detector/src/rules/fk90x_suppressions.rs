//! FK901 to FK904: what is wrong with suppressions and with the baseline. They are found by `decide`, which knows the day.
use crate::finding::Severity;
use crate::rules::{Rule, Scope};

const fn rule(
    id: &'static str,
    name: &'static str,
    (about, details, repair): (&'static str, &'static str, &'static str),
    (bad, good): (&'static str, &'static str),
) -> Rule {
    Rule {
        id,
        name,
        severity: Severity::Error,
        scope: Scope::Production,
        about,
        details,
        repair,
        bad,
        good,
        check: |_, _| {},
    }
}

/// A suppression without rule, day or reason.
pub(crate) static FK901: Rule = rule(
    "FK901",
    "suppression-without-reason",
    (
        "A suppression lacks its rule, its last day or a reason of ten characters",
        "Such a comment suppresses nothing. It counts for the next statement, member, property or attribute only.",
        "write `// fake-ok FK201 until 2027-03-31 #482: why it may stay until then`",
    ),
    (
        "// fake-ok FK201\nconst load = Math.random();\n",
        "// fake-ok FK201 until 2027-03-31 #482: demo tenant only\nconst load = Math.random();\n",
    ),
);
/// A suppression whose day has passed, or is too far away.
pub(crate) static FK902: Rule = rule(
    "FK902",
    "suppression-expired",
    (
        "A suppression's last day has passed, or is further away than suppressions may last",
        "180 days are the most, unless `max-suppression-days` of the configuration says otherwise. What it suppressed is found again.",
        "repair the code, or decide anew and say why",
    ),
    ("// fake-ok FK201 until 2024-01-31: demo tenant only\n", "// fake-ok FK201 until 2027-03-31: demo tenant only\n"),
);
/// A suppression of nothing.
pub(crate) static FK903: Rule = rule(
    "FK903",
    "suppression-unused",
    (
        "A suppression stands before code in which its rules find nothing",
        "Left behind, it would hide the next fake. A comment before a class does not reach into its methods.",
        "remove the comment",
    ),
    (
        "// fake-ok FK201 until 2027-03-31: demo tenant only\nconst load = os.loadavg()[0];\n",
        "const load = os.loadavg()[0];\n",
    ),
);
/// An entry of the baseline that is gone.
pub(crate) static FK904: Rule = rule(
    "FK904",
    "baseline-stale",
    (
        "The baseline knows a finding that is gone",
        "Left behind, it would hide the next one of the same shape. Only mode `all` can tell.",
        "run `fake-code-detector baseline --prune` and commit the file",
    ),
    ("", ""),
);
