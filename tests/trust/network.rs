//! A network between the writers and the server, on which a fifth of the requests fare badly.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// What can happen to a request, one in five times.
const FAULTS: [Fault; 11] = [
    Fault::Drop,
    Fault::Refuse(503),
    Fault::Refuse(429),
    Fault::DropAnswer,
    Fault::CutAnswer,
    Fault::Hide(500),
    Fault::Hide(502),
    Fault::Hide(409),
    Fault::LoginPage,
    Fault::Stall,
    Fault::Late,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The connection ends before the server sees anything.
    Drop,
    /// Something in between refuses before the server sees anything.
    Refuse(u16),
    /// It is carried out, and the connection ends.
    DropAnswer,
    /// It is carried out, and half the answer comes.
    CutAnswer,
    /// It is carried out, and something in between says this.
    Hide(u16),
    /// It is carried out, and a login page comes.
    LoginPage,
    /// It is carried out, and the answer comes too late.
    Stall,
    /// It is given up, and carried out afterwards; only what would be made may be so late here, for a late
    /// change of a state can pass a repetition of itself.
    Late,
}

#[derive(Clone)]
pub struct Network(Arc<State>);

struct State {
    server: SocketAddr,
    address: SocketAddr,
    seed: u64,
    requests: AtomicU64,
    under_way: AtomicUsize,
}

impl Network {
    pub fn before(base_url: &str, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let network = Self(Arc::new(State {
            server: base_url.trim_start_matches("http://").parse().unwrap(),
            address: listener.local_addr().unwrap(),
            seed,
            requests: AtomicU64::new(0),
            under_way: AtomicUsize::new(0),
        }));
        let own = network.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let network = own.clone();
                network.0.under_way.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || {
                    network.serve(stream);
                    network.0.under_way.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        network
    }

    /// An address under which all requests go by a name.
    pub fn base_url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.0.address)
    }

    /// Waits until nothing is under way any more.
    pub fn come_to_rest(&self) {
        while self.0.under_way.load(Ordering::SeqCst) > 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn fault(&self, request: &str) -> Option<Fault> {
        let number = self.0.requests.fetch_add(1, Ordering::Relaxed);
        let draw = super::writer::random(self.0.seed ^ number.wrapping_mul(0x9e37_79b9));
        if !draw.is_multiple_of(5) {
            return None;
        }
        let fault = FAULTS[(draw / 5) as usize % FAULTS.len()];
        let makes = ["POST /v1/viewer/studies ", "POST /v1/viewer/users "]
            .iter()
            .any(|start| request.starts_with(start));
        (fault != Fault::Late || makes).then_some(fault)
    }

    /// One request, one connection.
    fn serve(&self, mut client: TcpStream) {
        let request = read_request(&mut client);
        if request.is_empty() {
            return;
        }
        let request = named(&request);
        let fault = self.fault(&request);
        match fault {
            Some(Fault::Drop) => return close(&client),
            Some(Fault::Refuse(status)) => return say(&mut client, status, "{}"),
            Some(Fault::Late) => {
                say(&mut client, 504, "{}");
                close(&client);
                std::thread::sleep(Duration::from_millis(100));
                self.forward(&request);
                return;
            }
            _ => {}
        }
        let answer = self.forward(&request);
        match fault {
            None => drop(client.write_all(&answer)),
            Some(Fault::CutAnswer) => drop(client.write_all(&answer[..answer.len() / 2])),
            Some(Fault::Hide(status)) => say(&mut client, status, "{}"),
            Some(Fault::LoginPage) => say(&mut client, 200, "<html>Sign in</html>"),
            Some(Fault::Stall) => std::thread::sleep(super::writer::TIMEOUT * 2),
            Some(Fault::DropAnswer | Fault::Drop | Fault::Refuse(_) | Fault::Late) => {}
        }
        close(&client);
    }

    /// Hands the request to the server; gives its answer, with the connection told to end.
    fn forward(&self, request: &str) -> Vec<u8> {
        let mut server = TcpStream::connect(self.0.server).unwrap();
        let request_out = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        let host = format!("host: {}", self.0.address);
        let request_out = request_out.replacen(&host, &format!("host: {}", self.0.server), 1);
        server.write_all(request_out.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = server.read_to_end(&mut answer);
        answer
    }
}

/// The request with its name in the header that the server's ledger keeps, in place of the path.
fn named(request: &str) -> String {
    let (method, rest) = request.split_once(" /").unwrap();
    let (name, rest) = rest.split_once('/').unwrap();
    let header = format!("\r\nx-avara-operation: {name}\r\n");
    format!("{method} /{rest}").replacen("\r\n", &header, 1)
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return String::new(),
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

fn say(client: &mut TcpStream, status: u16, body: &str) {
    let kind = if body.starts_with('<') {
        "text/html"
    } else {
        "application/json"
    };
    let text = format!(
        "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = client.write_all(text.as_bytes());
}

fn close(client: &TcpStream) {
    let _ = client.shutdown(Shutdown::Both);
}
