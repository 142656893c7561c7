use proptest::prelude::*;

use crate::worklist::testing::{DAY, HOUR, MINUTE, NOW, StudyBuilder, store, study, study_id};
use crate::worklist::{
    Filter, FilterContext, Order, Slot, Sort, SortKey, Store, Targets, sort, sort_by,
};

fn sorted(store: &Store, mut slots: Vec<Slot>) -> Vec<u8> {
    sort(store, &mut slots, NOW, &Targets::default());
    slots
        .iter()
        .map(|slot| store.get(*slot).id().as_bytes()[0])
        .collect()
}

#[test]
fn need_decides_the_order() {
    let store = store([
        study(9).complete().stat().age(9 * DAY),
        study(8).age(MINUTE),
        study(7).age(MINUTE),
        study(6).age(HOUR),
        study(5).ageless(),
        study(4).high().age(MINUTE),
        study(3).severity("critical").age(2 * MINUTE),
        study(2).stat().age(3 * MINUTE),
        study(1).age(2 * DAY),
        study(0).high().age(5 * HOUR),
        study(10).cancelled(),
    ]);
    let all = store.slots().collect();
    assert_eq!(sorted(&store, all), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

fn sorted_by(store: &Store, sort: Sort, mut slots: Vec<Slot>) -> Vec<u8> {
    sort_by(store, &mut slots, sort, NOW, &Targets::default());
    let id = |slot: &Slot| store.get(*slot).id().as_bytes()[0];
    slots.iter().map(id).collect()
}

#[test]
fn other_orders_leave_ties_to_the_need_and_reverse_only_themselves() {
    let store = store([
        study(0)
            .description("b")
            .to(2, "Osei, Ben")
            .customer(2, "east"),
        study(1).description("B").stat().to(1, "kim, Ana"),
        study(2).description("a").age(2 * DAY),
        study(3).description("a").high().customer(1, "West"),
        study(4).description(" A").age(2 * DAY),
    ]);
    for (key, forward, backward) in [
        (SortKey::Need, [2, 4, 1, 3, 0], [0, 3, 1, 2, 4]),
        (SortKey::Age, [2, 4, 1, 3, 0], [1, 3, 0, 2, 4]),
        (SortKey::Severity, [1, 3, 2, 4, 0], [2, 4, 0, 3, 1]),
        (SortKey::Description, [2, 4, 3, 1, 0], [1, 0, 2, 4, 3]),
        (SortKey::Assignee, [2, 4, 3, 1, 0], [0, 1, 2, 4, 3]),
        (SortKey::Customer, [0, 3, 2, 4, 1], [2, 4, 1, 3, 0]),
    ] {
        let sorted = |sort| sorted_by(&store, sort, store.slots().collect());
        assert_eq!(sorted(Sort::by(key)), forward, "{key:?}");
        assert_eq!(
            sorted(Sort::by(key).reverse()),
            backward,
            "{key:?} reversed"
        );
    }
}

fn any_order() -> impl Strategy<Value = Sort> {
    let keys = prop::sample::select(vec![
        SortKey::Need,
        SortKey::Age,
        SortKey::Severity,
        SortKey::Description,
        SortKey::Assignee,
        SortKey::Customer,
        SortKey::Updated,
    ]);
    (keys, any::<bool>()).prop_map(|(key, reversed)| Sort { key, reversed })
}

fn any_study() -> impl Strategy<Value = StudyBuilder> {
    let severities = prop::sample::select(vec!["stat", "high", "normal", "critical"]);
    let statuses = prop::sample::select(vec!["incomplete", "complete", "draft"]);
    let ages = prop::option::of(-2i64..40);
    (any::<u8>(), severities, statuses, ages, any::<bool>()).prop_map(
        |(number, severity, status, hours, is_cancelled)| {
            let study = study(number).severity(severity).status(status);
            let study = match hours {
                Some(hours) => study.age(hours * HOUR),
                None => study.ageless(),
            };
            if is_cancelled {
                study.cancelled()
            } else {
                study
            }
        },
    )
}

proptest! {
    #[test]
    fn the_order_does_not_depend_on_where_it_began(
        studies in prop::collection::vec(any_study(), 0..40).prop_shuffle(),
        turn in any::<prop::sample::Index>(),
        sort in any_order(),
    ) {
        let store = store(studies);
        let slots: Vec<_> = store.slots().collect();
        let mut turned = slots.clone();
        turned.rotate_left(turn.index(slots.len() + 1).min(slots.len()));
        turned.reverse();
        let order = sorted_by(&store, sort, slots);
        prop_assert_eq!(sorted_by(&store, sort, turned), order.clone());
        let mut distinct = order.clone();
        distinct.sort_unstable();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), order.len());
    }

    /// Two studies stand the same way round whatever else is sorted with them.
    #[test]
    fn every_pair_is_in_the_order_of_the_whole(studies in prop::collection::vec(any_study(), 2..12)) {
        let store = store(studies);
        let mut whole: Vec<_> = store.slots().collect();
        sort(&store, &mut whole, NOW, &Targets::default());
        for (at, first) in whole.iter().enumerate() {
            for second in &whole[at + 1..] {
                let mut pair = [*second, *first];
                sort(&store, &mut pair, NOW, &Targets::default());
                prop_assert_eq!(pair, [*first, *second]);
            }
        }
    }
}

/// What happens between two looks at an order.
#[derive(Clone, Debug)]
enum Step {
    Upsert(Box<StudyBuilder>),
    Remove(u8),
    Pass(i64),
    Filter(&'static str),
    Turn(Sort),
    Look,
}

fn any_step() -> impl Strategy<Value = Step> {
    let filters = prop::sample::select(vec!["", "is:any", "is:any -late:yes", "sev:stat is:any"]);
    let named = (any_study(), 0u8..4, "[a-cA-C ]{0,2}");
    let study = named.prop_map(|(study, person, text)| {
        let study = study.description(&text).customer(person, &text);
        match person {
            0 => study,
            _ => study.to(person, &format!("Kim{person}, {text}")),
        }
    });
    prop_oneof![
        12 => study.prop_map(|study| Step::Upsert(Box::new(study))),
        2 => any::<u8>().prop_map(Step::Remove),
        2 => (-HOUR..9 * HOUR).prop_map(Step::Pass),
        1 => filters.prop_map(Step::Filter),
        1 => any_order().prop_map(Step::Turn),
        5 => Just(Step::Look),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn an_order_kept_up_to_date_is_that_of_a_new_sort(steps in prop::collection::vec(any_step(), 0..120)) {
        let (mut store, mut order) = (Store::default(), Order::default());
        let (mut filter, mut sort, mut now) = (Filter::default(), Sort::default(), NOW);
        let targets = Targets::default();
        for step in steps {
            match step {
                Step::Upsert(study) => {
                    store.upsert(&study.build());
                }
                Step::Remove(number) => {
                    store.remove(study_id(number));
                }
                Step::Pass(ms) => now += ms,
                Step::Filter(text) => filter = Filter::parse(text).unwrap(),
                Step::Turn(turned) => sort = turned,
                Step::Look => {
                    let context = FilterContext { now, me: None, targets: &targets };
                    let mut expected = filter.select(&store, &context);
                    let changes = store.take_changes();
                    let asked = expected.iter().copied().collect();
                    order.refresh(&store, &asked, &changes, (sort, now, &targets));
                    sort_by(&store, &mut expected, sort, now, &targets);
                    prop_assert_eq!(order.slots(), &expected);
                }
            }
        }
    }
}
