//! What the lists show beside their records: views, counts, news, columns, filters.

pub mod columns;
pub mod complete;
pub mod copy;
pub mod cursor;
pub mod filter;
pub mod links;
pub mod news;
pub mod rosters;
pub mod view_line;
pub mod views;

use crate::app::action::screen::Screen;
use crate::app::kernel::Kernel;
use crate::app::lists::news::News;
use crate::app::lists::views::Views;
use crate::app::widget::geometry;
use crate::app::widget::notice::Tone;
use crate::app::widget::record_list::RecordList;
use crate::app::widget::study_list::Cause;
use crate::wire::{StudyId, UserId};
use crate::worklist::{Counts, FilterContext, Load, Scope, workload};
use std::collections::HashMap;

/// What the lists show beside their records.
#[derive(Debug, Clone)]
pub struct Lists {
    pub views: Views,
    pub news: News,
    pub(in crate::app) counts: Counts,
    /// Who has how many open studies, while the users show.
    pub(in crate::app) loads: HashMap<UserId, Load>,
    pub(in crate::app) rebuilt_at: i64,
}

impl Lists {
    /// Counts over all open studies; only meaningful once those are loaded.
    pub fn counts(&self, kernel: &Kernel) -> Option<&Counts> {
        kernel
            .data
            .sync
            .is_loaded(Scope::Open)
            .then_some(&self.counts)
    }

    /// The open studies of a user; only meaningful once all open studies are loaded.
    pub fn load(&self, kernel: &Kernel, id: UserId) -> Option<Load> {
        let is_loaded = kernel.data.sync.is_loaded(Scope::Open);
        is_loaded.then(|| self.loads.get(&id).copied().unwrap_or_default())
    }

    /// Rebuilds the rows after the order changed, with the cursor on its study.
    pub fn rebuild_reordered(&mut self, kernel: &mut Kernel) {
        self.rebuild(kernel, Cause::Filter);
    }

    pub fn rebuild(&mut self, kernel: &mut Kernel, cause: Cause) {
        let context = FilterContext {
            now: kernel.now + kernel.clock_skew,
            me: kernel.session.me,
            targets: &kernel.data.studies.targets.clone(),
        };
        let changes = kernel.data.studies.rebuild_rows(cause, &context);
        let is_news = !changes.is_empty()
            || cause != Cause::Filter
            || self.views.counted_for != kernel.scope();
        if is_news {
            self.counts =
                crate::worklist::counts(&kernel.data.studies.store, context.targets, context.now);
            self.count_views(kernel, &changes);
        }
        if kernel.data.studies.is_returning() && kernel.data.sync.is_loaded(kernel.scope()) {
            kernel.data.studies.stop_returning();
            if kernel.data.studies.detail() == geometry::Detail::Full {
                kernel.data.studies.set_detail(geometry::Detail::Pane);
            }
            let text = "The selected study is no longer in this list";
            kernel.inform(Tone::Bad, text);
        }
        if kernel.screen == Screen::Users {
            self.loads = workload(&kernel.data.studies.store, kernel.server_now());
        }
        self.rebuilt_at = kernel.now;
        kernel.needs_draw = true;
        kernel.follow_cursor();
    }
}

/// Puts the cursor on a study that the list shows.
pub(in crate::app) fn go_to(lists: &mut Lists, kernel: &mut Kernel, study: StudyId) {
    if kernel.data.studies.is_stale() {
        lists.rebuild(kernel, Cause::Data);
    }
    kernel.data.studies.claim_cursor();
    kernel.data.studies.select_id(study);
    kernel.follow_cursor();
}

/// Rows that linger leave now, unless something is being chosen over them.
pub(in crate::app) fn rebuild_unless_frozen(lists: &mut Lists, kernel: &mut Kernel, cause: Cause) {
    if kernel.is_frozen() {
        kernel.data.studies.expire();
    } else {
        lists.rebuild(kernel, cause);
    }
}
