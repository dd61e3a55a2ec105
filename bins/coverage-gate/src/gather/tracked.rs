//! The tracked files, and what tells their names apart: roots of checkouts, Go's modules, package lines.
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use action::{Failure, Workflow};
use git::{Id, Mode, Repository, Scope};

use super::resolve::{Known, Roots, Tree};
use super::{bounded, failed, path_of};
use crate::settings::Settings;

/// The largest `go.mod`, and how far into a source a package line is looked for.
const HEAD: u64 = 1 << 20;

/// The tracked files of the index.
pub(crate) struct Tracked {
    tree: Tree,
    root: PathBuf,
    /// The current folder, relative to the root, with its slash.
    here: Vec<u8>,
    roots: Roots,
    modules: Vec<(Vec<u8>, Vec<u8>)>,
    packages: Box<dyn Fn(u32) -> Option<Vec<u8>>>,
}

impl Tracked {
    /// Lists them.
    pub(crate) fn read(repo: &Repository, settings: &Settings, workflow: &Workflow) -> Result<Self, Failure> {
        let here = Path::new(".");
        let root = repo.work_tree().unwrap_or(here).to_owned();
        let mut names = Vec::new();
        let visit = |mode: Mode, _: &Id, path: &[u8]| {
            if matches!(mode, Mode::FILE | Mode::EXECUTABLE) {
                names.push(path.to_vec());
            }
        };
        repo.index(&Scope::everything(), visit).map_err(failed)?;
        let tree = Tree::new(names);
        let current = here.canonicalize().unwrap_or_else(|_| here.to_owned());
        let below = current.strip_prefix(&root).map(|path| path.as_os_str().as_encoded_bytes().to_vec());
        let here = below.map(|path| if path.is_empty() { path } else { [path, b"/".to_vec()].concat() });
        let modules = modules(&tree, &root);
        let packages = packages(&tree, &root);
        Ok(Self {
            modules,
            roots: Roots::new(roots(&root, workflow).iter().chain(&settings.sources.path_roots)),
            here: here.unwrap_or_default(),
            tree,
            root,
            packages,
        })
    }

    /// The root of the checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// All names.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// A path of this machine, relative to the root where it is inside.
    pub(crate) fn below_root(&self, path: &Path) -> Vec<u8> {
        if path.is_absolute() {
            let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            return full.strip_prefix(&self.root).unwrap_or(&full).as_os_str().as_encoded_bytes().to_vec();
        }
        let path = path.as_os_str().as_encoded_bytes();
        [self.here.as_slice(), path.strip_prefix(b"./").unwrap_or(path)].concat()
    }

    /// What names are looked up with.
    pub(crate) fn known<'a>(&'a self, settings: &'a Settings) -> Known<'a> {
        Known {
            tree: &self.tree,
            roots: &self.roots,
            modules: &self.modules,
            map: &settings.sources.path_map,
            source_dir: settings.sources.source_dir.as_deref(),
            package: &*self.packages,
        }
    }
}

/// This checkout, and where hosted runners and container jobs have theirs.
fn roots(root: &Path, workflow: &Workflow) -> Vec<Vec<u8>> {
    let mut roots = vec![root.as_os_str().as_encoded_bytes().to_vec()];
    roots.extend(workflow.workspace.iter().map(|path| path.as_os_str().as_encoded_bytes().to_vec()));
    let folder = root.file_name().map(|name| name.to_string_lossy().into_owned());
    let repository = workflow.repository.as_deref().and_then(|name| name.rsplit('/').next()).map(str::to_owned);
    for name in repository.into_iter().chain(folder) {
        for place in ["/home/runner/work/{}/{}", "/__w/{}/{}", "/Users/runner/work/{}/{}", "D:/a/{}/{}"] {
            roots.push(place.replace("{}", &name).into_bytes());
        }
    }
    roots.push(b"/github/workspace".to_vec());
    roots
}

