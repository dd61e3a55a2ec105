//! What a binary generates about itself, against what stands in `dist/<name>/`; `UPDATE=1` writes it there.
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;

use super::{expect, world};

/// In the README each table stands below one of these lines.
const MARKERS: [&str; 2] = ["<!-- inputs -->", "<!-- outputs -->"];

/// A test for each generated file; none for what has no folder there.
pub(crate) fn trials(exe: &Path, name: &str) -> Vec<Trial> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("dist").join(name);
    if !dist.is_dir() {
        return Vec::new();
    }
    let trial = |flag: &'static str, file: &str, place: fn(&str, &str) -> Result<String, String>| {
        let (exe, path): (PathBuf, PathBuf) = (exe.to_path_buf(), dist.join(file));
        Trial::test(format!("{file} is what {flag} says"), move || {
            compare(&exe, &path, (flag, place)).map_err(Into::into)
        })
    };
    vec![
        trial("--action-yml", "action.yml", |_, made| Ok(made.to_owned())),
        trial("--readme-tables", "README.md", below_markers),
    ]
}

/// How a generated text goes into the file that there is.
type Place = fn(&str, &str) -> Result<String, String>;

fn compare(exe: &Path, path: &Path, (flag, place): (&str, Place)) -> Result<(), String> {
    let made = world::generated(exe, flag)?;
    let there = fs::read_to_string(path).unwrap_or_default();
    let wanted = place(&there, &made).map_err(|e| format!("{}: {e}", path.display()))?;
    if wanted == there {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
        return fs::write(path, wanted).map_err(|e| format!("could not write {}: {e}", path.display()));
    }
    let difference = expect::difference(&there, &wanted);
    Err(format!("{} is out of date (UPDATE=1 cargo test rewrites it):\n{difference}", path.display()))
}

/// Puts the tables below their markers, in the place of those that stand there.
fn below_markers(text: &str, made: &str) -> Result<String, String> {
    let mut tables = made.trim_end().split("\n\n");
    let mut lines = text.lines().peekable();
    let mut wanted = String::new();
    while let Some(line) = lines.next() {
        wanted.push_str(line);
        wanted.push('\n');
        if MARKERS.contains(&line) {
            while lines.next_if(|line| line.is_empty() || line.starts_with('|')).is_some() {}
            let table = tables.next().ok_or_else(|| format!("{line} comes too often"))?;
            wanted.push_str(&format!("\n{table}\n{}", if lines.peek().is_some() { "\n" } else { "" }));
        }
    }
    match tables.next() {
        None => Ok(wanted),
        Some(_) => Err(format!("the lines {} are missing", MARKERS.join(" and "))),
    }
}

#[cfg(test)]
mod tests {
    use super::below_markers;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(below_markers(text, "| i |\n|---|\n\n| o |\n|---|\n").ok().as_deref(), expected);
    }

    #[test]
    fn tables_go_below_their_markers() {
        let full = "# a\n\n<!-- inputs -->\n\n| i |\n|---|\n\n<!-- outputs -->\n\n| o |\n|---|\n\nb\n";
        check("# a\n\n<!-- inputs -->\n<!-- outputs -->\n\nb\n", Some(full));
        check("# a\n\n<!-- inputs -->\n| old |\n\n<!-- outputs -->\nb\n", Some(full));
        check(full, Some(full));
        check(
            "<!-- inputs -->\n<!-- outputs -->\n",
            Some("<!-- inputs -->\n\n| i |\n|---|\n\n<!-- outputs -->\n\n| o |\n|---|\n"),
        );
        check("# a\n<!-- inputs -->\n", None);
        check("# a\n", None);
    }
}
