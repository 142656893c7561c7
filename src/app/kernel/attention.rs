//! Which input reaches what. One rule: a key, a paste or the wheel reaches only what is drawn, and answers
//! only what was asked.
//!
//! - What has the focus but does not fit on the screen takes the keys to quit, lock and suspend, and
//!   nothing else ([`Kernel::room`]); a question that does not fit can be left, never answered.
//! - What opens for text or a choice and cannot be used now opens nevertheless, and swallows what is typed
//!   ([`Refusal`]): letters that were meant for it never run as commands.
//! - An action is for a study, a user or an invitation that was drawn under the cursor ([`Sight`](crate::app::widget::sight::Sight)).

use crate::app::action;
use crate::app::action::Action;
use crate::app::action::Needs;
use crate::app::action::screen::Screen;
use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::message::Size;
use crate::app::widget::defect::{Defect, planted};
use crate::app::widget::geometry;
use crate::app::widget::geometry::Geometry;
use crate::app::widget::notice;
use crate::app::widget::refusal::Refusal;
use crate::input::{Chord, Key};
use crate::text::SafeText;

/// Whether what has the focus fits on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScreenRoom {
    Enough,
    /// It would fit on a screen of this size.
    Short(Size),
}

/// What gets the next key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// What would get it does not fit on the screen.
    Short,
    Lookup,
    /// What lies over the list.
    Overlay,
    List,
}

/// No screen needs to be larger than this for anything.
const LARGEST: Size = Size {
    width: 100,
    height: 60,
};

impl Kernel {
    /// What gets the next key.
    pub fn focus(&self) -> Focus {
        if self.room() != ScreenRoom::Enough && !planted(Defect::TooSmallStillActs) {
            Focus::Short
        } else if self.is_looking() {
            Focus::Lookup
        } else if self.layers.overlay.is_some() {
            Focus::Overlay
        } else {
            Focus::List
        }
    }

    /// Whether what has the focus is drawn.
    pub fn room(&self) -> ScreenRoom {
        if self.fits(self.size) {
            return ScreenRoom::Enough;
        }
        let least = geometry::MIN;
        let width = self.size.width.max(least.width);
        let height = self.size.height.max(least.height);
        let higher = (height..=LARGEST.height).map(|height| Size { width, height });
        let wider = (width..=LARGEST.width)
            .step_by(4)
            .flat_map(|width| (height..=LARGEST.height).map(move |height| Size { width, height }));
        let needed = higher.chain(wider).find(|size| self.fits(*size));
        ScreenRoom::Short(needed.unwrap_or(LARGEST))
    }

    pub fn fits(&self, size: Size) -> bool {
        let Some(geometry) = self.geometry_at(size) else {
            return false;
        };
        if self.is_looking() {
            return true;
        }
        match &self.layers.overlay {
            Some(Overlay::Confirm(confirm)) => {
                let (columns, rows) = geometry::question_room(geometry.body, self.is_plain);
                // Line by line each button has a line of its own.
                let rows = rows.saturating_sub(usize::from(self.is_plain));
                confirm.layout(columns, rows).is_some()
            }
            Some(Overlay::Form(form)) => form.fits(geometry.body, self.is_plain),
            Some(Overlay::Picker(picker)) => {
                geometry::picker_rows(geometry.body, picker, self.is_plain) > 0
            }
            Some(
                Overlay::Filter(_)
                | Overlay::RosterFilter(_)
                | Overlay::SaveView(_)
                | Overlay::Link(_)
                | Overlay::Refused(_),
            )
            | None => true,
        }
    }

    pub fn rows_drawn(&mut self) {
        if self.shows_studies() {
            self.data.studies.marks_seen.drawn();
        }
        self.list_mut().drawn();
    }

    pub fn geometry_at(&self, size: Size) -> Option<Geometry> {
        if self.is_plain {
            Geometry::plain(size, self.detail())
        } else {
            Geometry::of(size, self.detail())
        }
    }

    /// Whether letters are text now, and not keys.
    pub fn takes_text(&self) -> bool {
        self.layers.overlay.is_some() || self.layers.lookup.is_some()
    }
}

/// Whether an action opens something for text or a choice, so that what is typed next is meant for that.
pub(in crate::app) fn opens(kernel: &Kernel, action: Action) -> bool {
    let spec = action.spec();
    spec.opens || (spec.asks_for_many && kernel.shows_studies() && kernel.data.studies.has_marks())
}

/// Says why an action is refused: over everything, if something should have opened, otherwise in a line.
pub(in crate::app) fn refuse(kernel: &mut Kernel, action: Action, reason: &str) {
    if planted(Defect::RefusedOpenerLetsKeysThrough) || !opens(kernel, action) {
        kernel.inform(notice::Tone::Bad, reason);
        return;
    }
    show_refusal(kernel, action, reason);
}

