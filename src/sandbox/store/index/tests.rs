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
    // Two blocks and most of a third, which is filled on the way.
    let mut studies: Vec<Attributes> = (0..11_900).map(|_| study(&mut random)).collect();
    let mut index = StudyIndex::default();
    for study in &studies {
        index.push(study);
    }
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
fn a_page_looks_at_one_block_wherever_it_is() {
    let mut random = Random::new(3);
    let mut index = StudyIndex::default();
    for _ in 0..200_000 {
        index.push(&study(&mut random));
    }
    let half = StudyFilter {
        severity: Some(0),
        cancelled: Some(false),
        ..StudyFilter::default()
    };
    // Each filter's matches in a block are more than a page: at most two blocks meet in one.
    for (filter, offsets) in [
        (StudyFilter::default(), [0, 100_000, 199_000]),
        (half, [0, 30_000, 59_000]),
    ] {
        for offset in offsets {
            let before = index.looked_at;
            let (found, more) = index.page(&filter, offset, 100);
            assert_eq!((found.len(), more), (100, true));
            let words = index.looked_at - before;
            assert!(words <= 2 * u64::from(BLOCK_WORDS), "{words} at {offset}");
        }
    }
}

#[test]
fn the_oldest_of_many_filters_is_forgotten_and_counted_again() {
    let mut index = StudyIndex::default();
    let mut random = Random::new(5);
    let studies: Vec<Attributes> = (0..300).map(|_| study(&mut random)).collect();
    studies.iter().for_each(|study| index.push(study));
    for round in 0..2 {
        for assignee in 0..600 {
            let filter = StudyFilter {
                assignee: Match::Is(assignee),
                ..StudyFilter::default()
            };
            let (found, _) = index.page(&filter, 0, 300);
            assert_eq!(found, scan(&studies, &filter), "round {round}");
        }
    }
    assert_eq!(index.selections.len(), REMEMBERED_SELECTIONS);
}

#[test]
fn an_offset_past_the_end_is_an_empty_page() {
    let mut index = StudyIndex::default();
    index.push(&study(&mut Random::new(1)));
    let filter = StudyFilter::default();
    assert_eq!(index.page(&filter, u64::MAX, 10), (vec![], false));
}
