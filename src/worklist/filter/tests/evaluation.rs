use crate::worklist::testing::{DAY, HOUR, MINUTE, NOW, StudyBuilder, store, study, user_id};
use crate::worklist::{Filter, FilterContext, Store, Targets};

/// The numbers of the studies that a filter selects; one by one and all at once must agree.
fn selected(filter: &str, store: &Store) -> Vec<u8> {
    let filter = Filter::parse(filter).unwrap();
    let context = FilterContext {
        now: NOW,
        me: Some(user_id(1)),
        targets: &Targets::default(),
    };
    let all = filter.select(store, &context);
    let one_by_one: Vec<_> = store
        .slots()
        .filter(|slot| filter.matches(store.get(*slot), &context))
        .collect();
    assert_eq!(all, one_by_one, "{filter:?}");
    all.iter()
        .map(|slot| store.get(*slot).id().as_bytes()[0])
        .collect()
}

fn matches(filter: &str, study: StudyBuilder) -> bool {
    !selected(filter, &store([study])).is_empty()
}

#[test]
fn the_sentence_of_the_product_page_works() {
    let wanted = |number| {
        study(number)
            .stat()
            .description("CT HEAD W/O CONTRAST")
            .age(61 * MINUTE)
            .meta("ordering_department", "ED")
    };
    let store = store([
        wanted(1),
        wanted(2).high(),
        wanted(3).severity("normal"),
        wanted(4).description("MR BRAIN"),
        wanted(5).age(HOUR),
        wanted(6).meta("ordering_department", "ICU"),
        wanted(7).to(1, "Kim, Ana"),
        wanted(8).complete(),
        wanted(9).cancelled(),
    ]);
    let filter = "sev:stat,high ct age:>1h meta.ordering_department:ed to:none";
    assert_eq!(selected(filter, &store), [1, 2]);
}

#[test]
fn state_is_open_unless_the_filter_names_one() {
    let store = store([
        study(1),
        study(2).complete(),
        study(3).cancelled(),
        study(4).complete().cancelled(),
        study(5).status("draft"),
    ]);
    for (filter, expected) in [
        ("", &[1][..]),
        ("is:open", &[1]),
        ("is:complete", &[2, 4]),
        ("is:cancelled", &[3, 4]),
        ("is:any", &[1, 2, 3, 4, 5]),
        ("is:open,complete", &[1, 2, 4]),
        ("-is:cancelled", &[1, 2, 5]),
        ("is:complete -is:cancelled", &[2]),
        ("-is:any", &[]),
        ("-ct", &[]),
    ] {
        assert_eq!(selected(filter, &store), expected, "{filter}");
    }
}

#[test]
fn people_and_customers_match_by_any_part() {
    let store = store([
        study(1).to(1, "Kim, Ana").customer(1, "Northside Imaging"),
        study(2).to(2, "Okafor, Ben"),
        study(3),
    ]);
    for (filter, expected) in [
        ("to:kim", &[1][..]),
        ("to:\"ana kim\"", &[1]),
        ("to:\"kim, a\"", &[1]),
        ("to:OKAFOR", &[2]),
        // Anything with @ is a whole address, or a domain.
        ("to:OKAFOR@example.org", &[2]),
        ("to:\"okafor@example.org\"", &[2]),
        ("to:kafor@example.org", &[]),
        ("to:okafor@example", &[]),
        ("to:okafor@", &[]),
        ("to:@example.org", &[1, 2]),
        ("to:@ample.org", &[]),
        ("-to:@example.org", &[3]),
        ("to:kim@example.org,none", &[1, 3]),
        ("to:usr_0202", &[2]),
        ("to:usr_02020202020202020202020202020202", &[2]),
        ("to:none", &[3]),
        ("to:\"none\"", &[]),
        ("to:me", &[1]),
        ("-to:me", &[2, 3]),
        ("to:me,none", &[1, 3]),
        ("to:\"kim ana\"", &[1]),
        ("to:\"Kim, Ana <kim@example.org>\"", &[1]),
        ("to:unassigned", &[3]),
        ("to:\"ana\nkim@\"", &[]),
        ("cust:north", &[1]),
        ("cust:none", &[2, 3]),
        ("cust:cus_01010101010101010101010101010101", &[1]),
        ("-cust:none", &[1]),
    ] {
        assert_eq!(selected(filter, &store), expected, "{filter}");
    }
}

