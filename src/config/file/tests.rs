use super::*;
use crate::worklist::SortKey;

fn message(text: &str) -> String {
    let wrong = parse(text).unwrap_err();
    format!("{}: {}", wrong.line, wrong.message)
}

#[test]
fn every_default_of_the_example_is_the_programs() {
    let (views, targets) = parse(EXAMPLE).unwrap();
    assert_eq!(views.unwrap(), View::defaults());
    assert_eq!(targets, Targets::default());
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", "# words\n", "[targets]\n"] {
        assert_eq!(parse(text).unwrap(), (None, Targets::default()), "{text:?}");
    }
}

#[test]
fn a_view_says_what_it_wants() {
    let text = "[[views]]\nname = \" Night \"\nfilter = \"sev:stat ct\"\nsort = [\"-assignee\"]\n\
                columns = [\"age\", \"meta.modality\", \"severity\"]\n\n[targets]\nstat = \"1h30m\"\n";
    let (views, targets) = parse(text).unwrap();
    let view = &views.unwrap()[0];
    assert_eq!((&*view.name, view.filter.text()), ("Night", "sev:stat ct"));
    assert_eq!(view.sort, Sort::by(SortKey::Assignee).reverse());
    let columns: Vec<String> = view.columns.iter().map(Column::to_string).collect();
    assert_eq!(columns, ["age", "description", "meta.modality", "severity"]);
    assert_eq!(targets.stat, 90 * 60_000);
    assert_eq!(targets.high, Targets::default().high);
}

#[test]
fn every_order_reads_back_as_it_is_written() {
    for key in [
        SortKey::Need,
        SortKey::Age,
        SortKey::Severity,
        SortKey::Description,
        SortKey::Assignee,
        SortKey::Customer,
        SortKey::Updated,
    ] {
        for sort in [Sort::by(key), Sort::by(key).reverse()] {
            let words = sort.words();
            assert_eq!(Sort::of_words(words.iter().map(String::as_str)), Some(sort));
        }
    }
    assert_eq!(Sort::of_words(["-oldest"]), Some(Sort::NEWEST));
    assert_eq!(Sort::of_words(["age", "late"]), None);
}

