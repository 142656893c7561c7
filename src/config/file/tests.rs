use std::fs;

use super::*;
use crate::worklist::{Column, Sort, SortKey};
use url::Url;

fn message(text: &str) -> String {
    let wrong = parse(text).unwrap_err();
    format!("{}: {}", wrong.line, wrong.message)
}

#[test]
fn every_default_of_the_example_is_the_programs() {
    let example = parse(EXAMPLE).unwrap();
    assert_eq!(example.views, Some(View::defaults()));
    let as_default = ConfigFile {
        views: None,
        lines: BTreeMap::new(),
        ..example.clone()
    };
    assert_eq!(as_default, ConfigFile::default());
    // Each is written out, so that none is forgotten.
    for setting in [
        "targets.stat",
        "targets.high",
        "targets.normal",
        "refresh.stat",
        "refresh.open",
        "refresh.requests_per_minute",
        "lock.after",
        "alerts.bell",
        "alerts.notify",
        "alerts.quiet",
        "theme.name",
        "plain",
        "views",
    ] {
        assert!(example.line_of(setting).is_some(), "{setting}");
    }
}

/// Turns text around, and colours it.
const HOSTILE: &str = "\u{202e}\u{1b}[31mx\u{9b}1m";
const CLEANED: &str = "‹U+202E›␛[31mx\u{fffd}1m";

#[test]
fn names_and_paths_are_cleaned_where_a_message_quotes_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(HOSTILE);
    let name = "\"\\u202e\\u001b[31mx\\u009b1m\"";
    for text in [
        format!("{name} = 1\n"),
        format!("[[views]]\nname = \"a\"\nfilter = {name}\ncolumns = [{name}]\n"),
    ] {
        fs::write(&path, text).unwrap();
        let error = ConfigFile::read(Some(path.clone())).unwrap_err();
        let told = error.to_string();
        assert_eq!(told.matches(CLEANED).count(), 2, "{told}");
        assert!(!told.contains(['\u{202e}', '\u{1b}', '\u{9b}']), "{told}");
    }
}

/// The example with the settings switched on that have no default.
fn full_example() -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
        _ => format!("{line}\n"),
    };
    EXAMPLE.lines().map(line).collect()
}

#[test]
fn every_setting_of_the_example_can_be_switched_on() {
    let file = parse(&full_example()).unwrap();
    assert_eq!(file.default_profile.as_deref(), Some("main"));
    let main = &file.profiles["main"];
    assert_eq!(main.key, Some(ProfileKey::File("main.key".into())));
    assert_eq!(
        main.base_url.as_ref().map(Url::as_str),
        Some("https://api.avarasoftware.com/")
    );
    let night = &file.profiles["night"];
    assert!(matches!(&night.key, Some(ProfileKey::Command(words)) if words.len() == 4));
    assert_eq!(night.viewer_hosts.as_ref().map(Vec::len), Some(2));
    assert_eq!(night.ca_bundle, Some("hospital-roots.pem".into()));
}

#[test]
fn keys_are_in_place_of_the_default_ones() {
    let text = "[keys]\nassign_study = [\"a\", \"ctrl+a\"]\ngo_users = \"z p\"\nquit = []\n\
                undo = \"Alt-u\"\n";
    let file = parse(text).unwrap();
    let words = |action: Action| file.keys.words(action.spec());
    assert_eq!(words(Action::AssignStudy), "a, Ctrl-a");
    assert_eq!(words(Action::GoUsers), "z p");
    assert_eq!(words(Action::Quit), "Ctrl-c");
    assert_eq!(words(Action::Undo), "Alt-u");
    assert_eq!(words(Action::GoInvitations), "g i");
    assert_eq!(
        file.rebound,
        [
            Action::AssignStudy,
            Action::GoUsers,
            Action::Quit,
            Action::Undo
        ]
    );
    assert_eq!(file.line_of("keys.go_users"), Some(3));
}

#[test]
fn one_profile_needs_no_default_and_paths_begin_at_the_file() {
    let file = parse("[profiles.main]\n").unwrap();
    assert_eq!(file.default_profile.as_deref(), Some("main"));
    let file = ConfigFile {
        path: Some("/etc/site/config.toml".into()),
        ..file
    };
    let place = |path: &str| file.place_of(Path::new(path));
    assert_eq!(place("main.key"), Path::new("/etc/site/main.key"));
    assert_eq!(place("/run/key"), Path::new("/run/key"));
    let home = etcetera::home_dir().unwrap();
    assert_eq!(place("~/keys/main"), home.join("keys/main"));
}

