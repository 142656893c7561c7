//! The program at its keys and its screen, over a network that fails when the case says so.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use avara_tui::app::widget::form::dialog::Question;
use avara_tui::app::*;
use avara_tui::input::{Chord, Key, parse_sequence};
use avara_tui::runtime::clock;
use avara_tui::sandbox::{Fault, Faults, ScheduledFault};
use avara_tui::ui::{self, Theme};
use avara_tui::wire::Failure;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::Case;
use crate::calls::carry_out;
use crate::clinic::{Clinic, Target, Write};
use crate::expected::Said;

const SIZE: Size = Size {
    width: 150,
    height: 50,
};
/// How long a request that is answered late is waited for.
const TIMEOUT: Duration = Duration::from_millis(300);
/// When what is late is carried out, or answered: after it was given up.
const DELAY: Duration = Duration::from_millis(600);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    Ours,
    /// Takes every answer for a success.
    Credulous,
    /// Sends again whatever failed, twice.
    Blind,
}

pub struct Desk<'a> {
    clinic: &'a Clinic,
    case: Case,
    habit: Habit,
    model: Model,
    queue: VecDeque<(Ticket, Call)>,
    now: i64,
    /// Requests so far that carried the write.
    pub requests: usize,
    /// When the late one was sent.
    late: Option<Instant>,
}

impl<'a> Desk<'a> {
    pub async fn open(clinic: &'a Clinic, case: Case, habit: Habit) -> Self {
        let session = Session {
            place: Environment::Local,
            host: "127.0.0.1".into(),
            key_source: "AVARA_API_KEY".into(),
            read_only: ReadOnly::Off,
            me_wanted: None,
            me: None,
            has_outage: false,
            refresh: Pace::default(),
            lock_after: None,
            watch: Default::default(),
            utc_offset: 0,
        };
        let now = clock::now();
        let mut desk = Self {
            clinic,
            case,
            habit,
            model: Model::new(session, Screen::Worklist, SIZE, now),
            queue: VecDeque::new(),
            now,
            requests: 0,
            late: None,
        };
        let effects = start(&mut desk.model);
        desk.take(effects);
        desk.settle().await;
        desk
    }

    /// Does what the case is about, by its keys.
    pub async fn begin(&mut self, target: &Target) {
        let word = target.word.clone();
        match self.case.write {
            Write::Create => {
                self.press("c").await;
                self.type_text(&format!("2.25.{}", 9000 + target.number));
                self.press("Tab").await;
                self.type_text(&word);
                self.press("Tab h Ctrl-s").await;
            }
            Write::EditStudy => {
                self.press("e").await;
                self.fill("studyDescription", &format!("{word} again"));
                self.press("Ctrl-s").await;
            }
            Write::Cancel => self.press("x").await,
            Write::Uncancel => {
                self.press("f c").await;
                self.press("X").await;
            }
            Write::Link => self.press("o").await,
            Write::Invite => {
                self.press("g p i").await;
                self.type_text(&format!("{word}@example.org"));
                self.fill("firstName", "Noa");
                self.fill("lastName", &word);
                self.go_to("clinicRole");
                self.type_text("neuro");
                self.press("Enter Ctrl-s").await;
            }
            Write::EditUser => {
                self.press("g p").await;
                self.press("e").await;
                self.fill("suffix1", &word);
                self.press("Ctrl-s").await;
            }
            Write::RevokeAccess | Write::Reactivate => {
                self.press("g p").await;
                self.select(|model| {
                    model.kernel.data.users.selected().map(|it| it.id) == Some(target.user)
                });
                let key = match self.case.write {
                    Write::Reactivate => "X",
                    _ => "x",
                };
                self.press(key).await;
            }
            Write::EditInvitation | Write::RevokeInvitation => {
                self.press("g i").await;
                self.select(|model| {
                    model.kernel.data.invitations.selected().map(|it| it.id) == target.invitation
                });
                if self.case.write == Write::EditInvitation {
                    self.press("e").await;
                    self.fill("firstName", &format!("Noa {word}"));
                    self.press("Ctrl-s").await;
                } else {
                    self.press("x").await;
                }
            }
        }
        self.consent().await;
    }

