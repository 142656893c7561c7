//! Taking answers in.

use crate::app::{Kernel, Lists};
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
    Action, Clip, Effect, Lane, Model, Opening, Overlay, Reply, Ticket, Tone, access, bulk, fetch,
    form, known, lock, lookup, news, unsettled,
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
    let outcome = outcome.and_then(|reply| known::hold_against(&model.kernel, reply));
    match (purpose, outcome) {
        (Purpose::Walk(at), Ok(Reply::Studies(page))) => {
            if model.shell.lock.is_locked() {
                return lock::take_page(
                    &mut model.lists,
                    &mut model.shell,
                    &mut model.kernel,
                    at,
                    &page,
                );
            }
            take_page(&mut model.kernel, at, &page);
            Vec::new()
        }
        (Purpose::Walk(at), Err(failure)) => {
            fail_walk(&mut model.kernel, at, failure);
            Vec::new()
        }
        (Purpose::Verify(id), outcome) => {
            verify(&mut model.kernel, id, outcome);
            Vec::new()
        }
        (Purpose::People, Ok(Reply::Users(page))) => take_people(&mut model.kernel, page),
        (Purpose::People, Err(failure)) => {
            model.kernel.data.users.reading.fail(failure);
            fetch::end_refresh(&mut model.kernel);
            model.kernel.follow_ups.push(FollowUp::Refill);
            model.kernel.needs_draw = true;
            Vec::new()
        }
        (Purpose::PersonByEmail, Ok(Reply::Users(page))) => {
            fetch::take_found(&mut model.kernel, page.items)
        }
        (Purpose::PersonByEmail, Err(failure)) => {
            fetch::take_record(&mut model.kernel, Err(failure))
        }
        (Purpose::User(_) | Purpose::Invitation(_), outcome) => {
            fetch::take_record(&mut model.kernel, outcome)
        }
        (Purpose::Invitations, outcome) => fetch::take_invitations(&mut model.kernel, outcome),
        (Purpose::Access(change), outcome) => {
            access::answered(&mut model.access, &mut model.kernel, change, outcome)
        }
        (Purpose::RecheckInvitation(id), outcome) => {
            access::rechecked(&mut model.access, &mut model.kernel, id, outcome)
        }
        (Purpose::CheckInvitation(id), outcome) => {
            access::checked(&mut model.access, &mut model.kernel, id, outcome)
        }
        (Purpose::InvitationsOf(id), outcome) => {
            access::invitations_of(&mut model.kernel, id, outcome)
        }
        (Purpose::Check(id), Ok(Reply::Study(study))) => {
            change::checked(&mut model.writes, &mut model.kernel, id, &study)
        }
        (Purpose::Check(id), Err(failure)) => {
            change::not_sent(&mut model.writes, &mut model.kernel, id, failure)
        }
        (Purpose::Change(id), Ok(Reply::Study(study))) => {
            change::finish(&mut model.writes, &mut model.kernel, id, &study, false)
        }
        (Purpose::Change(id), Ok(Reply::Done)) => {
            change::recheck(&mut model.writes, &mut model.kernel, id)
        }
        (Purpose::Change(id), Err(failure)) => {
            change::failed(&mut model.writes, &mut model.kernel, id, failure)
        }
        (Purpose::Recheck(id), Ok(Reply::Study(study))) => {
            change::finish(&mut model.writes, &mut model.kernel, id, &study, true)
        }
        (Purpose::Recheck(id), Err(failure)) => change::fail(
            &mut model.writes,
            &mut model.kernel,
            id,
            failure,
            Got::Unconfirmed,
        ),
        (Purpose::Unsettled(index), outcome) => {
            unsettled::answered(&mut model.writes, &mut model.kernel, index, outcome)
        }
        (Purpose::Form(step), outcome) => form::take(&mut model.kernel, ticket, step, outcome),
        (Purpose::Link(_), Ok(Reply::Link(link))) => {
            let mut effects = vec![Effect::OpenLink(link)];
            effects.extend(bulk::open_next(&mut model.kernel));
            effects
        }
        (Purpose::Link(_) | Purpose::CopyLink(_), Err(failure)) => {
            model.kernel.requests.to_open.clear();
            let text = format!(
                "No viewer link. {}; {}",
                failure.sentence(),
                failure.advice()
            );
            model.kernel.inform(Tone::Bad, &text);
            model.kernel.needs_draw = true;
            Vec::new()
        }
        (Purpose::LookUp, outcome) => {
            lookup::answer(&mut model.kernel, outcome);
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

fn take_page(kernel: &mut Kernel, at: ChainRef, page: &Page<Study>) {
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
    let taken = kernel.data.sync.take(at, page, kernel.now);
    match taken.step {
        Step::Going => {}
        Step::Compared => suspect_the_missing(kernel, at.lane, &taken.met),
        Step::Settled => {
            suspect_the_missing(kernel, at.lane, &taken.met);
            let has_news = before != standing(kernel)
                || kernel.data.studies.is_stale()
                || kernel.data.studies.has_lingering();
            if has_news && (at.lane != LaneKind::OpenStat || was_in_trouble) {
                kernel.follow_ups.push(FollowUp::Rebuild(Cause::Refresh));
            }
            if at.lane == LaneKind::Open {
                kernel.data.studies.take_cursor();
            }
            kernel.needs_draw |= has_news;
        }
        Step::Stale | Step::Doubtful => kernel.needs_draw = true,
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

/// Once everything is read, or could not be, the word about it makes room for what came of it.
fn end_refresh(kernel: &mut Kernel) {
    let scope = kernel.scope();
    let is_reading = kernel.data.sync.in_scope(scope).any(Lane::is_walking);
    if !is_reading {
        let over = kernel.notice.take_if(|notice| notice.is_refreshing);
        kernel.needs_draw |= over.is_some();
    }
}

/// Rows that linger leave now, unless something is being chosen over them.
pub(super) fn settle_unless_frozen(lists: &mut Lists, kernel: &mut Kernel, cause: Cause) {
    if kernel.is_frozen() {
        kernel.data.studies.expire();
    } else {
        lists.settle(kernel, cause);
    }
}

/// Takes a study in.
fn see(kernel: &mut Kernel, study: &Study, is_news: bool) {
    let id = study.study_id;
    // An answer read while our own change is under way may be older than that change.
    let by_others = is_news && !kernel.requests.is_changing(id);
    let before = news::Before::of(kernel.data.studies.store.find(id));
    let outcome = kernel.data.studies.upsert(study, by_others);
    if matches!(outcome, Upsert::Same(_)) {
        return;
    }
    kernel.needs_draw = true;
    if by_others {
        kernel.follow_ups.push(FollowUp::Heard(id, before));
    }
}

/// Takes in a study that was asked for by itself.
pub(super) fn meet(kernel: &mut Kernel, study: &Study) {
    kernel.data.sync.met(study.study_id);
    let is_news = kernel.data.sync.is_loaded(Scope::Open);
    see(kernel, study, is_news);
}

/// Open studies that a reading did not meet may have left, or shifted past it.
fn suspect_the_missing(kernel: &mut Kernel, lane: LaneKind, met: &HashSet<StudyId>) {
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

fn verify(kernel: &mut Kernel, id: StudyId, outcome: Result<Reply, Failure>) {
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

fn fail_walk(kernel: &mut Kernel, at: ChainRef, failure: Failure) {
    kernel.needs_draw = true;
    let now = kernel.now;
    kernel.data.sync.fail(at, failure, now);
    end_refresh(kernel);
}

/// Starts reading the users, if they are not known or no longer fresh.
pub(super) fn read_people(kernel: &mut Kernel) -> Vec<Effect> {
    let effects = if fetch::people_are_due(kernel) {
        fetch::walk_people(kernel)
    } else {
        Vec::new()
    };
    kernel.follow_ups.push(FollowUp::Refill);
    effects
}

fn take_people(kernel: &mut Kernel, page: Page<User>) -> Vec<Effect> {
    fetch::take_users(kernel, page);
    fetch::end_refresh(kernel);
    if kernel.session.me.is_none()
        && let Some(wanted) = &kernel.session.me_wanted
    {
        kernel.session.me = kernel.data.users.find(wanted);
        kernel.data.studies.expire();
    }
    kernel.follow_ups.push(FollowUp::Refill);
    kernel.needs_draw = true;
    fetch::go_on(kernel)
}

pub(super) fn opened(kernel: &mut Kernel, opening: Opening) {
    kernel.needs_draw = true;
    match opening {
        Opening::Opened { host } => {
            kernel.inform(Tone::Good, &format!("Handed to the browser: {host}"));
        }
        Opening::NoBrowser { link } => {
            if lookup::lay_over(kernel, Overlay::Link(link)) {
                kernel.notice = None;
                return;
            }
            // A half-typed filter or choice is not swept away; the link would only grow old behind it.
            let key = kernel.key(Action::OpenViewer);
            let text = format!("No browser to open here; press {key} again to see the link");
            kernel.inform(Tone::Bad, &text);
        }
        Opening::Refused { reason } => {
            let text = SafeText::clean(&reason);
            kernel.inform(Tone::Bad, &format!("The link was not opened: {text}"));
        }
    }
}
