//! Sorts studies, and keeps them sorted.

use std::cmp::Ordering;

use fixedbitset::FixedBitSet;

use super::store::Changes;
use super::texts::NONE;
use super::{Slot, SlotSet, Sort, SortKey, Store, StudyView, Targets, Urgency, late_after};

/// Sorts by urgency: open studies first, then late ones, then the highest severity, then the oldest; ties by
/// id.
///
/// A study whose age is unknown counts as the oldest, because it might be.
pub fn sort(store: &Store, slots: &mut [Slot], now: i64, targets: &Targets) {
    sort_by(store, slots, Sort::default(), now, targets);
}

/// Sorts studies. The result depends only on the studies, not on their order before.
pub fn sort_by(store: &Store, slots: &mut [Slot], sort: Sort, now: i64, targets: &Targets) {
    let scene = Scene {
        store,
        sort,
        now,
        targets,
    };
    scene.sort(slots);
}

/// Sorted studies. Keeping them sorted costs as much as has changed.
///
/// All listed studies are kept sorted, not only those asked for. Another letter in the filter then only picks
/// others of them, without sorting.
#[derive(Clone, Debug, Default)]
pub struct Order {
    all: Vec<Slot>,
    /// Those of them that are asked for.
    slots: Vec<Slot>,
    /// What the order was made for; `None` before it is made.
    made_for: Option<(Sort, Targets)>,
    now: i64,
    /// The next moment after which another study is late.
    next_late: i64,
}

impl Order {
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Sorts the studies `asked` for, in a store in which only `changes` differ from the last time.
    pub fn refresh(
        &mut self,
        store: &Store,
        asked: &SlotSet,
        changes: &Changes,
        (sort, now, targets): (Sort, i64, &Targets),
    ) {
        let scene = Scene {
            store,
            sort,
            now,
            targets,
        };
        let is_usable = self.made_for == Some((sort, *targets)) && now >= self.now;
        match changes {
            Changes::Few(changed) if is_usable => self.update(&scene, changed),
            Changes::Few(_) | Changes::Many => self.make(&scene, store.slots().collect()),
        }
        self.made_for = Some((sort, *targets));
        self.now = now;
        self.slots.clear();
        let picked = self.all.iter().filter(|slot| asked.contains(**slot));
        self.slots.extend(picked);
    }

    fn make(&mut self, scene: &Scene<'_>, mut all: Vec<Slot>) {
        scene.sort(&mut all);
        self.next_late = scene.next_late(&all);
        self.all = all;
    }

    fn update(&mut self, scene: &Scene<'_>, changed: &[Slot]) {
        let some_became_late = scene.now > self.next_late;
        if changed.is_empty() && !some_became_late {
            return;
        }
        let mut moved = FixedBitSet::with_capacity(scene.store.slot_count());
        for slot in changed {
            moved.grow_and_insert(slot.index());
        }
        if some_became_late {
            let became_late = |slot: &&Slot| {
                scene
                    .late_after(**slot)
                    .is_some_and(|at| (self.now..scene.now).contains(&at))
            };
            for slot in self.all.iter().filter(became_late) {
                moved.grow_and_insert(slot.index());
            }
        }
        self.all.retain(|slot| !moved.contains(slot.index()));
        moved.intersect_with(scene.store.listed());
        let mut added: Vec<Slot> = moved.ones().map(Slot::of).collect();
        scene.sort(&mut added);
        let next = if some_became_late {
            scene.next_late(&self.all)
        } else {
            self.next_late
        };
        self.next_late = next.min(scene.next_late(&added));
        self.all = if added.len() > 64 + self.all.len() / 64 {
            // Two runs that are sorted already: a sort that notices runs merges them.
            let mut all = std::mem::take(&mut self.all);
            all.extend(added);
            scene.sort(&mut all);
            all
        } else {
            scene.merge(&self.all, &added)
        };
    }
}

/// What an order depends on.
struct Scene<'a> {
    store: &'a Store,
    sort: Sort,
    now: i64,
    targets: &'a Targets,
}

/// A study's sort key in numbers: the chosen column, then urgency, then age.
type Place = (u64, u8, u64);

