use crate::app::edit::record::Subject;
use crate::app::kernel::Kernel;
use crate::app::widget::confirm::Confirm;
use crate::app::widget::filter_box::FilterBox;
use crate::app::widget::form::{Form, Task};
use crate::app::widget::lookup_box::Lookup;
use crate::app::widget::picker::Picker;
use crate::app::widget::refusal::Refusal;
use crate::app::widget::save_box::SaveBox;
use crate::wire::RerouteUrlResponse;
use crate::worklist::Facets;

/// What lies over the screen and takes the keys. At most one at a time.
#[derive(Debug, Clone)]
pub enum Overlay {
    Filter(FilterBox),
    /// A filter over users or invitations.
    RosterFilter(FilterBox<Facets>),
    Picker(Picker),
    Confirm(Box<Confirm>),
    /// A name for what is on screen.
    SaveView(SaveBox),
    Form(Box<Form>),
    /// What was asked for and cannot be done now.
    Refused(Refusal),
    /// A viewer link to copy by hand, where no browser can be reached.
    Link(RerouteUrlResponse),
}

/// What lies over the list.
#[derive(Debug, Clone, Default)]
pub struct Layers {
    pub overlay: Option<Overlay>,
    /// Lies over the overlay too, so that a call in between costs nothing that is half typed.
    pub lookup: Option<Lookup>,
    /// What was open underneath, set aside while something opened from the lookup lies over it.
    pub beneath: Option<Overlay>,
    /// Forms that were left while the server had not answered.
    pub left_forms: Vec<Form>,
}

/// A form's write of this record is under way.
pub fn is_sending(kernel: &Kernel, wanted: Subject) -> bool {
    sending(kernel).any(|form| matches!(form.task, Task::Edit { subject, .. } if subject == wanted))
}

/// An invitation is under way: another to the same address would not see it yet.
pub fn is_inviting(kernel: &Kernel) -> bool {
    sending(kernel).any(|form| matches!(form.task, Task::Invite(_)))
}

pub fn sending_count(kernel: &Kernel) -> usize {
    sending(kernel).count()
}

pub(in crate::app) fn sending(kernel: &Kernel) -> impl Iterator<Item = &Form> {
    let open = match &kernel.layers.overlay {
        Some(Overlay::Form(form)) => Some(&**form),
        _ => None,
    };
    let beneath = match &kernel.layers.beneath {
        Some(Overlay::Form(form)) => Some(&**form),
        _ => None,
    };
    let left = kernel.layers.left_forms.iter();
    open.into_iter()
        .chain(beneath)
        .chain(left)
        .filter(|form| form.is_sending())
}
