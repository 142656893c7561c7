//! The promise of the whole program: whatever keys, pastes, sizes, delays, refusals, locks and colleagues
//! come in whatever order, each write that leaves is for what the screen showed when it was asked for,
//! with a value that was typed or shown, and only while the server still has what was shown.
//!
//! The judge below reads the screen as a person does, and knows nothing of the program's own rules. That it
//! can find a fault is shown by faults that are planted on purpose.

use std::collections::{BTreeMap, BTreeSet};

use super::shot;
use super::*;
use crate::app::{Call, Change, Defect, ReadOnly, ScreenRoom, Ticket, plant};
use crate::input::{Chord, Key, parse_sequence};
use crate::sandbox::random::Random;
use crate::wire::{Patch, Severity, Study, StudyId, StudyViewerStatus, UserId};

/// Studies that are there at the start; more arrive.
const STUDIES: u8 = 12;
const MOST: u8 = 30;
/// Steps of one day.
const DAY_STEPS: usize = 250;

/// What happens on a day follows from its seed, and stays the same when crates are updated.
struct Dice(Random);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        (self.0.word() % n.max(1) as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

fn name(number: u8) -> String {
    format!("CT{number:02}X")
}

/// The studies that a text names.
fn named(text: &str) -> BTreeSet<u8> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("CT") {
        if let Some(number) = text.get(at + 2..at + 4).and_then(|two| two.parse().ok())
            && text[at + 4..].starts_with('X')
        {
            found.insert(number);
        }
    }
    found
}

fn number_of(id: StudyId) -> u8 {
    id.as_bytes()[0]
}

/// What of a study can be changed by one of the quick changes.
#[derive(Debug, Clone, PartialEq)]
struct Values {
    assignee: Option<UserId>,
    severity: Severity,
    status: StudyViewerStatus,
    is_cancelled: bool,
}

impl Values {
    fn of(study: &Study) -> Self {
        Self {
            assignee: study.assigned_to.as_ref().map(|user| user.user_id),
            severity: study.severity.clone(),
            status: study.study_viewer_status.clone(),
            is_cancelled: study.is_cancelled,
        }
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Assign { to, .. } => self.assignee = Some(*to),
            Change::Unassign => self.assignee = None,
            Change::Severity(severity) => self.severity = severity.clone(),
            Change::Status(status) => self.status = status.clone(),
            Change::Cancel => self.is_cancelled = true,
            Change::Uncancel => self.is_cancelled = false,
            Change::Edit(_) => {}
        }
    }

    /// Whether the field that a change sets is the same in both.
    fn agree(&self, other: &Self, change: &Change) -> bool {
        match change {
            Change::Assign { .. } | Change::Unassign => self.assignee == other.assignee,
            Change::Severity(_) => self.severity == other.severity,
            Change::Status(_) => self.status == other.status,
            Change::Cancel | Change::Uncancel => self.is_cancelled == other.is_cancelled,
            Change::Edit(_) => true,
        }
    }
}

/// A frame as a person read it.
#[derive(Debug, Clone, Default)]
struct Frame {
    text: String,
    /// The rows of the table from the top, by the numbers of their studies.
    rows: Vec<u8>,
    /// The study in the row with the cursor, or on the whole screen.
    cursor: Option<u8>,
    /// Everything that is marked, on the screen or off it.
    marked: BTreeSet<u8>,
    /// The item that is chosen in a list over the table.
    chosen: String,
    values: BTreeMap<u8, Values>,
    /// The same, with what was asked for here and is on its way taken as made.
    expected: BTreeMap<u8, Values>,
    failed: BTreeSet<u8>,
    is_over_something: bool,
    /// Whether the keys go to the list or to the detail of a study.
    is_worklist: bool,
}

