//! Folders and lists that somebody made to hurt, and files that change meanwhile: a clear line, the rest done, no hang.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use formats::sums::hex;
use sha256sums::engine::{Care, Event, Source, digest_of, hash};
use world::{Call, Ran, ours, run};

/// Runs ours in a folder.
fn ran(folder: &Path, args: &[&str]) -> Ran {
    let args = args.iter().map(OsString::from).collect();
    run(&ours(false), &Call { args, folder, stdin: Vec::new(), full: false })
}

/// The exit code, and the lines of both streams that hold a word.
fn check(folder: &Path, args: &[&str], (exit, word, lines): (i32, &str, &[&str])) {
    let ran = ran(folder, args);
    let all = format!("{}{}", world::text(&ran.stdout), world::text(&ran.stderr));
    let found: Vec<&str> = all.lines().filter(|line| line.contains(word)).collect();
    assert_eq!((ran.exit, found.as_slice()), (exit, lines), "{all}");
}

fn line(name: &str, content: &str) -> String {
    format!("{}  {name}\n", hex(&digest_of(content.as_bytes())))
}

/// A folder `dist` with a good file and its list, which may list more.
fn dist(more: &str) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("dist");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("good"), "good").unwrap();
    fs::write(folder.join("SHA256SUMS"), line("good", "good") + more).unwrap();
    place
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn links_out_of_the_folder_are_not_followed() {
    let place = dist(&line("link", "secret"));
    fs::write(place.path().join("secret"), "secret").unwrap();
    symlink("../secret", place.path().join("dist/link")).unwrap();
    let said = "error: dist/SHA256SUMS:2:1: link: a link leads out of the folder; put the file itself in the place of the link";
    check(place.path(), &["check", "dist"], (2, "link:", &["link: FAILED open or read", said]));
    check(place.path(), &["check", "dist", "--require", "link"], (2, "good: OK", &[]));
    let refused = "error: link: it is a link out of the folder; put a file in its place";
    check(place.path(), &["create", "dist", "-o", "-"], (2, "link:", &[refused]));
    // By way of a folder.
    let place = dist(&line("up/secret", "secret"));
    fs::write(place.path().join("secret"), "secret").unwrap();
    symlink("..", place.path().join("dist/up")).unwrap();
    let inside = place.path().join("dist");
    let said = "error: SHA256SUMS:2:1: up/secret: a link leads out of the folder; put the file itself in the place of the link";
    check(&inside, &["-c", "SHA256SUMS"], (2, "up/secret", &["up/secret: FAILED open or read", said]));
    check(
        &inside,
        &["check"],
        (1, "error: up", &["error: up: it is not in the list; list it with `sha256sums create`, or remove it"]),
    );
}

#[test]
fn links_within_the_folder_are_files() {
    let place = dist(&line("link", "good"));
    symlink("good", place.path().join("dist/link")).unwrap();
    check(place.path(), &["check", "dist"], (0, "OK", &["good: OK", "link: OK"]));
    check(place.path(), &["create", "dist"], (0, "ok", &["ok, 2 files in dist/SHA256SUMS.txt"]));
}

#[test]
fn nothing_waits_for_pipes_or_reads_sockets() {
    let place = dist(&(line("pipe", "x") + &line("socket", "x")));
    pipe(&place.path().join("dist/pipe"));
    let _socket = UnixListener::bind(place.path().join("dist/socket")).unwrap();
    let words = ["pipe: FAILED open or read", "socket: FAILED open or read"];
    check(place.path(), &["check", "dist"], (3, "FAILED", &words));
    check(&place.path().join("dist"), &["-c", "SHA256SUMS"], (3, "FAILED", &words));
    check(
        place.path(),
        &["create", "dist", "-o", "-"],
        (2, "pipe", &["error: pipe: it is no regular file; put a file in its place"]),
    );
}

