use crate::worklist::testing::{DAY, HOUR, MINUTE, NOW, store, study, user_id};
use crate::worklist::{Counts, Load, Targets, counts, workload};

#[test]
fn counts_are_of_open_studies() {
    let store = store([
        study(1).stat().age(20 * MINUTE).to(1, "Kim, Ana"),
        study(2).stat().age(2 * HOUR),
        study(3).severity("critical").ageless(),
        study(4).age(2 * DAY),
        study(5).high().age(MINUTE).to(1, "Kim, Ana"),
        study(6).stat().age(9 * DAY).complete(),
        study(7).stat().age(9 * DAY).cancelled(),
    ]);
    let expected = Counts {
        open: 5,
        stat_open: 3,
        oldest_stat_ms: Some(2 * HOUR),
        unassigned: 3,
        late: 2,
    };
    assert_eq!(counts(&store, &Targets::default(), NOW), expected);
}

#[test]
fn a_removed_study_is_counted_nowhere() {
    let mut store = store([study(1).stat().to(1, "Kim, Ana")]);
    store.remove(crate::worklist::testing::study_id(1));
    let counts = counts(&store, &Targets::default(), NOW);
    assert_eq!(counts, Counts::default());
    assert!(workload(&store, NOW).is_empty());
}

#[test]
fn the_load_of_each_person_is_their_open_work() {
    let store = store([
        study(1).stat().age(20 * MINUTE).to(1, "Kim, Ana"),
        study(2).age(HOUR).to(1, "Kim, Ana"),
        study(3).age(DAY).complete().to(1, "Kim, Ana"),
        study(4).ageless().to(2, "Okafor, Ben"),
        study(5).age(DAY).cancelled().to(3, "Lopez, Eva"),
        study(6).age(DAY),
    ]);
    let loads = workload(&store, NOW);
    assert_eq!(loads.len(), 2);
    let kim = Load {
        open: 2,
        stat: 1,
        oldest_ms: Some(HOUR),
    };
    assert_eq!(loads[&user_id(1)], kim);
    assert_eq!(loads[&user_id(2)].oldest_ms, None);
}

/// The same person under two names, as after a rename, is one person.
#[test]
fn a_person_is_who_the_id_says() {
    let store = store([study(1).to(1, "Kim, Ana"), study(2).to(1, "Kim-Lee, Ana")]);
    assert_eq!(workload(&store, NOW)[&user_id(1)].open, 2);
    let names: Vec<_> = store.people().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Kim-Lee, Ana"]);
}
