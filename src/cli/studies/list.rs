//! `studies list`: reads what the filter needs, filters it here, and writes it in one of four forms.

use chrono::{DateTime, Utc};
use clap::Args;
use hashbrown::{HashMap, HashSet};

use crate::api::Answer;
use crate::cli::passes::{local_time, time_of};
use crate::cli::render::{FormatArgs, json, write_array};
use crate::cli::session::Session;
use crate::cli::set_aside::SetAside;
use crate::cli::{Exit, Out, Problem};
use crate::text::clean;
use crate::wire::{ListStudies, MAX_PAGE, Page, Study, StudyId, UserId};
use crate::worklist::{self, Filter, FilterContext, Slot, Store, Targets};

use super::reading::{Read, Wanted, read};
use super::render::{CSV_HEADER, csv_row};
use super::table::table;

pub const EXAMPLES: &str = "\
Examples:
  avara-tui studies list
  avara-tui studies list --filter 'sev:stat,high to:none age:>1h'
  avara-tui studies list --filter 'is:complete upd:<8h' --csv > done.csv
  avara-tui studies list --filter is:any --jsonl | jq -r .studyId

Without --filter: open studies, that is incomplete and not cancelled.
Order: late first, then severity, then oldest; --jsonl keeps the server's order.";

/// How many studies streaming keeps; older ones are forgotten.
const KEPT: usize = 10_000;

/// The note about a list that is too long to be read twice. Missing may be studies that changed meanwhile,
/// those whose severity or status this version does not know, and those of people who are not among the
/// users.
const READ_ONCE: &str = "avara-tui: the list may be incomplete, because it is long and was read only once, in \
                         parts. Use --whole to be sure.";

#[derive(Debug, Clone, Args)]
pub struct ListStudiesArgs {
    /// Which studies, for example 'sev:stat to:none' [default: is:open]
    #[arg(long, value_name = "EXPR")]
    pub filter: Option<String>,
    /// At most this many studies
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// Read page by page, again until two readings agree: slower, but no study is missed
    #[arg(long)]
    pub whole: bool,
    #[command(flatten)]
    pub format: FormatArgs,
}

impl ListStudiesArgs {
    pub fn parsed_filter(&self) -> Result<Filter, Problem> {
        let text = self.filter.as_deref().unwrap_or_default();
        Filter::parse(text).map_err(|error| {
            let error = FilterMessage { text, error };
            Problem::Usage(error.to_string())
        })
    }
}

/// A wrong filter, with a mark at the wrong part.
struct FilterMessage<'a> {
    text: &'a str,
    error: worklist::FilterError,
}

impl std::fmt::Display for FilterMessage<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let before = self.text.get(..self.error.at).unwrap_or(self.text);
        let wrong = self.text[before.len()..]
            .get(..self.error.len)
            .unwrap_or_default();
        let position = before.chars().count() + 1;
        let columns = |text: &str| crate::text::width(&crate::text::clean(text));
        writeln!(
            f,
            "the filter is wrong at character {position}: {}",
            self.error.message
        )?;
        writeln!(f, "  {}", crate::text::clean(self.text))?;
        write!(
            f,
            "  {}{}",
            " ".repeat(columns(before)),
            "^".repeat(columns(wrong).max(1))
        )?;
        match &self.error.suggestion {
            Some(suggestion) => write!(f, " did you mean {suggestion}?"),
            None => Ok(()),
        }
    }
}

/// How many complete, and how many cancelled studies are searched when no open one matches.
const LOOKED_AT: usize = 2_000;

/// What has been read so far.
struct Reading<'a> {
    filter: &'a Filter,
    me: Option<UserId>,
    targets: Targets,
    /// The server's time at the last page.
    now: DateTime<Utc>,
    store: Store,
    /// The studies as they last came.
    studies: HashMap<StudyId, Study>,
    unreadable: SetAside,
    /// Studies that were written as they arrived.
    written: usize,
}

pub async fn run(
    arguments: &ListStudiesArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let filter = arguments.parsed_filter()?;
    let me = if filter.needs_me() {
        Some(session.me().await?)
    } else {
        None
    };
    let mut reading = Reading {
        filter: &filter,
        me,
        targets: session.targets,
        now: local_time(),
        store: Store::default(),
        studies: HashMap::new(),
        unreadable: SetAside::default(),
        written: 0,
    };
    let limit = arguments.limit.map_or(usize::MAX, |limit| limit as usize);
    let whole = arguments.whole;
    let ended = if arguments.format.jsonl {
        reading.stream(session, whole, limit, out).await
    } else {
        reading.all(session, whole).await
    };
    let exit = reading.unreadable.tell(out);
    if ended? == Read::Once {
        out.note(READ_ONCE);
    }
    let found = if arguments.format.jsonl {
        reading.written
    } else {
        reading.write(arguments, limit, out)?
    };
    if found == 0 {
        out.note(&reading.why_none(session).await?);
    }
    Ok(exit)
}

