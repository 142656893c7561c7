//! Reading users and invitations: whole lists page by page, or one record that is looked at.

use crate::wire::rules::check_email;
use crate::wire::{Failure, ListUsers, User};

use super::calls::Purpose;
use super::invitations::{Invitations, Invite};
use super::people::{KEEPS, People, Person};
use super::{Call, Effect, Model, Reply, Tone, act, choose};

/// Starts reading all users, unless that is under way.
pub(super) fn walk_people(model: &mut Model) -> Vec<Effect> {
    if model.people.reading.is_under_way() {
        return Vec::new();
    }
    model.people.reading.begin(model.now);
    let call = Call::ListUsers(People::page(None));
    vec![model.calls.start(Purpose::People, call)]
}

pub(super) fn people_are_due(model: &Model) -> bool {
    model.people.reading.is_due(model.now, KEEPS)
}

/// Starts reading all invitations, unless that is under way.
pub(super) fn read_invitations(model: &mut Model) -> Vec<Effect> {
    if model.invitations.reading.is_under_way() {
        return Vec::new();
    }
    model.invitations.reading.begin(model.now);
    let call = Call::ListInvitations(Invitations::page(None));
    vec![model.calls.start(Purpose::Invitations, call)]
}

/// Takes a page of invitations in, or the failure to read one.
pub(super) fn take_invitations(model: &mut Model, outcome: Result<Reply, Failure>) -> Vec<Effect> {
    model.needs_draw = true;
    let mut next = None;
    match outcome {
        Ok(Reply::Invitations(page)) => {
            next = model.invitations.reading.advance(&page);
            page.items
                .into_iter()
                .for_each(|record| model.invitations.insert(Invite::from(record)));
        }
        Ok(_) => {}
        Err(failure) => model.invitations.reading.fail(failure),
    }
    end_refresh(model);
    next.map(|cursor| {
        let call = Call::ListInvitations(Invitations::page(Some(cursor)));
        model.calls.start(Purpose::Invitations, call)
    })
    .into_iter()
    .collect()
}

/// Once everything is read, or could not be, the word about it makes room for what came of it.
pub(super) fn end_refresh(model: &mut Model) {
    let is_over = model
        .pane()
        .is_some_and(|pane| !pane.reading().is_under_way());
    if is_over {
        model
            .notice
            .take_if(|notice| &*notice.text == act::REFRESHING);
    }
}

/// One record was read again, because somebody looks at it.
pub(super) fn take_record(model: &mut Model, outcome: Result<Reply, Failure>) -> Vec<Effect> {
    match outcome {
        Ok(Reply::User(user)) => model.people.insert(Person::from(*user)),
        Ok(Reply::Invitation(record)) => model.invitations.insert(Invite::from(*record)),
        Ok(_) => {}
        Err(failure) => {
            let text = format!("Not read again. {}", failure.sentence());
            model.inform(Tone::Bad, &text);
        }
    }
    model.needs_draw = true;
    Vec::new()
}

/// Asks for the user with this address, unless she is known.
pub(super) fn ask_for(model: &mut Model, email: String) -> Vec<Effect> {
    if check_email(&email).is_err() || model.people.find(&email).is_some() {
        return Vec::new();
    }
    let request = ListUsers {
        email: Some(email),
        ..People::page(None)
    };
    vec![
        model
            .calls
            .start(Purpose::PersonByEmail, Call::ListUsers(request)),
    ]
}

/// Users that were asked for by themselves, outside any walk.
pub(super) fn take_found(model: &mut Model, users: Vec<User>) -> Vec<Effect> {
    users
        .into_iter()
        .for_each(|user| model.people.insert(Person::from(user)));
    choose::refill_people(model);
    Vec::new()
}
