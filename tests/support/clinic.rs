//! A sandbox, and plain HTTP to it: what the server holds, whatever the program says of it.

use avara_tui::sandbox::{Options, Sandbox};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::terminal::{Launch, worklist};

const STUDIES: &str = "/v1/viewer/studies";

pub struct Clinic {
    pub sandbox: Sandbox,
    client: Client,
    runtime: Runtime,
}

impl Clinic {
    /// A few hundred studies, some dozens of them open.
    pub fn open() -> Self {
        Self::with(Options {
            studies: 200,
            ..Options::default()
        })
    }

    pub fn empty() -> Self {
        Self::with(Options {
            empty: true,
            ..Options::default()
        })
    }

    pub fn with(options: Options) -> Self {
        Self {
            sandbox: Sandbox::start(options).unwrap(),
            client: Client::builder().no_proxy().build().unwrap(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    /// The program on this clinic's server.
    pub fn worklist(&self) -> Launch {
        worklist()
            .env("AVARA_BASE_URL", self.sandbox.base_url())
            .env("AVARA_API_KEY", self.sandbox.api_key())
    }

    pub fn create(&self, study: Value) -> Value {
        self.call(Method::POST, STUDIES, Some(study))
    }

    pub fn change(&self, id: &str, fields: Value) -> Value {
        self.call(Method::PATCH, &format!("{STUDIES}/{id}"), Some(fields))
    }

    pub fn study(&self, id: &str) -> Value {
        self.call(Method::GET, &format!("{STUDIES}/{id}"), None)
    }

    pub fn user(&self, id: &str) -> Value {
        self.call(Method::GET, &format!("/v1/viewer/users/{id}"), None)
    }

    pub fn invitation(&self, id: &str) -> Value {
        let path = format!("/v1/viewer/users/invitations/{id}");
        self.call(Method::GET, &path, None)
    }

    /// The invitations sent to an address, oldest first.
    pub fn invitations_of(&self, email: &str) -> Vec<Value> {
        let path = "/v1/viewer/users/invitations?limit=100";
        let page = self.call(Method::GET, path, None);
        let all = page["invitations"].as_array().unwrap();
        all.iter()
            .filter(|invitation| invitation["email"] == email)
            .cloned()
            .collect()
    }

    /// All open studies, the server's whole list.
    pub fn open_studies(&self) -> Vec<Value> {
        self.list(&format!(
            "{STUDIES}?isCancelled=false&studyViewerStatus=incomplete&limit=100"
        ))
    }

    pub fn all_studies(&self) -> Vec<Value> {
        self.list(&format!("{STUDIES}?limit=100"))
    }

    fn list(&self, path: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut next = path.to_owned();
        loop {
            let page = self.call(Method::GET, &next, None);
            all.extend_from_slice(page["studies"].as_array().unwrap());
            match page["cursor"].as_str() {
                Some(cursor) => next = format!("{path}&cursor={cursor}"),
                None => return all,
            }
        }
    }

    /// Status and body of a page, as a browser gets them.
    pub fn browse(&self, url: &str) -> (u16, String) {
        self.runtime.block_on(async {
            let response = self.client.get(url).send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        })
    }

    /// How many requests the server has answered so far, this one left out.
    pub fn requests(&self) -> u64 {
        let counts = self.call(Method::GET, "/sandbox/requests", None);
        let counts = counts.as_object().unwrap().values();
        counts.filter_map(Value::as_u64).sum()
    }

    fn call(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}{path}", self.sandbox.base_url());
        let key = format!("Bearer {}", self.sandbox.api_key());
        let request = self.client.request(method, url);
        let mut request = request.header("authorization", key);
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status();
            let text = response.text().await.unwrap();
            assert!(status.is_success(), "{status}: {text}");
            serde_json::from_str(&text).unwrap()
        })
    }
}

/// A study to create, told from others by `number`.
pub fn study(number: u32, severity: &str, description: &str) -> Value {
    json!({
        "studyInstanceUid": format!("1.2.3.{number}"),
        "severity": severity,
        "studyDescription": description,
    })
}

pub fn text<'a>(study: &'a Value, field: &str) -> &'a str {
    study[field].as_str().unwrap()
}
