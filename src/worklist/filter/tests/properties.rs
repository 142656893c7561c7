use proptest::prelude::*;

use crate::worklist::Filter;
use crate::worklist::fold::fold;
use crate::worklist::needle::Needle;

/// Texts that are near the language, so that most parts of the parser see them.
fn near_filters() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "sev", "is", "to", "age", "meta.", "mrn", ":", ":", ",", "\"", " ", "-", ">", "2h", "stat",
        "none", "ct", "é", "胸", "*", "\n", "AND", " or ", "not ", "&&", "||", "=", "!=", "~",
        "<>", "(", ")", "“", "”", "'", ";", "%", "：", "!",
    ]);
    prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

/// Whether an operator of some language would be searched as text.
fn hides_operator(written: &str, term: &crate::worklist::filter::terms::Term) -> bool {
    let is_quoted = |c: char| "\"“”„‟«»＂'‘’‚‛".contains(c);
    if !term.key.is_empty() || written.contains(is_quoted) {
        return false;
    }
    let word = written
        .trim_start_matches(['-', '!', '+', '−'])
        .to_lowercase();
    let words = [
        "and", "or", "not", "xor", "nor", "where", "&", "&&", "|", "||", "!", "*", "%",
    ];
    let signs = ["=", "~", "<", ">", "||", "&&", ";", "|"];
    let last = word.rsplit(char::is_whitespace).next().unwrap_or_default();
    words.contains(&last) || signs.iter().any(|sign| last.contains(sign)) || last.starts_with('(')
}

fn check(text: &str) -> Result<(), TestCaseError> {
    match Filter::parse(text) {
        Ok(filter) => {
            prop_assert_eq!(filter.text(), text);
            for term in &filter.terms {
                prop_assert!(!hides_operator(&text[term.span.clone()], term), "{term:?}");
            }
        }
        Err(error) => {
            prop_assert!(
                text.get(error.at..error.at + error.len).is_some(),
                "{error:?}"
            );
            prop_assert!(!error.message.is_empty());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_understood_or_refused_with_a_place(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_text_near_the_language_is_understood_or_refused(text in near_filters()) {
        check(&text)?;
    }

    #[test]
    fn a_free_value_reads_back(
        text in near_filters(),
        key in prop::sample::select(vec!["to", "cust", "desc", "uid", "id", "by", "meta.mrn", "meta.a b:\"c"]),
        value in any::<String>(),
    ) {
        let filter = Filter::parse(&text).unwrap_or_default();
        prop_assume!(!value.is_empty());
        let with = filter.with_term(key, Some(&value));
        prop_assert_eq!(with.term(key), Some(value.as_str()), "{:?}", with);
        let again = with.with_term(key, Some(&value));
        prop_assert_eq!(&again, &with);
        let without = with.with_term(key, None);
        prop_assert_eq!(without.term(key), None);
    }

    #[test]
    fn other_terms_are_untouched(text in near_filters(), value in any::<String>()) {
        let filter = Filter::parse(&text).unwrap_or_default();
        let with = filter.with_term("by", Some(&value));
        for key in ["is", "sev", "to", "age", "meta.mrn"] {
            prop_assert_eq!(with.term(key), filter.term(key));
        }
    }

    #[test]
    fn a_needle_is_found_as_in_the_folded_text(text in "[aAbBzZ1.]{0,12}|[aAbBzZ1.]{60,300}", typed in "[aAbBzZ1.]{1,4}") {
        let expected = fold(&text).contains(&*fold(&typed));
        prop_assert_eq!(Needle::new(&typed).is_in(&text, true), expected);
        prop_assert_eq!(Needle::new(&typed).is_in(&text, false), expected);
    }

    #[test]
    fn a_part_of_a_text_folds_to_a_part(text in any::<String>(), from in 0usize..20, to in 0usize..20) {
        let part: String = text.chars().take(to).skip(from).collect();
        prop_assert!(fold(&text).contains(&*fold(&part)));
    }
}