impl Frame {
    fn read(desk: &Desk) -> Self {
        let size = desk.model.kernel.size;
        let (width, height) = (size.width.max(1), size.height.max(1));
        let buffer = shot::draw(&desk.model, width, height).0;
        let lines = shot::lines(&buffer);
        let over =
            desk.model.kernel.layers.overlay.is_some() || desk.model.kernel.layers.lookup.is_some();
        let is_worklist = desk.model.kernel.screen == crate::app::Screen::Worklist;
        let geometry = desk.model.kernel.geometry();
        let is_full = geometry.is_some_and(|geometry| geometry.table.is_empty());
        let mut frame = Self {
            text: lines.join("\n"),
            is_over_something: over,
            is_worklist,
            ..Self::default()
        };
        if desk.model.shell.lock.is_locked() || desk.model.kernel.room() != ScreenRoom::Enough {
            return frame;
        }
        if is_full
            && is_worklist
            && let Some(geometry) = geometry
        {
            let body = usize::from(geometry.body.y)..usize::from(geometry.body.bottom());
            frame.cursor = named(&lines[body].join("\n")).into_iter().next();
        } else if is_worklist && let Some(geometry) = geometry {
            let table = geometry.table;
            for line in &lines[usize::from(table.y)..usize::from(table.bottom())] {
                let Some(number) = named(line).into_iter().next() else {
                    continue;
                };
                frame.rows.push(number);
                if line.starts_with('>') {
                    frame.cursor = Some(number);
                }
            }
        }
        let chosen = lines
            .iter()
            .find(|line| line.contains("| > ") && !line.contains("| >  "));
        let chosen = lines
            .iter()
            .filter(|line| line.contains("| > "))
            .nth(1)
            .or(chosen);
        frame.chosen = chosen.cloned().unwrap_or_default();
        let (shown, hidden) = desk.model.kernel.data.studies.marked();
        frame.marked = shown.into_iter().chain(hidden).map(number_of).collect();
        let store = &desk.model.kernel.data.studies.store;
        for slot in store.slots() {
            let study = store.get(slot);
            let values = Values {
                assignee: study.assignee().map(|person| person.id),
                severity: study.severity().clone(),
                status: study.status().clone(),
                is_cancelled: study.is_cancelled(),
            };
            frame.values.insert(number_of(study.id()), values);
        }
        let changes = &desk.model.writes.changes;
        let failed = changes.failed().iter().map(|failed| failed.job.study);
        frame.failed = failed.map(number_of).collect();
        frame
    }
}

/// What was asked for, and the values that the screen showed then.
#[derive(Debug, Clone)]
struct Asked {
    study: u8,
    change: Change,
    /// Any of these may be meant; none where the change is about something earlier than the screen.
    bases: Vec<Values>,
}

/// What the keys that are typed now are meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    Anything,
    /// Text for what a key has just opened: none of it may become a command.
    Text,
}

struct Judge {
    desk: Desk,
    frame: Frame,
    /// The frame before the one on which something opened: its marks and values are meant there.
    below: Frame,
    /// Keys since the last frame.
    keys: Vec<String>,
    meant: Meant,
    typed: String,
    asked: Vec<Asked>,
    /// What was asked for since the last frame.
    fresh: Vec<(u8, Change)>,
    /// Reads before a change that showed something else than the screen had.
    spoiled: BTreeSet<u8>,
    /// The study under the cursor when the screen was hidden, until a key moves the cursor.
    hidden_on: Option<u8>,
    trace: Vec<String>,
    writes: usize,
    asks: usize,
}

impl Judge {
    fn new() -> Self {
        let studies = (1..=STUDIES).map(clinic_study);
        let mut desk = Desk::closed(studies);
        desk.checks = false;
        desk.draws = false;
        desk.users.push(crate::app::tests::desk::user(
            4,
            "Eva",
            "Kimball",
            crate::wire::ClinicRole::Radiologist,
        ));
        desk.serve();
        let mut judge = Self {
            desk,
            frame: Frame::default(),
            below: Frame::default(),
            keys: Vec::new(),
            meant: Meant::Anything,
            typed: String::new(),
            asked: Vec::new(),
            fresh: Vec::new(),
            spoiled: BTreeSet::new(),
            hidden_on: None,
            trace: Vec::new(),
            writes: 0,
            asks: 0,
        };
        judge.draw();
        judge
    }