#[rustfmt::skip]
const BROKEN: &[(&str, &str)] = &[
    ("veiws = 1", "1: “veiws” is no setting; did you mean “views”?"),
    ("\n\n[target]\nstat = \"1h\"", "3: “target” is no setting; did you mean “targets”?"),
    ("colour = \"red\"", "1: “colour” is no setting; there are views, targets"),
    ("api_key = \"x\"", "1: “api_key” is no setting; there are views, targets"),
    ("views = 3", "1: each view is a table of its own that begins with [[views]]"),
    ("[views]\nname = \"A\"", "1: each view is a table of its own that begins with [[views]]"),
    ("[[views]]\nfilter = \"ct\"", "1: this view has no name"),
    ("[[views]]\nname = 7", "2: a view's name must be a text in quotes"),
    ("[[views]]\nname = \"  \"", "2: a view needs a name"),
    ("[[views]]\nname = \"a\\nb\"", "2: a view's name is one line of plain text"),
    ("[[views]]\nname = \"abcdefghijklmnopqrstuvwxyz\"", "2: a view's name has at most 24 characters"),
    ("[[views]]\nname = \"A\"\nfiltre = \"ct\"", "3: “filtre” is no setting of a view; did you mean “filter”?"),
    ("[[views]]\nname = \"A\"\ncolour = 1", "3: “colour” is no setting of a view; there are name, filter, sort, columns"),
    ("[[views]]\nname = \"A\"\nfilter = true", "3: a filter must be a text in quotes"),
    ("[[views]]\nname = \"A\"\nfilter = \"sev:urgnt\"", "3: the filter: “urgnt” is no severity: expected stat, high or normal"),
    ("[[views]]\nname = \"A\"\nfilter = \"sevv:stat\"", "3: the filter: “sevv” is no filter key: expected one of is, sev, to, cust, desc, age, upd, late, meta.KEY, uid, id, by; to search for a text with a colon, put it in quotes; did you mean “sev”?"),
    ("[[views]]\nname = \"A\"\nfilter = 'desc:\"ct'", "3: the filter: this quote is still open: expected a closing \""),
    ("[[views]]\nname = \"A\"\nsort = \"age\"", "3: sort must be a list of texts, such as [\"age\"]"),
    ("[[views]]\nname = \"A\"\nsort = [1]", "3: sort must be a list of texts, such as [\"age\"]"),
    ("[[views]]\nname = \"A\"\nsort = [\"asignee\"]", "3: the list cannot be sorted by “asignee”; did you mean “assignee”?"),
    ("[[views]]\nname = \"A\"\nsort = [\"age\", \"late\"]", "3: sort must be [\"late\", \"severity\", \"age\"] or one of oldest, newest, severity, description, assignee, customer, updated; - before it turns it round"),
    ("[[views]]\nname = \"A\"\ncolumns = \"age\"", "3: columns must be a list of texts, such as [\"age\"]"),
    ("[[views]]\nname = \"A\"\ncolumns = [\"agee\"]", "3: “agee” is no column; did you mean “age”?"),
    ("[[views]]\nname = \"A\"\ncolumns = [\"meta.\"]", "3: “meta.” is no column; there are severity, age, due, description, assignee, status, customer, updated, created, id, uid and meta.KEY"),
    ("[[views]]\nname = \"A\"\ncolumns = [\"age\", \"age\"]", "3: the column “age” stands here twice"),
    ("[[views]]\nname = \"A\"\n\n[[views]]\nname = \"a\"", "4: two views are called “a”"),
    ("targets = 1", "1: the targets are a table that begins with [targets]"),
    ("[targets]\nurgent = \"1h\"", "2: “urgent” is no target; there are stat, high, normal"),
    ("[targets]\nhihg = \"1h\"", "2: “hihg” is no target; did you mean “high”?"),
    ("[targets]\nstat = 60", "2: the target of stat must be a time such as \"60m\", \"4h\" or \"1d\""),
    ("[targets]\nstat = \"soon\"", "2: the target of stat must be a time such as \"60m\", \"4h\" or \"1d\""),
    ("[targets]\nhigh = \"0m\"", "2: the target of high must be a time such as \"60m\", \"4h\" or \"1d\""),
    ("[targets]\nnormal = \"9999d\"", "2: the target of normal must be a time such as \"60m\", \"4h\" or \"1d\""),
];

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, expected) in BROKEN {
        assert_eq!(message(text), *expected, "{text}");
    }
    assert!(BROKEN.len() >= 20);
}

#[test]
fn a_text_that_is_not_toml_is_told_with_its_line() {
    for (text, line) in [
        ("[[views]\n", "1: this is not TOML: "),
        ("\n\nname = \n", "3: this is not TOML: "),
        (
            "[targets]\nstat = \"1h\"\nstat = \"2h\"\n",
            "3: this is not TOML: ",
        ),
    ] {
        let told = message(text);
        assert!(told.starts_with(line), "{told}");
        assert!(!told.contains('\n'), "{told}");
    }
}

#[test]
fn there_are_as_many_views_as_keys() {
    let views = |many: usize| -> String {
        (0..many)
            .map(|n| format!("[[views]]\nname = \"{n}\"\n"))
            .collect()
    };
    assert_eq!(parse(&views(9)).unwrap().0.unwrap().len(), 9);
    assert_eq!(message(&views(10)), "19: there can be at most 9 views");
}

#[test]
fn a_missing_file_is_no_error_and_an_unreadable_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let file = ConfigFile::read(Some(path.clone())).unwrap();
    assert!(!file.exists && file.views.is_none());
    let told = |path: PathBuf| ConfigFile::read(Some(path)).unwrap_err().to_string();
    assert!(told(folder.path().into()).contains("it cannot be read"));
    fs::write(&path, b"name = \"\xff\"").unwrap();
    assert!(told(path.clone()).ends_with("config.toml: it is not text in UTF-8"));
    fs::write(&path, vec![b'#'; (1 << 20) + 1]).unwrap();
    assert!(told(path.clone()).ends_with("it is larger than 1 MiB"));
    fs::write(&path, "\nviewz = 1").unwrap();
    assert!(
        told(path).ends_with("config.toml, line 2: “viewz” is no setting; did you mean “views”?")
    );
}
