use crate::worklist::Filter;

fn edited(text: &str, key: &str, value: Option<&str>) -> String {
    let filter = Filter::parse(text).unwrap();
    filter.with_term(key, value).text().to_owned()
}

#[test]
fn one_term_is_set_and_the_rest_stays_as_typed() {
    for (text, key, value, expected) in [
        ("", "sev", Some("stat"), "sev:stat"),
        ("ct  Head", "sev", Some("stat"), "ct  Head sev:stat"),
        ("ct ", "to", Some("none"), "ct to:none"),
        (
            "SEV:high  ct",
            "sev",
            Some("stat,high"),
            "sev:stat,high  ct",
        ),
        (
            "a sev:high b sev:stat c",
            "sev",
            Some("normal"),
            "a sev:normal b c",
        ),
        ("a sev:high b", "sev", None, "a b"),
        ("a sev:high", "sev", None, "a"),
        ("sev:high", "sev", None, ""),
        ("a b", "sev", None, "a b"),
        ("-sev:high", "sev", Some("stat"), "-sev:high sev:stat"),
        ("ct", "to", Some("Kim, Ana"), "ct to:\"Kim, Ana\""),
        ("ct", "desc", Some("15\" film"), "ct desc:\"15\"\" film\""),
        ("meta.MRN:1 x", "meta.mrn", Some("2"), "meta.mrn:2 x"),
        (
            "x",
            "meta.Ordering Dept",
            Some("ED"),
            "x meta.\"Ordering Dept\":ED",
        ),
        ("meta.\"a b\":1", "META.A B", None, ""),
        ("age:>1h", "AGE", Some("<2h"), "age:<2h"),
        ("to:\"a b\",c d", "to", Some("me"), "to:me d"),
    ] {
        assert_eq!(edited(text, key, value), expected, "{text} {key} {value:?}");
    }
}

#[test]
fn what_the_language_does_not_take_changes_nothing() {
    for (key, value) in [
        ("sev", "worst"),
        ("sev", ""),
        ("sev", "stat ct"),
        ("to", ""),
        ("age", "2h"),
        ("colour", "red"),
        ("meta.", "x"),
        ("", "x"),
    ] {
        assert_eq!(
            edited("ct sev:stat", key, Some(value)),
            "ct sev:stat",
            "{key}:{value}"
        );
    }
}

#[test]
fn a_term_reads_without_its_quotes() {
    let text = "-to:bo ct to:\"Kim, Ana\" to:x sev:stat,\"high\" meta.Mrn:7";
    let filter = Filter::parse(text).unwrap();
    for (key, value) in [
        ("to", Some("Kim, Ana")),
        ("TO", Some("Kim, Ana")),
        ("sev", Some("stat,\"high\"")),
        ("meta.mrn", Some("7")),
        ("desc", None),
        ("", None),
    ] {
        assert_eq!(filter.term(key), value, "{key}");
    }
}
