//! A server that hardly answers any more: keys still do, and leaving takes no time.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::read_request;
use crate::terminal::{patience, worklist};

/// Requests answered at once, so that there is a list to work on.
const GOOD: usize = 12;

fn page() -> String {
    let study = |n: usize| {
        json!({
            "studyId": format!("stu_{n:032x}"),
            "studyInstanceUid": format!("2.25.{n}"),
            "studyDescription": format!("CT number {n}"),
            "severity": "normal",
            "studyViewerStatus": "incomplete",
            "isCancelled": false,
            "metadata": {},
        })
    };
    let studies: Vec<Value> = (1..=60).map(study).collect();
    json!({ "studies": studies, "hasMore": false }).to_string()
}

fn answer(request: &str, mut stream: TcpStream) {
    let body = if request.contains("/users") {
        json!({ "users": [], "hasMore": false }).to_string()
    } else {
        page()
    };
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
}

/// Answers the first requests; then holds all of them and answers one a second.
fn hang() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (hold, held) = mpsc::channel::<(String, TcpStream)>();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            let mut stream = stream;
            let hold = hold.clone();
            std::thread::spawn(move || {
                let request = read_request(&mut stream);
                if number < GOOD {
                    answer(&request, stream)
                } else {
                    drop(hold.send((request, stream)))
                }
            });
        }
    });
    std::thread::spawn(move || {
        for (request, stream) in held {
            // This server is slow on purpose; the test waits for the screen, not for it.
            std::thread::sleep(Duration::from_secs(1));
            answer(&request, stream);
        }
    });
    format!("http://{address}")
}

#[test]
fn keys_answer_and_leaving_is_quick_while_requests_hang() {
    let mut program = worklist()
        .env("AVARA_BASE_URL", hang())
        .env("AVARA_API_KEY", "some-key")
        .size(120, 40)
        .start();
    program.wait_for_text("60 shown");
    program.wait_for_text("updated <1 m ago");
    // Twenty links, each of which hangs, and everything read anew, over and over.
    for _ in 0..20 {
        program.keys("ojr");
    }
    program.wait_for_text("21/60");
    let mut slowest = Duration::ZERO;
    for round in 0..20 {
        let (key, row) = match round % 2 {
            0 => ("G", "60/60"),
            _ => ("gg", "1/60"),
        };
        let pressed = Instant::now();
        program.keys(key);
        program.wait_for_text(row);
        slowest = slowest.max(pressed.elapsed());
    }
    println!("slowest of 20 keys among hung requests: {slowest:?}");
    let left = Instant::now();
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    let took = left.elapsed();
    println!("left after {took:?}");
    // Not a matter of speed: waiting for a hung request would take its whole time limit.
    assert!(took < patience().min(Duration::from_secs(10)), "{took:?}");
    program.assert_restored();
}
