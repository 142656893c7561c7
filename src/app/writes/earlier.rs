//! Changes of an earlier run with an unknown outcome: each record is read once, the activity list says what
//! it shows, and nothing is sent again.

use crate::app::action::Action;
use crate::app::edit::history::{About, Activity};
use crate::app::kernel::{Kernel, session};
use crate::app::message::Reply;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::notice::Tone;
use crate::app::writes::Writes;
use crate::resolve::{Found, Intent, Place, Seen, address_digest};
use crate::text::SafeText;
use crate::wire::{
    Failure, GetInvitation, GetStudy, GetStudyByUid, GetUser, Invitation, ListInvitations, MAX_PAGE,
};
use crate::worklist::profile_name;
use chrono::DateTime;

/// A server may carry a request out this long after it was given up, in milliseconds.
const LATE: i64 = 60_000;

#[derive(Debug, Clone, Default)]
pub struct EarlierChanges {
    pub(in crate::app) intents: Vec<Intent>,
    /// Reads that are not answered.
    open: usize,
    /// Attempts that no read can judge, by their operations: over once a person has seen them.
    to_tell: Vec<String>,
    done: usize,
    other: usize,
}

/// Starts one read for each record that an earlier change was about.
pub(in crate::app) fn look(writes: &mut Writes, kernel: &mut Kernel) -> Vec<Effect> {
    let intents = writes.earlier.intents.clone();
    let mut places: Vec<Place> = Vec::new();
    let mut effects = Vec::new();
    for (index, intent) in intents.iter().enumerate() {
        let place = intent.place();
        // Each address has its own digest: two invitations are never known to be the same.
        if place != Place::Address && places.contains(&place) {
            continue;
        }
        match call(&place, intent) {
            Some(call) => effects.push(
                kernel
                    .requests
                    .start(CallPurpose::EarlierChange(index), call),
            ),
            None => tell(
                writes,
                kernel,
                &place,
                "the API does not show whether it was done",
                None,
            ),
        }
        places.push(place);
    }
    writes.earlier.open = effects.len();
    sum_up(writes, kernel);
    effects
}

fn call(place: &Place, intent: &Intent) -> Option<Call> {
    Some(match place {
        Place::Study(study_id) => Call::GetStudy(GetStudy {
            study_id: *study_id,
        }),
        Place::Uid(uid) => Call::GetStudyByUid(GetStudyByUid {
            study_instance_uid: uid.clone(),
        }),
        Place::User(user_id) => Call::GetUser(GetUser { user_id: *user_id }),
        Place::Invitation(invitation_id) => Call::GetInvitation(GetInvitation {
            invitation_id: *invitation_id,
        }),
        Place::Address => Call::ListInvitations(ListInvitations {
            start_date: DateTime::from_timestamp_millis(intent.at).map(|at| at.date_naive()),
            limit: Some(MAX_PAGE),
            ..ListInvitations::default()
        }),
        Place::Nowhere => return None,
    })
}

/// Handles what a record shows of the changes that were about it.
pub(in crate::app) fn answered(
    writes: &mut Writes,
    kernel: &mut Kernel,
    index: usize,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    let Some(intent) = writes.earlier.intents.get(index).cloned() else {
        return Vec::new();
    };
    let place = intent.place();
    let same: Vec<Intent> = match place {
        Place::Address => vec![intent],
        _ => (writes.earlier.intents.iter())
            .filter(|other| other.place() == place)
            .cloned()
            .collect(),
    };
    let effects = same
        .iter()
        .filter_map(|intent| judge(writes, kernel, intent, &outcome))
        .collect();
    writes.earlier.open = writes.earlier.open.saturating_sub(1);
    sum_up(writes, kernel);
    effects
}

fn judge(
    writes: &mut Writes,
    kernel: &mut Kernel,
    intent: &Intent,
    outcome: &Result<Reply, Failure>,
) -> Option<Effect> {
    match outcome {
        Ok(Reply::Study(study)) => {
            let about = About::Study(study.study_id);
            conclude(
                writes,
                kernel,
                intent,
                about,
                &study.study_description,
                intent.seen_in(study),
            )
        }
        Ok(Reply::User(user)) => {
            let seen = intent.seen_in_profile(&user.profile);
            let name = profile_name(&user.profile, &user.email);
            conclude(
                writes,
                kernel,
                intent,
                About::User(user.user_id),
                &name,
                seen,
            )
        }
        Ok(Reply::Invitation(it)) => {
            let seen = intent
                .seen_in_status(&it.status)
                .or_else(|| intent.seen_in_profile(&it.profile));
            let name = profile_name(&it.profile, &it.email);
            conclude(
                writes,
                kernel,
                intent,
                About::Invitation(it.invitation_id),
                &name,
                seen,
            )
        }
        Ok(Reply::Invitations(page)) => {
            let is_hers = |it: &&Invitation| {
                intent
                    .targets
                    .contains(&address_digest(&intent.operation, &it.email))
            };
            match page.items.iter().find(is_hers) {
                Some(it) => {
                    let name = profile_name(&it.profile, &it.email);
                    let about = About::Invitation(it.invitation_id);
                    conclude(writes, kernel, intent, about, &name, Some(Seen::Wanted))
                }
                None if page.next().is_some() => {
                    let place = Place::Address;
                    tell(
                        writes,
                        kernel,
                        &place,
                        "not found among the first invitations of that day",
                        Some(intent),
                    );
                    None
                }
                None => missing(writes, kernel, intent),
            }
        }
        Err(failure) if failure.is_not_found() => missing(writes, kernel, intent),
        Err(failure) => {
            let text = format!("could not be read. {}", failure.sentence());
            note(writes, kernel, intent, About::Nothing, "", &text, true);
            None
        }
        Ok(Reply::Studies(_) | Reply::Users(_) | Reply::Link(_) | Reply::Done) => None,
    }
}

