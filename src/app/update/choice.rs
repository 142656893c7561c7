use crate::app::access::offboard;
use crate::app::action::screen::Screen;
use crate::app::edit::decision::{Decision, Unresolved};
use crate::app::edit::job::BatchKind;
use crate::app::kernel::layers::Overlay;
use crate::app::lists::cursor::{arrive, go_to};
use crate::app::lists::filter::change_filter;
use crate::app::lists::{columns, links, rosters};
use crate::app::message::effect::{Effect, ExitReason};
use crate::app::update::Model;
use crate::app::update::act::perform;
use crate::app::widget::confirm::{Confirm, ConfirmAnswer, ConfirmedAction};
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::{Choice, PickerPurpose};
use crate::app::writes::{ask, run, undo};
use crate::app::{access, decisions, writes};
use crate::input::Chord;

pub(in crate::app) fn handle_choice(
    model: &mut Model,
    purpose: PickerPurpose,
    choice: Choice,
) -> Vec<Effect> {
    match (purpose, choice) {
        (PickerPurpose::Assign { targets }, Choice::Person(id)) => {
            writes::assign(&mut model.writes, &mut model.kernel, targets, id)
        }
        (PickerPurpose::Filter { key }, Choice::Term(value)) => {
            let filter = model
                .kernel
                .data
                .studies
                .filter
                .with_term(key, value.as_deref());
            change_filter(&mut model.lists, &mut model.kernel, filter);
            Vec::new()
        }
        (PickerPurpose::Help, Choice::Action(action)) => perform(model, action),
        (PickerPurpose::Activity, Choice::Study(id)) => {
            let effects = rosters::go(&mut model.lists, &mut model.kernel, Screen::Worklist);
            go_to(&mut model.kernel, id);
            effects
        }
        (PickerPurpose::Activity, Choice::User(id)) => {
            let effects = rosters::go(&mut model.lists, &mut model.kernel, Screen::Users);
            let found = model.kernel.data.users.select_id(id);
            arrive(&mut model.kernel, found);
            effects
        }
        (PickerPurpose::Activity, Choice::Invitation(id)) => {
            let effects = rosters::go(&mut model.lists, &mut model.kernel, Screen::Invitations);
            let found = model.kernel.data.invitations.select_id(id);
            arrive(&mut model.kernel, found);
            effects
        }
        (PickerPurpose::Offboard(from), Choice::Rehome(rehome)) => {
            offboard::handle_rehome(&mut model.writes, &mut model.kernel, from, rehome)
        }
        (PickerPurpose::Rehome { from, studies }, Choice::Person(to)) => {
            offboard::handle_successor(&mut model.writes, &mut model.kernel, from, &studies, to)
        }
        (PickerPurpose::Sort, Choice::Sort(sort)) => {
            columns::sort_by(&mut model.lists, &mut model.kernel, sort);
            Vec::new()
        }
        (PickerPurpose::Clinic, Choice::Clinic(name)) => go_to_clinic(model, name),
        (PickerPurpose::Unresolved, Choice::Unresolved(what)) => decisions::choose(
            &mut model.access,
            &mut model.writes,
            &mut model.kernel,
            what,
        ),
        (
            PickerPurpose::Resolve(Unresolved::Conflict(id, _) | Unresolved::Failed(id, _)),
            Choice::Decision(Decision::GoThere),
        ) => {
            let effects = rosters::go(&mut model.lists, &mut model.kernel, Screen::Worklist);
            go_to(&mut model.kernel, id);
            effects
        }
        (PickerPurpose::Resolve(what), Choice::Decision(how)) => decisions::resolve(
            &mut model.access,
            &mut model.writes,
            &mut model.kernel,
            what,
            how,
        ),
        // A picker only ever holds choices of its own purpose.
        (
            PickerPurpose::Assign { .. }
            | PickerPurpose::Filter { .. }
            | PickerPurpose::Help
            | PickerPurpose::Activity
            | PickerPurpose::Sort
            | PickerPurpose::Columns
            | PickerPurpose::Clinic
            | PickerPurpose::Unresolved
            | PickerPurpose::Resolve(_)
            | PickerPurpose::Field
            | PickerPurpose::Offboard(_)
            | PickerPurpose::Rehome { .. },
            _,
        ) => Vec::new(),
    }
}

/// Leaves for another clinic, unless that would cut off what was sent.
fn go_to_clinic(model: &Model, name: String) -> Vec<Effect> {
    if model.under_way() > 0 {
        Vec::new()
    } else {
        vec![Effect::Leave(ExitReason::Clinic(name))]
    }
}

pub(in crate::app) fn press_confirm(
    model: &mut Model,
    mut confirm: Box<Confirm>,
    chord: Chord,
) -> Vec<Effect> {
    match confirm.press(chord, model.kernel.now) {
        ConfirmAnswer::None => {
            model.kernel.layers.overlay = Some(Overlay::Confirm(confirm));
            Vec::new()
        }
        ConfirmAnswer::Safe => {
            let text = match confirm.action {
                ConfirmedAction::Access(_) => "Access was not changed",
                ConfirmedAction::Change { .. }
                | ConfirmedAction::Rehome { .. }
                | ConfirmedAction::Open(_) => "Nothing was changed",
            };
            model.kernel.inform(Tone::Info, text);
            Vec::new()
        }
        ConfirmAnswer::IncludeHidden => {
            ask::include_hidden(&mut model.writes, &mut model.kernel, confirm.action);
            Vec::new()
        }
        ConfirmAnswer::Act => confirmed(model, confirm.action),
    }
}

/// Carries out what was confirmed.
fn confirmed(model: &mut Model, action: ConfirmedAction) -> Vec<Effect> {
    match action {
        ConfirmedAction::Change {
            label, kind, jobs, ..
        } => {
            undo::take_step(&mut model.kernel, kind, &jobs);
            writes::begin_confirmed(&mut model.writes, &mut model.kernel, label, kind, jobs)
        }
        ConfirmedAction::Rehome { from, label, jobs } => {
            let batch = run::add(&mut model.writes, label, BatchKind::Do, jobs);
            offboard::expect_move(&mut model.access, batch, from);
            run::pump(&mut model.writes, &mut model.kernel, batch)
        }
        ConfirmedAction::Access(change) => {
            access::carry_out(&mut model.access, &mut model.kernel, change)
        }
        ConfirmedAction::Open(ids) => {
            model.kernel.requests.to_open = ids.into();
            links::open_next(&mut model.kernel)
        }
    }
}
