//! No server makes the planner ask without end.

use super::*;

/// A study outside of any byte's numbers.
fn made_up(number: u32, builder: StudyBuilder) -> Study {
    let mut study = builder.build();
    let mut id = [0xee; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    study.study_id = StudyId::from_bytes(id);
    study
}

/// Looking for each of them among all others froze the keys.
#[test]
fn a_hundred_thousand_suspects_are_queued_once_each() {
    let ids = || (0..100_000).map(|n| made_up(n, study(0)).study_id);
    let mut sync = Sync::default();
    sync.suspect(ids());
    sync.suspect(ids());
    assert_eq!(sync.verify.len(), 100_000);
    let asks = sync.plan(Scope::Open, 0, 0, &BTreeSet::new);
    let first = asks.iter().find_map(|ask| match ask {
        Ask::Study(id) => Some(*id),
        Ask::Page(..) => None,
    });
    let first = first.expect("a study is looked into");
    sync.suspect([first]);
    sync.verified(first);
    sync.suspect([first]);
    assert_eq!(sync.verify.back(), Some(&first));
}
