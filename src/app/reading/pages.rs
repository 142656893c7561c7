//! Storing the pages of studies.

use crate::app::kernel::follow_up::FollowUp;
use crate::app::kernel::{Kernel, follow_up};
use crate::app::message::Reply;
use crate::app::widget::record_list::RecordList;
use crate::app::widget::study_list::Cause;
use crate::sync::Lane;
use crate::sync::{ChainRef, LaneKind, LaneStep};
use crate::wire::{Failure, Page, Severity, Study, StudyId};
use crate::worklist::{Scope, Upsert};
use hashbrown::HashSet;

pub(in crate::app) fn apply_page(kernel: &mut Kernel, at: ChainRef, page: &Page<Study>) {
    let mut most = None;
    for study in &page.items {
        // What is done with makes room for what is open: only an open study may end a list of those.
        if let Err(full) = kernel
            .data
            .studies
            .store
            .room_for(study, at.lane == LaneKind::OpenStat)
        {
            if full.is_open() || !at.lane.is_open() {
                most = Some(full.most());
            }
            continue;
        }
        // What the first full read brings is not news.
        let is_news = kernel.data.sync.brings_news(at, study);
        see(kernel, study, is_news);
    }
    let was_in_trouble = kernel.data.sync.lane(at.lane).trouble.is_some();
    let before = standing(kernel);
    if let Some(most) = most {
        kernel.data.sync.overflow(at, most, kernel.now);
        kernel.needs_draw = true;
        end_refresh(kernel);
        return;
    }
    let taken = kernel.data.sync.apply_page(at, page, kernel.now);
    match taken.step {
        LaneStep::Going => {}
        LaneStep::Compared => verify_missing(kernel, at.lane, &taken.met),
        LaneStep::UpToDate => {
            verify_missing(kernel, at.lane, &taken.met);
            let has_news = before != standing(kernel)
                || kernel.data.studies.is_stale()
                || kernel.data.studies.has_lingering();
            if has_news && (at.lane != LaneKind::OpenStat || was_in_trouble) {
                kernel.follow_ups.push(FollowUp::Rebuild(Cause::Refresh));
            }
            if at.lane == LaneKind::Open {
                kernel.data.studies.claim_cursor();
            }
            kernel.needs_draw |= has_news;
        }
        LaneStep::Stale | LaneStep::Doubtful => kernel.needs_draw = true,
    }
    end_refresh(kernel);
}

/// What the screen tells of the lists as a whole, beside their age: without a change of it, and of no
/// study, a reading leaves nothing to draw.
fn standing(kernel: &Kernel) -> (bool, bool, usize, bool) {
    let (sync, scope) = (&kernel.data.sync, kernel.scope());
    (
        sync.is_loaded(scope),
        sync.trouble(scope).is_some(),
        sync.unreadable(scope),
        sync.is_slowed(),
    )
}

/// Once everything is read, or could not be, the notice about the refresh is removed.
fn end_refresh(kernel: &mut Kernel) {
    let scope = kernel.scope();
    let is_reading = kernel.data.sync.in_scope(scope).any(Lane::is_walking);
    if !is_reading {
        let over = kernel.notice.take_if(|notice| notice.is_refreshing);
        kernel.needs_draw |= over.is_some();
    }
}

/// Stores a study.
fn see(kernel: &mut Kernel, study: &Study, is_news: bool) {
    let id = study.study_id;
    // An answer read while our own change is under way may be older than that change.
    let by_others = is_news && !kernel.requests.is_changing(id);
    let before = follow_up::Before::of(kernel.data.studies.store.find(id));
    let outcome = kernel.data.studies.upsert(study, by_others);
    if matches!(outcome, Upsert::Same(_)) {
        return;
    }
    kernel.needs_draw = true;
    if by_others {
        kernel.follow_ups.push(FollowUp::Heard(id, before));
    }
}

/// Stores a study that was requested on its own.
pub(in crate::app) fn meet(kernel: &mut Kernel, study: &Study) {
    kernel.data.sync.met(study.study_id);
    let is_news = kernel.data.sync.is_loaded(Scope::Open);
    see(kernel, study, is_news);
}

/// Open studies that a reading did not meet may have left, or shifted past it.
fn verify_missing(kernel: &mut Kernel, lane: LaneKind, met: &HashSet<StudyId>) {
    if !lane.is_open() {
        return;
    }
    let only_stat = lane == LaneKind::OpenStat;
    let store = &kernel.data.studies.store;
    let missing: Vec<StudyId> = store
        .slots()
        .map(|slot| store.get(slot))
        .filter(|study| study.is_open() && !met.contains(&study.id()))
        .filter(|study| !only_stat || *study.severity() == Severity::Stat)
        .map(|study| study.id())
        .collect();
    kernel.data.sync.suspect(missing);
}

pub(in crate::app) fn verify(kernel: &mut Kernel, id: StudyId, outcome: Result<Reply, Failure>) {
    kernel.data.sync.verified(id);
    match outcome {
        Ok(Reply::Study(study)) => {
            kernel.data.sync.met(id);
            see(kernel, &study, true);
        }
        Err(failure) if failure.is_not_found() => {
            kernel.data.studies.vanish(id);
            kernel.needs_draw = true;
        }
        // It stays as it was and is looked into again after the next walk.
        Ok(_) | Err(_) => {}
    }
}

pub(in crate::app) fn apply_failed_page(kernel: &mut Kernel, at: ChainRef, failure: Failure) {
    kernel.needs_draw = true;
    let now = kernel.now;
    kernel.data.sync.fail(at, failure, now);
    end_refresh(kernel);
}
