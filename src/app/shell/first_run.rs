//! The first run: an address and a key, tested before anything is saved; which user is working here; and
//! where the key is saved.
//!
//! One file: its six stages lead into one another.

use crate::app::action::keys::KeyTable;
use crate::app::message::effect::{Effect, ExitReason};
use crate::app::message::secret::HiddenLine;
use crate::app::message::setup::{Candidate, Keep, KeyTrial, Part, Setup, SetupFault, TrialFound};
use crate::app::message::{Msg, Size};
use crate::app::widget::geometry;
use crate::app::widget::line::LineEdit;
use crate::app::widget::notice::{Notice, Tone};
use crate::input::{Chord, Key};
use crate::text::SafeText;
use crate::wire::{DEFAULT_BASE_URL, UserId, check_base_url};
use crate::worklist::{NameQuery, folded};
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupStage {
    /// What the program is, and how to go on.
    Welcome,
    /// Where the server is, and the key.
    Server,
    /// The test call is under way.
    Trying,
    /// Which of the users is working here.
    Me,
    /// The profile's name, and where the key stays.
    Keep,
    /// It is being saved.
    Keeping,
}

/// What has the focus, in the order of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    Address,
    Key,
    Try,
    Profile,
    Place,
    Command,
    Save,
}

/// The places for a key, in the order of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    File,
    Command,
    Environment,
}

impl KeyPlace {
    pub const ALL: [Self; 3] = [Self::File, Self::Command, Self::Environment];
}

#[derive(Debug, Clone)]
pub struct FirstRun {
    pub stage: SetupStage,
    pub spot: Spot,
    pub address: LineEdit,
    pub key: HiddenLine,
    /// Narrows the list of people.
    pub search: LineEdit,
    pub at: usize,
    pub me: Option<UserId>,
    pub profile: LineEdit,
    pub place: KeyPlace,
    pub command: LineEdit,
    pub notice: Option<Notice>,
    /// The users to choose oneself from, where the key may list them.
    pub people: Option<Vec<Candidate>>,
    /// Test calls made. Only the answer of the newest counts.
    pub trials: u32,
    pub size: Size,
    /// The keys as the configuration wants them.
    pub keys: Arc<KeyTable>,
    /// For screen readers: lines instead of boxes.
    pub is_plain: bool,
    /// Something that shows has changed since the last frame.
    pub needs_draw: bool,
}

impl Default for FirstRun {
    fn default() -> Self {
        Self {
            stage: SetupStage::Welcome,
            spot: Spot::Address,
            address: LineEdit::new(DEFAULT_BASE_URL),
            key: HiddenLine::default(),
            search: LineEdit::default(),
            at: 0,
            me: None,
            profile: LineEdit::new("main"),
            place: KeyPlace::File,
            command: LineEdit::default(),
            notice: None,
            people: None,
            trials: 0,
            size: Size::default(),
            keys: KeyTable::standard().clone(),
            is_plain: false,
            needs_draw: true,
        }
    }
}

impl FirstRun {
    /// Begins with this address, and the keys and the way of drawing that the configuration wants.
    pub fn at(address: &str, keys: Arc<KeyTable>, is_plain: bool) -> Self {
        Self {
            address: LineEdit::new(address.trim_end_matches('/')),
            keys,
            is_plain,
            ..Self::default()
        }
    }

    /// Those whose name or address holds every word that was typed.
    pub fn candidates(&self) -> Vec<&Candidate> {
        let wanted = NameQuery::of(self.search.text());
        let fits = |person: &&Candidate| {
            wanted.is_in(&folded(&format!("{} {}", person.name, person.email)))
        };
        self.people.iter().flatten().filter(fits).collect()
    }

    /// The one that was chosen.
    pub fn chosen(&self) -> Option<&Candidate> {
        let is_me = |person: &&Candidate| Some(person.id) == self.me;
        self.people.iter().flatten().find(is_me)
    }

    fn spots(&self) -> &'static [Spot] {
        match (self.stage, self.place) {
            (SetupStage::Server, _) => &[Spot::Address, Spot::Key, Spot::Try],
            (SetupStage::Keep, KeyPlace::Command) => {
                &[Spot::Profile, Spot::Place, Spot::Command, Spot::Save]
            }
            (SetupStage::Keep, _) => &[Spot::Profile, Spot::Place, Spot::Save],
            (
                SetupStage::Welcome | SetupStage::Trying | SetupStage::Me | SetupStage::Keeping,
                _,
            ) => &[],
        }
    }

    fn step(&mut self, forward: bool) {
        let spots = self.spots();
        let Some(at) = spots.iter().position(|spot| *spot == self.spot) else {
            return;
        };
        let by = if forward { 1 } else { spots.len() - 1 };
        self.spot = spots[(at + by) % spots.len()];
    }

    fn say(&mut self, tone: Tone, text: &str) {
        self.notice = Some(Notice {
            tone,
            text: SafeText::clean(text),
            is_refreshing: false,
        });
    }

    fn go(&mut self, stage: SetupStage, spot: Spot) {
        self.stage = stage;
        self.spot = spot;
        self.notice = None;
    }

    fn line(&mut self) -> Option<&mut LineEdit> {
        match (self.stage, self.spot) {
            (SetupStage::Server, Spot::Address) => Some(&mut self.address),
            (SetupStage::Me, _) => Some(&mut self.search),
            (SetupStage::Keep, Spot::Profile) => Some(&mut self.profile),
            (SetupStage::Keep, Spot::Command) => Some(&mut self.command),
            _ => None,
        }
    }
}

