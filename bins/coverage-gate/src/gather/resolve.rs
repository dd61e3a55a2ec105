//! Which tracked file a report's name means. Pure: names in, one file, several, or none out.
//!
//! In this order: the name below each `<source>` of the report, the name as it is, both without the roots that a checkout
//! is known to have; the module of a `go.mod`; the user's own map; the longest end that the name and exactly one tracked
//! file share; for JaCoCo a file of that name whose `package` line fits; of several the nearest to the report. Only when
//! all of this finds nothing, once more without regard to upper and lower case.
mod name;
mod tree;

use crate::formats::Kind;
use name::Name;
pub(crate) use tree::Tree;

/// What is known beside the names.
pub(crate) struct Known<'a> {
    pub(crate) tree: &'a Tree,
    /// Folders that a checkout is or was at.
    pub(crate) roots: &'a Roots,
    /// Modules of all tracked `go.mod` files, and the folder of each.
    pub(crate) modules: &'a [(Vec<u8>, Vec<u8>)],
    /// What the user wants a beginning of names replaced by.
    pub(crate) map: &'a [(Vec<u8>, Vec<u8>)],
    /// The folder, relative to the root, that names may be relative to by the user's word.
    pub(crate) source_dir: Option<&'a [u8]>,
    /// Reads the package line of a tracked file.
    pub(crate) package: &'a dyn Fn(u32) -> Option<Vec<u8>>,
}

/// Folders that a checkout is or was at: absolute, or with a drive's letter.
pub(crate) struct Roots(Vec<Name>);

impl Roots {
    /// Of paths as some machine writes them.
    pub(crate) fn new<'p>(paths: impl IntoIterator<Item = &'p Vec<u8>>) -> Self {
        Self(paths.into_iter().filter_map(|path| Name::of(path)).collect())
    }
}

/// A name to look for.
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) kind: Kind,
    /// JaCoCo's group.
    pub(crate) module: &'a [u8],
    /// The report's source folders.
    pub(crate) folders: &'a Folders<'a>,
    /// The report's own path, relative to the root where it is inside.
    pub(crate) report: &'a [u8],
}

/// The source folders of a report, and where in the repository each is: worked out once for all of its names.
pub(crate) struct Folders<'a> {
    sources: &'a [Vec<u8>],
    /// Each with its slash; the root is empty. Those outside of the repository are left out.
    below: Vec<Vec<u8>>,
}

impl<'a> Folders<'a> {
    /// Of the folders as the report writes them, and the one that the user names.
    pub(crate) fn new(known: &Known<'_>, sources: &'a [Vec<u8>]) -> Self {
        let dir = known.source_dir.map(<[u8]>::to_vec);
        let mut below = Vec::new();
        for folder in sources.iter().chain(&dir) {
            // A name below the folder shows where the folder is.
            let Some(name) = Name::of(&[folder.as_slice(), b"/x"].concat()) else { continue };
            let rests = match name.absolute {
                true => known.roots.0.iter().filter_map(|root| name.below(root)).collect(),
                false => vec![name.joined()],
            };
            below.extend(rests.into_iter().map(|rest| rest[..rest.len() - 1].to_vec()));
        }
        below.sort_unstable();
        below.dedup();
        Self { sources, below }
    }
}

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// This tracked file, found in this way.
    File(u32, How),
    /// Any of these.
    Ambiguous(Vec<u32>),
    /// A file outside of the repository, or a name that could never be inside.
    Outside,
    /// A name that no tracked file has.
    Untracked,
}

/// The step that found a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Source,
    Exact,
    Root,
    GoModule,
    Map,
    Suffix,
    Package,
    Nearest,
    AnyCase,
}

