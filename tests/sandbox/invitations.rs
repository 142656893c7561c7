//! Listing, reading, changing and revoking invitations.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::support::{Bench, INVITATION, USER};

const INVITATIONS: &str = "/v1/viewer/users/invitations";
const UNKNOWN: &str = "inv_00000000000000000000000000000000";

fn of(id: &str) -> String {
    format!("{INVITATIONS}/{id}")
}

fn time(invitation: &Value, field: &str) -> DateTime<Utc> {
    invitation[field].as_str().unwrap().parse().unwrap()
}

async fn found(bench: &Bench, query: &str) -> Vec<Value> {
    let path = format!("{INVITATIONS}?limit=3&{query}");
    bench.walk(&path, "invitations").await
}

/// The first invitation with this status and expiry.
async fn one(bench: &Bench, query: &str) -> Value {
    found(bench, query).await.swap_remove(0)
}

#[tokio::test]
async fn an_invitation_has_every_field_of_the_reference() {
    let bench = Bench::start();
    let invitation = bench.get(&of(INVITATION)).await.ok();
    let same = |field: &str| invitation[field].clone();
    assert_eq!(
        invitation,
        json!({
            "invitationId": INVITATION,
            "userId": same("userId"),
            "email": "carla.jimenez@example.org",
            "firstName": "Carla",
            "lastName": "Jiménez",
            "middleName": null,
            "suffix1": "MD",
            "suffix2": null,
            "phoneNumber": same("phoneNumber"),
            "clinicRole": "Radiologist",
            "level": "member",
            "canManageStudies": true,
            "hasDashboardAccess": true,
            "status": "sent",
            "invitedSource": "dashboard",
            "clinicId": same("clinicId"),
            "inviterId": same("inviterId"),
            "invitedByApiKeyId": null,
            "createdAt": same("createdAt"),
            "updatedAt": same("updatedAt"),
            "expiry": same("expiry")
        })
    );
    assert_ne!(invitation["userId"], USER);
    assert_eq!(invitation["clinicId"].as_str().unwrap().len(), 36);
    assert!(
        invitation["inviterId"]
            .as_str()
            .unwrap()
            .starts_with("usr_")
    );
    bench
        .get(&of(UNKNOWN))
        .await
        .refused(404, Some("invitationId"));
    bench
        .get(&of("inv_1"))
        .await
        .refused(400, Some("invitationId"));
}

#[tokio::test]
async fn the_first_page_names_every_inviter() {
    let bench = Bench::start();
    let page = bench.get(INVITATIONS).await.ok();
    let invitations = page["invitations"].as_array().unwrap();
    assert_eq!(invitations.len(), 20);
    assert!(invitations.iter().all(|it| it["inviterId"].is_string()));
    assert_eq!(page["cursor"], "eyJvZmZzZXQiOjIwfQ==");
}

#[tokio::test]
async fn invitations_are_found_by_status_and_expiry() {
    let bench = Bench::start();
    assert_eq!(found(&bench, "").await.len(), 26);
    for (query, count) in [
        ("status=sent", 9),
        ("status=accepted", 13),
        ("status=rejected", 2),
        ("status=revoked", 2),
        ("status=rejected,revoked", 4),
        ("status=rejected%2Crevoked", 4),
        ("status=", 26),
        ("expired=all", 26),
        ("status=sent&expired=expired", 3),
        ("status=sent&expired=not-expired", 6),
    ] {
        assert_eq!(found(&bench, query).await.len(), count, "{query}");
    }
    let now = Utc::now();
    for (query, expired) in [("expired=expired", true), ("expired=not-expired", false)] {
        let list = found(&bench, query).await;
        assert!(!list.is_empty());
        assert!(list.iter().all(|it| (time(it, "expiry") <= now) == expired));
    }
    let known = bench.get(&of(INVITATION)).await.ok();
    let user = known["userId"].as_str().unwrap();
    assert_eq!(found(&bench, &format!("userId={user}")).await, [known]);
    assert_eq!(
        found(&bench, "userId=usr_00000000000000000000000000000000")
            .await
            .len(),
        0
    );
}

#[tokio::test]
async fn both_ends_of_a_date_range_are_in_it() {
    let bench = Bench::start();
    let all = found(&bench, "").await;
    let day = |it: &Value| it["createdAt"].as_str().unwrap()[..10].to_owned();
    let (start, end) = (day(&all[5]), day(&all[15]));
    let expected: Vec<Value> = all
        .iter()
        .filter(|it| day(it) >= start && day(it) <= end)
        .cloned()
        .collect();
    let range = format!("startDate={start}&endDate={end}");
    assert_eq!(found(&bench, &range).await, expected);
    let one_day = format!("startDate={start}&endDate={start}");
    assert!(!found(&bench, &one_day).await.is_empty());
    let backwards = format!("startDate={end}&endDate={start}");
    assert_eq!(found(&bench, &backwards).await.len(), 0);
}

