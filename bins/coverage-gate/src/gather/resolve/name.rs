//! Names of files as machines write them, taken apart.

/// A name in parts, without `.` and `..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) absolute: bool,
    /// `c:`, of a path of Windows.
    drive: Option<u8>,
    pub(super) parts: Vec<Vec<u8>>,
}

impl Name {
    /// `None` for a name that leads out of where it begins, or nowhere.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let mut text = text.to_vec();
        let drive = match text.as_slice() {
            [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic() => Some(letter.to_ascii_lowercase()),
            _ => None,
        };
        // Windows writes both, sometimes in one name; elsewhere a backslash is hardly ever a letter of a name.
        text.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = b'/');
        let text = if drive.is_some() { &text[2..] } else { &text[..] };
        let absolute = text.starts_with(b"/");
        let mut parts: Vec<Vec<u8>> = Vec::new();
        for part in text.split(|byte| *byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." => {
                    parts.pop()?;
                }
                part => parts.push(part.to_vec()),
            }
        }
        (!parts.is_empty()).then_some(Self { absolute, drive, parts })
    }

    /// Its parts with slashes.
    pub(super) fn joined(&self) -> Vec<u8> {
        self.parts.join(&b'/')
    }

    /// In lower case.
    pub(super) fn lower(&self) -> Self {
        let parts = self.parts.iter().map(|part| part.to_ascii_lowercase()).collect();
        Self { parts, ..*self }
    }

    /// The rest below a folder.
    pub(super) fn below(&self, folder: &Self) -> Option<Vec<u8>> {
        let fits = (self.absolute, self.drive) == (folder.absolute, folder.drive)
            && self.parts.len() > folder.parts.len()
            && self.parts.starts_with(&folder.parts);
        fits.then(|| self.parts[folder.parts.len()..].join(&b'/'))
    }
}
