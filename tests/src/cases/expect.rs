//! What a run came to, as one text; and how two such texts differ.
use std::fmt::Write as _;

use action::oracle;

use super::names::Names;
use super::world::{FILES, Observed};

/// The text of a case's `expect`.
///
/// # Errors
/// A file command that the runner would refuse, or a log that leaves commands switched off: that is never expected.
pub(crate) fn text(observed: &Observed, names: &Names) -> Result<String, String> {
    let mut text = match observed.exit {
        Some(code) => format!("exit {code}\n"),
        None => "ended by a signal\n".to_owned(),
    };
    match &observed.files {
        None => {
            section(&mut text, "stdout", &String::from_utf8_lossy(&observed.stdout));
            section(&mut text, "stderr", &String::from_utf8_lossy(&observed.stderr));
        }
        Some(files) => step(&mut text, observed, files)?,
    }
    section(&mut text, "calls", &observed.calls);
    Ok(names.hide(&text))
}

/// A step's output, read as the runner reads it.
fn step(text: &mut String, observed: &Observed, files: &[Vec<u8>]) -> Result<(), String> {
    for (name, stream) in [("stdout", &observed.stdout), ("stderr", &observed.stderr)] {
        let log = oracle::log(stream);
        if log.stopped.is_some() {
            return Err(format!("{name} leaves workflow commands stopped for the rest of the job"));
        }
        let tokens: Vec<&str> = log.named("stop-commands").map(|command| command.data.as_str()).collect();
        let token = |name: &str| tokens.iter().any(|token| token.eq_ignore_ascii_case(name));
        let mut commands = String::new();
        for command in log.commands.iter().filter(|command| command.name != "stop-commands" && !token(&command.name)) {
            let _ = write!(commands, "{}", command.name);
            for (key, value) in &command.properties {
                let _ = write!(commands, " {key}={value:?}");
            }
            let _ = writeln!(commands, ": {}", command.data.replace('\n', "\n    "));
        }
        let mut plain = log.text.join("\n");
        if !plain.is_empty() {
            plain.push('\n');
        }
        section(text, name, &plain);
        section(text, &format!("commands on {name}"), &commands);
    }
    let refused = |at: usize, why: oracle::Refused| format!("the runner refuses {}: {why}", FILES[at]);
    section(text, "outputs", &records(&oracle::output(&files[0]).map_err(|why| refused(0, why))?));
    section(text, "summary", &oracle::summary(&files[1]).map_err(|why| refused(1, why))?);
    section(text, "env", &records(&oracle::env(&files[2]).map_err(|why| refused(2, why))?));
    section(text, "state", &records(&oracle::state(&files[3]).map_err(|why| refused(3, why))?));
    section(text, "path", &oracle::path(&files[4]).map_err(|why| refused(4, why))?.join("\n"));
    Ok(())
}

fn section(text: &mut String, name: &str, content: &str) {
    if content.is_empty() {
        return;
    }
    let end = if content.ends_with('\n') { "" } else { "\n(no line feed at the end)\n" };
    let _ = write!(text, "\n== {name}\n{content}{end}");
}

fn records(records: &[(String, String)]) -> String {
    let line = |(name, value): &(String, String)| format!("{name} = {}\n", value.replace('\n', "\n    "));
    records.iter().map(line).collect()
}

/// The lines that differ, with `-` in front of what was expected and `+` in front of what came, between equal lines.
pub(crate) fn difference(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    // lengths[i][j]: the longest common run of lines of old[i..] and new[j..].
    let mut lengths = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let skip = lengths[i + 1][j].max(lengths[i][j + 1]);
            lengths[i][j] = if old[i] == new[j] { lengths[i + 1][j + 1] + 1 } else { skip };
        }
    }
    let (mut i, mut j, mut text) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        let same = i < old.len() && j < new.len() && old[i] == new[j];
        let removed = j == new.len() || (i < old.len() && lengths[i + 1][j] >= lengths[i][j + 1]);
        let (mark, line) = if same {
            (' ', old[i])
        } else if removed {
            ('-', old[i])
        } else {
            ('+', new[j])
        };
        let _ = writeln!(text, "{mark} {line}");
        i += usize::from(same || removed);
        j += usize::from(same || !removed);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &str, found: &str, shown: &str) {
        assert_eq!(difference(expected, found), shown);
    }

    #[test]
    fn shows_what_differs() {
        check("a\nb\nc\n", "a\nx\nc\n", "  a\n- b\n+ x\n  c\n");
        check("", "a\n", "+ a\n");
        check("a\n", "", "- a\n");
    }

    fn step_text(stdout: &str, output: &str) -> Result<String, String> {
        let mut files = vec![Vec::new(); FILES.len()];
        files[0] = output.as_bytes().to_vec();
        let stdout = stdout.as_bytes().to_vec();
        let observed = Observed { exit: Some(0), stdout, stderr: Vec::new(), files: Some(files), calls: String::new() };
        text(&observed, &Names::default())
    }

    #[test]
    fn reads_a_step_as_the_runner_does() {
        let found = step_text("hello\n::error file=a%3Ab,line=3::bad%0Aworse\n", "k=v\nm<<E\n1\n2\nE\n");
        let expected = "exit 0\n\n== stdout\nhello\n\n== commands on stdout\nerror file=\"a:b\" line=\"3\": bad\n    worse\n\n\
                        == outputs\nk = v\nm = 1\n    2\n";
        assert_eq!(found.unwrap(), expected);
    }

    #[test]
    fn a_broken_file_command_is_never_expected() {
        assert!(step_text("", "k<<E\n1\n").unwrap_err().starts_with("the runner refuses GITHUB_OUTPUT: "));
        assert!(step_text("::stop-commands::t\nx\n", "").unwrap_err().contains("stopped"));
        assert_eq!(
            step_text("::stop-commands::T1\n::error::x\n::T1::\n", "").unwrap(),
            "exit 0\n\n== stdout\n::error::x\n"
        );
    }
}
