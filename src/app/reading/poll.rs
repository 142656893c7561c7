//! Turning the plan of what to read into calls.

use crate::app::kernel::Kernel;
use crate::app::kernel::person::UserList;
use crate::app::message::effect::{Call, Effect};
use crate::app::message::purpose::CallPurpose;
use crate::app::reading::fetch;
use crate::sync::Ask;
use crate::wire::{GetStudy, UserId};
use crate::worklist::Store;
use std::collections::BTreeSet;

/// Returns the calls that may be made now, and stops those whose answers are no longer needed.
pub(in crate::app) fn plan(kernel: &mut Kernel) -> Vec<Effect> {
    let busy = kernel
        .requests
        .count(|purpose| !matches!(purpose, CallPurpose::Walk(_) | CallPurpose::Verify(_)));
    let scope = kernel.scope();
    let (people, store) = (&kernel.data.users, &kernel.data.studies.store);
    let assignees = || assignees(people, store);
    let asks = kernel.data.sync.plan(scope, kernel.now, busy, &assignees);
    let sync = &kernel.data.sync;
    let mut effects = kernel
        .requests
        .abort(|purpose| matches!(purpose, CallPurpose::Walk(at) if !sync.expects(at)));
    effects.extend(asks.into_iter().map(|ask| {
        match ask {
            Ask::Page(at, request) => kernel
                .requests
                .start(CallPurpose::Walk(at), Call::ListStudies(request)),
            Ask::Study(study_id) => kernel.requests.start(
                CallPurpose::Verify(study_id),
                Call::GetStudy(GetStudy { study_id }),
            ),
        }
    }));
    effects.extend(fetch::go_on(kernel));
    effects
}

/// Everyone a study may be assigned to, once the users are loaded; otherwise no one.
fn assignees(people: &UserList, store: &Store) -> BTreeSet<UserId> {
    if !people.reading.is_loaded() {
        return BTreeSet::new();
    }
    let seen = store.people().map(|person| person.id);
    people.iter().map(|person| person.id).chain(seen).collect()
}
