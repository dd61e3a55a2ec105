//! Lists of file names for scripts: JSON, CSV, shell words, backslash escapes. No name, however hostile, leaves its word.
use std::fmt::Write as _;

/// The formats of `list-files`; names as in dorny/paths-filter.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ListFormat {
    /// No list.
    #[default]
    None,
    /// RFC 4180 fields, separated by commas.
    Csv,
    /// A JSON array of strings.
    Json,
    /// Words for bash, quoted where needed, separated by spaces.
    Shell,
    /// Words for bash with backslashes, separated by spaces.
    Escape,
}

/// All names in one format. `None` gives an empty text.
pub fn list<'a>(format: ListFormat, names: impl Iterator<Item = &'a [u8]>) -> String {
    match format {
        ListFormat::None => String::new(),
        ListFormat::Json => serde_json::Value::from(names.map(text).collect::<Vec<_>>()).to_string(),
        ListFormat::Csv => names.map(csv).collect::<Vec<_>>().join(","),
        ListFormat::Shell => names.map(|name| shell(name, quoted)).collect::<Vec<_>>().join(" "),
        ListFormat::Escape => names.map(|name| shell(name, escaped)).collect::<Vec<_>>().join(" "),
    }
}

/// The name as text: bytes that are not UTF-8 become `\xNN`, everything else stays.
pub fn text(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// Whether a name can do harm where it is printed or read by a script: control characters (a tab is none), line separators,
/// bidirectional overrides, bytes that are not UTF-8.
pub fn is_hostile(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_err() || text(name).chars().any(|c| is_control(c) || is_deceptive(c))
}

/// Control characters, C1 and line separators included; a tab is harmless inside quotes.
fn is_control(c: char) -> bool {
    c != '\t' && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Characters that reorder or hide text (<https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing>).
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_safe(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '_' | '+' | ':' | '@' | '%' | '/' | '-')
}

/// RFC 4180: quoted unless every character is plainly safe; a quote is doubled.
fn csv(name: &[u8]) -> String {
    let name = text(name);
    if !name.is_empty() && name.chars().all(|c| is_safe(c) && c != ',') {
        return name;
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// One word for bash: a leading `-` is never an option, and control characters and broken UTF-8 travel as `$'…'`.
fn shell(name: &[u8], ordinary: fn(&str) -> String) -> String {
    let dashed = [b"./", name].concat();
    let name = if name.starts_with(b"-") { &dashed } else { name };
    match std::str::from_utf8(name) {
        Ok(name) if !name.chars().any(is_control) => ordinary(name),
        _ => ansi_c(name),
    }
}

/// Bash's `$'…'`: <https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html>.
fn ansi_c(name: &[u8]) -> String {
    let mut out = String::from("$'");
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\\' | '\'' => out.extend(['\\', c]),
                c if is_control(c) => c.encode_utf8(&mut [0; 4]).bytes().for_each(|b| hex(&mut out, b)),
                c => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|b| hex(&mut out, *b));
    }
    out.push('\'');
    out
}

fn hex(out: &mut String, byte: u8) {
    let _ = write!(out, "\\x{byte:02x}");
}

/// Quotes as upstream does: none, double around a lone single quote, single otherwise.
fn quoted(name: &str) -> String {
    if name.chars().all(is_safe) {
        return name.to_owned();
    }
    if !name.contains('\'') {
        return format!("'{name}'");
    }
    if name.chars().all(|c| is_safe(c) || c == '\'' || c.is_whitespace()) {
        return format!("\"{name}\"");
    }
    name.split('\'').map(quoted).collect::<Vec<_>>().join("\\'")
}

/// A backslash before each character that is not plainly safe; characters outside the basic plane need none and upstream breaks them.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len() * 2);
    for c in name.chars() {
        if !is_safe(c) && c <= '\u{ffff}' {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
