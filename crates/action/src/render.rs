//! How lines, annotations and failures look, in a log and on a terminal.
use anstyle::{AnsiColor, Style};

use crate::annotation::{Annotation, Level};
use crate::line::Line;
use crate::neutral::{neutral, visible, without_commands};
use crate::tool::Tool;
use crate::{Failure, command};

/// The text of a line, without its end. `escape_commands` is for logs; there the line as a whole is looked at, since
/// two harmless pieces can make one command.
pub(crate) fn line(line: &Line, colour: bool, escape_commands: bool) -> String {
    let plain: String = line.pieces().iter().map(|(_, text)| visible(text.as_bytes())).collect();
    let cured = if escape_commands { without_commands(&plain) } else { None };
    if let Some(cured) = cured {
        return cured;
    }
    if !colour {
        return plain;
    }
    let styled = |(style, text): &(Style, String)| {
        format!("{}{}{}", style.render(), visible(text.as_bytes()), style.render_reset())
    };
    line.pieces().iter().map(styled).collect()
}

/// Longest title that GitHub takes, in characters.
/// <https://docs.github.com/en/rest/checks/runs#create-a-check-run>
const TITLE: usize = 255;

/// An annotation, whose message is safe and short enough already, as the command that shows it on the pull request.
pub(crate) fn command_of(annotation: &Annotation) -> String {
    let mut properties: Vec<(&str, String)> = Vec::new();
    if let Some(place) = &annotation.location {
        properties.push(("file", path(&place.file)));
        properties.extend(place.line.map(|line| ("line", line.to_string())));
        properties.extend(place.line.and(place.end_line).map(|line| ("endLine", line.to_string())));
        properties.extend(place.line.and(place.column).map(|column| ("col", column.to_string())));
    }
    let title: String = neutral(&annotation.title).chars().take(TITLE).collect();
    // The runner eats an equals sign in front of a value.
    properties.push(("title", if title.starts_with('=') { format!(" {title}") } else { title }));
    let properties: Vec<(&str, &str)> = properties.iter().map(|(key, value)| (*key, value.as_str())).collect();
    command::command(annotation.level.word(), &properties, &annotation.message)
}

fn path(file: &str) -> String {
    let file = visible(file.as_bytes());
    if file.starts_with('=') { format!("./{file}") } else { file }
}

/// A message whose lines are safe to print, still in several lines.
pub(crate) fn message(text: &str) -> String {
    text.trim_end().lines().map(neutral).collect::<Vec<_>>().join("\n")
}

/// An annotation as lines for people: `error: src/a.rs:3:5: title: message`.
pub(crate) fn lines_of(annotation: &Annotation) -> Vec<Line> {
    let colour = match annotation.level {
        Level::Error => AnsiColor::Red,
        Level::Warning => AnsiColor::Yellow,
        Level::Notice => AnsiColor::Cyan,
    };
    let mut first = Line::new().styled(colour.on_default().bold(), annotation.level.word()).plain(": ");
    if let Some(place) = &annotation.location {
        first = first.bold(place.to_string()).plain(": ");
    }
    if !annotation.title.is_empty() {
        first = first.plain(&annotation.title).plain(": ");
    }
    let mut message = annotation.message.lines();
    let mut lines = vec![first.plain(message.next().unwrap_or_default())];
    lines.extend(message.map(|line| Line::new().plain("  ").plain(line)));
    lines
}

/// A failure as the heaviest of errors; its hint is the last line of the message.
pub(crate) fn annotation_of(failure: &Failure, tool: &Tool, in_actions: bool) -> Annotation {
    let hint = failure.get_hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    let mut annotation = Annotation::error(format!("{failure}{hint}")).weight(u32::MAX);
    annotation.location = failure.location().cloned();
    if in_actions { annotation.title(tool.name) } else { annotation }
}

/// Bytes between two lines that switch commands off and on again.
pub(crate) fn wrapped(bytes: &[u8], token: &str) -> Vec<u8> {
    let end = if bytes.last().is_none_or(|&last| last == b'\n') { "" } else { "\n" };
    [format!("::stop-commands::{token}\n").as_bytes(), bytes, format!("{end}::{token}::\n").as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shown: &Line, plain: &str, coloured: &str) {
        assert_eq!((line(shown, false, false).as_str(), line(shown, true, true).as_str()), (plain, coloured));
    }

    #[test]
    fn colour_is_ours_and_control_characters_are_shown() {
        let hostile = Line::new().bad("\u{1b}[0m\n").plain("é").dim("x");
        check(
            &hostile,
            r"\x1b[0m\n\u{e9}x".replace(r"\u{e9}", "é").as_str(),
            "\u{1b}[1m\u{1b}[31m\\x1b[0m\\n\u{1b}[0mé\u{1b}[2mx\u{1b}[0m",
        );
        check(&Line::new().good(":").plain(":error::x"), "::error::x", r"\x3a:error::x");
    }

    #[test]
    fn lines_in_a_row_have_an_end() {
        let of = |last| command_of(&Annotation::error("m").at(crate::Location::lines("f", 3, last)));
        assert_eq!(
            (of(5), of(3)),
            ("::error file=f,line=3,endLine=5::m\n".to_owned(), "::error file=f,line=3::m\n".to_owned())
        );
    }

    #[test]
    fn a_title_is_cut_and_keeps_its_equals_sign() {
        let long = command_of(&Annotation::error("m").title("t".repeat(300)));
        assert_eq!(long, format!("::error title={}::m\n", "t".repeat(255)));
        let equals = command_of(&Annotation::error("m").title("=t").at(crate::Location::file("=f")));
        assert_eq!(equals, "::error file=./=f,title= =t::m\n");
    }
}
