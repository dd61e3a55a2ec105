//! One line of a list, and what a reader remembers from line to line.
use super::problem::{Kind, Problem};
use super::{Dialect, Digest, Entry, Form, LONGEST_LINE, from_hex};

const DIGITS: usize = 64;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a list line by line.
#[derive(Debug, Clone)]
pub struct Reader {
    dialect: Dialect,
    spacing: Spacing,
    line: u64,
}

/// Which separator the list has; GNU's program decides by its first line without a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    Unknown,
    One,
    Two,
}

/// What is wrong, and at which byte of the line.
type Fault = (usize, Kind);

/// Name, digest and form of a line.
type Parsed = (Vec<u8>, Digest, Form);

impl Reader {
    /// A reader at the start of a list.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, spacing: Spacing::Unknown, line: 0 }
    }

    /// Goes on with another list. GNU's program keeps the separator that it has seen, and so does this in its dialect.
    pub fn next_list(&mut self) {
        self.line = 0;
        if self.dialect == Dialect::Strict {
            self.spacing = Spacing::Unknown;
        }
    }

    /// Reads the next line, given with or without its line feed. Nothing comes of an empty line and of a comment.
    ///
    /// # Errors
    /// In the strict dialect whatever is wrong with the line by itself; in GNU's what that program calls improperly
    /// formatted.
    pub fn line(&mut self, line: &[u8]) -> Option<Result<Entry, Problem>> {
        self.line += 1;
        if line.first() == Some(&b'#') {
            return None;
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return None;
        }
        let parsed = match self.dialect {
            Dialect::Gnu => self.parsed(line),
            Dialect::Strict => self.strict(line),
        };
        Some(match parsed {
            Ok((name, digest, form)) => Ok(Entry { line: self.line, name, digest, form }),
            Err((at, kind)) => {
                Err(Problem { line: self.line, column: u32::try_from(at + 1).unwrap_or(u32::MAX), kind })
            }
        })
    }

    fn strict(&mut self, line: &[u8]) -> Result<Parsed, Fault> {
        if self.line == 1 && line.starts_with(BYTE_ORDER_MARK) {
            return Err((0, Kind::ByteOrderMark));
        }
        if line.len() > LONGEST_LINE {
            return Err((LONGEST_LINE, Kind::TooLong));
        }
        if let Some(at) = line.iter().position(|&byte| byte == 0) {
            return Err((at, Kind::Nul));
        }
        let parsed = self.parsed(line)?;
        let name = parsed.0.as_slice();
        match name {
            b"" => Err((0, Kind::EmptyName)),
            b"-" => Err((0, Kind::StandardInput)),
            [b'/', ..] => Err((0, Kind::Absolute)),
            _ if name.split(|&byte| byte == b'/').any(|part| part == b"..") => Err((0, Kind::Parent)),
            _ => Ok(parsed),
        }
    }

    fn parsed(&mut self, line: &[u8]) -> Result<Parsed, Fault> {
        let at = blanks(line, 0);
        let escaped = line.get(at) == Some(&b'\\');
        let at = at + usize::from(escaped);
        match self.after_tag(line, at) {
            Some(at) => tagged(line, at, escaped),
            None => self.plain(line, at, escaped),
        }
    }

    /// Where a line goes on that starts with the algorithm's name. OpenSSL 3 has a name of its own for it.
    fn after_tag(&self, line: &[u8], at: usize) -> Option<usize> {
        let names: &[&[u8]] = match self.dialect {
            Dialect::Gnu => &[b"SHA256"],
            Dialect::Strict => &[b"SHA256", b"SHA2-256"],
        };
        names.iter().find(|name| line[at..].starts_with(name)).map(|name| at + name.len())
    }

    /// `<digest> <blank or star><name>`, or with one blank less.
    fn plain(&mut self, line: &[u8], at: usize, escaped: bool) -> Result<Parsed, Fault> {
        let separator = at + DIGITS;
        if line.len() < separator + 2 || !is_blank(line[separator]) {
            return Err(why(line, at));
        }
        let digest = from_hex(&line[at..separator]).ok_or_else(|| why(line, at))?;
        let rest = separator + 1;
        let marked = matches!(line[rest], b' ' | b'*') && line.len() > rest + 1;
        let (form, start) = match (self.spacing, marked) {
            (Spacing::Two, false) => return Err((rest, Kind::Spacing)),
            (Spacing::One, true) if self.dialect == Dialect::Strict => return Err((rest, Kind::Spacing)),
            (Spacing::One | Spacing::Unknown, false) | (Spacing::One, true) => (Form::OneSpace, rest),
            (_, true) => (if line[rest] == b'*' { Form::Binary } else { Form::Text }, rest + 1),
        };
        self.spacing = if form == Form::OneSpace { Spacing::One } else { Spacing::Two };
        Ok((name(&line[start..], escaped).map_err(|(at, kind)| (start + at, kind))?, digest, form))
    }
}

