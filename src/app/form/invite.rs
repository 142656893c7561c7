//! Inviting somebody: a form that ends in a real e-mail.
//!
//! Nothing tells two invitations of the same person apart, so none is ever sent twice: the address is
//! looked for among the users and the pending invitations before, and again where the answer is unclear.

use crate::app::changes::About;
use crate::app::invitations::{Invitations, Invite};
use crate::app::people::{People, Person};
use crate::app::picker::Choice;
use crate::app::{Action, Call, Effect, Model, Reply, Tone, fetch, reply, undo};
use crate::settle::{self, Seen, Verdict};
use crate::text::SafeText;
use crate::wire::rules::check_email;
use crate::wire::{
    ExpiredFilter, Failure, InvitationStatus, InviteUser, ListInvitations, ListUsers, User, UserId,
    UserLevel,
};
use crate::worklist::{person_name, profile_name};

use super::answers::Next;
use super::draft::{Draft, Unit, changed, labels};
use super::flow::{self, call, doubt, look_later, show};
use super::person::{EMAIL, LIKE, invite_fields, nobody};
use super::refusal::{refuse, told};
use super::{Form, Question, Stage, Step, Task as FormTask};

/// At most this many pages are looked through for an address.
const PAGES: u8 = 50;

/// What a form to invite remembers besides its fields.
#[derive(Debug, Clone, Default)]
pub struct Task {
    /// Whose role and rights were copied last.
    liked: Option<UserId>,
    /// The address that is known to be taken and was said to be.
    told: String,
    /// Pages looked through since the look began.
    pages: u8,
}

pub fn open(model: &mut Model) -> Vec<Effect> {
    begin(model, "Invite a user", "", &nobody())
}

/// Filled from the invitation under the cursor.
pub fn open_again(model: &mut Model) -> Vec<Effect> {
    let Some(invite) = model.invitations.selected() else {
        return Vec::new();
    };
    let invitation = &invite.invitation;
    let (title, email) = (format!("Invite {} again", invite.name), &invitation.email);
    let mut draft = Draft::of(&invitation.profile);
    if !can_be_given(&invitation.profile.level) {
        draft.take(&nobody(), &Unit::Level);
    }
    let email = email.clone();
    begin(model, &title, &email, &draft)
}

fn begin(model: &mut Model, title: &str, email: &str, draft: &Draft) -> Vec<Effect> {
    let task = FormTask::Invite(Task::default());
    let fields = invite_fields(email, draft);
    let mut form = Form::new(title, task, Stage::Editing, fields);
    tell_taken(model, &mut form);
    show(model, Box::new(form));
    reply::read_people(model)
}

fn can_be_given(level: &UserLevel) -> bool {
    matches!(level, UserLevel::Admin | UserLevel::Member)
}

/// After a key: copies from whoever was chosen to be like, and says of a typed address if it is taken.
pub(super) fn follow(model: &Model, form: &mut Form) {
    if !matches!(form.task, FormTask::Invite(_)) || form.stage != Stage::Editing {
        return;
    }
    copy_from_liked(model, form);
    if form.focused().is_none_or(|field| field.name != EMAIL) {
        tell_taken(model, form);
    }
}

fn copy_from_liked(model: &Model, form: &mut Form) {
    let liked = match form.chosen(LIKE).map(|chosen| &chosen.choice) {
        Some(Choice::Person(id)) => Some(*id),
        _ => None,
    };
    let FormTask::Invite(task) = &mut form.task else {
        return;
    };
    if task.liked == liked {
        return;
    }
    task.liked = liked;
    let Some(id) = liked else {
        return;
    };
    let Some(person) = model.people.get(id) else {
        let text = "That user has not been read: role and permissions stay as they are";
        return form.say(Tone::Bad, text);
    };
    let (theirs, mut mine) = (Draft::of(&person.user.profile), form.draft());
    for unit in [Unit::Role, Unit::ManageStudies, Unit::Dashboard] {
        mine.take(&theirs, &unit);
    }
    let mut text = format!("Role and permissions are those of {}", person.name);
    if can_be_given(&person.user.profile.level) {
        mine.take(&theirs, &Unit::Level);
    } else {
        text.push_str(&format!(
            ", but the level {} cannot be given",
            person.user.profile.level
        ));
    }
    form.show_draft(&mine);
    form.say(Tone::Info, &text);
}

