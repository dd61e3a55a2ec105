//! The command line of GNU's `sha256sum`: names may be cut short, single letters put together, files stand anywhere.
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Files or, for `--check`, lists; standard input when there are none.
    pub(crate) files: Vec<OsString>,
    pub(crate) check: bool,
    /// `None` when neither `--binary` nor `--text` is given.
    pub(crate) binary: Option<bool>,
    pub(crate) tag: bool,
    pub(crate) zero: bool,
    pub(crate) ignore_missing: bool,
    pub(crate) strict: bool,
    pub(crate) loudness: Loudness,
}

/// Of these three options the last one counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Loudness {
    #[default]
    Usual,
    /// No line for a file that is as listed.
    Quiet,
    /// No line for any file.
    Status,
    /// A message for each line that is no line.
    Warn,
}

/// What a command line comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Options(Options),
    Help,
    Version,
}

/// In the order in which an ambiguous name lists them.
const NAMES: [(&str, char); 12] = [
    ("check", 'c'),
    ("ignore-missing", 'i'),
    ("quiet", 'q'),
    ("status", 's'),
    ("warn", 'w'),
    ("strict", 'S'),
    ("tag", 'T'),
    ("zero", 'z'),
    ("binary", 'b'),
    ("text", 't'),
    ("help", 'h'),
    ("version", 'v'),
];
const LETTERS: &[u8] = b"bctwz";

/// Reads a command line.
///
/// # Errors
/// The text of a complaint, without the program's name.
pub(crate) fn read(args: &[OsString]) -> Result<Asked, String> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_bytes() {
            b"--" => {
                options.files.extend(args.by_ref().cloned());
            }
            [b'-', b'-', long @ ..] => match named(long)? {
                'h' => return Ok(Asked::Help),
                'v' => return Ok(Asked::Version),
                option => options.set(option),
            },
            [b'-', letters @ ..] if !letters.is_empty() => {
                for &letter in letters {
                    if !LETTERS.contains(&letter) {
                        return Err(format!("invalid option -- '{}'", letter.escape_ascii()));
                    }
                    options.set(char::from(letter));
                }
            }
            _ => options.files.push(arg.clone()),
        }
    }
    options.fit()?;
    Ok(Asked::Options(options))
}

/// The option of a long name or of its beginning.
fn named(long: &[u8]) -> Result<char, String> {
    let (name, value) = match long.iter().position(|&byte| byte == b'=') {
        Some(at) => (&long[..at], true),
        None => (long, false),
    };
    let given = |bytes: &[u8]| OsStr::from_bytes(bytes).to_string_lossy().into_owned();
    let fits: Vec<&(&str, char)> = NAMES.iter().filter(|(known, _)| known.as_bytes().starts_with(name)).collect();
    let found = match fits.as_slice() {
        [one] => *one,
        [] => return Err(format!("unrecognized option '--{}'", given(long))),
        several => match several.iter().find(|(known, _)| known.as_bytes() == name) {
            Some(exact) => *exact,
            None => {
                let all: String = several.iter().map(|(known, _)| format!(" '--{known}'")).collect();
                return Err(format!("option '--{}' is ambiguous; possibilities:{all}", given(long)));
            }
        },
    };
    match value {
        true => Err(format!("option '--{}' doesn't allow an argument", found.0)),
        false => Ok(found.1),
    }
}

impl Options {
    fn set(&mut self, option: char) {
        match option {
            'b' => self.binary = Some(true),
            't' => self.binary = Some(false),
            'c' => self.check = true,
            'z' => self.zero = true,
            'i' => self.ignore_missing = true,
            'q' => self.loudness = Loudness::Quiet,
            's' => self.loudness = Loudness::Status,
            'w' => self.loudness = Loudness::Warn,
            'S' => self.strict = true,
            'T' => (self.tag, self.binary) = (true, Some(true)),
            _ => {}
        }
    }

    /// Options that make no sense together, in the order in which they are complained about.
    fn fit(&self) -> Result<(), String> {
        let checking = |name: &str| format!("the --{name} option is meaningful only when verifying checksums");
        let complaints = [
            (self.tag && self.binary == Some(false), "--tag does not support --text mode".to_owned()),
            (self.check && self.zero, "the --zero option is not supported when verifying checksums".to_owned()),
            (self.check && self.tag, "the --tag option is meaningless when verifying checksums".to_owned()),
            (
                self.check && self.binary.is_some(),
                "the --binary and --text options are meaningless when verifying checksums".to_owned(),
            ),
            (!self.check && self.ignore_missing, checking("ignore-missing")),
            (!self.check && self.loudness == Loudness::Status, checking("status")),
            (!self.check && self.loudness == Loudness::Warn, checking("warn")),
            (!self.check && self.loudness == Loudness::Quiet, checking("quiet")),
            (!self.check && self.strict, checking("strict")),
        ];
        complaints.into_iter().find(|(wrong, _)| *wrong).map_or(Ok(()), |(_, words)| Err(words))
    }

    /// The files, or standard input.
    pub(crate) fn files(&self) -> Vec<OsString> {
        if self.files.is_empty() { vec![OsString::from_vec(b"-".to_vec())] } else { self.files.clone() }
    }
}
