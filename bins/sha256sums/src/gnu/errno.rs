//! The system's words for errors as glibc has them; this program may be linked with musl, which has others.
use std::io;

const WORDS: [(i32, &str); 16] = [
    (1, "Operation not permitted"),
    (2, "No such file or directory"),
    (5, "Input/output error"),
    (6, "No such device or address"),
    (9, "Bad file descriptor"),
    (12, "Cannot allocate memory"),
    (13, "Permission denied"),
    (19, "No such device"),
    (20, "Not a directory"),
    (21, "Is a directory"),
    (22, "Invalid argument"),
    (23, "Too many open files in system"),
    (24, "Too many open files"),
    (36, "File name too long"),
    (40, "Too many levels of symbolic links"),
    (75, "Value too large for defined data type"),
];

/// What GNU's program says of an error.
pub(crate) fn words(error: &io::Error) -> String {
    let known = error.raw_os_error().and_then(|code| WORDS.iter().find(|(known, _)| *known == code));
    match known {
        Some((_, words)) => (*words).to_owned(),
        None => {
            let text = error.to_string();
            text.split(" (os error ").next().unwrap_or(&text).to_owned()
        }
    }
}