    fn fail(&self, what: &str) -> ! {
        let from = self.trace.len().saturating_sub(40);
        panic!(
            "{what}\nkeys since the frame: {:?}, typed {:?}\n{}\n{}",
            self.keys,
            (&self.typed, &self.asked),
            self.trace[from..].join("\n"),
            self.frame.text
        );
    }

    fn draw(&mut self) {
        let mut frame = Frame::read(&self.desk);
        // What was asked for here and is on its way is taken as made.
        frame.expected = frame.values.clone();
        for asked in &self.asked {
            if let Some(values) = frame.expected.get_mut(&asked.study) {
                values.apply(&asked.change);
            }
        }
        self.fresh.clear();
        self.desk.model.drawn(self.desk.model.kernel.now);
        if !self.frame.is_over_something {
            self.below = std::mem::take(&mut self.frame);
        }
        if let Some(before) = self.hidden_on
            && let Some(now) = frame.cursor
            && !frame.is_over_something
        {
            let is_told = frame.text.contains("The selected study is no longer");
            if now != before && !is_told {
                self.frame = frame;
                self.fail(&format!(
                    "after the lock the cursor came to {now}, not {before}"
                ));
            }
            self.hidden_on = None;
        }
        self.frame = frame;
        self.keys.clear();
    }

    fn key(&mut self, key: &str) {
        for chord in parse_sequence(key).unwrap() {
            self.chord(chord);
        }
    }

    fn chord(&mut self, chord: Chord) {
        let key = crate::input::show_sequence(&[chord]);
        self.trace.push(format!("key {key}"));
        self.keys.push(key);
        if self.desk.model.shell.lock.is_locked() {
            self.send(Msg::Key(chord));
            return;
        }
        self.hidden_on = None;
        let before = self.all_asked();
        let hidden = self.frame.cursor;
        self.send(Msg::Key(chord));
        if self.desk.model.shell.lock.is_locked() {
            self.hidden_on = hidden.filter(|_| !self.frame.is_over_something);
        }
        let mut before = before;
        for (study, change) in self.all_asked() {
            if let Some(at) = before.iter().position(|it| *it == (study, change.clone())) {
                before.remove(at);
                continue;
            }
            self.judge_asked(study, change);
        }
    }

    fn send(&mut self, msg: Msg) {
        let is_reply = matches!(msg, Msg::Replied { .. });
        self.desk.send(msg);
        self.judge_writes();
        if is_reply {
            self.forget_ended();
        }
    }

    /// Every change that is on its way, by study.
    fn all_asked(&self) -> Vec<(u8, Change)> {
        let mut all = Vec::new();
        for number in 1..=MOST {
            let changes = self.desk.model.writes.changes.asked_of(study_id(number));
            all.extend(changes.map(|change| (number, change.clone())));
        }
        all
    }

