//! Views, orders, columns and the palette.

use super::desk::Desk;
use crate::app::kernel::layers::Overlay;
use crate::app::lists::views::{SavePlan, plan};
use crate::app::*;
use crate::worklist::testing::{DAY, HOUR, MINUTE, StudyBuilder, study, user_id};
use crate::worklist::{Column, Sort, SortKey, Targets, View};

fn clinic() -> Vec<StudyBuilder> {
    vec![
        study(1).description("MR Brain").stat().age(5 * MINUTE),
        study(2)
            .description("CT Head")
            .age(2 * DAY)
            .to(1, "Kim, Ana"),
        study(3)
            .description("XR Hand")
            .age(HOUR)
            .to(2, "Osei, Ben")
            .meta("modality", "XR"),
        study(4).description("ct chest").high().age(2 * HOUR),
        study(5).description("US Neck").complete(),
    ]
}

fn desk() -> Desk {
    Desk::open(clinic())
}

fn counts(desk: &Desk) -> Vec<Option<usize>> {
    desk.model
        .lists
        .views
        .iter()
        .map(|(_, _, count)| count)
        .collect()
}

#[test]
fn a_digit_chooses_a_view_and_zero_all_open_studies() {
    let mut desk = desk();
    assert_eq!(
        desk.model.lists.current_view(&desk.model.kernel),
        (0, false)
    );
    desk.press("2");
    assert_eq!(
        (
            desk.rows(),
            desk.model.lists.current_view(&desk.model.kernel)
        ),
        (vec![1, 4], (2, false))
    );
    desk.press("0");
    assert_eq!(desk.rows(), [2, 1, 4, 3]);
    desk.press("4 Esc");
    assert_eq!(
        desk.model.lists.current_view(&desk.model.kernel),
        (4, false),
        "Esc stays in the view"
    );
    desk.press("0");
    desk.press("9");
    assert!(
        desk.notice().starts_with("There is no view 9"),
        "{}",
        desk.notice()
    );
    assert_eq!(
        desk.model.lists.current_view(&desk.model.kernel),
        (0, false)
    );
}

#[test]
fn esc_goes_back_to_a_views_own_filter_and_no_further() {
    let mut desk = desk();
    let mut own = View::plain("Own", "ct");
    own.sort = Sort::NEWEST;
    own.columns.truncate(3);
    desk.model.configure(Some(vec![own]), Targets::default());
    desk.press("S d e s c Enter 1");
    assert_eq!(desk.rows(), [4, 2]);
    desk.press("/ Space h e a d Enter Esc Esc");
    assert_eq!(
        (desk.rows(), desk.model.kernel.data.studies.sort),
        (vec![4, 2], Sort::NEWEST)
    );
    desk.press("Esc Esc Esc Esc");
    assert_eq!(desk.rows(), [4, 2]);
    assert_eq!(desk.model.kernel.data.studies.columns.len(), 3);
    assert_eq!(desk.model.kernel.data.studies.sort, Sort::NEWEST);
    assert!(desk.notice().starts_with("Nothing to close"));
}

#[test]
fn a_view_keeps_the_cursor_on_its_study_or_begins_at_the_top() {
    let mut desk = desk();
    desk.press("j j");
    assert_eq!(desk.selected(), Some(4));
    desk.press("2");
    assert_eq!((desk.rows(), desk.selected()), (vec![1, 4], Some(4)));
    desk.press("0 G 2");
    assert_eq!(desk.selected(), Some(1));
}

#[test]
fn the_next_and_previous_view_go_round() {
    let mut desk = desk();
    let mut seen = Vec::new();
    for keys in ["]", "L", "[", "H", "[", "]", "]", "]"] {
        desk.press(keys);
        seen.push(desk.model.lists.current_view(&desk.model.kernel).0);
    }
    assert_eq!(seen, [1, 2, 1, 0, 6, 0, 1, 2]);
}

#[test]
fn a_view_that_was_changed_says_so() {
    let mut desk = desk();
    desk.press("2 / Space c t Enter");
    assert_eq!(desk.model.lists.current_view(&desk.model.kernel), (2, true));
    desk.press("f x");
    assert_eq!(
        desk.model.lists.current_view(&desk.model.kernel),
        (0, false),
        "it is another view now"
    );
    desk.press("2 S d e s c Enter");
    assert_eq!(desk.model.lists.current_view(&desk.model.kernel), (2, true));
    desk.press("2");
    assert_eq!(
        desk.model.lists.current_view(&desk.model.kernel),
        (2, false),
        "the same key restores it"
    );
}

