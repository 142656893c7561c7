//! A client that repeats every call that did not end well, whatever the call does: what generated clients
//! are like. It shows what a test of retries must be able to find.

use reqwest::{Client, Method};
use serde_json::Value;

/// How often a call is repeated.
const RETRIES: usize = 2;

pub struct BlindClient {
    client: Client,
    base_url: String,
    key: String,
}

/// What the caller is told.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// The status of the last answer, if there was one.
    pub status: Option<u16>,
    pub attempts: usize,
}

impl BlindClient {
    pub fn new(base_url: String, key: &str) -> Self {
        Self {
            client: Client::builder()
                .no_proxy()
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
            base_url,
            key: key.to_owned(),
        }
    }

    /// Calls until an answer is neither 408, 409, 429 nor 5xx, or the retries are used up. It waits for
    /// nothing in between, for how long it waits changes nothing about what it does.
    pub async fn call(&self, method: Method, path: &str, operation: &str, body: &Value) -> Told {
        let mut told = Told {
            status: None,
            attempts: 0,
        };
        while told.attempts <= RETRIES {
            told.attempts += 1;
            let request = self
                .client
                .request(method.clone(), format!("{}{path}", self.base_url))
                .bearer_auth(&self.key)
                .header("x-avara-operation", operation)
                .body(body.to_string());
            let Ok(answer) = request.send().await else {
                told.status = None;
                continue;
            };
            let status = answer.status().as_u16();
            told.status = Some(status);
            if !matches!(status, 408 | 409 | 429 | 500..) && answer.bytes().await.is_ok() {
                return told;
            }
        }
        told
    }
}
