//! A sandbox and a bare HTTP client for it.

use avara_tui::sandbox::{Options, Sandbox};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

pub const STUDY: &str = "stu_1234567890abcdef1234567890abcdef";
pub const STUDY_UID: &str = "1.2.840.10008.5.1.4.1.1.2";
pub const USER: &str = "usr_1234567890abcdef1234567890abcdef";
pub const INVITATION: &str = "inv_1234567890abcdef1234567890abcdef";
pub const CUSTOMER: &str = "cus_1234567890abcdef1234567890abcdef";

pub struct Bench {
    pub sandbox: Sandbox,
    pub client: Client,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// Asserts a refusal that names `field`, and returns its message.
    #[track_caller]
    pub fn refused(&self, status: u16, field: Option<&str>) -> String {
        assert_eq!(self.status, status, "{}", self.text);
        let body = self.json();
        assert_eq!(body["error"]["field"].as_str(), field, "{}", self.text);
        let message = body["error"]["message"].as_str().unwrap();
        assert!(message.ends_with('.'), "{message}");
        message.to_owned()
    }
}

impl Bench {
    pub fn start() -> Self {
        Self::with(Options {
            studies: 60,
            ..Options::default()
        })
    }

    pub fn with(options: Options) -> Self {
        Self {
            sandbox: Sandbox::start(options).unwrap(),
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// A request with the key.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header(
            "authorization",
            format!("Bearer {}", self.sandbox.api_key()),
        )
    }

    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.sandbox.base_url());
        self.client.request(method, url)
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).body(body.to_string())).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PATCH, path).body(body.to_string())).await
    }

    /// Every record of a list, walked by its cursor.
    pub async fn walk(&self, path: &str, plural: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut next = path.to_owned();
        loop {
            let page = self.get(&next).await.ok();
            all.extend(page[plural].as_array().unwrap().iter().cloned());
            if page["hasMore"] == false {
                assert_eq!(page["cursor"], Value::Null);
                return all;
            }
            let join = if path.contains('?') { '&' } else { '?' };
            let cursor = page["cursor"].as_str().unwrap();
            next = format!("{path}{join}cursor={cursor}");
        }
    }

    /// Somebody who can be given a study, other than [`USER`].
    pub async fn somebody(&self) -> Value {
        let page = self.get("/v1/viewer/users?lastName=kim").await.ok();
        page["users"][0].clone()
    }
}

pub async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}
