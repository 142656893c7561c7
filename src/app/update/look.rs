use crate::app::kernel::attention::ScreenRoom;
use crate::app::kernel::layers::Overlay;
use crate::app::update::Model;
use crate::app::widget::notice::Tone;
use crate::resolve::Intent;
use crate::worklist::{Targets, View};

impl Model {
    /// A frame was on screen at `now`, Unix milliseconds: what lies on top of it has been seen. What lies
    /// underneath may have changed since, and is seen once it is on top again.
    pub fn drawn(&mut self, now: i64) {
        self.kernel.needs_draw = false;
        if self.shell.lock.is_locked() || self.kernel.room() != ScreenRoom::Enough {
            return;
        }
        self.writes.changes.drawn();
        self.access.drawn();
        if self.kernel.is_looking() {
            if let Some(lookup) = &mut self.kernel.layers.lookup {
                lookup.drawn(&self.kernel.data.studies.store);
            }
            return;
        }
        match &mut self.kernel.layers.overlay {
            Some(Overlay::Picker(picker)) => picker.sight.drawn(),
            Some(Overlay::Confirm(confirm)) => confirm.gate.drawn(now),
            Some(Overlay::Form(form)) => form.drawn(now),
            Some(Overlay::Refused(_) | Overlay::SaveView(_) | Overlay::Link(_)) => {}
            Some(Overlay::Filter(_) | Overlay::RosterFilter(_)) | None => self.kernel.rows_drawn(),
        }
    }
}

impl Model {
    /// Changes of studies and of people that have not ended.
    pub fn pending_count(&self) -> usize {
        self.writes.changes.pending_count() + self.access.pending_count()
    }
}

impl Model {
    /// Takes over the changes that an earlier run left open, before the program starts.
    pub fn inherit(&mut self, left: Result<Vec<Intent>, String>) {
        match left {
            Ok(intents) => self.writes.earlier.intents = intents,
            Err(reason) => {
                let text = format!("The journal of changes cannot be read: {reason}");
                self.kernel.inform(Tone::Bad, &text);
            }
        }
    }
}

impl Model {
    /// Takes the settings of a file: views in place of the built-in ones, and targets.
    pub fn configure(&mut self, views: Option<Vec<View>>, targets: Targets) {
        if let Some(views) = views {
            self.lists.views.all = views;
        }
        self.kernel.data.studies.targets = targets;
    }
}
