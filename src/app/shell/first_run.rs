//! The first run: an address and a key, tested before anything is saved; which user is working here; and
//! where the key is saved.

use crate::app::kernel::Kernel;
use crate::app::message::effect::{Effect, Exit};
use crate::app::message::secret::HiddenLine;
use crate::app::message::setup::{Candidate, Fault, Found, Keep, Part, Setup, Trial};
use crate::app::shell::Shell;
use crate::app::widget::line::LineEdit;
use crate::app::widget::notice::{Notice, Tone};
use crate::input::{Chord, Key};
use crate::text::SafeText;
use crate::wire::{DEFAULT_BASE_URL, UserId, check_base_url};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
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
pub enum Place {
    File,
    Command,
    Environment,
}

impl Place {
    pub const ALL: [Self; 3] = [Self::File, Self::Command, Self::Environment];
}

#[derive(Debug, Clone)]
pub struct FirstRun {
    pub stage: Stage,
    pub spot: Spot,
    pub address: LineEdit,
    pub key: HiddenLine,
    /// Narrows the list of people.
    pub search: LineEdit,
    pub at: usize,
    pub me: Option<UserId>,
    pub profile: LineEdit,
    pub place: Place,
    pub command: LineEdit,
    pub notice: Option<Notice>,
    people: Option<Vec<Candidate>>,
    trials: u32,
}

impl Default for FirstRun {
    fn default() -> Self {
        Self {
            stage: Stage::Welcome,
            spot: Spot::Address,
            address: LineEdit::new(DEFAULT_BASE_URL),
            key: HiddenLine::default(),
            search: LineEdit::default(),
            at: 0,
            me: None,
            profile: LineEdit::new("main"),
            place: Place::File,
            command: LineEdit::default(),
            notice: None,
            people: None,
            trials: 0,
        }
    }
}

impl FirstRun {
    /// Begins with this address.
    pub fn at(address: &str) -> Self {
        Self {
            address: LineEdit::new(address.trim_end_matches('/')),
            ..Self::default()
        }
    }

