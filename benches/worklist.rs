//! What a key costs with 100,000 studies loaded: `cargo bench`.

use avara_tui::app::{
    self, Call, Effect, Model, Msg, Pace, Place, ReadOnly, Reply, Screen, Session, Size,
};
use avara_tui::input::parse_sequence;
use avara_tui::ui::{Theme, view};
use avara_tui::wire::{
    ClinicRole, CustomerId, CustomerReference, InvitedSource, Page, Severity, Study, StudyId,
    StudyViewerStatus, User, UserId, UserLevel, UserReference,
};
use avara_tui::worklist::{Filter, FilterContext, Store, Targets, sort};
use chrono::DateTime;
use divan::{Bencher, black_box};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const NOW: i64 = 1_772_452_800_000;
const STUDIES: u32 = 100_000;
const MODALITIES: [&str; 5] = [
    "CT Head",
    "MR Brain",
    "XR Chest",
    "US Abdomen",
    "MG Screening",
];

fn main() {
    divan::main();
}

fn study(n: u32) -> Study {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    let person = n % 40;
    Study {
        study_id: StudyId::from_bytes(id),
        study_instance_uid: serde_json::from_value(format!("2.25.{n}").into())
            .unwrap_or_else(|_| unreachable!("a UID")),
        study_description: format!(
            "{} {}",
            MODALITIES[(n % 5) as usize],
            ["WO contrast", "W contrast", "2 views"][(n % 3) as usize]
        ),
        severity: match n % 20 {
            0 => Severity::Stat,
            1..4 => Severity::High,
            _ => Severity::Normal,
        },
        study_viewer_status: if n % 10 < 7 {
            StudyViewerStatus::Complete
        } else {
            StudyViewerStatus::Incomplete
        },
        is_cancelled: n.is_multiple_of(25),
        assigned_to: (!n.is_multiple_of(3)).then(|| UserReference {
            user_id: UserId::from_bytes([person as u8; 16]),
            email: format!("reader{person}@example.org"),
            first_name: Some(format!("First{person}")),
            last_name: Some(format!("Last{person}")),
            middle_name: None,
            suffix1: None,
            suffix2: None,
        }),
        customer: Some(CustomerReference {
            express_customer_id: CustomerId::from_bytes([(n % 60) as u8; 16]),
            express_customer_name: format!("Site {}", n % 60),
        }),
        created_by_user: None,
        created_by_api_key: None,
        created_at: DateTime::from_timestamp_millis(NOW - i64::from(n) * 7_000),
        updated_at: DateTime::from_timestamp_millis(NOW - i64::from(n) * 5_000),
        cancelled_at: None,
        metadata: [("accession_number".into(), format!("DEMO{n:07}"))].into(),
    }
}

/// The program with everything loaded and shown.
fn model(studies: u32, users: u32) -> Model {
    let session = Session {
        place: Place::Demo,
        host: String::new(),
        key_source: String::new(),
        read_only: ReadOnly::Off,
        me_wanted: None,
        me: None,
        refresh: Pace::default(),
        lock_after: None,
        utc_offset: 0,
    };
    let size = Size {
        width: 120,
        height: 40,
    };
    let mut model = Model::new(session, Screen::Worklist, size, NOW);
    model.list.filter = Filter::parse("is:any").unwrap_or_default();
    for effect in app::start(&mut model) {
        let Effect::Call { ticket, call } = effect else {
            continue;
        };
        let reply = match call {
            Call::ListStudies(_) => Reply::Studies(page((0..studies).map(study).collect())),
            Call::ListUsers(_) => Reply::Users(page((0..users).map(user).collect())),
            _ => continue,
        };
        let reply = Msg::Replied {
            ticket,
            outcome: Ok(reply),
            server_time: None,
        };
        app::update(&mut model, reply, NOW);
    }
    model
}

fn page<T>(items: Vec<T>) -> Page<T> {
    Page {
        items,
        unreadable: Vec::new(),
        cursor: None,
        has_more: false,
    }
}

fn store(studies: u32) -> Store {
    let mut store = Store::default();
    for n in 0..studies {
        store.upsert(&study(n));
    }
    store
}

#[divan::bench]
fn key_down(bencher: Bencher) {
    let mut model = model(STUDIES, 0);
    let keys = parse_sequence("j").unwrap_or_default();
    bencher.bench_local(|| app::update(&mut model, Msg::Key(keys[0]), NOW));
}

#[divan::bench]
fn filter_letter(bencher: Bencher) {
    let mut model = model(STUDIES, 0);
    let keys = parse_sequence("/ h Backspace").unwrap_or_default();
    app::update(&mut model, Msg::Key(keys[0]), NOW);
    bencher.bench_local(|| {
        app::update(&mut model, Msg::Key(keys[1]), NOW);
        app::update(&mut model, Msg::Key(keys[2]), NOW);
    });
}

/// A letter typed over the assignee picker of a clinic with 10,000 users.
#[divan::bench]
fn picker_letter(bencher: Bencher) {
    let mut model = model(1_000, 10_000);
    let keys = parse_sequence("a k Backspace").unwrap_or_default();
    app::update(&mut model, Msg::Key(keys[0]), NOW);
    bencher.bench_local(|| {
        app::update(&mut model, Msg::Key(keys[1]), NOW);
        app::update(&mut model, Msg::Key(keys[2]), NOW);
    });
}

fn user(n: u32) -> User {
    let mut id = [1; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    User {
        user_id: UserId::from_bytes(id),
        email: format!("person{n}@example.org"),
        first_name: format!("First{n}"),
        last_name: format!("Last{n}"),
        middle_name: None,
        suffix1: None,
        suffix2: None,
        phone_number: None,
        clinic_role: ClinicRole::Radiologist,
        level: UserLevel::Member,
        can_manage_studies: true,
        has_dashboard_access: false,
        invited_source: InvitedSource::Api,
        created_at: None,
        last_login_at: None,
    }
}

#[divan::bench(args = [1_000, STUDIES])]
fn frame(bencher: Bencher, studies: u32) {
    let model = model(studies, 0);
    let Ok(mut terminal) = Terminal::new(TestBackend::new(120, 40));
    bencher.bench_local(|| {
        let drawn = terminal.draw(|frame| {
            black_box(view(&model, Theme { color: true }, frame));
        });
        drawn.is_ok()
    });
}

#[divan::bench(args = ["is:any head", "is:any meta.accession_number:99", "sev:stat to:none"])]
fn select(bencher: Bencher, text: &str) {
    let store = store(STUDIES);
    let filter = Filter::parse(text).unwrap_or_default();
    let targets = Targets::default();
    let context = FilterContext {
        now: NOW,
        me: None,
        targets: &targets,
    };
    bencher.bench_local(|| filter.select(&store, &context));
}

#[divan::bench]
fn sort_all(bencher: Bencher) {
    let store = store(STUDIES);
    let targets = Targets::default();
    let slots: Vec<_> = store.slots().collect();
    bencher
        .with_inputs(|| slots.clone())
        .bench_local_values(|mut slots| sort(&store, &mut slots, NOW, &targets));
}

#[divan::bench]
fn load(bencher: Bencher) {
    let studies: Vec<Study> = (0..STUDIES).map(study).collect();
    bencher.bench_local(|| {
        let mut store = Store::default();
        for study in &studies {
            store.upsert(study);
        }
        store
    });
}