impl How {
    /// In words, for `explain`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Source => "below a source folder of the report",
            Self::Exact => "the tracked path itself",
            Self::Root => "the tracked path below a known root of checkouts",
            Self::GoModule => "by its module's go.mod",
            Self::Map => "by path-map",
            Self::Suffix => "the only tracked path with this end",
            Self::Package => "by the package line of a file of this name",
            Self::Nearest => "of several with this end, the nearest to the report",
            Self::AnyCase => "the only tracked path that differs in nothing but upper and lower case",
        }
    }
}

/// Files of one name of which the nearest is looked for.
const MOST_COMPARED: usize = 1_000;
/// Places that hold other people's code.
const FOREIGN: [&[u8]; 9] = [
    b"/site-packages/",
    b"/dist-packages/",
    b"/node_modules/",
    b"/.cargo/registry/",
    b"/go/pkg/mod/",
    b"/.rustup/",
    b"/rustc/",
    b"/.m2/",
    b"/.gradle/",
];
/// Folders of the system.
const SYSTEM: [&[u8]; 7] = [b"/usr/", b"/lib/", b"/lib64/", b"/etc/", b"/nix/", b"/proc/", b"/sys/"];

/// Finds out what a name means.
pub(crate) fn meaning(known: &Known<'_>, wanted: &Wanted<'_>) -> Meaning {
    if wanted.name.contains(&0) {
        return Meaning::Outside;
    }
    if let Some(found) = directly(known, wanted) {
        return found;
    }
    let plain = known.tree.find(wanted.name).map(|index| Meaning::File(index, How::Exact));
    let Some(name) = Name::of(wanted.name) else { return plain.unwrap_or(Meaning::Outside) };
    let candidates = candidates(known, wanted, &name);
    for search in [by_place, by_module, by_map] {
        if let Some(found) = search(known, wanted, &candidates) {
            return found;
        }
    }
    if let Some(plain) = plain {
        return plain;
    }
    let text = [b"/".as_slice(), &name.joined()].concat();
    let foreign = FOREIGN.iter().any(|place| memchr::memmem::find(&text, place).is_some());
    if foreign || (name.absolute && SYSTEM.iter().any(|folder| text.starts_with(folder))) {
        return Meaning::Outside;
    }
    by_suffix(known, wanted, &candidates)
        .or_else(|| by_package(known, wanted, &name))
        .or_else(|| by_any_case(known, &candidates))
        .unwrap_or(if name.absolute { Meaning::Outside } else { Meaning::Untracked })
}

/// The way of nearly every name, without taking it apart: a clean relative name below the source folders, or as it is.
fn directly(known: &Known<'_>, wanted: &Wanted<'_>) -> Option<Meaning> {
    let has = |what: &[u8]| memchr::memmem::find(wanted.name, what).is_some();
    let clean = !wanted.name.starts_with(b"/") && !wanted.name.starts_with(b".") && !wanted.name.contains(&b'\\');
    if !clean || has(b"//") || has(b"/.") || has(b":") {
        return None;
    }
    let mut full = Vec::with_capacity(wanted.name.len() + 64);
    let below = wanted.folders.below.iter().filter_map(|folder| {
        full.clear();
        full.extend_from_slice(folder);
        full.extend_from_slice(wanted.name);
        Some((known.tree.find(&full)?, How::Source))
    });
    let found = one_of(below.collect());
    found.or_else(|| Some(Meaning::File(known.tree.find(wanted.name)?, How::Exact)))
}

/// What the name may be in full, and whether a source folder of the report made it so.
fn candidates(known: &Known<'_>, wanted: &Wanted<'_>, name: &Name) -> Vec<(Name, How)> {
    let mut all = Vec::new();
    if !name.absolute {
        let dir = known.source_dir.map(<[u8]>::to_vec);
        for folder in wanted.folders.sources.iter().chain(&dir) {
            all.extend(Name::of(&[folder, b"/".as_slice(), wanted.name].concat()).map(|name| (name, How::Source)));
        }
    }
    all.push((name.clone(), How::Exact));
    all
}

