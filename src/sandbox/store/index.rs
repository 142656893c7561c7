//! Finds the studies of a page at any depth: one bit set per attribute value.
//!
//! The API pages by offset, so a page needs "the next 100 matches after the first N". Intersecting the
//! sets 64 studies at a time and counting bits reaches any N of a million studies in microseconds,
//! whatever the filter, and a write only flips bits: there is no cache to go stale.

use std::collections::HashMap;

use super::bits::Bits;
use crate::wire::Match;

/// What the index knows of a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes<'a> {
    pub severity: u8,
    pub complete: bool,
    pub cancelled: bool,
    pub assignee: Option<u32>,
    pub customer: Option<u32>,
    pub description: &'a str,
}

/// A filter of `studies.list`, users and customers by position.
#[derive(Debug, Clone, Default)]
pub struct StudyFilter {
    pub severity: Option<u8>,
    pub complete: Option<bool>,
    pub cancelled: Option<bool>,
    pub assignee: Match<u32>,
    pub customer: Match<u32>,
    /// Contained in the description, whatever the case.
    pub contains: Option<String>,
}

/// Texts searched for recently, each with its matches. Kept up to date by every write.
const REMEMBERED_SEARCHES: usize = 8;

#[derive(Debug, Default)]
pub struct StudyIndex {
    len: u32,
    severity: [Bits; 3],
    complete: Bits,
    cancelled: Bits,
    assignee: HashMap<Option<u32>, Bits>,
    customer: HashMap<Option<u32>, Bits>,
    /// Descriptions repeat: each distinct one is kept once, in lower case.
    descriptions: Vec<Box<str>>,
    numbered: HashMap<Box<str>, u32>,
    description: Vec<u32>,
    searches: Vec<(String, Bits)>,
}

impl StudyIndex {
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Adds the study at position `len`.
    pub fn push(&mut self, study: &Attributes) {
        let position = self.len;
        self.len += 1;
        self.description.push(0);
        self.put(position, study, true);
    }

    pub fn replace(&mut self, position: u32, old: &Attributes, new: &Attributes) {
        self.put(position, old, false);
        self.put(position, new, true);
    }

    fn put(&mut self, position: u32, study: &Attributes, value: bool) {
        if let Some(bits) = self.severity.get_mut(usize::from(study.severity)) {
            bits.put(position, value);
        }
        self.complete.put(position, value && study.complete);
        self.cancelled.put(position, value && study.cancelled);
        let assignee = self.assignee.entry(study.assignee).or_default();
        assignee.put(position, value);
        let customer = self.customer.entry(study.customer).or_default();
        customer.put(position, value);
        if value {
            let text = study.description.to_lowercase();
            for (search, matches) in &mut self.searches {
                matches.put(position, text.contains(search.as_str()));
            }
            self.description[position as usize] = self.number(text);
        }
    }

    fn number(&mut self, text: String) -> u32 {
        if let Some(number) = self.numbered.get(text.as_str()) {
            return *number;
        }
        let number = self.descriptions.len() as u32;
        let text: Box<str> = text.into();
        self.descriptions.push(text.clone());
        self.numbered.insert(text, number);
        number
    }

    /// The positions of up to `limit` matches after the first `offset`, and whether more follow.
    pub fn page(&mut self, filter: &StudyFilter, offset: u64, limit: usize) -> (Vec<u32>, bool) {
        if let Some(text) = &filter.contains {
            self.search(text.to_lowercase());
        }
        let planes = self.planes(filter);
        let mut skip = offset;
        let mut found = Vec::with_capacity(limit);
        for index in 0..self.len.div_ceil(64) {
            let mut word = planes
                .iter()
                .fold(self.existing(index), |word, plane| word & plane.word(index));
            let count = u64::from(word.count_ones());
            if skip >= count {
                skip -= count;
                continue;
            }
            while word != 0 {
                let position = index * 64 + word.trailing_zeros();
                word &= word - 1;
                if skip > 0 {
                    skip -= 1;
                } else if found.len() == limit {
                    return (found, true);
                } else {
                    found.push(position);
                }
            }
        }
        (found, false)
    }

    fn existing(&self, index: u32) -> u64 {
        match self.len - index * 64 {
            rest @ 0..64 => (1 << rest) - 1,
            _ => u64::MAX,
        }
    }

    fn planes<'a>(&'a self, filter: &'a StudyFilter) -> Vec<Plane<'a>> {
        let mut planes = Vec::new();
        if let Some(severity) = filter.severity {
            planes.push(Plane::of(self.severity.get(usize::from(severity))));
        }
        let flags = [
            (&self.complete, filter.complete),
            (&self.cancelled, filter.cancelled),
        ];
        for (bits, wanted) in flags {
            if let Some(wanted) = wanted {
                planes.push(Plane {
                    bits: Some(bits),
                    inverted: !wanted,
                });
            }
        }
        let references = [
            (&self.assignee, &filter.assignee),
            (&self.customer, &filter.customer),
        ];
        for (map, wanted) in references {
            match wanted {
                Match::Any => {}
                Match::Empty => planes.push(Plane::of(map.get(&None))),
                Match::Is(position) => planes.push(Plane::of(map.get(&Some(*position)))),
            }
        }
        if let Some(text) = &filter.contains {
            let text = text.to_lowercase();
            let search = self.searches.iter().find(|(search, _)| *search == text);
            planes.push(Plane::of(search.map(|(_, matches)| matches)));
        }
        planes
    }

