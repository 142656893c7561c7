//! The orders of a list: by urgency, or by one of its columns.

/// What a list is sorted by.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Urgency: open studies first, then late ones, then the highest severity, then the oldest.
    #[default]
    Need,
    /// The oldest first; reversed, the newest.
    Age,
    Severity,
    Description,
    /// Unassigned first.
    Assignee,
    Customer,
    /// The last updated first.
    Updated,
}

/// How a list is sorted. Ties are broken by urgency, then by id.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sort {
    pub key: SortKey,
    pub reversed: bool,
}

/// The words for each order in a file. Only `newest` is a word for the reverse of another.
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

    /// Returns the reverse of this order, as when it is chosen again.
    pub fn reverse(self) -> Self {
        Self {
            reversed: !self.reversed,
            ..self
        }
    }

    /// Returns it as written in a file: `-` before a word reverses it.
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

    /// Returns the order that a word of a file means, if it means one.
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

    /// Returns every word that can be an order in a file.
    pub fn all_words() -> impl Iterator<Item = &'static str> {
        let words = WORDS.iter().flat_map(|(_, words)| words.iter().copied());
        words.chain(["newest"])
    }
}
