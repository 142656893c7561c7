//! What the ledger says of writes that end well, of those that do not, and of those that are repeated.

use avara_tui::sandbox::{Fault, Faults, LedgerEntry, Options, Sandbox};
use reqwest::Method;
use serde_json::{Value, json};

use crate::blind_client::{BlindClient, Told};
use crate::raw::{Raw, starts, whole};
use crate::support::{Bench, STUDY, USER};

pub const USERS: &str = "/v1/viewer/users";

pub fn sandbox(faults: &str) -> Sandbox {
    Sandbox::start(Options {
        studies: 60,
        faults: faults.parse().unwrap(),
        ..Options::default()
    })
    .unwrap()
}

pub fn invitation(email: &str) -> Value {
    json!({
        "email": email, "firstName": "Ada", "lastName": "Example", "clinicRole": "Radiologist",
        "level": "member", "canManageStudies": true, "hasDashboardAccess": true,
    })
}

pub fn effects(sandbox: &Sandbox, operation: &str) -> Vec<LedgerEntry> {
    let ledger = sandbox.ledger().unwrap();
    let is_of = |entry: &LedgerEntry| entry.operation.as_deref() == Some(operation);
    ledger.into_iter().filter(is_of).collect()
}

#[tokio::test]
async fn the_ledger_has_every_write_of_the_api_and_no_read() {
    let bench = Bench::start();
    let studies = "/v1/viewer/studies";
    let study = format!("{studies}/{STUDY}");
    let id = json!({ "studyId": STUDY });
    let user = json!({ "userId": USER });
    bench.get(&study).await.ok();
    let new = json!({ "severity": "stat", "studyDescription": "XR", "studyInstanceUid": "1.2.9" });
    let made = bench.post(studies, new).await.ok();
    bench
        .patch(&study, json!({ "studyDescription": "CT" }))
        .await
        .ok();
    for verb in ["cancel", "uncancel", "reroute-url"] {
        bench
            .post(&format!("{studies}/{verb}"), id.clone())
            .await
            .ok();
    }
    let invited = bench.post(USERS, invitation("ada@example.org")).await.ok();
    bench
        .patch(&format!("{USERS}/{USER}"), json!({ "suffix1": "MD" }))
        .await
        .ok();
    bench
        .post(&format!("{USERS}/revoke-access"), user.clone())
        .await
        .ok();
    bench
        .post(&format!("{USERS}/reactivate"), user.clone())
        .await
        .ok();
    bench.post(&format!("{USERS}/reactivate"), user).await.ok();
    let ledger = bench.sandbox.ledger().unwrap();
    let invitation = ledger[5].target.clone();
    let path = format!("{USERS}/invitations/{invitation}");
    bench.patch(&path, json!({ "firstName": "Eva" })).await.ok();
    let revoke = json!({ "userId": invited["userId"] });
    bench
        .post(&format!("{USERS}/invitations/revoke"), revoke)
        .await
        .ok();
    bench
        .post(&format!("{studies}/cancel"), json!({}))
        .await
        .refused(400, Some("studyId"));

    let ledger = bench.sandbox.ledger().unwrap();
    let targets: Vec<&str> = ledger.iter().map(|entry| entry.target.as_str()).collect();
    let made = made["studyId"].as_str().unwrap();
    // The second reactivation found nothing to do.
    let expected = [
        made,
        STUDY,
        STUDY,
        STUDY,
        STUDY,
        &invitation,
        USER,
        USER,
        USER,
        &invitation,
        &invitation,
    ];
    assert_eq!(targets, expected);
    assert!(
        (1..)
            .zip(&ledger)
            .all(|(number, entry)| entry.sequence == number)
    );
    assert!(ledger.iter().all(|entry| entry.operation.is_none()));
    assert_eq!(ledger[0].before, None);
    assert_eq!(
        ledger[0].after.as_ref().unwrap()["studyInstanceUid"],
        "1.2.9"
    );
    // A link shows nowhere, and is nowhere kept.
    assert_eq!((&ledger[4].before, &ledger[4].after), (&None, &None));
    let revoked = |record: &Option<Value>| record.as_ref().unwrap()["revoked"].clone();
    assert_eq!(
        (revoked(&ledger[7].before), revoked(&ledger[7].after)),
        (json!(false), json!(true))
    );
}