pub(in crate::app) fn show_refusal(kernel: &mut Kernel, action: Action, reason: &str) {
    kernel.needs_draw = true;
    kernel.layers.overlay = Some(Overlay::Refused(Refusal {
        title: SafeText::clean(action.spec().brief()),
        reason: SafeText::clean(reason),
        has_swallowed: false,
    }));
}

/// A key over a refusal. Returns whether it stays.
pub(in crate::app) fn press_refusal(refusal: &mut Refusal, chord: Chord) -> bool {
    let leaves = chord.key == Key::Esc || chord == Chord::ctrl('c');
    refusal.has_swallowed = true;
    !leaves
}

/// Why an action would not be for what a person has seen under the cursor, if so.
pub(in crate::app) fn unseen(kernel: &mut Kernel, action: Action) -> Option<String> {
    if kernel.is_looking() && action.needs_study() {
        let store = &kernel.data.studies.store;
        let is_clear = kernel
            .layers
            .lookup
            .as_ref()
            .is_some_and(|look| look.is_drawn(store));
        return (!is_clear && !planted(Defect::UnseenIsTaken)).then(|| {
            "The study appeared or changed as you typed. Check, then press the keys again".into()
        });
    }
    if planted(Defect::UnseenIsTaken) {
        return None;
    }
    if !is_for_the_cursor(kernel, action) {
        let is_for_marks = kernel.shows_studies() && action.is_write() && action.needs_study();
        let is_clear =
            kernel.data.studies.marks_seen.is_clear() || kernel.is_looking() || !is_for_marks;
        return (!is_clear).then(|| {
            "A marked study changed as you typed. Check, then press the keys again".into()
        });
    }
    let page = kernel.geometry().map_or(0, |geometry| geometry.page());
    let on = under_the_cursor(kernel)?;
    let list = kernel.list();
    let (is_clear, is_on_screen) = (list.sight().is_clear(), list.is_on_screen(page));
    if page > 0 && !is_on_screen {
        kernel.list_mut().reveal(page);
        return Some(format!(
            "{on} was scrolled off the screen. It is shown again: check, then press the keys again"
        ));
    }
    (!is_clear).then(|| {
        format!(
            "The cursor moved to {on}, or it changed, as you typed. Check, then press the keys again"
        )
    })
}

/// Whether an action is for what is under the cursor. What is marked or looked up was drawn as such.
fn is_for_the_cursor(kernel: &Kernel, action: Action) -> bool {
    if kernel.is_looking() {
        return false;
    }
    if action == Action::ShowDetail {
        return false;
    }
    match action.spec().needs {
        Needs::User | Needs::Invitation => true,
        Needs::Nothing | Needs::Record => false,
        Needs::Study => {
            let is_mark = matches!(
                action,
                Action::ToggleMark | Action::MarkRange | Action::EditStudy
            );
            is_mark || !kernel.data.studies.has_marks()
        }
    }
}

/// What is under the cursor, by its name.
fn under_the_cursor(kernel: &Kernel) -> Option<SafeText> {
    match kernel.screen {
        Screen::Worklist => {
            let study = kernel.data.studies.selected_study()?;
            Some(SafeText::clean(study.description().trim()))
        }
        Screen::Users => Some(kernel.data.users.selected()?.name.clone()),
        Screen::Invitations => Some(kernel.data.invitations.selected()?.name.clone()),
    }
}

/// Why the marks do not go with an action, if they do not.
pub(in crate::app) fn marks_refused(kernel: &Kernel, action: Action) -> Option<String> {
    if !kernel.shows_studies() || kernel.is_looking() || !kernel.data.studies.has_marks() {
        return None;
    }
    let spec = action.spec();
    if spec.for_one {
        let (shown, hidden) = kernel.data.studies.marked();
        let many = match shown.len() + hidden.len() {
            1 => "1 study is marked".to_owned(),
            many => format!("{many} studies are marked"),
        };
        return Some(format!(
            "{many}, but this works on one at a time; {} clears the marks",
            kernel.key(Action::GoBack)
        ));
    }
    let is_for_targets = action.needs_study()
        && !matches!(
            action,
            Action::ShowDetail | Action::ToggleMark | Action::MarkRange | Action::MarkAll
        );
    if is_for_targets {
        hidden_only(kernel)
    } else {
        None
    }
}

/// Says so where the filter hides every marked study: an action would be for nothing that shows.
pub(in crate::app) fn hidden_only(kernel: &Kernel) -> Option<String> {
    if kernel.looked_up().is_some() {
        return None;
    }
    let (shown, hidden) = kernel.data.studies.marked();
    let them = match hidden.len() {
        1 => "The 1 marked study is".to_owned(),
        many => format!("All {many} marked studies are"),
    };
    (shown.is_empty() && !hidden.is_empty()).then(|| {
        format!(
            "{them} hidden by the filter. {} clears the marks; another filter shows them",
            kernel.key(action::Action::GoBack)
        )
    })
}
