//! Forms: fields to fill in, a Save button, and questions before anything is lost or sent.
//!
//! [`Form`] knows fields, focus and keys, and nothing of studies. What a form is for lies in its
//! [`Task`]; `study` and `person` build the fields and the requests, `values` goes between fields and a
//! draft, `flow` and `answers` carry a record to the server, `invite` an invitation.
//!
//! One file: focus, keys and questions of a form change together.

pub mod dialog;
pub mod dialog_words;
pub mod field;
pub mod grid;
pub mod person;
pub mod pick;
pub mod study;
pub mod values;

use crate::app::edit::record::{Record, Subject};
use crate::app::message::Ticket;
use crate::app::widget::confirm::KeyGate;
use crate::app::widget::form::dialog::{Dialog, DialogAnswer, Question};
use crate::app::widget::form::field::{FieldKind, FormField, Reaction};
use crate::app::widget::form::pick::Pick;
use crate::app::widget::notice::Tone;
use crate::input::{Chord, Key};
use crate::resolve::WriteDriver;
use crate::text::SafeText;
use crate::wire::UserId;
use crate::wire::{CallClass, CreateStudy, DicomUid, Endpoint, Follower, InviteUser, Study};

/// What a form is for.
#[derive(Debug, Clone)]
pub enum Task {
    CreateStudy,
    Edit {
        subject: Subject,
        /// As the server last showed it. What the form changes is told from this.
        base: Option<Record>,
    },
    Invite(InviteTask),
}

/// What a form to invite remembers besides its fields.
#[derive(Debug, Clone, Default)]
pub struct InviteTask {
    /// Whose role and rights were copied last.
    pub(in crate::app) liked: Option<UserId>,
    /// The address that is known to be taken and was said to be.
    pub(in crate::app) told: String,
    /// The search for the address, over one list after the other.
    pub(in crate::app) search: Option<Follower<[u8; 16]>>,
    /// Records met in the search could not be read, and one of them may have the address.
    pub(in crate::app) is_unsure: bool,
}

