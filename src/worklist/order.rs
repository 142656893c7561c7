//! The order of need, and the others that a list can be put into.

/// What decides the order of a list.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Open before the rest, late first, then the gravest, then the oldest.
    #[default]
    Need,
    /// The oldest first; reversed, the newest.
    Age,
    Severity,
    Description,
    /// Unassigned first.
    Assignee,
    Customer,
    /// The last touched first.
    Updated,
}

/// An order of a list. Where it says nothing about two studies the need decides, and then the id.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    pub key: SortKey,
    pub reversed: bool,
}

/// The words of each order in a file. `newest` is the one order with a name for its reverse.
const WORDS: &[(SortKey, &[&str])] = &[
    (SortKey::Need, &["late", "severity", "age"]),
    (SortKey::Age, &["oldest"]),
    (SortKey::Severity, &["severity"]),
    (SortKey::Description, &["description"]),
    (SortKey::Assignee, &["assignee"]),
    (SortKey::Customer, &["customer"]),
    (SortKey::Updated, &["updated"]),
];

impl Sort {
    pub const NEWEST: Self = Self {
        key: SortKey::Age,
        reversed: true,
    };

    pub fn by(key: SortKey) -> Self {
        Self {
            key,
            reversed: false,
        }
    }

    /// This order after it was chosen again: the other way round.
    pub fn reverse(self) -> Self {
        Self {
            reversed: !self.reversed,
            ..self
        }
    }

    /// As it stands in a file: `-` before a word turns it round.
    pub fn words(self) -> Vec<String> {
        if self == Self::NEWEST {
            return vec!["newest".into()];
        }
        let sign = if self.reversed { "-" } else { "" };
        WORDS
            .iter()
            .filter(|(key, _)| *key == self.key)
            .flat_map(|(_, words)| words.iter().map(|word| format!("{sign}{word}")))
            .collect()
    }

    /// The order that these words of a file mean, if they mean one.
    pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let words: Vec<&str> = words.into_iter().collect();
        match words.as_slice() {
            ["newest"] => return Some(Self::NEWEST),
            ["-newest"] => return Some(Self::by(SortKey::Age)),
            _ => {}
        }
        WORDS.iter().find_map(|(key, _)| {
            [Self::by(*key), Self::by(*key).reverse()]
                .into_iter()
                .find(|sort| {
                    sort.words() == words || (*sort == Self::NEWEST && words == ["-oldest"])
                })
        })
    }

    /// Every word that an order in a file can hold.
    pub fn all_words() -> impl Iterator<Item = &'static str> {
        let words = WORDS.iter().flat_map(|(_, words)| words.iter().copied());
        words.chain(["newest"])
    }
}
