//! Which format a report has, by what it begins with; names and endings of files say nothing.
use std::io::Read;

use super::input::Input;
use super::number::shown;
use super::{Kind, Problem};

/// How much of a report is looked at.
const HEAD: usize = 64 << 10;

/// How the names in a report are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, or bytes that nobody calls anything.
    Bytes,
    /// ISO 8859-1 or its subset of Windows.
    Latin1,
}

/// Looks, and passes over a byte order mark.
///
/// # Errors
/// `empty-report`, `encoding`, `unknown-format`.
pub(super) fn recognise<R: Read>(input: &mut Input<R>) -> Result<(Kind, Encoding), Problem> {
    if input.look(3)?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    let head = &input.look(HEAD)?;
    let head = &head[..head.len().min(HEAD)];
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || head.get(..4).is_some_and(wide) {
        return Err(Problem::new("encoding", 0, "it is written in UTF-16 or UTF-32; write it in UTF-8"));
    }
    let text = head.trim_ascii_start();
    if text.is_empty() {
        return Err(Problem::new("empty-report", 0, "the report is empty"));
    }
    match text[0] {
        b'<' => Ok((xml_kind(text)?, encoding(text)?)),
        b'{' => Ok((json_kind(text)?, Encoding::Bytes)),
        _ => Ok((text_kind(text)?, Encoding::Bytes)),
    }
}

/// `<?xml` or `<cov` in UTF-16 without a mark.
fn wide(head: &[u8]) -> bool {
    matches!(head, [0, b'<', 0, _] | [b'<', 0, _, 0])
}

fn unknown(what: &str) -> Problem {
    let known = "Cobertura, LCOV, JaCoCo, Go, Clover, istanbul JSON, coverage.py JSON, llvm-cov JSON";
    Problem::new("unknown-format", 0, format!("it looks like {what}, and is none of: {known}"))
}

/// What the XML declaration says.
fn encoding(text: &[u8]) -> Result<Encoding, Problem> {
    let Some(declaration) = text.strip_prefix(b"<?xml") else { return Ok(Encoding::Bytes) };
    let declaration = &declaration[..memchr::memmem::find(declaration, b"?>").unwrap_or(declaration.len())];
    let Some(at) = memchr::memmem::find(declaration, b"encoding") else { return Ok(Encoding::Bytes) };
    let value = declaration[at + 8..].trim_ascii_start().strip_prefix(b"=").unwrap_or_default().trim_ascii_start();
    let quote = value.first().copied().unwrap_or(b'"');
    let name = value.get(1..).and_then(|rest| rest.split(|byte| *byte == quote).next()).unwrap_or_default();
    match String::from_utf8_lossy(name).to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(Encoding::Bytes),
        "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252" => Ok(Encoding::Latin1),
        _ => Err(Problem::new("encoding", 0, format!("its encoding is {}; write it in UTF-8", shown(name)))),
    }
}

fn xml_kind(text: &[u8]) -> Result<Kind, Problem> {
    let Some(root) = first_element(text) else {
        return Err(Problem::new("truncated-report", text.len() as u64, "the report ends before its first element"));
    };
    let tag = &root[..memchr::memchr(b'>', root).unwrap_or(root.len())];
    let name = element(root);
    match name {
        b"report" => Ok(Kind::Jacoco),
        // Both have this root: Clover keeps everything in a project.
        b"coverage" => match first_element(&root[tag.len()..]).map(element) {
            Some(b"project" | b"testproject") => Ok(Kind::Clover),
            Some(b"file") => Err(unknown("XML with the root `coverage` that is neither Cobertura nor Clover")),
            _ if memchr::memmem::find(tag, b" clover=").is_some() => Ok(Kind::Clover),
            _ => Ok(Kind::Cobertura),
        },
        b"html" | b"HTML" => Err(unknown("an HTML page")),
        b"CoverageSession" => Err(unknown("an OpenCover report; turn it into Cobertura with ReportGenerator")),
        b"scoverage" => Err(unknown("scoverage's own XML; use its Cobertura report")),
        b"testsuites" | b"testsuite" => Err(unknown("a JUnit report of test results")),
        _ => Err(unknown(&format!("XML with the root {}", shown(name)))),
    }
}

/// The name of the element with which this text begins; nothing for an end.
fn element(text: &[u8]) -> &[u8] {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    text[1..].split(ends).next().unwrap_or_default()
}