    /// A person tries what failed again.
    pub async fn ask_again(&mut self) {
        let keys = match self.case.write {
            Write::Create
            | Write::EditStudy
            | Write::Invite
            | Write::EditUser
            | Write::EditInvitation => "Ctrl-s",
            Write::Link => "o",
            Write::Cancel
            | Write::Uncancel
            | Write::RevokeAccess
            | Write::Reactivate
            | Write::RevokeInvitation => "R",
        };
        self.press(keys).await;
        self.consent().await;
    }

    /// Says yes to what is asked before anything is sent.
    async fn consent(&mut self) {
        self.now += 1_000;
        self.send(Msg::Ticked);
        match &self.model.kernel.layers.overlay {
            Some(Overlay::Confirm(confirm)) => match confirm.word.clone() {
                Some((word, _)) => {
                    self.type_text(&word);
                    self.press("Enter").await;
                }
                None => self.press("y").await,
            },
            Some(Overlay::Form(form)) => {
                let question = form.asking().map(|dialog| &dialog.question);
                if let Some(Question::Review(_) | Question::Invite(_)) = question {
                    self.press("y").await;
                }
            }
            _ => {}
        }
    }

    fn select(&mut self, is_it: impl Fn(&Model) -> bool) {
        for _ in 0..200 {
            if is_it(&self.model) {
                return;
            }
            self.keys("j");
        }
        panic!("{:?}: not in the list\n{}", self.case, self.screen());
    }

    async fn press(&mut self, keys: &str) {
        self.keys(keys);
        self.settle().await;
    }

    fn keys(&mut self, keys: &str) {
        for chord in parse_sequence(keys).unwrap() {
            self.send(Msg::Key(chord));
        }
    }

    fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Key(Chord::plain(Key::Char(c))));
        }
    }

    fn fill(&mut self, name: &str, text: &str) {
        self.go_to(name);
        self.keys("End Ctrl-u");
        self.type_text(text);
    }

    fn go_to(&mut self, name: &str) {
        for _ in 0..40 {
            match &self.model.kernel.layers.overlay {
                Some(Overlay::Form(form)) => {
                    if form.focused().is_some_and(|field| field.name == name) {
                        return;
                    }
                }
                _ => break,
            }
            self.keys("Tab");
        }
        if self.case.attempt == 0 {
            // What was read is about another record, and nothing of it is shown to be edited.
            return;
        }
        panic!("{:?}: {name} takes no focus\n{}", self.case, self.screen());
    }

    fn send(&mut self, msg: Msg) {
        self.now += 1;
        let effects = update(&mut self.model, msg, self.now);
        self.model.drawn(self.model.kernel.now);
        self.take(effects);
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Call { ticket, call } => self.queue.push_back((ticket, call)),
                Effect::Abort(ticket) => self.queue.retain(|(other, _)| *other != ticket),
                Effect::OpenLink(_) => self.send(Msg::Opened(Opening::Opened {
                    host: "example.org".into(),
                })),
                _ => {}
            }
        }
    }

    /// Carries calls out until nothing is under way, looks that are still due included.
    async fn settle(&mut self) {
        for _ in 0..100 {
            while let Some((ticket, call)) = self.queue.pop_front() {
                let outcome = self.carry_out(call).await;
                self.send(Msg::Replied {
                    ticket,
                    outcome,
                    server_time: None,
                });
            }
            match &self.model.kernel.layers.overlay {
                Some(Overlay::Form(form)) if form.is_sending() => {}
                _ => return,
            }
            if self.late.is_some() {
                self.wait_until(|clinic| clinic.applied() > 0).await;
            }
            self.now = self.model.next_wake().unwrap_or(self.now + 1_000);
            self.send(Msg::Ticked);
        }
        panic!("{:?}: no end\n{}", self.case, self.screen());
    }

    async fn carry_out(&mut self, call: Call) -> Result<Reply, Failure> {
        if !call.is_write() && !matches!(call, Call::RerouteUrl(_)) {
            return carry_out(&self.clinic.client, &call).await;
        }
        let outcome = self.write(&call).await;
        match (self.habit, outcome) {
            (Habit::Credulous, Err(_)) => Ok(Reply::Done),
            (Habit::Blind, Err(_)) => {
                // Each repetition meets what the first did.
                self.requests -= 1;
                let _ = self.write(&call).await;
                self.write(&call).await
            }
            (_, outcome) => outcome,
        }
    }

    /// One request, with the fault that its turn brings.
    async fn write(&mut self, call: &Call) -> Result<Reply, Failure> {
        self.requests += 1;
        let fault = match self.requests.cmp(&self.case.attempt) {
            std::cmp::Ordering::Less => Some(Fault::ErrorBeforeApply),
            std::cmp::Ordering::Equal => Some(self.case.fault),
            std::cmp::Ordering::Greater => None,
        };
        let patient = &self.clinic.client;
        let client = match fault {
            Some(Fault::DelayAfterApply | Fault::LateApply) => {
                patient.clone().with_timeout(TIMEOUT)
            }
            _ => patient.clone(),
        };
        if fault == Some(Fault::LateApply) {
            self.late = Some(Instant::now());
        }
        self.suffer(fault);
        let outcome = carry_out(&client, call).await;
        self.suffer(None);
        outcome
    }

    fn suffer(&self, fault: Option<Fault>) {
        let step = fault.map(|fault| ScheduledFault {
            method: None,
            prefix: "/".into(),
            attempt: None,
            fault,
        });
        self.clinic.sandbox.set_faults(Faults {
            plan: step.into_iter().collect(),
            delay: DELAY,
            // A client that repeats an invitation gets what it deserves.
            invite_twice: true,
            // Picks what a 429 asks to wait, another for each case.
            seed: self.case.write as u64 * 3 + self.case.attempt as u64,
            ..Faults::default()
        });
    }

    /// What is late has been carried out, whether or not it shows.
    pub async fn wait_for_what_is_late(&self) {
        if let Some(sent) = self.late {
            self.wait_until(|clinic| clinic.applied() > 0 && sent.elapsed() > DELAY + TIMEOUT)
                .await;
        }
    }

    async fn wait_until(&self, is_so: impl Fn(&Clinic) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !is_so(self.clinic) {
            assert!(Instant::now() < deadline, "{:?}: never applied", self.case);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What is on the screen: a form, or the two lines below the list.
    pub fn screen(&self) -> String {
        let mut terminal = Terminal::new(TestBackend::new(SIZE.width, SIZE.height)).unwrap();
        terminal
            .draw(|frame| {
                ui::view(&self.model, Theme::default(), frame);
            })
            .unwrap();
        let buffer = terminal.backend().buffer();
        let rows = buffer.content.chunks(usize::from(SIZE.width));
        let rows: Vec<String> = rows
            .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
            .collect();
        let first = match &self.model.kernel.layers.overlay {
            Some(_) => 0,
            None => rows.len() - 2,
        };
        let rows = rows[first..].iter().map(|row| row.trim_end());
        let rows: Vec<&str> = rows.filter(|row| !row.is_empty()).collect();
        rows.join("\n")
    }

    pub fn said(&self) -> Said {
        let screen = self.screen();
        let has = |words: &[&str]| words.iter().any(|word| screen.contains(word));
        if has(&["Unconfirmed"]) {
            Said::Unconfirmed
        } else if has(&[
            "Not done",
            "Nothing was saved",
            "Nobody was invited",
            "Nothing was sent",
        ]) {
            Said::NotDone
        } else if has(&["No viewer link"]) {
            Said::NoLink
        } else if has(done_words(self.case.write)) {
            Said::Done
        } else {
            Said::Something
        }
    }
}

fn done_words(write: Write) -> &'static [&'static str] {
    match write {
        Write::Create => &["Created ", "It was created after all"],
        Write::EditStudy | Write::EditUser | Write::EditInvitation => &["Saved "],
        Write::Cancel => &["Cancelled"],
        Write::Uncancel => &["Restored"],
        Write::Link => &["Sent to the browser"],
        Write::Invite => &["Invited "],
        Write::RevokeAccess => &["Access revoked"],
        Write::Reactivate => &["Reactivated"],
        Write::RevokeInvitation => &["Invitation revoked"],
    }
}
