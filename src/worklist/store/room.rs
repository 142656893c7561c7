//! How many studies a store holds, and which it takes in when the list has no end.

use crate::wire;

use super::Store;

/// How many studies are kept, listed or not.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Complete and cancelled ones, and those with a status that this version does not know.
    pub closed: usize,
    /// Open ones. Their room does not depend on how many others there are.
    pub open: usize,
    /// More open ones, if they come from the list of STAT studies.
    pub stat: usize,
}

impl Default for Room {
    /// Ten times the clinic that the program is measured with. A list without end stops here, at a few
    /// hundred megabytes.
    fn default() -> Self {
        Self {
            closed: 1_000_000,
            open: 200_000,
            stat: 100_000,
        }
    }
}

/// There is no room for one more study of a kind. Says how many of that kind are kept.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Full {
    Closed(usize),
    Open(usize),
}

impl Full {
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open(_))
    }

    pub fn most(self) -> usize {
        match self {
            Self::Closed(most) | Self::Open(most) => most,
        }
    }
}

impl Store {
    /// Fails if there is no room for a study. A known study always has room, and one `of_stat`, from the list
    /// of STAT studies, has room where others have none.
    ///
    /// [`upsert`](Self::upsert) takes everything: a study that the user asked for is never refused.
    pub fn room_for(&self, study: &wire::Study, of_stat: bool) -> Result<(), Full> {
        let room = self.room;
        let is_open = study.is_open();
        let (held, most, full) = if is_open {
            let own = if of_stat { room.stat } else { 0 };
            (self.open_count, room.open + own, Full::Open(room.open))
        } else {
            let closed = self.ids.len() - self.open_count;
            (closed, room.closed, Full::Closed(room.closed))
        };
        // Studies are closed all the time. That must not make room for more of their kind.
        let is_full = held >= most || self.ids.len() >= room.closed + room.open + room.stat;
        if is_full && self.any_slot(study.study_id).is_none() {
            Err(full)
        } else {
            Ok(())
        }
    }

    /// Changes how many studies are kept.
    pub fn set_room(&mut self, room: Room) {
        self.room = room;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worklist::testing::study;

    fn store(room: Room) -> Store {
        let mut store = Store::default();
        store.set_room(room);
        store
    }

    const ROOM: Room = Room {
        closed: 2,
        open: 3,
        stat: 1,
    };

    #[test]
    fn what_is_closed_takes_no_room_from_what_is_open() {
        let mut store = store(ROOM);
        for number in 0..2 {
            store.upsert(&study(number).complete().build());
        }
        let closed = [
            study(10).complete(),
            study(11).cancelled(),
            study(12).status("archived"),
        ];
        for builder in closed {
            let full = store.room_for(&builder.build(), true);
            assert_eq!(full, Err(Full::Closed(2)));
        }
        for number in 20..23 {
            let open = study(number).build();
            assert_eq!(store.room_for(&open, false), Ok(()));
            store.upsert(&open);
        }
        let open = study(30).build();
        assert_eq!(store.room_for(&open, false), Err(Full::Open(3)));
    }

    #[test]
    fn the_stat_list_has_room_where_others_have_none() {
        let mut store = store(ROOM);
        for number in 0..3 {
            store.upsert(&study(number).build());
        }
        let stat = study(10).stat().build();
        assert_eq!(store.room_for(&stat, false), Err(Full::Open(3)));
        assert_eq!(store.room_for(&stat, true), Ok(()));
        store.upsert(&stat);
        let next = study(11).stat().build();
        assert_eq!(store.room_for(&next, true), Err(Full::Open(3)));
    }

    /// A study that is done with makes room; one that is known is always brought up to date.
    #[test]
    fn what_is_known_is_never_refused() {
        let mut store = store(ROOM);
        for number in 0..3 {
            store.upsert(&study(number).build());
        }
        let known = study(1).stat().build();
        assert_eq!(store.room_for(&known, false), Ok(()));
        store.remove(known.study_id);
        assert_eq!(store.room_for(&known, false), Ok(()));
        assert!(store.room_for(&study(4).build(), false).is_err());
        for number in 0..3 {
            let done = study(number).complete().build();
            assert_eq!(store.room_for(&done, false), Ok(()));
            store.upsert(&done);
        }
        assert_eq!(store.room_for(&study(4).build(), false), Ok(()));
    }

    /// Studies that are taken in while they are open and closed later fill the store all the same.
    #[test]
    fn the_whole_has_a_bound_whatever_becomes_of_its_studies() {
        let mut store = store(ROOM);
        let mut taken = 0;
        for number in 0..100 {
            let open = study(number).build();
            if store.room_for(&open, true).is_ok() {
                store.upsert(&open);
                store.upsert(&study(number).complete().build());
                taken += 1;
            }
        }
        assert_eq!(taken, 6);
        store.clear();
        assert_eq!(store.room_for(&study(0).build(), false), Ok(()));
        assert_eq!(store.room, ROOM);
    }

    #[test]
    fn there_is_room_for_ten_times_the_clinic_that_is_measured() {
        let room = Room::default();
        assert!(room.closed >= 1_000_000 && room.open >= 200_000);
    }
}