/// `<tag> (<name>) = <digest>`, from behind the tag; the blanks are optional.
fn tagged(line: &[u8], at: usize, escaped: bool) -> Result<Parsed, Fault> {
    let at = at + usize::from(line.get(at) == Some(&b' '));
    if line.get(at) != Some(&b'(') {
        return Err((at, Kind::Garbage));
    }
    let start = at + 1;
    // A name may have brackets itself, a digest has none.
    let end = line[start..].iter().rposition(|&byte| byte == b')').map(|end| start + end);
    let end = end.ok_or((start, Kind::Garbage))?;
    let name = name(&line[start..end], escaped).map_err(|(at, kind)| (start + at, kind))?;
    let equals = blanks(line, end + 1);
    if line.get(equals) != Some(&b'=') {
        return Err((equals, Kind::Garbage));
    }
    let digits = blanks(line, equals + 1);
    let digest = from_hex(until_nul(&line[digits..]));
    digest.map(|digest| (name, digest, Form::Tagged)).ok_or_else(|| why(line, digits))
}

/// The name that stands in a line. GNU's program ends it at a NUL byte, unless it is escaped: then it refuses the line.
fn name(raw: &[u8], escaped: bool) -> Result<Vec<u8>, Fault> {
    if !escaped {
        return Ok(until_nul(raw).to_vec());
    }
    let mut name = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        name.push(match byte {
            0 => return Err((at, Kind::Nul)),
            b'\\' => match bytes.next() {
                Some((_, b'n')) => b'\n',
                Some((_, b'r')) => b'\r',
                Some((_, b'\\')) => b'\\',
                _ => return Err((at, Kind::Escape)),
            },
            _ => byte,
        });
    }
    Ok(name)
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.iter().position(|&byte| byte == 0).map_or(bytes, |end| &bytes[..end])
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn blanks(line: &[u8], from: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|&&byte| is_blank(byte)).count()
}

/// Why there is no SHA-256 digest at `at`: the word that stands there, told apart from other algorithms'.
fn why(line: &[u8], at: usize) -> Fault {
    let rest = line.get(at..).unwrap_or_default();
    let word = rest.iter().take_while(|&&byte| !is_blank(byte)).count();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    if word > 0 && digits == word {
        return match word {
            DIGITS => (at + word, Kind::EmptyName),
            _ => (at, by_length(word)),
        };
    }
    if word == DIGITS {
        return (at + digits, Kind::NotHex);
    }
    match algorithm(rest) {
        Some(algorithm) => (at, Kind::Foreign(algorithm)),
        None => (at, Kind::Garbage),
    }
}

/// Other algorithms have digests of other lengths; a short run of digits is more likely a word.
fn by_length(digits: usize) -> Kind {
    match digits {
        ..8 => Kind::Garbage,
        32 => Kind::Foreign("MD5".to_owned()),
        40 => Kind::Foreign("SHA-1".to_owned()),
        56 => Kind::Foreign("SHA-224".to_owned()),
        96 => Kind::Foreign("SHA-384".to_owned()),
        128 => Kind::Foreign("SHA-512".to_owned()),
        _ => Kind::Length(digits),
    }
}

/// The algorithm of a tagged line: a short word before a bracket, with an equals sign behind the bracket's end.
fn algorithm(rest: &[u8]) -> Option<String> {
    const LONGEST: usize = 24;
    let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/' | b'_');
    let word = rest.iter().take_while(is_letter).count();
    let open = word + usize::from(rest.get(word) == Some(&b' '));
    let close = rest.iter().rposition(|&byte| byte == b')')?;
    let equals = rest.get(blanks(rest, close + 1)) == Some(&b'=');
    let is_tag = (1..=LONGEST).contains(&word) && rest.get(open) == Some(&b'(') && equals;
    is_tag.then(|| rest[..word].iter().map(|&byte| char::from(byte)).collect())
}