/// Says beside the address who has it, as far as is known without asking.
fn tell_taken(model: &Model, form: &mut Form) {
    let email = form.text(EMAIL).to_owned();
    let FormTask::Invite(task) = &mut form.task else {
        return;
    };
    if check_email(&email).is_err() || task.told == email {
        return;
    }
    task.told.clear();
    let Some(taken) = known(model, &email) else {
        return;
    };
    task.told = email;
    if let Some(field) = form.field_mut(EMAIL) {
        field.refusal = Some(taken);
    }
}

fn known(model: &Model, email: &str) -> Option<String> {
    let now = model.server_now();
    let mut users = model.people.iter().map(|it| &it.user);
    let mut invites = model.invitations.iter();
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
    format!("{} is a user already", name_of(user))
}

fn taken_by_invite(invite: &Invite) -> String {
    format!("{} has a pending invitation already", invite.name)
}

fn name_of(user: &User) -> SafeText {
    profile_name(&user.profile, &user.email)
}

/// Looks for the address on the server: among the users, then among the pending invitations.
pub(super) fn look(model: &mut Model, form: &mut Form, step: Step) -> Vec<Effect> {
    if let FormTask::Invite(task) = &mut form.task {
        task.pages = 0;
    }
    let request = ListUsers {
        email: Some(form.text(EMAIL).to_owned()),
        ..People::page(None)
    };
    call(model, form, step, Call::ListUsers(request))
}

fn pending_page(cursor: Option<String>) -> Call {
    Call::ListInvitations(ListInvitations {
        status: vec![InvitationStatus::Sent],
        expired: Some(ExpiredFilter::NotExpired),
        ..Invitations::page(cursor)
    })
}

/// Takes in the answer of a call of a form to invite.
pub(super) fn taken(
    model: &mut Model,
    form: &mut Form,
    step: Step,
    outcome: Result<Reply, Failure>,
) -> Next {
    match (step, outcome) {
        (Step::Check | Step::Recheck, Ok(answer)) => looked(model, form, step, answer),
        (Step::Check, Err(failure)) => {
            form.stage = Stage::Editing;
            refuse(model, form, "Nothing was sent", &failure);
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
                let what = "Unconfirmed: the e-mail may or may not have gone out, and nothing was sent again";
                form.say(Tone::Bad, &told(what, &failure));
                Next::stay()
            }
        },
        (Step::Send, outcome) => sent(model, form, outcome),
        // A form to invite reads no record.
        (Step::Read | Step::Peek, _) => Next::stay(),
    }
}

/// A page of the look for the address.
fn looked(model: &mut Model, form: &mut Form, step: Step, answer: Reply) -> Next {
    let email = form.text(EMAIL).to_owned();
    let now = model.server_now();
    let next = match answer {
        Reply::Users(page) => {
            if let Some(user) = page.items.iter().find(|it| is_same(&it.email, &email)) {
                let (taken, theirs) = (taken_by_user(user), Draft::of(&user.profile));
                model.people.insert(Person::from(user.clone()));
                return found(model, form, step, &taken, &theirs);
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
                let (taken, theirs) = (
                    taken_by_invite(&invite),
                    Draft::of(&invite.invitation.profile),
                );
                model.invitations.insert(invite);
                return found(model, form, step, &taken, &theirs);
            }
            match cursor {
                Some(_) => pending_page(cursor),
                None => return not_found(model, form, step),
            }
        }
        Reply::Studies(_)
        | Reply::Study(_)
        | Reply::Link(_)
        | Reply::User(_)
        | Reply::Invitation(_)
        | Reply::Done => return Next::stay(),
    };
    go_on(model, form, step, next)
}

/// The next page, unless there seems to be no end.
fn go_on(model: &mut Model, form: &mut Form, step: Step, next: Call) -> Next {
    if let FormTask::Invite(task) = &mut form.task {
        task.pages += 1;
        if task.pages >= PAGES {
            form.stage = Stage::Editing;
            let text = format!("Not looked through to the end: more than {PAGES} pages");
            form.say(Tone::Bad, &format!("{}. {text}", unsure(step)));
            return Next::stay();
        }
    }
    Next::Stay(call(model, form, step, next))
}

fn unsure(step: Step) -> &'static str {
    match step {
        Step::Recheck => "Unconfirmed: the e-mail may or may not have gone out",
        Step::Read | Step::Peek | Step::Check | Step::Send => "Nothing was sent",
    }
}

