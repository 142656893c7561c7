//! Inviting a user: a form that ends in a real e-mail.
//!
//! Nothing tells two invitations of the same person apart, so none is ever sent twice: the address is
//! looked for among the users and the pending invitations before, and again where the answer is unclear.
//!
//! One file: the search for the address, the question and the e-mail are one sequence.

use crate::app::action::Action;
use crate::app::edit::draft::{Draft, Unit, changed, labels};
use crate::app::edit::history::About;
use crate::app::forms::faults::{refuse, told};
use crate::app::forms::flow;
use crate::app::forms::flow::{call, doubt, look_later, show};
use crate::app::forms::replies::AfterReply;
use crate::app::kernel::Kernel;
use crate::app::kernel::invitation::InvitationList;
use crate::app::kernel::invitation::ListedInvitation;
use crate::app::kernel::person::ListedUser;
use crate::app::kernel::person::UserList;
use crate::app::message::Reply;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::FormStep;
use crate::app::reading::fetch;
use crate::app::widget::form::dialog::Question;
use crate::app::widget::form::person::{EMAIL, LIKE, invite_fields, nobody};
use crate::app::widget::form::{Form, FormStage, InviteTask, Task};
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::Choice;
use crate::app::widget::walk;
use crate::resolve::{Seen, Step};
use crate::text::SafeText;
use crate::wire::rules::check_email;
use crate::wire::{
    Doubt, ExpiredFilter, Failure, Follower, InvitationStatus, InviteUser, ListInvitations,
    ListUsers, Page, User, UserLevel,
};
use crate::worklist::{person_name, profile_name};

/// At most this many pages of a list are searched for an address.
const PAGES: u32 = 50;

pub fn open(kernel: &mut Kernel) -> Vec<Effect> {
    begin(kernel, "Invite a user", "", &nobody())
}

/// Filled from the invitation under the cursor.
pub fn open_again(kernel: &mut Kernel) -> Vec<Effect> {
    let Some(invite) = kernel.data.invitations.selected() else {
        return Vec::new();
    };
    let invitation = &invite.invitation;
    let (title, email) = (format!("Invite {} again", invite.name), &invitation.email);
    let mut draft = Draft::of(&invitation.profile);
    if !can_be_given(&invitation.profile.level) {
        draft.take(&nobody(), &Unit::Level);
    }
    let email = email.clone();
    begin(kernel, &title, &email, &draft)
}

fn begin(kernel: &mut Kernel, title: &str, email: &str, draft: &Draft) -> Vec<Effect> {
    let task = Task::Invite(InviteTask::default());
    let fields = invite_fields(email, draft);
    let mut form = Form::new(title, task, FormStage::Editing, fields);
    tell_taken(kernel, &mut form);
    show(kernel, Box::new(form));
    fetch::read_people(kernel)
}

fn can_be_given(level: &UserLevel) -> bool {
    matches!(level, UserLevel::Admin | UserLevel::Member)
}

/// After a key: copies the role of the chosen user, and says whether a typed address is taken.
pub(in crate::app) fn follow(kernel: &Kernel, form: &mut Form) {
    if !matches!(form.task, Task::Invite(_)) || form.stage != FormStage::Editing {
        return;
    }
    copy_from_liked(kernel, form);
    if form.focused().is_none_or(|field| field.name != EMAIL) {
        tell_taken(kernel, form);
    }
}

fn copy_from_liked(kernel: &Kernel, form: &mut Form) {
    let liked = match form.chosen(LIKE).map(|chosen| &chosen.choice) {
        Some(Choice::Person(id)) => Some(*id),
        _ => None,
    };
    let Task::Invite(task) = &mut form.task else {
        return;
    };
    if task.liked == liked {
        return;
    }
    task.liked = liked;
    let Some(id) = liked else {
        return;
    };
    let Some(person) = kernel.data.users.get(id) else {
        let text = "That user is not loaded: role and permissions are unchanged";
        return form.say(Tone::Bad, text);
    };
    let (theirs, mut mine) = (Draft::of(&person.user.profile), form.draft());
    for unit in [Unit::Role, Unit::ManageStudies, Unit::Dashboard] {
        mine.take(&theirs, &unit);
    }
    let mut text = format!("Copied role and permissions from {}", person.name);
    if can_be_given(&person.user.profile.level) {
        mine.take(&theirs, &Unit::Level);
    } else {
        text.push_str(&format!(
            ", but the level {} cannot be set",
            person.user.profile.level
        ));
    }
    form.show_draft(&mine);
    form.say(Tone::Info, &text);
}

