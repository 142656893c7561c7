//! The clinics in the configuration, and switching from one to another.

use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::kernel::session::Environment;
use crate::app::shell::ShellState;
use crate::app::widget::picker::{Choice, Item, Picker, PickerPurpose};

/// The profiles of the configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clinics {
    pub all: Vec<Clinic>,
    /// The name of the profile in use, if one is.
    pub current: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clinic {
    /// The profile's name.
    pub name: String,
    /// The host that its studies come from.
    pub host: String,
}

/// Why another clinic cannot be opened now, if it cannot. `is_busy` says that changes are under way, which
/// leaving would cut off.
pub(in crate::app) fn disabled_reason(
    shell: &ShellState,
    kernel: &Kernel,
    is_busy: bool,
) -> Option<String> {
    let clinics = &shell.clinics;
    let is_elsewhere = |clinic: &Clinic| Some(&clinic.name) != clinics.current.as_ref();
    if kernel.session.place == Environment::Demo {
        Some("The demo has only one clinic".into())
    } else if !clinics.all.iter().any(is_elsewhere) {
        Some("The configuration file names no other clinic; `avara-tui config path` says where it is".into())
    } else {
        is_busy.then(|| "Changes are still being saved; try again when they are done".into())
    }
}

pub(in crate::app) fn choose(shell: &mut ShellState, kernel: &mut Kernel) {
    let item = |clinic: &Clinic| {
        let choice = Choice::Clinic(clinic.name.clone());
        let mut item = Item::new(&clinic.name, &clinic.host, "", choice);
        let is_here = Some(&clinic.name) == shell.clinics.current.as_ref();
        item.disabled = is_here.then(|| "current".into());
        item
    };
    let items = shell.clinics.all.iter().map(item).collect();
    let title = "Switch to another clinic; this one is closed";
    kernel.layers.overlay = Some(Overlay::Picker(Picker::new(
        title,
        PickerPurpose::Clinic,
        items,
    )));
}
