use crate::worklist::store::{Facts, Times};
use crate::worklist::testing::{HOUR, NOW, store, study, study_id, user_id};
use crate::worklist::{Store, Upsert, person_name};

#[test]
fn a_study_reads_back_as_it_was_put_in() {
    let store = store([study(1)
        .stat()
        .uid("1.2.840")
        .description("MR \u{1b}[31mBRAIN")
        .to(1, "Kim, Ana")
        .customer(2, "Northside")
        .by(3, "Lopez, Eva")
        .by_key("Gateway")
        .age(HOUR)
        .meta("b", "two\nlines")
        .meta("a", "")]);
    let view = store.find(study_id(1)).unwrap();
    assert_eq!(view.uid(), "1.2.840");
    assert_eq!(view.description(), "MR ␛[31mBRAIN");
    assert_eq!(view.assignee().unwrap().id, user_id(1));
    assert_eq!(view.assignee().unwrap().name.as_str(), "Kim, Ana");
    assert_eq!(view.customer().unwrap().name.as_str(), "Northside");
    assert_eq!(view.created_by(), Some("Lopez, Eva"));
    assert_eq!(view.age_ms(NOW), Some(HOUR));
    assert_eq!(view.cancelled_at(), None);
    let metadata: Vec<_> = view.metadata().collect();
    assert_eq!(metadata, [("a", ""), ("b", "two lines")]);
    assert_eq!(view.meta("B"), Some("two lines"));
    assert_eq!(view.meta("c"), None);
    assert_eq!(store.meta_keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(store.find_uid("1.2.840"), store.slot(study_id(1)));
    assert_eq!(store.find_uid("1.2.84"), None);
}

#[test]
fn a_slot_stays_with_its_study() {
    let mut store = store([study(1), study(2)]);
    let slot = store.slot(study_id(1)).unwrap();
    assert!(store.remove(study_id(1)));
    assert!(!store.remove(study_id(1)));
    assert!(!store.remove(study_id(9)));
    assert_eq!((store.len(), store.slot(study_id(1))), (1, None));
    assert!(!store.is_listed(slot));
    assert_eq!(store.get(slot).id(), study_id(1));
    assert_eq!(store.find_uid("2.25.1"), None);

    let third = store.upsert(&study(3).build());
    assert_ne!(third.slot(), slot);
    assert_eq!(store.upsert(&study(1).build()), Upsert::Inserted(slot));
    assert_eq!(
        store.upsert(&study(1).stat().build()),
        Upsert::Changed(slot)
    );
}

#[test]
fn a_slot_from_before_a_clear_shows_a_blank_study() {
    let mut store = store([study(1)]);
    let slot = store.slot(study_id(1)).unwrap();
    store.clear();
    let view = store.get(slot);
    assert!(!view.is_open());
    assert_eq!((view.uid(), view.description()), ("", ""));
    assert_eq!((view.assignee(), view.created_at()), (None, None));
    assert_eq!(view.metadata().count(), 0);
    assert_eq!(view.severity().as_str(), "normal");
    assert!(store.is_empty());
}

#[test]
fn every_field_that_is_shown_can_change() {
    let base = || study(1).meta("k", "v").to(1, "Kim, Ana");
    for changed in [
        base().stat(),
        base().severity("critical"),
        base().status("draft"),
        base().complete(),
        base().cancelled(),
        base().description("x"),
        base().uid("9"),
        base().to(2, "Kim, Ana"),
        base().to(1, "Kim, Bo"),
        base().customer(1, "N"),
        base().by(1, "Kim, Ana"),
        base().by_key("G"),
        base().age(1),
        base().ageless(),
        base().updated(1),
        base().meta("k", "w"),
        base().meta("l", "v"),
    ] {
        let mut store = store([base()]);
        let changed = changed.build();
        assert!(
            matches!(store.upsert(&changed), Upsert::Changed(_)),
            "{changed:?}"
        );
        assert!(
            matches!(store.upsert(&changed), Upsert::Same(_)),
            "{changed:?}"
        );
    }
}

#[test]
fn text_that_no_study_uses_any_more_is_given_back() {
    let mut store = Store::default();
    let text = |round: usize, number: u8| format!("{number}-{round}-{}", "x".repeat(2000));
    for round in 0..50 {
        for number in 0..20 {
            store.upsert(&study(number).meta("k", &text(round, number)).build());
        }
    }
    for number in 0..20 {
        let view = store.find(study_id(number)).unwrap();
        assert_eq!(view.meta("k"), Some(text(49, number).as_str()));
    }
    assert!(
        store.values().len() < 4 * 20 * 2000,
        "{}",
        store.values().len()
    );
}

#[test]
fn a_row_stays_small() {
    assert!(size_of::<Facts>() + size_of::<Times>() <= 56);
}

#[test]
fn a_person_without_a_name_is_called_by_the_address() {
    for (first, last, name) in [
        (Some("Ana"), Some("Kim"), "Kim, Ana"),
        (Some(" "), Some("Kim"), "Kim"),
        (Some("Ana"), None, "Ana"),
        (None, Some(""), "kim@example.org"),
        (Some("A\u{202e}na"), Some("Kim"), "Kim, A‹U+202E›na"),
    ] {
        assert_eq!(person_name(first, last, "kim@example.org").as_str(), name);
    }
}
