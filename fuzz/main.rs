//! Whatever comes in from outside: each reader on a committed corpus, and on mutations of it.
//!
//! Plain functions on the stable toolchain: the mutations are few, seeded and the same in every run;
//! `AVARA_FUZZ_CASES` asks for more of them. What they find goes into `fuzz/corpus`.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that fails fails its test; what a test measures is told"
)]

mod mutate;
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use mutate::Mutator;
use targets::{TARGETS, Target};

const SEED: u64 = 0x5eed_f022;
/// Mutations of each target's corpus.
const CASES: usize = 10_000;
const LONGEST: usize = 4096;

fn cases() -> usize {
    let wanted = std::env::var("AVARA_FUZZ_CASES").ok();
    wanted.map_or(CASES, |count| count.parse().unwrap())
}

/// The committed inputs of a target, in the order of their names.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut paths: Vec<_> = fs::read_dir(folder.join(name))
        .unwrap_or_else(|error| panic!("no corpus of {name}: {error}"))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The first input that the target does not bear, and why.
fn search(corpus: &[Vec<u8>], cases: usize, target: Target) -> Option<(Vec<u8>, String)> {
    let bears = |input: &[u8]| {
        let tried = catch_unwind(AssertUnwindSafe(|| target(input)));
        tried.unwrap_or_else(|_| Err("it panics".into()))
    };
    for input in corpus {
        if let Err(why) = bears(input) {
            return Some((input.clone(), why));
        }
    }
    let mut mutator = Mutator::new(SEED, corpus, LONGEST);
    for _ in 0..cases {
        let input = mutator.next();
        if let Err(why) = bears(&input) {
            return Some((input, why));
        }
    }
    None
}

#[test]
fn no_reader_gives_way() {
    let cases = cases();
    let mut all = 0;
    for (name, target) in TARGETS {
        let corpus = corpus(name);
        assert!(corpus.len() >= 3, "{name} has too small a corpus");
        all += corpus.len() + cases;
        if let Some((input, why)) = search(&corpus, cases, *target) {
            panic!("{name}: {why}: {}", input.escape_ascii());
        }
    }
    println!(
        "0 of {all} inputs broke one of {} readers (seed {SEED:#x}); bound {:.1e} each",
        TARGETS.len(),
        3.0 / cases as f64
    );
}

#[test]
fn a_reader_that_gives_way_is_found() {
    let planted: Target = |input| {
        if input.windows(2).any(|pair| pair == b"==") {
            Err("planted".into())
        } else {
            Ok(())
        }
    };
    let corpus = [b"sev:stat=1".to_vec(), b"a=b".to_vec()];
    let (input, why) = search(&corpus, CASES, planted).unwrap();
    assert_eq!(why, "planted");
    assert!(input.windows(2).any(|pair| pair == b"=="));
}

#[test]
fn the_same_seed_makes_the_same_inputs() {
    let corpus = corpus("filter");
    let inputs = || {
        let mut mutator = Mutator::new(SEED, &corpus, LONGEST);
        (0..500).map(|_| mutator.next()).collect::<Vec<_>>()
    };
    assert_eq!(inputs(), inputs());
}
