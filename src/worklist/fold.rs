//! One way to compare texts for everything that is searched: filters, pickers and names on the command line.

use std::borrow::Cow;

use unicode_normalization::char::decompose_compatible;

use crate::text::clean;

/// Returns a text without case, accents and Unicode forms: "Hôpital" and "HOPITAL" are "hopital", "Straße" is
/// "strasse", "Łódź" is "lodz".
///
/// Each character is folded by itself, so that a part of a word folds as in the whole word. That rules out
/// `str::to_lowercase`, which looks at the neighbours of a Greek sigma, and needs a single form of the small
/// sigma.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        decompose_compatible(c, |part| {
            if !is_accent(part) {
                part.to_lowercase()
                    .filter(|lower| !is_accent(*lower))
                    .for_each(|lower| push_plain(lower, &mut folded));
            }
        });
    }
    if folded == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(folded)
    }
}

/// Returns a text from outside as it is compared: cleaned like what is shown, then folded.
pub fn folded(text: &str) -> String {
    fold(&clean(text)).into_owned()
}

/// Whether this is one of the marks that combine with Latin, Greek and Cyrillic letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}')
}

/// Adds a letter as it is typed on a keyboard that lacks it. Unicode does not decompose these.
fn push_plain(c: char, folded: &mut String) {
    let plain = match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ς' => "σ",
        '‘' | '’' | 'ʼ' | '′' => "'",
        '“' | '”' | '″' => "\"",
        '\u{2010}'..='\u{2015}' | '−' => "-",
        c => return folded.push(c),
    };
    folded.push_str(plain);
}

/// What somebody typed to find a person or another named thing: words in any order, each of which must occur.
///
/// The program's own way of writing people can be typed back: `Kim, Dana <dana.kim@example.org>`.
#[derive(Clone, Debug, Default)]
pub struct NameQuery {
    words: Vec<String>,
}

impl NameQuery {
    pub fn of(typed: &str) -> Self {
        let typed = folded(typed);
        let words = typed
            .split(|c: char| c.is_whitespace() || [',', ';'].contains(&c))
            .map(plain_word);
        Self {
            words: words
                .filter(|word| !word.is_empty())
                .map(Into::into)
                .collect(),
        }
    }

    /// The words, as [`fold`] writes them.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a folded text has every word somewhere.
    pub fn is_in(&self, folded: &str) -> bool {
        self.words.iter().all(|word| folded.contains(word.as_str()))
    }

    /// Whether these are exactly the words of a name, in any order.
    pub fn is_whole(&self, name: &str) -> bool {
        let mut typed = self.words.clone();
        let mut words = Self::of(name).words;
        typed.sort();
        words.sort();
        !typed.is_empty() && typed == words
    }
}

/// Returns a word without the brackets around an address, or quotes.
fn plain_word(word: &str) -> &str {
    word.trim_matches(['<', '>', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_forms_do_not_matter() {
        for (text, folded) in [
            ("KIM", "kim"),
            ("Hôpital", "hopital"),
            ("Ho\u{302}pital", "hopital"),
            ("Åsland", "asland"),
            ("A\u{30a}sland", "asland"),
            ("Søren", "soren"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Łódź", "lodz"),
            ("İstanbul", "istanbul"),
            ("Şırnak", "sirnak"),
            ("Œuvre", "oeuvre"),
            ("ÞÓR", "thor"),
            ("ΣΟΦΟΣ", "σοφοσ"),
            ("σοφός", "σοφοσ"),
            ("Йод", "иод"),
            ("ＣＴ　ｈｅａｄ", "ct head"),
            ("ﬁssure", "fissure"),
            ("O’Brien", "o'brien"),
            ("T1–T2", "t1-t2"),
            ("胸部", "胸部"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(&fold(text)), folded, "{text} twice");
        }
    }

    #[test]
    fn a_name_is_found_as_it_is_written_anywhere() {
        let name = "kim, dana\ndana kim\ndana.kim@example.org";
        for typed in [
            "Kim Dana",
            "dana kim",
            "Kim, Dana",
            "kim,dana",
            "Kim, Dana <dana.kim@example.org>",
            "<dana.kim@example.org>",
            "da ki",
            "\"Kim, Dana\"",
            "",
        ] {
            assert!(NameQuery::of(typed).is_in(name), "{typed}");
        }
        assert!(!NameQuery::of("dana osei").is_in(name));
        assert!(NameQuery::of("KIM, dána").is_whole("Dana Kim"));
        assert!(!NameQuery::of("kim").is_whole("Dana Kim"));
        assert!(!NameQuery::of("").is_whole(""));
    }
}