/// Reports what was found, and tells the journal.
fn conclude(
    writes: &mut Writes,
    kernel: &mut Kernel,
    intent: &Intent,
    about: About,
    name: &str,
    seen: Option<Seen>,
) -> Option<Effect> {
    let (text, found) = match seen {
        Some(Seen::Wanted) => ("it was done", Found::Done),
        Some(_) => ("the server shows something else", Found::Otherwise),
        None => {
            note(
                writes,
                kernel,
                intent,
                about,
                name,
                "outcome unknown, please check",
                true,
            );
            writes.earlier.to_tell.push(intent.operation.clone());
            return None;
        }
    };
    note(
        writes,
        kernel,
        intent,
        about,
        name,
        text,
        found != Found::Done,
    );
    Some(Effect::record_outcome(&intent.operation, found))
}

/// What should have been created is not there. It may still appear for a minute.
fn missing(writes: &mut Writes, kernel: &mut Kernel, intent: &Intent) -> Option<Effect> {
    let is_over = kernel.now - intent.at > LATE;
    let text = match (intent.place(), is_over) {
        (Place::Uid(_) | Place::Address, true) => "it was not done",
        (Place::Uid(_) | Place::Address, false) => "not there yet, checked again at the next start",
        _ => "the server does not know it",
    };
    note(writes, kernel, intent, About::Nothing, "", text, true);
    is_over.then(|| Effect::record_outcome(&intent.operation, Found::NotDone))
}

/// Reports that no read can judge the changes in a place, or one of them.
fn tell(writes: &mut Writes, kernel: &mut Kernel, place: &Place, text: &str, one: Option<&Intent>) {
    let intents: Vec<Intent> = match one {
        Some(one) => vec![one.clone()],
        None => (writes.earlier.intents.iter())
            .filter(|intent| intent.place() == *place)
            .cloned()
            .collect(),
    };
    for intent in &intents {
        let id = intent.targets.first().and_then(|id| id.parse().ok());
        let about = id.map_or(About::Nothing, About::User);
        note(writes, kernel, intent, about, "", text, true);
        writes.earlier.to_tell.push(intent.operation.clone());
    }
}

fn note(
    writes: &mut Writes,
    kernel: &mut Kernel,
    intent: &Intent,
    about: About,
    name: &str,
    text: &str,
    failed: bool,
) {
    let of = match (name.trim(), intent.targets.first()) {
        ("", Some(id)) if intent.place() != Place::Address => id.clone(),
        ("", _) => "an address".into(),
        (name, _) => name.to_owned(),
    };
    let at = session::clock(intent.at, kernel.session.utc_offset);
    let told = format!("Earlier run, {text}: {}, {of}, at {at}", intent.words());
    if failed {
        writes.earlier.other += 1
    } else {
        writes.earlier.done += 1
    }
    kernel.history.note(Activity {
        at: kernel.now,
        about,
        text: SafeText::clean(&told),
        failed,
    });
}

/// One line, once everything is read.
fn sum_up(writes: &mut Writes, kernel: &mut Kernel) {
    let EarlierChanges {
        intents,
        open: 0,
        done,
        other,
        ..
    } = &writes.earlier
    else {
        return;
    };
    let text = match intents.len() {
        0 => return,
        1 => "1 change from an earlier run had an unknown outcome".to_owned(),
        many => format!("{many} changes from an earlier run had an unknown outcome"),
    };
    let text = format!(
        "{text}: {done} done, {other} to check; {} lists them, nothing is sent again",
        kernel.key(Action::ShowActivity)
    );
    let tone = if *other > 0 { Tone::Bad } else { Tone::Info };
    kernel.inform(tone, &text);
}

/// A person has opened the list: what no read can judge has now been reported to them.
pub(in crate::app) fn mark_seen(writes: &mut Writes) -> Vec<Effect> {
    std::mem::take(&mut writes.earlier.to_tell)
        .into_iter()
        .map(|operation| Effect::record_outcome(operation, Found::Told))
        .collect()
}
