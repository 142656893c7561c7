//! What the store costs: taking studies in, filtering, sorting. `cargo bench --bench worklist`.

mod common;

use avara_tui::wire::{Endpoint, ListStudies, Study};
use avara_tui::worklist::{
    Changes, Filter, FilterContext, Order, Slot, Sort, SortKey, Store, Targets, sort_by,
};
use common::{NOW, STUDIES, bodies, store, study};
use divan::{AllocProfiler, Bencher, black_box};

/// The peak and the number of allocations stand beside the times.
#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const MILLION: u32 = 1_000_000;
const WORDS: [&str; 12] = [
    "is:any c",
    "is:any ct",
    "is:any head",
    "is:any contrast",
    "is:any zzz",
    "is:any oncology",
    "is:any acc0123",
    "is:any 99",
    "is:any 1.2.840",
    "is:any ed",
    "is:any -contrast",
    "head",
];
const KEYED: [&str; 6] = [
    "sev:stat to:none",
    "is:any to:last3",
    "is:any desc:spine",
    "is:any meta.mrn:99",
    "is:any meta.ordering_department:ed",
    "late:yes sev:stat,high",
];

fn main() {
    divan::main();
}

fn refilter(bencher: Bencher, studies: u32, text: &str) {
    let store = store(studies);
    let filter = Filter::parse(text).unwrap_or_default();
    let targets = Targets::default();
    let context = FilterContext {
        now: NOW,
        me: None,
        targets: &targets,
    };
    bencher.bench_local(|| filter.select(&store, &context));
}

#[divan::bench(args = WORDS)]
fn word_100k(bencher: Bencher, text: &str) {
    refilter(bencher, STUDIES, text);
}

#[divan::bench(args = KEYED)]
fn keyed_100k(bencher: Bencher, text: &str) {
    refilter(bencher, STUDIES, text);
}

#[divan::bench(args = WORDS)]
fn word_1m(bencher: Bencher, text: &str) {
    refilter(bencher, MILLION, text);
}

#[divan::bench(args = [SortKey::Need, SortKey::Age, SortKey::Severity, SortKey::Description, SortKey::Assignee, SortKey::Customer, SortKey::Updated])]
fn sort(bencher: Bencher, key: SortKey) {
    let store = store(STUDIES);
    let targets = Targets::default();
    let slots: Vec<Slot> = store.slots().collect();
    bencher
        .with_inputs(|| slots.clone())
        .bench_local_values(|mut slots| {
            sort_by(&store, &mut slots, Sort::by(key), NOW, &targets);
            slots
        });
}

/// The order after 100 of 100,000 changed.
#[divan::bench(args = [SortKey::Need, SortKey::Description])]
fn resort(bencher: Bencher, key: SortKey) {
    let store = store(STUDIES);
    let targets = Targets::default();
    let slots: Vec<Slot> = store.slots().collect();
    let manner = (Sort::by(key), NOW, &targets);
    let asked = slots.iter().copied().collect();
    let mut order = Order::default();
    order.refresh(&store, &asked, &Changes::Many, manner);
    let changes = Changes::Few(slots.iter().step_by(1_000).copied().collect());
    bencher.bench_local(|| order.refresh(&store, &asked, &changes, manner));
}

/// Taking in what is new.
#[divan::bench(sample_count = 20)]
fn load(bencher: Bencher) {
    let studies: Vec<Study> = (0..STUDIES).map(study).collect();
    bencher.bench_local(|| {
        let mut store = Store::default();
        for study in &studies {
            store.upsert(study);
        }
        store
    });
}

/// Taking in what is known already.
#[divan::bench(sample_count = 20)]
fn load_again(bencher: Bencher) {
    let studies: Vec<Study> = (0..STUDIES).map(study).collect();
    let mut store = store(STUDIES);
    bencher.bench_local(|| {
        for study in &studies {
            black_box(store.upsert(study));
        }
    });
}

/// 1,000 pages of 100.
#[divan::bench(sample_count = 10)]
fn decode(bencher: Bencher) {
    let bodies = bodies(1_000);
    bencher.bench_local(|| {
        for body in &bodies {
            black_box(ListStudies::decode(body).is_ok());
        }
    });
}

#[divan::bench(sample_count = 10)]
fn decode_and_load(bencher: Bencher) {
    let bodies = bodies(1_000);
    bencher.bench_local(|| {
        let mut store = Store::default();
        for page in bodies
            .iter()
            .filter_map(|body| ListStudies::decode(body).ok())
        {
            for study in &page.items {
                store.upsert(study);
            }
        }
        store
    });
}