    /// Those whose name or address holds every word that was typed.
    pub fn candidates(&self) -> Vec<&Candidate> {
        let wanted = self.search.text().to_lowercase();
        let fits = |person: &&Candidate| {
            let told = format!("{} {}", person.name, person.email).to_lowercase();
            wanted.split_whitespace().all(|word| told.contains(word))
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
            (Stage::Server, _) => &[Spot::Address, Spot::Key, Spot::Try],
            (Stage::Keep, Place::Command) => {
                &[Spot::Profile, Spot::Place, Spot::Command, Spot::Save]
            }
            (Stage::Keep, _) => &[Spot::Profile, Spot::Place, Spot::Save],
            (Stage::Welcome | Stage::Trying | Stage::Me | Stage::Keeping, _) => &[],
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

    fn go(&mut self, stage: Stage, spot: Spot) {
        self.stage = stage;
        self.spot = spot;
        self.notice = None;
    }

    fn line(&mut self) -> Option<&mut LineEdit> {
        match (self.stage, self.spot) {
            (Stage::Server, Spot::Address) => Some(&mut self.address),
            (Stage::Me, _) => Some(&mut self.search),
            (Stage::Keep, Spot::Profile) => Some(&mut self.profile),
            (Stage::Keep, Spot::Command) => Some(&mut self.command),
            _ => None,
        }
    }
}

pub(in crate::app) fn press(shell: &mut Shell, kernel: &mut Kernel, chord: Chord) -> Vec<Effect> {
    if (chord.key, chord.ctrl) == (Key::Char('c'), true) {
        return vec![Effect::Leave(Exit::Quit)];
    }
    let run = &mut shell.first_run;
    match run.stage {
        Stage::Welcome if kernel.keys.quits(chord) => vec![Effect::Leave(Exit::Quit)],
        Stage::Welcome => press_welcome(run, chord),
        Stage::Server => press_server(run, chord),
        Stage::Trying => {
            if chord.key == Key::Esc {
                // Its answer will be ignored.
                run.trials += 1;
                run.go(Stage::Server, Spot::Try);
            }
            Vec::new()
        }
        Stage::Me => press_me(run, chord),
        Stage::Keep => press_keep(run, chord),
        Stage::Keeping => Vec::new(),
    }
}

pub(in crate::app) fn paste(shell: &mut Shell, text: &str) {
    let run = &mut shell.first_run;
    match (run.stage, run.spot) {
        (Stage::Server, Spot::Key) => run.key.paste(text),
        _ => {
            if let Some(line) = run.line() {
                line.paste(text);
            }
        }
    }
    run.at = 0;
}

fn press_welcome(run: &mut FirstRun, chord: Chord) -> Vec<Effect> {
    match (chord.key, chord.ctrl) {
        (Key::Enter | Key::Char('s'), false) => {
            run.go(Stage::Server, Spot::Address);
            Vec::new()
        }
        (Key::Char('d'), false) => vec![Effect::Leave(Exit::Demo)],
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
            run.go(Stage::Welcome, Spot::Address);
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
    run.go(Stage::Trying, Spot::Try);
    vec![Effect::TryOut(Trial {
        number: run.trials,
        address,
        key,
    })]
}

/// Handles what a test call found.
pub(in crate::app) fn tried_out(
    shell: &mut Shell,
    kernel: &mut Kernel,
    number: u32,
    outcome: Result<Found, Fault>,
) {
    let run = &mut shell.first_run;
    if run.stage != Stage::Trying || run.trials != number {
        return;
    }
    kernel.needs_draw = true;
    match outcome {
        Err(fault) => {
            let spot = match fault.part {
                Part::Key | Part::Permission => Spot::Key,
                Part::Address => Spot::Address,
                Part::Network | Part::Tls | Part::Server => Spot::Try,
            };
            run.go(Stage::Server, spot);
            let (title, advice) = (fault.part.title(), fault.part.advice());
            let sentence = fault.sentence.trim_end_matches('.');
            run.say(Tone::Bad, &format!("{title}: {sentence}; {advice}"));
        }
        Ok(Found { people: None }) => {
            run.people = None;
            run.me = None;
            run.go(Stage::Keep, Spot::Profile);
            let text = "It works. The key cannot list users: set AVARA_ME or me to your e-mail";
            run.say(Tone::Info, text);
        }
        Ok(Found { people }) => {
            run.people = people;
            run.at = 0;
            run.search = LineEdit::default();
            run.go(Stage::Me, Spot::Address);
            run.say(Tone::Good, "It works: the server accepts the key");
        }
    }
}

fn press_me(run: &mut FirstRun, chord: Chord) -> Vec<Effect> {
    let last = run.candidates().len();
    match chord.key {
        Key::Esc => run.go(Stage::Server, Spot::Try),
        Key::Up => run.at = run.at.saturating_sub(1),
        // The last line means "none of these".
        Key::Down => run.at = (run.at + 1).min(last),
        Key::Enter | Key::Tab => {
            run.me = run.candidates().get(run.at).map(|person| person.id);
            run.go(Stage::Keep, Spot::Profile);
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
        (Key::Esc, _) if run.people.is_some() => run.go(Stage::Me, Spot::Address),
        (Key::Esc, _) => run.go(Stage::Server, Spot::Try),
        (Key::Enter, _) => run.step(true),
        _ if moves(run, chord) => {}
        (Key::Right | Key::Char(' '), Spot::Place) => turn(run, 1),
        (Key::Left, Spot::Place) => turn(run, Place::ALL.len() - 1),
        _ => edit(run, chord),
    }
    Vec::new()
}

fn turn(run: &mut FirstRun, by: usize) {
    run.notice = None;
    let at = Place::ALL.iter().position(|place| *place == run.place);
    run.place = Place::ALL[(at.unwrap_or(0) + by) % Place::ALL.len()];
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
        Place::File => Keep::File,
        Place::Environment => Keep::Environment,
        Place::Command if words.is_empty() => {
            run.spot = Spot::Command;
            run.say(
                Tone::Bad,
                "Enter the program that prints the key, with its arguments",
            );
            return Vec::new();
        }
        Place::Command => Keep::Command(words),
    };
    let Ok(key) = run.key.key() else {
        run.go(Stage::Server, Spot::Key);
        return Vec::new();
    };
    let setup = Setup {
        profile: run.profile.text().trim().to_owned(),
        address: run.address.text().trim().to_owned(),
        me: run.me,
        key,
        keep,
    };
    run.stage = Stage::Keeping;
    run.notice = None;
    vec![Effect::Keep(Box::new(setup))]
}

/// Handles how saving it went.
pub(in crate::app) fn kept(
    shell: &mut Shell,
    kernel: &mut Kernel,
    outcome: Result<(), String>,
) -> Vec<Effect> {
    kernel.needs_draw = true;
    let run = &mut shell.first_run;
    match outcome {
        Ok(()) => {
            run.key = HiddenLine::default();
            vec![Effect::Leave(Exit::SetUp)]
        }
        Err(reason) => {
            run.go(Stage::Keep, Spot::Profile);
            run.say(Tone::Bad, &format!("Nothing was saved: {reason}"));
            Vec::new()
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
