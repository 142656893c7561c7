//! A list of people: read to its end, filtered here, written in one of four forms.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::api::Answer;
use crate::api::walk::Paged;
use crate::cli::columns::{Step, lines};
use crate::cli::passes::{Taken, local_time, passes, time_of};
use crate::cli::render::{FormatArgs, cell, json, write_array};
use crate::cli::session::Session;
use crate::cli::set_aside::SetAside;
use crate::cli::{Exit, Out, Problem};
use crate::wire::{Page, Profile};

/// The columns of a table of people.
pub const COLUMNS: usize = 8;

/// A record in a list of people.
pub trait ListedPerson: Serialize {
    type Id: Ord + Copy;
    /// The noun for one and for several.
    const NOUNS: [&'static str; 2];
    const TITLES: [&'static str; COLUMNS];
    const STEPS: &'static [Step];
    const CSV_HEADER: &'static str;

    fn id(&self) -> Self::Id;
    /// Returns what to sort by, in lower case.
    fn sort_key(&self) -> [String; 3];
    /// Returns the row of the table, cleaned.
    fn cells(&self, now: DateTime<Utc>) -> [String; COLUMNS];
    /// Returns the row of the CSV, each cell made with `render::cell`.
    fn csv_cells(&self) -> Vec<String>;
}

/// What is wanted of a list.
#[derive(Debug)]
pub struct PeopleQuery<'a, E> {
    pub request: E,
    pub limit: Option<u32>,
    pub format: &'a FormatArgs,
}

struct Reading<T: ListedPerson> {
    records: BTreeMap<T::Id, T>,
    unreadable: SetAside,
    now: DateTime<Utc>,
    /// The most records to write.
    limit: usize,
    is_stream: bool,
    /// How many records of a stream are written.
    written: usize,
}

/// Reads a list and writes what `keep` keeps, whatever the server understood of the request.
pub async fn write_list<E>(
    wanted: PeopleQuery<'_, E>,
    keep: impl Fn(&E::Item, DateTime<Utc>) -> bool,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem>
where
    E: Paged + Sync + Clone,
    E::Item: ListedPerson,
{
    let format = wanted.format;
    let mut reading = Reading {
        records: BTreeMap::new(),
        unreadable: SetAside::default(),
        now: local_time(),
        limit: wanted.limit.map_or(usize::MAX, |limit| limit as usize),
        is_stream: format.jsonl,
        written: 0,
    };
    let ended = passes(&session.client, &wanted.request, |pass, answer| {
        reading.take(pass, answer, &keep, out)
    })
    .await;
    let exit = reading.unreadable.tell(out);
    ended?;
    if !format.jsonl {
        let (records, now) = (reading.records.into_values(), reading.now);
        let kept = records.filter(|record| keep(record, now)).collect();
        write(kept, now, reading.limit, format, out)?;
    }
    Ok(exit)
}

impl<T: ListedPerson> Reading<T> {
    /// Takes a page in, and writes what is new in it if the list is a stream.
    fn take(
        &mut self,
        pass: u32,
        answer: Answer<Page<T>>,
        keep: &impl Fn(&T, DateTime<Utc>) -> bool,
        out: &mut Out,
    ) -> Result<Taken, Problem> {
        self.now = time_of(&answer);
        self.unreadable.take(pass, answer.value.unreadable);
        let mut news = 0;
        for record in answer.value.items {
            if self.is_stream && self.written >= self.limit {
                break;
            }
            let is_new = !self.records.contains_key(&record.id());
            news += usize::from(is_new);
            if self.is_stream && is_new && keep(&record, self.now) {
                out.data(&format!("{}\n", json(&record)?))?;
                self.written += 1;
            }
            self.records.insert(record.id(), record);
        }
        if self.is_stream {
            out.flush()?;
        }
        let is_enough = self.is_stream && self.written >= self.limit;
        Ok(if is_enough {
            Taken::Enough
        } else {
            Taken::New(news)
        })
    }
}

fn write<T: ListedPerson>(
    mut records: Vec<T>,
    now: DateTime<Utc>,
    limit: usize,
    format: &FormatArgs,
    out: &mut Out,
) -> Result<(), Problem> {
    records.sort_by_cached_key(|record| (record.sort_key(), record.id()));
    let found = records.len();
    records.truncate(limit);
    if format.json {
        return write_array(&records, out);
    }
    if format.csv {
        out.data(T::CSV_HEADER)?;
        for record in &records {
            out.data(&format!("{}\n", record.csv_cells().join(",")))?;
        }
        return Ok(());
    }
    let [one, several] = T::NOUNS;
    if found == 0 {
        out.note(&format!("No {one} matches."));
        return Ok(());
    }
    let titles = T::TITLES.map(str::to_owned);
    let rows = records.iter().map(|record| record.cells(now));
    let rows: Vec<[String; COLUMNS]> = std::iter::once(titles).chain(rows).collect();
    for line in lines(&rows, T::STEPS, out.width) {
        out.data(&format!("{line}\n"))?;
    }
    if found > records.len() {
        out.note(&format!("{} of {found} {several}", records.len()));
    }
    Ok(())
}

/// Returns a day for a table.
pub fn day(time: Option<DateTime<Utc>>) -> String {
    time.map_or("-".into(), |time| time.format("%Y-%m-%d").to_string())
}

pub fn yes_or_no(is: bool) -> String {
    if is { "yes" } else { "no" }.into()
}

/// Returns the cells of a profile in the CSV, in the order of the API's reference.
pub fn profile_cells(profile: &Profile) -> [String; 10] {
    let optional = |text: &Option<String>| cell(text.as_deref().unwrap_or_default());
    [
        cell(&profile.first_name),
        optional(&profile.middle_name),
        cell(&profile.last_name),
        optional(&profile.suffix1),
        optional(&profile.suffix2),
        optional(&profile.phone_number),
        cell(profile.clinic_role.as_str()),
        cell(profile.level.as_str()),
        profile.can_manage_studies.to_string(),
        profile.has_dashboard_access.to_string(),
    ]
}
