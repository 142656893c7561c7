//! Taking answers in.

use hashbrown::HashSet;

use crate::sync::{ChainRef, LaneKind, Step};
use crate::text::SafeText;
use crate::wire::{Failure, Page, Severity, Study, StudyId, User};
use crate::worklist::{Scope, Upsert};

use super::calls::Purpose;
use super::changes::Got;
use super::finish as change;
use super::list::Cause;
use super::{
    Action, Clip, Effect, Lane, Model, Opening, Overlay, Reply, Ticket, Tone, access, bulk, fetch, form, known, lock, lookup, news, unsettled,
};
use crate::app::FollowUp;

pub(super) fn take(
    model: &mut Model,
    ticket: Ticket,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    let Some(purpose) = model.kernel.requests.finish(ticket) else {
        return Vec::new();
    };
    let outcome = outcome.and_then(|reply| known::hold_against(model, reply));
    match (purpose, outcome) {
        (Purpose::Walk(at), Ok(Reply::Studies(page))) => {
            if model.shell.lock.is_locked() {
                return lock::take_page(model, at, &page);
            }
            take_page(model, at, &page);
            Vec::new()
        }
        (Purpose::Walk(at), Err(failure)) => {
            fail_walk(model, at, failure);
            Vec::new()
        }
        (Purpose::Verify(id), outcome) => {
            verify(model, id, outcome);
            Vec::new()
        }
        (Purpose::People, Ok(Reply::Users(page))) => take_people(model, page),
        (Purpose::People, Err(failure)) => {
            model.kernel.data.users.reading.fail(failure);
            fetch::end_refresh(model);
            model.kernel.follow_ups.push(FollowUp::Refill);
            model.kernel.needs_draw = true;
            Vec::new()
        }
        (Purpose::PersonByEmail, Ok(Reply::Users(page))) => fetch::take_found(model, page.items),
        (Purpose::PersonByEmail, Err(failure)) => fetch::take_record(model, Err(failure)),
        (Purpose::User(_) | Purpose::Invitation(_), outcome) => fetch::take_record(model, outcome),
        (Purpose::Invitations, outcome) => fetch::take_invitations(model, outcome),
        (Purpose::Access(change), outcome) => access::answered(model, change, outcome),
        (Purpose::RecheckInvitation(id), outcome) => access::rechecked(model, id, outcome),
        (Purpose::CheckInvitation(id), outcome) => access::checked(model, id, outcome),
        (Purpose::InvitationsOf(id), outcome) => access::invitations_of(model, id, outcome),
        (Purpose::Check(id), Ok(Reply::Study(study))) => change::checked(model, id, &study),
        (Purpose::Check(id), Err(failure)) => change::not_sent(model, id, failure),
        (Purpose::Change(id), Ok(Reply::Study(study))) => change::finish(model, id, &study, false),
        (Purpose::Change(id), Ok(Reply::Done)) => change::recheck(model, id),
        (Purpose::Change(id), Err(failure)) => change::failed(model, id, failure),
        (Purpose::Recheck(id), Ok(Reply::Study(study))) => change::finish(model, id, &study, true),
        (Purpose::Recheck(id), Err(failure)) => change::fail(model, id, failure, Got::Unconfirmed),
        (Purpose::Unsettled(index), outcome) => unsettled::answered(model, index, outcome),
        (Purpose::Form(step), outcome) => form::take(model, ticket, step, outcome),
        (Purpose::Link(_), Ok(Reply::Link(link))) => {
            let mut effects = vec![Effect::OpenLink(link)];
            effects.extend(bulk::open_next(model));
            effects
        }
        (Purpose::Link(_) | Purpose::CopyLink(_), Err(failure)) => {
            model.kernel.requests.to_open.clear();
            let text = format!(
                "No viewer link. {}; {}",
                failure.sentence(),
                failure.advice()
            );
            model.inform(Tone::Bad, &text);
            model.kernel.needs_draw = true;
            Vec::new()
        }
        (Purpose::LookUp, outcome) => {
            lookup::answer(model, outcome);
            Vec::new()
        }
        (Purpose::CopyLink(_), Ok(Reply::Link(link))) => vec![Effect::Copy(Clip::Link(link))],
        // The runtime answers each call with its own kind of reply; anything else is dropped.
        (
            Purpose::Walk(_)
            | Purpose::People
            | Purpose::PersonByEmail
            | Purpose::Check(_)
            | Purpose::Change(_)
            | Purpose::Recheck(_)
            | Purpose::Link(_)
            | Purpose::CopyLink(_),
            Ok(_),
        ) => Vec::new(),
    }
}

fn take_page(model: &mut Model, at: ChainRef, page: &Page<Study>) {
    let mut most = None;
    for study in &page.items {
        // What is done with makes room for what is open: only an open study may end a list of those.
        if let Err(full) = model
            .kernel
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
        let is_news = model.kernel.data.sync.brings_news(at, study);
        see(model, study, is_news);
    }
    let was_in_trouble = model.kernel.data.sync.lane(at.lane).trouble.is_some();
    let before = standing(model);
    if let Some(most) = most {
        model.kernel.data.sync.overflow(at, most, model.kernel.now);
        model.kernel.needs_draw = true;
        end_refresh(model);
        return;
    }
    let taken = model.kernel.data.sync.take(at, page, model.kernel.now);
    match taken.step {
        Step::Going => {}
        Step::Compared => suspect_the_missing(model, at.lane, &taken.met),
        Step::Settled => {
            suspect_the_missing(model, at.lane, &taken.met);
            let has_news = before != standing(model)
                || model.kernel.data.studies.is_stale()
                || model.kernel.data.studies.has_lingering();
            if has_news && (at.lane != LaneKind::OpenStat || was_in_trouble) {
                model
                    .kernel
                    .follow_ups
                    .push(FollowUp::Rebuild(Cause::Refresh));
            }
            if at.lane == LaneKind::Open {
                model.kernel.data.studies.take_cursor();
            }
            model.kernel.needs_draw |= has_news;
        }
        Step::Stale | Step::Doubtful => model.kernel.needs_draw = true,
    }
    end_refresh(model);
}

