//! What is brought up to date against what is found anew.

use proptest::prelude::*;

use super::engine::{Step, any_filter, any_step, text};
use crate::worklist::filter::{FilterContext, FilteredStudies};
use crate::worklist::testing::{HOUR, NOW, study, user_id};
use crate::worklist::{Changes, Filter, Slot, Store, Targets};

/// What a person or the server does before the list is looked at again.
#[derive(Clone, Debug)]
enum Turn {
    /// Types a filter letter by letter.
    Type(String),
    Server(Vec<Step>),
    Pass(i64),
    /// Says who "me" is.
    Me(u8),
}

fn any_turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        3 => any_filter().prop_map(Turn::Type),
        3 => (any_filter(), text()).prop_map(|(terms, word)| Turn::Type(format!("{terms} {word}"))),
        3 => prop::collection::vec(any_step(), 0..4).prop_map(Turn::Server),
        1 => (0..48 * HOUR).prop_map(Turn::Pass),
        1 => (0u8..3).prop_map(Turn::Me),
    ]
}

struct Desk {
    store: Store,
    filter: Filter,
    now: i64,
    me: u8,
    found: FilteredStudies,
    looks: usize,
}

impl Desk {
    fn look(&mut self) -> Result<(), TestCaseError> {
        let targets = Targets::default();
        let context = FilterContext {
            now: self.now,
            me: Some(user_id(self.me)),
            targets: &targets,
        };
        let changes = self.store.take_changes();
        self.found
            .refresh(&self.filter, &self.store, &context, &changes);
        let expected = self.filter.select(&self.store, &context);
        let kept: Vec<Slot> = self
            .store
            .slots()
            .filter(|slot| self.found.studies().contains(*slot))
            .collect();
        prop_assert_eq!(&kept, &expected, "{}", self.filter.text());
        prop_assert_eq!(self.found.count(), expected.len());
        self.looks += 1;
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn what_is_kept_up_to_date_is_what_is_found_again(
        first in prop::collection::vec(any_step(), 0..60),
        turns in prop::collection::vec(any_turn(), 1..8),
    ) {
        let mut desk = Desk {
            store: Store::default(),
            filter: Filter::default(),
            now: NOW,
            me: 1,
            found: FilteredStudies::default(),
            looks: 0,
        };
        first.iter().for_each(|step| step.take(&mut desk.store));
        desk.look()?;
        for turn in turns {
            match turn {
                Turn::Type(typed) => {
                    for (end, _) in typed.char_indices().chain([(typed.len(), ' ')]) {
                        // A filter that is not understood leaves the one before in force.
                        if let Ok(filter) = Filter::parse(&typed[..end]) {
                            desk.filter = filter;
                            desk.look()?;
                        }
                    }
                }
                Turn::Server(steps) => {
                    steps.iter().for_each(|step| step.take(&mut desk.store));
                    desk.look()?;
                }
                Turn::Pass(ms) => {
                    desk.now += ms;
                    desk.look()?;
                }
                Turn::Me(me) => {
                    desk.me = me;
                    desk.look()?;
                }
            }
        }
    }
}

/// A part of a word is looked for in what the part before it left, and a state's whole name is not.
#[test]
fn typing_narrows_and_a_whole_name_widens() {
    let mut store = Store::default();
    store.upsert(&study(1).description("CT Head").severity("stat").build());
    store.upsert(&study(2).description("CT Spine").severity("high").build());
    store.take_changes();
    let targets = Targets::default();
    let context = FilterContext {
        now: NOW,
        me: None,
        targets: &targets,
    };
    let mut found = FilteredStudies::default();
    for (typed, count) in [
        ("", 2),
        ("c", 2),
        ("ct", 2),
        ("ct h", 1),
        ("ct he", 1),
        ("ct hex", 0),
        ("ct h", 1),
        ("ct hi", 0),
        ("ct hig", 0),
        ("ct high", 1),
    ] {
        let filter = Filter::parse(typed).unwrap();
        found.refresh(&filter, &store, &context, &Changes::default());
        assert_eq!(found.count(), count, "{typed}");
    }
}