/// Says beside the address who has it, as far as is known without asking the server.
fn tell_taken(kernel: &Kernel, form: &mut Form) {
    let email = form.text(EMAIL).to_owned();
    let Task::Invite(task) = &mut form.task else {
        return;
    };
    if check_email(&email).is_err() || task.told == email {
        return;
    }
    task.told.clear();
    let Some(taken) = known(kernel, &email) else {
        return;
    };
    task.told = email;
    if let Some(field) = form.field_mut(EMAIL) {
        field.refusal = Some(taken);
    }
}

fn known(kernel: &Kernel, email: &str) -> Option<String> {
    let now = kernel.server_now();
    let mut users = kernel.data.users.iter().map(|it| &it.user);
    let mut invites = kernel.data.invitations.iter();
    users
        .find(|user| is_same(&user.email, email))
        .map(taken_by_user)
        .or_else(|| {
            invites
                .find(|it| is_same(&it.email, email) && it.is_pending(now))
                .map(taken_by_invite)
        })
}

fn is_same(email: &str, other: &str) -> bool {
    crate::wire::rules::is_same_address(email.trim(), other.trim())
}

fn taken_by_user(user: &User) -> String {
    format!("{} is already a user", name_of(user))
}

fn taken_by_invite(invite: &ListedInvitation) -> String {
    format!("{} already has a pending invitation", invite.name)
}

fn name_of(user: &User) -> SafeText {
    profile_name(&user.profile, &user.email)
}

/// Looks for the address on the server: among the users, then among the pending invitations.
pub(in crate::app) fn look(kernel: &mut Kernel, form: &mut Form, step: FormStep) -> Vec<Effect> {
    begin_search(form);
    if let Task::Invite(task) = &mut form.task {
        task.is_unsure = false;
    }
    let request = ListUsers {
        email: Some(form.text(EMAIL).to_owned()),
        ..UserList::page(None)
    };
    call(kernel, form, step, Call::ListUsers(request))
}

fn pending_page(cursor: Option<String>) -> Call {
    Call::ListInvitations(ListInvitations {
        status: vec![InvitationStatus::Sent],
        expired: Some(ExpiredFilter::NotExpired),
        ..InvitationList::page(cursor)
    })
}

/// Handles the answer to a call of a form to invite.
pub(in crate::app) fn handle(
    kernel: &mut Kernel,
    form: &mut Form,
    step: FormStep,
    outcome: Result<Reply, Failure>,
) -> AfterReply {
    match (step, outcome) {
        (FormStep::Check | FormStep::Recheck, Ok(answer)) => looked(kernel, form, step, answer),
        (FormStep::Check, Err(failure)) => {
            form.stage = FormStage::Editing;
            refuse(kernel, form, "Nothing was sent", &failure);
            AfterReply::stay()
        }
        (FormStep::Recheck, Err(failure)) => match form.driver.looked(Seen::Unread).1 {
            Step::Look { after } => {
                let what = format!("{}. Not found", failure.sentence());
                look_later(form, after, &what);
                AfterReply::stay()
            }
            _ => {
                form.stage = FormStage::Editing;
                let what =
                    "Unconfirmed: the e-mail may or may not have been sent; nothing was sent again";
                form.say(Tone::Bad, &told(what, &failure));
                AfterReply::stay()
            }
        },
        (FormStep::Send, outcome) => sent(kernel, form, outcome),
        // A form to invite reads no record.
        (FormStep::Read | FormStep::Peek, _) => AfterReply::stay(),
    }
}

