//! The keys in force: what they mean on each screen, and how each action's keys are named there.

pub mod custom;
pub mod hints;
pub mod print;
pub mod words;

use crate::app::action::keys::hints::Hint;
use crate::app::action::screen::{Places, Screen};
use crate::app::action::{ACTIONS, Action, ActionSpec, prefix_title};
use crate::input::{Chord, Keymap, KeymapError, Resolution, parse_sequence, show_sequence};
use std::fmt;
use std::sync::{Arc, LazyLock};

/// The screens that have keys of their own.
pub(in crate::app) const SCREENS: [Screen; 3] =
    [Screen::Worklist, Screen::Users, Screen::Invitations];

/// Leaves the program whatever the configuration says, also where everything else is broken.
pub(in crate::app) const ALWAYS_QUITS: Chord = Chord::ctrl('c');

/// The keys of all screens. Made at the start, then only read.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyTable {
    screens: [ScreenKeys; 3],
    look: Vec<Hint>,
    /// A chord that quits by itself and means nothing else in a dialog, by its name.
    quit: String,
}

#[derive(Clone, PartialEq, Eq, Default)]
struct ScreenKeys {
    keymap: Keymap<Action>,
    /// What to type for each action, in the order of [`ACTIONS`].
    names: Vec<String>,
    hints: Vec<Hint>,
}

/// The sequences of each action, in the order of [`ACTIONS`].
pub(in crate::app) type Sequences = Vec<Vec<Vec<Chord>>>;

impl KeyTable {
    /// The keys that the program has where no file says otherwise.
    pub fn standard() -> &'static Arc<Self> {
        static STANDARD: LazyLock<Arc<KeyTable>> = LazyLock::new(|| {
            let built = default_sequences().map(|sequences| KeyTable::build(&sequences));
            // A mistake in the table leaves no keys at all, which its test refuses.
            Arc::new(built.and_then(|table| table).unwrap_or_default())
        });
        &STANDARD
    }

    fn build(sequences: &Sequences) -> Result<Self, KeymapError> {
        let [worklist, users, invitations] = SCREENS.map(|screen| keymap(sequences, screen));
        let keymaps = [worklist?, users?, invitations?];
        let names = SCREENS.map(|screen| names(&keymaps, screen));
        let mut screens = keymaps.into_iter().zip(names).zip(SCREENS);
        let mut next = || {
            let Some(((keymap, names), screen)) = screens.next() else {
                return ScreenKeys::default();
            };
            let hints = hints::of(&keymap, screen);
            ScreenKeys {
                keymap,
                names,
                hints,
            }
        };
        let mut table = Self {
            screens: [next(), next(), next()],
            look: Vec::new(),
            quit: ALWAYS_QUITS.to_string(),
        };
        let quit = table
            .keymap(Screen::Worklist)
            .keys_of(Action::Quit)
            .find_map(|keys| match keys {
                [chord] if !is_answer(*chord) => Some(chord.to_string()),
                _ => None,
            });
        table.quit = quit.unwrap_or(table.quit);
        table.look = hints::of_look(table.keymap(Screen::Worklist));
        Ok(table)
    }

    fn of(&self, screen: Screen) -> &ScreenKeys {
        let [worklist, users, invitations] = &self.screens;
        match screen {
            Screen::Worklist => worklist,
            Screen::Users => users,
            Screen::Invitations => invitations,
        }
    }

    pub fn keymap(&self, screen: Screen) -> &Keymap<Action> {
        &self.of(screen).keymap
    }

    /// What the hint line of this screen offers.
    pub fn hints(&self, screen: Screen) -> &[Hint] {
        &self.of(screen).hints
    }

    /// What the hint line offers while the lookup shows a study.
    pub fn look_hints(&self) -> &[Hint] {
        &self.look
    }

    /// What to type for an action: its keys on this screen, or on the one that it belongs to; where it
    /// has none, its name in the palette.
    pub fn name(&self, screen: Screen, action: Action) -> &str {
        let names = &self.of(screen).names;
        names.get(action.index()).map_or("", String::as_str)
    }

    /// All keys of an action on the first screen that it applies to, in words.
    pub fn all_of(&self, spec: &ActionSpec) -> Vec<String> {
        let screen = SCREENS.into_iter().find(|screen| spec.on.has(*screen));
        let keymap = self.keymap(screen.unwrap_or(Screen::Worklist));
        keymap.keys_of(spec.action).map(show_sequence).collect()
    }

    /// Whether a chord quits where only dialogs are: on the first run, and while the screen is locked.
    pub(in crate::app) fn quits(&self, chord: Chord) -> bool {
        let keymap = self.keymap(Screen::Worklist);
        let is_bound = keymap.resolve(&[chord]) == Resolution::Matched(Action::Quit);
        chord == ALWAYS_QUITS || is_bound && !is_answer(chord)
    }

    /// The chord that quits there, by its name.
    pub fn quit_name(&self) -> &str {
        &self.quit
    }

    /// The chord that quits although letters are text, by its name.
    pub fn plain_quit(&self, screen: Screen) -> String {
        let mut keys = self.keymap(screen).keys_of(Action::Quit);
        let is_no_letter = |keys: &&[Chord]| keys.len() == 1 && keys[0].typed().is_none();
        match keys.find(is_no_letter) {
            Some(keys) => show_sequence(keys),
            None => self.quit.clone(),
        }
    }

    /// What these chords begin, as the title of the popup that shows what can follow.
    pub fn prefix_title(&self, screen: Screen, typed: &[Chord]) -> &'static str {
        title(self.keymap(screen), typed)
    }

    /// What these chords, which mean nothing here, mean or begin on another screen: the words for it,
    /// where that is, and the action where it is a single one.
    pub(in crate::app) fn elsewhere(
        &self,
        chords: &[Chord],
    ) -> Option<(String, Places, Option<Action>)> {
        SCREENS
            .into_iter()
            .find_map(|screen| match self.keymap(screen).resolve(chords) {
                Resolution::Matched(action) => {
                    let spec = action.spec();
                    Some((spec.brief().to_owned(), spec.on, Some(action)))
                }
                Resolution::Pending => {
                    let (_, action) = self.keymap(screen).following(chords).next()?;
                    let title = self.prefix_title(screen, chords).to_lowercase();
                    let words = format!("{} ({title})", show_sequence(chords));
                    Some((words, action.spec().on, None))
                }
                Resolution::Unbound => None,
            })
    }
}

