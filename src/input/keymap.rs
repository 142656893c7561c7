//! From key sequences to meanings.

use super::{Chord, InvalidChord, parse_sequence, show_sequence};

/// The bindings of one place, in the order they were given. There are so few that a scan is faster than a
/// tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap<A> {
    bindings: Vec<(Vec<Chord>, A)>,
}

impl<A> Default for Keymap<A> {
    fn default() -> Self {
        Self {
            bindings: Vec::new(),
        }
    }
}

/// What the chords typed so far mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution<A> {
    Matched(A),
    /// A prefix of what [`Keymap::following`] lists.
    Pending,
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
        let mut map = Self::default();
        for (text, action) in bindings {
            map.bind(parse_sequence(text)?, action)?;
        }
        Ok(map)
    }

    /// Binds one more sequence, unless it and another one would hide each other.
    pub fn bind(&mut self, chords: Vec<Chord>, action: A) -> Result<(), KeymapError> {
        match self.clash(&chords).map(|(other, _)| other) {
            None => {
                self.bindings.push((chords, action));
                Ok(())
            }
            Some(other) if other == chords => Err(KeymapError::Duplicate(show_sequence(&chords))),
            Some(other) => {
                let (shorter, longer) = if other.len() < chords.len() {
                    (other, chords.as_slice())
                } else {
                    (chords.as_slice(), other)
                };
                Err(KeymapError::Shadowed {
                    shorter: show_sequence(shorter),
                    longer: show_sequence(longer),
                })
            }
        }
    }

    /// Returns the first binding that these chords would hide or be hidden by.
    pub fn clash(&self, chords: &[Chord]) -> Option<(&[Chord], A)> {
        self.bindings()
            .find(|(other, _)| other.starts_with(chords) || chords.starts_with(other))
    }

    pub fn resolve(&self, typed: &[Chord]) -> Resolution<A> {
        let mut is_prefix = false;
        for (chords, action) in &self.bindings {
            if chords == typed {
                return Resolution::Matched(*action);
            }
            is_prefix |= chords.starts_with(typed);
        }
        if is_prefix {
            Resolution::Pending
        } else {
            Resolution::Unbound
        }
    }

    /// Returns what can follow these chords: the rest of each sequence, with its meaning.
    pub fn following(&self, typed: &[Chord]) -> impl Iterator<Item = (&[Chord], A)> {
        self.bindings.iter().filter_map(move |(chords, action)| {
            let rest = chords.strip_prefix(typed)?;
            (!rest.is_empty()).then_some((rest, *action))
        })
    }

    /// Returns all bindings, in the order they were given.
    pub fn bindings(&self) -> impl Iterator<Item = (&[Chord], A)> {
        self.bindings
            .iter()
            .map(|(chords, action)| (chords.as_slice(), *action))
    }

    /// Returns the sequences bound to an action, in the order they were given.
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
        assert_eq!(map.resolve(&typed("s")), Resolution::Pending);
        let following: Vec<_> = map.following(&typed("s")).collect();
        assert_eq!(
            following,
            [(&*typed("s"), 2), (&*typed("h"), 3)],
            "what can follow"
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