/// The tracked files that the candidates are, with the known roots taken off; those of source folders first.
fn by_place(known: &Known<'_>, _: &Wanted<'_>, candidates: &[(Name, How)]) -> Option<Meaning> {
    for way in [How::Source, How::Exact] {
        let mut found: Vec<(u32, How)> = Vec::new();
        for (name, _) in candidates.iter().filter(|(_, how)| *how == way) {
            if !name.absolute {
                found.extend(known.tree.find(&name.joined()).map(|index| (index, way)));
                continue;
            }
            let rests = known.roots.0.iter().filter_map(|root| name.below(root));
            let how = if way == How::Exact { How::Root } else { way };
            found.extend(rests.filter_map(|rest| known.tree.find(&rest)).map(|index| (index, how)));
        }
        if let Some(meaning) = one_of(found) {
            return Some(meaning);
        }
    }
    None
}

fn one_of(mut found: Vec<(u32, How)>) -> Option<Meaning> {
    found.sort_by_key(|(index, _)| *index);
    found.dedup_by_key(|(index, _)| *index);
    match found.as_slice() {
        [] => None,
        [(index, how)] => Some(Meaning::File(*index, *how)),
        several => Some(Meaning::Ambiguous(several.iter().map(|(index, _)| *index).collect())),
    }
}

/// The longest module path that the name begins with, and the folder of its `go.mod`.
fn by_module(known: &Known<'_>, wanted: &Wanted<'_>, _: &[(Name, How)]) -> Option<Meaning> {
    if wanted.kind != Kind::Go {
        return None;
    }
    let rest = |module: &[u8]| wanted.name.strip_prefix(module)?.strip_prefix(b"/").map(<[u8]>::to_vec);
    let fits = known.modules.iter().filter_map(|(module, folder)| Some((module.len(), folder, rest(module)?)));
    let longest = fits.clone().map(|(length, ..)| length).max()?;
    let found = fits.filter(|(length, ..)| *length == longest).filter_map(|(_, folder, rest)| {
        let name = if folder.is_empty() { rest } else { [folder, b"/".as_slice(), &rest].concat() };
        known.tree.find(&name).map(|index| (index, How::GoModule))
    });
    one_of(found.collect())
}

fn by_map(known: &Known<'_>, wanted: &Wanted<'_>, candidates: &[(Name, How)]) -> Option<Meaning> {
    for (from, to) in known.map {
        let names = candidates.iter().map(|(name, _)| {
            let slash: &[u8] = if name.absolute { b"/" } else { b"" };
            [slash, &name.joined()].concat()
        });
        for name in names.chain([wanted.name.to_vec()]) {
            let Some(rest) = name.strip_prefix(from.as_slice()) else { continue };
            let Some(name) = Name::of(&[to, rest].concat()) else { continue };
            if let Some(index) = known.tree.find(&name.joined()) {
                return Some(Meaning::File(index, How::Map));
            }
        }
    }
    None
}

