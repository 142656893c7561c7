//! What was wrong with a filter, where, and what would have been right.

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

/// The candidate that was probably meant.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Beyond three edits a suggestion is a guess.
    let allowed = (typed.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (distance(typed, candidate), candidate))
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

/// Edits between two texts; two neighbours that changed places are one edit.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // A row a character of `a`; a text this long was not meant for any key.
    if a.len() > 40 {
        return usize::MAX;
    }
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1)
                .min(row[j - 1] + 1)
                .min(rows[i - 1][j - 1] + changed);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