#[test]
fn an_empty_file_says_nothing() {
    for text in [
        "",
        "# words\n",
        "[targets]\n[refresh]\n[lock]\n[alerts]\n[keys]\n[theme]\n[profiles]\n",
    ] {
        let said = ConfigFile {
            lines: BTreeMap::new(),
            ..parse(text).unwrap()
        };
        assert_eq!(said, ConfigFile::default(), "{text:?}");
    }
}

#[test]
fn a_view_says_what_it_wants() {
    let text = "[[views]]\nname = \" Night \"\nfilter = \"sev:stat ct\"\nsort = [\"-assignee\"]\n\
                columns = [\"age\", \"meta.modality\", \"severity\"]\n\n[targets]\nstat = \"1h30m\"\n";
    let ConfigFile { views, targets, .. } = parse(text).unwrap();
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
    ("veiws = 1", "1: “veiws” is not a setting; did you mean “views”?"),
    ("\n\n[target]\nstat = \"1h\"", "3: “target” is not a setting; did you mean “targets”?"),
    ("colour = \"red\"", "1: “colour” is not a setting; there are default_profile, profiles, views, targets, refresh, lock, alerts, keys, theme, plain"),
    ("api_key = \"hunter2\"", "1: “api_key”: a key does not stand in this file; keep it in a file of its own (api_key_file) or let a program give it (api_key_command)"),
    ("plain = \"yes\"", "1: plain must be true or false"),
    ("[plain]", "1: plain must be true or false"),
    ("views = 3", "1: each view is a table of its own that begins with [[views]]"),
    ("[views]\nname = \"A\"", "1: each view is a table of its own that begins with [[views]]"),
    ("[[views]]\nfilter = \"ct\"", "1: this view has no name"),
    ("[[views]]\nname = 7", "2: a view's name must be a text in quotes"),
    ("[[views]]\nname = \"  \"", "2: a view needs a name"),
    ("[[views]]\nname = \"a\\nb\"", "2: a view's name is one line of plain text"),
    ("[[views]]\nname = \"abcdefghijklmnopqrstuvwxyz\"", "2: a view's name has at most 24 characters"),
    ("[[views]]\nname = \"A\"\nfiltre = \"ct\"", "3: “filtre” is not a setting of a view; did you mean “filter”?"),
    ("[[views]]\nname = \"A\"\ncolour = 1", "3: “colour” is not a setting of a view; there are name, filter, sort, columns"),
    ("[[views]]\nname = \"A\"\nfilter = true", "3: a filter must be a text in quotes"),
    ("[[views]]\nname = \"A\"\nfilter = \"sev:urgnt\"", "3: the filter: “urgnt” is not a severity: expected stat, high or normal"),
    ("[[views]]\nname = \"A\"\nfilter = \"sevv:stat\"", "3: the filter: “sevv” is not a filter key: expected one of is, sev, to, cust, desc, age, upd, late, meta.KEY, uid, id, by; to search for a text with a colon, put it in quotes; did you mean “sev”?"),
    ("[[views]]\nname = \"A\"\nfilter = 'desc:\"ct'", "3: the filter: this quote is still open: expected a closing \""),
    ("[[views]]\nname = \"A\"\nsort = \"age\"", "3: sort must be a list of texts, such as [\"age\"]"),
    ("[[views]]\nname = \"A\"\nsort = [1]", "3: sort must be a list of texts, such as [\"age\"]"),
    ("[[views]]\nname = \"A\"\nsort = [\"asignee\"]", "3: the list cannot be sorted by “asignee”; did you mean “assignee”?"),
    ("[[views]]\nname = \"A\"\nsort = [\"age\", \"late\"]", "3: sort must be [\"late\", \"severity\", \"age\"] or one of oldest, newest, severity, description, assignee, customer, updated; - before it reverses it"),
    ("[[views]]\nname = \"A\"\ncolumns = \"age\"", "3: columns must be a list of texts, such as [\"age\"]"),
    ("[[views]]\nname = \"A\"\ncolumns = [\"agee\"]", "3: “agee” is not a column; did you mean “age”?"),
    ("[[views]]\nname = \"A\"\ncolumns = [\"meta.\"]", "3: “meta.” is not a column; there are severity, age, due, description, assignee, status, customer, updated, created, id, uid and meta.KEY"),
    ("[[views]]\nname = \"A\"\ncolumns = [\"age\", \"age\"]", "3: the column “age” stands here twice"),
    ("[[views]]\nname = \"A\"\n\n[[views]]\nname = \"a\"", "4: two views are called “a”"),
    ("targets = 1", "1: “targets” is a table that begins with [targets]"),
    ("[targets]\nurgent = \"1h\"", "2: “urgent” is not a target; there are stat, high, normal"),
    ("[targets]\nhihg = \"1h\"", "2: “hihg” is not a target; did you mean “high”?"),
    ("[targets]\nstat = 60", "2: the target of stat must be a time such as \"60m\", \"4h\" or \"1d\""),
    ("[targets]\nstat = \"soon\"", "2: the target of stat must be a time such as \"60m\", \"4h\" or \"1d\""),
    ("[targets]\nhigh = \"0m\"", "2: the target of high must be a time such as \"60m\", \"4h\" or \"1d\""),
    ("[targets]\nnormal = \"9999d\"", "2: the target of normal must be a time such as \"60m\", \"4h\" or \"1d\""),
    ("api_key_command = [\"x\"]", "1: “api_key_command” is a setting of a profile; put it below a line [profiles.main]"),
    ("base_url = \"https://api.example.org\"", "1: “base_url” is a setting of a profile; put it below a line [profiles.main]"),
    ("profiles = 1", "1: “profiles” is a table that begins with [profiles]"),
    ("profiles = [1]", "1: “profiles” is a table that begins with [profiles]"),
    ("[[profiles]]\nname = \"a\"", "1: “profiles” is a table that begins with [profiles]"),
    ("[profiles]\nmain = 1", "2: a profile is a table that begins with [profiles.main]"),
    ("[profiles.\"\"]", "1: a profile needs a name"),
    ("[profiles.abcdefghijklmnopqrstuvwxyz]", "1: a profile's name has at most 24 characters"),
    ("[profiles.\" a\"]", "1: a profile's name is made of letters, digits, spaces and - _ ."),
    ("[profiles.\"a/b\"]", "1: a profile's name is made of letters, digits, spaces and - _ ."),
    ("[profiles.\"a\\u001b[2J\"]", "1: a profile's name is made of letters, digits, spaces and - _ ."),
    ("[profiles.a]\n[profiles.b]", "1: there are several profiles; say with default_profile which one is in use when none is asked for"),
    ("default_profile = \"main\"", "1: no profile is called “main”; the file has no profiles"),
    ("default_profile = \"mian\"\n[profiles.main]", "1: no profile is called “mian”; did you mean “main”?"),
    ("default_profile = \"other\"\n[profiles.main]\n[profiles.night]", "1: no profile is called “other”; there are main, night"),
    ("default_profile = 1\n[profiles.main]", "1: default_profile must be a text in quotes"),
    ("default_profile = \"\"\n[profiles.main]", "1: default_profile is empty; leave the line out instead"),
    ("[profiles.a]\nbase_ulr = \"https://example.org\"", "2: “base_ulr” is not a setting of a profile; did you mean “base_url”?"),
    ("[profiles.a]\ncolour = \"red\"", "2: “colour” is not a setting of a profile; there are base_url, api_key_file, api_key_command, api_key_keyring, me, viewer_hosts, ca_bundle"),
    ("[profiles.a]\napi_key = \"hunter2\"", "2: “api_key”: a key does not stand in this file; keep it in a file of its own (api_key_file) or let a program give it (api_key_command)"),
    ("[profiles.a]\ntoken = \"hunter2\"", "2: “token”: a key does not stand in this file; keep it in a file of its own (api_key_file) or let a program give it (api_key_command)"),
    ("[profiles.a]\nbase_url = 1", "2: base_url must be a text in quotes"),
    ("[profiles.a]\nbase_url = \"\"", "2: base_url is empty; leave the line out instead"),
    ("[profiles.a]\nbase_url = \"api.example.org\"", "2: base_url cannot be used: it is not an address like https://api.example.org"),
    ("[profiles.a]\nbase_url = \"http://api.example.org\"", "2: base_url cannot be used: http:// would send the key in the clear; it is accepted only for this computer itself"),
    ("[profiles.a]\nbase_url = \"https://kim:hunter2@api.example.org\"", "2: base_url cannot be used: it must not hold a user name or a password"),
    ("[profiles.a]\nbase_url = \"https://api.example.org?key=hunter2\"", "2: base_url cannot be used: it must not hold a question mark or anything after one"),
    ("[profiles.a]\nme = \"kim\"", "2: me must be an e-mail address or a user id (usr_ and 32 hex digits)"),
    ("[profiles.a]\nme = 7", "2: me must be a text in quotes"),
    ("[profiles.a]\napi_key_file = []", "2: api_key_file must be a text in quotes"),
    ("[profiles.a]\napi_key_file = \" \"", "2: api_key_file is empty; leave the line out instead"),
    ("[profiles.a]\napi_key_file = \"a\\nb\"", "2: api_key_file is one line of plain text"),
    ("[profiles.a]\napi_key_file = \"k\"\napi_key_command = [\"p\"]", "2: a profile has one place for its key: api_key_command or api_key_file, not both"),
    ("[profiles.a]\napi_key_keyring = \"a\"\napi_key_file = \"k\"", "2: a profile has one place for its key: api_key_file or api_key_keyring, not both"),
    ("[profiles.a]\napi_key_keyring = true", "2: api_key_keyring must be a text in quotes"),
    ("[profiles.a]\napi_key_command = \"pass show avara\"", "2: api_key_command must be a list of texts, such as [\"secret-tool\", \"lookup\", \"service\", \"avara\"]"),
    ("[profiles.a]\napi_key_command = []", "2: api_key_command is empty: it begins with the program to run"),
    ("[profiles.a]\napi_key_command = [\"\"]", "2: api_key_command begins with the program to run"),
    ("[profiles.a]\napi_key_command = [\"pass\", 1]", "2: api_key_command must be a list of texts, such as [\"secret-tool\", \"lookup\", \"service\", \"avara\"]"),
    ("[profiles.a]\napi_key_command = [\"pass\", \"a\\u0000b\"]", "2: api_key_command holds a character that no command line may hold"),
    ("[profiles.a]\nviewer_hosts = \"viewer.example.org\"", "2: viewer_hosts must be a list of texts, such as [\"viewer.example.org\", \".example.org\"]"),
    ("[profiles.a]\nviewer_hosts = []", "2: viewer_hosts is empty, so no link could be opened; leave the line out for the usual hosts"),
    ("[profiles.a]\nviewer_hosts = [\"https://viewer.example.org\"]", "2: “https://viewer.example.org” is not a host name; write viewer.example.org, or .example.org for all names below it"),
    ("[profiles.a]\nviewer_hosts = [\"*.example.org\"]", "2: “*.example.org” is not a host name; write viewer.example.org, or .example.org for all names below it"),
    ("[profiles.a]\nviewer_hosts = [\".org\"]", "2: “.org” is not a host name; write viewer.example.org, or .example.org for all names below it"),
    ("[profiles.a]\nviewer_hosts = [\"10.0.0.1\"]", "2: “10.0.0.1” is not a host name; write viewer.example.org, or .example.org for all names below it"),
    ("[profiles.a]\nviewer_hosts = [\"viewer..example.org\"]", "2: “viewer..example.org” is not a host name; write viewer.example.org, or .example.org for all names below it"),
    ("[profiles.a]\nca_bundle = true", "2: ca_bundle must be a text in quotes"),
    ("refresh = \"10s\"", "1: “refresh” is a table that begins with [refresh]"),
    ("[refresh]\nstats = \"10s\"", "2: “stats” is not a setting of [refresh]; did you mean “stat”?"),
    ("[refresh]\njitter = 500", "2: “jitter” is not a setting of [refresh]; there are stat, open, requests_per_minute"),
    ("[refresh]\nstat = 10", "2: the time between two readings of STAT studies must be a time from \"5s\" to \"5m\""),
    ("[refresh]\nstat = \"1s\"", "2: the time between two readings of STAT studies must be a time from \"5s\" to \"5m\""),
    ("[refresh]\nstat = \"10m\"", "2: the time between two readings of STAT studies must be a time from \"5s\" to \"5m\""),
    ("[refresh]\nopen = \"5s\"", "2: the time between two readings of open studies must be a time from \"15s\" to \"1h\""),
    ("[refresh]\nopen = \"2h\"", "2: the time between two readings of open studies must be a time from \"15s\" to \"1h\""),
    ("[refresh]\nrequests_per_minute = \"300\"", "2: requests_per_minute must be a number from 30 to 6000"),
    ("[refresh]\nrequests_per_minute = 0", "2: requests_per_minute must be a number from 30 to 6000"),
    ("[refresh]\nrequests_per_minute = 100000", "2: requests_per_minute must be a number from 30 to 6000"),
    ("lock = \"10m\"", "1: “lock” is a table that begins with [lock]"),
    ("[lock]\nafer = \"10m\"", "2: “afer” is not a setting of [lock]; did you mean “after”?"),
    ("[lock]\nafter = \"never\"", "2: the time to the lock must be a time from \"1m\" to \"15m\""),
    ("[lock]\nafter = \"30s\"", "2: the time to the lock must be a time from \"1m\" to \"15m\""),
    ("[lock]\nafter = \"16m\"", "2: the time to the lock must be a time from \"1m\" to \"15m\""),
    ("[lock]\nafter = 10", "2: the time to the lock must be a time from \"1m\" to \"15m\""),
    ("alerts = true", "1: “alerts” is a table that begins with [alerts]"),
    ("[alerts]\nbel = true", "2: “bel” is not a setting of [alerts]; did you mean “bell”?"),
    ("[alerts]\nbell = \"yes\"", "2: bell must be true or false"),
    ("[alerts]\nnotify = \"osc99\"", "2: notify must be \"off\", \"osc9\" or \"osc777\"; did you mean “osc9”?"),
    ("[alerts]\nnotify = \"mail\"", "2: notify must be \"off\", \"osc9\" or \"osc777\""),
    ("[alerts]\nnotify = true", "2: notify must be a text in quotes"),
    ("[alerts]\nquiet = \"22-6\"", "2: quiet must be hours of the day such as \"22:00-06:00\", or \"\" for none"),
    ("[alerts]\nquiet = \"22:00-22:00\"", "2: quiet must be hours of the day such as \"22:00-06:00\", or \"\" for none"),
    ("[alerts]\nquiet = [\"22:00\", \"06:00\"]", "2: quiet must be a text in quotes"),
    ("keys = \"vim\"", "1: “keys” is a table that begins with [keys]"),
    ("[keys]\nassign = \"a\"", "2: “assign” is not an action; did you mean “assign_study”?"),
    ("[keys]\nasign_study = \"a\"", "2: “asign_study” is not an action; did you mean “assign_study”?"),
    ("[keys]\nassign-study = \"a\"", "2: “assign-study” is not an action; did you mean “assign_study”?"),
    ("[keys]\nusers = { edit = \"e\" }", "2: “users” is not an action; did you mean “go_users”?"),
    ("[keys]\nteleport = \"a\"", "2: “teleport” is not an action; `avara-tui keys` lists them"),
    ("[keys]\nassign_study = 1.5", "2: assign_study must be keys such as \"g p\", a list of such, or [] for none"),
    ("[keys]\nassign_study = true", "2: assign_study must be keys such as \"g p\", a list of such, or [] for none"),
    ("[keys]\nassign_study = [\"a\", 1]", "2: assign_study must be keys such as \"g p\", a list of such, or [] for none"),
    ("[keys]\nundo = \"\"", "2: undo: no key given; the space bar is \"Space\", and [] means no key"),
    ("[keys]\nundo = \" \"", "2: undo: no key given; the space bar is \"Space\", and [] means no key"),
    ("[keys]\nundo = \"Hyper-u\"", "2: undo: “Hyper-u” is not a key; terminals only send Ctrl and Alt"),
    ("[keys]\nundo = \"Super-u\"", "2: undo: “Super-u” is not a key; terminals only send Ctrl and Alt"),
    ("[keys]\nundo = \"Shift-u\"", "2: undo: “Shift-u” is not a key; with Shift it is \"U\""),
    ("[keys]\nundo = \"Shift-F5\"", "2: undo: “Shift-F5” is not a key; terminals do not report Shift with this key"),
    ("[keys]\nundo = \"C-u\"", "2: undo: “C-u” is not a key; write \"Ctrl-u\""),
    ("[keys]\nundo = \"gu\"", "2: undo: “gu” is not a key; to press one key after the other, write \"g u\""),
    ("[keys]\nundo = \"Entr\"", "2: undo: “Entr” is not a key; did you mean \"Enter\"?"),
    ("[keys]\nundo = \"F25\"", "2: undo: “F25” is not a key; there are F1 to F20"),
    ("[keys]\nundo = \"Ctrl-\"", "2: undo: “Ctrl-” is not a key; write a character, or a name such as Enter, Space, PgDn, F5, Ctrl-d"),
    ("[keys]\nundo = \"Ctrl-Shift-u\"", "2: undo: “Ctrl-Shift-u” is not a key; terminals do not report Shift with Ctrl"),
    ("[keys]\nundo = \"Ctrl-U\"", "2: undo: “Ctrl-U” cannot be typed: terminals send Ctrl-u for Ctrl-U"),
    ("[keys]\nundo = \"Ctrl-i\"", "2: undo: “Ctrl-i” cannot be typed: terminals send Tab for Ctrl-i"),
    ("[keys]\nundo = \"Ctrl-m\"", "2: undo: “Ctrl-m” cannot be typed: terminals send Enter for Ctrl-m"),
    ("[keys]\nundo = \"Ctrl-[\"", "2: undo: “Ctrl-[” cannot be typed: terminals send Esc for Ctrl-["),
    ("[keys]\nundo = \"Ctrl-h\"", "2: undo: “Ctrl-h” cannot be typed: many terminals send Ctrl-h for Backspace"),
    ("[keys]\nundo = \"Ctrl-5\"", "2: undo: “Ctrl-5” cannot be typed: terminals have Ctrl with letters and Space only, and no Ctrl-5"),
    ("[keys]\nundo = \"Ctrl-@\"", "2: undo: “Ctrl-@” cannot be typed: terminals send Ctrl-Space for Ctrl-@"),
    ("[keys]\nundo = \"Ctrl-Enter\"", "2: undo: “Ctrl-Enter” cannot be typed: terminals send Enter for Ctrl-Enter"),
    ("[keys]\nundo = \"Alt-[\"", "2: undo: “Alt-[” cannot be typed: terminals begin what they say of themselves with Alt-["),
    ("[keys]\nundo = \"Alt-Tab\"", "2: undo: “Alt-Tab” cannot be typed: desktops keep Alt-Tab to themselves"),
    ("[keys]\nundo = \"Ctrl-F3\"", "2: undo: “Ctrl-F3” cannot be typed: Ctrl-F3 cannot be told from an answer of the terminal's"),
    ("[keys]\nundo = \"F24\"", "2: undo: “F24” cannot be typed: terminals have no F24"),
    ("[keys]\nundo = \"z Esc\"", "2: undo: “z Esc” cannot be typed: Esc cancels a sequence, so it can only be used alone"),
    ("[keys]\nundo = \"z z z z z\"", "2: undo: “z z z z z” is too long: a sequence has at most 4 keys"),
    ("[keys]\nundo = \"\\u0301\"", "2: undo: “́” cannot be shown; use another key"),
    ("[keys]\nundo = \"Ctrl-c\"", "2: undo: Ctrl-c always quits and cannot be used for anything else"),
    ("[keys]\nundo = \"z Ctrl-c\"", "2: undo: Ctrl-c always quits and cannot be used for anything else"),
    ("[keys]\nundo = [\"z u\", \"z u\"]", "2: undo: “z u” is listed twice"),
    ("[keys]\nundo = [\"z\", \"z u\"]", "2: undo: “z u” (undo) could never be typed, because “z” is undo"),
    ("[keys]\nset_stat = \"z\"", "2: set_stat: “z” is a single key, and this changes data at once; use a sequence such as \"s s\""),
    ("[keys]\nset_stat = \"Ctrl-t\"", "2: set_stat: “Ctrl-t” is a single key, and this changes data at once; use a sequence such as \"s s\""),
    ("[keys]\nundo = \"Enter\"", "2: undo: “Enter” must not change data, because pressing Enter twice would also confirm the question"),
    ("[keys]\nundo = \"y\"", "2: undo: “y” must not change data, because pressing y twice would also confirm the question"),
    ("[keys]\nset_stat = \"z Ctrl-s\"", "2: set_stat: “z Ctrl-s” must not change data, because pressing Ctrl-s twice would also confirm the question"),
    ("[keys]\nlock = \"Ctrl-s\"", "2: lock: this works inside inputs too, where Ctrl-s has its own meaning; use another key"),
    ("[keys]\nlook_up = \"Tab\"", "2: look_up: this works inside inputs too, where Tab has its own meaning; use another key"),
    ("[keys]\nundo = \"x\"", "2: undo: “x” is cancel_study on the worklist; give cancel_study another key, or [] for none"),
    ("[keys]\nundo = \"g\"", "2: undo: “g g” (move_top) could never be typed on the worklist, because “g” is undo"),
    ("[keys]\nundo = \"j u\"", "2: undo: “j u” (undo) could never be typed on the worklist, because “j” is move_down"),
    ("[keys]\nedit_user = \"i\"", "2: edit_user: “i” is invite_user on the users screen; give invite_user another key, or [] for none"),
    ("[keys]\ninvite_again = \"x\"", "2: invite_again: “x” is revoke_invitation on the invitations screen; give revoke_invitation another key, or [] for none"),
    ("[keys]\nundo = \"z u\"\nredo = \"z u\"", "3: redo: “z u” is already undo on the worklist"),
    ("[keys]\nredo = \"z\"\nundo = \"z u\"", "3: undo: “z u” (undo) could never be typed on the worklist, because “z” is redo"),
    ("[keys]\nshow_help = []\nshow_palette = []", "3: show_palette: show_help or show_palette must keep a key; otherwise no action could be found"),
    ("[theme]\nsince = 1979-05-27", "2: this must be a text in quotes, true, false, a whole number, a list or a table of these"),
    ("[theme]\nname = \"drak\"", "2: “drak” is not a theme; did you mean “dark”?"),
    ("[theme]\nname = \"solarized\"", "2: “solarized” is not a theme; there are terminal, light, dark, high-contrast, cvd"),
    ("[theme]\nname = \"Dark\"", "2: “Dark” is not a theme; did you mean “dark”?"),
    ("[theme]\nname = \"high_contrast\"", "2: “high_contrast” is not a theme; did you mean “high-contrast”?"),
    ("[theme]\nname = true", "2: the theme's name must be a text in quotes"),
    ("[theme]\nnmae = \"dark\"", "2: “nmae” is not a setting of [theme]; did you mean “name”?"),
    ("[theme]\nstat = { fg = 9 }", "2: “stat” is not a setting of [theme]; there are name, colors"),
    ("[theme]\n\n[theme.colours]\nstat = { fg = 9 }", "3: “colours” is not a setting of [theme]; did you mean “colors”?"),
    ("[theme]\ncolors = \"red\"", "2: colors is a table that begins with [theme.colors]"),
    ("[theme.colors]\nstta = { fg = 9 }", "2: “stta” is not a meaning of a theme; did you mean “stat”?"),
    ("[theme.colors]\nstat = { fg = 9 }\nurgent = { fg = 9 }", "3: “urgent” is not a meaning of a theme; there are text, strong, dim, cancelled, key, selected, stat, high, late, soon, alarm, good, bad, demo, local, production, read_only"),
    ("[theme.colors]\n\nread-only = { fg = 9 }", "3: “read-only” is not a meaning of a theme; did you mean “read_only”?"),
    ("[theme.colors]\nstat = \"red\"", "2: a look is written as in stat = { fg = \"red\", bold = true }"),
    ("[theme.colors]\nlate = 9", "2: a look is written as in late = { fg = \"red\", bold = true }"),
    ("[theme.colors]\nstat = { fgg = 9 }", "2: “fgg” is not a part of a look; did you mean “fg”?"),
    ("[theme.colors]\nstat = { italic = true }", "2: “italic” is not a part of a look; there are fg, bg, bold, underline, reverse"),
    ("[theme.colors]\nstat = { blod = true }", "2: “blod” is not a part of a look; did you mean “bold”?"),
    ("[theme.colors.stat]\nfg = 9\nunderlined = true", "3: “underlined” is not a part of a look; did you mean “underline”?"),
    ("[theme.colors]\nstat = { bold = \"yes\" }", "2: bold must be true or false"),
    ("[theme.colors]\nstat = { reverse = 1 }", "2: reverse must be true or false"),
    ("[theme.colors]\nstat = { underline = [] }", "2: underline must be true or false"),
    ("[theme.colors]\nstat = { fg = \"rde\" }", "2: “rde” is not a colour; did you mean “red”?"),
    ("[theme.colors]\nstat = { fg = \"brightblue\" }", "2: “brightblue” is not a colour; did you mean “bright-blue”?"),
    ("[theme.colors]\nstat = { bg = \"salmon\" }", "2: “salmon” is not a colour; a colour is a name such as \"red\" or \"bright-blue\", a number from 0 to 255, or \"#rrggbb\""),
    ("[theme.colors]\nstat = { fg = \"#d7005\" }", "2: “#d7005” is not a colour; a colour is a name such as \"red\" or \"bright-blue\", a number from 0 to 255, or \"#rrggbb\""),
    ("[theme.colors]\nstat = { fg = \"#+70050\" }", "2: “#+70050” is not a colour; a colour is a name such as \"red\" or \"bright-blue\", a number from 0 to 255, or \"#rrggbb\""),
    ("[theme.colors]\nstat = { fg = 256 }", "2: 256 is not a colour; a colour is a name such as \"red\" or \"bright-blue\", a number from 0 to 255, or \"#rrggbb\""),
    ("[theme.colors]\nstat = { fg = -1 }", "2: -1 is not a colour; a colour is a name such as \"red\" or \"bright-blue\", a number from 0 to 255, or \"#rrggbb\""),
    ("[theme.colors]\nstat = { fg = true }", "2: fg of stat: a colour is a name such as \"red\" or \"bright-blue\", a number from 0 to 255, or \"#rrggbb\""),
    ("[theme.colors.stat]\nfg = 9\nbg = [1, 2, 3]", "3: bg of stat: a colour is a name such as \"red\" or \"bright-blue\", a number from 0 to 255, or \"#rrggbb\""),
    ("theme = \"dark\"", "1: “theme” is a table that begins with [theme]"),
    ("[theme.colors]\nstat = { fg = 1.5 }", "2: this must be a text in quotes, true, false, a whole number, a list or a table of these"),
    ("[[theme]]\nname = \"light\"", "1: “theme” is a table that begins with [theme]"),
];