/// Files of which one name is wholly an end of the other: a path of another machine, or one below an unnamed folder. Those
/// that share most are meant.
fn ends(tree: &Tree, candidates: &[(Name, How)]) -> Vec<u32> {
    let (mut best, mut found) = (0, Vec::new());
    for (name, _) in candidates {
        let below = if name.absolute { Vec::new() } else { tree.ending_in(&name.joined()) };
        let (shared, files) = match (below.is_empty(), tree.end_of(&name.parts)) {
            (false, _) => (name.parts.len(), below),
            (true, Some((index, shared))) => (shared, vec![index]),
            (true, None) => continue,
        };
        if shared > best {
            best = shared;
            found.clear();
        }
        if shared == best {
            found.extend(files);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn by_suffix(known: &Known<'_>, wanted: &Wanted<'_>, candidates: &[(Name, How)]) -> Option<Meaning> {
    chosen(known, wanted, (ends(known.tree, candidates), How::Suffix))
}

/// One file; of several those of the report's own module, then the nearest to the report.
fn chosen(known: &Known<'_>, wanted: &Wanted<'_>, (found, how): (Vec<u32>, How)) -> Option<Meaning> {
    match found.as_slice() {
        [] => return None,
        [index] => return Some(Meaning::File(*index, how)),
        // Nobody can have meant one of so many.
        many if many.len() > MOST_COMPARED => return Some(Meaning::Ambiguous(found)),
        _ => {}
    }
    // That the package line was needed says more than that there were several.
    let near_how = if how == How::Package { how } else { How::Nearest };
    let in_module =
        |index: &&u32| known.tree.name(**index).split(|byte| *byte == b'/').any(|part| part == wanted.module);
    if let [index] = found.iter().filter(in_module).collect::<Vec<_>>().as_slice() {
        return Some(Meaning::File(**index, near_how));
    }
    let near = |index: &u32| {
        let name = known.tree.name(*index).split(|byte| *byte == b'/');
        let report = wanted.report.split(|byte| *byte == b'/');
        let folders = report.clone().count().saturating_sub(1);
        name.zip(report.take(folders)).take_while(|(a, b)| a == b).count()
    };
    let nearest = found.iter().map(near).max().unwrap_or(0);
    let close: Vec<u32> = found.iter().copied().filter(|index| near(index) == nearest).collect();
    match close.as_slice() {
        [index] if nearest > 0 => Some(Meaning::File(*index, near_how)),
        _ => Some(Meaning::Ambiguous(found)),
    }
}

/// Kotlin leaves the folders of a common package out; the `package` line tells.
fn by_package(known: &Known<'_>, wanted: &Wanted<'_>, name: &Name) -> Option<Meaning> {
    if wanted.kind != Kind::Jacoco {
        return None;
    }
    let (file, package) = name.parts.split_last()?;
    let package = package.join(&b'.');
    let fits = |index: &u32| (known.package)(*index).as_deref() == Some(package.as_slice());
    let found = known.tree.ending_in(file).into_iter().filter(fits).collect();
    chosen(known, wanted, (found, How::Package))
}

fn by_any_case(known: &Known<'_>, candidates: &[(Name, How)]) -> Option<Meaning> {
    let (lower, files) = known.tree.lower();
    let candidates: Vec<(Name, How)> = candidates.iter().map(|(name, how)| (name.lower(), *how)).collect();
    let found: Vec<u32> =
        ends(lower, &candidates).into_iter().flat_map(|index| files[index as usize].clone()).collect();
    match found.as_slice() {
        [] => None,
        [index] => Some(Meaning::File(*index, How::AnyCase)),
        several => Some(Meaning::Ambiguous(several.to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACKED: [&str; 16] = [
        "f.py",
        "src/app/never.py",
        "src/app/x.py",
        "lib/app/x.py",
        "svc/src/main/kotlin/io/exai/Calc.kt",
        "backend/cli/go.mod",
        "backend/cli/cmd/main.go",
        "backend/cli/v2x/main.go",
        "a/src/main/kotlin/short/Conv.kt",
        "b/src/main/kotlin/short/Conv.kt",
        "web/src/App.tsx",
        "d b/q.py",
        "za\u{17c}.py",
        "odd\\name.py",
        "m/util.py",
        "n/util.py",
    ];

    fn look(name: &str, kind: Kind, (sources, report): (&[&str], &str)) -> String {
        let tree = Tree::new(TRACKED.iter().map(|name| name.as_bytes().to_vec()).collect());
        let bytes = |list: &[&str]| list.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
        let roots = Roots::new(&bytes(&["/home/runner/work/r/r", "D:\\a\\r\\r"]));
        let modules = [(b"github.com/polk/etl/backend/cli/v2".to_vec(), b"backend/cli".to_vec())];
        let map = [(b"/image/app/".to_vec(), b"src/app/".to_vec())];
        let package = |index: u32| tree.name(index).ends_with(b"Conv.kt").then(|| b"io.exai".to_vec());
        let known =
            Known { tree: &tree, roots: &roots, modules: &modules, map: &map, source_dir: None, package: &package };
        let sources = bytes(sources);
        let folders = Folders::new(&known, &sources);
        let wanted = Wanted { name: name.as_bytes(), kind, module: b"", folders: &folders, report: report.as_bytes() };
        let name = |index: u32| String::from_utf8_lossy(tree.name(index)).into_owned();
        match meaning(&known, &wanted) {
            Meaning::File(index, how) => format!("{how:?} {}", name(index)),
            Meaning::Ambiguous(all) => all.into_iter().map(name).collect::<Vec<_>>().join(" | "),
            other => format!("{other:?}"),
        }
    }

    fn check(name: &str, sources: &[&str], expected: &str) {
        assert_eq!(look(name, Kind::Cobertura, (sources, "coverage.xml")), expected, "{name}");
    }

    #[test]
    fn each_name_means_one_file_or_is_told() {
        check("f.py", &[], "Exact f.py");
        check("./src//app/../app/x.py", &[], "Exact src/app/x.py");
        check("app/never.py", &["/r/lib", "/r/src"], "Suffix src/app/never.py");
        check("app/never.py", &["/home/runner/work/r/r/lib", "/home/runner/work/r/r/src"], "Source src/app/never.py");
        check("app/x.py", &["/home/runner/work/r/r/lib", "/home/runner/work/r/r/src"], "lib/app/x.py | src/app/x.py");
        check("app/x.py", &["/home/runner/work/r/r/lib"], "Source lib/app/x.py");
        check("app/x.py", &["."], "lib/app/x.py | src/app/x.py");
        check("/home/runner/work/r/r/f.py", &[], "Root f.py");
        check("C:\\w\\r\\f.py", &[], "Suffix f.py");
        check("D:\\a\\r\\r\\src/app\\x.py", &[], "Root src/app/x.py");
        check("odd\\name.py", &[], "Exact odd\\name.py");
        check("/image/app/x.py", &[], "Map src/app/x.py");
        check("/usr/include/f.py", &[], "Outside");
        check("/x/site-packages/f.py", &[], "Outside");
        check("../../etc/passwd", &[], "Outside");
        check("a\0b", &[], "Outside");
        check("nothing.py", &[], "Untracked");
        check("/elsewhere/nothing.py", &[], "Outside");
        check("util.py", &[], "m/util.py | n/util.py");
        check("WEB/src/app.tsx", &[], "AnyCase web/src/App.tsx");
        check("d b/q.py", &[], "Exact d b/q.py");
    }

    #[test]
    fn the_report_tells_where_to_look() {
        let jacoco = |name: &str, report: &str| look(name, Kind::Jacoco, (&[], report));
        assert_eq!(jacoco("io/exai/Calc.kt", "x.xml"), "Suffix svc/src/main/kotlin/io/exai/Calc.kt");
        let nearest = jacoco("io/exai/Conv.kt", "a/build/reports/jacoco/x.xml");
        assert_eq!(nearest, "Package a/src/main/kotlin/short/Conv.kt");
        let both = "a/src/main/kotlin/short/Conv.kt | b/src/main/kotlin/short/Conv.kt";
        assert_eq!(jacoco("io/exai/Conv.kt", "x.xml"), both);
        let go = |name: &str| look(name, Kind::Go, (&[], "c.out"));
        assert_eq!(go("github.com/polk/etl/backend/cli/v2/cmd/main.go"), "GoModule backend/cli/cmd/main.go");
        assert_eq!(go("github.com/polk/etl/backend/cli/v2x/main.go"), "Suffix backend/cli/v2x/main.go");
        assert_eq!(look("util.py", Kind::Cobertura, (&[], "n/coverage.xml")), "Nearest n/util.py");
    }
}
