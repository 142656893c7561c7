//! A server that pages by offset over a clinic that never holds still.

use crate::sync::admits;
use crate::wire::*;
use crate::worklist::testing::{study, user};

/// Small, so that a list has many page boundaries for studies to slip across.
const PAGE: usize = 20;
const PEOPLE: [&str; 4] = ["Kim, Ana", "Osei, Ben", "Diaz, Cara", "Novak, Dan"];

/// Small numbers that look random and follow from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

/// The API promises no order, so a client must cope with any.
#[derive(Clone, Copy)]
pub enum Order {
    Oldest,
    Newest,
    LatestChange,
}

pub struct Server {
    pub studies: Vec<Study>,
    pub order: Order,
    last: u32,
}

impl Server {
    pub fn new(dice: &mut Dice, now: i64) -> Self {
        let order = match dice.roll(3) {
            0 => Order::Oldest,
            1 => Order::Newest,
            _ => Order::LatestChange,
        };
        let mut server = Self {
            studies: Vec::new(),
            order,
            last: 0,
        };
        for _ in 0..200 {
            server.arrive(dice, now - 3_600_000);
        }
        server
    }

    fn arrive(&mut self, dice: &mut Dice, now: i64) {
        self.last += 1;
        let mut id = [0; 16];
        id[..4].copy_from_slice(&self.last.to_be_bytes());
        let mut arrival = study(0).description(&format!("CT {}", self.last)).build();
        arrival.study_id = StudyId::from_bytes(id);
        arrival.severity = severity(dice);
        let time = chrono::DateTime::from_timestamp_millis(now);
        arrival.created_at = time;
        arrival.updated_at = time;
        self.studies.push(arrival);
    }

    /// Somebody changes something. Most of it concerns open studies, as in a clinic.
    pub fn mutate(&mut self, dice: &mut Dice, now: i64) {
        let open: Vec<usize> = (0..self.studies.len())
            .filter(|at| self.studies[*at].is_open())
            .collect();
        let kind = dice.roll(10);
        if kind < 4 || open.len() < 150 {
            return self.arrive(dice, now);
        }
        let at = open[dice.roll(open.len() as u64) as usize];
        let severity = severity(dice);
        let number = dice.roll(PEOPLE.len() as u64) as usize;
        let study = &mut self.studies[at];
        study.updated_at = chrono::DateTime::from_timestamp_millis(now);
        match kind {
            4 | 5 => study.study_viewer_status = StudyViewerStatus::Complete,
            6 => {
                study.is_cancelled = true;
                study.cancelled_at = study.updated_at;
            }
            7 | 8 => study.assigned_to = Some(user(number as u8, PEOPLE[number])),
            _ => study.severity = severity,
        }
    }

    pub fn list(&self, request: &ListStudies) -> Page<Study> {
        let offset = match &request.cursor {
            Some(cursor) => cursor.parse().unwrap(),
            None => 0,
        };
        let mut found: Vec<&Study> = self
            .studies
            .iter()
            .filter(|study| admits(request, study))
            .collect();
        match self.order {
            Order::Oldest => {}
            Order::Newest => found.reverse(),
            Order::LatestChange => found.sort_by_key(|study| std::cmp::Reverse(study.updated_at)),
        }
        let items: Vec<Study> = found
            .iter()
            .skip(offset)
            .take(PAGE)
            .map(|s| (*s).clone())
            .collect();
        let has_more = found.len() > offset + items.len();
        Page {
            cursor: has_more.then(|| (offset + items.len()).to_string()),
            has_more,
            items,
            unreadable: Vec::new(),
        }
    }

    pub fn find(&self, id: StudyId) -> Option<&Study> {
        self.studies.iter().find(|study| study.study_id == id)
    }
}

fn severity(dice: &mut Dice) -> Severity {
    match dice.roll(10) {
        0..3 => Severity::Stat,
        3..5 => Severity::High,
        _ => Severity::Normal,
    }
}
