//! A large report, scaled down: the record is the same with its parts in any order and any number of threads.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use world::{Ran, World, cobertura};

const FILES: usize = 2_000;
const LINES: usize = 60;
const SHARDS: usize = 6;

fn name(file: usize) -> String {
    format!("src/m{:02}/f{file:04}.py", file % 40)
}

/// Every fifth file changes two lines; every hundredth is new.
fn world() -> World {
    let text = |file: usize, mark: usize| {
        let line = |line: usize| format!("v{line} = {}\n", if line == 7 || line == 30 { mark } else { line + file });
        serde_json::to_string(&(1..=LINES).map(line).collect::<String>()).unwrap()
    };
    let write = |file: usize, mark: usize| format!("  write {} {}\n", name(file), text(file, mark));
    let base: String = (0..FILES).filter(|file| file % 100 != 0).map(|file| write(file, 0)).collect();
    let change: String = (0..FILES).filter(|file| file % 5 == 0).map(|file| write(file, 1)).collect();
    World::new(&format!("commit base on main\n{base}commit change on main\n{change}"))
}

fn is_hit(file: usize, line: usize, shard: usize) -> bool {
    (file * 31 + line * 17 + shard * 13).is_multiple_of(7)
}

/// A shard of Cobertura that names every file, each so many behind the one before.
fn shard(shard: usize, step: usize) -> String {
    let class = |at: usize| {
        let file = at * step % FILES;
        let line =
            |line: usize| format!("<line number=\"{line}\" hits=\"{}\"/>\n", u32::from(is_hit(file, line, shard)));
        let lines: String = (1..=LINES).map(line).collect();
        format!("<class name=\"c\" filename=\"{}\"><lines>\n{lines}</lines></class>\n", name(file))
    };
    format!(
        "<coverage><packages><package><classes>\n{}</classes></package></packages></coverage>\n",
        (0..FILES).map(class).collect::<String>()
    )
}

fn run(world: &World, order: &[usize], threads: &str) -> Ran {
    let reports: Vec<String> = order.iter().map(|shard| format!("r/{shard}.xml")).collect();
    let mut args = vec!["--threads", threads];
    args.extend(reports.iter().map(String::as_str));
    world.gate(&args)
}

#[test]
fn no_order_and_no_number_of_threads_shows_in_the_record() {
    let world = world();
    (0..SHARDS).for_each(|at| world.write(format!("r/{at}.xml"), shard(at, 1)));
    let first = run(&world, &[0, 1, 2, 3, 4, 5], "1");
    let record = first.record();
    // Not by the program: a line is hit if it is in any of the shards.
    let any = |file: usize, line: usize| (0..SHARDS).any(|shard| is_hit(file, line, shard));
    let hit = (0..FILES).map(|file| (1..=LINES).filter(|line| any(file, *line)).count()).sum::<usize>();
    assert_eq!((&record["all"]["covered"], &record["all"]["measured"]), (&hit.into(), &(FILES * LINES).into()));
    let changed = |file: usize| -> Vec<usize> {
        match (file % 100, file % 5) {
            (0, _) => (1..=LINES).collect(),
            (_, 0) => vec![7, 30],
            _ => Vec::new(),
        }
    };
    let measured: usize = (0..FILES).map(|file| changed(file).len()).sum();
    let covered: usize = (0..FILES).map(|file| changed(file).into_iter().filter(|line| any(file, *line)).count()).sum();
    assert_eq!((&record["patch"]["covered"], &record["patch"]["measured"]), (&covered.into(), &measured.into()));
    for (order, threads) in
        [([5, 4, 3, 2, 1, 0], "1"), ([0, 1, 2, 3, 4, 5], "2"), ([3, 0, 1, 2, 5, 4], "2"), ([5, 2, 4, 0, 3, 1], "16")]
    {
        let other = run(&world, &order, threads);
        assert!(first == other, "{order:?} with {threads} threads is another record");
    }
    // The classes of each report in another order.
    let steps = [7, 9, 11, 13, 17, 19];
    steps.iter().enumerate().for_each(|(at, step)| world.write(format!("r/{at}.xml"), shard(at, *step)));
    let shuffled = run(&world, &[0, 1, 2, 3, 4, 5], "2");
    assert!(first.exit == shuffled.exit, "{:?}", shuffled.exit);
    let files = |ran: &Ran| ran.record()["files"].clone();
    assert!(files(&first) == files(&shuffled), "the order of classes shows");
    assert!(first.stdout == shuffled.stdout, "the order of classes shows");
}

/// The helper of the other tests and this one write the same format.
#[test]
fn a_number_of_threads_has_to_be_one() {
    let world = World::small();
    world.write("cov.xml", cobertura("f.py", &world::hits("11111")));
    assert_eq!(world.gate(&["--threads", "0", "cov.xml"]).exit.map(|exit| exit == 0 || exit == 2), Some(true));
    for threads in ["-1", "x", "99999999999999999999"] {
        assert_eq!(world.bare(&["--threads", threads, "cov.xml"]).exit, Some(2), "{threads}");
    }
    assert_eq!(world.gate(&["--threads", "1000000", "cov.xml"]).exit, Some(0));
}
