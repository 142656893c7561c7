//! From key sequences to meanings.

use super::{Chord, InvalidChord, parse_sequence, show_sequence};

/// Bindings of one place, in the order they were given. Small enough that a scan beats a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap<A> {
    bindings: Vec<(Vec<Chord>, A)>,
}

/// What the chords typed so far mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution<A> {
    Matched(A),
    /// A prefix: each next chord with the action it would finish.
    Pending(Vec<(Chord, A)>),
    Unbound,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    #[error(transparent)]
    Chord(#[from] InvalidChord),
    #[error("{0} is bound twice")]
    Duplicate(String),
    #[error("{longer} can never be typed, because {shorter} is bound itself")]
    Shadowed { shorter: String, longer: String },
}

impl<A: Copy + PartialEq> Keymap<A> {
    /// Builds a keymap from sequences such as `g g`; two bindings must not hide each other.
    pub fn new<'a>(bindings: impl IntoIterator<Item = (&'a str, A)>) -> Result<Self, KeymapError> {
        let mut map = Self {
            bindings: Vec::new(),
        };
        for (text, action) in bindings {
            let chords = parse_sequence(text)?;
            map.check(&chords)?;
            map.bindings.push((chords, action));
        }
        Ok(map)
    }

    fn check(&self, chords: &[Chord]) -> Result<(), KeymapError> {
        for (other, _) in &self.bindings {
            if other == chords {
                return Err(KeymapError::Duplicate(show_sequence(chords)));
            }
            let (shorter, longer) = if other.len() < chords.len() {
                (other.as_slice(), chords)
            } else {
                (chords, other.as_slice())
            };
            if longer.starts_with(shorter) {
                return Err(KeymapError::Shadowed {
                    shorter: show_sequence(shorter),
                    longer: show_sequence(longer),
                });
            }
        }
        Ok(())
    }

    pub fn resolve(&self, typed: &[Chord]) -> Resolution<A> {
        let mut next = Vec::new();
        for (chords, action) in &self.bindings {
            if chords == typed {
                return Resolution::Matched(*action);
            }
            if let Some([chord, ..]) = chords.strip_prefix(typed) {
                next.push((*chord, *action));
            }
        }
        if next.is_empty() {
            Resolution::Unbound
        } else {
            Resolution::Pending(next)
        }
    }

    /// The sequences bound to an action, first binding first.
    pub fn keys_of(&self, action: A) -> impl Iterator<Item = &[Chord]> {
        self.bindings
            .iter()
            .filter(move |(_, bound)| *bound == action)
            .map(|(chords, _)| chords.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<Chord> {
        parse_sequence(text).unwrap()
    }

    #[test]
    fn a_prefix_waits_and_lists_what_can_follow() {
        let map = Keymap::new([("j", 1), ("s s", 2), ("s h", 3)]).unwrap();
        assert_eq!(map.resolve(&typed("j")), Resolution::Matched(1));
        assert_eq!(
            map.resolve(&typed("s")),
            Resolution::Pending(vec![(typed("s")[0], 2), (typed("h")[0], 3)])
        );
        assert_eq!(map.resolve(&typed("s h")), Resolution::Matched(3));
        assert_eq!(map.resolve(&typed("s x")), Resolution::Unbound);
        assert_eq!(map.resolve(&typed("z")), Resolution::Unbound);
    }

    #[test]
    fn bindings_that_hide_each_other_are_refused() {
        assert!(matches!(
            Keymap::new([("g", 1), ("g g", 2)]),
            Err(KeymapError::Shadowed { .. })
        ));
        assert!(matches!(
            Keymap::new([("g g", 1), ("g", 2)]),
            Err(KeymapError::Shadowed { .. })
        ));
        assert!(matches!(
            Keymap::new([("g", 1), ("g", 2)]),
            Err(KeymapError::Duplicate(_))
        ));
    }
}
