//! A server that misbehaves on purpose: it reads one request per connection and answers as told.

#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "each test file uses its own part, and a helper that fails fails its test"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use avara_tui::api::{Client, Connection};

pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers the n-th request (from 0) by whatever `answer` writes; then the connection is closed.
    pub fn start(answer: impl Fn(usize, &mut TcpStream) + Send + 'static) -> Self {
        Self::gate(move |number, _, stream| answer(number, stream))
    }

    /// Answers the n-th request with what is made of its text.
    pub fn answering(answer: impl Fn(usize, &str) -> String + Send + 'static) -> Self {
        Self::gate(move |number, request, stream| {
            let _ = stream.write_all(answer(number, request).as_bytes());
        })
    }

    fn gate(answer: impl Fn(usize, &str, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                stream
                    .set_read_timeout(Some(Duration::from_secs(10)))
                    .unwrap();
                let request = read_request(&mut stream);
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(request.clone());
                    log.len() - 1
                };
                answer(number, &request, &mut stream);
            }
        });
        Self { address, requests }
    }

    /// Answers every request with the same bytes.
    pub fn saying(response: impl Into<Vec<u8>>) -> Self {
        let response = response.into();
        Self::start(move |_, stream| {
            let _ = stream.write_all(&response);
        })
    }

    /// Answers the requests in turn, the last answer over and over.
    pub fn saying_in_turn(responses: Vec<String>) -> Self {
        Self::start(move |number, stream| {
            let response = &responses[number.min(responses.len() - 1)];
            let _ = stream.write_all(response.as_bytes());
        })
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// A client of this server that hardly waits before a repetition.
    pub fn client(&self) -> Client {
        client_of(&format!("http://{}", self.address))
    }
}

pub fn client_of(base_url: &str) -> Client {
    client_of_key(base_url, "test-key")
}

pub fn client_of_key(base_url: &str, key: &str) -> Client {
    let connection = Connection {
        base_url: base_url.parse().unwrap(),
        key: key.into(),
    };
    Client::new(connection)
        .unwrap()
        .with_backoff(Duration::from_millis(1))
        .with_timeout(Duration::from_secs(20))
}

/// The head and the body of a request, as far as they came.
pub fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, length)| length.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return text,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    text
}

pub fn json(status: u16, body: &str) -> String {
    response(status, &[("content-type", "application/json")], body)
}
