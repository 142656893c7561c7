//! The store against a plain map of the records as they came.

use std::collections::HashMap;

use proptest::prelude::*;

use crate::text::clean;
use crate::wire::{Study, StudyId};
use crate::worklist::testing::{study, study_id};
use crate::worklist::{Store, StudyView, Upsert, person_name};

/// What of a study must show, as text.
#[derive(Debug, PartialEq)]
struct Shown {
    texts: [String; 4],
    is_cancelled: bool,
    times: [Option<i64>; 3],
    people: [Option<String>; 3],
    metadata: Vec<(String, String)>,
}

fn shown(study: &Study) -> Shown {
    let text = |raw: &str| clean(raw).into_owned();
    let name = |user: &crate::wire::UserReference| {
        let (first, last) = (user.first_name.as_deref(), user.last_name.as_deref());
        person_name(first, last, &user.email).to_string()
    };
    let user = study.created_by_user.as_ref().map(name);
    let key = study.created_by_api_key.as_ref();
    Shown {
        texts: [
            text(study.study_instance_uid.as_str()),
            text(&study.study_description),
            text(study.severity.as_str()),
            text(study.study_viewer_status.as_str()),
        ],
        is_cancelled: study.is_cancelled,
        times: [study.created_at, study.updated_at, study.cancelled_at]
            .map(|time| time.map(|time| time.timestamp_millis())),
        people: [
            study.assigned_to.as_ref().map(name),
            study
                .customer
                .as_ref()
                .map(|it| text(&it.express_customer_name)),
            user.or_else(|| key.map(|it| text(&it.description))),
        ],
        metadata: study
            .metadata
            .iter()
            .map(|(key, value)| (text(key), text(value)))
            .collect(),
    }
}

fn viewed(view: StudyView<'_>) -> Shown {
    Shown {
        texts: [
            view.uid(),
            view.description(),
            view.severity().as_str(),
            view.status().as_str(),
        ]
        .map(Into::into),
        is_cancelled: view.is_cancelled(),
        times: [view.created_at(), view.updated_at(), view.cancelled_at()],
        people: [
            view.assignee().map(|it| it.name.to_string()),
            view.customer().map(|it| it.name.to_string()),
            view.created_by().map(Into::into),
        ],
        metadata: view
            .metadata()
            .map(|(key, value)| (key.into(), value.into()))
            .collect(),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Upsert(Box<Study>),
    Remove(StudyId),
    Clear,
}

fn any_study() -> impl Strategy<Value = Study> {
    let text = || prop_oneof![Just("CT".to_owned()), any::<String>()];
    let severity = prop_oneof![
        Just("stat".to_owned()),
        Just("normal".to_owned()),
        any::<String>()
    ];
    let name = || prop::option::of((0u8..3, text()));
    let metadata = prop::collection::btree_map(text(), text(), 0..4);
    let first = (0u8..5, text(), text(), severity, text(), any::<bool>());
    let second = (name(), name(), name(), name(), metadata, 0i64..3);
    (first, second).prop_map(
        |(
            (number, uid, description, severity, status, is_cancelled),
            (to, cust, by, key, meta, age),
        )| {
            let mut it = study(number).uid(&uid).description(&description);
            it = it.severity(&severity).status(&status).age(age);
            it = if age == 0 { it.ageless() } else { it };
            it = if is_cancelled { it.cancelled() } else { it };
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

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => any_study().prop_map(|study| Step::Upsert(Box::new(study))),
        4 => (0u8..5).prop_map(|number| Step::Remove(study_id(number))),
        1 => Just(Step::Clear),
    ]
}

fn check_upsert(
    store: &mut Store,
    model: &mut HashMap<StudyId, Study>,
    study: Study,
) -> Result<(), TestCaseError> {
    let before = store.slot(study.study_id);
    let done = store.upsert(&study);
    match model.insert(study.study_id, study.clone()) {
        None => prop_assert!(matches!(done, Upsert::Inserted(_))),
        Some(old) if old == study => prop_assert!(matches!(done, Upsert::Same(_))),
        Some(old) if shown(&old) != shown(&study) => {
            prop_assert!(matches!(done, Upsert::Changed(_)));
        }
        Some(_) => prop_assert!(!matches!(done, Upsert::Inserted(_))),
    }
    if let Some(slot) = before {
        prop_assert_eq!(slot, done.slot());
    }
    prop_assert_eq!(store.upsert(&study), Upsert::Same(done.slot()));
    Ok(())
}

proptest! {
    #[test]
    fn the_store_shows_what_a_plain_map_would(steps in prop::collection::vec(any_step(), 0..30)) {
        let mut store = Store::default();
        let mut model = HashMap::new();
        for step in steps {
            match step {
                Step::Upsert(study) => check_upsert(&mut store, &mut model, *study)?,
                Step::Remove(id) => prop_assert_eq!(store.remove(id), model.remove(&id).is_some()),
                Step::Clear => {
                    store.clear();
                    model.clear();
                }
            }
            prop_assert_eq!(store.len(), model.len());
            prop_assert_eq!(store.slots().count(), model.len());
            for (id, study) in &model {
                prop_assert_eq!(store.find(*id).map(viewed), Some(shown(study)));
            }
        }
    }
}