    /// Something was asked for with the last key. Was it for what the screen showed?
    fn judge_asked(&mut self, study: u8, change: Change) {
        self.asks += 1;
        let frame = &self.frame;
        let is_assignment = matches!(change, Change::Assign { .. });
        if self.meant == Meant::Text && !is_assignment {
            self.fail(&format!("text ran as a command: {change:?} of {study}"));
        }
        let name = name(study);
        // A look that was scrolled shows the UID and not the description.
        let uid = format!("2.25.{study} ");
        let is_named = frame.text.contains(&name) || frame.text.contains(&uid);
        let asks_on_screen = frame.is_over_something && is_named;
        let was_marked = frame.marked.contains(&study)
            || (frame.is_over_something && self.below.marked.contains(&study));
        let is_counted = frame.is_over_something && was_marked;
        let is_again = frame.failed.contains(&study);
        let is_undone = frame.is_over_something
            && (frame.text.contains("Undo: ") || frame.text.contains("Redo: "));
        let is_under_the_cursor = !frame.is_over_something
            && frame.is_worklist
            && self.moved_to().is_none_or(|meant| meant == Some(study));
        // What lay over the list was closed by a key of the same burst; the study was drawn before it opened.
        let was_under_the_cursor =
            frame.is_over_something && self.below.is_worklist && self.below.cursor == Some(study);
        let is_meant = asks_on_screen
            || is_counted
            || is_again
            || is_undone
            || is_under_the_cursor
            || was_under_the_cursor;
        if !is_meant {
            self.fail(&format!(
                "{change:?} of {study}, which was not shown as meant"
            ));
        }
        if let Change::Assign { name: person, .. } = &change
            && !is_again
            && !is_undone
            && !self.is_known(person.as_str())
        {
            self.fail(&format!("{person} was neither typed nor shown"));
        }
        let seen = if frame.is_over_something && self.below.values.contains_key(&study) {
            &self.below
        } else {
            frame
        };
        let mut bases: Vec<Values> = [&seen.values, &seen.expected]
            .into_iter()
            .filter_map(|values| values.get(&study).cloned())
            .collect();
        if is_again || is_undone {
            // These are about what was done or shown earlier, not about what the list shows now.
            bases.clear();
        }
        for base in &mut bases {
            for (_, earlier) in self.fresh.iter().filter(|(number, _)| *number == study) {
                base.apply(earlier);
            }
        }
        self.fresh.push((study, change.clone()));
        self.asked.push(Asked {
            study,
            change,
            bases,
        });
    }

    /// A person may be assigned whose name stood chosen on the screen, who was the only one that the typed
    /// text fits, or who was assigned by the change that is repeated.
    fn is_known(&self, person: &str) -> bool {
        // Asked for before, also where nothing had to be sent for it then.
        let repeats = self.keys.last().is_some_and(|key| key == ".");
        let typed = self.typed.trim().to_lowercase();
        let people = ["kim, ana", "osei, ben", "ruiz, dana", "kimball, eva"];
        let fits: Vec<&&str> = people.iter().filter(|name| name.contains(&typed)).collect();
        let is_named =
            !typed.is_empty() && fits.len() == 1 && person.to_lowercase().contains(&typed);
        let stands = |text: &str| text.contains(person);
        repeats
            || is_named
            || stands(&self.frame.chosen)
            || (self.frame.is_over_something
                && !self.frame.chosen.is_empty()
                && stands(&self.frame.text)
                && self.frame.text.contains("assign to"))
            || self.frame.text.contains(&format!("assign to {person}"))
            || self.frame.text.contains(&format!("Apply mine: {person}"))
    }

    /// Where the keys since the last frame have moved the cursor: `None` where that cannot be told from the
    /// frame, as after a jump beyond its rows.
    fn moved_to(&self) -> Option<Option<u8>> {
        let cursor = self.frame.cursor;
        let Some(mut at) = self.frame.rows.iter().position(|row| Some(*row) == cursor) else {
            return Some(cursor);
        };
        let mut keys = self.keys.iter().map(String::as_str).peekable();
        while let Some(key) = keys.next() {
            match key {
                // A mark takes the cursor on to the next row.
                "j" | "Down" | "Space" => at += 1,
                "k" | "Up" => at = at.checked_sub(1)?,
                "G" | "End" | "Home" | "g" | "Ctrl-d" | "Ctrl-u" | "PgDn" | "PgUp" => return None,
                // Copying moves nothing.
                "y" if keys.next_if(|next| ["u", "r"].contains(next)).is_some() => {}
                // What comes after is the action, and text for what it opens.
                _ => break,
            }
        }
        let row = self.frame.rows.get(at)?;
        Some(Some(*row))
    }

    /// Each write that leaves must have been asked for, and its study must be as the screen showed it.
    fn judge_writes(&mut self) {
        let writes: Vec<(Ticket, Call)> = self
            .desk
            .calls
            .iter()
            .filter(|(_, call)| call.is_write())
            .cloned()
            .collect();
        for (_, call) in writes {
            let Some((study, what)) = written(&call) else {
                continue;
            };
            if self.spoiled.contains(&study) {
                self.fail(&format!(
                    "{what} of {study} overwrote what somebody else had set"
                ));
            }
            let is_asked = self
                .asked
                .iter()
                .any(|asked| asked.study == study && describe(&asked.change) == what);
            if !is_asked {
                self.fail(&format!("{what} of {study} left, and nobody asked for it"));
            }
        }
    }

