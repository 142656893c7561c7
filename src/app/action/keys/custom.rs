//! Keys as a person wants them, checked: nothing is bound that cannot be typed, hides something else,
//! or lets one key change data.

use crate::app::action::keys::words::screen_words;
use crate::app::action::keys::{
    ALWAYS_QUITS, KeyTable, SCREENS, Sequences, default_sequences, words,
};
use crate::app::action::{ACTIONS, Action, ActionSpec};
use crate::input::{Chord, Key, parse_sequence, show_sequence, unsendable};
use crate::text;
use crate::worklist::nearest;

/// A longer sequence is no longer a shortcut.
const LONGEST: usize = 4;

/// The keys that one action should have, in place of its default ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebinding {
    pub action: Action,
    /// Sequences such as `g p`; none leave it to the palette.
    pub keys: Vec<String>,
}

/// Why the configured keys of an action cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub action: Action,
    pub message: String,
}

/// The action of this name, or what is wrong with the name.
pub fn action_named(name: &str) -> Result<Action, String> {
    let names = || ACTIONS.iter().map(|spec| spec.name);
    if let Some(spec) = ACTIONS.iter().find(|spec| spec.name == name) {
        return Ok(spec.action);
    }
    let typed = name.to_lowercase().replace('-', "_");
    // A word of a name is often remembered, the rest is not.
    let has_word = |name: &&str| name.split('_').any(|word| word == typed);
    let near = nearest(&typed, names()).or_else(|| names().find(has_word));
    Err(match near {
        Some(near) => format!("“{name}” is not an action; did you mean “{near}”?"),
        None => format!("“{name}” is not an action; `avara-tui keys` lists them"),
    })
}

impl KeyTable {
    /// The default keys with these replacing some, or the first that cannot be used.
    pub fn with(wishes: &[Rebinding]) -> Result<Self, Refused> {
        // The default ones are valid: a test checks it.
        let mut sequences = default_sequences().unwrap_or_default();
        let mut wanted = Vec::new();
        for wish in wishes {
            let chords = read(wish).map_err(|message| refused(wish, message))?;
            wanted.push((wish, chords));
        }
        for (wish, chords) in &wanted {
            if let Some(place) = sequences.get_mut(wish.action.index()) {
                place.clone_from(chords);
            }
        }
        for (wish, chords) in &wanted {
            let clash = clash(wish, chords, &sequences, wishes);
            if let Some(message) = clash {
                return Err(refused(wish, message));
            }
        }
        let open = [Action::ShowHelp, Action::ShowPalette];
        if let Some(wish) = wishes.iter().rfind(|wish| open.contains(&wish.action)) {
            let is_left = |action: &Action| {
                sequences
                    .get(action.index())
                    .is_some_and(|it| !it.is_empty())
            };
            if !open.iter().any(is_left) {
                return Err(refused(wish, words::NO_WAY_IN.into()));
            }
        }
        let build = Self::build(&sequences);
        build.map_err(|error| Refused {
            action: wishes.last().map_or(Action::Quit, |wish| wish.action),
            message: error.to_string(),
        })
    }
}

fn refused(wish: &Rebinding, message: String) -> Refused {
    Refused {
        action: wish.action,
        message,
    }
}

/// The sequences of a rebinding, each of which can be typed and is allowed for its action.
fn read(wish: &Rebinding) -> Result<Vec<Vec<Chord>>, String> {
    let spec = wish.action.spec();
    let mut all: Vec<Vec<Chord>> = Vec::new();
    for keys in &wish.keys {
        let chords = parse_sequence(keys).map_err(|_| words::no_key(keys))?;
        typable(&chords)?;
        allowed(spec, &chords)?;
        let other = all
            .iter()
            .find(|other| other.starts_with(&chords) || chords.starts_with(other));
        if let Some(other) = other {
            return Err(if *other == chords {
                format!("“{}” is listed twice", show_sequence(&chords))
            } else {
                words::hidden(spec.name, &chords, spec.name, other, None)
            });
        }
        all.push(chords);
    }
    // What always works needs no line, and must not be lost by one.
    let quits = vec![ALWAYS_QUITS];
    if wish.action == Action::Quit && !all.contains(&quits) {
        all.push(quits);
    }
    Ok(all)
}