impl Reading<'_> {
    fn request(&self) -> ListStudies {
        let base = ListStudies {
            limit: Some(MAX_PAGE),
            ..ListStudies::default()
        };
        self.filter.narrow(base, self.me)
    }

    fn context(&self) -> FilterContext<'_> {
        FilterContext {
            now: self.now.timestamp_millis(),
            me: self.me,
            targets: &self.targets,
        }
    }

    /// Reads everything that the filter may match.
    async fn all(&mut self, session: &Session, whole: bool) -> Result<Read, Problem> {
        let request = self.request();
        read(session, &request, whole, |pass, answer| {
            let page = self.note(pass, answer);
            for study in page.items {
                self.store.upsert(&study);
                self.studies.insert(study.study_id, study);
            }
            Ok(Wanted::More)
        })
        .await
    }

    /// Whether a study matches the filter, which looks at studies in a store.
    fn admits(&mut self, study: &Study) -> bool {
        if self.filter.is_everything() {
            return true;
        }
        let slot = self.store.upsert(study).slot();
        self.filter.matches(self.store.get(slot), &self.context())
    }

    /// Writes matches as the pages arrive, each study once, and keeps little more than the ids.
    async fn stream(
        &mut self,
        session: &Session,
        whole: bool,
        limit: usize,
        out: &mut Out,
    ) -> Result<Read, Problem> {
        let mut written = HashSet::new();
        let request = self.request();
        read(session, &request, whole, |pass, answer| {
            let page = self.note(pass, answer);
            if self.store.len() > KEPT {
                self.store.clear();
            }
            for study in &page.items {
                // Pages may come after enough was found, because several are requested at the same time.
                if written.len() >= limit {
                    break;
                }
                if !self.admits(study) || !written.insert(study.study_id) {
                    continue;
                }
                self.written += 1;
                out.data(&json(study)?)?;
                out.data("\n")?;
            }
            let is_enough = written.len() >= limit;
            let wanted = if is_enough {
                Wanted::Enough
            } else {
                Wanted::More
            };
            out.flush().map(|()| wanted)
        })
        .await
    }

    /// Takes in what a page says besides its records.
    fn note(&mut self, pass: u32, answer: Answer<Page<Study>>) -> Page<Study> {
        self.now = time_of(&answer);
        let mut page = answer.value;
        let unreadable = std::mem::take(&mut page.unreadable);
        self.unreadable.take(pass, unreadable);
        page
    }

    fn study(&self, slot: Slot) -> &Study {
        &self.studies[&self.store.get(slot).id()]
    }

    fn write(
        &self,
        arguments: &ListStudiesArgs,
        limit: usize,
        out: &mut Out,
    ) -> Result<usize, Problem> {
        let mut slots = self.filter.select(&self.store, &self.context());
        let now = self.now.timestamp_millis();
        worklist::sort(&self.store, &mut slots, now, &self.targets);
        let found = slots.len();
        slots.truncate(limit);
        if arguments.format.json {
            write_array(slots.iter().map(|slot| self.study(*slot)), out)?;
            return Ok(found);
        }
        if arguments.format.csv {
            out.data(CSV_HEADER)?;
            for slot in slots {
                out.data(&csv_row(self.study(slot)))?;
            }
            return Ok(found);
        }
        if found == 0 {
            return Ok(found);
        }
        for line in table(&self.store, &slots, now, &self.targets, out.width) {
            out.data(&format!("{line}\n"))?;
        }
        if found > slots.len() {
            out.note(&format!("{} of {found} studies", slots.len()));
        }
        Ok(found)
    }

    /// Reads complete and cancelled studies, up to a bound. Returns whether that were all.
    async fn read_closed(&mut self, session: &Session) -> Result<bool, Problem> {
        let mut is_all = true;
        for state in ["complete", "cancelled"] {
            let base = ListStudies {
                limit: Some(MAX_PAGE),
                ..ListStudies::default()
            };
            let request = self.filter.in_state(state).narrow(base, self.me);
            let mut seen = 0;
            read(session, &request, false, |pass, answer| {
                let page = self.note(pass, answer);
                seen += page.items.len();
                for study in &page.items {
                    self.store.upsert(study);
                }
                if seen >= LOOKED_AT {
                    return Ok(Wanted::Enough);
                }
                Ok(Wanted::More)
            })
            .await?;
            is_all &= seen < LOOKED_AT;
        }
        Ok(is_all)
    }

    /// Returns what was searched in vain, and what complete and cancelled studies would give.
    async fn why_none(&mut self, session: &Session) -> Result<String, Problem> {
        if let Some((key, near)) = self.filter.unknown_metadata(&self.store)
            && !self.store.is_empty()
        {
            let near = near.map(|near| format!(" Did you mean meta.{near}?"));
            let near = near.unwrap_or_default();
            return Ok(format!(
                "No study matches: none has the metadata key {}.{near}",
                clean(&key)
            ));
        }
        if self.filter.names_state() {
            return Ok("No study matches.".into());
        }
        let is_all = self.read_closed(session).await?;
        let found = self
            .filter
            .elsewhere(&self.store, &self.context())
            .unwrap_or_default();
        Ok(if found.is_empty() && is_all {
            "No study matches, open, complete or cancelled.".into()
        } else if found.is_empty() {
            format!(
                "No open study matches, and none of the first {LOOKED_AT} complete or cancelled ones. \
                 Add is:any to search all."
            )
        } else {
            format!(
                "No open study matches, but others do: {found} or more. Add is:any to list them."
            )
        })
    }
}