    /// Answers a call that waits, in any order.
    fn answer(&mut self, dice: &mut Dice) {
        if self.desk.calls.is_empty() {
            return;
        }
        let at = dice.below(self.desk.calls.len());
        let (ticket, call) = self.desk.calls.remove(at);
        if call.is_write() {
            self.answer_write(ticket, call, dice);
            return;
        }
        let is_check = self.desk.is_check(ticket);
        self.trace.push(format!("answer {}", short(&call)));
        let fails = dice.one_in(25);
        let outcome = if fails {
            Err(Failure::rejected(503, b"", None))
        } else {
            self.desk.answer(&call)
        };
        if let (true, Call::GetStudy(get)) = (is_check, &call) {
            self.judge_check(number_of(get.study_id), fails || outcome.is_err());
        }
        let reply = Msg::Replied {
            ticket,
            outcome,
            server_time: None,
        };
        self.send(reply);
        if let (true, Call::GetStudy(get)) = (is_check, &call) {
            self.spoiled.remove(&number_of(get.study_id));
        }
    }

    /// The study is read before a change: does the server have what the screen showed?
    fn judge_check(&mut self, study: u8, has_failed: bool) {
        let Some(asked) = self
            .asked
            .iter()
            .find(|asked| asked.study == study)
            .cloned()
        else {
            return;
        };
        let Some(now) = self.server(study) else {
            self.spoiled.insert(study);
            return;
        };
        let now = Values::of(now);
        let agree = |base: &Values| base.agree(&now, &asked.change);
        let agrees = asked.bases.is_empty() || asked.bases.iter().any(agree);
        if has_failed || !agrees {
            self.spoiled.insert(study);
        }
    }

    fn server(&mut self, study: u8) -> Option<&mut Study> {
        let id = study_id(study);
        self.desk.clinic.iter_mut().find(|it| it.study_id == id)
    }

    fn answer_write(&mut self, ticket: Ticket, call: Call, dice: &mut Dice) {
        self.writes += 1;
        let Some((study, what)) = written(&call) else {
            self.desk.calls.push((ticket, call));
            let failure = dice.one_in(4).then_some(Failure::TimedOut);
            self.desk.accept_last(failure);
            return;
        };
        self.trace.push(format!("answer write {study} {what}"));
        let is_there = self.server(study).is_some();
        let failure = match dice.below(12) {
            0 => Some(Failure::rejected(403, b"", None)),
            1 => Some(Failure::TimedOut),
            _ if !is_there => Some(Failure::rejected(404, b"", None)),
            _ => None,
        };
        self.desk.calls.push((ticket, call));
        self.desk.accept_last(failure);
        self.judge_writes();
        self.forget_ended();
    }

    /// Forgets what was asked and has ended. The changes of a study end in the order in which they were
    /// asked for.
    fn forget_ended(&mut self) {
        let open = self.all_asked();
        for number in 1..=MOST {
            let left = open.iter().filter(|(study, _)| *study == number).count();
            let all = self
                .asked
                .iter()
                .filter(|asked| asked.study == number)
                .count();
            let mut ended = all.saturating_sub(left);
            self.asked.retain(|asked| {
                let is_over = asked.study == number && ended > 0;
                ended -= usize::from(is_over);
                !is_over
            });
        }
    }
}

fn clinic_study(number: u8) -> StudyBuilder {
    let study = study(number)
        .description(&name(number))
        .age(i64::from(number) * 3 * MINUTE);
    match number % 4 {
        0 => study.stat(),
        1 => study.high(),
        2 => study.to(1, "Kim, Ana"),
        _ => study,
    }
}

