//! The eight endpoints of studies, called through the client on a real sandbox.

use std::collections::BTreeSet;

use avara_tui::api::Client;
use avara_tui::api::walk::Walk;
use avara_tui::wire::*;

use super::{clinic, ok, status, study_id, uid, user_id};

fn new_study(uid: &str) -> CreateStudy {
    CreateStudy {
        study_instance_uid: uid.parse().unwrap(),
        study_description: "CT Chest/Abdomen/Pelvis".into(),
        severity: Severity::High,
        assigned_to: Some(user_id()),
        express_customer_id: Some("cus_1234567890abcdef1234567890abcdef".parse().unwrap()),
        metadata: [("modality".into(), "CT".into())].into(),
    }
}

#[tokio::test]
async fn a_study_is_created_and_read_back_by_id_and_by_uid() {
    let (_sandbox, client) = clinic(20);
    let uid = "2.25.1234567890";
    let created = ok(&client, new_study(uid)).await;
    assert_eq!(created.study_instance_uid.as_str(), uid);
    assert_eq!(created.severity, Severity::High);
    assert_eq!(created.assigned_to.as_ref().unwrap().user_id, user_id());
    assert!(created.customer.is_some() && created.created_at.is_some() && created.is_open());
    assert_eq!(created.metadata["modality"], "CT");
    let study_id = created.study_id;
    assert_eq!(ok(&client, GetStudy { study_id }).await, created);
    let study_instance_uid = uid.parse().unwrap();
    assert_eq!(
        ok(&client, GetStudyByUid { study_instance_uid }).await,
        created
    );
    assert_eq!(status(&client, new_study(uid)).await, 409);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let (_sandbox, client) = clinic(20);
    let before = ok(
        &client,
        GetStudy {
            study_id: study_id(),
        },
    )
    .await;
    let change = UpdateStudy {
        assigned_to: Patch::Set(user_id()),
        severity: Some(Severity::Stat),
        study_description: Some("MR Brain".into()),
        study_viewer_status: Some(StudyViewerStatus::Complete),
        ..UpdateStudy::of(study_id())
    };
    let changed = ok(&client, change).await;
    assert_eq!(changed.assigned_to.as_ref().unwrap().user_id, user_id());
    assert_eq!(changed.severity, Severity::Stat);
    assert_eq!(changed.study_description, "MR Brain");
    assert_eq!(changed.study_viewer_status, StudyViewerStatus::Complete);
    assert_eq!(
        (&changed.metadata, changed.created_at),
        (&before.metadata, before.created_at)
    );

    let metadata = Patch::Set(Metadata::from([("a".into(), "b".into())]));
    let change = UpdateStudy {
        metadata,
        ..UpdateStudy::of(study_id())
    };
    let changed = ok(&client, change).await;
    assert_eq!(changed.metadata["a"], "b");
    assert!(changed.assigned_to.is_some());
    let change = UpdateStudy {
        assigned_to: Patch::Clear,
        metadata: Patch::Clear,
        ..UpdateStudy::of(study_id())
    };
    let cleared = ok(&client, change).await;
    assert!(cleared.assigned_to.is_none() && cleared.metadata.is_empty());
    assert_eq!(
        ok(
            &client,
            GetStudy {
                study_id: study_id()
            }
        )
        .await,
        cleared
    );
}

#[tokio::test]
async fn a_study_is_cancelled_once_and_brought_back() {
    let (_sandbox, client) = clinic(20);
    let selector = StudySelector {
        study_id: Some(study_id()),
        study_instance_uid: Some(uid()),
    };
    assert!(ok(&client, CancelStudy(selector.clone())).await.success);
    let study = ok(
        &client,
        GetStudy {
            study_id: study_id(),
        },
    )
    .await;
    assert!(study.is_cancelled && study.cancelled_at.is_some() && !study.is_open());
    assert!(ok(&client, UncancelStudy(study_id().into())).await.success);
    assert!(
        !ok(
            &client,
            GetStudy {
                study_id: study_id()
            }
        )
        .await
        .is_cancelled
    );
    assert!((400..500).contains(&status(&client, UncancelStudy(selector)).await));
    assert_eq!(status(&client, CancelStudy::default()).await, 400);
    let wrong = StudySelector {
        study_id: Some(study_id()),
        study_instance_uid: Some("1.2.3".parse().unwrap()),
    };
    assert!((400..500).contains(&status(&client, CancelStudy(wrong)).await));
}