#[test]
fn a_file_without_permission_is_told_and_the_rest_is_done() {
    let place = dist(&line("closed", "x"));
    let closed = place.path().join("dist/closed");
    fs::write(&closed, "x").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&closed).is_ok() {
        return world::not_run("this user may read every file");
    }
    check(place.path(), &["check", "dist"], (3, "good", &["good: OK"]));
}

#[test]
fn a_name_may_be_as_long_as_the_system_allows_and_no_longer() {
    let long = vec!["n".repeat(255); 3].join("/");
    let place = dist(&line(&format!("{long}/{}", "n".repeat(256)), "x"));
    assert_eq!(ran(place.path(), &["check", "dist"]).exit, 1);
    let folder = place.path().join("dist");
    fs::create_dir_all(folder.join(&long)).unwrap();
    fs::write(folder.join(&long).join("end"), "x").unwrap();
    fs::write(folder.join("SHA256SUMS"), line("good", "good") + &line(&format!("{long}/end"), "x")).unwrap();
    check(&folder, &["check", "--quiet"], (0, "ok", &["ok, 2 files as listed in SHA256SUMS"]));
    let endless = line(&"n/".repeat(2100), "x");
    fs::write(folder.join("SHA256SUMS"), line("good", "good") + &endless).unwrap();
    assert_eq!(ran(&folder, &["-c", "--status", "SHA256SUMS"]).exit, 1);
}

#[test]
fn a_million_lines_are_read_in_one_go() {
    let digest = hex(&digest_of(b"good"));
    let lines: String = (0..1_000_000).map(|number| format!("{digest}  {number}\n")).collect();
    let found = formats::sums::read(lines.as_bytes(), formats::sums::Dialect::Strict);
    assert_eq!((found.entries.len(), found.problems.len()), (1_000_000, 0));
}

/// Hashes files, and gives the errors' texts.
fn errors(files: &[&Path]) -> Vec<Option<String>> {
    let sources: Vec<Source<'_>> = files.iter().map(|file| Source::File(file)).collect();
    let mut errors = Vec::new();
    hash(&sources, Care::Regular, |event| {
        if let Event::Done(_, result) = event {
            errors.push(result.err().map(|error| error.to_string()));
        }
        true
    });
    errors
}

#[test]
fn a_file_that_vanishes_is_an_error_and_the_others_are_hashed() {
    let place = tempfile::tempdir().unwrap();
    let there = place.path().join("there");
    fs::write(&there, "x").unwrap();
    let gone = place.path().join("gone");
    let found = errors(&[&there, &gone, &there]);
    assert_eq!(found, [None, Some("No such file or directory (os error 2)".to_owned()), None]);
}

#[test]
fn a_file_whose_length_is_not_what_was_read_has_no_digest() {
    // The system gives this one a length of nothing.
    let found = errors(&[Path::new("/proc/version")]);
    assert_eq!(found, [Some("it changed while it was read".to_owned())]);
}

#[test]
fn a_file_may_shrink_and_grow_while_it_is_read() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("large");
    let file = File::create(&path).unwrap();
    file.set_len(64 << 20).unwrap();
    let over = AtomicBool::new(false);
    let found = std::thread::scope(|scope| {
        scope.spawn(|| {
            for length in [1 << 20, 64 << 20].iter().cycle() {
                file.set_len(*length).unwrap();
                if over.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        let found = errors(&[path.as_path(); 3]);
        over.store(true, Ordering::Relaxed);
        found
    });
    assert_eq!(found.len(), 3);
    let changed = |error: &String| error == "it changed while it was read";
    assert!(found.iter().flatten().all(changed), "{found:?}");
}

#[test]
fn a_pipe_that_the_user_names_is_read_to_its_end() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("pipe");
    pipe(&path);
    let content = "some lines\n".repeat(40_000);
    let found = std::thread::scope(|scope| {
        scope.spawn(|| fs::write(&path, &content).unwrap());
        ran(place.path(), &["pipe"])
    });
    assert_eq!((found.exit, world::text(&found.stdout)), (0, line("pipe", &content)));
}

#[test]
fn the_order_of_the_files_is_kept() {
    let place = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..500).map(|number| place.path().join(number.to_string())).collect();
    for (number, path) in paths.iter().enumerate() {
        fs::write(path, vec![7; (number * 7919) % 50_000]).unwrap();
    }
    let sources: Vec<Source<'_>> = paths.iter().map(|path| Source::File(path)).collect();
    let mut next = 0;
    hash(&sources, Care::Any, |event| {
        if let Event::Done(at, digest) = event {
            assert_eq!((at, digest.unwrap()), (next, digest_of(&vec![7; (at * 7919) % 50_000])));
            next += 1;
        }
        true
    });
    assert_eq!(next, 500);
}

