//! What was wrong with a filter, where, and what would have been right.

use strsim::osa_distance;

use super::keys::KEYS;

/// A filter text that cannot be used. The filter that was in force stays so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FilterError {
    /// Where the wrong part begins, in bytes of the text.
    pub at: usize,
    /// The bytes of the wrong part; 0 where something is missing.
    pub len: usize,
    /// What was wrong and what was expected, in one plain sentence without a full stop.
    pub message: String,
    /// The nearest key or value, to be written in place of the wrong part.
    pub suggestion: Option<String>,
}

/// A text longer than this was not meant for any name, and comparing it would take long.
const LONGEST: usize = 40;

/// The candidate that was probably meant.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = typed.chars().count();
    if length > LONGEST {
        return None;
    }
    // Beyond three edits a suggestion is a guess. Two neighbours that changed places are one edit.
    let allowed = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (osa_distance(typed, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The key that was probably meant, by its name or by another word for it.
pub(super) fn nearest_key(typed: &str) -> Option<&'static str> {
    let words = KEYS
        .iter()
        .flat_map(|key| key.also.iter().map(|also| (*also, key.name)));
    let names = KEYS.iter().map(|key| (key.name, key.name));
    let all: Vec<_> = names.chain(words).collect();
    let word = nearest(typed, all.iter().map(|(word, _)| *word))?;
    all.iter()
        .find(|(candidate, _)| *candidate == word)
        .map(|(_, name)| *name)
}