impl FirstRun {
    /// Whether the screen has room for the questions.
    pub fn fits(&self) -> bool {
        self.size.width >= geometry::MIN.width && self.size.height >= geometry::MIN.height
    }

    /// Applies one message and returns the effects to run.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Key(chord) => self.press(chord),
            Msg::Pasted(text) => {
                self.paste(&text);
                Vec::new()
            }
            Msg::Resized(size) => {
                self.size = size;
                self.needs_draw = true;
                Vec::new()
            }
            Msg::TriedOut(number, outcome) => {
                self.tried_out(number, outcome);
                Vec::new()
            }
            Msg::Kept(outcome) => self.kept(outcome),
            Msg::Terminated => vec![Effect::Leave(ExitReason::Quit)],
            // Nothing has been asked of a server yet, and nothing here is clicked on.
            Msg::Clicked { .. }
            | Msg::Scrolled { .. }
            | Msg::Focused(_)
            | Msg::Ticked
            | Msg::Replied { .. }
            | Msg::Opened(_)
            | Msg::Copied(_)
            | Msg::ViewSaved(..)
            | Msg::KeyRead(_) => Vec::new(),
        }
    }

    fn press(&mut self, chord: Chord) -> Vec<Effect> {
        self.needs_draw = true;
        if (chord.key, chord.ctrl) == (Key::Char('c'), true) {
            return vec![Effect::Leave(ExitReason::Quit)];
        }
        if !self.fits() {
            // A letter may have been meant for what cannot be seen.
            let leaves = chord.typed().is_none() && self.keys.quits(chord);
            return Vec::from_iter(leaves.then_some(Effect::Leave(ExitReason::Quit)));
        }
        match self.stage {
            SetupStage::Welcome if self.keys.quits(chord) => vec![Effect::Leave(ExitReason::Quit)],
            SetupStage::Welcome => press_welcome(self, chord),
            SetupStage::Server => press_server(self, chord),
            SetupStage::Trying => {
                if chord.key == Key::Esc {
                    // Its answer will be to a call that nobody waits for.
                    self.trials += 1;
                    self.go(SetupStage::Server, Spot::Try);
                }
                Vec::new()
            }
            SetupStage::Me => press_me(self, chord),
            SetupStage::Keep => press_keep(self, chord),
            SetupStage::Keeping => Vec::new(),
        }
    }

    fn paste(&mut self, text: &str) {
        self.needs_draw = true;
        if !self.fits() {
            return;
        }
        match (self.stage, self.spot) {
            (SetupStage::Server, Spot::Key) => self.key.paste(text),
            _ => {
                if let Some(line) = self.line() {
                    line.paste(text);
                }
            }
        }
        self.at = 0;
    }
}

fn press_welcome(run: &mut FirstRun, chord: Chord) -> Vec<Effect> {
    match (chord.key, chord.ctrl) {
        (Key::Enter | Key::Char('s'), false) => {
            run.go(SetupStage::Server, Spot::Address);
            Vec::new()
        }
        (Key::Char('d'), false) => vec![Effect::Leave(ExitReason::Demo)],
        _ => Vec::new(),
    }
}

/// Handles the keys that move the focus in every form. Returns whether the key was one of these.
fn moves(run: &mut FirstRun, chord: Chord) -> bool {
    match chord.key {
        Key::Tab | Key::Down => run.step(true),
        Key::BackTab | Key::Up => run.step(false),
        _ => return false,
    }
    true
}

fn press_server(run: &mut FirstRun, chord: Chord) -> Vec<Effect> {
    let goes_on = matches!(
        (chord.key, chord.ctrl),
        (Key::Enter, _) | (Key::Char('s'), true)
    );
    match (chord.key, run.spot) {
        (Key::Esc, _) => {
            run.key = HiddenLine::default();
            run.go(SetupStage::Welcome, Spot::Address);
        }
        (Key::Enter, Spot::Address) => run.step(true),
        _ if goes_on => return try_out(run),
        _ if moves(run, chord) => {}
        (_, Spot::Key) => {
            run.notice = None;
            run.key.press(chord);
        }
        _ => edit(run, chord),
    }
    Vec::new()
}

fn edit(run: &mut FirstRun, chord: Chord) {
    if let Some(line) = run.line()
        && line.apply(chord) == Some(true)
    {
        run.notice = None;
        run.at = 0;
    }
}