fn written(call: &Call) -> Option<(u8, String)> {
    match call {
        Call::UpdateStudy(update) => {
            let mut parts = Vec::new();
            match &update.assigned_to {
                Patch::Keep => {}
                Patch::Clear => parts.push("unassign".to_owned()),
                Patch::Set(id) => parts.push(format!("assign {id}")),
            }
            parts.extend(update.severity.as_ref().map(|it| format!("severity {it}")));
            let status = update.study_viewer_status.as_ref();
            parts.extend(status.map(|it| format!("status {it}")));
            let is_quick = update.metadata == Patch::Keep && update.study_description.is_none();
            (is_quick && parts.len() == 1).then(|| (number_of(update.study_id), parts.join(",")))
        }
        Call::CancelStudy(cancel) => Some((number_of(cancel.0.study_id?), "cancel".into())),
        Call::UncancelStudy(cancel) => Some((number_of(cancel.0.study_id?), "uncancel".into())),
        _ => None,
    }
}

fn describe(change: &Change) -> String {
    match change {
        Change::Assign { to, .. } => format!("assign {to}"),
        Change::Unassign => "unassign".into(),
        Change::Severity(severity) => format!("severity {severity}"),
        Change::Status(status) => format!("status {status}"),
        Change::Cancel => "cancel".into(),
        Change::Uncancel => "uncancel".into(),
        Change::Edit(_) => "edit".into(),
    }
}

fn short(call: &Call) -> String {
    format!("{call:?}").chars().take(60).collect()
}

const MOVES: [&str; 8] = ["j", "k", "G", "g g", "Ctrl-d", "PgDn", "Down", "Up"];
const KEYS: [&str; 54] = [
    "j", "k", "G", "g g", "Enter", "Esc", "p", "s s", "s h", "s n", "m c", "m i", "A u", "a", "x",
    "X", "y", "n", "Tab", "Space", "v", "*", ".", "u", "U", "R", "E", "@", "o", "y u", "y r", "e",
    "c", "1", "3", "4", "0", "]", "f x", "f c", "r", "!", "S", "C", "V", "?", ":", "g p", "g i",
    "g w", "b", "B", "Ctrl-g", "t",
];
const CHANGES: [&str; 9] = ["s s", "s h", "s n", "m c", "m i", "A u", ".", "x", "R"];
/// What is typed after a key that opens something.
const OPENED: [(&str, &str); 14] = [
    ("a", "osei"),
    ("a", "kim"),
    ("a", "kimball"),
    ("a", "ruiz"),
    ("a", "sshmc"),
    ("/", "ct0"),
    ("/", "shmc"),
    ("e", "sshx"),
    ("c", "2sh"),
    ("u", "yssh"),
    ("U", "ymc"),
    ("x", "yshn"),
    ("V", "shift"),
    ("E", "mine"),
];

/// Plays one day, and returns how much was asked for and written.
fn play(seed: u64, steps: usize) -> (usize, usize) {
    let mut dice = Dice(Random::new(seed));
    let mut judge = Judge::new();
    judge.trace.push(format!("seed {seed}"));
    for _ in 0..steps {
        step(&mut judge, &mut dice);
    }
    (judge.asks, judge.writes)
}

