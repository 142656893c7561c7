//! Views under the keys 1 to 9: choosing one, and saving what is on screen as one.

use crate::app::action::Action;
use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::session::Environment;
use crate::app::lists::Lists;
use crate::app::lists::filter::{apply_filter, tell_if_nobody_is_me};
use crate::app::message::effect::{Effect, SavedView};
use crate::app::widget::line::LineEdit;
use crate::app::widget::notice::Tone;
use crate::app::widget::record_list::RecordList;
use crate::app::widget::save_box::SaveBox;
use crate::input::{Chord, Key};
use crate::text::SafeText;
use crate::worklist::{Changes, FilterContext, FilteredStudies, Scope, View};

/// The number of the view of all open studies.
pub const ALL: usize = 0;

/// The views of this session.
#[derive(Debug, Clone)]
pub struct Views {
    pub(in crate::app) all: Vec<View>,
    /// The one chosen last; what is on screen may have been changed since.
    chosen: usize,
    /// How many studies each matches, where everything it can match is loaded.
    counts: Vec<Option<usize>>,
    /// What each found when it was counted last.
    found: Vec<FilteredStudies>,
    /// The scope that was on screen when they were counted.
    pub(in crate::app) counted_for: Scope,
    /// Views that are being written to the file.
    pub(in crate::app) saving: usize,
    /// Kept filters, oldest first, for the filter box.
    pub kept: Vec<String>,
}

impl Default for Views {
    fn default() -> Self {
        Self {
            all: View::defaults(),
            chosen: ALL,
            counts: Vec::new(),
            found: Vec::new(),
            counted_for: Scope::Open,
            saving: 0,
            kept: Vec::new(),
        }
    }
}

/// How many kept filters the filter box can go back to.
const MOST_KEPT: usize = 50;

impl Views {
    /// Each view with its number and count.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &View, Option<usize>)> {
        let counts = self.counts.iter().copied().chain(std::iter::repeat(None));
        (1..)
            .zip(&self.all)
            .zip(counts)
            .map(|((number, view), count)| (number, view, count))
    }

    pub fn get(&self, number: usize) -> Option<&View> {
        self.all.get(number.checked_sub(1)?)
    }

    /// Remembers a filter that was kept.
    pub(in crate::app) fn keep(&mut self, filter: &str) {
        let filter = filter.trim();
        if filter.is_empty() {
            return;
        }
        self.kept.retain(|kept| kept != filter);
        self.kept.push(filter.to_owned());
        if self.kept.len() > MOST_KEPT {
            self.kept.remove(0);
        }
    }

    fn number_of(&self, name: &str) -> Option<usize> {
        let place = self.all.iter().position(|view| view.is_called(name));
        place.map(|place| place + 1)
    }

    /// Replaces a view, or adds one. Returns its number and the name of the view that it replaced.
    fn put(&mut self, number: usize, view: View) -> (usize, Option<SafeText>) {
        match self.all.get_mut(number.wrapping_sub(1)) {
            Some(place) => {
                let earlier = std::mem::replace(place, view);
                (number, Some(earlier.name))
            }
            None => {
                self.all.push(view);
                (self.all.len(), None)
            }
        }
    }
}

/// The view of what is on screen, without a name.
fn on_screen(kernel: &Kernel) -> View {
    View {
        name: SafeText::default(),
        filter: kernel.data.studies.filter.clone(),
        sort: kernel.data.studies.sort,
        columns: kernel.data.studies.columns.clone(),
    }
}

fn all_open() -> View {
    View::plain("all", "")
}

fn shows(view: &View, screen: &View) -> bool {
    (&view.filter, view.sort, &view.columns) == (&screen.filter, screen.sort, &screen.columns)
}

impl Lists {
    /// The number of the view on screen, and whether it was changed since it was chosen.
    pub fn current_view(&self, kernel: &Kernel) -> (usize, bool) {
        let screen = on_screen(kernel);
        let is_it = |number: usize| match self.views.get(number) {
            Some(view) => shows(view, &screen),
            None => number == ALL && shows(&all_open(), &screen),
        };
        let chosen = self.views.chosen;
        if is_it(chosen) {
            return (chosen, false);
        }
        match (ALL..=self.views.all.len()).find(|number| is_it(*number)) {
            Some(other) => (other, false),
            None => (chosen, true),
        }
    }

    /// Counts what each view shows, after `changes`. Done when studies changed, not for every frame.
    ///
    /// Studies that are not open are read only while they are on screen: counts of them would age.
    pub fn count_views(&mut self, kernel: &Kernel, changes: &Changes) {
        let targets = kernel.data.studies.targets;
        let context = FilterContext {
            now: kernel.now + kernel.clock_skew,
            me: kernel.session.me,
            targets: &targets,
        };
        let on_screen = kernel.scope();
        let views = &mut self.views;
        views
            .found
            .resize_with(views.all.len(), FilteredStudies::default);
        let count = |(view, found): (&View, &mut FilteredStudies)| {
            let scope = view.filter.scope();
            let is_known = !view.filter.needs_me() || context.me.is_some();
            let is_read = scope == Scope::Open || scope == on_screen;
            if !(is_known && is_read && kernel.data.sync.is_loaded(scope)) {
                // Not brought up to date, so of no use the next time.
                *found = FilteredStudies::default();
                return None;
            }
            found.refresh(&view.filter, &kernel.data.studies.store, &context, changes);
            Some(found.count())
        };
        views.counts = views.all.iter().zip(&mut views.found).map(count).collect();
        views.counted_for = on_screen;
    }
}

/// Why a view cannot be chosen, if it cannot.
pub(in crate::app) fn disabled_reason(
    lists: &Lists,
    kernel: &Kernel,
    number: usize,
) -> Option<String> {
    let is_missing = number != ALL && lists.views.get(number).is_none();
    is_missing.then(|| {
        let key = kernel.key(Action::SaveView);
        format!("There is no view {number}; {key} saves the current list as a view")
    })
}

