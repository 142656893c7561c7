//! Answers about another record: a network that puts a foreign name into what comes back.

use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::common::{Server, response};

/// Which answers are about another record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The reads of a record that come before the change.
    Reads,
    /// The answer of the change itself.
    Writes,
    /// That one, and every read after it.
    WritesAndReads,
}

/// What is mixed up: a field that names a record.
#[derive(Debug, Clone, Copy)]
pub struct Mix {
    pub which: Which,
    pub field: &'static str,
}

/// What came through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    /// Answers that were changed before any write went by.
    pub before: usize,
    /// Answers that were changed since.
    pub after: usize,
    pub writes: usize,
}

#[derive(Debug, Default)]
struct State {
    mix: Option<Mix>,
    passed: Passed,
}

/// Stands between the program and the sandbox.
#[derive(Clone)]
pub struct Network {
    state: Arc<Mutex<State>>,
    pub base_url: String,
}

impl Network {
    pub fn before(sandbox: &str) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let address = sandbox.trim_start_matches("http://").to_owned();
        let server = Server::answering(move |_, request| {
            let (status, body) = forward(&address, request);
            let body = shared.lock().unwrap().pass(request, body);
            response(status, &[("content-type", "application/json")], &body)
        });
        Self {
            state,
            base_url: format!("http://{}", server.address),
        }
    }

    /// From now on answers are mixed up.
    pub fn mix(&self, mix: Option<Mix>) {
        let mut state = self.state.lock().unwrap();
        state.mix = mix;
        state.passed = Passed::default();
    }

    pub fn passed(&self) -> Passed {
        self.state.lock().unwrap().passed
    }
}

impl State {
    fn pass(&mut self, request: &str, body: String) -> String {
        let is_write = !request.starts_with("GET ");
        self.passed.writes += usize::from(is_write);
        let Some(mix) = self.mix else {
            return body;
        };
        let is_meant = match mix.which {
            Which::Reads => !is_write,
            Which::Writes => is_write,
            Which::WritesAndReads => self.passed.writes > 0,
        };
        let Ok(mut answer) = serde_json::from_str::<Value>(&body) else {
            return body;
        };
        if !is_meant || answer.get(mix.field).is_none() {
            return body;
        }
        if self.passed.writes == 0 {
            self.passed.before += 1;
        } else {
            self.passed.after += 1;
        }
        answer[mix.field] = json!(other(mix.field));
        answer.to_string()
    }
}

/// The name of some other record.
fn other(field: &str) -> String {
    let hex = "5".repeat(32);
    match field {
        "studyId" => format!("stu_{hex}"),
        "userId" => format!("usr_{hex}"),
        "invitationId" => format!("inv_{hex}"),
        "email" => "somebody.else@example.org".into(),
        _ => "2.25.5555555555".into(),
    }
}

fn forward(address: &str, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let head: Vec<&str> = head
        .lines()
        .filter(|line| {
            let line = line.to_ascii_lowercase();
            !line.starts_with("connection:") && !line.starts_with("host:")
        })
        .collect();
    let head = head.join("\r\n");
    let request = format!("{head}\r\nhost: {address}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}