/// Somebody has the address: before sending that forbids it, after sending it proves it, unless the values
/// are not ours.
fn found(model: &mut Model, form: &mut Form, step: Step, taken: &str, theirs: &Draft) -> Next {
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
            return over(model, Tone::Good, &text, settle);
        }
        form.stage = Stage::Editing;
        form.refuse(EMAIL, taken);
        let text = format!(
            "Unconfirmed: {taken}, but with another {differs}: somebody else may have invited them. \
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

fn not_found(model: &mut Model, form: &mut Form, step: Step) -> Next {
    form.stage = Stage::Editing;
    if step == Step::Recheck {
        return match form.trial.verdict(Seen::Missing) {
            Verdict::LookAgain { after } => {
                let what = "Neither a user nor a pending invitation has the address";
                look_later(form, after, what);
                Next::stay()
            }
            Verdict::NotDone => {
                if let Some(doubt) = form.trial.doubt().cloned() {
                    refuse(model, form, "Nobody was invited", &doubt);
                }
                Next::stay()
            }
            _ => {
                form.say(
                    Tone::Bad,
                    "Unconfirmed: neither a user nor a pending invitation has the address after a minute, and nothing was sent again; Ctrl-s looks again, then asks",
                );
                Next::stay()
            }
        };
    }
    if form.leave.is_some() {
        // She is being asked whether to leave: nothing is asked behind the question.
        form.say(Tone::Info, "Nothing was sent yet; Ctrl-s saves");
    } else {
        form.ask(Question::Invite(form.invite_words()));
    }
    Next::stay()
}

pub(super) fn send(model: &mut Model, form: &mut Form) -> Vec<Effect> {
    let request = form.invite_request();
    flow::send(model, form, Call::InviteUser(request))
}

fn sent(model: &mut Model, form: &mut Form, outcome: Result<Reply, Failure>) -> Next {
    match outcome {
        Ok(Reply::User(user)) => {
            let (tone, text) = form.told_invited(&user);
            over(model, tone, &text, None)
        }
        Err(failure) if doubt(model, form, &failure) == settle::Next::Refused => {
            form.stage = Stage::Editing;
            refuse(model, form, "Nobody was invited", &failure);
            Next::stay()
        }
        Err(failure) => {
            let text = format!("{}; looking whether it was done", failure.sentence());
            form.say(Tone::Bad, &text);
            Next::Stay(look(model, form, Step::Recheck))
        }
        Ok(_) => Next::Stay(look(model, form, Step::Recheck)),
    }
}

/// The form closes. Whether an invited person is a user already is for the server to say: both lists are
/// read again.
fn over(model: &mut Model, tone: Tone, text: &str, settle: Option<Effect>) -> Next {
    let instead = format!(
        "the e-mail is out; {}, {} revokes the invitation",
        model.key(Action::GoInvitations),
        model.key(Action::RevokeInvitation)
    );
    undo::remember_lasting(model, About::Nothing, text, &instead);
    model.inform(tone, text);
    let mut effects: Vec<Effect> = settle.into_iter().collect();
    effects.extend(fetch::walk_people(model));
    effects.extend(fetch::read_invitations(model));
    Next::Over(effects)
}

impl Form {
    pub(super) fn invite_request(&self) -> InviteUser {
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

    /// What is asked before the e-mail goes out.
    fn invite_words(&self) -> Vec<String> {
        let draft = self.draft();
        let level = draft.text(&Unit::Level);
        let mut lines = vec![
            format!("To {}", self.text(EMAIL)),
            "The e-mail goes out at once and cannot be called back.".into(),
            format!(
                "{}: {}, {level}",
                self.invited_name(),
                draft.text(&Unit::Role)
            ),
            format!(
                "Manages studies: {}; dashboard access: {}",
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
        let mut missing = labels(&changed(&Draft::of(&user.profile), &self.draft()));
        if !is_same(&user.email, email) {
            missing = format!("e-mail {missing}");
        }
        let name = name_of(user);
        if missing.is_empty() {
            let text = format!("Invited {name} (an e-mail goes to {email})");
            return (Tone::Good, text);
        }
        let text = format!("Invited {name}, but the server shows something else in: {missing}");
        (Tone::Bad, text)
    }
}
