//! Creating, reading, changing, cancelling and opening studies.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Bench, CUSTOMER, STUDY, STUDY_UID, USER, send};

const STUDIES: &str = "/v1/viewer/studies";
const UNKNOWN: &str = "00000000000000000000000000000000";

fn study(uid: &str) -> Value {
    json!({ "severity": "high", "studyDescription": "CT Head WO contrast", "studyInstanceUid": uid })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

fn of(id: &str) -> String {
    format!("{STUDIES}/{id}")
}

#[tokio::test]
async fn a_new_study_has_every_field_of_the_reference() {
    let bench = Bench::start();
    let mut body = study("1.2.3");
    body["assignedTo"] = USER.into();
    body["expressCustomerId"] = CUSTOMER.into();
    body["metadata"] = json!({ "site": "LAKE", "note": "é" });
    body["futureField"] = json!([1]);
    let made = bench.post(STUDIES, body).await.ok();
    let id = made["studyId"].as_str().unwrap();
    assert!(id.starts_with("stu_") && id.len() == 36);
    let stamp = made["createdAt"].as_str().unwrap();
    assert!(stamp.ends_with('Z') && stamp.len() == 24, "{stamp}");
    let key = made["createdByApiKey"]["apiKeyId"].as_str().unwrap();
    assert_eq!(
        made,
        json!({
            "studyId": id,
            "studyInstanceUid": "1.2.3",
            "studyDescription": "CT Head WO contrast",
            "severity": "high",
            "studyViewerStatus": "incomplete",
            "isCancelled": false,
            "assignedTo": {
                "userId": USER, "email": "sarah.johnson@example.org", "firstName": "Sarah",
                "lastName": "Johnson", "middleName": "Elizabeth", "suffix1": "MD", "suffix2": null
            },
            "expressCustomer": {
                "expressCustomerId": CUSTOMER, "expressCustomerName": "Lakeside General Hospital"
            },
            "createdByUser": null,
            "createdByApiKey": {
                "apiKeyId": key, "description": "Sandbox API key", "isViewerEnabled": true
            },
            "createdAt": stamp,
            "updatedAt": stamp,
            "cancelledAt": null,
            "metadata": { "site": "LAKE", "note": "é" }
        })
    );
    assert_eq!(bench.get(&of(id)).await.ok(), made);
    let by_uid = bench.get(&of("by-uid/1.2.3")).await.ok();
    assert_eq!(by_uid, made);
}

#[tokio::test]
async fn null_and_absent_mean_the_same_in_a_new_study() {
    let bench = Bench::start();
    let mut body = study("1.2.3");
    for field in ["assignedTo", "expressCustomerId", "metadata"] {
        body[field] = Value::Null;
    }
    let made = bench.post(STUDIES, body).await.ok();
    assert_eq!(made["assignedTo"], Value::Null);
    assert_eq!(made["expressCustomer"], Value::Null);
    assert_eq!(made["metadata"], json!({}));
}

#[tokio::test]
async fn what_a_study_cannot_be_is_named() {
    let bench = Bench::start();
    for field in ["severity", "studyDescription", "studyInstanceUid"] {
        let mut body = study("1.2.3");
        body.as_object_mut().unwrap().remove(field);
        bench.post(STUDIES, body).await.refused(400, Some(field));
    }
    let long = format!("1.{}", "2".repeat(63));
    for (field, value) in [
        ("severity", json!("urgent")),
        ("severity", json!("STAT")),
        ("severity", json!(1)),
        ("severity", Value::Null),
        ("studyDescription", json!(7)),
        ("studyDescription", json!(" ")),
        ("studyInstanceUid", json!("1.2.x")),
        ("studyInstanceUid", json!("1..2")),
        ("studyInstanceUid", json!("1.02")),
        ("studyInstanceUid", json!(long)),
        ("studyInstanceUid", json!(1.2)),
        ("assignedTo", json!("usr_12")),
        ("assignedTo", json!(format!("usr_{UNKNOWN}"))),
        ("expressCustomerId", json!(USER)),
        ("expressCustomerId", json!(format!("cus_{UNKNOWN}"))),
        ("metadata", json!([])),
        ("metadata", json!({ "a": 1 })),
        ("metadata", json!({ "a": null })),
    ] {
        let body = with(study("1.2.3"), field, value);
        bench.post(STUDIES, body).await.refused(400, Some(field));
    }
    bench
        .get(&of("by-uid/1.2.3"))
        .await
        .refused(404, Some("studyInstanceUid"));
}

#[tokio::test]
async fn limits_hold_at_their_boundary_and_one_past_it() {
    let bench = Bench::start();
    let pairs = |count: usize| -> Value {
        let pairs = (0..count).map(|number| (format!("k{number}"), json!("v")));
        Value::Object(pairs.collect())
    };
    let one = |key: usize, value: usize| json!({ "k".repeat(key): "é".repeat(value) });
    let fits = [pairs(50), one(100, 1000)];
    for (number, metadata) in fits.into_iter().enumerate() {
        let body = with(study(&format!("1.2.{number}")), "metadata", metadata);
        bench.post(STUDIES, body).await.ok();
    }
    for metadata in [pairs(51), one(101, 1), one(1, 1001)] {
        let body = with(study("1.2.9"), "metadata", metadata);
        bench
            .post(STUDIES, body)
            .await
            .refused(400, Some("metadata"));
    }
    let longest = format!("1.{}", "2".repeat(62));
    bench.post(STUDIES, study(&longest)).await.ok();
}

#[tokio::test]
async fn a_uid_belongs_to_one_study() {
    let bench = Bench::start();
    let answer = bench.post(STUDIES, study(STUDY_UID)).await;
    answer.refused(409, Some("studyInstanceUid"));
}

#[tokio::test]
async fn a_study_that_is_not_there() {
    let bench = Bench::start();
    let unknown = format!("stu_{UNKNOWN}");
    for (path, status, field) in [
        (of(&unknown), 404, "studyId"),
        (of("stu_12"), 400, "studyId"),
        (of(USER), 400, "studyId"),
        (of("by-uid/1.2.3"), 404, "studyInstanceUid"),
        (of("by-uid/1.2.x"), 400, "studyInstanceUid"),
    ] {
        bench.get(&path).await.refused(status, Some(field));
    }
    let patch = bench.patch(&of(&unknown), json!({})).await;
    patch.refused(404, Some("studyId"));
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let bench = Bench::start();
    let before = bench.get(&of(STUDY)).await.ok();
    let somebody = bench.somebody().await;
    let patch = json!({ "assignedTo": somebody["userId"], "severity": "stat" });
    let after = bench.patch(&of(STUDY), patch).await.ok();
    let mut expected = before.clone();
    expected["severity"] = "stat".into();
    expected["assignedTo"] = after["assignedTo"].clone();
    expected["updatedAt"] = after["updatedAt"].clone();
    assert_eq!(after, expected);
    assert_eq!(after["assignedTo"]["userId"], somebody["userId"]);
    assert!(after["updatedAt"].as_str() > before["updatedAt"].as_str());
    let patch = json!({ "studyDescription": "CT Chest ", "studyViewerStatus": "complete" });
    let after = bench.patch(&of(STUDY), patch).await.ok();
    assert_eq!(after["studyDescription"], "CT Chest ");
    assert_eq!(after["studyViewerStatus"], "complete");
    assert_eq!(after["assignedTo"]["userId"], somebody["userId"]);
    assert_eq!(bench.get(&of(STUDY)).await.ok(), after);
}

#[tokio::test]
async fn absent_leaves_and_null_clears() {
    let bench = Bench::start();
    let set = json!({ "assignedTo": USER, "metadata": { "a": "1", "b": "2" } });
    bench.patch(&of(STUDY), set).await.ok();
    let replaced = json!({ "metadata": { "c": "3" } });
    let study = bench.patch(&of(STUDY), replaced).await.ok();
    assert_eq!(study["metadata"], json!({ "c": "3" }));
    assert_eq!(study["assignedTo"]["userId"], USER);
    let cleared = json!({ "assignedTo": null });
    let study = bench.patch(&of(STUDY), cleared).await.ok();
    assert_eq!(study["assignedTo"], Value::Null);
    assert_eq!(study["metadata"], json!({ "c": "3" }));
    let cleared = json!({ "metadata": null });
    let study = bench.patch(&of(STUDY), cleared).await.ok();
    assert_eq!(study["metadata"], json!({}));
}

#[tokio::test]
async fn an_empty_patch_leaves_even_the_time() {
    let bench = Bench::start();
    let before = bench.get(&of(STUDY)).await.ok();
    for body in [json!({}), json!({ "futureField": 1 })] {
        assert_eq!(bench.patch(&of(STUDY), body).await.ok(), before);
    }
}

#[tokio::test]
async fn a_refused_patch_changes_nothing() {
    let bench = Bench::start();
    let before = bench.get(&of(STUDY)).await.ok();
    for (field, value) in [
        ("severity", Value::Null),
        ("severity", json!("critical")),
        ("studyDescription", Value::Null),
        ("studyDescription", json!("")),
        ("studyViewerStatus", Value::Null),
        ("studyViewerStatus", json!("done")),
        ("assignedTo", json!("")),
        ("assignedTo", json!(format!("usr_{UNKNOWN}"))),
        ("metadata", json!({ "": "x" })),
        ("metadata", json!("x")),
    ] {
        let body = with(json!({ "severity": "stat" }), field, value);
        let answer = bench.patch(&of(STUDY), body).await;
        answer.refused(400, Some(field));
    }
    assert_eq!(bench.get(&of(STUDY)).await.ok(), before);
    let allowed = bench.patch(&of(STUDY), json!({ "severity": "x" })).await;
    let message = allowed.refused(400, Some("severity"));
    assert!(message.contains("one of normal, high, stat"), "{message}");
}

#[tokio::test]
async fn cancel_and_uncancel_alternate() {
    let bench = Bench::start();
    let cancel = of("cancel");
    let uncancel = of("uncancel");
    let by_id = json!({ "studyId": STUDY });
    let by_uid = json!({ "studyInstanceUid": STUDY_UID });
    let by_both = json!({ "studyId": STUDY, "studyInstanceUid": STUDY_UID });
    bench
        .post(&uncancel, by_id.clone())
        .await
        .refused(409, None);
    let done = bench.post(&cancel, by_id.clone()).await.ok();
    assert_eq!(done["success"], true);
    assert!(done["message"].is_string());
    let study = bench.get(&of(STUDY)).await.ok();
    assert_eq!(study["isCancelled"], true);
    assert_eq!(study["cancelledAt"], study["updatedAt"]);
    bench.post(&cancel, by_uid.clone()).await.refused(409, None);
    bench.post(&uncancel, by_uid).await.ok();
    let study = bench.get(&of(STUDY)).await.ok();
    assert_eq!(study["isCancelled"], false);
    assert_eq!(study["cancelledAt"], Value::Null);
    bench.post(&cancel, by_both).await.ok();
}

#[tokio::test]
async fn one_study_must_be_named_and_only_one() {
    let bench = Bench::start();
    let other = bench.post(STUDIES, study("1.2.3")).await.ok();
    let unknown = format!("stu_{UNKNOWN}");
    for action in ["cancel", "uncancel", "reroute-url"] {
        for (body, status, field) in [
            (json!({}), 400, "studyId"),
            (json!({ "studyId": null }), 400, "studyId"),
            (json!({ "studyId": "stu_1" }), 400, "studyId"),
            (json!({ "studyInstanceUid": "1." }), 400, "studyInstanceUid"),
            (json!({ "studyId": unknown }), 404, "studyId"),
            (
                json!({ "studyInstanceUid": "9.9" }),
                404,
                "studyInstanceUid",
            ),
            (
                json!({ "studyId": other["studyId"], "studyInstanceUid": STUDY_UID }),
                400,
                "studyInstanceUid",
            ),
        ] {
            let answer = bench.post(&of(action), body).await;
            answer.refused(status, Some(field));
        }
    }
}

#[tokio::test]
async fn a_reroute_link_opens_once_and_without_the_key() {
    let bench = Bench::start();
    let mut marked = study("1.2.3");
    marked["studyDescription"] = "<script>alert(1)</script> & \"more\"".into();
    bench.post(STUDIES, marked).await.ok();
    let body = json!({ "studyInstanceUid": "1.2.3" });
    let first = bench.post(&of("reroute-url"), body.clone()).await.ok();
    let second = bench.post(&of("reroute-url"), body).await.ok();
    assert_ne!(first["url"], second["url"]);
    let url = first["url"].as_str().unwrap();
    let prefix = format!("{}/viewer/", bench.sandbox.base_url());
    let path = url.strip_prefix(&bench.sandbox.base_url()).unwrap();
    assert!(url.starts_with(&prefix) && url.len() == prefix.len() + 32);

    send(bench.bare(Method::HEAD, path)).await;
    let page = send(bench.bare(Method::GET, path)).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert!(page.text.contains("SANDBOX – demo data"));
    assert!(page.text.contains("1.2.3"));
    assert!(
        page.text
            .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;")
    );
    assert!(!page.text.contains("<script"));

    let again = send(bench.bare(Method::GET, path)).await;
    assert_eq!(again.status, 410);
    assert!(again.text.contains("expired"));
    assert_eq!(again.headers["cache-control"], "no-store");
    for made_up in ["/viewer/0123", "/viewer/%FF"] {
        assert_eq!(send(bench.bare(Method::GET, made_up)).await.status, 410);
    }
}