#[test]
fn views_count_what_is_loaded_and_nothing_else() {
    let mut desk = Desk::closed(clinic());
    assert_eq!(counts(&desk).iter().flatten().count(), 0);
    desk.serve();
    let open = [None, Some(2), Some(1), Some(1), None, None];
    assert_eq!(
        counts(&desk),
        open,
        "nobody is me, and only open studies are loaded"
    );
    desk.press("5");
    desk.serve();
    assert_eq!(counts(&desk)[4], Some(1));
    desk.press("0");
    assert_eq!(
        counts(&desk),
        open,
        "complete studies are not read any more"
    );
    desk.model.kernel.session.me = Some(user_id(1));
    desk.refresh();
    assert_eq!(counts(&desk)[0], Some(1));
    let id = desk.clinic[0].study_id;
    desk.server(id).severity = crate::wire::Severity::Normal;
    desk.refresh();
    assert_eq!(counts(&desk)[2], Some(0));
}

#[test]
fn a_view_of_mine_says_when_nobody_is_me() {
    let mut desk = desk();
    desk.press("1");
    assert!(
        desk.notice().contains("You are not identified"),
        "{}",
        desk.notice()
    );
}

#[test]
fn what_is_on_screen_is_saved_under_a_name() {
    let mut desk = desk();
    desk.press("/");
    desk.type_text("ct");
    desk.press("Enter S n e w Enter V");
    desk.type_text("Night");
    desk.press("Enter");
    let Some(Effect::SaveView(saved)) = desk.effects.pop() else {
        panic!("{:?}", desk.effects);
    };
    assert_eq!(
        (saved.number, &*saved.view.name, saved.replaces.clone()),
        (7, "Night", None)
    );
    assert_eq!(
        (saved.view.filter.text(), saved.view.sort),
        ("ct", Sort::NEWEST)
    );
    assert_eq!(saved.all.len(), 7);
    assert_eq!(
        desk.model.lists.current_view(&desk.model.kernel),
        (7, false)
    );
    assert_eq!(counts(&desk)[6], Some(2));
    desk.press("q");
    assert!(desk.effects.is_empty(), "leaving waits for the file");
    desk.press("Esc");
    let path = Ok("/home/kim/config.toml".into());
    desk.send(Msg::ViewSaved(Box::new(saved), path));
    assert_eq!(desk.notice(), "Saved view 7 Night in /home/kim/config.toml");
    desk.press("0 7");
    assert_eq!(desk.rows(), [4, 2]);
}

#[test]
fn a_view_that_could_not_be_written_works_anyway() {
    let mut desk = desk();
    desk.press("f x / x r Enter V");
    desk.type_text("2 Hands");
    desk.press("Enter");
    let Some(Effect::SaveView(saved)) = desk.effects.pop() else {
        panic!("{:?}", desk.effects);
    };
    assert_eq!(saved.replaces.as_deref(), Some("Unassigned"));
    desk.send(Msg::ViewSaved(
        Box::new(saved),
        Err("the disk is full".into()),
    ));
    assert_eq!(
        desk.notice(),
        "View 2 Hands is for this session only: the disk is full"
    );
    desk.press("0 2");
    assert_eq!(desk.rows(), [3]);
}

#[test]
fn the_demo_writes_nothing() {
    let mut desk = desk();
    desk.model.kernel.session.place = Environment::Demo;
    desk.press("V N i g h t Enter");
    assert!(desk.effects.is_empty());
    assert!(
        desk.notice().contains("the demo writes no file"),
        "{}",
        desk.notice()
    );
    assert_eq!(
        desk.model.lists.views.get(7).map(|view| &*view.name),
        Some("Night")
    );
}

#[test]
fn a_long_number_in_a_saved_filter_is_a_warning() {
    let mut desk = desk();
    desk.press("/ 1 2 3 4 5 6 Enter V O n e Enter");
    let Some(Effect::SaveView(saved)) = desk.effects.pop() else {
        panic!("{:?}", desk.effects);
    };
    desk.send(Msg::ViewSaved(Box::new(saved), Ok("f".into())));
    assert!(
        desk.notice().contains("may identify a patient"),
        "{}",
        desk.notice()
    );
    for (filter, warns) in [("12345", false), ("a123456", true), ("12345 6", false)] {
        assert_eq!(View::may_name_a_patient(filter), warns, "{filter}");
    }
}

