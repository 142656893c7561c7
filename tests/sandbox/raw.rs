//! HTTP by hand over a bare socket: what really comes, byte by byte, and how the connection ends.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use avara_tui::sandbox::Sandbox;
use serde_json::Value;

/// Long enough for any machine; nothing waits for it unless a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A FIN: everything that was sent has arrived.
    Closed,
    /// A RST.
    Reset,
}

pub struct Raw {
    pub stream: TcpStream,
    addr: SocketAddr,
    key: String,
}

impl Raw {
    pub fn connect(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect(sandbox.addr()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self {
            stream,
            addr: sandbox.addr(),
            key: sandbox.api_key().to_owned(),
        }
    }

    /// A request, the only one of its connection.
    pub fn send(&mut self, method: &str, path: &str, operation: &str, body: &str) {
        self.send_part(method, path, operation, body, body.len());
    }

    /// A request whose head promises `length` bytes of body, and as many as `body` has.
    pub fn send_part(
        &mut self,
        method: &str,
        path: &str,
        operation: &str,
        body: &str,
        length: usize,
    ) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
             x-avara-operation: {operation}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}",
            self.addr, self.key
        );
        self.stream.write_all(request.as_bytes()).unwrap();
    }

    /// Everything until the end.
    pub fn read(&mut self) -> (Vec<u8>, End) {
        let mut data = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            match self.stream.read(&mut chunk) {
                Ok(0) => return (data, End::Closed),
                Ok(count) => data.extend_from_slice(&chunk[..count]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                    return (data, End::Reset);
                }
                Err(error) => panic!("{error} after {:?}", String::from_utf8_lossy(&data)),
            }
        }
    }

    /// Whether anything has come so far.
    pub fn is_silent(&mut self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let read = self.stream.read(&mut [0; 1]);
        self.stream.set_nonblocking(false).unwrap();
        matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}

/// The body of an answer that came whole, and its head.
pub fn whole(data: &[u8]) -> (String, Value) {
    let text = String::from_utf8(data.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), serde_json::from_str(body).unwrap())
}

pub fn starts(data: &[u8], status: &str) -> bool {
    data.starts_with(format!("HTTP/1.1 {status} ").as_bytes())
}