fn typable(chords: &[Chord]) -> Result<(), String> {
    if let Some(why) = chords.iter().find_map(|chord| unsendable(*chord)) {
        return Err(format!(
            "“{}” cannot be typed: {why}",
            show_sequence(chords)
        ));
    }
    if chords.len() > LONGEST {
        return Err(format!(
            "“{}” is too long: a sequence has at most {LONGEST} keys",
            show_sequence(chords)
        ));
    }
    if chords.len() > 1 && chords.contains(&Chord::plain(Key::Esc)) {
        return Err(format!(
            "“{}” cannot be typed: Esc cancels a sequence, so it can only be used alone",
            show_sequence(chords)
        ));
    }
    let odd = chords.iter().find(|chord| !is_readable(**chord));
    match odd {
        Some(odd) => Err(format!(
            "“{}” cannot be shown; use another key",
            text::clean(&odd.to_string())
        )),
        None => Ok(()),
    }
}

/// A character that is seen, in one piece.
fn is_readable(chord: Chord) -> bool {
    match chord.key {
        Key::Char(c) => {
            let shown = c.to_string();
            text::clean(&shown) == shown && text::width(&shown) > 0
        }
        _ => true,
    }
}

/// Whether an action may be bound to these keys, from the rules that protect the data.
fn allowed(spec: &ActionSpec, chords: &[Chord]) -> Result<(), String> {
    let shown = show_sequence(chords);
    if chords.contains(&ALWAYS_QUITS) && (spec.action != Action::Quit || chords.len() > 1) {
        return Err("Ctrl-c always quits and cannot be used for anything else".into());
    }
    if spec.action.is_write() && chords.len() == 1 && !spec.may_have_one_key() {
        return Err(format!(
            "“{shown}” is a single key, and this changes data at once; use a sequence such as \
             \"{}\"",
            spec.keys.first().unwrap_or(&"z z")
        ));
    }
    if let Some(last) = chords.last().filter(|last| is_consent(**last))
        && spec.action.is_write()
    {
        return Err(format!(
            "“{shown}” must not change data, because pressing {last} twice would also confirm the \
             question"
        ));
    }
    let is_everywhere = matches!(spec.action, Action::Lock | Action::LookUp);
    if let ([chord], true) = (chords, is_everywhere)
        && chord.typed().is_none()
        && is_of_inputs(*chord)
    {
        return Err(format!(
            "this works inside inputs too, where {shown} has its own meaning; use another key"
        ));
    }
    Ok(())
}

/// What says yes to a question, takes from a list, or saves a form.
fn is_consent(chord: Chord) -> bool {
    let plain = [Key::Enter, Key::Char('y')].map(Chord::plain);
    plain.contains(&chord) || chord == Chord::ctrl('s')
}

/// What an input, a form or a list to choose from may take for itself.
fn is_of_inputs(chord: Chord) -> bool {
    match chord.key {
        Key::F(_) | Key::Insert => false,
        Key::Char(c) if chord.ctrl && !chord.alt => "abcdefhknpsuwxy".contains(c),
        Key::Char(c) if chord.alt && !chord.ctrl => "bdf".contains(c),
        Key::Char(_) => false,
        _ => true,
    }
}

/// What the configured keys would hide, or be hidden by.
fn clash(
    wish: &Rebinding,
    wanted: &[Vec<Chord>],
    sequences: &Sequences,
    wishes: &[Rebinding],
) -> Option<String> {
    let spec = wish.action.spec();
    let is_wished = |action: Action| wishes.iter().position(|it| it.action == action);
    for (other, theirs) in ACTIONS.iter().zip(sequences) {
        let shared = SCREENS
            .into_iter()
            .find(|screen| spec.on.has(*screen) && other.on.has(*screen));
        // Of two rebindings the later one is reported.
        let is_later = is_wished(other.action) > is_wished(wish.action);
        let Some(screen) = shared.filter(|_| other.action != wish.action && !is_later) else {
            continue;
        };
        for (mine, theirs) in wanted
            .iter()
            .flat_map(|mine| theirs.iter().map(move |it| (mine, it)))
        {
            if mine == theirs {
                let by_default = is_wished(other.action).is_none();
                return Some(words::taken(mine, other.name, screen, by_default));
            }
            if mine.starts_with(theirs) || theirs.starts_with(mine) {
                let place = Some(screen_words(screen));
                return Some(words::hidden(spec.name, mine, other.name, theirs, place));
            }
        }
    }
    None
}