/// A page of the look for the address.
fn looked(kernel: &mut Kernel, form: &mut Form, step: FormStep, answer: Reply) -> AfterReply {
    let email = form.text(EMAIL).to_owned();
    let now = kernel.server_now();
    let next = match answer {
        Reply::Users(page) => {
            if let Some(user) = page.items.iter().find(|it| is_same(&it.email, &email)) {
                let (taken, theirs) = (taken_by_user(user), Draft::of(&user.profile));
                kernel.data.users.insert(ListedUser::from(user.clone()));
                return found(kernel, form, step, &taken, &theirs);
            }
            match next_page(form, &page, |user| *user.user_id.as_bytes()) {
                Ok(Some(cursor)) => Call::ListUsers(ListUsers {
                    email: Some(email),
                    ..UserList::page(Some(cursor))
                }),
                Ok(None) => {
                    begin_search(form);
                    pending_page(None)
                }
                Err(doubt) => return not_searched(form, step, doubt),
            }
        }
        Reply::Invitations(page) => {
            let next = next_page(form, &page, |it| *it.invitation_id.as_bytes());
            let mut invites = page.items.into_iter().map(ListedInvitation::from);
            let is_hers = |it: &ListedInvitation| is_same(&it.email, &email) && it.is_pending(now);
            if let Some(invite) = invites.find(is_hers) {
                let (taken, theirs) = (
                    taken_by_invite(&invite),
                    Draft::of(&invite.invitation.profile),
                );
                kernel.data.invitations.insert(invite);
                return found(kernel, form, step, &taken, &theirs);
            }
            match next {
                Ok(Some(cursor)) => pending_page(Some(cursor)),
                Ok(None) => return not_found(kernel, form, step),
                Err(doubt) => return not_searched(form, step, doubt),
            }
        }
        Reply::Studies(_)
        | Reply::Study(_)
        | Reply::Link(_)
        | Reply::User(_)
        | Reply::Invitation(_)
        | Reply::Done => return AfterReply::stay(),
    };
    AfterReply::Stay(call(kernel, form, step, next))
}

fn begin_search(form: &mut Form) {
    if let Task::Invite(task) = &mut form.task {
        task.search = Some(
            Follower::new(walk::MOST)
                .with_max_pages(PAGES)
                .with_empty_pages(),
        );
    }
}

/// Returns the cursor of the next page of the list that is searched, if it has one.
fn next_page<T>(
    form: &mut Form,
    page: &Page<T>,
    id: impl Fn(&T) -> [u8; 16],
) -> Result<Option<String>, Doubt> {
    match &mut form.task {
        Task::Invite(InviteTask {
            search: Some(search),
            is_unsure,
            ..
        }) => {
            *is_unsure |= !page.unreadable.is_empty();
            search.follow(page, id)
        }
        _ => Ok(None),
    }
}

/// The server's list cannot be followed to its end.
fn not_searched(form: &mut Form, step: FormStep, doubt: Doubt) -> AfterReply {
    form.stage = FormStage::Editing;
    let text = format!("{}. Not searched to the end: {doubt}", unsure(step));
    form.say(Tone::Bad, &text);
    AfterReply::stay()
}

fn unsure(step: FormStep) -> &'static str {
    match step {
        FormStep::Recheck => "Unconfirmed: the e-mail may or may not have been sent",
        FormStep::Read | FormStep::Peek | FormStep::Check | FormStep::Send => "Nothing was sent",
    }
}

/// Someone has the address: before sending, that forbids it; after sending, it proves that it was sent,
/// unless the values differ.
fn found(
    kernel: &mut Kernel,
    form: &mut Form,
    step: FormStep,
    taken: &str,
    theirs: &Draft,
) -> AfterReply {
    if step == FormStep::Recheck {
        let differs = labels(&changed(theirs, &form.draft()));
        let seen = if differs.is_empty() {
            Seen::Wanted
        } else {
            Seen::Otherwise
        };
        let (found, step) = form.driver.looked(seen);
        let recorded = found.map(|found| Effect::record_outcome(form.text(EMAIL), found));
        if step == Step::Done {
            let name = form.invited_name();
            let text = format!("Invited after all: {name}  ({taken})");
            return over(kernel, Tone::Good, &text, recorded);
        }
        form.stage = FormStage::Editing;
        form.refuse(EMAIL, taken);
        let text = format!(
            "Unconfirmed: {taken}, but with a different {differs}: someone else may have invited them. \
             Nothing was sent again"
        );
        form.say(Tone::Bad, &text);
        return AfterReply::Stay(recorded.into_iter().collect());
    }
    form.stage = FormStage::Editing;
    form.refuse(EMAIL, taken);
    form.say(Tone::Bad, &format!("Nothing was sent: {taken}"));
    AfterReply::stay()
}

fn not_found(kernel: &mut Kernel, form: &mut Form, step: FormStep) -> AfterReply {
    form.stage = FormStage::Editing;
    if step == FormStep::Recheck {
        // What cannot be read may be the invitation.
        let (seen, whose) = if form.is_unsure() {
            (Seen::Unread, "that can be read ")
        } else {
            (Seen::Missing, "")
        };
        return match form.driver.looked(seen).1 {
            Step::Look { after } => {
                let what = format!("No user and no pending invitation {whose}has the address");
                look_later(form, after, &what);
                AfterReply::stay()
            }
            Step::NotDone => {
                if let Some(doubt) = form.driver.doubt().cloned() {
                    refuse(kernel, form, "Nobody was invited", &doubt);
                }
                AfterReply::stay()
            }
            _ => {
                let text = format!(
                    "Unconfirmed: no user and no pending invitation {whose}has the address after a minute; \
                     nothing was sent again. Ctrl-s checks again, then asks"
                );
                form.say(Tone::Bad, &text);
                AfterReply::stay()
            }
        };
    }
    if form.leave.is_some() {
        // The form is asking whether to leave: nothing is asked behind that question.
        form.say(Tone::Info, "Nothing was sent yet; Ctrl-s saves");
    } else {
        form.ask(Question::Invite(form.invite_words()));
    }
    AfterReply::stay()
}

