//! Reports that are huge, malformed or meant to do harm: exit 2 naming the limit, within little memory, opening nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use world::{Ran, World, arg, cobertura, hits, lcov};

/// What a hostile report may take.
const MEBIBYTES: u32 = 64;

fn numbers() -> Value {
    serde_json::from_str(include_str!("../../../fixtures/coverage-gate/hostile-numbers.json")).unwrap()
}

/// Writes a report piece by piece.
fn stream(world: &World, write: impl FnOnce(&mut BufWriter<File>)) -> String {
    let path = world.beside("report");
    let mut out = BufWriter::new(File::create(&path).unwrap());
    write(&mut out);
    out.flush().unwrap();
    arg(&path)
}

#[track_caller]
fn check(world: &World, report: &str, code: &str) -> Ran {
    let ran = world.gate_within(MEBIBYTES, &[report]);
    ran.is(2, code);
    assert!(ran.record()["all"].is_null(), "a number was made of a report that could not be used");
    ran
}

/// 69,996 of 100,000 lines, and a header that rounds up.
#[test]
fn counts_100_000_lines_and_rounds_nothing_up() {
    let world = World::small();
    let report = stream(&world, |out| {
        out.write_all(b"<?xml version=\"1.0\" ?>\n<coverage line-rate=\"0.7\" lines-covered=\"70000\" lines-valid=\"100000\">\n<packages><package name=\"p\" line-rate=\"0.7\"><classes><class name=\"c\" filename=\"f.py\" line-rate=\"0.7\"><lines>\n").unwrap();
        for line in 1..=100_000 {
            writeln!(out, "<line number=\"{line}\" hits=\"{}\"/>", u32::from(line <= 69_996)).unwrap();
        }
        out.write_all(b"</lines></class></classes></package></packages></coverage>\n").unwrap();
    });
    let ran = world.bare(&["--base", &world.id("change"), "--format", "json", "--threshold-all", "0.70", &report]);
    ran.is(1, "all-below");
    let record = ran.record();
    assert_eq!(
        (&record["all"]["covered"], &record["all"]["measured"], &record["all"]["percent"]),
        (&69_996.into(), &100_000.into(), &"69.99".into())
    );
    assert!(ran.notes().iter().any(|note| note.starts_with("header-differs")), "{:?}", ran.notes());
    ran.says("0.7");
    let text = world.bare(&["--base", &world.id("change"), "--threshold-all", "0.70", &report]);
    text.says("69.99 %");
    assert!(!text.stdout.contains("70.00"), "{}", text.stdout);
}