#[tokio::test]
async fn each_link_is_a_new_one_and_passes_the_check() {
    let (_sandbox, client) = clinic(20);
    let mut links = BTreeSet::new();
    for _ in 0..3 {
        let link = ok(&client, RerouteUrl(study_id().into())).await;
        client.check_viewer_url(&link.url).unwrap();
        links.insert(link.url);
    }
    assert_eq!(links.len(), 3);
    assert_eq!(status(&client, RerouteUrl::default()).await, 400);
}

async fn all(client: &Client, list: ListStudies) -> Vec<Study> {
    let mut walk = Walk::new(client, list);
    let mut studies = Vec::new();
    while let Some(page) = walk.next().await {
        let page = page.unwrap().value;
        assert!(page.unreadable.is_empty(), "{:?}", page.unreadable);
        studies.extend(page.items);
    }
    studies
}

#[tokio::test]
async fn a_walk_sees_every_study_once_whatever_the_page_size() {
    let (_sandbox, client) = clinic(230);
    let mut seen = Vec::new();
    for limit in [None, Some(100), Some(7)] {
        let list = ListStudies {
            limit,
            ..Default::default()
        };
        let ids: Vec<StudyId> = all(&client, list)
            .await
            .iter()
            .map(|s| s.study_id)
            .collect();
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            ids.len(),
            "{limit:?}"
        );
        seen.push(ids);
    }
    assert!(seen[0].len() >= 230 && seen.iter().all(|ids| ids.len() == seen[0].len()));
}

#[tokio::test]
async fn each_study_filter_keeps_what_it_names() {
    let (_sandbox, client) = clinic(230);
    let everything = all(&client, ListStudies::default()).await;
    let assignee = everything
        .iter()
        .find_map(|study| study.assigned_to.as_ref())
        .unwrap()
        .user_id;
    let customer = everything
        .iter()
        .find_map(|study| study.customer.as_ref())
        .unwrap();
    let customer = customer.express_customer_id;
    let none = ListStudies::default;
    type Test = Box<dyn Fn(&Study) -> bool>;
    let cases: [(ListStudies, Test); 8] = [
        (
            ListStudies {
                assigned_to: Match::Is(assignee),
                ..none()
            },
            Box::new(move |s| {
                s.assigned_to
                    .as_ref()
                    .is_some_and(|user| user.user_id == assignee)
            }),
        ),
        (
            ListStudies {
                assigned_to: Match::Empty,
                ..none()
            },
            Box::new(|s| s.assigned_to.is_none()),
        ),
        (
            ListStudies {
                express_customer_id: Match::Is(customer),
                ..none()
            },
            Box::new(move |s| {
                s.customer
                    .as_ref()
                    .is_some_and(|found| found.express_customer_id == customer)
            }),
        ),
        (
            ListStudies {
                express_customer_id: Match::Empty,
                ..none()
            },
            Box::new(|s| s.customer.is_none()),
        ),
        (
            ListStudies {
                is_cancelled: Some(true),
                ..none()
            },
            Box::new(|s| s.is_cancelled),
        ),
        (
            ListStudies {
                severity: Some(Severity::Stat),
                ..none()
            },
            Box::new(|s| s.severity == Severity::Stat),
        ),
        (
            ListStudies {
                study_description: Some("CT".into()),
                ..none()
            },
            Box::new(|s| s.study_description.to_lowercase().contains("ct")),
        ),
        (
            ListStudies {
                study_viewer_status: Some(StudyViewerStatus::Complete),
                ..none()
            },
            Box::new(|s| s.study_viewer_status == StudyViewerStatus::Complete),
        ),
    ];
    for (list, test) in cases {
        let query = list.query();
        let found: BTreeSet<StudyId> = all(&client, list)
            .await
            .iter()
            .map(|study| study.study_id)
            .collect();
        let expected: BTreeSet<StudyId> = everything
            .iter()
            .filter(|study| test(study))
            .map(|study| study.study_id)
            .collect();
        assert!(
            expected.len() < everything.len(),
            "{query:?} filters nothing"
        );
        assert_eq!(found, expected, "{query:?}");
    }
}

#[tokio::test]
async fn the_cursor_of_the_vendors_tests_is_understood() {
    let (_sandbox, client) = clinic(60);
    let everything = all(&client, ListStudies::default()).await;
    let list = ListStudies {
        cursor: Some("eyJvZmZzZXQiOjIwfQ==".into()),
        limit: Some(100),
        ..Default::default()
    };
    assert_eq!(ok(&client, list).await.items, everything[20..]);
    let list = ListStudies {
        cursor: Some("nonsense".into()),
        ..Default::default()
    };
    assert_eq!(status(&client, list).await, 400);
    let limit = Some(101);
    assert_eq!(
        status(
            &client,
            ListStudies {
                limit,
                ..Default::default()
            }
        )
        .await,
        400
    );
}
