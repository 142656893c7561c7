//! The data of every measurement: studies of a large clinic, fictional, the same in every run.
//!
//! 78, 16 and 6 % normal, high and STAT; 70 % complete, 4 % cancelled; 40 readers, 60 customers,
//! metadata on half of them, some 6,600 different descriptions in 100,000 studies; 750 bytes of JSON each.

#![allow(
    dead_code,
    reason = "each measurement is a program of its own and uses a part"
)]

use avara_tui::app::update;
use avara_tui::app::{
    Call, Effect, Environment, Model, Msg, Pace, ReadOnly, Reply, Screen, Session, Size,
};
use avara_tui::sandbox::random::Random;
use avara_tui::wire::{
    ApiKeyReference, CustomerId, CustomerReference, Page, Severity, Study, StudyId,
    StudyViewerStatus, User, UserId, UserReference,
};
use avara_tui::worklist::{Filter, Store};
use chrono::DateTime;

pub const NOW: i64 = 1_772_452_800_000;
pub const STUDIES: u32 = 100_000;

const EXAMS: [&str; 12] = [
    "CT Head",
    "CT Chest",
    "CT Abdomen Pelvis",
    "MR Brain",
    "MR Lumbar Spine",
    "MR Knee Left",
    "XR Chest",
    "XR Hand Right",
    "US Abdomen",
    "US Thyroid",
    "MG Screening",
    "NM Bone Scan",
];
const WAYS: [&str; 5] = [
    "WO contrast",
    "W contrast",
    "W/WO contrast",
    "2 views",
    "limited",
];

/// Scattered numbers that are the same in every run.
fn scatter(n: u32, salt: u64) -> u64 {
    let place = u64::from(n).wrapping_add(salt.wrapping_mul(0x517c_c1b7_2722_0a95));
    Random::at(place).word()
}

fn below(n: u32, salt: u64, limit: u64) -> u64 {
    scatter(n, salt) % limit
}

fn person(number: u8) -> UserReference {
    UserReference {
        user_id: UserId::from_bytes([number; 16]),
        email: format!("reader{number}@example.org"),
        first_name: Some(format!("First{number}")),
        last_name: Some(format!("Last{number}")),
        middle_name: None,
        suffix1: None,
        suffix2: None,
    }
}

pub fn study(n: u32) -> Study {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&scatter(n, 1).to_be_bytes());
    id[8..].copy_from_slice(&scatter(n, 2).to_be_bytes());
    let kind = below(n, 3, 100);
    let uid = format!(
        "1.2.840.113619.2.55.3.{}.{}",
        100_000_000 + n,
        scatter(n, 4) % 1_000_000_000_000
    );
    let exam = EXAMS[below(n, 5, 12) as usize];
    let way = WAYS[below(n, 6, 5) as usize];
    let description = match below(n, 7, 10) {
        0..6 => format!("{exam} {way}"),
        _ => format!("{exam} {way} p{}", below(n, 8, 110)),
    };
    let metadata = match below(n, 9, 2) {
        0 => [
            (
                "accession_number".into(),
                format!("ACC{:09}", scatter(n, 10) % 1_000_000_000),
            ),
            (
                "mrn".into(),
                format!("M{:08}", scatter(n, 11) % 100_000_000),
            ),
            (
                "ordering_department".into(),
                ["ED North", "ICU", "Outpatient", "Oncology"][below(n, 12, 4) as usize].into(),
            ),
            (
                "reason".into(),
                ["fall, headache", "follow-up", "pain for weeks"][below(n, 13, 3) as usize].into(),
            ),
        ]
        .into(),
        _ => Default::default(),
    };
    Study {
        study_id: StudyId::from_bytes(id),
        study_instance_uid: serde_json::from_value(uid.into())
            .unwrap_or_else(|_| unreachable!("a UID")),
        study_description: description,
        severity: match kind {
            0..6 => Severity::Stat,
            6..22 => Severity::High,
            _ => Severity::Normal,
        },
        study_viewer_status: match below(n, 14, 10) {
            0..7 => StudyViewerStatus::Complete,
            _ => StudyViewerStatus::Incomplete,
        },
        is_cancelled: below(n, 15, 25) == 0,
        assigned_to: (below(n, 16, 3) > 0).then(|| person(below(n, 17, 40) as u8)),
        customer: Some(CustomerReference {
            express_customer_id: CustomerId::from_bytes([below(n, 18, 60) as u8; 16]),
            express_customer_name: format!("Site {}", below(n, 18, 60)),
        }),
        created_by_user: None,
        created_by_api_key: Some(ApiKeyReference {
            api_key_id: format!("key_{}", below(n, 19, 8)),
            description: format!("Gateway {}", below(n, 19, 8)),
            is_viewer_enabled: Some(true),
        }),
        created_at: DateTime::from_timestamp_millis(NOW - below(n, 20, 700_000) as i64 * 1_000),
        updated_at: DateTime::from_timestamp_millis(NOW - below(n, 21, 500_000) as i64 * 1_000),
        cancelled_at: None,
        metadata,
    }
}

pub fn store(studies: u32) -> Store {
    let mut store = Store::default();
    for n in 0..studies {
        store.upsert(&study(n));
    }
    store
}

/// Response bodies of 100 studies each.
pub fn bodies(pages: u32) -> Vec<Vec<u8>> {
    (0..pages)
        .map(|page| {
            let studies: Vec<Study> = (page * 100..page * 100 + 100).map(study).collect();
            let body = serde_json::json!({
                "studies": studies, "cursor": format!("page{page}"), "hasMore": true
            });
            serde_json::to_vec(&body).unwrap_or_default()
        })
        .collect()
}

pub fn page<T>(items: Vec<T>) -> Page<T> {
    Page {
        items,
        unreadable: Vec::new(),
        cursor: None,
        has_more: false,
    }
}

/// The program with everything loaded and shown.
pub fn model(studies: u32, users: Vec<User>, (width, height): (u16, u16)) -> Model {
    let session = Session {
        place: Environment::Demo,
        host: String::new(),
        key_source: String::new(),
        read_only: ReadOnly::Off,
        me_wanted: None,
        me: None,
        has_outage: false,
        refresh: Pace::default(),
        lock_after: None,
        watch: Default::default(),
        utc_offset: 0,
    };
    let mut model = Model::new(session, Screen::Worklist, Size { width, height }, NOW);
    model.kernel.data.studies.filter = Filter::parse("is:any").unwrap_or_default();
    for effect in update::start(&mut model) {
        let Effect::Call { ticket, call } = effect else {
            continue;
        };
        let reply = match call {
            Call::ListStudies(_) => Reply::Studies(page((0..studies).map(study).collect())),
            Call::ListUsers(_) => Reply::Users(page(users.clone())),
            _ => continue,
        };
        let reply = Msg::Replied {
            ticket,
            outcome: Ok(reply),
            server_time: None,
        };
        update::update(&mut model, reply, NOW);
    }
    model
}