#[test]
fn a_line_number_that_no_file_has_is_a_limit() {
    let world = World::small();
    let table = numbers();
    let list = |name: &str| table["line-numbers"][name].as_array().unwrap().clone();
    let reports = |name: &str| table["line-numbers"][name].as_object().unwrap().clone();
    let all = || list("values").into_iter().chain(list("more-values-of-texts"));
    let texts = reports("texts").into_iter().map(|report| (report, all().collect::<Vec<_>>()));
    let json = reports("json").into_iter().map(|report| (report, list("values")));
    let mut wrong = Vec::new();
    for ((format, report), values) in texts.chain(json) {
        for value in values {
            let value = value.as_str().unwrap();
            world.write("report", report.as_str().unwrap().replace('@', value));
            let ran = world.gate_within(MEBIBYTES, &["report"]);
            let code = if ran.stdout.is_empty() { Value::Null } else { ran.record()["reasons"][0]["code"].clone() };
            // A number that is none may be called so, too.
            let texts = ["undefined", "", "1.5", "0x10"].contains(&value) && code == "bad-number";
            if ran.exit != Some(2) || code != "limit-line" && !texts {
                wrong.push(format!("{format} line {value:?}: exit {:?}, {code}", ran.exit));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_count_that_is_none_is_refused_with_its_place() {
    let world = World::small();
    for row in numbers()["counts"].as_array().unwrap() {
        let line = row["line"].as_str().unwrap();
        let report =
            cobertura("f.py", &format!("<line number=\"1\" hits=\"1\"/>\n{line}\n<line number=\"5\" hits=\"1\"/>\n"));
        let at = report.lines().position(|known| known == line).unwrap() as u64 + 1;
        world.write("report", &report);
        let ran = world.bare(&["--base", &world.id("change"), "--format", "json", "report"]);
        assert_eq!(ran.exit.map(i64::from), row["exit"].as_i64(), "{line}: {} {}", ran.stdout, ran.stderr);
        let record = ran.record();
        if let Some(code) = row["code"].as_str() {
            ran.is(2, code).says(&format!("line {at}, column "));
            assert_eq!((&record["reasons"][0]["file"], &record["reasons"][0]["line"]), (&"report".into(), &at.into()));
            continue;
        }
        assert_eq!(record["all"]["measured"], 3, "{line}: a line was dropped");
        assert_eq!(record["all"]["covered"], if row["hit"] == true { 3 } else { 2 }, "{line}");
        let notes: Vec<String> = ran.notes();
        let expected = row["note"].as_str().map(|note| format!("{note} pass report"));
        assert_eq!(notes.iter().find(|note| !note.starts_with("no-threshold")), expected.as_ref(), "{line}");
    }
}

#[test]
fn a_count_that_is_none_is_refused_in_every_format() {
    let world = World::small();
    let mut wrong = Vec::new();
    for row in numbers()["other-counts"].as_array().unwrap() {
        let report = row["report"].as_str().unwrap();
        world.write("report", report);
        let ran = world.gate(&["report"]);
        let reason = ran.record()["reasons"][0].clone();
        if ran.exit != Some(2) || reason["code"] != row["code"] || reason["line"] != row["line"] {
            wrong.push(format!("{report:?}: exit {:?}, {reason}", ran.exit));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_range_of_a_billion_lines_is_a_limit() {
    let world = World::small();
    for row in numbers()["ranges"].as_array().unwrap() {
        world.write("report", row["report"].as_str().unwrap());
        check(&world, "report", row["code"].as_str().unwrap());
    }
}

/// Few bytes that name many lines, over and over: what they take is time.
#[cfg_attr(
    debug_assertions,
    ignore = "too slow without optimisation; `cargo xtask test e2e` runs it on the released binary"
)]
#[test]
fn the_same_lines_again_and_again_are_a_limit() {
    let world = World::small();
    let file = r#"{"filename":"f.c","segments":[[1,1,1,true,true,false],[10000000,1,0,false,false,false]]}"#;
    let files = vec![file; 400].join(",");
    world.write("report", format!(r#"{{"type":"llvm.coverage.json.export","data":[{{"files":[{files}]}}]}}"#));
    check(&world, "report", "limit-blocks");
    world.write("report", format!("mode: set\n{}", "m/f.c:1.1,10000000.3 1 1\n".repeat(400)));
    check(&world, "report", "limit-blocks");
}

/// Every hundredth of a billion lines; a dense list ends at the same limit.
#[test]
fn a_class_of_a_billion_lines_is_a_limit() {
    let world = World::small();
    let report = stream(&world, |out| {
        out.write_all(b"<coverage><class filename=\"f.py\"><lines>").unwrap();
        for line in (1..=1_000_000_000_u32).step_by(1000) {
            write!(out, "<line number=\"{line}\" hits=\"1\"/>").unwrap();
        }
        out.write_all(b"</lines></class></coverage>").unwrap();
    });
    check(&world, &report, "limit-line");
}

#[cfg_attr(
    debug_assertions,
    ignore = "too slow without optimisation; `cargo xtask test e2e` runs it on the released binary"
)]
#[test]
fn a_class_of_a_billion_lines_in_a_row_is_a_limit() {
    let world = World::small();
    let report = stream(&world, |out| {
        out.write_all(b"<coverage><class filename=\"f.py\"><lines>").unwrap();
        for line in 1..=10_000_100 {
            write!(out, "<line number=\"{line}\" hits=\"1\"/>").unwrap();
        }
    });
    check(&world, &report, "limit-line");
}

/// Lines that lie far apart take most memory.
#[test]
fn many_files_of_scattered_lines_stay_within_memory() {
    let world = World::small();
    let report = stream(&world, |out| {
        for file in 0..40 {
            writeln!(out, "SF:f{file}.py").unwrap();
            for line in (1..10_000_000).step_by(64) {
                writeln!(out, "DA:{line},1").unwrap();
            }
            writeln!(out, "end_of_record").unwrap();
        }
    });
    check(&world, &report, "limit-lines");
}

#[test]
fn three_million_nested_tags_are_a_limit() {
    let world = World::small();
    let report = stream(&world, |out| {
        out.write_all(b"<coverage>").unwrap();
        (0..3_000_000).for_each(|_| out.write_all(b"<a>").unwrap());
    });
    check(&world, &report, "limit-depth");
}

/// A file of 200 MB with a hole in it.
fn hole(world: &World, head: &[u8], tail: &[u8]) -> String {
    let path = world.beside("report");
    fs::write(&path, head).unwrap();
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.set_len(200_000_000).unwrap();
    file.write_all(tail).unwrap();
    arg(&path)
}

#[test]
fn a_token_of_200_megabytes_is_a_limit() {
    let world = World::small();
    let tokens: [(&[u8], &[u8]); 5] = [
        (b"<coverage><class filename=\"", b"\"/></coverage>"),
        (b"<coverage><", b"/></coverage>"),
        (b"<coverage><sources><source>", b"</source></sources></coverage>"),
        (b"SF:", b"\nDA:1,1\nend_of_record\n"),
        (b"SF:f.py\nDA:1,1\nDA:", b",1\nend_of_record\n"),
    ];
    for (head, tail) in tokens {
        check(&world, &hole(&world, head, tail), "limit-token");
    }
}

#[test]
fn a_hundred_thousand_source_folders_are_a_limit() {
    let world = World::small();
    let report = stream(&world, |out| {
        out.write_all(b"<coverage><sources>").unwrap();
        (0..100_000).for_each(|at| write!(out, "<source>/r/{at}</source>").unwrap());
        out.write_all(b"</sources></coverage>").unwrap();
    });
    check(&world, &report, "limit-sources");
    let report = stream(&world, |out| {
        out.write_all(b"<coverage><sources>").unwrap();
        (0..1000).for_each(|at| write!(out, "<source>/r/{at}</source>").unwrap());
        out.write_all(b"<source>/r/7</source></sources><packages><package><classes><class filename=\"f.py\"><lines><line number=\"1\" hits=\"1\"/></lines></class></classes></package></packages></coverage>").unwrap();
    });
    assert_eq!(world.gate(&[&report]).exit, Some(0), "a thousand are none");
}

#[test]
fn sixty_five_reports_are_a_limit() {
    let world = World::small();
    for at in 0..65 {
        world.write(format!("r/{at}.info"), lcov(&[("f.py", &[(1, 1)])]));
    }
    check(&world, "r/*.info", "limit-reports");
    fs::remove_file(world.work().join("r/7.info")).unwrap();
    assert_eq!(world.gate(&["r/*.info"]).exit, Some(0));
}

#[cfg_attr(
    debug_assertions,
    ignore = "too slow without optimisation; `cargo xtask test e2e` runs it on the released binary"
)]
#[test]
fn a_packed_report_of_more_than_two_gibibytes_is_a_limit() {
    let world = World::small();
    let path = world.beside("report.gz");
    let mut out = flate2::write::GzEncoder::new(File::create(&path).unwrap(), flate2::Compression::best());
    out.write_all(b"<?xml version=\"1.0\"?><coverage>").unwrap();
    let blanks = vec![b' '; 1 << 20];
    (0..2100).for_each(|_| out.write_all(&blanks).unwrap());
    out.finish().unwrap();
    check(&world, &arg(&path), "limit-size");
}

#[cfg_attr(
    debug_assertions,
    ignore = "too slow without optimisation; `cargo xtask test e2e` runs it on the released binary"
)]
#[test]
fn a_report_of_three_gibibytes_is_a_limit() {
    let world = World::small();
    let path = hole(&world, b"<?xml version=\"1.0\"?><coverage><!--", b"");
    OpenOptions::new().append(true).open(&path).unwrap().set_len(3 << 30).unwrap();
    check(&world, &path, "limit-size");
}

/// A pipe with a writer that waits until somebody opens it to read.
struct Bait {
    path: std::path::PathBuf,
    opened: Arc<AtomicBool>,
    writer: std::thread::JoinHandle<()>,
}

impl Bait {
    fn new(world: &World, name: &str) -> Self {
        let path = world.beside(name);
        assert!(world.command("mkfifo").arg(&path).status().unwrap().success());
        let opened = Arc::new(AtomicBool::new(false));
        let (seen, pipe) = (Arc::clone(&opened), path.clone());
        let writer = std::thread::spawn(move || {
            let open = OpenOptions::new().write(true).open(pipe);
            // Whoever reads gets to the end only after this.
            seen.store(true, Ordering::SeqCst);
            drop(open);
        });
        Self { path, opened, writer }
    }

    fn was_opened(self) -> bool {
        let opened = self.opened.load(Ordering::SeqCst);
        // O_NONBLOCK: this end opens at once, and the writer with it.
        let reader = OpenOptions::new().read(true).custom_flags(0o4000).open(&self.path).unwrap();
        self.writer.join().unwrap();
        drop(reader);
        opened
    }
}

#[test]
fn entities_and_document_types_open_nothing() {
    let body = "<coverage><packages><package name=\"p\"><classes><class name=\"c\" filename=\"@\"><lines><line number=\"5\" hits=\"1\"/></lines></class></classes></package></packages></coverage>";
    let rows = [
        ("<!DOCTYPE coverage [ <!ENTITY x SYSTEM \"file://FIFO\"> ]>", "&x;", Some("entity-not-allowed")),
        ("<!DOCTYPE coverage [ <!ENTITY % x SYSTEM \"file://FIFO\"> %x; ]>", "f.py", Some("entity-not-allowed")),
        ("<!DOCTYPE coverage [ <!ENTITY x PUBLIC \"p\" \"FIFO\"> ]>", "f.py", Some("entity-not-allowed")),
        ("<!DOCTYPE coverage [ %x; ]>", "f.py", Some("entity-not-allowed")),
        ("<!DOCTYPE coverage SYSTEM \"file://FIFO\">", "f.py", None),
        ("<!DOCTYPE coverage PUBLIC \"-//p\" \"FIFO\">", "f.py", None),
        ("<?xml-stylesheet href=\"file://FIFO\"?>", "f.py", None),
        ("", "&x;", Some("entity-not-allowed")),
        ("", "FIFO", Some("no-path-resolved")),
        ("", "../FIFO", Some("no-path-resolved")),
    ];
    for (at, (head, name, code)) in rows.into_iter().enumerate() {
        let world = World::small();
        let bait = Bait::new(&world, "bait");
        let fifo = arg(&bait.path);
        let text = format!("<?xml version=\"1.0\"?>\n{head}\n{body}\n").replace('@', name).replace("FIFO", &fifo);
        world.write("report", text);
        // A small report needs little whatever it tries.
        let ran = world.gate_within(20, &["report"]);
        match code {
            Some(code) => drop(ran.is(2, code)),
            None => assert_eq!(ran.exit, Some(0), "row {at}: {ran:?}"),
        }
        assert!(!bait.was_opened(), "row {at} made it open {fifo}");
    }
}

#[test]
fn nested_entities_are_not_expanded() {
    let world = World::small();
    let entity = |(at, of): (usize, char)| format!("<!ENTITY e{at} \"{}\">", format!("&{of};").repeat(20));
    let entities: String = ['a', 'b', 'c', 'd', 'e'].into_iter().enumerate().map(entity).collect();
    let text = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"lol\">{entities}]><coverage><class filename=\"&e4;\"/></coverage>"
    );
    world.write("report", text);
    world.gate_within(20, &["report"]).is(2, "entity-not-allowed");
}

