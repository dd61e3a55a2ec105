//! Workflow commands, `::name key=value::data`, with the runner's escapes.

/// Writes one command, ended by a line feed. Properties with an empty value are left out, as the runner drops them.
pub(crate) fn command(name: &str, properties: &[(&str, &str)], data: &str) -> String {
    let mut line = format!("::{name}");
    let mut separator = ' ';
    for (key, value) in properties.iter().filter(|(_, value)| !value.is_empty()) {
        line.push(separator);
        line.push_str(key);
        line.push('=');
        escape(value, true, &mut line);
        separator = ',';
    }
    line.push_str("::");
    escape(data, false, &mut line);
    line.push('\n');
    line
}

/// The escapes that the runner undoes: `%`, CR and LF everywhere, `:` and `,` in properties.
fn escape(text: &str, property: bool, line: &mut String) {
    for letter in text.chars() {
        match letter {
            '%' => line.push_str("%25"),
            '\r' => line.push_str("%0D"),
            '\n' => line.push_str("%0A"),
            ':' if property => line.push_str("%3A"),
            ',' if property => line.push_str("%2C"),
            _ => line.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::oracle;

    proptest! {
        #[test]
        fn a_command_is_read_as_it_was_written(title in "[=:,;%\r\nA0a\u{2028}]{0,8}", data in "[:%\r\nA0D\u{2028} ]{0,8}") {
            // What the runner cannot be told: an equals sign in front, blanks at the end.
            let title = format!("t{title}t");
            let log = oracle::log(command("error", &[("title", &title), ("file", "")], &data).as_bytes());
            prop_assert_eq!(log.commands.len(), 1);
            prop_assert_eq!(&log.commands[0].properties, &[("title".to_owned(), title)].into());
            prop_assert_eq!(&log.commands[0].data, &data);
        }
    }
}
