//! A text that is looked for, prepared once.

use std::fmt;

use memchr::{memchr2_iter, memmem};

use crate::text::clean;
use crate::worklist::texts::{TextId, Texts, fold};

/// Letters from rare to frequent in English and in metadata.
const RARE_FIRST: &[u8] = b"zqxjkvbpygfwmucldrhsnioate";

#[derive(Clone)]
pub(super) struct Needle {
    folded: String,
    finder: Box<memmem::Finder<'static>>,
    /// Where the rarest letter of an ASCII needle stands; absent where case makes no difference.
    anchor: Option<usize>,
    /// The needle's place among all of its filter: its memo's too.
    place: usize,
}

/// Which texts of the dictionary hold a needle, by [`Needle::place`] and text; a needle without an
/// answer looks for itself.
pub(super) type Memo = Vec<Vec<bool>>;

impl Needle {
    /// `typed` is cleaned like the text it is looked for in.
    pub(super) fn new(typed: &str, place: usize) -> Self {
        let folded = fold(&clean(typed)).into_owned();
        let rarity = |byte: u8| RARE_FIRST.iter().position(|letter| *letter == byte);
        let anchor = folded
            .bytes()
            .enumerate()
            .filter_map(|(at, byte)| Some((rarity(byte)?, at)))
            .min()
            .map(|(_, at)| at);
        Self {
            finder: Box::new(memmem::Finder::new(&folded).into_owned()),
            folded,
            anchor,
            place,
        }
    }

    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    pub(super) fn place(&self) -> usize {
        self.place
    }

    /// Whether a text in lower case holds the needle.
    pub(super) fn is_in_folded(&self, folded: &[u8]) -> bool {
        self.finder.find(folded).is_some()
    }

    /// Whether a text of the dictionary holds the needle.
    pub(super) fn is_in_text(&self, id: TextId, texts: &Texts, memo: &Memo) -> bool {
        match memo.get(self.place).and_then(|hits| hits.get(id.index())) {
            Some(hit) => *hit,
            None => self.is_in_folded(texts.folded(id).as_bytes()),
        }
    }

    /// Whether a text holds the needle in any case, without a copy of it where it is ASCII.
    pub(super) fn is_in(&self, text: &str, is_ascii: bool) -> bool {
        if !is_ascii {
            return self.is_in_folded(fold(text).as_bytes());
        }
        let Some(anchor) = self.anchor else {
            return self.is_in_folded(text.as_bytes());
        };
        let (text, folded) = (text.as_bytes(), self.folded.as_bytes());
        let (lower, upper) = (folded[anchor], folded[anchor].to_ascii_uppercase());
        memchr2_iter(lower, upper, text).any(|at| {
            at.checked_sub(anchor)
                .and_then(|from| text.get(from..from + folded.len()))
                .is_some_and(|part| part.eq_ignore_ascii_case(folded))
        })
    }
}

impl fmt::Debug for Needle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.folded, f)
    }
}