pub(in crate::app) fn choose(lists: &mut Lists, kernel: &mut Kernel, number: usize) {
    let view = match lists.views.get(number) {
        Some(view) => view.clone(),
        None if number == ALL => all_open(),
        None => return,
    };
    lists.views.chosen = number;
    kernel.data.studies.forget_earlier();
    if shows(&view, &on_screen(kernel)) {
        return;
    }
    kernel.data.studies.sort = view.sort;
    kernel.data.studies.columns = view.columns;
    let before = kernel.data.studies.selected();
    apply_filter(lists, kernel, view.filter);
    if kernel.data.studies.selected() != before {
        kernel.data.studies.select(0);
        kernel.follow_cursor();
    }
    tell_if_nobody_is_me(kernel);
}

/// The next or previous view, in the order of the line: 1 to 9, then all.
pub(in crate::app) fn step(lists: &mut Lists, kernel: &mut Kernel, by: isize) {
    let many = lists.views.all.len() as isize + 1;
    let current = lists.current_view(kernel).0 as isize;
    choose(lists, kernel, (current + by).rem_euclid(many) as usize);
}

pub(in crate::app) fn ask_name(lists: &mut Lists, kernel: &mut Kernel) {
    let (number, changed) = lists.current_view(kernel);
    let name = lists.views.get(number).filter(|_| changed);
    let name = name.map(|view| view.name.to_string());
    kernel.layers.overlay = Some(Overlay::SaveView(SaveBox {
        line: LineEdit::new(&name.unwrap_or_default()),
        error: None,
    }));
}

/// What Enter would do with what is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavePlan {
    Save {
        number: usize,
        name: String,
        /// The view that it would replace.
        replaces: Option<SafeText>,
    },
    Refuse(String),
}

/// Understands a typed name: a digit and a space before it choose the number.
pub fn plan(views: &Views, typed: &str) -> SavePlan {
    let typed = typed.trim();
    let (wanted, name) = match typed.split_once(' ') {
        Some((digit @ ("1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9"), name)) => {
            (digit.parse().ok(), name.trim())
        }
        _ => (None, typed),
    };
    if name.is_empty() {
        return SavePlan::Refuse("A view needs a name".into());
    }
    if name.chars().count() > View::LONGEST_NAME {
        let most = View::LONGEST_NAME;
        return SavePlan::Refuse(format!("A name has at most {most} characters"));
    }
    let next = views.all.len() + 1;
    let namesake = views.number_of(name);
    let number = match (wanted, namesake) {
        (Some(wanted), Some(other)) if wanted != other => {
            return SavePlan::Refuse(format!("View {other} already has that name"));
        }
        (Some(wanted), _) => next.min(wanted),
        (None, Some(namesake)) => namesake,
        (None, None) => next,
    };
    if number > View::MOST {
        let text = "All nine views are in use: start with the number to replace, such as 9 Night";
        return SavePlan::Refuse(text.into());
    }
    SavePlan::Save {
        number,
        name: name.to_owned(),
        replaces: views.get(number).map(|view| view.name.clone()),
    }
}

pub(in crate::app) fn press(
    lists: &mut Lists,
    kernel: &mut Kernel,
    mut save: SaveBox,
    chord: Chord,
) -> Vec<Effect> {
    match (chord.key, chord.ctrl) {
        (Key::Esc, _) | (Key::Char('c'), true) => return Vec::new(),
        (Key::Enter, _) => match plan(&lists.views, save.line.text()) {
            SavePlan::Save { number, name, .. } => return save_as(lists, kernel, number, &name),
            SavePlan::Refuse(reason) => save.error = Some(reason),
        },
        _ => {
            if save.line.apply(chord) == Some(true) {
                save.error = None;
            }
        }
    }
    kernel.layers.overlay = Some(Overlay::SaveView(save));
    Vec::new()
}

fn save_as(lists: &mut Lists, kernel: &mut Kernel, number: usize, name: &str) -> Vec<Effect> {
    let mut view = on_screen(kernel);
    view.name = SafeText::clean(name);
    let (number, replaces) = lists.views.put(number, view.clone());
    lists.views.chosen = number;
    lists.count_views(kernel, &Changes::default());
    if kernel.session.place == Environment::Demo {
        let text =
            format!("View {number} {name} is for this session only; the demo writes no file");
        kernel.inform(Tone::Good, &text);
        return Vec::new();
    }
    kernel.inform(Tone::Info, &format!("Saving view {number} {name}"));
    lists.views.saving += 1;
    vec![Effect::SaveView(SavedView {
        number,
        view,
        replaces,
        all: lists.views.all.clone(),
    })]
}

/// Says how writing a view to the file went. The view works for this session either way.
pub(in crate::app) fn saved(
    lists: &mut Lists,
    kernel: &mut Kernel,
    saved: &SavedView,
    outcome: Result<String, String>,
) {
    kernel.needs_draw = true;
    lists.views.saving = lists.views.saving.saturating_sub(1);
    let SavedView { number, view, .. } = saved;
    let name = &view.name;
    match outcome {
        Ok(path) => {
            let text = format!("Saved view {number} {name} in {path}");
            if View::may_name_a_patient(view.filter.text()) {
                let warning = "its filter contains a long number, which may identify a patient";
                kernel.inform(Tone::Bad, &format!("{text}; {warning}"));
            } else {
                kernel.inform(Tone::Good, &text);
            }
        }
        Err(reason) => {
            let text = format!("View {number} {name} is for this session only: {reason}");
            kernel.inform(Tone::Bad, &text);
        }
    }
}
