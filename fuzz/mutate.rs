//! Small, seeded mutations: what a fuzzer does first.

/// Bytes that mean something to some reader.
const TELLING: &[&[u8]] = &[
    b"\x1b",
    b"\x1b[",
    b"\x1b]",
    b"\x07",
    b"\x9b",
    b"\x00",
    b"\x7f",
    b"\xff",
    b"\xf0\x9f\xa9\xbb",
    b"\xe2\x80\xae",
    b"\xcc\x81",
    b"\"",
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"=",
    b"%00",
    b"@",
    b"//",
    b"..",
    b"\r\n",
    b"200~",
];

pub struct Mutator<'a> {
    random: fastrand::Rng,
    corpus: &'a [Vec<u8>],
    longest: usize,
}

impl<'a> Mutator<'a> {
    pub fn new(seed: u64, corpus: &'a [Vec<u8>], longest: usize) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            corpus,
            longest,
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.random.usize(..bound.max(1))
    }

    fn pick(&mut self) -> &'a [u8] {
        let corpus = self.corpus;
        &corpus[self.below(corpus.len())]
    }

    pub fn next(&mut self) -> Vec<u8> {
        let mut input = self.pick().to_vec();
        for _ in 0..=self.below(4) {
            self.change(&mut input);
        }
        input.truncate(self.longest);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = (at + 1 + self.below(8)).min(input.len());
        match self.below(7) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.below(256) as u8,
            2 if at < end => drop(input.drain(at..end)),
            3 if at < end => {
                let part = input[at..end].to_vec();
                input.splice(at..at, part);
            }
            4 => input.truncate(at),
            5 => {
                let other = self.pick();
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            _ => {
                let piece = TELLING[self.below(TELLING.len())];
                input.splice(at..at, piece.iter().copied());
            }
        }
    }
}
