//! The ten endpoints of users and invitations, called through the client on a real sandbox.

use avara_tui::wire::*;

use super::{clinic, invitation_id, new_user, ok, status, user_id};

#[tokio::test]
async fn a_person_is_invited_found_changed_and_revoked() {
    let (_sandbox, client) = clinic(20);
    let user = ok(&client, new_user("ada@example.org")).await;
    assert_eq!(
        (user.email.as_str(), user.profile.suffix1.as_deref()),
        ("ada@example.org", Some("MD"))
    );
    assert_eq!(user.invited_source, InvitedSource::Api);

    let list = ListInvitations {
        user_id: Some(user.user_id),
        status: vec![InvitationStatus::Sent, InvitationStatus::Accepted],
        expired: Some(ExpiredFilter::NotExpired),
        ..Default::default()
    };
    let invitation = ok(&client, list).await.items.remove(0);
    assert_eq!(invitation.status, InvitationStatus::Sent);
    // The reference: null when the invitation was sent through the API.
    assert_eq!(invitation.inviter_id, None);
    let invitation_id = invitation.invitation_id;
    assert_eq!(
        ok(&client, GetInvitation { invitation_id }).await,
        invitation
    );

    let change = UpdateInvitation {
        invitation_id,
        profile: ProfilePatch {
            first_name: Some("Grace".into()),
            middle_name: Patch::Clear,
            phone_number: Patch::Set("15555550199".into()),
            ..ProfilePatch::default()
        },
    };
    let changed = ok(&client, change).await;
    assert_eq!(
        (
            changed.profile.first_name.as_str(),
            changed.profile.middle_name
        ),
        ("Grace", None)
    );
    assert_eq!(changed.profile.phone_number.as_deref(), Some("15555550199"));

    let revoke = RevokeInvitation {
        invitation_id: Some(invitation_id),
        user_id: Some(user.user_id),
    };
    assert!(ok(&client, revoke).await.success);
    let revoked = ok(&client, GetInvitation { invitation_id }).await;
    assert_eq!(revoked.status, InvitationStatus::Revoked);
    let late = UpdateInvitation {
        invitation_id,
        profile: ProfilePatch {
            first_name: Some("X".into()),
            ..ProfilePatch::default()
        },
    };
    assert!((400..500).contains(&status(&client, late).await));
    assert_eq!(status(&client, RevokeInvitation::default()).await, 400);
}

#[tokio::test]
async fn a_user_is_read_listed_and_changed() {
    let (_sandbox, client) = clinic(20);
    let user = ok(&client, GetUser { user_id: user_id() }).await;
    let list = ListUsers {
        email: Some(user.email.clone()),
        first_name: Some(user.profile.first_name.to_lowercase()),
        last_name: Some(user.profile.last_name[..2].into()),
        invited_source: Some(user.invited_source.clone()),
        level: Some(user.profile.level.clone()),
        limit: Some(100),
        ..Default::default()
    };
    assert_eq!(ok(&client, list).await.items, std::slice::from_ref(&user));
    let change = UpdateUser {
        user_id: user_id(),
        profile: ProfilePatch {
            clinic_role: Some(ClinicRole::PacsAdministrator),
            suffix2: Patch::Set("FACR".into()),
            middle_name: Patch::Clear,
            ..ProfilePatch::default()
        },
    };
    let changed = ok(&client, change).await;
    assert_eq!(changed.profile.clinic_role, ClinicRole::PacsAdministrator);
    assert_eq!(
        (
            changed.profile.suffix2.as_deref(),
            &changed.profile.middle_name
        ),
        (Some("FACR"), &None)
    );
    assert_eq!(
        (&changed.email, &changed.profile.last_name),
        (&user.email, &user.profile.last_name)
    );
    assert_eq!(ok(&client, GetUser { user_id: user_id() }).await, changed);
    let bad_phone = UpdateUser {
        user_id: user_id(),
        profile: ProfilePatch {
            phone_number: Patch::Set("12".into()),
            ..ProfilePatch::default()
        },
    };
    assert!(matches!(status(&client, bad_phone).await, 400 | 422));
}

#[tokio::test]
async fn access_is_revoked_and_given_back() {
    let (_sandbox, client) = clinic(20);
    let user_id = user_id();
    assert!(ok(&client, RevokeAccess { user_id }).await.success);
    assert!(ok(&client, ReactivateUser { user_id }).await.success);
    let user_id = UserId::from_bytes([0xff; 16]);
    assert_eq!(status(&client, RevokeAccess { user_id }).await, 404);
    assert_eq!(status(&client, GetUser { user_id }).await, 404);
}

#[tokio::test]
async fn the_invitation_of_the_reference_is_there_and_pending() {
    let (_sandbox, client) = clinic(20);
    let invitation_id = invitation_id();
    let invitation = ok(&client, GetInvitation { invitation_id }).await;
    assert_eq!(invitation.status, InvitationStatus::Sent);
    assert!(invitation.expiry.is_some());
    let day = invitation.created_at.unwrap().date_naive();
    let list = ListInvitations {
        start_date: Some(day),
        end_date: Some(day),
        ..Default::default()
    };
    let found = ok(&client, list).await.items;
    assert!(
        found
            .iter()
            .any(|found| found.invitation_id == invitation_id)
    );
    let next_day = day.succ_opt();
    let list = ListInvitations {
        start_date: next_day,
        ..Default::default()
    };
    let found = ok(&client, list).await.items;
    assert!(
        found
            .iter()
            .all(|found| found.invitation_id != invitation_id)
    );
}