#[test]
fn what_is_wrong_is_reported_with_its_line() {
    for (text, expected) in BROKEN {
        let told = message(text);
        assert_eq!(told, *expected, "{text}");
        assert!(!told.contains("hunter2"), "{told}");
        assert!(!told.contains(char::is_control), "{told}");
    }
    assert!(BROKEN.len() >= 60, "{} files", BROKEN.len());
}

#[test]
fn a_text_that_is_not_toml_is_reported_with_its_line() {
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
    assert_eq!(parse(&views(9)).unwrap().views.unwrap().len(), 9);
    assert_eq!(message(&views(10)), "19: there can be at most 9 views");
}

#[test]
fn a_missing_file_is_not_an_error_and_an_unreadable_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let file = ConfigFile::read(Some(path.clone())).unwrap();
    assert!(!file.exists && file.views.is_none());
    let told = |path: PathBuf| ConfigFile::read(Some(path)).unwrap_err().to_string();
    assert!(told(folder.path().into()).contains("it is not an ordinary file"));
    fs::write(&path, b"name = \"\xff\"").unwrap();
    assert!(told(path.clone()).ends_with("config.toml: it is not text in UTF-8"));
    fs::write(&path, vec![b'#'; (1 << 20) + 1]).unwrap();
    assert!(told(path.clone()).ends_with("it is larger than 1 MiB"));
    fs::write(&path, "\nviewz = 1").unwrap();
    assert!(
        told(path)
            .ends_with("config.toml, line 2: “viewz” is not a setting; did you mean “views”?")
    );
}

#[cfg(unix)]
#[test]
fn what_is_not_an_ordinary_file_is_refused_and_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).unwrap();
    for path in [pipe, "/dev/zero".into(), folder.path().into()] {
        let told = ConfigFile::read(Some(path)).unwrap_err().to_string();
        assert!(told.ends_with("it is not an ordinary file"), "{told}");
    }
    // A link is followed, as files of settings often are one.
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    fs::write(&file, "plain = true\n").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert!(ConfigFile::read(Some(link)).unwrap().plain);
}