#[test]
fn a_list_is_written_whole_or_not_at_all_and_again_the_same() {
    let place = dist("");
    let folder = place.path().join("dist");
    let list = folder.join("SHA256SUMS.txt");
    // What a killed run left, and a link that somebody put in the way.
    symlink(place.path().join("victim"), folder.join(".SHA256SUMS.txt.partial")).unwrap();
    check(
        place.path(),
        &["create", "dist"],
        (2, "partial", &["error: .SHA256SUMS.txt.partial: it is a link to nothing; put a file in its place"]),
    );
    fs::remove_file(folder.join(".SHA256SUMS.txt.partial")).unwrap();
    fs::write(folder.join(".SHA256SUMS.txt.partial"), "half").unwrap();
    check(place.path(), &["create", "dist"], (0, "ok", &["ok, 1 file in dist/SHA256SUMS.txt"]));
    let first = fs::read(&list).unwrap();
    check(place.path(), &["create", "dist"], (0, "ok", &["ok, 1 file in dist/SHA256SUMS.txt"]));
    assert_eq!(fs::read(&list).unwrap(), first);
    assert!(!folder.join(".SHA256SUMS.txt.partial").exists() && !place.path().join("victim").exists());
}

#[test]
fn a_list_is_checked_to_its_end_though_nobody_reads_the_lines() {
    let place = dist(&(0..3000).map(|number| line(&format!("./{number}"), "x")).collect::<String>());
    for number in 0..2999 {
        fs::write(place.path().join("dist").join(number.to_string()), "x").unwrap();
    }
    // The last of them is missing, and the reader of the lines is gone before the first.
    for gnu in ["--gnu", "--warn"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sha256sums"));
        command.args([gnu, "-c", "SHA256SUMS"]).current_dir(place.path().join("dist"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{gnu}");
    }
}

#[test]
fn many_names_are_files_whatever_stands_before_them() {
    let place = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..300).map(|number| format!("n{number}")).collect();
    names.iter().for_each(|name| fs::write(place.path().join(name), name).unwrap());
    let sums: String = names.iter().map(|name| line(name, name)).collect();
    let all = |first: &[&'static str]| {
        let args = first.iter().copied().chain(names.iter().map(String::as_str)).collect::<Vec<_>>();
        let ran = ran(place.path(), &args);
        (ran.exit, world::text(&ran.stdout), world::text(&ran.stderr))
    };
    for first in [&[][..], &["--"], &["--gnu"], &["--gnu", "--"]] {
        assert_eq!(all(first), (0, sums.clone(), String::new()), "{first:?}");
    }
    assert_eq!(all(&["-z"]), (0, sums.replace('\n', "\0"), String::new()));
    let (exit, json, _) = all(&["--format", "json", "--"]);
    assert_eq!((exit, json.matches("\"sha256\"").count()), (0, 300));
    // No command takes so many, and no list is read as if it was checked.
    assert_eq!(all(&["create"]).0, 2);
    let (exit, _, said) = all(&["-c"]);
    assert_eq!((exit, said.matches("1:1: this is no line of a checksum list").count()), (2, 300));
}
