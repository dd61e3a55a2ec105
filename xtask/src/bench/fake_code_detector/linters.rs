//! The linters beside ours: ten rules each that are about the same things, as warnings.
use std::path::Path;

use super::super::measure::Subject;
use crate::place;

/// Rules that both have: code that does nothing, says nothing or always says the same. ESLint's own no-unused-vars stumbles over TypeScript.
const RULES: [&str; 10] = [
    "no-constant-binary-expression",
    "no-constant-condition",
    "no-empty",
    "no-empty-function",
    "no-self-compare",
    "no-unreachable",
    "no-unused-expressions",
    "no-useless-catch",
    "no-warning-comments",
    "require-await",
];

/// One thread; what a folder ignores is looked at too.
pub(super) fn oxlint(program: &Path, folder: &Path) -> Result<Subject, String> {
    let options = ["--threads", "1", "--no-ignore", "--disable-nested-config", "-A", "all"];
    let rules = RULES.iter().flat_map(|rule| ["-W", rule]);
    Ok(Subject::new(program.join("bin/oxlint"), folder).args(options).args(rules).args(["."]))
}

/// It has one thread.
pub(super) fn eslint(program: &Path, folder: &Path) -> Result<Subject, String> {
    let parser = program.with_file_name("@typescript-eslint").join("parser/dist/index.js");
    let rules = RULES.map(|rule| format!("    \"{rule}\": \"warn\",\n")).concat();
    let config = format!(
        "import parser from \"{}\";\nexport default [{{\n  files: [\"**/*.{{ts,tsx,mts,cts,js,jsx,mjs,cjs}}\"],\n  \
         languageOptions: {{ parser, parserOptions: {{ ecmaFeatures: {{ jsx: true }} }} }},\n  rules: {{\n{rules}  }},\n}}];\n",
        parser.display()
    );
    let file = place::in_target("bench/fake-code-detector")?.join("eslint.config.mjs");
    place::write(&file, config)?;
    let options = ["--no-inline-config", "--format", "json", "--config"];
    Ok(Subject::new(program.join("bin/eslint.js"), folder).args(options).args([file.as_os_str()]).args(["."]))
}

/// `Finished in 92ms on 700 files with 10 rules using 1 threads.`
pub(super) fn files_of_oxlint(said: &str) -> Option<usize> {
    let line = said.lines().rev().find(|line| line.contains("Finished in"))?;
    line.split_once(" on ")?.1.split_whitespace().next()?.parse().ok()
}

/// An entry for each file, also for those without a finding.
pub(super) fn files_of_eslint(said: &str) -> Option<usize> {
    let files: Vec<serde_json::Value> = serde_json::from_str(said).ok()?;
    Some(files.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_linter_says_how_many_files_it_saw() {
        let said = "x\n\nFound 3 warnings.\nFinished in 92ms on 700 files with 10 rules using 1 threads.\n";
        assert_eq!(files_of_oxlint(said), Some(700));
        assert_eq!(files_of_oxlint("No files found"), None);
        assert_eq!(files_of_eslint(r#"[{"filePath": "a"}, {"filePath": "b"}]"#), Some(2));
        assert_eq!(files_of_eslint("Oops"), None);
    }
}
