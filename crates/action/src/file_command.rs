//! File commands: `NAME=VALUE` records and lines appended to `GITHUB_OUTPUT` and its kin.
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Sixteen bytes from the operating system as hex: nobody can guess them.
///
/// # Errors
/// The operating system gives no random bytes.
pub(crate) fn token() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// One record: on one line where the value has no line break, else between random delimiters.
///
/// The runner splits a line at the first of `=` and `<<`, so a name must have neither, nor end in half of one.
///
/// # Errors
/// The name is not printable ASCII or has `=` or `<`, or there are no random bytes.
pub(crate) fn record(name: &str, value: &str) -> io::Result<String> {
    let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'=' | b'<');
    if name.is_empty() || !name.bytes().all(fits) {
        let name = name.escape_debug();
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("'{name}' cannot be the name of a value")));
    }
    if !value.contains(['\n', '\r']) {
        return Ok(format!("{name}={value}\n"));
    }
    let mut delimiter = format!("end_{}", token()?);
    while name.contains(&delimiter) || value.contains(&delimiter) {
        delimiter = format!("end_{}", token()?);
    }
    Ok(format!("{name}<<{delimiter}\n{value}\n{delimiter}\n"))
}

/// Appends whole lines in one write. When the file ends within a line, that line is ended first: whoever wrote it
/// forgot, and the runner would read both as one.
///
/// # Errors
/// The file cannot be opened or written.
pub(crate) fn append(path: &Path, lines: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let unended = !ends_a_line(&mut file)?;
    let text = if unended { format!("\n{lines}") } else { lines.to_owned() };
    file.write_all(text.as_bytes())
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    // Devices and pipes have no length; nothing was left behind there.
    if !file.metadata()?.is_file() || file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0_u8];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The delimiter of a record whose value has two lines.
    fn check(value: &str) -> String {
        let record = record("name", value).unwrap();
        let delimiter = record.strip_prefix("name<<").unwrap().split('\n').next().unwrap();
        assert_eq!(record, format!("name<<{delimiter}\n{value}\n{delimiter}\n"));
        delimiter.to_owned()
    }

    #[test]
    fn a_delimiter_cannot_be_guessed() {
        let all: std::collections::BTreeSet<String> = (0..100).map(|_| check("a\nb")).collect();
        assert_eq!(all.len(), 100);
        let digits = |delimiter: &str| delimiter.bytes().filter(u8::is_ascii_hexdigit).count() >= 32;
        assert!(all.iter().all(|delimiter| digits(delimiter)), "{all:?}");
    }

    #[test]
    fn every_record_ends_its_line() {
        assert_eq!(record("a", "b").unwrap(), "a=b\n");
        assert_eq!(record("a", "b<<c=d").unwrap(), "a=b<<c=d\n");
        check("\n");
        check("b\r");
    }
}
