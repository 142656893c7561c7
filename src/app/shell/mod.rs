//! The frame around the lists: the first run, the lock, going to another clinic.

pub mod clinics;
pub mod first_run;
pub mod lock;

use crate::app::action::Action;
use crate::app::kernel::Kernel;
use crate::app::kernel::session::ReadOnly;
use crate::app::message::effect::Effect;
use crate::app::shell::clinics::Clinics;
use crate::app::shell::lock::Lock;
use crate::app::widget::notice::Tone;

/// The frame around the lists: the first run, the lock, leaving.
#[derive(Debug, Clone)]
pub struct ShellState {
    pub clinics: Clinics,
    pub lock: Lock,
    /// Waits for pending changes before it leaves.
    pub leaving: bool,
}

pub(in crate::app) fn toggle_read_only(kernel: &mut Kernel) {
    kernel.session.read_only = match kernel.session.read_only {
        ReadOnly::Off => ReadOnly::On,
        ReadOnly::On => ReadOnly::Off,
        ReadOnly::Forced => ReadOnly::Forced,
    };
    let text = match kernel.session.read_only {
        ReadOnly::Off => "Read-only off".to_owned(),
        ReadOnly::On | ReadOnly::Forced => format!(
            "Read-only on; {} switches it off",
            kernel.key(Action::ToggleReadOnly)
        ),
    };
    kernel.inform(Tone::Info, &text);
}

/// So that people can see what an outage looks like before they meet one.
pub(in crate::app) fn toggle_outage(kernel: &mut Kernel) -> Vec<Effect> {
    kernel.session.has_outage = !kernel.session.has_outage;
    let text = if kernel.session.has_outage {
        "The demo's server now fails; the same key makes it work again".to_owned()
    } else {
        format!(
            "The demo's server works again; {} refreshes",
            kernel.key(Action::Refresh)
        )
    };
    kernel.inform(Tone::Info, &text);
    vec![Effect::Outage(kernel.session.has_outage)]
}
