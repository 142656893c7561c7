//! Turns effects into futures that end in a message.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::task::{AbortHandle, JoinSet};
use url::Url;

use crate::api::Client;
use crate::app::{Call, Clip, Copying, Effect, ExitReason, Msg, Opening, Reply, SavedView, Ticket};
use crate::config;
use crate::journal::Journal;
use crate::wire::{Endpoint, Failure, RerouteUrlResponse};

use super::clipboard::{Clipboard, Sequence, Way};
use super::opener::Opener;
use super::set_up::{self, SetUp};

/// What effects need from the world.
#[derive(Clone)]
pub struct Services {
    pub client: Option<Client>,
    pub key: Reconnect,
    /// Lets the demo's server fail, or work again.
    pub outage: Option<Arc<dyn Fn(bool) + Send + Sync>>,
    pub opener: Arc<dyn Opener>,
    pub clipboard: Arc<dyn Clipboard>,
    /// Where writes are recorded; `None` in the demo.
    pub journal: Option<Arc<Journal>>,
    /// The configuration file that views are saved in.
    pub config: Option<PathBuf>,
    /// For the first run.
    pub set_up: SetUp,
}

type Connect = dyn Fn() -> Result<Client, String> + Send + Sync;

/// Where the API key is read from again after the screen was locked.
#[derive(Clone)]
pub struct Reconnect(Arc<Connect>);

impl Reconnect {
    pub fn new(connect: impl Fn() -> Result<Client, String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(connect))
    }

    /// A key that exists only in this process.
    pub fn same(client: Client) -> Self {
        Self::new(move || Ok(client.clone()))
    }
}

impl std::fmt::Debug for Reconnect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySource")
    }
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// Running futures. Their result is the next message.
#[derive(Debug)]
pub(super) struct Tasks {
    services: Services,
    set: JoinSet<Done>,
    handles: HashMap<Ticket, AbortHandle>,
}

/// The result of a future: a message, and perhaps something for the terminal before it.
#[derive(Debug)]
struct Done {
    msg: Msg,
    sequence: Option<Sequence>,
    /// A client with the key that was read again.
    client: Option<Client>,
}

impl From<Msg> for Done {
    fn from(msg: Msg) -> Self {
        Self {
            msg,
            sequence: None,
            client: None,
        }
    }
}

/// What an effect asks of the loop itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Demand {
    None,
    Ring,
    Repaint,
    Suspend,
    Leave(ExitReason),
}

impl Tasks {
    pub(super) fn new(services: Services) -> Self {
        Self {
            services,
            set: JoinSet::new(),
            handles: HashMap::new(),
        }
    }

