//! Effects turned into futures whose end is a message.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::task::{AbortHandle, JoinSet};

use crate::api::Client;
use crate::api::viewer_url::check_viewer_url;
use crate::app::{Call, Effect, Exit, Msg, Opening, Reply, Ticket};
use crate::wire::{Endpoint, Failure, RerouteUrlResponse};

use super::opener::Opener;

/// What effects need from the world.
#[derive(Clone)]
pub struct Services {
    pub client: Option<Client>,
    pub opener: Arc<dyn Opener>,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// Futures under way. What they end with is the next message.
#[derive(Debug)]
pub(super) struct Tasks {
    services: Services,
    set: JoinSet<Msg>,
    handles: HashMap<Ticket, AbortHandle>,
}

/// What an effect asks of the loop itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    None,
    Ring,
    Repaint,
    Suspend,
    Leave(Exit),
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
                let handle = self.set.spawn(answer(client, ticket, call));
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
                    .spawn_blocking(move || Msg::Opened(open_link(&services, link)));
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

    /// The next message, once a future ends. Never, while there is none.
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

    fn finish(&mut self, joined: Result<Msg, tokio::task::JoinError>) -> Ended {
        match joined {
            Ok(msg) => {
                if let Msg::Replied { ticket, .. } = &msg {
                    self.handles.remove(ticket);
                }
                Ended::Message(msg)
            }
            Err(error) if error.is_cancelled() => Ended::Aborted,
            Err(_) => Ended::Defect,
        }
    }
}

#[derive(Debug)]
pub(super) enum Ended {
    Message(Msg),
    Aborted,
    /// A future panicked: the panic hook has said where.
    Defect,
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
        Call::UpdateStudy(request) => {
            reply(&client, ticket, &request, |s| Reply::Study(Box::new(s))).await
        }
        Call::CancelStudy(request) => reply(&client, ticket, &request, |_| Reply::Done).await,
        Call::UncancelStudy(request) => reply(&client, ticket, &request, |_| Reply::Done).await,
        Call::RerouteUrl(request) => reply(&client, ticket, &request, Reply::Link).await,
        Call::ListUsers(request) => reply(&client, ticket, &request, Reply::Users).await,
    }
}

async fn reply<E: Endpoint + Sync>(
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

/// The one choke point for links: checked here, then handed over or shown, never both.
fn open_link(services: &Services, link: RerouteUrlResponse) -> Opening {
    let Some(client) = &services.client else {
        return Opening::Refused {
            reason: "there is no API key".into(),
        };
    };
    let url = match check_viewer_url(&link.url, client.base_url()) {
        Ok(url) => url,
        Err(error) => {
            return Opening::Refused {
                reason: error.to_string(),
            };
        }
    };
    match services.opener.open(&url) {
        Ok(()) => Opening::Opened {
            host: url.host_str().unwrap_or_default().to_owned(),
        },
        Err(_) => Opening::NoBrowser { link },
    }
}