impl Default for KeyTable {
    fn default() -> Self {
        Self {
            screens: Default::default(),
            look: Vec::new(),
            quit: ALWAYS_QUITS.to_string(),
        }
    }
}

/// Some hundred bindings say little in a dump.
impl fmt::Debug for KeyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyTable").finish_non_exhaustive()
    }
}

pub(in crate::app) fn default_sequences() -> Result<Sequences, KeymapError> {
    let sequences = ACTIONS.iter().map(|spec| {
        let keys = spec.keys.iter().map(|keys| parse_sequence(keys));
        keys.collect::<Result<_, _>>()
    });
    Ok(sequences.collect::<Result<_, _>>()?)
}

pub(in crate::app) fn keymap(
    sequences: &Sequences,
    screen: Screen,
) -> Result<Keymap<Action>, KeymapError> {
    let mut keymap = Keymap::default();
    for (spec, sequences) in ACTIONS.iter().zip(sequences) {
        for chords in sequences.iter().filter(|_| spec.on.has(screen)) {
            keymap.bind(chords.clone(), spec.action)?;
        }
    }
    Ok(keymap)
}

fn names(keymaps: &[Keymap<Action>; 3], screen: Screen) -> Vec<String> {
    let here = SCREENS.iter().position(|other| *other == screen);
    let first = |place: usize, action: Action| {
        let keys = keymaps.get(place)?.keys_of(action).next()?;
        Some(show_sequence(keys))
    };
    let name = |action: Action| {
        let own = here.and_then(|here| first(here, action));
        own.or_else(|| (0..keymaps.len()).find_map(|place| first(place, action)))
    };
    let way_in = name(Action::ShowPalette).or_else(|| name(Action::ShowHelp));
    let way_in = way_in.unwrap_or_default();
    let in_palette = |spec: &ActionSpec| format!("{way_in} {}", spec.name);
    let of = |spec: &ActionSpec| name(spec.action).unwrap_or_else(|| in_palette(spec));
    ACTIONS.iter().map(of).collect()
}

/// What a dialog takes as an answer of its own.
fn is_answer(chord: Chord) -> bool {
    use crate::input::Key;
    let keys = [Key::Enter, Key::Esc, Key::Char('s'), Key::Char('d')];
    keys.contains(&chord.key) && !chord.ctrl && !chord.alt
}

/// What the actions behind these chords have in common.
pub(in crate::app) fn title(keymap: &Keymap<Action>, typed: &[Chord]) -> &'static str {
    let mut families = keymap.following(typed).map(|(_, action)| family(action));
    let first = families.next().flatten();
    match first {
        Some(title) if families.all(|family| family == first) => title,
        Some(_) | None => "After",
    }
}

/// The title over the group of actions that share a prefix by default, for those that do.
pub(in crate::app) fn family(action: Action) -> Option<&'static str> {
    let mut keys = action.spec().keys.iter();
    let first = keys.find_map(|keys| keys.split_once(' '));
    first.map(|(prefix, _)| prefix_title(prefix))
}

#[cfg(test)]
mod tests;
