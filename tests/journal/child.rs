//! What the processes do that the tests start: this very program, told by its environment.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use avara_tui::api::WriteRecorder;
use avara_tui::journal::Journal;
use avara_tui::wire::{Endpoint, EndpointInfo, Failure};

use super::{Order, client, creation, journal};

const TASK: &str = "JOURNAL_TEST_TASK";

impl Order {
    pub fn start(&self) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args(["child::child", "--exact", "--nocapture"])
            .env(TASK, self.task)
            .env("JOURNAL_TEST_URL", &self.base_url)
            .env("JOURNAL_TEST_KEY", &self.key)
            .env("JOURNAL_TEST_PATH", &self.journal)
            .env("JOURNAL_TEST_NUMBER", self.number.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn given() -> Option<Self> {
        let text = |name: &str| std::env::var(name).ok();
        let tasks = ["write", "write late", "append"];
        let task = text(TASK)?;
        Some(Self {
            task: tasks.into_iter().find(|it| *it == task).unwrap(),
            base_url: text("JOURNAL_TEST_URL").unwrap(),
            key: text("JOURNAL_TEST_KEY").unwrap(),
            journal: text("JOURNAL_TEST_PATH").unwrap().into(),
            number: text("JOURNAL_TEST_NUMBER").unwrap().parse().unwrap(),
        })
    }
}

/// Does nothing among the other tests.
#[test]
fn child() {
    let Some(order) = Order::given() else {
        return;
    };
    match order.task {
        "write" => write(&order, Arc::new(journal(&order))),
        "write late" => write(&order, Arc::new(Late(journal(&order)))),
        _ => append(&order),
    }
}

/// Makes studies until it is killed.
fn write(order: &Order, recorder: Arc<dyn WriteRecorder>) {
    let client = client(&order.base_url, &order.key).with_recorder(recorder);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for round in 0.. {
        let _ = runtime.block_on(client.call(&creation(order.number, round)));
    }
}

/// The planted defect: a journal that is written once all is over.
#[derive(Debug)]
struct Late(Journal);

impl WriteRecorder for Late {
    fn before(&self, _: &EndpointInfo, _: Vec<String>, _: &[u8]) -> Result<String, String> {
        Ok(String::new())
    }

    fn after(
        &self,
        _: &str,
        info: &EndpointInfo,
        values: Vec<String>,
        body: &[u8],
        failure: Option<&Failure>,
    ) {
        let operation = self.0.before(info, values.clone(), body).unwrap();
        self.0.after(&operation, info, values, body, failure);
    }
}

/// How many attempts each of several processes records, of two lines each.
pub const ATTEMPTS: usize = 500;

fn append(order: &Order) {
    let journal = journal(order);
    for round in 0..ATTEMPTS {
        let request = creation(order.number, round);
        let body = request.body().unwrap().unwrap();
        let info = avara_tui::wire::CreateStudy::INFO;
        let operation = journal.before(&info, Vec::new(), &body).unwrap();
        journal.after(&operation, &info, Vec::new(), &body, None);
    }
}
