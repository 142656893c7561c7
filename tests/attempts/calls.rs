//! Carries the program's calls out, as its runtime does.

use avara_tui::api::Client;
use avara_tui::app::{Call, Reply};
use avara_tui::wire::{Endpoint, Failure};

async fn ask<E: Endpoint + Sync>(
    client: &Client,
    request: &E,
    wrap: impl FnOnce(E::Response) -> Reply,
) -> Result<Reply, Failure> {
    client.call(request).await.map(|answer| wrap(answer.value))
}

pub async fn carry_out(client: &Client, call: &Call) -> Result<Reply, Failure> {
    let study = |study| Reply::Study(Box::new(study));
    let user = |user| Reply::User(Box::new(user));
    let invitation = |invitation| Reply::Invitation(Box::new(invitation));
    match call {
        Call::ListStudies(it) => ask(client, it, Reply::Studies).await,
        Call::GetStudy(it) => ask(client, it, study).await,
        Call::GetStudyByUid(it) => ask(client, it, study).await,
        Call::CreateStudy(it) => ask(client, it, study).await,
        Call::UpdateStudy(it) => ask(client, it, study).await,
        Call::CancelStudy(it) => ask(client, it, |_| Reply::Done).await,
        Call::UncancelStudy(it) => ask(client, it, |_| Reply::Done).await,
        Call::RerouteUrl(it) => ask(client, it, Reply::Link).await,
        Call::ListUsers(it) => ask(client, it, Reply::Users).await,
        Call::GetUser(it) => ask(client, it, user).await,
        Call::InviteUser(it) => ask(client, it, user).await,
        Call::UpdateUser(it) => ask(client, it, user).await,
        Call::RevokeAccess(it) => ask(client, it, |_| Reply::Done).await,
        Call::ReactivateUser(it) => ask(client, it, |_| Reply::Done).await,
        Call::ListInvitations(it) => ask(client, it, Reply::Invitations).await,
        Call::GetInvitation(it) => ask(client, it, invitation).await,
        Call::UpdateInvitation(it) => ask(client, it, invitation).await,
        Call::RevokeInvitation(it) => ask(client, it, |_| Reply::Done).await,
    }
}
