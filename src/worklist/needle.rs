//! A search text, prepared once.

use std::fmt;

use memchr::memmem::Finder;

use crate::text::clean;

use super::fold::fold;

/// Letters from rare to frequent in English and in metadata.
const RARE_FIRST: &[u8] = b"zqxjkvbpygfwmucldrhsnioate";
/// Bytes that are compared together; the compiler makes vector instructions of this.
const BLOCK: usize = 64;
/// Bytes that are compared together in a block with a possible match.
const PART: usize = 16;

/// A byte of the needle and its place.
#[derive(Copy, Clone, Default)]
struct Probe {
    offset: usize,
    /// For a letter, the bit that distinguishes upper from lower case.
    case: u8,
    byte: u8,
}

impl Probe {
    fn fits(self, byte: u8) -> bool {
        byte | self.case == self.byte
    }
}

#[derive(Clone)]
pub(super) struct Needle {
    folded: String,
    /// The last byte and the rarest of the others; a short needle has some of them twice.
    probes: [Probe; 3],
    /// Finds a needle without ASCII letters, whose case does not matter.
    caseless: Option<Box<Finder<'static>>>,
}

impl Needle {
    /// `typed` is cleaned like the text that is searched.
    pub(super) fn new(typed: &str) -> Self {
        let cleaned = clean(typed);
        let mut folded = fold(&cleaned).into_owned();
        if folded.is_empty() {
            // Nothing but accents: no folded text has one, so this finds nothing instead of everything.
            folded = cleaned.into_owned();
        }
        // The first typed bytes are often those that many texts begin with. The last byte tells most.
        let last = folded.len().saturating_sub(1);
        let mut places: Vec<usize> = (0..folded.len()).collect();
        places.sort_by_key(|place| (*place != last, rarity(folded.as_bytes()[*place])));
        let probes = std::array::from_fn(|nth| {
            let place = places.get(nth).or(places.last()).copied();
            place.map_or(Probe::default(), |offset| {
                let byte = folded.as_bytes()[offset];
                let case = u8::from(byte.is_ascii_lowercase()) << 5;
                Probe { offset, case, byte }
            })
        });
        let has_letter = folded.bytes().any(|byte| byte.is_ascii_lowercase());
        Self {
            caseless: (!has_letter).then(|| Box::new(Finder::new(&folded).into_owned())),
            folded,
            probes,
        }
    }

    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether a text contains the needle, in any case. If the needle has letters outside of ASCII, the text
    /// must be folded.
    pub(super) fn is_in(&self, text: &str, is_wide: bool) -> bool {
        if is_wide {
            fold(text).contains(&self.folded)
        } else {
            self.find(text.as_bytes(), 0).is_some()
        }
    }

    /// Returns the first place from `from` on where the needle is, with ASCII letters in any case.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        if let Some(finder) = &self.caseless {
            return finder.find(text.get(from..)?).map(|at| from + at);
        }
        // If nearly every text has the needle, the next match is near.
        let near = (from + PART).min(text.len());
        if let Some(at) = self.find_within(text, from, near) {
            return Some(at);
        }
        let mut at = near;
        let reach = self.folded.len().max(1);
        while at + BLOCK + reach <= text.len() {
            if self.may_stand_within::<BLOCK>(text, at) {
                let parts = (at..at + BLOCK).step_by(PART);
                let found = parts
                    .filter(|part| self.may_stand_within::<PART>(text, *part))
                    .find_map(|part| self.find_within(text, part, part + PART));
                if found.is_some() {
                    return found;
                }
            }
            at += BLOCK;
        }
        self.find_within(text, at, text.len())
    }

    /// Whether every probe fits somewhere in the block that begins here.
    #[inline]
    fn may_stand_within<const N: usize>(&self, text: &[u8], at: usize) -> bool {
        let [a, b, c] = self.probes;
        let window = |probe: Probe| text.get(at + probe.offset..)?.first_chunk::<N>();
        let (Some(x), Some(y), Some(z)) = (window(a), window(b), window(c)) else {
            return true;
        };
        let mut fits = 0;
        for i in 0..N {
            fits |= u8::from(a.fits(x[i])) & u8::from(b.fits(y[i])) & u8::from(c.fits(z[i]));
        }
        fits != 0
    }

    fn find_within(&self, text: &[u8], from: usize, to: usize) -> Option<usize> {
        let rarest = self.probes[0];
        let to = to.min((text.len() + 1).saturating_sub(self.folded.len()));
        (from..to).find(|at| {
            text.get(at + rarest.offset)
                .is_none_or(|it| rarest.fits(*it))
                && self.is_at(text, *at)
        })
    }

    fn is_at(&self, text: &[u8], at: usize) -> bool {
        text.get(at..at + self.folded.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(self.folded.as_bytes()))
    }
}

/// Returns how common a byte is in texts: signs and other scripts are the rarest, then letters, then digits.
fn rarity(byte: u8) -> usize {
    match RARE_FIRST.iter().position(|letter| *letter == byte) {
        Some(place) => 1 + place,
        None if byte.is_ascii_digit() || byte == b'.' || byte == b' ' => 1 + RARE_FIRST.len(),
        None => 0,
    }
}

impl fmt::Debug for Needle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.folded, f)
    }
}