#[test]
fn a_name_is_understood_before_anything_is_saved() {
    let views = Views::default();
    let saves = |typed: &str| match plan(&views, typed) {
        SavePlan::Save {
            number,
            name,
            replaces,
        } => {
            format!(
                "{number} {name} {}",
                replaces.map_or("-".into(), |name| name.to_string())
            )
        }
        SavePlan::Refuse(reason) => reason,
    };
    for (typed, expected) in [
        ("Night", "7 Night -"),
        ("late", "4 late Late"),
        ("3 Night", "3 Night STAT"),
        ("9 Night", "7 Night -"),
        ("3 Late", "View 4 already has that name"),
        (" ", "A view needs a name"),
        ("7", "7 7 -"),
        (
            "abcdefghijklmnopqrstuvwxyz",
            "A name has at most 24 characters",
        ),
    ] {
        assert_eq!(saves(typed), expected, "{typed}");
    }
    let mut model = desk().model;
    let nine = (0..9).map(|n| View::plain(&format!("v{n}"), "")).collect();
    model.configure(Some(nine), Targets::default());
    assert!(matches!(
        plan(&model.lists.views, "Night"),
        SavePlan::Refuse(_)
    ));
    assert!(matches!(
        plan(&model.lists.views, "9 Night"),
        SavePlan::Save { number: 9, .. }
    ));
}

#[test]
fn the_same_order_again_is_its_reverse() {
    let mut desk = desk();
    for (keys, rows) in [
        ("S d e s c Enter", [4, 2, 1, 3]),
        ("S d e s c Enter", [3, 1, 2, 4]),
        ("S o l d e s t Space f Enter", [2, 4, 3, 1]),
        ("S o l d e s t Space f Enter", [1, 3, 4, 2]),
        ("S a s s i g n Enter", [1, 4, 2, 3]),
        ("S l a t e Enter", [2, 1, 4, 3]),
        ("S l a t e Enter", [3, 4, 1, 2]),
    ] {
        desk.press(keys);
        assert_eq!(desk.rows(), rows, "{keys}: {}", desk.notice());
    }
}

#[test]
fn an_order_moves_rows_but_not_the_cursor_from_its_study() {
    let mut desk = desk();
    desk.press("j j");
    let selected = desk.selected();
    desk.press("S n e w Enter");
    assert_eq!(desk.selected(), selected);
}

#[test]
fn a_click_on_a_title_sorts_by_that_column() {
    let mut desk = desk();
    let geometry = desk.model.kernel.geometry().unwrap();
    let mut click = |column: u16| {
        let row = geometry.titles.y;
        desk.send(Msg::Clicked { column, row });
        desk.model.kernel.data.studies.sort
    };
    assert_eq!(click(5), Sort::by(SortKey::Severity));
    assert_eq!(click(11), Sort::by(SortKey::Age));
    assert_eq!(click(11), Sort::NEWEST);
    assert_eq!(click(18), Sort::by(SortKey::Description));
    assert_eq!(
        click(0),
        Sort::by(SortKey::Description),
        "the gutter sorts nothing"
    );
    assert_eq!(click(75), Sort::by(SortKey::Description));
    assert!(
        desk.notice().contains("cannot be sorted"),
        "{}",
        desk.notice()
    );
}

#[test]
fn a_click_on_a_view_chooses_it() {
    let mut desk = desk();
    let row = desk.model.kernel.geometry().unwrap().views.y;
    let mut click = |column: u16| {
        desk.send(Msg::Clicked { column, row });
        desk.model.lists.current_view(&desk.model.kernel).0
    };
    assert_eq!(click(3), 1);
    let labels = desk.model.lists.view_labels(&desk.model.kernel, 80);
    let before: usize = labels[..4]
        .iter()
        .map(|(_, label)| label.chars().count())
        .sum();
    let mut click = |column: usize| {
        desk.send(Msg::Clicked {
            column: column as u16,
            row,
        });
        desk.model.lists.current_view(&desk.model.kernel).0
    };
    assert_eq!(click(before), 3);
    assert_eq!(click(79), 3, "beside the labels is no view");
}

