use crate::app::access::offboard;
use crate::app::kernel::follow_up::FollowUp;
use crate::app::lists::{go_to, news, rosters};
use crate::app::message::effect::Effect;
use crate::app::update::{Model, act};
use crate::app::{lists, pickers};

/// Carries out what must follow in other parts.
pub(in crate::app) fn carry_out_follow_ups(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut rings = false;
    while !model.kernel.follow_ups.is_empty() {
        for follow_up in std::mem::take(&mut model.kernel.follow_ups) {
            match follow_up {
                FollowUp::Heard(study, before) => {
                    rings |= news::count_change(&mut model.lists, &mut model.kernel, study, before)
                }
                FollowUp::Perform(action) => effects.extend(act::perform_in_lookup(model, action)),
                FollowUp::Create(uid) => effects.extend(act::create_with_uid(model, &uid)),
                FollowUp::ShowSaved(saved) => {
                    rosters::show_saved(&mut model.lists, &mut model.kernel, &saved)
                }
                FollowUp::GoTo(study) => go_to(&mut model.lists, &mut model.kernel, study),
                FollowUp::Rebuild(cause) => {
                    lists::rebuild_unless_frozen(&mut model.lists, &mut model.kernel, cause)
                }
                FollowUp::Refill => pickers::refill_people(&mut model.access, &mut model.kernel),
                FollowUp::BatchEnded(batch, left) => {
                    offboard::moved(&mut model.access, &mut model.kernel, batch, left)
                }
            }
        }
    }
    effects.extend(rings.then_some(Effect::Ring));
    effects
}