/// The text from its first element on, past declarations, comments and the document type.
fn first_element(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        rest = &rest[memchr::memchr(b'<', rest)?..];
        let past = |end: &[u8]| memchr::memmem::find(rest, end).map(|at| at + end.len());
        let length = match rest.get(1)? {
            b'?' => past(b"?>")?,
            b'!' if rest.starts_with(b"<!--") => past(b"-->")?,
            b'!' if rest.len() > 14 && rest[..14].eq_ignore_ascii_case(b"<!doctype html") => return Some(b"<html>"),
            b'!' => {
                let subset = memchr::memchr(b'[', rest).filter(|open| Some(*open) < memchr::memchr(b'>', rest));
                if subset.is_some() { past(b"]")? } else { past(b">")? }
            }
            _ => return Some(rest),
        };
        rest = &rest[length..];
    }
}

fn text_kind(text: &[u8]) -> Result<Kind, Problem> {
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let Some(first) = lines.clone().find(|line| !line.is_empty() && !line.starts_with(b"#")) else {
        return Err(unknown("nothing but comments"));
    };
    if first.starts_with(b"mode:") {
        return Ok(Kind::Go);
    }
    let lcov: [&[u8]; 14] = [
        b"TN:",
        b"SF:",
        b"DA:",
        b"FN:",
        b"FNDA:",
        b"FNL:",
        b"FNA:",
        b"BRDA:",
        b"LF:",
        b"LH:",
        b"VER:",
        b"BRF:",
        b"FNF:",
        b"end_of_record",
    ];
    if lcov.iter().any(|record| first.starts_with(record)) {
        return Ok(Kind::Lcov);
    }
    Err(match first {
        [b'P', b'K', ..] => unknown("a zip archive; unpack it"),
        [b'[', ..] => unknown("a JSON list"),
        [0x7f, b'E', b'L', b'F', ..] => unknown("a program"),
        _ if first.starts_with(b"SQLite format 3") => unknown("coverage.py's data file; run `coverage xml`"),
        _ if first.contains(&0) => unknown("binary data"),
        _ => unknown(&format!("text that begins with {}", shown(&first[..first.len().min(40)]))),
    })
}

/// By the first key, since the order of keys is each tool's own, and always the same.
fn json_kind(text: &[u8]) -> Result<Kind, Problem> {
    let has = |what: &[u8]| memchr::memmem::find(text, what).is_some();
    let rest = text[1..].trim_ascii_start();
    let Some(rest) = rest.strip_prefix(b"\"") else {
        return Err(match rest.first() {
            Some(b'}') => Problem::new("empty-report", 0, "the report names no file"),
            None => Problem::new("truncated-report", text.len() as u64, "the report ends within a JSON value"),
            _ => unknown("broken JSON"),
        });
    };
    let key = &rest[..memchr::memchr(b'"', rest).unwrap_or(rest.len())];
    match key {
        b"data" | b"type" | b"version" if has(b"\"segments\"") || has(b"llvm.coverage.json.export") => Ok(Kind::Llvm),
        b"data" if has(b"\"files\"") => Ok(Kind::Llvm),
        b"meta" | b"files" | b"totals" if has(b"executed_lines") || has(b"\"format\"") || has(b"branch_coverage") => {
            Ok(Kind::CoveragePy)
        }
        b"files" | b"meta" => Ok(Kind::CoveragePy),
        b"total" if has(b"\"lines\"") => Ok(Kind::IstanbulSummary),
        _ if has(b"\"statementMap\"") => Ok(Kind::Istanbul),
        _ if has(b"\"lines\"") && has(b"\"pct\"") => Ok(Kind::IstanbulSummary),
        _ => Err(unknown(&format!("JSON that begins with the key {}", shown(key)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_root_and_what_it_begins_with_say_which_xml_it_is() {
        let check = |text: &str, expected: Option<Kind>| assert_eq!(xml_kind(text.as_bytes()).ok(), expected, "{text}");
        check("<coverage><packages><!--<project--></packages></coverage><!--<project-->", Some(Kind::Cobertura));
        check("<coverage><!-- <project> --><sources/><packages/></coverage>", Some(Kind::Cobertura));
        check("<coverage line-rate='1'><!-- of a <file> --></coverage>", Some(Kind::Cobertura));
        check("<!--<coverage clover='1'>--><coverage>", Some(Kind::Cobertura));
        check("<coverage/>", Some(Kind::Cobertura));
        check("<coverage generated='1'>\n  <!-- <packages> --><project timestamp='1'>", Some(Kind::Clover));
        check("<coverage a='x > y'><testproject/></coverage>", Some(Kind::Clover));
        check("<coverage clover='4.5'>", Some(Kind::Clover));
        check("<coverage version='1'><file path='a'/></coverage>", None);
        check("<report><!--<coverage>--></report>", Some(Kind::Jacoco));
    }
}
