//! When does a condition let a job run? Only what is certain is told.

/// When a job runs, as far as its `if:` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// Always.
    Always,
    /// Unless the run was cancelled.
    UnlessCancelled,
    /// When all jobs that it needs succeeded: there is no condition, or `success()`.
    AfterSuccess,
    /// Nobody can tell by the text alone.
    Sometimes,
}

/// Reads an `if:`. GitHub takes expressions without `${{ }}`, and functions in any case.
pub fn runs(condition: Option<&str>) -> Runs {
    let Some(text) = condition else { return Runs::AfterSuccess };
    let bare = bare(text);
    let compact: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
    match compact.to_ascii_lowercase().as_str() {
        "always()" => Runs::Always,
        "!cancelled()" => Runs::UnlessCancelled,
        "" | "success()" => Runs::AfterSuccess,
        _ => Runs::Sometimes,
    }
}

/// What stands between `${{` and `}}`, where all of the text does.
pub(crate) fn bare(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    inner.filter(|inner| !inner.contains("}}")).unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(condition: &str, expected: Runs) {
        assert_eq!(runs(Some(condition)), expected, "{condition}");
    }

    #[test]
    fn only_what_is_certain_is_told() {
        for always in ["always()", "${{ always() }}", "  ALWAYS ( ) ", "${{always()}}"] {
            check(always, Runs::Always);
        }
        for unless in ["!cancelled()", "${{ !cancelled() }}", "${{ ! Cancelled() }}"] {
            check(unless, Runs::UnlessCancelled);
        }
        for after in ["", "success()", "${{ success() }}"] {
            check(after, Runs::AfterSuccess);
        }
        let others = [
            "always() && github.event_name == 'push'",
            "${{ always() }} && false",
            "'always()'",
            "always",
            "failure()",
            "true",
            "${{ always() }}${{ always() }}",
            "!always()",
        ];
        for other in others {
            check(other, Runs::Sometimes);
        }
        assert_eq!(runs(None), Runs::AfterSuccess);
    }
}
