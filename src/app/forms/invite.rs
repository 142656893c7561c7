//! Inviting a user: a form that ends in a real e-mail.
//!
//! Nothing tells two invitations of the same person apart, so none is ever sent twice: the address is
//! looked for among the users and the pending invitations before, and again where the answer is unclear.

use crate::app::action::Action;
use crate::app::edit::draft::{Draft, Unit, changed, labels};
use crate::app::edit::history::About;
use crate::app::forms::faults::{refuse, told};
use crate::app::forms::flow;
use crate::app::forms::flow::{call, doubt, look_later, show};
use crate::app::forms::replies::Next;
use crate::app::kernel::Kernel;
use crate::app::kernel::invitation::Invitations;
use crate::app::kernel::invitation::Invite;
use crate::app::kernel::person::People;
use crate::app::kernel::person::Person;
use crate::app::message::Reply;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::Step;
use crate::app::reading::fetch;
use crate::app::widget::form::dialog::Question;
use crate::app::widget::form::person::{EMAIL, LIKE, invite_fields, nobody};
use crate::app::widget::form::{Form, InviteTask, Stage, Task};
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::Choice;
use crate::settle;
use crate::settle::{Seen, Verdict};
use crate::text::SafeText;
use crate::wire::rules::check_email;
use crate::wire::{
    ExpiredFilter, Failure, InvitationStatus, InviteUser, ListInvitations, ListUsers, User,
    UserLevel,
};
use crate::worklist::person_name;

/// At most this many pages are looked through for an address.
const PAGES: u8 = 50;

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
    let mut draft = Draft::of(invitation);
    if !can_be_given(&invitation.level) {
        draft.take(&nobody(), &Unit::Level);
    }
    let email = email.clone();
    begin(kernel, &title, &email, &draft)
}

fn begin(kernel: &mut Kernel, title: &str, email: &str, draft: &Draft) -> Vec<Effect> {
    let task = Task::Invite(InviteTask::default());
    let fields = invite_fields(email, draft);
    let mut form = Form::new(title, task, Stage::Editing, fields);
    tell_taken(kernel, &mut form);
    show(kernel, Box::new(form));
    fetch::read_people(kernel)
}

fn can_be_given(level: &UserLevel) -> bool {
    matches!(level, UserLevel::Admin | UserLevel::Member)
}

