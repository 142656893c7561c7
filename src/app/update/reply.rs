use crate::app::access::answers;
use crate::app::edit::job::Got;
use crate::app::forms::replies;
use crate::app::kernel::follow_up::FollowUp;
use crate::app::lists::links;
use crate::app::lookup;
use crate::app::message::clip::Clip;
use crate::app::message::effect::Effect;
use crate::app::message::purpose::Purpose;
use crate::app::message::{Reply, Ticket};
use crate::app::reading::fetch::take_people;
use crate::app::reading::pages::{fail_walk, take_page, verify};
use crate::app::reading::{fetch, known};
use crate::app::shell::lock;
use crate::app::update::Model;
use crate::app::widget::notice::Tone;
use crate::app::writes::{earlier, outcome};
use crate::wire::Failure;

pub(in crate::app) fn take(
    model: &mut Model,
    ticket: Ticket,
    outcome: Result<Reply, Failure>,
) -> Vec<Effect> {
    let Some(purpose) = model.kernel.requests.finish(ticket) else {
        return Vec::new();
    };
    let outcome = outcome.and_then(|reply| known::hold_against(&model.kernel, reply));
    match (purpose, outcome) {
        (Purpose::Walk(at), Ok(Reply::Studies(page))) => {
            if model.shell.lock.is_locked() {
                return lock::take_page(
                    &mut model.lists,
                    &mut model.shell,
                    &mut model.kernel,
                    at,
                    &page,
                );
            }
            take_page(&mut model.kernel, at, &page);
            Vec::new()
        }
        (Purpose::Walk(at), Err(failure)) => {
            fail_walk(&mut model.kernel, at, failure);
            Vec::new()
        }
        (Purpose::Verify(id), outcome) => {
            verify(&mut model.kernel, id, outcome);
            Vec::new()
        }
        (Purpose::People, Ok(Reply::Users(page))) => take_people(&mut model.kernel, page),
        (Purpose::People, Err(failure)) => {
            model.kernel.data.users.reading.fail(failure);
            fetch::end_refresh(&mut model.kernel);
            model.kernel.follow_ups.push(FollowUp::Refill);
            model.kernel.needs_draw = true;
            Vec::new()
        }
        (Purpose::PersonByEmail, Ok(Reply::Users(page))) => {
            fetch::take_found(&mut model.kernel, page.items)
        }
        (Purpose::PersonByEmail, Err(failure)) => {
            fetch::take_record(&mut model.kernel, Err(failure))
        }
        (Purpose::User(_) | Purpose::Invitation(_), outcome) => {
            fetch::take_record(&mut model.kernel, outcome)
        }
        (Purpose::Invitations, outcome) => fetch::take_invitations(&mut model.kernel, outcome),
        (Purpose::Access(change), outcome) => {
            answers::answered(&mut model.access, &mut model.kernel, change, outcome)
        }
        (Purpose::RecheckInvitation(id), outcome) => {
            answers::rechecked(&mut model.access, &mut model.kernel, id, outcome)
        }
        (Purpose::CheckInvitation(id), outcome) => {
            answers::checked(&mut model.access, &mut model.kernel, id, outcome)
        }
        (Purpose::InvitationsOf(id), outcome) => {
            answers::invitations_of(&mut model.kernel, id, outcome)
        }
        (Purpose::Check(id), Ok(Reply::Study(study))) => {
            outcome::checked(&mut model.writes, &mut model.kernel, id, &study)
        }
        (Purpose::Check(id), Err(failure)) => {
            outcome::not_sent(&mut model.writes, &mut model.kernel, id, failure)
        }
        (Purpose::Change(id), Ok(Reply::Study(study))) => {
            outcome::finish(&mut model.writes, &mut model.kernel, id, &study, false)
        }
        (Purpose::Change(id), Ok(Reply::Done)) => {
            outcome::recheck(&mut model.writes, &mut model.kernel, id)
        }
        (Purpose::Change(id), Err(failure)) => {
            outcome::failed(&mut model.writes, &mut model.kernel, id, failure)
        }
        (Purpose::Recheck(id), Ok(Reply::Study(study))) => {
            outcome::finish(&mut model.writes, &mut model.kernel, id, &study, true)
        }
        (Purpose::Recheck(id), Err(failure)) => outcome::fail(
            &mut model.writes,
            &mut model.kernel,
            id,
            failure,
            Got::Unconfirmed,
        ),
        (Purpose::Unsettled(index), outcome) => {
            earlier::answered(&mut model.writes, &mut model.kernel, index, outcome)
        }
        (Purpose::Form(step), outcome) => replies::take(&mut model.kernel, ticket, step, outcome),
        (Purpose::Link(_), Ok(Reply::Link(link))) => {
            let mut effects = vec![Effect::OpenLink(link)];
            effects.extend(links::open_next(&mut model.kernel));
            effects
        }
        (Purpose::Link(_) | Purpose::CopyLink(_), Err(failure)) => {
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
        (Purpose::LookUp, outcome) => {
            lookup::answer(&mut model.kernel, outcome);
            Vec::new()
        }
        (Purpose::CopyLink(_), Ok(Reply::Link(link))) => vec![Effect::Copy(Clip::Link(link))],
        // The runtime answers each call with its own kind of reply; anything else is dropped.
        (
            Purpose::Walk(_)
            | Purpose::People
            | Purpose::PersonByEmail
            | Purpose::Check(_)
            | Purpose::Change(_)
            | Purpose::Recheck(_)
            | Purpose::Link(_)
            | Purpose::CopyLink(_),
            Ok(_),
        ) => Vec::new(),
    }
}