/// Calls without a fault, and expects success.
fn prepare(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Value {
    let mut raw = Raw::connect(sandbox);
    raw.send(method, path, "prepare", &body.to_string());
    let (data, _) = raw.read();
    assert!(starts(&data, "200"), "{method} {path}: {data:?}");
    whole(&data).1
}

/// The eleven calls that have an effect, each with what must have happened before.
fn writes(sandbox: &Sandbox) -> Vec<(&'static str, String, Value)> {
    let studies = "/v1/viewer/studies";
    let made = |email| prepare(sandbox, "POST", USERS, &invitation(email));
    let open = made("open@example.org")["userId"].clone();
    let ledger = sandbox.ledger().unwrap();
    let changing = &ledger.last().unwrap().target;
    let cancelled = json!({ "studyInstanceUid": "1.2.3" });
    let new =
        |uid| json!({ "severity": "stat", "studyDescription": "CT", "studyInstanceUid": uid });
    prepare(sandbox, "POST", studies, &new("1.2.3"));
    prepare(sandbox, "POST", &format!("{studies}/cancel"), &cancelled);
    let users = prepare(sandbox, "GET", &format!("{USERS}?limit=3"), &json!({}));
    let user = |at: usize| json!({ "userId": users["users"][at]["userId"] });
    prepare(sandbox, "POST", &format!("{USERS}/revoke-access"), &user(2));
    let study = json!({ "studyId": STUDY });
    let change = json!({ "studyDescription": "MR" });
    vec![
        ("POST", studies.into(), new("1.2.4")),
        ("PATCH", format!("{studies}/{STUDY}"), change),
        ("POST", format!("{studies}/cancel"), study.clone()),
        ("POST", format!("{studies}/uncancel"), cancelled),
        ("POST", format!("{studies}/reroute-url"), study),
        ("POST", USERS.into(), invitation("new@example.org")),
        (
            "PATCH",
            format!("{USERS}/{USER}"),
            json!({ "suffix1": "MD" }),
        ),
        ("POST", format!("{USERS}/revoke-access"), user(1)),
        ("POST", format!("{USERS}/reactivate"), user(2)),
        (
            "PATCH",
            format!("{USERS}/invitations/{changing}"),
            json!({ "firstName": "Eva" }),
        ),
        (
            "POST",
            format!("{USERS}/invitations/revoke"),
            json!({ "userId": open }),
        ),
    ]
}

#[test]
fn every_fault_on_every_write_is_applied_once_or_not_at_all() {
    let mut cases = 0;
    for fault in Fault::ALL {
        let sandbox = sandbox("");
        let writes = writes(&sandbox);
        let spec = format!("{fault}:0.999999999;delay=1;down=1");
        for (method, path, body) in &writes {
            let operation = format!("{method} {path}");
            sandbox.set_faults(spec.parse().unwrap());
            let mut raw = Raw::connect(&sandbox);
            raw.send(method, path, &operation, &body.to_string());
            raw.read();
            sandbox.set_faults(Faults::default());
            let applied = effects(&sandbox, &operation).len();
            assert_eq!(
                applied,
                usize::from(fault.applies()),
                "{fault}: {operation}"
            );
            cases += 1;
        }
    }
    println!("{cases} cases: 18 faults on 11 writes");
    assert_eq!(cases, 198);
}

/// Shows that a harness with this sandbox can fail: what a client repeats blindly is done again.
#[tokio::test]
async fn a_client_that_repeats_blindly_invites_somebody_three_times() {
    let plan = "POST /v1/viewer/users attempt=1 -> rst-after-apply;\
                POST /v1/viewer/users attempt=2 -> rst-after-apply; invite-twice";
    let sandbox = sandbox(plan);
    let client = BlindClient::new(sandbox.base_url(), sandbox.api_key());
    let body = invitation("ada@example.org");
    let told = client.call(Method::POST, USERS, "once", &body).await;
    assert_eq!(
        told,
        Told {
            status: Some(200),
            attempts: 3
        }
    );
    let effects = effects(&sandbox, "once");
    assert_eq!(effects.len(), 3, "one intent, reported as one success");
}

#[tokio::test]
async fn blind_repetition_duplicates_under_random_faults() {
    const N: usize = 300;
    let sandbox =
        sandbox("rst-after-apply:0.1,cut-json:0.05,5xx-after-apply:0.05;invite-twice;seed=3");
    let client = BlindClient::new(sandbox.base_url(), sandbox.api_key());
    let mut duplicated = 0;
    for number in 0..N {
        let operation = format!("invite-{number}");
        let body = invitation(&format!("{operation}@example.org"));
        client.call(Method::POST, USERS, &operation, &body).await;
        duplicated += usize::from(effects(&sandbox, &operation).len() > 1);
    }
    println!("{duplicated} of {N} invitations were sent more than once, seed 3");
    assert!(duplicated > N / 10, "{duplicated}");
}
