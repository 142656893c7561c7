//! A user who loses access must not keep open studies: those are shown first, and can be moved.

use crate::app::access::{Access, asking};
use crate::app::action::Action;
use crate::app::edit::change::Change;
use crate::app::edit::decision::Rehome;
use crate::app::edit::job::BatchId;
use crate::app::edit::shown::Shown;
use crate::app::kernel::Kernel;
use crate::app::kernel::follow_up::FollowUp;
use crate::app::kernel::layers::Overlay;
use crate::app::message::access_change;
use crate::app::message::effect::Effect;
use crate::app::reading::fetch;
use crate::app::widget::confirm::ConfirmedAction;
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::{Choice, Item, Picker, PickerPurpose};
use crate::app::writes::{Writes, ask};
use crate::app::{access, writes};
use crate::text::SafeText;
use crate::wire::{StudyId, UserId};
use crate::worklist::{Age, Scope, sort};

/// The open studies of a person that are known, the most urgent first.
fn open_studies(kernel: &Kernel, id: UserId) -> Vec<StudyId> {
    let store = &kernel.data.studies.store;
    let mut slots: Vec<_> = store
        .slots()
        .filter(|slot| {
            let study = store.get(*slot);
            study.is_open() && study.assignee().is_some_and(|person| person.id == id)
        })
        .collect();
    sort(
        store,
        &mut slots,
        kernel.server_now(),
        &kernel.data.studies.targets,
    );
    slots.into_iter().map(|slot| store.get(slot).id()).collect()
}

/// Said while not every open study is known.
pub(in crate::app) fn doubt(kernel: &Kernel) -> Option<&'static str> {
    (!kernel.data.sync.is_loaded(Scope::Open))
        .then_some("Not all studies are loaded yet; there may be more.")
}

/// Shows the open studies of the user under the cursor and what can be done with them; then asks.
pub(in crate::app) fn ask_revoke(kernel: &mut Kernel) -> Vec<Effect> {
    let Some(person) = kernel.data.users.selected() else {
        return Vec::new();
    };
    let (id, name) = (person.id, person.name.clone());
    let studies = open_studies(kernel, id);
    if studies.is_empty() {
        asking::ask_revocation(kernel, id, 0);
        return Vec::new();
    }
    let title = format!(
        "{name} has {}{}",
        ask::open_count(studies.len()),
        doubt(kernel).map_or("", |_| ", not all loaded yet")
    );
    let mut items = vec![
        option("Reassign them to someone, then revoke", Rehome::Reassign),
        option("Unassign them, then revoke", Rehome::Unassign),
        option("Keep them assigned, and revoke", Rehome::Leave),
    ];
    items.extend(
        studies
            .iter()
            .filter_map(|study| study_item(kernel, *study)),
    );
    let purpose = PickerPurpose::Offboard(id);
    kernel.layers.overlay = Some(Overlay::Picker(Picker::new(&title, purpose, items)));
    Vec::new()
}

fn option(label: &str, rehome: Rehome) -> Item {
    Item::new(label, "", "", Choice::Rehome(rehome))
}

fn study_item(kernel: &Kernel, id: StudyId) -> Option<Item> {
    let study = kernel.data.studies.store.find(id)?;
    let severity = study.severity().as_str().to_uppercase();
    let label = format!("  {severity:<6} {}", study.description().trim());
    let age = study
        .age_ms(kernel.server_now())
        .map_or(String::new(), |age| Age(age).to_string());
    let mut item = Item::new(&label, &age, "", Choice::Study(id));
    item.disabled = Some("One of these open studies; choose one of the first three lines".into());
    Some(item)
}