    /// Makes sure that the matches of `text` are among the searches remembered.
    fn search(&mut self, text: String) {
        if self.searches.iter().any(|(search, _)| *search == text) {
            return;
        }
        let matching: Vec<bool> = self
            .descriptions
            .iter()
            .map(|description| description.contains(text.as_str()))
            .collect();
        let mut matches = Bits::default();
        for (position, number) in self.description.iter().enumerate() {
            if matching[*number as usize] {
                matches.put(position as u32, true);
            }
        }
        if self.searches.len() == REMEMBERED_SEARCHES {
            self.searches.remove(0);
        }
        self.searches.push((text, matches));
    }
}

/// One condition of a filter. Without bits, nothing meets it.
struct Plane<'a> {
    bits: Option<&'a Bits>,
    inverted: bool,
}

impl<'a> Plane<'a> {
    fn of(bits: Option<&'a Bits>) -> Self {
        Self {
            bits,
            inverted: false,
        }
    }

    fn word(&self, index: u32) -> u64 {
        let word = self.bits.map_or(0, |bits| bits.word(index as usize));
        if self.inverted { !word } else { word }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::random::Random;

    fn study(random: &mut Random) -> Attributes<'static> {
        let description = ["CT Head", "MR Brain", "XR Chest", "ct ÉTUDE "];
        Attributes {
            severity: random.between(0, 3) as u8,
            complete: random.chance(0.8),
            cancelled: random.chance(0.1),
            assignee: random.chance(0.7).then(|| random.between(0, 4) as u32),
            customer: random.chance(0.7).then(|| random.between(0, 4) as u32),
            description: description[random.between(0, 4) as usize],
        }
    }

    fn holds<T: PartialEq>(wanted: &Match<T>, value: Option<T>) -> bool {
        match wanted {
            Match::Any => true,
            Match::Empty => value.is_none(),
            Match::Is(wanted) => value.as_ref() == Some(wanted),
        }
    }

    /// The definition that the bit sets must agree with.
    fn scan(studies: &[Attributes], filter: &StudyFilter) -> Vec<u32> {
        let matches = |study: &Attributes| {
            filter.severity.is_none_or(|s| s == study.severity)
                && filter.complete.is_none_or(|c| c == study.complete)
                && filter.cancelled.is_none_or(|c| c == study.cancelled)
                && holds(&filter.assignee, study.assignee)
                && holds(&filter.customer, study.customer)
                && filter.contains.as_ref().is_none_or(|text| {
                    study
                        .description
                        .to_lowercase()
                        .contains(&text.to_lowercase())
                })
        };
        (0..studies.len() as u32)
            .filter(|position| matches(&studies[*position as usize]))
            .collect()
    }

    fn filter(random: &mut Random) -> StudyFilter {
        let reference = |random: &mut Random| match random.between(0, 4) {
            0 => Match::Empty,
            1 => Match::Is(random.between(0, 5) as u32),
            _ => Match::Any,
        };
        StudyFilter {
            severity: random.chance(0.4).then(|| random.between(0, 4) as u8),
            complete: random.chance(0.4).then(|| random.chance(0.5)),
            cancelled: random.chance(0.4).then(|| random.chance(0.5)),
            assignee: reference(random),
            customer: reference(random),
            contains: random
                .chance(0.4)
                .then(|| ["ct", "HEAD", "Étude", "", "nothing"][random.between(0, 5) as usize])
                .map(str::to_owned),
        }
    }

    #[test]
    fn pages_agree_with_a_scan_while_studies_change() {
        let mut random = Random::new(7);
        let mut studies: Vec<Attributes> = Vec::new();
        let mut index = StudyIndex::default();
        for round in 0..400 {
            for _ in 0..random.between(0, 4) {
                studies.push(study(&mut random));
                index.push(&studies[studies.len() - 1]);
            }
            if !studies.is_empty() {
                let position = random.between(0, studies.len() as i64) as u32;
                let new = study(&mut random);
                index.replace(position, &studies[position as usize], &new);
                studies[position as usize] = new;
            }
            let filter = filter(&mut random);
            let all = scan(&studies, &filter);
            let offset = random.between(0, all.len() as i64 + 2) as usize;
            let limit = random.between(1, 30) as usize;
            let rest = &all[offset.min(all.len())..];
            let expected = &rest[..limit.min(rest.len())];
            let (page, more) = index.page(&filter, offset as u64, limit);
            assert_eq!(page, expected, "round {round}: {filter:?}");
            assert_eq!(more, rest.len() > limit, "round {round}: {filter:?}");
        }
    }

    #[test]
    fn an_offset_past_the_end_is_an_empty_page() {
        let mut index = StudyIndex::default();
        index.push(&study(&mut Random::new(1)));
        let filter = StudyFilter::default();
        assert_eq!(index.page(&filter, u64::MAX, 10), (vec![], false));
    }
}
