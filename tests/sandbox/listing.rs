//! Lists of studies: filters, pages, offsets.

use std::collections::HashSet;

use avara_tui::sandbox::Options;
use serde_json::{Value, json};

use crate::support::{Bench, CUSTOMER, STUDY, USER};

const STUDIES: &str = "/v1/viewer/studies";

fn ids(studies: &[Value]) -> Vec<String> {
    studies
        .iter()
        .map(|study| study["studyId"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn pages_follow_each_other_by_offset() {
    let bench = Bench::start();
    let first = bench.get(STUDIES).await.ok();
    assert_eq!(first["studies"].as_array().unwrap().len(), 20);
    assert_eq!(first["cursor"], "eyJvZmZzZXQiOjIwfQ==");
    assert_eq!(first["hasMore"], true);
    assert_eq!(first.as_object().unwrap().len(), 3);
    let all = bench.walk(STUDIES, "studies").await;
    assert_eq!(all.len(), 60);
    for cursor in [
        "eyJvZmZzZXQiOjIwfQ==",
        "eyJvZmZzZXQiOjIwfQ%3D%3D",
        "eyJvZmZzZXQiOjIwfQ",
    ] {
        let second = bench.get(&format!("{STUDIES}?cursor={cursor}")).await.ok();
        assert_eq!(second["studies"].as_array().unwrap()[..], all[20..40]);
    }
    // {"offset":60}: the end; {"offset":1000}: past it.
    for cursor in ["eyJvZmZzZXQiOjYwfQ==", "eyJvZmZzZXQiOjEwMDB9"] {
        let past = bench.get(&format!("{STUDIES}?cursor={cursor}")).await.ok();
        assert_eq!(
            past,
            json!({ "studies": [], "cursor": null, "hasMore": false })
        );
    }
}

#[tokio::test]
async fn the_last_full_page_says_that_it_is_the_last() {
    let bench = Bench::start();
    let page = bench.get(&format!("{STUDIES}?limit=60")).await.ok();
    assert_eq!(page["hasMore"], false);
    let page = bench.get(&format!("{STUDIES}?limit=59")).await.ok();
    assert_eq!(page["hasMore"], true);
}

#[tokio::test]
async fn a_limit_is_a_whole_number_from_1_to_100() {
    let bench = Bench::start();
    for (limit, count) in [("1", 1), ("20", 20), ("20.0", 20), ("100", 60)] {
        let page = bench.get(&format!("{STUDIES}?limit={limit}")).await.ok();
        assert_eq!(page["studies"].as_array().unwrap().len(), count);
    }
    for limit in ["0", "101", "1.5", "-1", "ten", ""] {
        let page = bench.get(&format!("{STUDIES}?limit={limit}")).await;
        page.refused(400, Some("limit"));
    }
}

#[tokio::test]
async fn what_a_parameter_cannot_be_is_named() {
    let bench = Bench::start();
    for (parameter, value) in [
        ("cursor", "garbage"),
        ("cursor", "eyJvZmZzZXQiOi0xfQ=="),
        ("severity", "urgent"),
        ("severity", ""),
        ("severity", "stat,high"),
        ("isCancelled", "no"),
        ("isCancelled", "True"),
        ("studyViewerStatus", "open"),
        ("assignedTo", "me"),
        ("expressCustomerId", USER),
    ] {
        let answer = bench.get(&format!("{STUDIES}?{parameter}={value}")).await;
        answer.refused(400, Some(parameter));
    }
    bench
        .get(&format!("{STUDIES}?futureParameter=x"))
        .await
        .ok();
}

#[tokio::test]
async fn every_filter_is_the_filter_it_says() {
    let bench = Bench::with(Options {
        studies: 400,
        ..Options::default()
    });
    bench
        .patch(&format!("{STUDIES}/{STUDY}"), json!({ "assignedTo": USER }))
        .await
        .ok();
    let all = bench.walk(&format!("{STUDIES}?limit=100"), "studies").await;
    type Test = fn(&Value) -> bool;
    let filters: [(&str, Test); 13] = [
        ("severity=stat", |study| study["severity"] == "stat"),
        ("severity=normal", |study| study["severity"] == "normal"),
        ("isCancelled=true", |study| study["isCancelled"] == true),
        ("isCancelled=false", |study| study["isCancelled"] == false),
        ("studyViewerStatus=complete", |study| {
            study["studyViewerStatus"] == "complete"
        }),
        ("assignedTo=null", |study| study["assignedTo"].is_null()),
        ("assignedTo=", |study| study["assignedTo"].is_null()),
        ("assignedTo=usr_1234567890abcdef1234567890abcdef", |study| {
            study["assignedTo"]["userId"] == USER
        }),
        ("expressCustomerId=null", |study| {
            study["expressCustomer"].is_null()
        }),
        (
            "expressCustomerId=cus_1234567890abcdef1234567890abcdef",
            |study| study["expressCustomer"]["expressCustomerId"] == CUSTOMER,
        ),
        ("studyDescription=cT%20hEAD", |study| {
            let description = study["studyDescription"].as_str().unwrap();
            description.to_lowercase().contains("ct head")
        }),
        ("studyDescription=", |_| true),
        (
            "severity=stat&studyViewerStatus=incomplete&isCancelled=false",
            |study| {
                study["severity"] == "stat"
                    && study["studyViewerStatus"] == "incomplete"
                    && study["isCancelled"] == false
            },
        ),
    ];
    for (query, test) in filters {
        let found = bench
            .walk(&format!("{STUDIES}?limit=7&{query}"), "studies")
            .await;
        let expected: Vec<Value> = all.iter().filter(|study| test(study)).cloned().collect();
        assert!(!expected.is_empty(), "{query} finds nothing");
        assert_eq!(ids(&found), ids(&expected), "{query}");
    }
    let nobody = "assignedTo=usr_00000000000000000000000000000000";
    let page = bench.get(&format!("{STUDIES}?{nobody}")).await.ok();
    assert_eq!(page["studies"], json!([]));
}

#[tokio::test]
async fn a_study_that_leaves_the_set_shifts_the_later_ones() {
    let bench = Bench::start();
    let path = format!("{STUDIES}?studyViewerStatus=complete&limit=5");
    let all = bench.walk(&path, "studies").await;
    let first = bench.get(&path).await.ok();
    let leaver = first["studies"][0]["studyId"].as_str().unwrap();
    bench
        .patch(
            &format!("{STUDIES}/{leaver}"),
            json!({ "studyViewerStatus": "incomplete" }),
        )
        .await
        .ok();
    let cursor = first["cursor"].as_str().unwrap();
    let second = bench.get(&format!("{path}&cursor={cursor}")).await.ok();
    // The sixth study moved into the first page: this walk never sees it.
    assert_eq!(
        ids(second["studies"].as_array().unwrap())[..],
        ids(&all)[6..11]
    );
}

#[tokio::test]
async fn new_studies_come_last() {
    let bench = Bench::start();
    let body =
        json!({ "severity": "stat", "studyDescription": "XR Hand", "studyInstanceUid": "1.2" });
    let made = bench.post(STUDIES, body).await.ok();
    let all = bench.walk(STUDIES, "studies").await;
    assert_eq!(all[60], made);
}

#[tokio::test]
async fn a_long_list_is_walked_whole() {
    const COUNT: u32 = 12_000;
    let bench = Bench::with(Options {
        studies: COUNT,
        ..Options::default()
    });
    let all = bench.walk(&format!("{STUDIES}?limit=100"), "studies").await;
    let unique: HashSet<String> = ids(&all).into_iter().collect();
    assert_eq!((all.len(), unique.len()), (COUNT as usize, COUNT as usize));
    let mut parts = 0;
    for severity in ["stat", "high", "normal"] {
        let path = format!("{STUDIES}?limit=100&severity={severity}");
        parts += bench.walk(&path, "studies").await.len();
    }
    assert_eq!(parts, COUNT as usize);
    let open = "studyViewerStatus=incomplete&isCancelled=false";
    let open = bench
        .walk(&format!("{STUDIES}?limit=100&{open}"), "studies")
        .await;
    assert!((2100..2700).contains(&open.len()), "{}", open.len());
}
