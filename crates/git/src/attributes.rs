//! What `.gitattributes` say of files.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, BufWriter, Write as _};

use crate::{Error, Repository, Scope};

impl Repository {
    /// The names of all `.gitattributes` in the index, each once; only where one of them speaks of an attribute need
    /// [`Repository::attributes`] be asked.
    pub fn attribute_files(&self) -> Result<Vec<Vec<u8>>, Error> {
        let mut files = Vec::new();
        self.index(&Scope::everything(), |_, _, path| {
            if path.rsplit(|&byte| byte == b'/').next() == Some(b".gitattributes") {
                files.push(path.to_vec());
            }
        })?;
        files.dedup();
        Ok(files)
    }

    /// Which of these files have which of the attributes `names` set, or set to `true`; files with none are left out.
    ///
    /// Runs `git check-attr` once. The `.gitattributes` are those of the work tree, and of the index where the work
    /// tree has none; `info/attributes` and `core.attributesFile` count too.
    pub fn attributes<'n, P: AsRef<[u8]>>(
        &self,
        names: &[&'n str],
        paths: impl IntoIterator<Item = P>,
    ) -> Result<BTreeMap<Vec<u8>, Vec<&'n str>>, Error> {
        if names.is_empty() {
            return Ok(BTreeMap::new());
        }
        let feed = |input| {
            let mut input = BufWriter::new(input);
            for path in paths {
                let path = path.as_ref();
                if path.contains(&0) {
                    return Err(std::io::Error::other("there is a NUL byte in a name"));
                }
                input.write_all(path)?;
                input.write_all(b"\0")?;
            }
            input.flush()
        };
        let git = self.git().args(["check-attr", "-z", "--stdin"]).args(names);
        git.through(feed, |printed| {
            read(BufReader::new(printed), names).map_err(|cause| Error::new("read what git check-attr printed", cause))
        })
    }
}

/// Reads triples of a path, an attribute and its value, each ended by NUL.
fn read<'n>(mut printed: impl BufRead, names: &[&'n str]) -> std::io::Result<BTreeMap<Vec<u8>, Vec<&'n str>>> {
    let mut found: BTreeMap<Vec<u8>, Vec<&'n str>> = BTreeMap::new();
    let [mut path, mut name, mut value] = [const { Vec::new() }; 3];
    loop {
        for field in [&mut path, &mut name, &mut value] {
            field.clear();
            printed.read_until(0, field)?;
        }
        if path.is_empty() {
            return Ok(found);
        }
        if value.pop() != Some(0) {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let asked = names.iter().find(|asked| asked.as_bytes() == &name[..name.len() - 1]);
        if let (Some(asked), b"set" | b"true") = (asked, value.as_slice()) {
            found.entry(path[..path.len() - 1].to_vec()).or_default().push(asked);
        }
    }
}
