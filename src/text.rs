//! Text that is safe to draw: what came from outside, with everything that could mislead made visible.
//!
//! A terminal obeys control characters, and bidirectional or zero-width characters can make one name
//! look like another. Both are replaced by something that shows, never dropped: two different texts
//! must not look alike because a character of one of them vanished.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The longest text kept for drawing, in bytes.
const MAX_BYTES: usize = 4096;
/// The most code points that one grapheme cluster may hold: enough for any script, too few to flood a cell.
const MAX_CLUSTER: usize = 8;

/// One line of text that can be drawn as it is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct SafeText(Box<str>);

impl SafeText {
    /// Cleans text from outside.
    pub fn clean(raw: &str) -> Self {
        Self(clean(raw).into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::ops::Deref for SafeText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Cleans text from outside; borrows it when it is plain already, as nearly all of it is.
pub fn clean(raw: &str) -> Cow<'_, str> {
    if raw.len() <= MAX_BYTES && is_plain(raw) {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len().min(MAX_BYTES) + 16);
    for (offset, cluster) in raw.grapheme_indices(true) {
        if out.len() + cluster.len() > MAX_BYTES {
            let rest = raw[offset..].chars().count();
            out.push_str(&format!("…(+{rest})"));
            break;
        }
        for (kept, c) in cluster.chars().enumerate() {
            if kept == MAX_CLUSTER {
                out.push('\u{fffd}');
                break;
            }
            push_visibly(&mut out, c);
        }
    }
    Cow::Owned(out)
}

/// Returns a path as it can be shown.
pub fn clean_path(path: &Path) -> String {
    clean(&path.to_string_lossy()).into_owned()
}

/// Printable ASCII and nothing else. Looks at every byte, which is faster than stopping at the first
/// other one: nearly all text is plain.
pub fn is_plain(text: &str) -> bool {
    let others = text.bytes().map(|byte| !(b' '..=b'~').contains(&byte));
    !others.fold(false, |any, other| any | other)
}

fn push_visibly(out: &mut String, c: char) {
    match c {
        '\t' | '\n' | '\r' => out.push(' '),
        // The control pictures block mirrors C0.
        '\0'..='\x1f' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')),
        '\x7f' => out.push('\u{2421}'),
        '\u{80}'..='\u{9f}' => out.push('\u{fffd}'),
        _ if is_invisible(c) => out.push_str(&format!("‹U+{:04X}›", c as u32)),
        _ => out.push(c),
    }
}

/// Characters that draw nothing or change how their neighbours are drawn: bidirectional controls,
/// zero-width characters, fillers, variation selectors, tags and line separators; and those that Unicode
/// counts among letters and signs though they are blank, such as the empty Braille pattern, the null
/// notehead and the controls of Egyptian hieroglyphs. Joiners that living scripts need are not among them.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1107f}' | '\u{13430}'..='\u{1345f}'
        | '\u{16fe4}' | '\u{1bc9d}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The characters that begin a formula, also in their wide forms, which some spreadsheets treat like the
/// narrow ones (CWE-1236).
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Where a spreadsheet may begin a cell, whatever separator it was told.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\n', '\r'];

/// Cleans text from outside for a cell that no spreadsheet takes for a formula: an apostrophe stands before
/// each formula that a separator, or the beginning of the text, may start.
pub fn clean_cell(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len() + 1);
    let mut rest = raw;
    // A spreadsheet drops quotes around a cell.
    let blank = |c: char| c.is_whitespace() || c == '"';
    loop {
        let formula = rest.trim_start_matches(blank);
        let is_first = out.is_empty() && raw.starts_with(['\t', '\r']);
        if formula.starts_with(FORMULA) || is_first {
            out.push('\'');
            let (before, after) = rest.split_at(rest.len() - formula.len());
            out.push_str(before);
            rest = after;
        }
        let Some(at) = rest.find(SEPARATORS) else {
            out.push_str(rest);
            return clean(&out).into_owned();
        };
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        rest = after;
    }
}

/// Columns that a cleaned text takes on a terminal.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// Cuts a cleaned text to at most `columns`, on a grapheme boundary, marking the cut with `…`.
pub fn clip(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(columns + 3);
    let mut used = 0;
    for cluster in text.graphemes(true) {
        let next = used + width(cluster);
        if next + 1 > columns {
            break;
        }
        out.push_str(cluster);
        used = next;
    }
    if columns > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

/// Cuts a cleaned text in its middle, so that both ends are there to tell it from others.
pub fn clip_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1) / 3;
    let mut tail = String::new();
    for cluster in text.graphemes(true).rev() {
        if width(&tail) + width(cluster) > room {
            break;
        }
        tail.insert_str(0, cluster);
    }
    let head = clip(text, columns.saturating_sub(width(&tail)));
    Cow::Owned(format!("{head}{tail}"))
}