/// What the file system calls a name is not always text.
#[test]
fn a_name_that_is_not_utf_8_is_kept_and_shown_escaped() {
    let world = World::new("commit base on main\n  write README.md x\n");
    let name = OsStr::from_bytes(b"caf\xe9.py");
    fs::write(world.work().join(name), "a = 1\n").unwrap();
    world.git(&["add", "."]);
    world.git(&["commit", "--quiet", "--message", "change"]);
    let report = cobertura("caf@.py", &hits("1")).into_bytes();
    let report: Vec<u8> = report.into_iter().map(|byte| if byte == b'@' { 0xe9 } else { byte }).collect();
    world.write("report", report);
    let ran = world.gate(&["report"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let file = &ran.record()["files"][0];
    assert_eq!((&file["file"], &file["patch"]["covered"]), (&"caf\\xe9.py".into(), &1.into()));
    // Another file whose name is what the first one is shown as, and one that is nowhere.
    world.write("report", cobertura("caf\\xe9.py", &hits("1")));
    world.gate(&["report"]).is(2, "no-path-resolved");
}

#[test]
fn a_packed_report_that_is_packed_again_or_broken_is_refused() {
    let world = World::small();
    let pack = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let good = pack(cobertura("f.py", &hits("11111")).as_bytes());
    world.write("report", &good);
    assert_eq!(world.gate(&["report"]).exit, Some(0));
    world.write("report", pack(&good));
    assert_eq!(world.gate(&["report"]).exit, Some(2));
    world.write("report", &good[..good.len() - 9]);
    world.gate(&["report"]).is(2, "truncated-report");
    world.write("report", pack(b""));
    world.gate(&["report"]).is(2, "empty-report");
    let mut broken = good.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 0xff;
    world.write("report", &broken);
    assert_eq!(world.gate(&["report"]).exit, Some(2), "a broken report is an input that makes no sense");
}