fn step(judge: &mut Judge, dice: &mut Dice) {
    if judge.desk.model.shell.lock.is_locked() {
        come_back(judge, dice);
    }
    // Nobody stays in a list or in a question for hours, or with changes switched off.
    if judge.desk.model.kernel.room() != ScreenRoom::Enough && dice.one_in(3) {
        resize(judge, 80, 24);
    }
    if judge.frame.is_over_something && dice.one_in(2) {
        judge.key("Esc");
        judge.draw();
        judge.desk.now += 400;
        judge.send(Msg::Ticked);
        if judge.frame.is_over_something && dice.one_in(2) {
            judge.key("y");
            judge.draw();
        }
    }
    if judge.desk.model.kernel.session.read_only == ReadOnly::On && dice.one_in(5) {
        judge.key("!");
        judge.draw();
    }
    if !judge.frame.is_worklist && dice.one_in(6) {
        judge.key("g w");
        judge.draw();
    }
    match dice.below(100) {
        0..12 => {
            judge.key(dice.of(&CHANGES));
            judge.draw();
        }
        12..32 => {
            judge.key(dice.of(&KEYS));
            judge.draw();
        }
        32..36 => {
            for _ in 0..1 + dice.below(3) {
                judge.key(dice.of(&MOVES));
                judge.draw();
            }
        }
        36..48 => open_and_type(judge, dice, true),
        48..54 => open_and_type(judge, dice, false),
        54..58 => {
            // Keys come faster than frames.
            for _ in 0..2 + dice.below(3) {
                judge.key(dice.of(&KEYS));
            }
            judge.draw();
        }
        58..74 => {
            for _ in 0..1 + dice.below(4) {
                judge.answer(dice);
            }
            if !dice.one_in(3) {
                judge.draw();
            }
        }
        74..80 => colleague(judge, dice),
        80..84 => {
            judge.desk.now += [200, 400, 2_000, 11_000, 61_000][dice.below(5)];
            judge.send(Msg::Ticked);
            judge.draw();
        }
        84..89 => {
            let size = match dice.below(4) {
                0 => (1 + dice.below(60) as u16, 1 + dice.below(16) as u16),
                1 => (40 + dice.below(30) as u16, 10 + dice.below(8) as u16),
                2 => (120, 40),
                _ => (80, 24),
            };
            let (width, height) = size;
            resize(judge, width, height);
        }
        89..93 => {
            let (column, row) = (dice.below(120) as u16, dice.below(40) as u16);
            let rows = if dice.one_in(2) { 3 } else { -3 };
            judge.trace.push(format!("wheel {column},{row} {rows}"));
            let before = judge.desk.model.kernel.data.studies.selected();
            judge.send(Msg::Scrolled { column, row, rows });
            if judge.desk.model.kernel.data.studies.selected() != before {
                judge.fail("the wheel moved the cursor");
            }
            judge.draw();
        }
        93..95 => {
            let text = dice.of(&["s h", "2.25.3", "kim", "m c\ns s", "y"]);
            judge.trace.push(format!("paste {text:?}"));
            let before = judge.all_asked();
            judge.send(Msg::Pasted(text.into()));
            if judge.all_asked().len() > before.len() {
                judge.fail("a paste asked for a change");
            }
            judge.draw();
        }
        95..97 => lock_and_return(judge, dice),
        _ => {
            judge.key("Esc");
            judge.key("Esc");
            judge.draw();
            judge.key("Esc");
            judge.draw();
        }
    }
}

fn resize(judge: &mut Judge, width: u16, height: u16) {
    judge.trace.push(format!("size {width}x{height}"));
    judge.send(Msg::Resized(Size { width, height }));
    judge.draw();
}

/// Presses a key that opens something and types what is meant for it, at leisure or all at once.
fn open_and_type(judge: &mut Judge, dice: &mut Dice, at_leisure: bool) {
    let (open, text) = dice.of(&OPENED);
    // What is open already takes the letters; that is no new opening.
    if judge.frame.is_over_something || !judge.desk.model.kernel.typed.is_empty() {
        return;
    }
    judge.typed.clear();
    let frame = |judge: &mut Judge| {
        if at_leisure {
            judge.draw();
        }
    };
    judge.key(open);
    frame(judge);
    if judge.desk.model.shell.lock.is_locked()
        || judge.desk.model.kernel.room() != ScreenRoom::Enough
    {
        judge.draw();
        return;
    }
    judge.meant = Meant::Text;
    for c in text.chars() {
        judge.typed.push(c);
        judge.chord(Chord::plain(Key::Char(c)));
        frame(judge);
    }
    if open == "a" {
        judge.key("Enter");
    }
    judge.meant = Meant::Anything;
    judge.draw();
    judge.typed.clear();
}

