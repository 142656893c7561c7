//! Help while a filter is typed: what could come at the cursor, and earlier filters.

use crate::app::kernel::Kernel;
use crate::app::lists::Lists;
use crate::app::widget::completion::Completion;
use crate::app::widget::filter_box::FilterBox;
use crate::app::widget::line::LineEdit;
use crate::input::{Chord, Key};
use crate::text::SafeText;
use crate::worklist::{KEYS, StudyView, fold, folded, quoted};
use std::collections::BTreeSet;

/// More candidates than this are no help.
const MOST: usize = 200;

pub(in crate::app) fn open(lists: &Lists, kernel: &Kernel) -> FilterBox {
    let mut filter_box = FilterBox::new(&kernel.data.studies.filter);
    filter_box.history = lists.views.kept.clone();
    filter_box
}

/// Handles the keys that complete or recall. Returns whether it was one of them.
pub(in crate::app) fn press(kernel: &Kernel, filter_box: &mut FilterBox, chord: Chord) -> bool {
    match (chord.key, chord.ctrl) {
        (Key::Tab, _) | (Key::Char('n'), true) => complete(kernel, filter_box, true),
        (Key::BackTab, _) | (Key::Char('p'), true) => complete(kernel, filter_box, false),
        (Key::Up, false) => filter_box.recall(true),
        (Key::Down, false) => filter_box.recall(false),
        (Key::Esc, _) if filter_box.completion.is_some() => {
            if let Some(completion) = filter_box.completion.take() {
                filter_box.line = LineEdit::at(&completion.typed.0, completion.typed.1);
            }
        }
        _ => {
            filter_box.completion = None;
            return false;
        }
    }
    true
}

fn complete(kernel: &Kernel, filter_box: &mut FilterBox, forward: bool) {
    let completion = match filter_box.completion.take() {
        Some(completion) => completion.step(forward),
        None => {
            let (text, cursor) = (filter_box.line.text(), filter_box.line.cursor());
            let candidates = |key: Option<&str>, typed: &str| match key {
                None => keys(kernel, typed),
                Some(key) => values(kernel, key, typed),
            };
            match Completion::start(text, cursor, candidates) {
                Some(completion) if forward => completion,
                Some(completion) => completion.step(false),
                None => return,
            }
        }
    };
    let (text, cursor) = completion.text();
    filter_box.line = LineEdit::at(&text, cursor);
    // The only candidate needs no choice: the next Tab looks at what follows it.
    filter_box.completion = (completion.items.len() > 1).then_some(completion);
}

/// Keys that begin as typed, by their name or by another word for them, and metadata keys.
fn keys(kernel: &Kernel, typed: &str) -> Vec<String> {
    let named = KEYS.iter().filter(|key| key.name != "meta.");
    let fits = |key: &&crate::worklist::FilterKey| {
        let other = || key.also.iter().any(|word| word.starts_with(typed));
        key.name.starts_with(typed) || (!typed.is_empty() && other())
    };
    let mut items: Vec<String> = named
        .filter(fits)
        .map(|key| format!("{}:", key.name))
        .collect();
    let part = typed.strip_prefix("meta.");
    let meta = kernel
        .data
        .studies
        .store
        .meta_keys()
        .filter(|key| match part {
            Some(part) => fold(key).contains(part),
            None => "meta.".starts_with(typed),
        });
    let mut meta: Vec<&str> = meta.collect::<BTreeSet<_>>().into_iter().collect();
    meta.sort_by_key(|key| !fold(key).starts_with(part.unwrap_or_default()));
    let written = |key: &str| format!("meta.{}:", quoted(key, &[':', ',']));
    items.extend(meta.into_iter().map(written));
    items
}

/// Values of a key that hold what is typed; those that begin with it first.
fn values(kernel: &Kernel, key: &str, typed: &str) -> Vec<String> {
    let key = fold(key).into_owned();
    let name = if key.starts_with("meta.") {
        "meta."
    } else {
        key.as_str()
    };
    let Some(known) = KEYS.iter().find(|known| known.name == name) else {
        return Vec::new();
    };
    let words = known.words.iter().map(|word| (*word).to_owned());
    let live = live(kernel, &key)
        .into_iter()
        .map(|value| quoted(&value, &[',']).into_owned());
    let plain = |item: &str| folded(&item.replace('"', ""));
    let mut items: Vec<String> = words
        .chain(live)
        .filter(|item| plain(item).contains(typed))
        .collect();
    items.sort_by_key(|item| !plain(item).starts_with(typed));
    items.truncate(MOST);
    items
}

/// What is seen of a key among the people and the loaded studies, in the order of the alphabet.
fn live(kernel: &Kernel, key: &str) -> BTreeSet<String> {
    let store = &kernel.data.studies.store;
    match key {
        "to" => {
            let users = kernel.data.users.iter().map(|person| &person.name);
            let seen = store.people().map(|person| &person.name);
            users.chain(seen).map(SafeText::to_string).collect()
        }
        "cust" => store
            .customers()
            .map(|customer| customer.name.to_string())
            .collect(),
        "desc" => seen(kernel, |study| Some(study.description())),
        "by" => seen(kernel, |study| study.created_by()),
        _ => match key.strip_prefix("meta.") {
            Some(name) => {
                let name = name.replace('"', "");
                let of = |study: StudyView<'_>| {
                    let mut pairs = study.metadata();
                    let found = pairs.find(|(key, _)| fold(key) == name);
                    found.map(|(_, value)| value.trim().to_owned())
                };
                let studies = store.slots().map(|slot| store.get(slot));
                studies
                    .filter_map(of)
                    .filter(|value| !value.is_empty())
                    .collect()
            }
            None => BTreeSet::new(),
        },
    }
}

fn seen<'a>(kernel: &'a Kernel, of: impl Fn(StudyView<'a>) -> Option<&'a str>) -> BTreeSet<String> {
    let store = &kernel.data.studies.store;
    let studies = store.slots().map(|slot| store.get(slot));
    let texts: BTreeSet<&str> = studies.filter_map(of).map(str::trim).collect();
    texts
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}
