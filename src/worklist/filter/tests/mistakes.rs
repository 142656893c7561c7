use crate::worklist::{Filter, KEYS};

/// A wrong text, its wrong part, a piece of the message, and the suggestion.
const MISTAKES: &[(&str, &str, &str, Option<&str>)] = &[
    (
        "ct sve:stat",
        "sve",
        "“sve” is not a filter key: expected one of is, sev,",
        Some("sev"),
    ),
    (
        "severty:stat",
        "severty",
        "is not a filter key",
        Some("sev"),
    ),
    (
        "Statsu:open",
        "Statsu",
        "“Statsu” is not a filter key",
        Some("is"),
    ),
    ("asigned:kim", "asigned", "is not a filter key", Some("to")),
    (
        "custmer:x",
        "custmer",
        "to search for a text with a colon, put it in quotes",
        Some("cust"),
    ),
    ("mrn:123", "mrn", "“mrn” is metadata", Some("meta.mrn")),
    ("größe:x", "größe", "“größe” is not a filter key", None),
    ("\"a b\":c", "\"a b\"", "“a b” is not a filter key", None),
    (":stat", "", "expected a key before the colon", None),
    ("meta:ed", "meta", "is not a filter key", Some("meta.")),
    (
        "meta.:ed",
        "meta.",
        "expected a metadata key after “meta.”",
        None,
    ),
    ("sev:", "", "“sev:” needs stat, high or normal", None),
    (
        "to: ",
        "",
        "“to:” needs none, me, or part of a name, e-mail or id",
        None,
    ),
    (
        "desc:\"\"",
        "\"\"",
        "expected a text between the quotes",
        None,
    ),
    (
        "ct \"\"",
        "\"\"",
        "expected a text between the quotes",
        None,
    ),
    (
        "meta.mrn:",
        "",
        "expected a part of the value, or * for any value",
        None,
    ),
    (
        "sev:stat,",
        "",
        "expected a value on either side of the comma",
        None,
    ),
    (
        "sev:,stat",
        "",
        "expected a value on either side of the comma",
        None,
    ),
    (
        "ct,,mr",
        "",
        "expected a value on either side of the comma",
        None,
    ),
    ("ct -", "", "expected a word after the minus sign", None),
    (
        "sev:sat",
        "sat",
        "“sat” is not a severity: expected stat, high or normal",
        Some("stat"),
    ),
    (
        "sev:stat,hihg",
        "hihg",
        "“hihg” is not a severity",
        Some("high"),
    ),
    ("sev:h", "h", "“h” is not a severity", Some("high")),
    (
        "sev:\"very bad\"",
        "\"very bad\"",
        "“very bad” is not a severity",
        None,
    ),
    (
        "is:cancelld",
        "cancelld",
        "“cancelld” is not a state: expected open, complete, cancelled or any",
        Some("cancelled"),
    ),
    ("is:gone", "gone", "“gone” is not a state", None),
    (
        "ct is:unassigned",
        "is:unassigned",
        "write to:none",
        Some("to:none"),
    ),
    (
        "late:maybe",
        "maybe",
        "“maybe” is not a yes-or-no value: expected yes or no",
        None,
    ),
    (
        "late:ye",
        "ye",
        "“ye” is not a yes-or-no value",
        Some("yes"),
    ),
    (
        "age:2h",
        "2h",
        "expected > or < before the time, as in >2h",
        Some(">2h"),
    ),
    ("age:old", "old", "expected > or < before the time", None),
    (
        "age:>2",
        ">2",
        "“2” is not a time: expected one such as 30m, 2h or 1d",
        Some(">2m"),
    ),
    ("age:>2w", ">2w", "“2w” is not a time", None),
    ("age:>", ">", "expected a time after “>”, such as 30m", None),
    ("age:>h", ">h", "“h” is not a time", None),
    ("age:>1h3", ">1h3", "“1h3” is not a time", None),
    ("age:>-1h", ">-1h", "“-1h” is not a time", None),
    (
        "upd:<99999999999999999999d",
        "<99999999999999999999d",
        "is not a time",
        None,
    ),
    ("胸部 sev:x", "x", "“x” is not a severity", None),
    (
        "desc:\"ct head",
        "\"ct head",
        "this quote is still open",
        None,
    ),
    ("ct \"", "\"", "this quote is still open", None),
    ("-to:\"a\"\"", "\"a\"\"", "this quote is still open", None),
];

#[test]
fn a_wrong_filter_says_where_and_what_it_expected() {
    for (text, wrong, message, suggestion) in MISTAKES {
        let error = Filter::parse(text).expect_err(text);
        assert_eq!(&text[error.at..error.at + error.len], *wrong, "{text}");
        assert!(error.message.contains(message), "{text}: {error}");
        assert_eq!(error.suggestion.as_deref(), *suggestion, "{text}");
    }
}

#[test]
fn a_missing_part_is_pointed_at_where_it_should_stand() {
    for (text, at) in [
        ("sev:", 4),
        ("to:", 3),
        ("sev:stat,", 9),
        ("sev:,stat", 4),
        ("ct,,mr", 3),
        ("ct -", 4),
        (":stat", 0),
    ] {
        let error = Filter::parse(text).expect_err(text);
        assert_eq!((error.at, error.len), (at, 0), "{text}");
    }
}

#[test]
fn what_looks_odd_may_still_be_right() {
    for text in [
        "",
        "  ",
        "ct  head ",
        "sev:STAT",
        "SEV:norm,\"high\"",
        "\"sev:stat\"",
        "--ct",
        "-\"ct head\"",
        "w/o",
        "desc:a:b",
        "5\"\"\"\"",
        "to:\"Kim, Ana\",none",
        "meta.\"ordering department\":ed",
        "meta.meta.x:1",
        "age:>1d12h,<5m",
        "age:>=0m",
        "is:open is:any",
        "ct,mr -us",
        "to:-kim",
    ] {
        assert!(Filter::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn every_example_of_the_help_is_right() {
    for key in KEYS {
        let filter = Filter::parse(key.example).unwrap();
        assert!(key.example.starts_with(key.name), "{}", key.name);
        assert_eq!(filter.terms.len(), 1);
        for word in key.words {
            let name = if key.name == "meta." {
                "meta.mrn"
            } else {
                key.name
            };
            Filter::parse(&format!("{name}:{word}")).unwrap();
        }
    }
}