#[test]
fn nobody_is_me_until_the_operator_is_known() {
    let store = store([study(1).to(1, "Kim, Ana"), study(2)]);
    let filter = Filter::parse("to:me").unwrap();
    let targets = Targets::default();
    let context = FilterContext {
        now: NOW,
        me: None,
        targets: &targets,
    };
    assert!(filter.needs_me());
    assert!(filter.select(&store, &context).is_empty());
}

#[test]
fn times_compare_and_an_unknown_one_is_long_ago() {
    let aged = |ms| study(1).age(ms);
    for (filter, study, expected) in [
        ("age:>2h", aged(2 * HOUR), false),
        ("age:>=2h", aged(2 * HOUR), true),
        ("age:<2h", aged(2 * HOUR), false),
        ("age:<=2h", aged(2 * HOUR), true),
        ("age:>1h30m", aged(91 * MINUTE), true),
        ("age:>1d", aged(DAY + 1), true),
        ("age:<30m,>1d", aged(DAY + 1), true),
        ("age:<30m,>1d", aged(HOUR), false),
        ("age:>1d", study(1).ageless(), true),
        ("age:<1d", study(1).ageless(), false),
        ("age:<1m", aged(-HOUR), true),
        ("upd:<30m", study(1).updated(29 * MINUTE), true),
        ("upd:<30m", study(1).updated(30 * MINUTE), false),
        ("late:yes", aged(DAY + 1), true),
        ("late:yes", aged(DAY), false),
        ("late:no", aged(DAY), true),
        ("late:yes", aged(HOUR + 1).stat(), true),
        ("late:yes", study(1).ageless(), false),
    ] {
        assert_eq!(
            matches(filter, study.clone()),
            expected,
            "{filter} {study:?}"
        );
    }
}

#[test]
fn metadata_matches_by_key_and_part_of_the_value() {
    let it = || {
        study(1)
            .meta("Ordering_Department", "ED North")
            .meta("mrn", "A-0017")
            .meta("Größe", "ÜBER")
    };
    for (filter, expected) in [
        ("meta.ordering_department:ed", true),
        ("meta.ORDERING_DEPARTMENT:\"ed n\"", true),
        ("meta.ordering:ed", false),
        ("meta.mrn:a-00", true),
        ("meta.mrn:*", true),
        ("meta.mrn:\"*\"", false),
        ("meta.room:*", false),
        ("-meta.room:*", true),
        ("meta.mrn:18,17", true),
        ("meta.größe:über", true),
        ("meta.mrn:north", false),
    ] {
        assert_eq!(matches(filter, it()), expected, "{filter}");
    }
}

#[test]
fn free_words_look_everywhere() {
    let it = || {
        study(0xab)
            .high()
            .uid("1.2.840.113619")
            .description("CT ΣΠΛΉΝΑΣ")
            .to(1, "Kim, Ana")
            .customer(1, "Northside")
            .by_key("Gateway 7")
            .meta("accession", "ACC-9")
    };
    for word in [
        "ct",
        "σπλήνας",
        "ΣΠΛΉΝΑ",
        "840.1136",
        "stu_abab",
        "ABAB",
        "kim",
        "kim@example",
        "northside",
        "gateway",
        "acc-9",
        "high",
        "HIGH",
        "incomplete",
        "mr,ct",
        "\"gateway 7\"",
        "c-9",
    ] {
        assert!(matches(word, it()), "{word}");
    }
    for word in [
        "mr",
        "complete",
        "cancelled",
        "hig",
        "accession",
        "9kim",
        "840.2",
        "abcd",
    ] {
        assert!(!matches(word, it()), "{word}");
    }
}

#[test]
fn the_remaining_keys_look_at_one_field() {
    let it = || {
        study(0xab)
            .uid("2.25.77")
            .by(3, "Lopez, Eva")
            .description("CT HEAD")
    };
    for (filter, expected) in [
        ("desc:\"ct head\"", true),
        ("desc:lopez", false),
        ("desc:mr,head", true),
        ("uid:25.77", true),
        ("uid:ab", false),
        ("id:abab", true),
        ("id:stu_", true),
        ("id:2.25", false),
        ("by:eva", true),
        ("by:head", false),
        ("sev:norm", true),
        ("SEV:Normal", true),
        ("sev:stat", false),
    ] {
        assert_eq!(matches(filter, it()), expected, "{filter}");
    }
}