impl<'a> Scene<'a> {
    fn sort(&self, slots: &mut [Slot]) {
        let ranks = self.ranks(slots);
        let mut places: Vec<(Place, Slot)> = slots
            .iter()
            .map(|slot| (self.place(*slot, &ranks), *slot))
            .collect();
        // A stable sort, because it is fast where two sorted runs follow each other.
        places.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| self.by_id(*x, *y)));
        for (slot, (_, sorted)) in slots.iter_mut().zip(places) {
            *slot = sorted;
        }
    }

    /// Merges two sorted runs.
    fn merge(&self, slots: &[Slot], added: &[Slot]) -> Vec<Slot> {
        let mut merged = Vec::with_capacity(slots.len() + added.len());
        let mut from = 0;
        for new in added {
            let before = |slot: &Slot| self.compare(*slot, *new) == Ordering::Less;
            let to = from + slots[from..].partition_point(before);
            merged.extend_from_slice(&slots[from..to]);
            merged.push(*new);
            from = to;
        }
        merged.extend_from_slice(&slots[from..]);
        merged
    }

    fn by_id(&self, a: Slot, b: Slot) -> Ordering {
        self.store.id(a).cmp(&self.store.id(b))
    }

    /// Compares two studies, as [`sort`](Self::sort) does.
    fn compare(&self, a: Slot, b: Slot) -> Ordering {
        let texts = self.text(a).cmp(&self.text(b));
        let texts = if self.sort.reversed {
            texts.reverse()
        } else {
            texts
        };
        let place = |slot| self.place(slot, &Ranks::default());
        texts
            .then_with(|| place(a).cmp(&place(b)))
            .then_with(|| self.by_id(a, b))
    }

    /// Only the chosen order is reversed. Urgency and id keep their direction among equals.
    fn place(&self, slot: Slot, ranks: &Ranks) -> Place {
        let (store, facts) = (self.store, self.store.facts(slot));
        let times = store.times(slot);
        let turn = |number: u64| if self.sort.reversed { !number } else { number };
        let (need, age) = (self.need(store.get(slot)), ascending(times.created));
        let chosen = match self.sort.key {
            SortKey::Need => return (turn(u64::from(need)), 0, turn(age)),
            SortKey::Age => age,
            SortKey::Severity => u64::from(facts.rank),
            SortKey::Updated => !ascending(times.updated),
            SortKey::Description => ranks.of(facts.description.index()),
            SortKey::Assignee if facts.assignee == NONE => 0,
            SortKey::Assignee => 1 + ranks.of(facts.assignee as usize),
            // Studies without a customer come last.
            SortKey::Customer if facts.customer == NONE => u64::MAX,
            SortKey::Customer => ranks.of(facts.customer as usize),
        };
        (turn(chosen), need, age)
    }

    /// Returns how urgent a study is, the smaller the more: open first, then late, then by severity.
    fn need(&self, study: StudyView<'_>) -> u8 {
        let is_late = self.targets.urgency(study, self.now) == Urgency::Late;
        let (closed, in_time) = (!study.is_open(), !is_late);
        u8::from(closed) << 3 | u8::from(in_time) << 2 | study.facts().rank
    }

    fn late_after(&self, slot: Slot) -> Option<i64> {
        late_after(self.store, self.targets, slot)
    }

    fn next_late(&self, slots: &[Slot]) -> i64 {
        slots
            .iter()
            .filter_map(|slot| self.late_after(*slot))
            .filter(|at| *at >= self.now)
            .min()
            .unwrap_or(i64::MAX)
    }

    /// Returns the text to sort by, and whether studies without one come first.
    fn text(&self, slot: Slot) -> (u8, &'a str) {
        let (store, facts) = (self.store, self.store.facts(slot));
        let folded = |text| store.texts().folded(text);
        match self.sort.key {
            SortKey::Need | SortKey::Age | SortKey::Severity | SortKey::Updated => (0, ""),
            SortKey::Description => (0, folded(facts.description).trim_start()),
            // Their searched text begins with the name, in lower case.
            SortKey::Assignee => match store.known_person(facts.assignee) {
                Some(known) => (1, folded(known.search)),
                None => (0, ""),
            },
            SortKey::Customer => match store.known_customer(facts.customer) {
                Some(known) => (0, folded(known.search)),
                None => (1, ""),
            },
        }
    }

    /// Returns the place of the text to sort by among those of its kind.
    fn text_place(&self, slot: Slot) -> Option<usize> {
        let facts = self.store.facts(slot);
        let place = match self.sort.key {
            SortKey::Need | SortKey::Age | SortKey::Severity | SortKey::Updated => NONE as usize,
            SortKey::Description => facts.description.index(),
            SortKey::Assignee => facts.assignee as usize,
            SortKey::Customer => facts.customer as usize,
        };
        (place != NONE as usize).then_some(place)
    }

    fn ranks(&self, slots: &[Slot]) -> Ranks {
        let mut seen = FixedBitSet::default();
        let mut texts: Vec<(&str, usize)> = Vec::new();
        for slot in slots {
            if let Some(place) = self.text_place(*slot)
                && !seen.contains(place)
            {
                seen.grow_and_insert(place);
                texts.push((self.text(*slot).1, place));
            }
        }
        texts.sort_unstable();
        let mut ranks = Ranks::default();
        let mut rank = 0;
        for (nth, (text, place)) in texts.iter().enumerate() {
            rank += u32::from(nth > 0 && *text != texts[nth - 1].0);
            ranks.put(*place, rank);
        }
        ranks
    }
}

/// Returns a number that sorts as the time does.
fn ascending(time: i64) -> u64 {
    (time as u64) ^ (1 << 63)
}

/// Returns numbers that sort as the texts do, by the places of the texts.
#[derive(Default)]
struct Ranks(Vec<u32>);

impl Ranks {
    fn put(&mut self, place: usize, rank: u32) {
        if place >= self.0.len() {
            self.0.resize(place + 1, 0);
        }
        self.0[place] = rank;
    }

    fn of(&self, place: usize) -> u64 {
        self.0.get(place).copied().map_or(0, u64::from)
    }
}
