//! Stands between the program and the sandbox, and sees what is asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

pub struct Witness {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Witness {
    pub fn of(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = seen.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let log = log.clone();
                thread::spawn(move || pass_on(client, server, &log));
            }
        });
        Self { address, seen }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The first lines of all requests that were not reads.
    pub fn writes(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let writes = seen.iter().filter(|line| !line.starts_with("GET "));
        writes.cloned().collect()
    }

    pub fn count(&self) -> usize {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }
}

/// Passes requests on one by one, until either side has enough.
fn pass_on(client: TcpStream, server: SocketAddr, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut to_server = TcpStream::connect(server).ok()?;
    let mut answers = to_server.try_clone().ok()?;
    let mut to_client = client.try_clone().ok()?;
    thread::spawn(move || std::io::copy(&mut answers, &mut to_client));
    let mut requests = BufReader::new(client);
    loop {
        let mut head = String::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if requests.read_line(&mut line).ok()? == 0 {
                let _ = to_server.shutdown(std::net::Shutdown::Both);
                return None;
            }
            if head.is_empty() {
                let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                log.push(line.trim_end().to_owned());
            }
            let (name, value) = line.split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                // The sandbox answers to its own name only.
                "host" => line = format!("host: {server}\r\n"),
                "content-length" => length = value.trim().parse().ok()?,
                _ => {}
            }
            head.push_str(&line);
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        requests.read_exact(&mut body).ok()?;
        to_server.write_all(head.as_bytes()).ok()?;
        to_server.write_all(&body).ok()?;
    }
}
