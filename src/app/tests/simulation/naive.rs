//! What most clients do: one walk at a time, and the screen is whatever the last walk brought.

use std::collections::BTreeMap;

use crate::wire::*;

use super::Reader;
use super::server::{Dice, Server};

const STAT_EVERY: i64 = 10_000;
const OPEN_EVERY: i64 = 60_000;

struct Walk {
    request: ListStudies,
    every: i64,
    /// When the server answers the next page.
    next_at: i64,
    brought: BTreeMap<StudyId, Study>,
}

pub struct Naive {
    walks: [Walk; 2],
    shown: BTreeMap<StudyId, Study>,
}

impl Naive {
    pub fn new() -> Self {
        let open = ListStudies {
            is_cancelled: Some(false),
            study_viewer_status: Some(StudyViewerStatus::Incomplete),
            ..ListStudies::default()
        };
        let stat = ListStudies {
            severity: Some(Severity::Stat),
            ..open.clone()
        };
        let walk = |request, every| Walk {
            request,
            every,
            next_at: 0,
            brought: BTreeMap::new(),
        };
        Self {
            walks: [walk(stat, STAT_EVERY), walk(open, OPEN_EVERY)],
            shown: BTreeMap::new(),
        }
    }
}

impl Reader for Naive {
    fn live(&mut self, server: &Server, now: i64, dice: &mut Dice) {
        for walk in &mut self.walks {
            if now < walk.next_at {
                continue;
            }
            let page = server.list(&walk.request);
            let met = page
                .items
                .iter()
                .map(|study| (study.study_id, study.clone()));
            walk.brought.extend(met);
            walk.next_at = now + 10 + dice.roll(120) as i64;
            walk.request.cursor = page.cursor;
            if walk.request.cursor.is_none() {
                let stat_only = walk.request.severity.is_some();
                self.shown
                    .retain(|_, study| stat_only && study.severity != Severity::Stat);
                self.shown.append(&mut walk.brought);
                walk.next_at = now + walk.every;
            }
        }
    }

    fn shows_as_open_stat(&self, id: StudyId) -> bool {
        let study = self.shown.get(&id);
        study.is_some_and(|study| study.severity == Severity::Stat)
    }

    fn difference(&mut self, server: &Server) -> Option<String> {
        let open = server.studies.iter().filter(|study| study.is_open());
        let held: BTreeMap<_, _> = open.map(|study| (study.study_id, study.clone())).collect();
        (held != self.shown).then(|| "it differs".into())
    }
}