/// The module path of each tracked `go.mod`, and its folder.
fn modules(tree: &Tree, root: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let is_mod = |name: &&Vec<u8>| name.as_slice() == b"go.mod" || name.ends_with(b"/go.mod");
    let module = |name: &Vec<u8>| {
        let text = bounded(&root.join(path_of(name)), HEAD)?;
        let line = text.split(|byte| *byte == b'\n').find_map(|line| line.trim_ascii().strip_prefix(b"module"))?;
        // A comment may follow the path, which itself has no `//`.
        let path = &line[..memchr::memmem::find(line, b"//").unwrap_or(line.len())];
        let path = path.trim_ascii();
        let path = path.strip_prefix(b"\"").and_then(|path| path.strip_suffix(b"\"")).unwrap_or(path).to_vec();
        let folder = name[..name.len() - b"go.mod".len()].trim_ascii_end();
        let folder = folder.strip_suffix(b"/").unwrap_or(folder).to_vec();
        (!path.is_empty()).then_some((path, folder))
    };
    tree.names().iter().filter(is_mod).filter_map(module).collect()
}

/// Reads package lines, each file's once.
fn packages(tree: &Tree, root: &Path) -> Box<dyn Fn(u32) -> Option<Vec<u8>>> {
    // Few names get as far as their package line, so they are copied only when one does.
    let known = std::cell::RefCell::new(HashMap::<u32, Option<Vec<u8>>>::new());
    let names: Vec<(u32, Vec<u8>)> = tree
        .names()
        .iter()
        .enumerate()
        .filter(|(_, name)| [b".kt".as_slice(), b".java", b".scala", b".groovy"].iter().any(|end| name.ends_with(end)))
        .map(|(index, name)| (index as u32, name.clone()))
        .collect();
    let root = root.to_owned();
    Box::new(move |index| {
        if let Some(package) = known.borrow().get(&index) {
            return package.clone();
        }
        let at = names.binary_search_by_key(&index, |(known, _)| *known).ok()?;
        let package = bounded(&root.join(path_of(&names[at].1)), HEAD).and_then(|text| package(&text));
        known.borrow_mut().insert(index, package.clone());
        package
    })
}

/// `package io.exai` of Kotlin or `package io.exai;` of Java: the first line of code of this shape, since annotations of the
/// file may stand before it.
fn package(text: &[u8]) -> Option<Vec<u8>> {
    let mut depth = 0usize;
    for line in text.split(|byte| *byte == b'\n') {
        let code = without_comments(line.trim_ascii(), &mut depth);
        if let Some(name) = code.trim_ascii().strip_prefix(b"package ") {
            let name = name.split(|byte| *byte == b';').next()?.trim_ascii();
            return Some(name.iter().filter(|byte| **byte != b'`').copied().collect());
        }
    }
    None
}

/// What is left of a line; `depth` is how many `/*` are open, which Kotlin nests.
fn without_comments(line: &[u8], depth: &mut usize) -> Vec<u8> {
    let (mut code, mut at) = (Vec::new(), 0);
    while at < line.len() {
        match &line[at..] {
            [b'/', b'*', ..] => {
                *depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] if *depth > 0 => {
                *depth -= 1;
                at += 2;
            }
            [b'/', b'/', ..] if *depth == 0 => break,
            rest => {
                code.extend((*depth == 0).then_some(rest[0]));
                at += 1;
            }
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn a_package_line_is_the_first_line_of_code_of_its_shape() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(package(text.as_bytes()).as_deref(), expected.map(str::as_bytes), "{text:?}");
        };
        check("package io.exai\n", Some("io.exai"));
        check("/*\npackage a\n/* b */\npackage c */\n@file:X\n// package d\npackage io.`in`.x // y\n", Some("io.in.x"));
        check("package io.exai;\r\nclass A {}", Some("io.exai"));
        check("packages.go()\n", None);
        check("", None);
    }
}