/// It was chosen what happens to the studies.
pub(in crate::app) fn handle_rehome(
    writes: &mut Writes,
    kernel: &mut Kernel,
    from: UserId,
    rehome: Rehome,
) -> Vec<Effect> {
    let studies = open_studies(kernel, from);
    match rehome {
        Rehome::Leave => {
            asking::ask_revocation(kernel, from, studies.len());
            Vec::new()
        }
        Rehome::Unassign => {
            preview(writes, kernel, from, &studies, &Change::Unassign);
            Vec::new()
        }
        Rehome::Reassign => {
            let title = format!("Reassign {}", ask::open_count(studies.len()));
            let picker = Picker::new(&title, PickerPurpose::Rehome { from, studies }, Vec::new());
            kernel.layers.overlay = Some(Overlay::Picker(picker));
            kernel.follow_ups.push(FollowUp::Refill);
            fetch::read_people(kernel)
        }
    }
}

/// The new assignee of the studies was chosen.
pub(in crate::app) fn handle_successor(
    writes: &mut Writes,
    kernel: &mut Kernel,
    from: UserId,
    studies: &[StudyId],
    to: UserId,
) -> Vec<Effect> {
    // Some may have been reassigned by others while the new assignee was chosen.
    let still_theirs = |id: &&StudyId| {
        let shown = writes.shown(kernel, **id);
        shown.is_some_and(|shown| shown.assignee.is_some_and(|(now, _)| now == from))
    };
    let kept: Vec<StudyId> = studies.iter().filter(still_theirs).copied().collect();
    let name = match kernel.data.users.get(to) {
        Some(person) => person.name.clone(),
        None => SafeText::clean(&to.to_string()),
    };
    preview(writes, kernel, from, &kept, &Change::Assign { to, name });
    Vec::new()
}

/// Shows what would be moved; the revocation is asked for once that is done.
fn preview(
    writes: &mut Writes,
    kernel: &mut Kernel,
    from: UserId,
    studies: &[StudyId],
    change: &Change,
) {
    let shown: Vec<Shown> = studies
        .iter()
        .filter_map(|id| writes.shown(kernel, *id))
        .collect();
    let jobs = writes::jobs(kernel, &shown, change);
    if jobs.is_empty() {
        asking::ask_revocation(kernel, from, studies.len());
        return;
    }
    let label = change.label();
    let title = format!("{label}: {}", ask::open_count(jobs.len()));
    let mut lines = ask::preview_lines(kernel, &jobs, 0);
    let left_alone = studies.len() - jobs.len();
    if left_alone > 0 {
        lines.add(&format!(
            "{left_alone} more: no change needed or being saved"
        ));
    }
    lines.add("You are asked about their access next.");
    let word = ask::number_to_type(jobs.len());
    let buttons = ("Back", "Change all");
    let action = ConfirmedAction::Rehome { from, label, jobs };
    ask::open(kernel, &title, lines, buttons, word, action);
}

/// A batch moves a user's studies: once it has ended, their access is asked about.
pub(in crate::app) fn expect_move(access: &mut Access, batch: BatchId, from: UserId) {
    access.moving.insert(batch, from);
}

/// A batch is over: if it moved a user's studies, their access is asked about next.
pub(in crate::app) fn moved(
    access: &mut Access,
    kernel: &mut Kernel,
    batch: BatchId,
    failed: usize,
) {
    let Some(from) = access.moving.remove(&batch) else {
        return;
    };
    let who = access::name_of(kernel, access_change::AccessChange::Revoke(from));
    if failed > 0 {
        let text = format!(
            "{} could not be moved; {who} keeps access. {} retries, then {} revokes",
            ask::open_count(failed),
            kernel.key(Action::RetryFailed),
            kernel.key(Action::RevokeAccess)
        );
        kernel.inform(Tone::Bad, &text);
    } else if access::may_ask(kernel) {
        let left = open_studies(kernel, from).len();
        asking::ask_revocation(kernel, from, left);
    } else {
        let text = format!(
            "The studies of {who} were moved; {}, {} revokes access",
            kernel.key(Action::GoUsers),
            kernel.key(Action::RevokeAccess)
        );
        kernel.inform(Tone::Good, &text);
    }
}
