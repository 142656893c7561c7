//! The pictures of the documentation are what the program draws. `UPDATE_PICTURES=1` draws them anew.
#![cfg(feature = "sandbox")]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod svg;

use avara_tui::app::update;
use std::path::Path;

use avara_tui::api::{Client, Connection};
use avara_tui::app::{
    Call, Effect, Environment, Model, Msg, Pace, ReadOnly, Reply, Screen, Session, Size,
};
use avara_tui::input::parse_sequence;
use avara_tui::sandbox::{Options, Sandbox};
use avara_tui::theme::BuiltIn;
use avara_tui::ui::{Theme, view};
use avara_tui::wire::check_base_url;
use chrono::{DateTime, Utc};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// A Tuesday, late morning: the clinic's busiest hour.
const MOMENT: &str = "2026-03-03T11:20:00Z";

/// The program on a sandbox whose day is always the same, answered at once.
struct Studio {
    model: Model,
    client: Client,
    now: i64,
    _sandbox: Sandbox,
}

impl Studio {
    async fn open(size: Size) -> Self {
        let as_of: DateTime<Utc> = MOMENT.parse().unwrap();
        let sandbox = Sandbox::start(Options {
            as_of: Some(as_of),
            ..Options::default()
        })
        .unwrap();
        let client = Client::new(Connection {
            base_url: check_base_url(&sandbox.base_url()).unwrap(),
            key: sandbox.api_key().to_owned().into(),
        })
        .unwrap();
        let session = Session {
            place: Environment::Demo,
            host: "the demo".into(),
            key_source: "the demo".into(),
            read_only: ReadOnly::Off,
            me_wanted: sandbox.me().map(|id| id.to_string()),
            me: None,
            has_outage: false,
            refresh: Pace::default(),
            lock_after: None,
            watch: Default::default(),
            utc_offset: 0,
        };
        let now = as_of.timestamp_millis();
        let model = Model::new(session, Screen::Worklist, size, now);
        let mut studio = Self {
            model,
            client,
            now,
            _sandbox: sandbox,
        };
        let effects = update::start(&mut studio.model);
        studio.carry_out(effects).await;
        studio
    }

    async fn press(&mut self, keys: &str) {
        for chord in parse_sequence(keys).unwrap() {
            let effects = update::update(&mut self.model, Msg::Key(chord), self.now);
            self.carry_out(effects).await;
        }
    }

    async fn carry_out(&mut self, mut effects: Vec<Effect>) {
        while let Some(effect) = effects.pop() {
            let Effect::Call { ticket, call } = effect else {
                continue;
            };
            let outcome = Ok(self.answer(call).await);
            let reply = Msg::Replied {
                ticket,
                outcome,
                server_time: None,
            };
            effects.extend(update::update(&mut self.model, reply, self.now));
        }
    }

    async fn answer(&self, call: Call) -> Reply {
        let client = &self.client;
        match call {
            Call::ListStudies(list) => Reply::Studies(client.call(&list).await.unwrap().value),
            Call::ListUsers(list) => Reply::Users(client.call(&list).await.unwrap().value),
            Call::GetStudy(get) => Reply::Study(Box::new(client.call(&get).await.unwrap().value)),
            Call::GetStudyByUid(get) => {
                Reply::Study(Box::new(client.call(&get).await.unwrap().value))
            }
            Call::CreateStudy(create) => {
                Reply::Study(Box::new(client.call(&create).await.unwrap().value))
            }
            Call::UpdateStudy(update) => {
                Reply::Study(Box::new(client.call(&update).await.unwrap().value))
            }
            Call::GetUser(get) => Reply::User(Box::new(client.call(&get).await.unwrap().value)),
            Call::ListInvitations(list) => {
                Reply::Invitations(client.call(&list).await.unwrap().value)
            }
            Call::GetInvitation(get) => {
                Reply::Invitation(Box::new(client.call(&get).await.unwrap().value))
            }
            Call::CancelStudy(_)
            | Call::UncancelStudy(_)
            | Call::InviteUser(_)
            | Call::UpdateUser(_)
            | Call::UpdateInvitation(_)
            | Call::RevokeAccess(_)
            | Call::ReactivateUser(_)
            | Call::RevokeInvitation(_) => unreachable!("no picture changes anybody"),
            Call::RerouteUrl(ask) => Reply::Link(client.call(&ask).await.unwrap().value),
        }
    }

    fn picture(&self, name: &str) {
        self.picture_in(Theme::default(), name);
    }

    /// Compares the screen with the committed picture, or draws that anew.
    fn picture_in(&self, theme: Theme, name: &str) {
        let size = self.model.kernel.size;
        let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
        terminal
            .draw(|frame| {
                view(&self.model, theme, frame);
            })
            .unwrap();
        let drawn = svg::render(terminal.backend().buffer());
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("assets")
            .join(name);
        if std::env::var_os("UPDATE_PICTURES").is_some() {
            std::fs::write(&path, drawn).unwrap();
            return;
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == drawn,
            "assets/{name} is not what the program draws now: UPDATE_PICTURES=1 cargo test --test pictures"
        );
    }
}

#[tokio::test]
async fn the_worklist() {
    let mut studio = Studio::open(Size {
        width: 120,
        height: 40,
    })
    .await;
    studio.press("j j j j").await;
    studio.picture("worklist-120x40.svg");
}

#[tokio::test]
async fn assigning() {
    let mut studio = Studio::open(Size {
        width: 80,
        height: 24,
    })
    .await;
    studio.press("j j a k i m").await;
    studio.picture("assign-80x24.svg");
}

const FULL: Size = Size {
    width: 120,
    height: 40,
};

#[tokio::test]
async fn filtering() {
    let mut studio = Studio::open(FULL).await;
    studio
        .press("/ s e v : s t a t , h i g h Space c t Space t o : n o n e")
        .await;
    studio.picture("filter-120x40.svg");
}

#[tokio::test]
async fn editing() {
    let mut studio = Studio::open(FULL).await;
    studio.press("j j e").await;
    studio.picture("form-120x40.svg");
}

#[tokio::test]
async fn helping() {
    let mut studio = Studio::open(FULL).await;
    studio.press("? s e v e r").await;
    studio.picture("help-120x40.svg");
}

#[tokio::test]
async fn the_users() {
    let mut studio = Studio::open(FULL).await;
    studio.press("g p j j j").await;
    studio.picture("users-120x40.svg");
}

#[tokio::test]
async fn each_theme() {
    let mut studio = Studio::open(Size {
        width: 80,
        height: 24,
    })
    .await;
    studio.press("j j j").await;
    for built_in in BuiltIn::ALL {
        let theme = Theme::of(built_in.palette());
        studio.picture_in(theme, &format!("theme-{}-80x24.svg", built_in.name()));
    }
}
