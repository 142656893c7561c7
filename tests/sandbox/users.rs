//! Inviting, listing, reading, changing, revoking and reactivating users.

use serde_json::{Value, json};

use crate::support::{Bench, STUDY, USER};

const USERS: &str = "/v1/viewer/users";
const UNKNOWN: &str = "usr_00000000000000000000000000000000";

fn person(email: &str) -> Value {
    json!({
        "email": email, "firstName": "Ada", "lastName": "Lovelace", "clinicRole": "Radiologist",
        "level": "member", "canManageStudies": true, "hasDashboardAccess": false
    })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

fn of(id: &str) -> String {
    format!("{USERS}/{id}")
}

#[tokio::test]
async fn a_user_has_every_field_of_the_reference() {
    let bench = Bench::start();
    let user = bench.get(&of(USER)).await.ok();
    assert_eq!(
        user,
        json!({
            "userId": USER,
            "email": "sarah.johnson@example.org",
            "firstName": "Sarah",
            "lastName": "Johnson",
            "middleName": "Elizabeth",
            "suffix1": "MD",
            "suffix2": null,
            "phoneNumber": "15555550102",
            "clinicRole": "Radiologist",
            "level": "member",
            "canManageStudies": true,
            "hasDashboardAccess": true,
            "invitedSource": "dashboard",
            "createdAt": user["createdAt"],
            "lastLoginAt": user["lastLoginAt"]
        })
    );
    assert!(user["createdAt"].is_string() && user["lastLoginAt"].is_string());
}

#[tokio::test]
async fn an_invited_person_is_not_a_user_yet() {
    let bench = Bench::start();
    let mut body = person("ada@example.org");
    body["middleName"] = Value::Null;
    body["suffix1"] = "MD".into();
    body["phoneNumber"] = "15555550177".into();
    let made = bench.post(USERS, body).await.ok();
    let id = made["userId"].as_str().unwrap();
    assert_eq!(
        made,
        json!({
            "userId": id,
            "email": "ada@example.org",
            "firstName": "Ada",
            "lastName": "Lovelace",
            "middleName": null,
            "suffix1": "MD",
            "suffix2": null,
            "phoneNumber": "15555550177",
            "clinicRole": "Radiologist",
            "level": "member",
            "canManageStudies": true,
            "hasDashboardAccess": false,
            "invitedSource": "api",
            "createdAt": made["createdAt"],
            "lastLoginAt": null
        })
    );
    bench.get(&of(id)).await.refused(404, Some("userId"));
    let listed = bench
        .get(&format!("{USERS}?email=ada@example.org"))
        .await
        .ok();
    assert_eq!(
        listed,
        json!({ "users": [], "cursor": null, "hasMore": false })
    );
    let study = format!("/v1/viewer/studies/{STUDY}");
    let assign = bench.patch(&study, json!({ "assignedTo": id })).await;
    assign.refused(400, Some("assignedTo"));

    let path = format!("{USERS}/invitations?userId={id}");
    let found = bench.get(&path).await.ok();
    let invitation = &found["invitations"][0];
    assert_eq!(invitation["status"], "sent");
    assert_eq!(invitation["email"], "ada@example.org");
    assert_eq!(invitation["invitedSource"], "api");
    assert_eq!(invitation["inviterId"], Value::Null);
    assert!(invitation["invitedByApiKeyId"].as_str().unwrap().len() == 36);
    let time = |field: &str| -> chrono::DateTime<chrono::Utc> {
        invitation[field].as_str().unwrap().parse().unwrap()
    };
    assert_eq!((time("expiry") - time("createdAt")).num_days(), 7);
    // It comes after all that the dashboard sent.
    let all = bench
        .walk(&format!("{USERS}/invitations"), "invitations")
        .await;
    assert_eq!(all.last(), Some(invitation));
}

#[tokio::test]
async fn what_an_invited_person_cannot_be_is_named() {
    let bench = Bench::start();
    for field in [
        "email",
        "firstName",
        "lastName",
        "clinicRole",
        "level",
        "canManageStudies",
        "hasDashboardAccess",
    ] {
        let mut body = person("ada@example.org");
        body.as_object_mut().unwrap().remove(field);
        bench.post(USERS, body).await.refused(400, Some(field));
    }
    for (field, value) in [
        ("email", json!("ada")),
        ("email", json!("ada@example")),
        ("firstName", json!("")),
        ("lastName", json!(7)),
        ("clinicRole", json!("radiologist")),
        ("level", json!("owner")),
        ("level", json!("root")),
        ("canManageStudies", json!("true")),
        ("hasDashboardAccess", json!(1)),
        ("phoneNumber", json!("555550100")),
        ("phoneNumber", json!("1555555010012345")),
        ("phoneNumber", json!("+15555550100")),
        ("phoneNumber", json!(15555550100_i64)),
        ("suffix1", json!(1)),
    ] {
        let body = with(person("ada@example.org"), field, value);
        bench.post(USERS, body).await.refused(400, Some(field));
    }
    let admin = with(person("ada@example.org"), "level", json!("admin"));
    let answer = bench.post(USERS, admin.clone()).await;
    answer.refused(400, Some("hasDashboardAccess"));
    let admin = with(admin, "hasDashboardAccess", json!(true));
    bench.post(USERS, admin).await.ok();
}

#[tokio::test]
async fn a_phone_number_has_10_to_15_digits() {
    let bench = Bench::start();
    for phone in ["5555550100", "155555501001234"] {
        let user = bench
            .patch(&of(USER), json!({ "phoneNumber": phone }))
            .await
            .ok();
        assert_eq!(user["phoneNumber"], phone);
    }
    for phone in ["555555010", "1555555010012345", "", "555-555-0100"] {
        let answer = bench
            .patch(&of(USER), json!({ "phoneNumber": phone }))
            .await;
        answer.refused(400, Some("phoneNumber"));
    }
}

#[tokio::test]
async fn an_address_is_invited_once() {
    let bench = Bench::start();
    let taken = bench.post(USERS, person("Sarah.Johnson@example.org")).await;
    taken.refused(409, Some("email"));
    let pending = bench.post(USERS, person("carla.jimenez@example.org")).await;
    pending.refused(409, Some("email"));
    bench.post(USERS, person("ada@example.org")).await.ok();
    let again = bench.post(USERS, person("ada@example.org")).await;
    again.refused(409, Some("email"));
    // An invitation that is over does not stand in the way.
    for email in ["hannah.weiss@example.org", "fatima.elmasri@example.org"] {
        bench.post(USERS, person(email)).await.ok();
    }
}

#[tokio::test]
async fn users_are_found_by_every_filter() {
    let bench = Bench::start();
    let all = bench.walk(USERS, "users").await;
    assert_eq!(all.len(), 26);
    let names = async |query: &str| -> Vec<String> {
        let users = bench
            .walk(&format!("{USERS}?limit=2&{query}"), "users")
            .await;
        let name = |user: &Value| user["email"].as_str().unwrap().replace("@example.org", "");
        users.iter().map(name).collect()
    };
    assert_eq!(names("lastName=KIM").await, ["daniel.kim", "dana.kim"]);
    assert_eq!(names("firstName=DAN").await, ["daniel.kim", "dana.kim"]);
    assert_eq!(names("firstName=tom%C3%A1s").await, ["tomas.herrera"]);
    assert_eq!(names("lastName=%C3%85S").await, ["henrik.aasland"]);
    assert_eq!(names("level=owner").await, ["margaret.thornbury"]);
    assert_eq!(names("level=owner&lastName=kim").await, [""; 0]);
    assert_eq!(names("email=dana.kim@example.org").await, ["dana.kim"]);
    assert_eq!(names("email=dana.kim").await, [""; 0]);
    assert_eq!(
        names("invitedSource=api").await,
        ["ruth.abrams", "integration"]
    );
    assert_eq!(names("invitedSource=dashboard").await.len(), 24);
    for (parameter, value) in [
        ("level", "boss"),
        ("invitedSource", "mail"),
        ("limit", "0"),
        ("limit", "101"),
        ("cursor", "x"),
    ] {
        let answer = bench.get(&format!("{USERS}?{parameter}={value}")).await;
        answer.refused(400, Some(parameter));
    }
}

#[tokio::test]
async fn a_patch_of_a_user_leaves_clears_and_sets() {
    let bench = Bench::start();
    let before = bench.get(&of(USER)).await.ok();
    assert_eq!(bench.patch(&of(USER), json!({})).await.ok(), before);
    let patch = json!({ "middleName": null, "suffix2": "FACR", "lastName": "Johnson-Reyes" });
    let after = bench.patch(&of(USER), patch).await.ok();
    let mut expected = before;
    expected["middleName"] = Value::Null;
    expected["suffix2"] = "FACR".into();
    expected["lastName"] = "Johnson-Reyes".into();
    assert_eq!(after, expected);
    let patch = json!({ "suffix1": null, "suffix2": null, "phoneNumber": null });
    let after = bench.patch(&of(USER), patch).await.ok();
    for field in ["suffix1", "suffix2", "phoneNumber"] {
        assert_eq!(after[field], Value::Null, "{field}");
    }
    assert_eq!(bench.get(&of(USER)).await.ok(), after);
}

#[tokio::test]
async fn a_refused_patch_of_a_user_changes_nothing() {
    let bench = Bench::start();
    let before = bench.get(&of(USER)).await.ok();
    for (field, value) in [
        ("email", json!("sarah.johnson@example.org")),
        ("email", Value::Null),
        ("firstName", Value::Null),
        ("lastName", json!(" ")),
        ("clinicRole", Value::Null),
        ("clinicRole", json!("Wizard")),
        ("level", json!("owner")),
        ("level", Value::Null),
        ("canManageStudies", Value::Null),
        ("hasDashboardAccess", json!("yes")),
        ("middleName", json!(1)),
    ] {
        let answer = bench.patch(&of(USER), json!({ field: value })).await;
        answer.refused(400, Some(field));
    }
    assert_eq!(bench.get(&of(USER)).await.ok(), before);
    bench
        .patch(&of(UNKNOWN), json!({}))
        .await
        .refused(404, Some("userId"));
    bench
        .patch(&of("usr_1"), json!({}))
        .await
        .refused(400, Some("userId"));
    bench.get(&of(UNKNOWN)).await.refused(404, Some("userId"));
}

#[tokio::test]
async fn an_admin_has_dashboard_access_whichever_field_changes() {
    let bench = Bench::start();
    let patch = async |body: Value| bench.patch(&of(USER), body).await;
    let both = json!({ "level": "admin", "hasDashboardAccess": false });
    patch(both).await.refused(400, Some("hasDashboardAccess"));
    patch(json!({ "hasDashboardAccess": false })).await.ok();
    let alone = json!({ "level": "admin" });
    patch(alone).await.refused(400, Some("hasDashboardAccess"));
    let both = json!({ "level": "admin", "hasDashboardAccess": true });
    patch(both).await.ok();
    let alone = json!({ "hasDashboardAccess": false });
    patch(alone).await.refused(400, Some("hasDashboardAccess"));
    patch(json!({ "level": "member", "hasDashboardAccess": false }))
        .await
        .ok();
}

#[tokio::test]
async fn a_revoked_user_stays_listed_but_gets_no_study() {
    let bench = Bench::start();
    let before = bench.get(&of(USER)).await.ok();
    let study = format!("/v1/viewer/studies/{STUDY}");
    let assign = json!({ "assignedTo": USER });
    for _ in 0..2 {
        let done = bench
            .post(&of("revoke-access"), json!({ "userId": USER }))
            .await
            .ok();
        assert_eq!(done["success"], true);
    }
    assert_eq!(bench.get(&of(USER)).await.ok(), before);
    assert_eq!(bench.walk(USERS, "users").await.len(), 26);
    let answer = bench.patch(&study, assign.clone()).await;
    let message = answer.refused(400, Some("assignedTo"));
    assert!(message.contains("revoked"), "{message}");
    for _ in 0..2 {
        bench
            .post(&of("reactivate"), json!({ "userId": USER }))
            .await
            .ok();
    }
    bench.patch(&study, assign).await.ok();
    for action in ["revoke-access", "reactivate"] {
        for (body, status) in [
            (json!({}), 400),
            (json!({ "userId": null }), 400),
            (json!({ "userId": "usr_1" }), 400),
            (json!({ "userId": UNKNOWN }), 404),
        ] {
            let answer = bench.post(&of(action), body).await;
            answer.refused(status, Some("userId"));
        }
    }
}
