//! Reading users and invitations: whole lists page by page, or one record that is looked at.

use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::FollowUp;
use crate::app::kernel::invitation::{InvitationList, ListedInvitation};
use crate::app::kernel::person::{KEEPS, ListedUser, UserList};
use crate::app::message::Reply;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::widget::notice::Tone;
use crate::app::widget::roster::PeopleList;
use crate::app::widget::roster::{Roster, RosterRecord};
use crate::app::widget::walk;
use crate::wire::rules::check_email;
use crate::wire::{Failure, Invitation, ListUsers, Page, User};

/// Starts reading all users, unless that is under way.
pub(in crate::app) fn walk_people(kernel: &mut Kernel) -> Vec<Effect> {
    if !kernel.data.users.reading.is_under_way() {
        kernel.data.users.reading.begin(kernel.now);
    }
    go_on(kernel)
}

/// Asks for the next pages of the lists of people that are being read, as far as loading may go now.
pub(in crate::app) fn go_on(kernel: &mut Kernel) -> Vec<Effect> {
    let mut effects = Vec::new();
    let now = kernel.now;
    if kernel.data.users.reading.is_ready()
        && kernel.data.sync.may_load(now)
        && let Some(cursor) = kernel.data.users.reading.next_page()
    {
        let call = Call::ListUsers(UserList::page(cursor));
        effects.push(kernel.requests.start(CallPurpose::People, call));
    }
    if kernel.data.invitations.reading.is_ready()
        && kernel.data.sync.may_load(now)
        && let Some(cursor) = kernel.data.invitations.reading.next_page()
    {
        let call = Call::ListInvitations(InvitationList::page(cursor));
        effects.push(kernel.requests.start(CallPurpose::Invitations, call));
    }
    effects
}

/// When a page of people that had to wait may be asked for.
pub(in crate::app) fn next_page_at(kernel: &Kernel) -> Option<i64> {
    let waits = kernel.data.users.reading.is_ready() || kernel.data.invitations.reading.is_ready();
    waits.then(|| kernel.data.sync.next_load_at(kernel.now))
}

pub(in crate::app) fn people_are_due(kernel: &Kernel) -> bool {
    kernel.data.users.reading.is_due(kernel.now, KEEPS)
}

/// Starts reading all invitations, unless that is under way.
pub(in crate::app) fn read_invitations(kernel: &mut Kernel) -> Vec<Effect> {
    if !kernel.data.invitations.reading.is_under_way() {
        kernel.data.invitations.reading.begin(kernel.now);
    }
    go_on(kernel)
}

/// Stores a page of users.
pub(in crate::app) fn apply_users(kernel: &mut Kernel, page: Page<User>) {
    let id = |user: &User| *user.user_id.as_bytes();
    kernel.data.users.reading.advance(&page, id);
    page.items
        .into_iter()
        .for_each(|user| keep(&mut kernel.data.users, ListedUser::from(user)));
}

/// Stores a page of invitations, or the failure to read one.
pub(in crate::app) fn apply_invitations(
    kernel: &mut Kernel,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    match outcome {
        Ok(Reply::Invitations(page)) => {
            let id = |one: &Invitation| *one.invitation_id.as_bytes();
            kernel.data.invitations.reading.advance(&page, id);
            page.items.into_iter().for_each(|record| {
                keep(&mut kernel.data.invitations, ListedInvitation::from(record))
            });
        }
        Ok(_) => {}
        Err(failure) => kernel.data.invitations.reading.fail(failure),
    }
    end_refresh(kernel);
    go_on(kernel)
}

/// Stores a record of a list if it is known or there is room: a list that is new at each reading must
/// not grow without end.
fn keep<T: RosterRecord>(roster: &mut Roster<T>, record: T) {
    if roster.held() < walk::MOST || roster.get(record.id()).is_some() {
        roster.insert(record);
    }
}

/// Once everything is read, or could not be, the notice about the refresh is removed.
pub(in crate::app) fn end_refresh(kernel: &mut Kernel) {
    let is_over = kernel
        .people()
        .is_some_and(|pane| !pane.reading().is_under_way());
    if is_over {
        kernel.notice.take_if(|notice| notice.is_refreshing);
    }
}

/// One record was read again, because a person is looking at it.
pub(in crate::app) fn apply_record(
    kernel: &mut Kernel,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    match outcome {
        Ok(Reply::User(user)) => kernel.data.users.insert(ListedUser::from(*user)),
        Ok(Reply::Invitation(record)) => kernel
            .data
            .invitations
            .insert(ListedInvitation::from(*record)),
        Ok(_) => {}
        Err(failure) => {
            let text = format!("Could not refresh. {}", failure.sentence());
            kernel.inform(Tone::Bad, &text);
        }
    }
    kernel.needs_draw = true;
    Vec::new()
}

/// Asks for the user with this address, unless they are known.
pub(in crate::app) fn ask_for(kernel: &mut Kernel, email: String) -> Vec<Effect> {
    if check_email(&email).is_err() || kernel.data.users.find(&email).is_some() {
        return Vec::new();
    }
    let request = ListUsers {
        email: Some(email),
        ..UserList::page(None)
    };
    kernel.data.sync.owe_request(kernel.now);
    vec![
        kernel
            .requests
            .start(CallPurpose::PersonByEmail, Call::ListUsers(request)),
    ]
}

/// Users that were asked for by themselves, outside any walk.
pub(in crate::app) fn apply_found_users(kernel: &mut Kernel, users: Vec<User>) -> Vec<Effect> {
    users
        .into_iter()
        .for_each(|user| kernel.data.users.insert(ListedUser::from(user)));
    kernel.follow_ups.push(FollowUp::Refill);
    Vec::new()
}

/// Starts reading the users, if they are not known or no longer fresh.
pub(in crate::app) fn read_people(kernel: &mut Kernel) -> Vec<Effect> {
    let effects = if people_are_due(kernel) {
        walk_people(kernel)
    } else {
        Vec::new()
    };
    kernel.follow_ups.push(FollowUp::Refill);
    effects
}

pub(in crate::app) fn apply_people(kernel: &mut Kernel, page: Page<User>) -> Vec<Effect> {
    apply_users(kernel, page);
    end_refresh(kernel);
    if kernel.session.me.is_none()
        && let Some(wanted) = &kernel.session.me_wanted
    {
        kernel.session.me = kernel.data.users.find(wanted);
        kernel.data.studies.expire();
    }
    kernel.follow_ups.push(FollowUp::Refill);
    kernel.needs_draw = true;
    go_on(kernel)
}