/// What the screen tells of the lists as a whole, beside their age: without a change of it, and of no
/// study, a reading leaves nothing to draw.
fn standing(model: &Model) -> (bool, bool, usize, bool) {
    let (sync, scope) = (&model.kernel.data.sync, model.scope());
    (
        sync.is_loaded(scope),
        sync.trouble(scope).is_some(),
        sync.unreadable(scope),
        sync.is_slowed(),
    )
}

/// Once everything is read, or could not be, the word about it makes room for what came of it.
fn end_refresh(model: &mut Model) {
    let scope = model.scope();
    let is_reading = model.kernel.data.sync.in_scope(scope).any(Lane::is_walking);
    if !is_reading {
        let over = model.kernel.notice.take_if(|notice| notice.is_refreshing);
        model.kernel.needs_draw |= over.is_some();
    }
}

/// Rows that linger leave now, unless something is being chosen over them.
pub(super) fn settle_unless_frozen(model: &mut Model, cause: Cause) {
    if model.is_frozen() {
        model.kernel.data.studies.expire();
    } else {
        model.settle(cause);
    }
}

/// Takes a study in.
fn see(model: &mut Model, study: &Study, is_news: bool) {
    let id = study.study_id;
    // An answer read while our own change is under way may be older than that change.
    let by_others = is_news && !model.kernel.requests.is_changing(id);
    let before = news::Before::of(model.kernel.data.studies.store.find(id));
    let outcome = model.kernel.data.studies.upsert(study, by_others);
    if matches!(outcome, Upsert::Same(_)) {
        return;
    }
    model.kernel.needs_draw = true;
    if by_others {
        model.kernel.follow_ups.push(FollowUp::Heard(id, before));
    }
}

/// Takes in a study that was asked for by itself.
pub(super) fn meet(model: &mut Model, study: &Study) {
    model.kernel.data.sync.met(study.study_id);
    let is_news = model.kernel.data.sync.is_loaded(Scope::Open);
    see(model, study, is_news);
}

/// Open studies that a reading did not meet may have left, or shifted past it.
fn suspect_the_missing(model: &mut Model, lane: LaneKind, met: &HashSet<StudyId>) {
    if !lane.is_open() {
        return;
    }
    let only_stat = lane == LaneKind::OpenStat;
    let store = &model.kernel.data.studies.store;
    let missing: Vec<StudyId> = store
        .slots()
        .map(|slot| store.get(slot))
        .filter(|study| study.is_open() && !met.contains(&study.id()))
        .filter(|study| !only_stat || *study.severity() == Severity::Stat)
        .map(|study| study.id())
        .collect();
    model.kernel.data.sync.suspect(missing);
}

fn verify(model: &mut Model, id: StudyId, outcome: Result<Reply, Failure>) {
    model.kernel.data.sync.verified(id);
    match outcome {
        Ok(Reply::Study(study)) => {
            model.kernel.data.sync.met(id);
            see(model, &study, true);
        }
        Err(failure) if failure.is_not_found() => {
            model.kernel.data.studies.vanish(id);
            model.kernel.needs_draw = true;
        }
        // It stays as it was and is looked into again after the next walk.
        Ok(_) | Err(_) => {}
    }
}

fn fail_walk(model: &mut Model, at: ChainRef, failure: Failure) {
    model.kernel.needs_draw = true;
    let now = model.kernel.now;
    model.kernel.data.sync.fail(at, failure, now);
    end_refresh(model);
}

/// Starts reading the users, if they are not known or no longer fresh.
pub(super) fn read_people(model: &mut Model) -> Vec<Effect> {
    let effects = if fetch::people_are_due(model) {
        fetch::walk_people(model)
    } else {
        Vec::new()
    };
    model.kernel.follow_ups.push(FollowUp::Refill);
    effects
}

fn take_people(model: &mut Model, page: Page<User>) -> Vec<Effect> {
    fetch::take_users(model, page);
    fetch::end_refresh(model);
    if model.kernel.session.me.is_none()
        && let Some(wanted) = &model.kernel.session.me_wanted
    {
        model.kernel.session.me = model.kernel.data.users.find(wanted);
        model.kernel.data.studies.expire();
    }
    model.kernel.follow_ups.push(FollowUp::Refill);
    model.kernel.needs_draw = true;
    fetch::go_on(model)
}

pub(super) fn opened(model: &mut Model, opening: Opening) {
    model.kernel.needs_draw = true;
    match opening {
        Opening::Opened { host } => {
            model.inform(Tone::Good, &format!("Handed to the browser: {host}"));
        }
        Opening::NoBrowser { link } => {
            if lookup::lay_over(model, Overlay::Link(link)) {
                model.kernel.notice = None;
                return;
            }
            // A half-typed filter or choice is not swept away; the link would only grow old behind it.
            let key = model.key(Action::OpenViewer);
            let text = format!("No browser to open here; press {key} again to see the link");
            model.inform(Tone::Bad, &text);
        }
        Opening::Refused { reason } => {
            let text = SafeText::clean(&reason);
            model.inform(Tone::Bad, &format!("The link was not opened: {text}"));
        }
    }
}
