//! What the runner reads from `GITHUB_OUTPUT`, `GITHUB_STATE`, `GITHUB_ENV`, `GITHUB_PATH` and `GITHUB_STEP_SUMMARY`.
use std::error::Error;
use std::fmt;

/// Why the runner would refuse a file, all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl Error for Refused {}

/// Names and values in the order they were written; a name that comes twice has its last value in the end.
pub type Records = Vec<(String, String)>;

/// Reads `GITHUB_OUTPUT`.
///
/// # Errors
/// One bad line, and none of the file counts.
pub fn output(file: &[u8]) -> Result<Records, Refused> {
    records(file)
}

/// Reads `GITHUB_STATE`: the same rules.
///
/// # Errors
/// One bad line, and none of the file counts.
pub fn state(file: &[u8]) -> Result<Records, Refused> {
    records(file)
}

/// Reads `GITHUB_ENV`: the same rules, but `NODE_OPTIONS` is refused, and what no environment can hold.
///
/// # Errors
/// One bad line, and none of the file counts.
pub fn env(file: &[u8]) -> Result<Records, Refused> {
    let records = records(file)?;
    for (at, (name, value)) in records.iter().enumerate() {
        let refuse = |why: String| Err(Refused { line: at + 1, why });
        if name.eq_ignore_ascii_case("NODE_OPTIONS") {
            return refuse("NODE_OPTIONS may not be set".to_owned());
        }
        if name.contains('\0') || value.contains('\0') {
            return refuse(format!("{name:?} has a NUL byte, which no environment can hold"));
        }
    }
    Ok(records)
}

/// Reads `GITHUB_PATH`: a folder a line, blank lines skipped. A carriage return ends a line too.
///
/// # Errors
/// Bytes that are not UTF-8, which the runner would damage.
pub fn path(file: &[u8]) -> Result<Vec<String>, Refused> {
    let text = decoded(file)?.replace("\r\n", "\n").replace('\r', "\n");
    Ok(text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// Checks `GITHUB_STEP_SUMMARY`: over 1 MiB all of it is dropped.
///
/// # Errors
/// Too big, or bytes that are not UTF-8.
pub fn summary(file: &[u8]) -> Result<String, Refused> {
    if file.len() > 1 << 20 {
        return Err(Refused { line: 1, why: format!("{} bytes are more than 1 MiB", file.len()) });
    }
    decoded(file).map(str::to_owned)
}

fn decoded(file: &[u8]) -> Result<&str, Refused> {
    let line = |end: usize| file[..end].iter().filter(|&&byte| byte == b'\n').count() + 1;
    if file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]) {
        return Err(Refused {
            line: 1,
            why: "the file starts as UTF-16, and the runner would read it as that".to_owned(),
        });
    }
    let text = std::str::from_utf8(file)
        .map_err(|error| Refused { line: line(error.valid_up_to()), why: "not UTF-8".to_owned() })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn records(file: &[u8]) -> Result<Records, Refused> {
    let mut lines = Lines { rest: decoded(file)?, line: 0 };
    let mut records = Vec::new();
    while let Some((line, _)) = lines.next() {
        if line.is_empty() {
            continue;
        }
        let at = lines.line;
        let refuse = |why: &str| Refused { line: at, why: format!("{why}: {line:?}") };
        // The earlier of the two marks decides.
        let equals = line.find('=').unwrap_or(usize::MAX);
        let heredoc = line.find("<<").unwrap_or(usize::MAX);
        if equals < heredoc {
            let name = &line[..equals];
            if name.is_empty() {
                return Err(refuse("no name"));
            }
            records.push((name.to_owned(), line[equals + 1..].to_owned()));
        } else if heredoc < equals {
            let (name, delimiter) = (&line[..heredoc], &line[heredoc + 2..]);
            if name.is_empty() || delimiter.is_empty() {
                return Err(refuse("neither name nor delimiter may be empty"));
            }
            let value = lines.until(delimiter).ok_or_else(|| refuse("the end marker is missing"))?;
            records.push((name.to_owned(), value.to_owned()));
        } else {
            return Err(refuse("neither NAME=VALUE nor NAME<<DELIMITER"));
        }
    }
    Ok(records)
}

/// Lines ended by a line feed; a carriage return is part of a line, on the systems that we serve.
struct Lines<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lines<'a> {
    /// The next line, and whether a line feed ended it.
    fn next(&mut self) -> Option<(&'a str, bool)> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let (line, rest, ended) = match self.rest.split_once('\n') {
            Some((line, rest)) => (line, rest, true),
            None => (self.rest, "", false),
        };
        self.rest = rest;
        Some((line, ended))
    }

    /// Everything up to the line that is the delimiter, without the line feed in front of it.
    fn until(&mut self, delimiter: &str) -> Option<&'a str> {
        let start = self.rest;
        let mut length: usize = 0;
        loop {
            let (line, ended) = self.next()?;
            if line == delimiter {
                return Some(&start[..length.saturating_sub(1)]);
            }
            if !ended {
                return None;
            }
            length += line.len() + 1;
        }
    }
}