/// After a key: copies the role of the chosen user, and says whether a typed address is taken.
pub(in crate::app) fn follow(kernel: &Kernel, form: &mut Form) {
    if !matches!(form.task, Task::Invite(_)) || form.stage != Stage::Editing {
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
    let (theirs, mut mine) = (Draft::of(&person.user), form.draft());
    for unit in [Unit::Role, Unit::ManageStudies, Unit::Dashboard] {
        mine.take(&theirs, &unit);
    }
    let mut text = format!("Copied role and permissions from {}", person.name);
    if can_be_given(&person.user.level) {
        mine.take(&theirs, &Unit::Level);
    } else {
        text.push_str(&format!(
            ", but the level {} cannot be set",
            person.user.level
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

fn taken_by_invite(invite: &Invite) -> String {
    format!("{} already has a pending invitation", invite.name)
}

fn name_of(user: &User) -> SafeText {
    person_name(Some(&user.first_name), Some(&user.last_name), &user.email)
}

/// Looks for the address on the server: among the users, then among the pending invitations.
pub(in crate::app) fn look(kernel: &mut Kernel, form: &mut Form, step: Step) -> Vec<Effect> {
    if let Task::Invite(task) = &mut form.task {
        task.pages = 0;
    }
    let request = ListUsers {
        email: Some(form.text(EMAIL).to_owned()),
        ..People::page(None)
    };
    call(kernel, form, step, Call::ListUsers(request))
}

fn pending_page(cursor: Option<String>) -> Call {
    Call::ListInvitations(ListInvitations {
        status: vec![InvitationStatus::Sent],
        expired: Some(ExpiredFilter::NotExpired),
        ..Invitations::page(cursor)
    })
}

/// Handles the answer to a call of a form to invite.
pub(in crate::app) fn taken(
    kernel: &mut Kernel,
    form: &mut Form,
    step: Step,
    outcome: Result<Reply, Failure>,
) -> Next {
    match (step, outcome) {
        (Step::Check | Step::Recheck, Ok(answer)) => looked(kernel, form, step, answer),
        (Step::Check, Err(failure)) => {
            form.stage = Stage::Editing;
            refuse(kernel, form, "Nothing was sent", &failure);
            Next::stay()
        }
        (Step::Recheck, Err(failure)) => match form.trial.verdict(Seen::Unread) {
            Verdict::LookAgain { after } => {
                let what = format!("{}. Not found", failure.sentence());
                look_later(form, after, &what);
                Next::stay()
            }
            _ => {
                form.stage = Stage::Editing;
                let what =
                    "Unconfirmed: the e-mail may or may not have been sent; nothing was sent again";
                form.say(Tone::Bad, &told(what, &failure));
                Next::stay()
            }
        },
        (Step::Send, outcome) => sent(kernel, form, outcome),
        // A form to invite reads no record.
        (Step::Read | Step::Peek, _) => Next::stay(),
    }
}

/// A page of the look for the address.
fn looked(kernel: &mut Kernel, form: &mut Form, step: Step, answer: Reply) -> Next {
    let email = form.text(EMAIL).to_owned();
    let now = kernel.server_now();
    let next = match answer {
        Reply::Users(page) => {
            if let Some(user) = page.items.iter().find(|it| is_same(&it.email, &email)) {
                let (taken, theirs) = (taken_by_user(user), Draft::of(user));
                kernel.data.users.insert(Person::from(user.clone()));
                return found(kernel, form, step, &taken, &theirs);
            }
            match page.next() {
                Some(cursor) => Call::ListUsers(ListUsers {
                    email: Some(email),
                    ..People::page(Some(cursor.to_owned()))
                }),
                None => pending_page(None),
            }
        }
        Reply::Invitations(page) => {
            let cursor = page.next().map(str::to_owned);
            let mut invites = page.items.into_iter().map(Invite::from);
            let is_hers = |it: &Invite| is_same(&it.email, &email) && it.is_pending(now);
            if let Some(invite) = invites.find(is_hers) {
                let (taken, theirs) = (taken_by_invite(&invite), Draft::of(&invite.invitation));
                kernel.data.invitations.insert(invite);
                return found(kernel, form, step, &taken, &theirs);
            }
            match cursor {
                Some(_) => pending_page(cursor),
                None => return not_found(kernel, form, step),
            }
        }
        Reply::Studies(_)
        | Reply::Study(_)
        | Reply::Link(_)
        | Reply::User(_)
        | Reply::Invitation(_)
        | Reply::Done => return Next::stay(),
    };
    go_on(kernel, form, step, next)
}

/// The next page, unless there seems to be no end.
fn go_on(kernel: &mut Kernel, form: &mut Form, step: Step, next: Call) -> Next {
    if let Task::Invite(task) = &mut form.task {
        task.pages += 1;
        if task.pages >= PAGES {
            form.stage = Stage::Editing;
            let text = format!("Not searched to the end: more than {PAGES} pages");
            form.say(Tone::Bad, &format!("{}. {text}", unsure(step)));
            return Next::stay();
        }
    }
    Next::Stay(call(kernel, form, step, next))
}

fn unsure(step: Step) -> &'static str {
    match step {
        Step::Recheck => "Unconfirmed: the e-mail may or may not have been sent",
        Step::Read | Step::Peek | Step::Check | Step::Send => "Nothing was sent",
    }
}

/// Someone has the address: before sending, that forbids it; after sending, it proves that it was sent,
/// unless the values differ.
fn found(kernel: &mut Kernel, form: &mut Form, step: Step, taken: &str, theirs: &Draft) -> Next {
    if step == Step::Recheck {
        let differs = labels(&changed(theirs, &form.draft()));
        let seen = if differs.is_empty() {
            Seen::Wanted
        } else {
            Seen::Otherwise
        };
        let found = form.trial.found(seen);
        let settle = found.map(|found| Effect::settle(form.text(EMAIL), found));
        if form.trial.verdict(seen) == Verdict::Done {
            let name = form.invited_name();
            let text = format!("Invited after all: {name}  ({taken})");
            return over(kernel, Tone::Good, &text, settle);
        }
        form.stage = Stage::Editing;
        form.refuse(EMAIL, taken);
        let text = format!(
            "Unconfirmed: {taken}, but with a different {differs}: someone else may have invited them. \
             Nothing was sent again"
        );
        form.say(Tone::Bad, &text);
        return Next::Stay(settle.into_iter().collect());
    }
    form.stage = Stage::Editing;
    form.refuse(EMAIL, taken);
    form.say(Tone::Bad, &format!("Nothing was sent: {taken}"));
    Next::stay()
}

fn not_found(kernel: &mut Kernel, form: &mut Form, step: Step) -> Next {
    form.stage = Stage::Editing;
    if step == Step::Recheck {
        return match form.trial.verdict(Seen::Missing) {
            Verdict::LookAgain { after } => {
                let what = "No user and no pending invitation has the address";
                look_later(form, after, what);
                Next::stay()
            }
            Verdict::NotDone => {
                if let Some(doubt) = form.trial.doubt().cloned() {
                    refuse(kernel, form, "Nobody was invited", &doubt);
                }
                Next::stay()
            }
            _ => {
                form.say(
                    Tone::Bad,
                    "Unconfirmed: no user and no pending invitation has the address after a minute; nothing was sent again. Ctrl-s checks again, then asks",
                );
                Next::stay()
            }
        };
    }
    if form.leave.is_some() {
        // The form is asking whether to leave: nothing is asked behind that question.
        form.say(Tone::Info, "Nothing was sent yet; Ctrl-s saves");
    } else {
        form.ask(Question::Invite(form.invite_words()));
    }
    Next::stay()
}

pub(in crate::app) fn send(kernel: &mut Kernel, form: &mut Form) -> Vec<Effect> {
    let request = form.invite_request();
    flow::send(kernel, form, Call::InviteUser(request))
}

fn sent(kernel: &mut Kernel, form: &mut Form, outcome: Result<Reply, Failure>) -> Next {
    match outcome {
        Ok(Reply::User(user)) => {
            let (tone, text) = form.told_invited(&user);
            over(kernel, tone, &text, None)
        }
        Err(failure) if doubt(kernel, form, &failure) == settle::Next::Refused => {
            form.stage = Stage::Editing;
            refuse(kernel, form, "Nobody was invited", &failure);
            Next::stay()
        }
        Err(failure) => {
            let text = format!("{}; checking whether it was done", failure.sentence());
            form.say(Tone::Bad, &text);
            Next::Stay(look(kernel, form, Step::Recheck))
        }
        Ok(_) => Next::Stay(look(kernel, form, Step::Recheck)),
    }
}

/// The form closes. Whether an invited person is a user already is for the server to say: both lists are
/// read again.
fn over(kernel: &mut Kernel, tone: Tone, text: &str, settle: Option<Effect>) -> Next {
    let instead = format!(
        "the e-mail was sent; {}, {} revokes the invitation",
        kernel.key(Action::GoInvitations),
        kernel.key(Action::RevokeInvitation)
    );
    kernel.remember_lasting(About::Nothing, text, &instead);
    kernel.inform(tone, text);
    let mut effects: Vec<Effect> = settle.into_iter().collect();
    effects.extend(fetch::walk_people(kernel));
    effects.extend(fetch::read_invitations(kernel));
    Next::Over(effects)
}

impl Form {
    pub(in crate::app) fn invite_request(&self) -> InviteUser {
        let draft = self.draft();
        let text = |unit: Unit| draft.text(&unit).to_owned();
        let optional = |unit: Unit| Some(text(unit)).filter(|text| !text.is_empty());
        InviteUser {
            email: self.text(EMAIL).to_owned(),
            first_name: text(Unit::FirstName),
            last_name: text(Unit::LastName),
            middle_name: optional(Unit::MiddleName),
            suffix1: optional(Unit::Suffix1),
            suffix2: optional(Unit::Suffix2),
            phone_number: optional(Unit::Phone),
            clinic_role: draft.text(&Unit::Role).into(),
            level: draft.text(&Unit::Level).into(),
            can_manage_studies: draft.is_on(&Unit::ManageStudies),
            has_dashboard_access: draft.is_on(&Unit::Dashboard),
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
        lines
    }

    /// What to say of the server's record of the invited: it must show what was sent.
    fn told_invited(&self, user: &User) -> (Tone, String) {
        let email = self.text(EMAIL);
        let mut missing = labels(&changed(&Draft::of(user), &self.draft()));
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