impl Task {
    /// The class of its write. All edits are of one class.
    pub(in crate::app) fn class(&self) -> CallClass {
        match self {
            Self::CreateStudy => CreateStudy::INFO.class,
            Self::Edit { .. } => CallClass::SetState,
            Self::Invite(_) => InviteUser::INFO.class,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormStage {
    Reading,
    /// What is to be edited could not be read.
    Unread,
    Editing,
    Checking,
    Sending,
    Rechecking,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub tone: Tone,
    pub text: SafeText,
}

#[derive(Debug, Clone)]
pub struct Form {
    pub title: SafeText,
    pub task: Task,
    pub fields: Vec<FormField>,
    /// The field with the cursor; past the last one, the Save button.
    focus: usize,
    pub stage: FormStage,
    /// What is asked before it goes on.
    pub dialog: Option<Dialog>,
    /// Whether to leave, asked over everything else.
    pub leave: Option<Dialog>,
    pub message: Option<Message>,
    /// Set while the form comes back by itself: keys reach it once it has been on screen for a moment.
    pub(in crate::app) arrival: Option<KeyGate>,
    /// The call under way.
    pub(in crate::app) waiting: Option<Ticket>,
    /// The write under way, and what is not known of it.
    pub(in crate::app) driver: WriteDriver,
    /// When the last attempt failed, Unix milliseconds.
    pub(in crate::app) doubted_at: i64,
    /// When to look again whether it was done.
    pub(in crate::app) look_at: Option<i64>,
    /// The lookup of a typed UID, made while typing goes on.
    pub(in crate::app) peek: Option<Peek>,
    /// The values of the fields when nothing was typed yet.
    untouched: Vec<String>,
}

/// A UID that was looked up as soon as it was typed, and the study that has it.
#[derive(Debug, Clone)]
pub(in crate::app) struct Peek {
    pub(in crate::app) uid: DicomUid,
    pub(in crate::app) ticket: Ticket,
    pub(in crate::app) found: Option<Box<Study>>,
}

/// What a key asks the form's owner to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormRequest {
    Nothing,
    Save,
    /// Read again what is to be edited.
    Retry,
    Close,
    Answered(DialogAnswer),
}

impl Form {
    pub fn new(title: &str, task: Task, stage: FormStage, fields: Vec<FormField>) -> Self {
        let mut form = Self {
            title: SafeText::clean(title),
            task,
            fields: Vec::new(),
            focus: 0,
            stage,
            dialog: None,
            leave: None,
            message: None,
            arrival: None,
            waiting: None,
            driver: WriteDriver::of(CallClass::SetState),
            doubted_at: 0,
            look_at: None,
            peek: None,
            untouched: Vec::new(),
        };
        form.set_fields(fields);
        form
    }

    /// A form that waits for the record to be read.
    pub(in crate::app) fn to_edit(subject: Subject, title: &str) -> Self {
        let task = Task::Edit {
            subject,
            base: None,
        };
        Self::new(title, task, FormStage::Reading, Vec::new())
    }

    /// Shows these fields, the focus on the first that takes it.
    pub fn set_fields(&mut self, fields: Vec<FormField>) {
        self.fields = fields;
        self.hold_what_follows();
        self.mark_untouched();
        self.focus = (0..=self.fields.len())
            .find(|at| self.takes_focus(*at))
            .unwrap_or_default();
    }

    fn mark_untouched(&mut self) {
        self.untouched = self.fields.iter().map(FormField::value).collect();
        if !matches!(self.task, Task::Edit { .. }) {
            return;
        }
        for field in &mut self.fields {
            if let FieldKind::Text(text) = &field.kind {
                field.given = Some(text.line.text().to_owned());
            }
        }
    }

    pub fn is_dirty(&self) -> bool {
        let values = self.fields.iter().map(FormField::value);
        values.ne(self.untouched.iter().cloned())
    }

    /// A write is under way.
    pub fn is_sending(&self) -> bool {
        matches!(self.stage, FormStage::Sending | FormStage::Rechecking)
    }

    /// The field with the cursor, or `None` on the Save button.
    pub fn focused(&self) -> Option<&FormField> {
        self.fields.get(self.focus)
    }

    pub fn focus(&self) -> usize {
        self.focus
    }

    pub(in crate::app) fn waits_for(&self, ticket: Ticket) -> bool {
        let peeks = |peek: &Peek| peek.ticket == ticket;
        self.waiting == Some(ticket) || self.peek.as_ref().is_some_and(peeks)
    }

    /// The form came back by itself, and no key can have been meant for it yet.
    pub(in crate::app) fn is_arriving(&self, now: i64) -> bool {
        self.arrival
            .as_ref()
            .is_some_and(|gate| gate.ignores_keys(now))
    }

    /// The form has been drawn, and the question that takes the keys, if there is one.
    pub(in crate::app) fn drawn(&mut self, now: i64) {
        if let Some(gate) = &mut self.arrival {
            gate.drawn(now);
        }
        if let Some(dialog) = self.leave.as_mut().or(self.dialog.as_mut()) {
            dialog.gate.drawn(now);
        }
        for field in &mut self.fields {
            if let FieldKind::Pick(pick) = &mut field.kind {
                pick.list.sight.drawn();
            }
        }
    }

    /// Whether the question that takes the keys, if there is one, fits over this body.
    pub fn fits(&self, body: ratatui::layout::Rect, is_plain: bool) -> bool {
        self.asking()
            .is_none_or(|dialog| dialog.layout(body, is_plain).is_some())
    }

    /// The question that takes the keys.
    pub fn asking(&self) -> Option<&Dialog> {
        self.leave.as_ref().or(self.dialog.as_ref())
    }

    pub fn field(&self, name: &str) -> Option<&FormField> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(in crate::app) fn say(&mut self, tone: Tone, text: &str) {
        self.message = Some(Message {
            tone,
            text: SafeText::clean(text),
        });
    }

    /// The answer came while the form asked whether to leave without it.
    pub(in crate::app) fn stop_asking_while_unanswered(&mut self) {
        let asks = |dialog: &Dialog| matches!(dialog.question, Question::LeaveUnanswered);
        if !self.is_sending() && self.leave.as_ref().is_some_and(asks) {
            self.leave = None;
        }
    }

    pub(in crate::app) fn ask(&mut self, question: Question) {
        self.stage = FormStage::Editing;
        self.dialog = Some(Dialog::new(question));
    }

    pub fn press(&mut self, chord: Chord, now: i64) -> FormRequest {
        if let Some(dialog) = self.leave.as_mut().or(self.dialog.as_mut()) {
            return match dialog.press(chord, now) {
                None => FormRequest::Nothing,
                Some(answer) => self.close_dialog(answer),
            };
        }
        let leaves = matches!(
            (chord.key, chord.ctrl),
            (Key::Esc, _) | (Key::Char('c'), true)
        );
        match self.stage {
            _ if leaves && !self.has_open_list() => self.try_to_leave(),
            FormStage::Unread => match chord.key {
                Key::Enter | Key::Char('r') => FormRequest::Retry,
                _ => FormRequest::Nothing,
            },
            FormStage::Editing => self.edit(chord),
            FormStage::Reading
            | FormStage::Checking
            | FormStage::Sending
            | FormStage::Rechecking => self.press_while_busy(chord),
        }
    }

    fn close_dialog(&mut self, answer: DialogAnswer) -> FormRequest {
        if self.leave.take().is_some() && answer == DialogAnswer::Back {
            return FormRequest::Nothing;
        }
        FormRequest::Answered(answer)
    }

    fn try_to_leave(&mut self) -> FormRequest {
        let question = match self.stage {
            FormStage::Sending | FormStage::Rechecking => Question::LeaveUnanswered,
            _ if self.is_dirty() => Question::Leave,
            _ => return FormRequest::Close,
        };
        self.leave = Some(Dialog::new(question));
        FormRequest::Nothing
    }

    /// What is being sent stays as it is; one may look around.
    fn press_while_busy(&mut self, chord: Chord) -> FormRequest {
        match chord.key {
            Key::Tab | Key::Down => self.step(true),
            Key::BackTab | Key::Up => self.step(false),
            _ if self.fields.is_empty() => {
                self.say(Tone::Bad, "Still loading: what you typed was ignored");
            }
            _ => self.say(Tone::Info, "Waiting for the server; Esc leaves"),
        }
        FormRequest::Nothing
    }

    fn edit(&mut self, chord: Chord) -> FormRequest {
        self.message = None;
        match (chord.key, chord.ctrl) {
            (Key::Char('s'), true) if self.has_open_list() => {
                let text = "Choose from the list first: Enter selects, Esc keeps the old value";
                self.say(Tone::Bad, text);
            }
            (Key::Char('s'), true) => return FormRequest::Save,
            (Key::Tab, _) => self.tab(true),
            (Key::BackTab, _) => self.tab(false),
            (Key::Up | Key::Down, _) if !self.has_open_list() => {
                self.step_line(chord.key == Key::Down);
            }
            (Key::Enter, _) if self.focus == self.fields.len() => return FormRequest::Save,
            (Key::Enter, _) if !self.has_open_list() => self.step(true),
            _ => self.press_field(chord),
        }
        FormRequest::Nothing
    }

    fn press_field(&mut self, chord: Chord) {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return;
        };
        match field.press(chord) {
            Reaction::Finished => self.step(true),
            Reaction::Refused(reason) => self.say(Tone::Bad, &reason),
            Reaction::Unused | Reaction::Used | Reaction::Changed => {}
        }
    }

    pub fn paste(&mut self, text: &str) {
        if self.asking().is_some() {
            return;
        }
        if self.stage != FormStage::Editing {
            self.say(Tone::Info, "Waiting for the server; nothing was pasted");
            return;
        }
        self.message = None;
        let Some(field) = self.fields.get_mut(self.focus) else {
            return;
        };
        if let Reaction::Refused(reason) = field.paste(text) {
            self.say(Tone::Bad, &reason);
        }
    }

    fn open_list(&mut self) -> Option<&mut Pick> {
        match &mut self.fields.get_mut(self.focus)?.kind {
            FieldKind::Pick(pick) if pick.is_open => Some(pick),
            _ => None,
        }
    }

    fn has_open_list(&self) -> bool {
        matches!(self.focused().map(|field| &field.kind), Some(FieldKind::Pick(pick)) if pick.is_open)
    }

    /// Goes on, taking from an open list what was typed towards.
    fn tab(&mut self, forward: bool) {
        if let Some(pick) = self.open_list() {
            if pick.list.line.text().trim().is_empty() {
                pick.close();
            } else if let Reaction::Refused(reason) = pick.take() {
                self.say(Tone::Bad, &reason);
                return;
            }
        }
        self.step(forward);
    }

    /// To the next place that takes the focus, or the one before; around at the ends.
    fn step(&mut self, forward: bool) {
        if let Some(FieldKind::Grid(grid)) = self.fields.get_mut(self.focus).map(|f| &mut f.kind)
            && grid.step(forward)
        {
            return;
        }
        self.step_field(forward);
    }

    fn step_line(&mut self, down: bool) {
        if let Some(FieldKind::Grid(grid)) = self.fields.get_mut(self.focus).map(|f| &mut f.kind)
            && grid.step_row(down)
        {
            return;
        }
        self.step_field(down);
    }

    fn step_field(&mut self, forward: bool) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.visited = true;
        }
        let places = self.fields.len() + 1;
        let by = if forward { 1 } else { places - 1 };
        loop {
            self.focus = (self.focus + by) % places;
            if self.takes_focus(self.focus) {
                break;
            }
        }
        if let Some(FieldKind::Grid(grid)) = self.fields.get_mut(self.focus).map(|f| &mut f.kind) {
            grid.enter(forward);
        }
    }

    /// The Save button always does.
    fn takes_focus(&self, at: usize) -> bool {
        self.fields.get(at).is_none_or(FormField::takes_focus)
    }

    /// Says what is wrong with every field and goes to the first. Returns whether all are right.
    pub(in crate::app) fn is_valid(&mut self) -> bool {
        for field in &mut self.fields {
            field.visited = true;
            // The server may think otherwise by now.
            field.refusal = None;
        }
        let fault = self.fields.iter().position(|field| field.fault().is_some());
        match fault {
            None => true,
            Some(at) => {
                self.focus_on(at);
                let label = self.fields[at].label;
                self.say(
                    Tone::Bad,
                    &format!("Nothing was sent: correct {label} first"),
                );
                false
            }
        }
    }

    fn focus_on(&mut self, at: usize) {
        self.focus = at;
        if let FieldKind::Grid(grid) = &mut self.fields[at].kind {
            grid.go_to_problem();
        }
    }

    /// Puts what the server said beside the field that it names. Returns whether there is such a field.
    pub(in crate::app) fn refuse(&mut self, wire_name: &str, reason: &str) -> bool {
        // "metadata.accession" and "metadata[0]" are about the metadata.
        let name = wire_name.split(['.', '[']).next().unwrap_or_default();
        let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
        let found = self
            .fields
            .iter()
            .position(|field| plain(field.name) == plain(name));
        let Some(at) = found.filter(|at| self.fields[*at].takes_focus()) else {
            return false;
        };
        self.fields[at].refusal = Some(reason.to_owned());
        self.focus_on(at);
        true
    }
}
