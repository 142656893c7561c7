//! Lists that do not end as they should.

use avara_tui::api::walk::{Walk, WalkError};
use avara_tui::wire::*;

use super::STUDY;
use super::common::{Server, json};

/// Walks a list whose pages are these; gives the records seen and how it ended.
async fn walk(pages: &[&str], max_pages: u32) -> (usize, usize, Option<WalkError>) {
    let server = Server::saying_in_turn(pages.iter().map(|page| json(200, page)).collect());
    let list = ListStudies {
        severity: Some(Severity::Stat),
        ..Default::default()
    };
    let mut walk = Walk::new(&server.client(), list).with_max_pages(max_pages);
    let mut records = 0;
    let mut error = None;
    while let Some(page) = walk.next().await {
        match page {
            Ok(answer) => records += answer.value.items.len(),
            Err(end) => error = Some(end),
        }
    }
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.contains("severity=stat"))
    );
    (records, server.count(), error)
}

#[tokio::test]
async fn a_walk_ends_where_the_list_does() {
    let page = |rest: &str| format!(r#"{{"studies":[{STUDY}]{rest}}}"#);
    let (a, b) = (
        page(r#","cursor":"a","hasMore":true"#),
        page(r#","cursor":"b""#),
    );
    for last in [
        r#","hasMore":false"#,
        "",
        r#","cursor":null"#,
        r#","cursor":"""#,
    ] {
        let last = page(last);
        assert_eq!(walk(&[&a, &b, &last], 9).await, (3, 3, None), "{last}");
    }
    let last = page(r#","cursor":"c","hasMore":false"#);
    assert_eq!(walk(&[&a, &last], 9).await, (2, 2, None));
}

fn doubt(doubt: Doubt) -> Option<WalkError> {
    Some(WalkError::Doubtful(doubt))
}

#[tokio::test]
async fn a_walk_that_cannot_end_well_says_so() {
    let a = format!(r#"{{"studies":[{STUDY}],"cursor":"a","hasMore":true}}"#);
    let b = format!(r#"{{"studies":[{STUDY}],"cursor":"b","hasMore":true}}"#);
    let lost = format!(r#"{{"studies":[{STUDY}],"cursor":null,"hasMore":true}}"#);
    let empty = r#"{"studies":[],"cursor":"c","hasMore":true}"#;
    let repeated = doubt(Doubt::RepeatedCursor);
    assert_eq!(walk(&[&a], 9).await, (2, 2, repeated.clone()));
    assert_eq!(walk(&[&a, &b, &a], 9).await, (3, 3, repeated));
    assert_eq!(walk(&[&a, empty], 9).await, (1, 2, doubt(Doubt::EmptyPage)));
    assert_eq!(
        walk(&[&a, &lost], 9).await,
        (2, 2, doubt(Doubt::MissingCursor))
    );
    assert_eq!(walk(&[&a, &b], 2).await, (2, 2, doubt(Doubt::Endless)));
    let (_, count, error) = walk(&[&a, "<html>"], 9).await;
    assert!(matches!(error, Some(WalkError::Failed(_))), "{error:?}");
    assert_eq!(count, 2);
}

/// Each page has another cursor, and all of them the same records.
#[tokio::test]
async fn a_walk_without_news_ends() {
    let unreadable = r#"{"studyId":"stu_x"}"#;
    let pages = |records: &str, count: usize| -> Vec<String> {
        (0..count)
            .map(|n| format!(r#"{{"studies":[{records}],"cursor":"c{n}","hasMore":true}}"#))
            .collect()
    };
    let same = pages(STUDY, 20);
    let same: Vec<&str> = same.iter().map(String::as_str).collect();
    assert_eq!(walk(&same, 99).await, (6, 6, doubt(Doubt::NoNews)));
    let odd = pages(unreadable, 20);
    let odd: Vec<&str> = odd.iter().map(String::as_str).collect();
    assert_eq!(walk(&odd, 99).await, (0, 6, doubt(Doubt::Unreadable)));
    // Without ids nobody can tell that they are the same.
    let nameless = pages("{},null", 99);
    let nameless: Vec<&str> = nameless.iter().map(String::as_str).collect();
    assert_eq!(walk(&nameless, 99).await, (0, 50, doubt(Doubt::Unreadable)));
    // A list that shifts repeats a record or two, and not for ever.
    let mut shifted = same[..5].to_vec();
    let last = format!(r#"{{"studies":[{STUDY}],"hasMore":false}}"#);
    shifted.push(&last);
    assert_eq!(walk(&shifted, 99).await, (6, 6, None));
}