fn colleague(judge: &mut Judge, dice: &mut Dice) {
    let number = 1 + dice.below(usize::from(MOST)) as u8;
    let what = dice.below(6);
    judge.trace.push(format!("colleague {what} {number}"));
    let is_there = judge.server(number).is_some();
    if !is_there {
        let study = clinic_study(number).build();
        judge.desk.clinic.push(study);
        return;
    }
    if what == 5 {
        let id = study_id(number);
        judge.desk.clinic.retain(|study| study.study_id != id);
        return;
    }
    let Some(study) = judge.server(number) else {
        return;
    };
    match what {
        0 => study.assigned_to = Some(crate::worklist::testing::user(2, "Osei, Ben")),
        1 => study.assigned_to = None,
        2 => study.severity = Severity::Stat,
        3 => study.severity = Severity::High,
        _ => study.is_cancelled = !study.is_cancelled,
    }
}

fn lock_and_return(judge: &mut Judge, dice: &mut Dice) {
    judge.draw();
    judge.key("Ctrl-l");
    for _ in 0..dice.below(6) {
        judge.answer(dice);
    }
    for key in ["j", "s h"] {
        judge.key(key);
    }
    come_back(judge, dice);
}

/// Enter, once nothing is on its way that the screen waits for, and answers as they come.
fn come_back(judge: &mut Judge, dice: &mut Dice) {
    while judge.desk.has_write() || judge.desk.model.pending_count() > 0 {
        judge.answer(dice);
        judge.desk.now += 1_000;
        judge.send(Msg::Ticked);
    }
    judge.key("Enter");
    let hidden_on = judge.hidden_on;
    if judge.desk.effects.contains(&crate::app::Effect::ReadKey) {
        judge.desk.effects.clear();
        judge.send(Msg::KeyRead(Ok(())));
        judge.hidden_on = hidden_on;
        judge.draw();
        for _ in 0..dice.below(12) {
            judge.answer(dice);
            judge.draw();
        }
    }
}

/// How many steps are played.
fn wanted() -> usize {
    let wished = std::env::var("AVARA_STEPS").ok();
    wished.and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

#[test]
fn every_write_is_for_what_was_shown_with_what_was_typed() {
    plant(None);
    let days = wanted().div_ceil(DAY_STEPS);
    let (mut asks, mut writes) = (0, 0);
    for day in 0..days {
        let (asked, written) = play(0xa5a5 + day as u64, DAY_STEPS);
        asks += asked;
        writes += written;
    }
    println!(
        "{} steps, {asks} changes asked for, {writes} writes",
        days * DAY_STEPS
    );
    // A day on which nothing happens proves nothing.
    assert!(
        asks > 5 * days && writes > 3 * days,
        "{asks} asked, {writes} written"
    );
}

/// The judge must be able to find each kind of fault.
#[test]
fn each_planted_fault_is_found() {
    for defect in [
        Defect::RefusedOpenerLetsKeysThrough,
        Defect::TooSmallStillActs,
        Defect::UnlockSelectsTheFirstRow,
        Defect::UnseenIsTaken,
        Defect::BaseIsReadAgain,
    ] {
        let words = match defect {
            Defect::RefusedOpenerLetsKeysThrough => "text ran as a command",
            Defect::TooSmallStillActs => "was not shown as meant",
            Defect::UnlockSelectsTheFirstRow => "after the lock the cursor came to",
            Defect::UnseenIsTaken => "was neither typed nor shown",
            Defect::BaseIsReadAgain => "overwrote what somebody else had set",
        };
        let mut found = None;
        for day in 0..400 {
            let played = std::panic::catch_unwind(|| {
                plant(Some(defect));
                play(0x5a5a + day, DAY_STEPS);
            });
            plant(None);
            if let Err(panic) = played {
                let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                // Another sentence can be true of a planted fault too; the one that it stands for must be.
                if text.contains(words) {
                    found = Some((day, text.lines().next().unwrap_or_default().to_owned()));
                    break;
                }
            }
        }
        match found {
            Some((day, text)) => println!("{defect:?}: found on day {day}: {text}"),
            None => panic!("{defect:?} was not found in 400 days"),
        }
    }
}
