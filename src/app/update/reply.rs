use crate::app::access::answers;
use crate::app::edit::job::Got;
use crate::app::forms::replies;
use crate::app::kernel::follow_up::FollowUp;
use crate::app::lists::links;
use crate::app::lookup;
use crate::app::message::clip::Clip;
use crate::app::message::effect::Effect;
use crate::app::message::purpose::CallPurpose;
use crate::app::message::{Reply, Ticket};
use crate::app::reading::fetch::apply_people;
use crate::app::reading::pages::{apply_failed_page, apply_page, verify};
use crate::app::reading::{fetch, known};
use crate::app::shell::lock;
use crate::app::update::Model;
use crate::app::widget::notice::Tone;
use crate::app::writes::{earlier, outcome};
use crate::wire::Failure;

pub(in crate::app) fn handle(
    model: &mut Model,
    ticket: Ticket,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    let Some(purpose) = model.kernel.requests.finish(ticket) else {
        return Vec::new();
    };
    let outcome = outcome.and_then(|reply| known::check_reply(&model.kernel, reply));
    match (purpose, outcome) {
        (CallPurpose::Walk(at), Ok(Reply::Studies(page))) => {
            if model.shell.lock.is_locked() {
                return lock::apply_page(
                    &mut model.lists,
                    &mut model.shell,
                    &mut model.kernel,
                    at,
                    &page,
                );
            }
            apply_page(&mut model.kernel, at, &page);
            Vec::new()
        }
        (CallPurpose::Walk(at), Err(failure)) => {
            apply_failed_page(&mut model.kernel, at, failure);
            Vec::new()
        }
        (CallPurpose::Verify(id), outcome) => {
            verify(&mut model.kernel, id, outcome);
            Vec::new()
        }
        (CallPurpose::People, Ok(Reply::Users(page))) => apply_people(&mut model.kernel, page),
        (CallPurpose::People, Err(failure)) => {
            model.kernel.data.users.reading.fail(failure);
            fetch::end_refresh(&mut model.kernel);
            model.kernel.follow_ups.push(FollowUp::Refill);
            model.kernel.needs_draw = true;
            Vec::new()
        }
        (CallPurpose::PersonByEmail, Ok(Reply::Users(page))) => {
            fetch::apply_found_users(&mut model.kernel, page.items)
        }
        (CallPurpose::PersonByEmail, Err(failure)) => {
            fetch::apply_record(&mut model.kernel, Err(failure))
        }
        (CallPurpose::User(_) | CallPurpose::Invitation(_), outcome) => {
            fetch::apply_record(&mut model.kernel, outcome)
        }
        (CallPurpose::Invitations, outcome) => fetch::apply_invitations(&mut model.kernel, outcome),
        (CallPurpose::Access(change), outcome) => {
            answers::answered(&mut model.access, &mut model.kernel, change, outcome)
        }
        (CallPurpose::RecheckInvitation(id), outcome) => {
            answers::rechecked(&mut model.access, &mut model.kernel, id, outcome)
        }
        (CallPurpose::CheckInvitation(id), outcome) => {
            answers::checked(&mut model.access, &mut model.kernel, id, outcome)
        }
        (CallPurpose::InvitationsOf(id), outcome) => {
            answers::invitations_of(&mut model.kernel, id, outcome)
        }
        (CallPurpose::Check(id), Ok(Reply::Study(study))) => {
            outcome::checked(&mut model.writes, &mut model.kernel, id, &study)
        }
        (CallPurpose::Check(id), Err(failure)) => {
            outcome::not_sent(&mut model.writes, &mut model.kernel, id, failure)
        }
        (CallPurpose::Change(id), Ok(Reply::Study(study))) => {
            outcome::finish(&mut model.writes, &mut model.kernel, id, &study, false)
        }
        (CallPurpose::Change(id), Ok(Reply::Done)) => {
            outcome::recheck(&mut model.writes, &mut model.kernel, id)
        }
        (CallPurpose::Change(id), Err(failure)) => {
            outcome::failed(&mut model.writes, &mut model.kernel, id, failure)
        }
        (CallPurpose::Recheck(id), Ok(Reply::Study(study))) => {
            outcome::finish(&mut model.writes, &mut model.kernel, id, &study, true)
        }
        (CallPurpose::Recheck(id), Err(failure)) => outcome::fail(
            &mut model.writes,
            &mut model.kernel,
            id,
            failure,
            Got::Unconfirmed,
        ),
        (CallPurpose::EarlierChange(index), outcome) => {
            earlier::answered(&mut model.writes, &mut model.kernel, index, outcome)
        }
        (CallPurpose::Form(step), outcome) => {
            replies::handle(&mut model.kernel, ticket, step, outcome)
        }
        (CallPurpose::Link(_), Ok(Reply::Link(link))) => {
            let mut effects = vec![Effect::OpenLink(link)];
            effects.extend(links::open_next(&mut model.kernel));
            effects
        }
        (CallPurpose::Link(_) | CallPurpose::CopyLink(_), Err(failure)) => {
            model.kernel.requests.to_open.clear();
            let text = format!(
                "No viewer link. {}; {}",
                failure.sentence(),
                failure.advice()
            );
            model.kernel.inform(Tone::Bad, &text);
            model.kernel.needs_draw = true;
            Vec::new()
        }
        (CallPurpose::LookUp, outcome) => {
            lookup::answer(&mut model.kernel, outcome);
            Vec::new()
        }
        (CallPurpose::CopyLink(_), Ok(Reply::Link(link))) => vec![Effect::Copy(Clip::Link(link))],
        // The runtime answers each call with its own kind of reply; anything else is dropped.
        (
            CallPurpose::Walk(_)
            | CallPurpose::People
            | CallPurpose::PersonByEmail
            | CallPurpose::Check(_)
            | CallPurpose::Change(_)
            | CallPurpose::Recheck(_)
            | CallPurpose::Link(_)
            | CallPurpose::CopyLink(_),
            Ok(_),
        ) => Vec::new(),
    }
}