/// Breaks a cleaned text into lines of at most `columns`, at spaces where it can.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let gap = usize::from(!line.is_empty());
        if width(&line) + gap + width(word) <= columns {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for cluster in word.graphemes(true) {
            if !line.is_empty() && width(&line) + width(cluster) > columns {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(cluster);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whatever_could_mislead_is_replaced_by_something_that_shows() {
        for (raw, safe) in [
            ("CT Head", "CT Head"),
            ("a\x1b[31mb", "a␛[31mb"),
            ("a\u{9b}31m", "a\u{fffd}31m"),
            ("a\tb\r\nc", "a b  c"),
            ("x\u{202e}y", "x‹U+202E›y"),
            ("x\u{200b}y", "x‹U+200B›y"),
            ("del\x7f", "del␡"),
            ("胸部CT", "胸部CT"),
            ("Müller", "Müller"),
        ] {
            assert_eq!(clean(raw), safe, "{raw:?}");
        }
    }

    #[test]
    fn what_is_blank_shows_whatever_unicode_calls_it() {
        let ranges = [
            ['\u{115f}', '\u{1160}'],
            ['\u{17b4}', '\u{17b5}'],
            ['\u{180b}', '\u{180f}'],
            ['\u{2800}', '\u{2800}'],
            ['\u{3164}', '\u{3164}'],
            ['\u{fe00}', '\u{fe0f}'],
            ['\u{ffa0}', '\u{ffa0}'],
            ['\u{1107f}', '\u{1107f}'],
            ['\u{13430}', '\u{1345f}'],
            ['\u{16fe4}', '\u{16fe4}'],
            ['\u{1bc9d}', '\u{1bc9d}'],
            ['\u{1d159}', '\u{1d159}'],
            ['\u{1d173}', '\u{1d17a}'],
            ['\u{e0001}', '\u{e0001}'],
            ['\u{e0020}', '\u{e007f}'],
            ['\u{e0100}', '\u{e01ef}'],
        ];
        for c in ranges.into_iter().flat_map(|[from, to]| from..=to) {
            let shown = format!("CT‹U+{:04X}›Head", c as u32);
            assert_eq!(clean(&format!("CT{c}Head")), shown);
        }
        // What is drawn stays: other Braille, noteheads, hieroglyphs, vowels and Hangul.
        for c in [
            '⠁',
            '\u{1d158}',
            '\u{1342f}',
            '\u{13460}',
            '\u{17b6}',
            'ᄀ',
            'ㄱ',
            'ｱ',
        ] {
            assert_eq!(clean(&format!("CT{c}Head")), format!("CT{c}Head"), "{c:?}");
        }
    }

    #[test]
    fn no_separator_makes_a_formula_of_a_part_of_a_cell() {
        for (raw, expected) in [
            ("CT; chest, 2 - 3", "CT; chest, 2 - 3"),
            ("=1", "'=1"),
            ("a;=1", "a;'=1"),
            ("a; @x", "a;' @x"),
            ("a\t+1", "a '+1"),
            ("a\n -1", "a ' -1"),
            ("a,\"=1", "a,'\"=1"),
            ("\"=1", "'\"=1"),
            (";;＝1", ";;'＝1"),
            ("\tx", "' x"),
            ("", ""),
        ] {
            assert_eq!(clean_cell(raw), expected, "{raw:?}");
        }
        for separator in SEPARATORS {
            for gap in ["", " ", "  ", "\"", "\u{a0}"] {
                for sign in FORMULA {
                    let raw = format!("a{separator}{gap}{sign}1{separator}{sign}2");
                    let cell = clean_cell(&raw);
                    let starts = cell.split([',', ';', '\t', '\n']).map(|part| {
                        part.trim_start_matches(|c: char| c.is_whitespace() || c == '"')
                    });
                    assert!(
                        !starts.clone().any(|part| part.starts_with(FORMULA)),
                        "{cell:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn long_text_is_cut_and_says_by_how_much() {
        let safe = clean(&"x".repeat(5000)).into_owned();
        assert!(safe.ends_with("…(+904)"), "{}", &safe[4090..]);
    }

    #[test]
    fn a_cell_cannot_be_flooded_with_combining_marks() {
        let raw = format!("a{}", "\u{301}".repeat(1000));
        assert!(clean(&raw).chars().count() <= MAX_CLUSTER + 1);
    }

    #[test]
    fn clipping_never_splits_a_wide_character() {
        assert_eq!(clip("胸部CT", 4), "胸…");
        assert_eq!(clip("胸部CT", 3), "胸…");
        assert_eq!(clip("abc", 3), "abc");
        assert_eq!(clip("abcd", 3), "ab…");
        assert_eq!(clip("abc", 0), "");
    }

    #[test]
    fn wrapping_keeps_every_character() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_ever_left(raw in any::<String>()) {
            let safe = clean(&raw).into_owned();
            prop_assert!(!safe.chars().any(|c| c.is_control() || is_invisible(c)));
        }

        #[test]
        fn a_clipped_text_fits(raw in any::<String>(), columns in 0usize..40) {
            let safe = clean(&raw).into_owned();
            prop_assert!(width(&clip(&safe, columns)) <= columns);
        }
    }
}