#[test]
fn columns_are_switched_one_after_the_other() {
    let mut desk = desk();
    desk.press("C m o d Enter");
    let modality = Column::named("meta.modality").unwrap();
    assert!(desk.model.kernel.data.studies.columns.contains(&modality));
    assert!(desk.model.kernel.layers.overlay.is_some(), "it stays open");
    desk.press("Enter");
    assert!(!desk.model.kernel.data.studies.columns.contains(&modality));
    desk.press("Ctrl-u d e s c r Enter Ctrl-u s t a t u s Enter Esc");
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert!(
        desk.model
            .kernel
            .data
            .studies
            .columns
            .contains(&Column::Description)
    );
    assert!(
        !desk
            .model
            .kernel
            .data
            .studies
            .columns
            .contains(&Column::Status)
    );
    desk.press("0");
    assert_eq!(
        desk.model.kernel.data.studies.columns,
        Column::DEFAULT,
        "columns are a view's"
    );
}

#[test]
fn the_palette_runs_what_it_finds_and_tells_the_command() {
    let mut desk = desk();
    desk.press(": s e t _ h i g h");
    let Some(Overlay::Picker(picker)) = &desk.model.kernel.layers.overlay else {
        panic!("no palette");
    };
    let more = &picker.current().unwrap().more;
    let id = desk.model.kernel.data.studies.selected().unwrap();
    assert_eq!(&*more[0], "set_high");
    assert_eq!(&*more[1], format!("avara-tui studies severity high {id}"));
    desk.press("Enter");
    assert!(desk.has_write());
    desk.model.kernel.session.read_only = ReadOnly::On;
    desk.press("j Ctrl-p s e t _ s t a t Enter");
    assert_eq!(desk.notice(), "Read-only is on; ! switches it off");
}

#[test]
fn a_filter_for_my_studies_says_when_nobody_is_me_however_it_is_set() {
    let mut desk = desk();
    desk.press("/");
    desk.type_text("to:me");
    desk.press("Enter");
    assert!(
        desk.notice().contains("You are not identified"),
        "{}",
        desk.notice()
    );
}

#[test]
fn a_term_typed_behind_a_filter_is_a_term_of_its_own() {
    let typed = |keys: &str, text: &str| {
        let mut desk = desk();
        desk.press(keys);
        desk.press("/");
        desk.type_text(text);
        desk.press("Enter");
        desk.model.kernel.data.studies.filter.text().to_owned()
    };
    assert_eq!(typed("2", "ct"), "to:none ct");
    assert_eq!(typed("2", " ct"), "to:none ct");
    assert_eq!(typed("2", ",me"), "to:none,me");
    assert_eq!(typed("0", "ct"), "ct");
    // Once it was touched, what is typed is meant as it is.
    assert_eq!(typed("2", "ct head"), "to:none ct head");
    let mut desk = desk();
    desk.press("2 / Backspace");
    desk.type_text("x");
    let Some(Overlay::Filter(filter_box)) = &desk.model.kernel.layers.overlay else {
        panic!("no filter");
    };
    assert_eq!(filter_box.line.text(), "to:nonx");
    // A pasted term, one behind a recalled filter, and one in the list of users.
    desk.press("Esc 2 /");
    desk.send(Msg::Pasted("head".into()));
    desk.press("Enter");
    assert_eq!(desk.model.kernel.data.studies.filter.text(), "to:none head");
    desk.press("0 / Up");
    desk.type_text("ct");
    desk.press("Enter");
    assert_eq!(
        desk.model.kernel.data.studies.filter.text(),
        "to:none head ct"
    );
    desk.press("g p /");
    desk.type_text("level:member");
    desk.press("Enter /");
    desk.type_text("kim");
    desk.press("Enter");
    assert_eq!(
        desk.model.kernel.people().unwrap().filter().text(),
        "level:member kim"
    );
}

#[test]
fn a_cursor_at_the_top_stays_there_when_a_filter_is_taken_away() {
    let mut desk = Desk::open((1..=40).map(|n| {
        let one = study(n).description("CT").age(i64::from(n) * MINUTE);
        if n == 5 { one } else { one.high() }
    }));
    let place = |desk: &Desk| {
        let studies = &desk.model.kernel.data.studies;
        (studies.cursor(), studies.top())
    };
    // By the key that clears, by Esc, and by a quick filter that is switched off again.
    for keys in [
        "/ s e v : n o r m a l Enter f x",
        "/ s e v : n o r m a l Enter Esc",
        "f c f c",
    ] {
        desk.press(keys);
        assert_eq!(place(&desk), (0, 0), "{keys}");
    }
}