#[tokio::test]
async fn what_a_parameter_cannot_be_is_named() {
    let bench = Bench::start();
    for (parameter, value) in [
        ("status", "pending"),
        ("status", "sent,open"),
        ("expired", "true"),
        ("startDate", "2026-1-1"),
        ("startDate", "2026-02-30"),
        ("endDate", "today"),
        ("endDate", ""),
        ("userId", "usr_1"),
        ("limit", "0"),
        ("limit", "101"),
        ("cursor", "x"),
    ] {
        let answer = bench
            .get(&format!("{INVITATIONS}?{parameter}={value}"))
            .await;
        answer.refused(400, Some(parameter));
    }
}

#[tokio::test]
async fn a_pending_invitation_can_change() {
    let bench = Bench::start();
    let before = bench.get(&of(INVITATION)).await.ok();
    assert_eq!(bench.patch(&of(INVITATION), json!({})).await.ok(), before);
    let patch = json!({ "suffix1": null, "level": "admin", "clinicRole": "Neurologist" });
    let after = bench.patch(&of(INVITATION), patch).await.ok();
    let mut expected = before.clone();
    expected["suffix1"] = Value::Null;
    expected["level"] = "admin".into();
    expected["clinicRole"] = "Neurologist".into();
    expected["updatedAt"] = after["updatedAt"].clone();
    assert_eq!(after, expected);
    assert!(time(&after, "updatedAt") > time(&before, "updatedAt"));
    assert_eq!(bench.get(&of(INVITATION)).await.ok(), after);
    for (field, value) in [
        ("email", json!("x@example.org")),
        ("level", json!("owner")),
        ("hasDashboardAccess", json!(false)),
        ("firstName", Value::Null),
        ("phoneNumber", json!("123456789")),
    ] {
        let answer = bench.patch(&of(INVITATION), json!({ field: value })).await;
        answer.refused(400, Some(field));
    }
    assert_eq!(bench.get(&of(INVITATION)).await.ok(), after);
    let unknown = bench.patch(&of(UNKNOWN), json!({})).await;
    unknown.refused(404, Some("invitationId"));
}

#[tokio::test]
async fn only_a_pending_invitation_can_change_or_be_revoked() {
    let bench = Bench::start();
    for (query, state) in [
        ("status=accepted", "accepted"),
        ("status=rejected", "rejected"),
        ("status=revoked", "revoked"),
        ("status=sent&expired=expired", "expired"),
    ] {
        let over = one(&bench, query).await;
        let id = over["invitationId"].as_str().unwrap();
        let patched = bench.patch(&of(id), json!({ "suffix1": "MD" })).await;
        let revoked = bench
            .post(&of("revoke"), json!({ "invitationId": id }))
            .await;
        for answer in [patched, revoked] {
            let message = answer.refused(409, None);
            assert!(message.contains(state), "{message}");
        }
        assert_eq!(bench.get(&of(id)).await.ok(), over);
    }
}

#[tokio::test]
async fn an_invitation_is_revoked_by_id_by_user_or_by_both() {
    let bench = Bench::start();
    let pending = found(&bench, "status=sent&expired=not-expired").await;
    let (id, user) = ("invitationId", "userId");
    for (invitation, names) in pending.iter().zip([vec![id], vec![user], vec![id, user]]) {
        let mut body = json!({});
        for name in names {
            body[name] = invitation[name].clone();
        }
        let done = bench.post(&of("revoke"), body).await.ok();
        assert_eq!(done["success"], true);
        let path = of(invitation["invitationId"].as_str().unwrap());
        assert_eq!(bench.get(&path).await.ok()["status"], "revoked");
    }
    for (body, status, field) in [
        (json!({}), 400, id),
        (json!({ "invitationId": null, "userId": null }), 400, id),
        (json!({ "invitationId": "inv_1" }), 400, id),
        (json!({ "userId": 7 }), 400, user),
        (json!({ "invitationId": UNKNOWN }), 404, id),
        (
            json!({ "userId": "usr_00000000000000000000000000000000" }),
            404,
            user,
        ),
        (
            json!({ "invitationId": INVITATION, "userId": pending[0]["userId"] }),
            400,
            user,
        ),
    ] {
        let answer = bench.post(&of("revoke"), body).await;
        answer.refused(status, Some(field));
    }
}