pub(in crate::app) fn send(kernel: &mut Kernel, form: &mut Form) -> Vec<Effect> {
    let request = form.invite_request();
    flow::send(kernel, form, Call::InviteUser(request))
}

fn sent(kernel: &mut Kernel, form: &mut Form, outcome: Result<Reply, Failure>) -> AfterReply {
    match outcome {
        Ok(Reply::User(user)) => {
            let (tone, text) = form.told_invited(&user);
            over(kernel, tone, &text, None)
        }
        Err(failure) if doubt(kernel, form, &failure) == Step::NotDone => {
            form.stage = FormStage::Editing;
            refuse(kernel, form, "Nobody was invited", &failure);
            AfterReply::stay()
        }
        Err(failure) => {
            let text = format!("{}; checking whether it was done", failure.sentence());
            form.say(Tone::Bad, &text);
            AfterReply::Stay(look(kernel, form, FormStep::Recheck))
        }
        Ok(_) => AfterReply::Stay(look(kernel, form, FormStep::Recheck)),
    }
}

/// The form closes. Whether an invited person is a user already is for the server to say: both lists are
/// read again.
fn over(kernel: &mut Kernel, tone: Tone, text: &str, recorded: Option<Effect>) -> AfterReply {
    let instead = format!(
        "the e-mail was sent; {}, {} revokes the invitation",
        kernel.key(Action::GoInvitations),
        kernel.key(Action::RevokeInvitation)
    );
    kernel.remember_lasting(About::Nothing, text, &instead);
    kernel.inform(tone, text);
    let mut effects: Vec<Effect> = recorded.into_iter().collect();
    effects.extend(fetch::walk_people(kernel));
    effects.extend(fetch::read_invitations(kernel));
    AfterReply::Over(effects)
}

impl Form {
    pub(in crate::app) fn invite_request(&self) -> InviteUser {
        InviteUser {
            email: self.text(EMAIL).to_owned(),
            profile: self.draft().profile(),
        }
    }

    fn invited_name(&self) -> String {
        let draft = self.draft();
        let (first, last) = (draft.text(&Unit::FirstName), draft.text(&Unit::LastName));
        person_name(Some(first), Some(last), self.text(EMAIL)).to_string()
    }

    /// What is asked before the e-mail is sent.
    fn invite_words(&self) -> Vec<String> {
        let draft = self.draft();
        let level = draft.text(&Unit::Level);
        let mut lines = vec![
            format!("To {}", self.text(EMAIL)),
            "The e-mail is sent at once and cannot be recalled.".into(),
            format!(
                "{}: {}, {level}",
                self.invited_name(),
                draft.text(&Unit::Role)
            ),
            format!(
                "Can manage studies: {}; dashboard access: {}",
                draft.text(&Unit::ManageStudies),
                draft.text(&Unit::Dashboard),
            ),
        ];
        let brings = Unit::Level.brings(level);
        if !brings.is_empty() {
            lines.push(brings.into());
        }
        if self.is_unsure() {
            lines.push(
                "Some users or invitations cannot be read; one of them may have this address."
                    .into(),
            );
        }
        lines
    }

    /// Whether the address may belong to a record that could not be read.
    fn is_unsure(&self) -> bool {
        matches!(&self.task, Task::Invite(task) if task.is_unsure)
    }

    /// What to say of the server's record of the invited: it must show what was sent.
    fn told_invited(&self, user: &User) -> (Tone, String) {
        let email = self.text(EMAIL);
        let mut missing = labels(&changed(&Draft::of(&user.profile), &self.draft()));
        if !is_same(&user.email, email) {
            missing = format!("e-mail {missing}");
        }
        let name = name_of(user);
        if missing.is_empty() {
            let text = format!("Invited {name} (an e-mail is sent to {email})");
            return (Tone::Good, text);
        }
        let text = format!("Invited {name}, but the server shows other values in: {missing}");
        (Tone::Bad, text)
    }
}
