//! A second opinion on Go's coverprofile: a map of blocks and a map of lines, whole or in shards.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use coverage_gate::formats::{self, Blocks, Parsed};
use coverage_gate::lines::{Lines, State};
use proptest::prelude::*;

/// Line and column of a block's start and of its end.
type Span = [u32; 4];
/// What is known of a file: how many statements each block has and whether it was executed, and the same of its lines.
type Known = (BTreeMap<Span, (u64, bool)>, BTreeMap<u32, bool>);
type Files = BTreeMap<String, Known>;
type Read = BTreeMap<String, (Blocks, Lines)>;

/// What our reader finds.
fn read(text: &str) -> Read {
    let Parsed { files, .. } =
        formats::read(text.as_bytes(), None).unwrap_or_else(|problem| panic!("{problem}: {text}"));
    files.into_iter().map(|file| (String::from_utf8(file.name).unwrap(), (file.blocks, file.lines))).collect()
}

fn known(files: &Read) -> Files {
    let of = |(blocks, lines): &(Blocks, Lines)| {
        let span = |block: &formats::Block| [block.start.0, block.start.1, block.end.0, block.end.1];
        let blocks = blocks.iter().map(|block| (span(block), (block.statements.into(), block.hit)));
        (blocks.collect(), lines.iter().map(|(line, state)| (line, state != State::Missed)).collect())
    };
    files.iter().map(|(name, read)| (name.clone(), of(read))).collect()
}

/// Executed statements and all, by file.
fn statements(files: &Read) -> BTreeMap<&str, (u64, u64)> {
    files.iter().map(|(name, (blocks, _))| (name.as_str(), blocks.statements())).collect()
}

/// Reads a profile as one would by hand.
fn by_hand(text: &str) -> Files {
    let mut files = Files::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("mode:")) {
        let (place, count) = line.rsplit_once(' ').unwrap();
        let (place, statements) = place.rsplit_once(' ').unwrap();
        let (name, span) = place.rsplit_once(':').unwrap();
        let span: Vec<u32> = span.split(['.', ',']).map(|number| number.parse().unwrap()).collect();
        let span: Span = span.try_into().unwrap();
        let (statements, hit): (u64, bool) = (statements.parse().unwrap(), count.parse::<f64>().unwrap() > 0.0);
        let (blocks, lines) = files.entry(name.to_owned()).or_default();
        let block = blocks.entry(span).or_insert((statements, hit));
        *block = (block.0.max(statements), block.1 || hit);
        let [first, _, last, column] = span;
        for line in first..=last {
            // Where a block ends before column 3 after its first line, only its brace is there.
            if line < last || line == first || column > 2 {
                *lines.entry(line).or_default() |= hit;
            }
        }
    }
    files
}

/// Both readings agree, and the shards say the same together, whichever comes first.
fn check(shards: &[String]) {
    let whole = shards.concat();
    let wanted = by_hand(&whole);
    let ours = read(&whole);
    assert_eq!(known(&ours), wanted, "{whole}");
    let sums = wanted.iter().map(|(name, (blocks, _))| {
        let sum = |all: bool| blocks.values().filter(|(_, hit)| all || *hit).map(|(count, _)| count).sum::<u64>();
        (name.as_str(), (sum(false), sum(true)))
    });
    assert_eq!(statements(&ours), sums.collect(), "{whole}");
    for turned in [false, true] {
        let mut merged = Read::new();
        let mut order: Vec<&String> = shards.iter().collect();
        if turned {
            order.reverse();
        }
        for (name, (blocks, lines)) in order.iter().flat_map(|shard| read(shard)) {
            let kept = merged.entry(name).or_default();
            kept.0.merge(&blocks);
            kept.1.merge(&lines);
        }
        assert_eq!(known(&merged), wanted, "in shards, turned: {turned}: {whole}");
        assert_eq!(statements(&merged), statements(&ours), "in shards, turned: {turned}: {whole}");
    }
}

#[test]
fn real_profiles_are_read_as_by_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage-gate/real/reports");
    let names = ["go-backend.coverprofile", "go-cli.coverprofile"];
    let shards = names.map(|name| fs::read_to_string(folder.join(name)).unwrap());
    shards.iter().for_each(|shard| check(std::slice::from_ref(shard)));
    check(&shards);
}

/// A block of one of a few files; the same ones come again, with other counts.
fn block() -> impl Strategy<Value = String> {
    let span = (1u32..70, 1u32..5, 0u32..70, 1u32..5).prop_map(|(first, from, more, to)| {
        let to = if more == 0 { from + to } else { to };
        format!("{first}.{from},{}.{to}", first + more)
    });
    let few = prop::sample::select(vec!["1.2,3.4", "3.4,3.9", "3.5,7.2", "7.2,7.3", "8.1,9.1", "60.3,130.2"]);
    let span = prop_oneof![few.prop_map(str::to_owned), span];
    let count = prop::sample::select(vec!["0", "0", "1", "25", "18446744073709551616"]);
    ("m/[ab]\\.go|m/a b:1\\.2,c\\.go", span, 0u32..4, count)
        .prop_map(|(name, span, statements, count)| format!("{name}:{span} {statements} {count}"))
}

fn shard() -> impl Strategy<Value = String> {
    (prop::sample::select(vec!["set", "count", "atomic"]), prop::collection::vec((block(), any::<bool>()), 0..40))
        .prop_map(|(mode, blocks)| {
            let mut text = format!("mode: {mode}\n");
            for (block, windows) in blocks {
                text.push_str(&block);
                text.push_str(if windows { "\r\n" } else { "\n" });
            }
            text
        })
}

proptest! {
    #[test]
    fn made_up_profiles_are_read_as_by_hand(shards in prop::collection::vec(shard(), 1..4)) {
        check(&shards);
    }

    #[test]
    fn the_order_of_blocks_does_not_matter(blocks in prop::collection::vec(block(), 0..200).prop_shuffle()) {
        let mut sorted = blocks.clone();
        sorted.sort();
        let of = |blocks: &[String]| known(&read(&format!("mode: set\n{}\n", blocks.join("\n"))));
        prop_assert_eq!(of(&blocks), of(&sorted));
    }
}
