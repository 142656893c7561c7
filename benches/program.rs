//! What a key and a frame cost with 100,000 studies loaded: `cargo bench --bench program`.

mod common;

use avara_tui::app::Msg;
use avara_tui::app::update;
use avara_tui::input::parse_sequence;
use avara_tui::ui::{Theme, view};
use avara_tui::wire::{ClinicRole, InvitedSource, Profile, Severity, User, UserId, UserLevel};
use common::{NOW, STUDIES, model, study};
use divan::{Bencher, black_box};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const SCREEN: (u16, u16) = (120, 40);

fn main() {
    divan::main();
}

#[divan::bench]
fn key_down(bencher: Bencher) {
    let mut model = model(STUDIES, Vec::new(), SCREEN);
    let keys = parse_sequence("j").unwrap_or_default();
    bencher.bench_local(|| update(&mut model, Msg::Key(keys[0]), NOW));
}

/// A letter typed into the filter, and taken back.
#[divan::bench]
fn filter_letter(bencher: Bencher) {
    let mut model = model(STUDIES, Vec::new(), SCREEN);
    let keys = parse_sequence("/ h Backspace").unwrap_or_default();
    update(&mut model, Msg::Key(keys[0]), NOW);
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(keys[1]), NOW);
        update(&mut model, Msg::Key(keys[2]), NOW);
    });
}

/// 100 studies changed on the server, and the list is worked out anew.
#[divan::bench]
fn settle_100(bencher: Bencher) {
    let mut model = model(STUDIES, Vec::new(), SCREEN);
    let (mut now, mut round) = (NOW, 0);
    bencher.bench_local(|| {
        now += 300;
        round += 1;
        for n in (0..100).map(|n| n * 997 + round) {
            let mut study = study(n % STUDIES);
            study.severity = Severity::High;
            model.kernel.data.studies.upsert(&study, true);
        }
        update(&mut model, Msg::Ticked, now)
    });
}

/// A letter typed over the assignee picker of a clinic with 10,000 users, and taken back.
#[divan::bench]
fn picker_letter(bencher: Bencher) {
    let mut model = model(1_000, (0..10_000).map(user).collect(), SCREEN);
    let keys = parse_sequence("a k Backspace").unwrap_or_default();
    update(&mut model, Msg::Key(keys[0]), NOW);
    bencher.bench_local(|| {
        update(&mut model, Msg::Key(keys[1]), NOW);
        update(&mut model, Msg::Key(keys[2]), NOW);
    });
}

fn user(n: u32) -> User {
    let mut id = [1; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    User {
        user_id: UserId::from_bytes(id),
        email: format!("person{n}@example.org"),
        profile: Profile {
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
        },
        invited_source: InvitedSource::Api,
        created_at: None,
        last_login_at: None,
    }
}

#[divan::bench(args = [(100, SCREEN), (STUDIES, SCREEN), (100, (200, 50)), (STUDIES, (200, 50))])]
fn frame(bencher: Bencher, (studies, (width, height)): (u32, (u16, u16))) {
    let model = model(studies, Vec::new(), (width, height));
    let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
    bencher.bench_local(|| {
        let drawn = terminal.draw(|frame| {
            black_box(view(&model, Theme::default(), frame));
        });
        drawn.is_ok()
    });
}
