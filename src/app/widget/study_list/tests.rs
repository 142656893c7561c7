use proptest::prelude::*;

use super::*;
use crate::worklist::testing::{MINUTE, NOW, study, study_id};

fn list(count: u8) -> StudyList {
    let mut list = StudyList::default();
    list.claim_cursor();
    for n in 1..=count {
        list.upsert(&study(n).age(i64::from(200 - n) * MINUTE).build(), false);
    }
    rebuild(&mut list, Cause::Refresh);
    list
}

fn rebuild(list: &mut StudyList, cause: Cause) {
    let targets = list.targets;
    let context = FilterContext {
        now: NOW,
        me: None,
        targets: &targets,
    };
    list.rebuild_rows(cause, &context);
}

fn numbers(list: &StudyList) -> Vec<u8> {
    list.rows()
        .iter()
        .map(|slot| list.store.get(*slot).id().as_bytes()[0])
        .collect()
}

#[test]
fn the_window_holds_only_the_rows_on_screen() {
    let mut list = list(50);
    list.select(30);
    list.keep_cursor_visible(10);
    assert_eq!(list.window(10).count(), 10);
    assert_eq!((list.top(), list.cursor()), (21, 30));
}

#[test]
fn arrivals_above_do_not_move_the_cursor_off_its_study_nor_on_screen() {
    let mut list = list(50);
    list.select(30);
    list.keep_cursor_visible(10);
    let selected = list.selected();
    for n in 100..105 {
        list.upsert(&study(n).stat().build(), true);
    }
    rebuild(&mut list, Cause::Data);
    list.keep_cursor_visible(10);
    assert_eq!(list.selected(), selected);
    assert_eq!((list.top(), list.cursor()), (26, 35));
}

#[test]
fn a_vanished_study_under_the_cursor_waits_until_the_cursor_leaves() {
    let mut list = list(3);
    list.select(1);
    list.vanish(study_id(2));
    rebuild(&mut list, Cause::Refresh);
    assert_eq!(numbers(&list), [1, 2, 3]);
    list.select(0);
    rebuild(&mut list, Cause::Data);
    assert_eq!(numbers(&list), [1, 3]);
}

#[test]
fn rows_that_no_longer_match_keep_their_neighbours_until_the_next_refresh() {
    let mut list = list(4);
    list.upsert(&study(3).complete().build(), true);
    rebuild(&mut list, Cause::Data);
    assert_eq!(numbers(&list), [1, 2, 3, 4]);
    rebuild(&mut list, Cause::Refresh);
    assert_eq!(numbers(&list), [1, 2, 4]);
}

#[test]
fn an_empty_list_has_no_cursor() {
    let mut list = list(1);
    let targets = list.targets;
    let context = FilterContext {
        now: NOW,
        me: None,
        targets: &targets,
    };
    list.set_filter(Filter::parse("sev:stat").unwrap(), &context);
    assert_eq!((list.selected(), list.rows().len()), (None, 0));
    list.move_by(1);
    list.set_filter(Filter::default(), &context);
    assert_eq!(list.selected(), Some(study_id(1)));
}

/// The rows as they would be if each that is kept were put back by itself, one after the other.
fn put_back_singly(list: &StudyList, old: &[Slot], cause: Cause) -> Vec<Slot> {
    let mut rows = list.order.slots().to_vec();
    let matching: HashSet<Slot> = rows.iter().copied().collect();
    let selected = list.selected.and_then(|id| list.store.slot(id));
    let stays = |slot: Slot| {
        if matching.contains(&slot) {
            list.held && Some(slot) == selected
        } else {
            Some(slot) == selected || cause == Cause::Data
        }
    };
    let mut neighbour = None;
    for slot in old {
        if stays(*slot) {
            rows.retain(|row| row != slot);
            let after = neighbour.and_then(|it| rows.iter().position(|row| *row == it));
            rows.insert(after.map_or(0, |place| place + 1), *slot);
        }
        if matching.contains(slot) || stays(*slot) {
            neighbour = Some(*slot);
        }
    }
    rows
}

proptest! {
    #[test]
    fn rows_are_kept_as_if_put_back_one_by_one(
        rounds in prop::collection::vec(
            (prop::collection::vec((0u8..12, 0i64..40, any::<bool>(), any::<bool>()), 0..8), 0usize..12, any::<bool>()),
            1..6,
        ),
    ) {
        let mut list = list(12);
        for (changes, cursor, is_data) in rounds {
            list.select(cursor);
            for (number, age, is_stat, is_complete) in changes {
                let mut it = study(number).age(age * MINUTE);
                it = if is_stat { it.stat() } else { it };
                it = if is_complete { it.complete() } else { it };
                list.upsert(&it.build(), true);
            }
            let old = list.rows().to_vec();
            let cause = if is_data { Cause::Data } else { Cause::Refresh };
            rebuild(&mut list, cause);
            prop_assert_eq!(list.rows(), put_back_singly(&list, &old, cause));
        }
    }
}
