//! Checks of the way to the server, and of what the key may do there: reads only.

use std::time::Duration;

use secrecy::SecretString;
use url::{Host, Url};

use crate::api::{Answer, Client};
use crate::app::message::setup::Part;
use crate::config::Settings;
use crate::runtime::{clock, connect_with};
use crate::wire::{Failure, ListInvitations, ListStudies, ListUsers, is_loopback};

use super::Check;

const NAMES: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);
/// A clock that is off by more than this shows misleading times, in seconds.
const CLOCK_OFF: i64 = 60;
/// If it is off by more than this, certificates and links seem to have expired.
const CLOCK_WRONG: i64 = 300;

const PERMISSIONS: [&str; 3] = ["may list studies", "may list users", "may list invitations"];

pub(super) async fn checks(settings: Option<&Settings>, key: Option<SecretString>) -> Vec<Check> {
    let Some(settings) = settings else {
        return skipped(true, "the settings cannot be used");
    };
    let (proxy, is_proxied) = proxy(&settings.base_url);
    let mut checks = vec![proxy, names(&settings.base_url, is_proxied).await];
    let Some(key) = key else {
        checks.extend(skipped(false, "there is no key to ask with"));
        return checks;
    };
    match connect_with(settings, key) {
        Ok(client) => {
            let client = client.with_timeout(ANSWER).with_backoff(PAUSE);
            checks.extend(of_client(&client, is_proxied).await);
        }
        Err(error) => {
            checks.push(Check::told(
                "connection",
                error,
                "correct ca_bundle in the profile",
            ));
            checks.push(Check::skipped("clock", "there is no connection"));
            checks.extend(permissions_skipped("there is no connection"));
        }
    }
    checks
}

fn skipped(all: bool, because: &str) -> Vec<Check> {
    let way: &[&'static str] = if all {
        &["proxy", "name", "connection", "clock"]
    } else {
        &["connection", "clock"]
    };
    let way = way.iter().map(|name| Check::skipped(name, because));
    way.chain(permissions_skipped(because)).collect()
}

fn permissions_skipped(because: &str) -> impl Iterator<Item = Check> + '_ {
    PERMISSIONS
        .into_iter()
        .map(|name| Check::skipped(name, because))
}

/// Returns the proxy that requests go through, without its password.
fn proxy(base_url: &Url) -> (Check, bool) {
    let name = "proxy";
    if is_loopback(base_url) {
        return (
            Check::ok(name, "none, because the server is on this computer"),
            false,
        );
    }
    let variables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let given = variables.into_iter().find_map(|variable| {
        let value = std::env::var(variable).ok()?;
        (!value.is_empty()).then_some((variable, value))
    });
    match given {
        None => (Check::ok(name, "none"), false),
        Some((variable, value)) => match Url::parse(&value).ok().filter(Url::has_host) {
            Some(url) => {
                let host = url.host_str().unwrap_or_default();
                let port = url.port_or_known_default().unwrap_or_default();
                let found =
                    format!("{host}:{port} ({variable}), unless NO_PROXY exempts the server");
                (Check::ok(name, found), true)
            }
            None => {
                let found = format!("{variable} is not an address");
                let todo = "set it to an address such as http://proxy.example.org:3128";
                (Check::broken(name, found, todo), true)
            }
        },
    }
}

async fn names(base_url: &Url, is_proxied: bool) -> Check {
    let name = "name";
    let Some(Host::Domain(host)) = base_url.host() else {
        return Check::ok(name, "the server is named by its address");
    };
    let port = base_url.port_or_known_default().unwrap_or(443);
    let found = tokio::time::timeout(NAMES, tokio::net::lookup_host((host, port))).await;
    let count = match found {
        Ok(Ok(addresses)) => addresses.count(),
        Ok(Err(_)) | Err(_) => 0,
    };
    match (count, is_proxied) {
        (1.., _) => Check::ok(name, format!("{host} is known")),
        (0, true) => Check::ok(name, format!("{host} is left to the proxy to find")),
        (0, false) => Check::broken(
            name,
            format!("the name {host} was not found"),
            "check the base URL and the network",
        ),
    }
}

async fn of_client(client: &Client, is_proxied: bool) -> Vec<Check> {
    let studies = ListStudies {
        limit: Some(1),
        ..ListStudies::default()
    };
    let first = client.call(&studies).await;
    let mut checks = Vec::new();
    match &first {
        Err(failure) if failure.status().is_none() => {
            let way = if is_proxied { " through the proxy" } else { "" };
            let part = Part::of(failure);
            let found = format!("{}{way}: {}", part.title(), failure.sentence());
            checks.push(Check::broken("connection", found, part.advice()));
            checks.push(Check::skipped("clock", "there is no connection"));
            checks.extend(permissions_skipped("there is no connection"));
            return checks;
        }
        _ => checks.push(Check::ok("connection", connected(client))),
    }
    checks.push(clock(&first));
    checks.push(permission(PERMISSIONS[0], &first));
    if first
        .as_ref()
        .is_err_and(|failure| failure.status() == Some(401))
    {
        let because = "the key was not accepted";
        checks.extend(permissions_skipped(because).skip(1));
        return checks;
    }
    let users = ListUsers {
        limit: Some(1),
        ..ListUsers::default()
    };
    checks.push(permission(PERMISSIONS[1], &client.call(&users).await));
    let invitations = ListInvitations {
        limit: Some(1),
        ..ListInvitations::default()
    };
    checks.push(permission(PERMISSIONS[2], &client.call(&invitations).await));
    checks
}

fn connected(client: &Client) -> &'static str {
    match client.base_url().scheme() {
        "https" => "the server answers, and its certificate is trusted",
        _ => "the server answers, without TLS since it is on this computer",
    }
}

fn clock<T>(answer: &Result<Answer<T>, Failure>) -> Check {
    let time = answer.as_ref().ok().and_then(|answer| answer.server_time);
    let Some(time) = time else {
        return Check::skipped("clock", "the server did not send its time");
    };
    let off = (clock::now() - time.timestamp_millis()) / 1_000;
    let found = match off {
        0.. => format!("{off} s ahead of the server's"),
        _ => format!("{} s behind the server's", -off),
    };
    let todo = "set this computer's clock by the network; ages go by the server's clock";
    match off.abs() {
        CLOCK_WRONG.. => Check::broken("clock", found, todo),
        CLOCK_OFF.. => Check::warning("clock", found, todo),
        _ => Check::ok("clock", found),
    }
}

/// Checks what the key may do. Without studies there is nothing to work on; without users some screens stay
/// empty.
fn permission<T>(name: &'static str, answer: &Result<Answer<T>, Failure>) -> Check {
    match answer {
        Ok(_) => Check::ok(name, "yes"),
        Err(failure) if failure.status() == Some(403) && name != PERMISSIONS[0] => Check::warning(
            name,
            "no: the key lacks this permission (403)",
            "ask an administrator for a key that may, or do without people and names",
        ),
        Err(failure) => Check::broken(name, failure.sentence(), advice(failure)),
    }
}

fn advice(failure: &Failure) -> &'static str {
    Part::of(failure).advice()
}
