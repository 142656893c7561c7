//! The fast way through all studies against a plain one, on random stores and random filters.

use proptest::prelude::*;

use crate::text::clean;
use crate::wire::{Study, StudyId};
use crate::worklist::filter::FilterContext;
use crate::worklist::fold::fold;
use crate::worklist::testing::{DAY, NOW, study, study_id, user_id};
use crate::worklist::{Filter, Slot, Store, StudyView, Targets};

/// Pieces that meet in texts and in words, so that many filters find something.
pub(super) fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "ct", "CT ", "Head", "ß", "Ü", "ü", "ΣΣ", "ς", "\u{212a}", "İ", "胸部", "1.2", "25", "0",
        ".", "A", "b", "-", "stat", "high", "none", "e\u{301}", "\n", "x",
    ]);
    prop_oneof![
        8 => prop::collection::vec(pieces, 1..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

pub(super) fn any_study() -> impl Strategy<Value = Study> {
    let severity = prop::sample::select(vec!["stat", "high", "normal", "Ünknown", "ct"]);
    let status = prop::sample::select(vec!["incomplete", "incomplete", "complete", "draft"]);
    let name = || prop::option::of((0u8..3, text()));
    let metadata = prop::collection::btree_map(text(), text(), 0..3);
    let first = (0u8..40, text(), text(), severity, status, 0u8..6);
    let second = (name(), name(), name(), name(), metadata, 0i64..3);
    (first, second).prop_map(
        |((number, uid, desc, severity, status, cancelled), (to, cust, by, key, meta, age))| {
            let mut it = study(number).uid(&uid).description(&desc);
            it = it.severity(severity).status(status).age(age * DAY);
            it = if cancelled == 0 { it.cancelled() } else { it };
            it = to.iter().fold(it, |it, (id, name)| it.to(*id, name));
            it = cust
                .iter()
                .fold(it, |it, (id, name)| it.customer(*id, name));
            it = by.iter().fold(it, |it, (id, name)| it.by(*id, name));
            it = key.iter().fold(it, |it, (_, name)| it.by_key(name));
            meta.iter()
                .fold(it, |it, (key, value)| it.meta(key, value))
                .build()
        },
    )
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Upsert(Box<Study>),
    Remove(StudyId),
}

impl Step {
    pub(super) fn take(&self, store: &mut Store) {
        match self {
            Self::Upsert(study) => {
                store.upsert(study);
            }
            Self::Remove(id) => {
                store.remove(*id);
            }
        }
    }
}

pub(super) fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        9 => any_study().prop_map(|study| Step::Upsert(Box::new(study))),
        1 => (0u8..40).prop_map(|number| Step::Remove(study_id(number))),
    ]
}

pub(super) fn any_filter() -> impl Strategy<Value = String> {
    let quoted = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
    let word = prop_oneof![
        6 => text().prop_map(quoted),
        1 => "[0-9a-f]{1,4}",
        1 => "stu_[0-9a-f]{0,3}",
    ];
    let key = prop::sample::select(vec![
        "",
        "",
        "",
        "desc:",
        "uid:",
        "id:",
        "by:",
        "to:",
        "cust:",
        "meta.ct:",
        "meta.\"Ü\":",
    ]);
    let free = (
        prop::bool::weighted(0.25),
        key,
        prop::collection::vec(word, 1..3),
    )
        .prop_map(|(negated, key, words)| {
            let sign = if negated { "-" } else { "" };
            format!("{sign}{key}{}", words.join(","))
        });
    let fixed = prop::sample::select(vec![
        "is:any",
        "is:complete",
        "-is:cancelled",
        "-is:any",
        "sev:stat",
        "-sev:stat,high",
        "to:none",
        "-to:me",
        "to:me,none",
        "to:@example.org",
        "-to:@example.org,none",
        "to:ct@example.org,ü",
        "to:a@example.org,A@example.org",
        "cust:none",
        "age:>1d",
        "late:yes",
        "meta.ct:*",
        "cancelled",
        "is:any",
    ])
    .prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![3 => free, 2 => fixed], 0..4)
        .prop_map(|terms| terms.join(" "))
}

/// Everything that a free word is looked for in, in lower case, a line each.
fn everything(study: StudyView<'_>) -> String {
    let mut lines = vec![
        study.uid().to_owned(),
        study.description().to_owned(),
        study.id().to_string(),
    ];
    let store = study.store;
    lines.extend(
        study
            .known_assignee()
            .map(|it| store.texts().shown(it.search).to_owned()),
    );
    lines.extend(
        study
            .known_customer()
            .map(|it| store.texts().shown(it.search).to_owned()),
    );
    lines.extend(
        study
            .known_creator()
            .map(|it| store.texts().shown(it.search).to_owned()),
    );
    lines.extend(study.metadata().map(|(_, value)| value.to_owned()));
    fold(&lines.join("\n")).into_owned()
}

fn check(store: &Store, filter: &str) -> Result<(), TestCaseError> {
    let targets = Targets::default();
    let context = FilterContext {
        now: NOW,
        me: Some(user_id(1)),
        targets: &targets,
    };
    let Ok(understood) = Filter::parse(filter) else {
        return Ok(());
    };
    let expected: Vec<Slot> = store
        .slots()
        .filter(|slot| understood.matches(store.get(*slot), &context))
        .collect();
    prop_assert_eq!(understood.select(store, &context), expected, "{}", filter);
    Ok(())
}

fn check_word(store: &Store, typed: &str) -> Result<(), TestCaseError> {
    let targets = Targets::default();
    let context = FilterContext {
        now: NOW,
        me: None,
        targets: &targets,
    };
    let filter = Filter::parse("is:any").unwrap_or_default();
    let filter = Filter::parse(&format!(
        "{} \"{}\"",
        filter.text(),
        typed.replace('"', "\"\"")
    ));
    let Ok(filter) = filter else { return Ok(()) };
    let word = fold(&clean(typed)).into_owned();
    let called = |study: StudyView<'_>| {
        study.severity().as_str().eq_ignore_ascii_case(&word)
            || study.status().as_str().eq_ignore_ascii_case(&word)
            || (study.is_cancelled() && word == "cancelled")
    };
    let expected: Vec<Slot> = store
        .slots()
        .filter(|slot| everything(store.get(*slot)).contains(&word) || called(store.get(*slot)))
        .collect();
    prop_assert_eq!(filter.select(store, &context), expected, "{:?}", typed);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn all_at_once_and_one_by_one_agree(
        steps in prop::collection::vec(any_step(), 0..60),
        filters in prop::collection::vec(any_filter(), 1..4),
        words in prop::collection::vec(text(), 1..4),
    ) {
        let mut store = Store::default();
        steps.iter().for_each(|step| step.take(&mut store));
        for filter in &filters {
            check(&store, filter)?;
        }
        for word in &words {
            check_word(&store, word)?;
        }
    }
}

/// Texts replaced often enough that the arenas are laid out anew.
#[test]
fn a_rebuilt_store_is_searched_as_a_new_one() {
    let mut store = Store::default();
    for round in 0..40 {
        for number in 0..20 {
            let filler = "x".repeat(200 + 7 * round);
            let it = study(number).uid(&format!("1.{round}.{number}"));
            store.upsert(&it.meta("k", &format!("Ü{number} {filler}R{round}")).build());
        }
        for filter in [
            "is:any r39",
            "is:any ü7",
            "is:any 1.39.1",
            "is:any \"x r3\"",
        ] {
            check(&store, filter).unwrap();
        }
    }
    assert!(
        store.values().len() < 4 * 20 * 500,
        "{}",
        store.values().len()
    );
}