    pub(super) fn start(&mut self, effect: Effect) -> Demand {
        match effect {
            Effect::Call { ticket, call } => {
                let client = self.services.client.clone();
                let is_write = call.is_write();
                let handle = self
                    .set
                    .spawn(async move { answer(client, ticket, call).await.into() });
                if !is_write {
                    self.handles.insert(ticket, handle);
                }
                Demand::None
            }
            Effect::Abort(ticket) => {
                if let Some(handle) = self.handles.remove(&ticket) {
                    handle.abort();
                }
                Demand::None
            }
            Effect::OpenLink(link) => {
                let services = self.services.clone();
                self.set
                    .spawn_blocking(move || Msg::Opened(open_link(&services, link)).into());
                Demand::None
            }
            Effect::Copy(clip) => {
                let services = self.services.clone();
                self.set.spawn_blocking(move || copy(&services, &clip));
                Demand::None
            }
            Effect::SaveView(saved) => {
                let path = self.services.config.clone();
                self.set
                    .spawn_blocking(move || save_view(path, saved).into());
                Demand::None
            }
            Effect::ForgetKey => {
                self.services.client = None;
                Demand::None
            }
            Effect::Outage(is_on) => {
                if let Some(outage) = self.services.outage.clone() {
                    // Closing a port may take a while, and the screen does not wait for it.
                    tokio::task::spawn_blocking(move || outage(is_on));
                }
                Demand::None
            }
            Effect::ReadKey => {
                let key = self.services.key.clone();
                self.set.spawn_blocking(move || read_key(&key));
                Demand::None
            }
            Effect::RecordOutcome { target, found } => {
                if let Some(journal) = self.services.journal.clone() {
                    tokio::task::spawn_blocking(move || journal.resolve(&target, found));
                }
                Demand::None
            }
            Effect::TryOut(trial) => {
                let number = trial.number;
                let site = self.services.set_up.site.clone();
                let tried = async move { set_up::try_out(&trial, site).await };
                self.set
                    .spawn(async move { Msg::TriedOut(number, tried.await).into() });
                Demand::None
            }
            Effect::Keep(setup) => {
                let set_up = self.services.set_up.clone();
                let path = self.services.config.clone();
                self.set
                    .spawn_blocking(move || Msg::Kept(set_up::keep(&setup, path, &set_up)).into());
                Demand::None
            }
            Effect::Ring => Demand::Ring,
            Effect::Repaint => Demand::Repaint,
            Effect::Suspend => Demand::Suspend,
            Effect::Leave(exit) => Demand::Leave(exit),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Returns the next message when a future ends. Waits for ever while there is none.
    pub(super) async fn next(&mut self) -> Ended {
        match self.set.join_next().await {
            Some(joined) => self.finish(joined),
            None => std::future::pending().await,
        }
    }

    pub(super) fn try_next(&mut self) -> Option<Ended> {
        let joined = self.set.try_join_next()?;
        Some(self.finish(joined))
    }

    fn finish(&mut self, joined: Result<Done, tokio::task::JoinError>) -> Ended {
        match joined {
            Ok(Done {
                msg,
                sequence,
                client,
            }) => {
                self.services.client = client.or(self.services.client.take());
                if let Msg::Replied { ticket, .. } = &msg {
                    self.handles.remove(ticket);
                }
                match sequence {
                    Some(sequence) => Ended::Sequence(sequence, msg),
                    None => Ended::Message(msg),
                }
            }
            Err(error) if error.is_cancelled() => Ended::Aborted,
            Err(_) => Ended::Defect,
        }
    }
}

#[derive(Debug)]
pub(super) enum Ended {
    Message(Msg),
    /// Something to write to the terminal, then the message.
    Sequence(Sequence, Msg),
    Aborted,
    /// A future panicked. The panic hook has said where.
    Defect,
}

fn read_key(key: &Reconnect) -> Done {
    match (key.0)() {
        Ok(client) => Done {
            client: Some(client),
            ..Msg::KeyRead(Ok(())).into()
        },
        Err(why) => Msg::KeyRead(Err(why)).into(),
    }
}

async fn answer(client: Option<Client>, ticket: Ticket, call: Call) -> Msg {
    let Some(client) = client else {
        return Msg::Replied {
            ticket,
            outcome: Err(Failure::Unsendable {
                reason: "there is no API key".into(),
            }),
            server_time: None,
        };
    };
    match call {
        Call::ListStudies(request) => reply(&client, ticket, &request, Reply::Studies).await,
        Call::GetStudy(request) => {
            reply(&client, ticket, &request, |s| Reply::Study(Box::new(s))).await
        }
        Call::GetStudyByUid(request) => {
            reply(&client, ticket, &request, |s| Reply::Study(Box::new(s))).await
        }
        Call::CreateStudy(request) => {
            reply(&client, ticket, &request, |s| Reply::Study(Box::new(s))).await
        }
        Call::UpdateStudy(request) => {
            reply(&client, ticket, &request, |s| Reply::Study(Box::new(s))).await
        }
        Call::CancelStudy(request) => reply(&client, ticket, &request, |_| Reply::Done).await,
        Call::UncancelStudy(request) => reply(&client, ticket, &request, |_| Reply::Done).await,
        Call::RerouteUrl(request) => reply(&client, ticket, &request, Reply::Link).await,
        Call::ListUsers(request) => reply(&client, ticket, &request, Reply::Users).await,
        Call::GetUser(request) => {
            reply(&client, ticket, &request, |u| Reply::User(Box::new(u))).await
        }
        Call::InviteUser(request) => {
            reply(&client, ticket, &request, |u| Reply::User(Box::new(u))).await
        }
        Call::UpdateUser(request) => {
            reply(&client, ticket, &request, |u| Reply::User(Box::new(u))).await
        }
        Call::RevokeAccess(request) => reply(&client, ticket, &request, |_| Reply::Done).await,
        Call::ReactivateUser(request) => reply(&client, ticket, &request, |_| Reply::Done).await,
        Call::ListInvitations(request) => {
            reply(&client, ticket, &request, Reply::Invitations).await
        }
        Call::GetInvitation(request) => {
            reply(&client, ticket, &request, |i| {
                Reply::Invitation(Box::new(i))
            })
            .await
        }
        Call::UpdateInvitation(request) => {
            reply(&client, ticket, &request, |i| {
                Reply::Invitation(Box::new(i))
            })
            .await
        }
        Call::RevokeInvitation(request) => reply(&client, ticket, &request, |_| Reply::Done).await,
    }
}

async fn reply<E: Endpoint>(
    client: &Client,
    ticket: Ticket,
    request: &E,
    wrap: impl FnOnce(E::Response) -> Reply,
) -> Msg {
    let (outcome, server_time) = match client.call(request).await {
        Ok(answer) => (
            Ok(wrap(answer.value)),
            answer.server_time.map(|time| time.timestamp_millis()),
        ),
        Err(failure) => (Err(failure), None),
    };
    Msg::Replied {
        ticket,
        outcome,
        server_time,
    }
}

/// The one place that all links pass: they are checked here before anything gets them.
fn check_link(services: &Services, link: &RerouteUrlResponse) -> Result<Url, String> {
    let Some(client) = &services.client else {
        return Err("there is no API key".into());
    };
    client
        .check_viewer_url(&link.url)
        .map_err(|error| error.to_string())
}

/// Opens or shows a checked link, never both.
fn open_link(services: &Services, link: RerouteUrlResponse) -> Opening {
    let url = match check_link(services, &link) {
        Ok(url) => url,
        Err(reason) => return Opening::Refused { reason },
    };
    match services.opener.open(&url) {
        Ok(()) => Opening::Opened {
            host: url.host_str().unwrap_or_default().to_owned(),
        },
        Err(_) => Opening::NoBrowser { link },
    }
}

fn copy(services: &Services, clip: &Clip) -> Done {
    let what = clip.what();
    let way = match clip {
        Clip::Text { text, .. } => services.clipboard.copy(text),
        Clip::Link(link) => {
            check_link(services, link).and_then(|url| services.clipboard.copy(url.as_str()))
        }
    };
    match way {
        Ok(way) => {
            let told = way.told();
            let msg = Msg::Copied(Copying::Done { what, way: told });
            let sequence = match way {
                Way::Tool(_) => None,
                Way::Terminal(sequence) => Some(sequence),
            };
            Done {
                sequence,
                ..msg.into()
            }
        }
        Err(reason) => Msg::Copied(Copying::Failed { what, reason }).into(),
    }
}

fn save_view(path: Option<PathBuf>, saved: SavedView) -> Msg {
    let outcome = config::save_view(
        path.as_deref(),
        &saved.view,
        saved.replaces.as_deref(),
        &saved.all,
    );
    let told = outcome.map(|path| path.display().to_string());
    Msg::ViewSaved(Box::new(saved), told)
}

#[cfg(test)]
#[path = "effects_tests.rs"]
mod tests;