/// Checks what can be checked here, and asks the server for the rest.
fn try_out(run: &mut FirstRun) -> Vec<Effect> {
    let address = run.address.text().trim().to_owned();
    if let Err(error) = check_base_url(&address) {
        run.spot = Spot::Address;
        run.say(Tone::Bad, &format!("The address: {error}"));
        return Vec::new();
    }
    let key = match run.key.key() {
        Ok(key) => key,
        Err(reason) => {
            run.spot = Spot::Key;
            run.say(Tone::Bad, reason);
            return Vec::new();
        }
    };
    run.trials += 1;
    run.go(SetupStage::Trying, Spot::Try);
    vec![Effect::TryOut(KeyTrial {
        number: run.trials,
        address,
        key,
    })]
}

impl FirstRun {
    /// Handles what a test call found.
    fn tried_out(&mut self, number: u32, outcome: Result<TrialFound, SetupFault>) {
        let run = self;
        if run.stage != SetupStage::Trying || run.trials != number {
            return;
        }
        run.needs_draw = true;
        match outcome {
            Err(fault) => {
                let spot = match fault.part {
                    Part::Key | Part::Permission => Spot::Key,
                    Part::Address => Spot::Address,
                    Part::Network | Part::Tls | Part::Server => Spot::Try,
                };
                run.go(SetupStage::Server, spot);
                let (title, advice) = (fault.part.title(), fault.part.advice());
                let sentence = fault.sentence.trim_end_matches('.');
                run.say(Tone::Bad, &format!("{title}: {sentence}; {advice}"));
            }
            Ok(TrialFound { people: None }) => {
                run.people = None;
                run.me = None;
                run.go(SetupStage::Keep, Spot::Profile);
                let text = "It works. The key cannot list users: set AVARA_ME or me to your e-mail";
                run.say(Tone::Info, text);
            }
            Ok(TrialFound { people }) => {
                run.people = people;
                run.at = 0;
                run.search = LineEdit::default();
                run.go(SetupStage::Me, Spot::Address);
                run.say(Tone::Good, "It works: the server accepts the key");
            }
        }
    }
}

fn press_me(run: &mut FirstRun, chord: Chord) -> Vec<Effect> {
    let last = run.candidates().len();
    match chord.key {
        Key::Esc => run.go(SetupStage::Server, Spot::Try),
        Key::Up => run.at = run.at.saturating_sub(1),
        // The last line means "none of these".
        Key::Down => run.at = (run.at + 1).min(last),
        Key::Enter | Key::Tab => {
            run.me = run.candidates().get(run.at).map(|person| person.id);
            run.go(SetupStage::Keep, Spot::Profile);
        }
        _ => edit(run, chord),
    }
    Vec::new()
}

fn press_keep(run: &mut FirstRun, chord: Chord) -> Vec<Effect> {
    let saves = (chord.key, chord.ctrl) == (Key::Char('s'), true)
        || (chord.key, run.spot) == (Key::Enter, Spot::Save);
    match (chord.key, run.spot) {
        _ if saves => return keep(run),
        (Key::Esc, _) if run.people.is_some() => run.go(SetupStage::Me, Spot::Address),
        (Key::Esc, _) => run.go(SetupStage::Server, Spot::Try),
        (Key::Enter, _) => run.step(true),
        _ if moves(run, chord) => {}
        (Key::Right | Key::Char(' '), Spot::Place) => turn(run, 1),
        (Key::Left, Spot::Place) => turn(run, KeyPlace::ALL.len() - 1),
        _ => edit(run, chord),
    }
    Vec::new()
}

fn turn(run: &mut FirstRun, by: usize) {
    run.notice = None;
    let at = KeyPlace::ALL.iter().position(|place| *place == run.place);
    run.place = KeyPlace::ALL[(at.unwrap_or(0) + by) % KeyPlace::ALL.len()];
}

/// Asks for everything to be saved. Only a key that the server accepted gets here.
fn keep(run: &mut FirstRun) -> Vec<Effect> {
    let words: Vec<String> = run
        .command
        .text()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let keep = match run.place {
        KeyPlace::File => Keep::File,
        KeyPlace::Environment => Keep::Environment,
        KeyPlace::Command if words.is_empty() => {
            run.spot = Spot::Command;
            run.say(
                Tone::Bad,
                "Enter the program that prints the key, with its arguments",
            );
            return Vec::new();
        }
        KeyPlace::Command => Keep::Command(words),
    };
    let Ok(key) = run.key.key() else {
        run.go(SetupStage::Server, Spot::Key);
        return Vec::new();
    };
    let setup = Setup {
        profile: run.profile.text().trim().to_owned(),
        address: run.address.text().trim().to_owned(),
        me: run.me,
        key,
        keep,
    };
    run.stage = SetupStage::Keeping;
    run.notice = None;
    vec![Effect::Keep(Box::new(setup))]
}

impl FirstRun {
    /// Handles how saving it went.
    fn kept(&mut self, outcome: Result<(), String>) -> Vec<Effect> {
        let run = self;
        run.needs_draw = true;
        match outcome {
            Ok(()) => {
                run.key = HiddenLine::default();
                vec![Effect::Leave(ExitReason::SetUp)]
            }
            Err(reason) => {
                run.go(SetupStage::Keep, Spot::Profile);
                run.say(Tone::Bad, &format!("Nothing was saved: {reason}"));
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
