//! What the program tells a shell and the people in it: help, completions, the manual, and what is wrong
//! with what was typed. None of it needs a key, a network or settings, and none leaves a file.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use avara_tui::cli::{Cli, definition};
use tempfile::TempDir;

/// The program in a home that is empty and stays so.
fn program(home: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_avara-tui"));
    command
        .args(line.split(' ').filter(|word| !word.is_empty()))
        .env_clear()
        .env("HOME", home)
        .current_dir(home)
        .stdin(Stdio::null());
    command
}

fn output(line: &str) -> Output {
    let home = TempDir::new().unwrap();
    let output = program(home.path(), line).output().unwrap();
    let left = fs::read_dir(home.path()).unwrap().count();
    assert_eq!(left, 0, "{line} left a file");
    output
}

/// What a command prints that must succeed.
fn printed(line: &str) -> String {
    let output = output(line);
    assert!(output.status.success(), "{line}: {output:?}");
    assert!(output.stderr.is_empty(), "{line}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Every command with the words that reach it, the program itself first.
fn commands() -> Vec<(String, clap::Command)> {
    fn walk(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
        found.push((path.to_owned(), command.clone()));
        for below in command.get_subcommands() {
            walk(below, &format!("{path} {}", below.get_name()), found);
        }
    }
    let mut program = definition().disable_help_subcommand(true);
    program.build();
    let mut found = Vec::new();
    walk(&program, "avara-tui", &mut found);
    found
}

/// The command lines that a help text gives, each in its words, up to what a shell would do with it.
fn examples(help: &str) -> Vec<Vec<String>> {
    let block = help.split_once("Examples:\n").map_or("", |(_, rest)| rest);
    let block = block.split("\n\n").next().unwrap_or_default();
    let text = block.replace("\\\n", " ").replace("|\n", "| ");
    let lines = text
        .lines()
        .flat_map(|line| line.split(" | "))
        .map(|part| part.split(" >").next().unwrap_or_default().trim());
    lines
        .filter(|part| part.starts_with("avara-tui"))
        .map(words)
        .collect()
}

/// A line in words, single quotes honoured.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_shows_examples_that_it_understands() {
    let mut count = 0;
    for (path, mut command) in commands() {
        let help = command.render_help().to_string();
        let examples = examples(&help);
        assert!(!examples.is_empty(), "{path} --help has no examples");
        let own = words(&path);
        assert!(
            examples.iter().any(|example| example.starts_with(&own)),
            "{path} --help shows other commands only"
        );
        for example in examples {
            let line = example.join(" ");
            let arguments = example.iter().map(OsString::from);
            if let Err(error) = Cli::read(arguments) {
                panic!("{path} --help: {line}\n{error}");
            }
            count += 1;
        }
    }
    assert!(count >= 80, "{count} examples");
}

#[test]
fn every_command_and_flag_says_what_it_is_for() {
    for (path, command) in commands() {
        assert!(command.get_about().is_some(), "{path}");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string);
            let name = argument.get_id();
            assert!(
                help.is_some_and(|help| !help.is_empty()),
                "{path}: {name} has no words in the help"
            );
        }
    }
}

#[test]
fn an_example_that_the_program_does_not_understand_is_found() {
    let help = "Examples:\n  avara-tui studies list --fliter 'is:open late:yes' > x.csv\n\nMore.";
    let found = examples(help);
    assert_eq!(
        found,
        [[
            "avara-tui",
            "studies",
            "list",
            "--fliter",
            "is:open late:yes"
        ]]
    );
    assert!(Cli::read(found[0].iter().map(OsString::from)).is_err());
}

/// What is said of arguments that cannot be meant: nothing is done, and the exit code says usage.
fn refused(line: &str) -> String {
    let output = output(line);
    assert_eq!(output.status.code(), Some(2), "{line}: {output:?}");
    assert!(output.stdout.is_empty(), "{line}: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_mistake_is_named_with_the_nearest_that_could_be_meant() {
    let mut wrong = vec![
        (
            "studys",
            "unrecognized subcommand 'studys'",
            "tip: a similar subcommand exists: 'studies'",
        ),
        (
            "studies asign",
            "unrecognized subcommand 'asign'",
            "tip: some similar subcommands exist: 'unassign', 'assign'",
        ),
        (
            "users lst",
            "unrecognized subcommand 'lst'",
            "tip: a similar subcommand exists: 'list'",
        ),
        (
            "fnord",
            "unrecognized subcommand 'fnord'",
            "For more information, try '--help'.",
        ),
        (
            "studies list --fliter x",
            "unexpected argument '--fliter' found",
            "tip: a similar argument exists: '--filter'",
        ),
        (
            "keys --colour=x",
            "unexpected argument '--colour' found",
            "tip: a similar argument exists: '--color'",
        ),
        (
            "doctor --fnord",
            "unexpected argument '--fnord' found",
            "Usage: avara-tui doctor [OPTIONS]",
        ),
        (
            "--color blue",
            "invalid value 'blue' for '--color <WHEN>'",
            "[possible values: auto, always, never]",
        ),
        (
            "--color alwais",
            "invalid value 'alwais' for '--color <WHEN>'",
            "tip: a similar value exists: 'always'",
        ),
        (
            "--color",
            "a value is required for '--color <WHEN>' but none was supplied",
            "[possible values: auto, always, never]",
        ),
        (
            "studies list --filter",
            "a value is required for '--filter <EXPR>' but none was supplied",
            "For more information, try '--help'.",
        ),
        (
            "studies list --limit x",
            "invalid value 'x' for '--limit <N>': invalid digit found in string",
            "For more information, try '--help'.",
        ),
        (
            "studies list --limit 0",
            "invalid value '0' for '--limit <N>': 0 is not in 1..=4294967295",
            "For more information, try '--help'.",
        ),
        (
            "studies get stu_1",
            "invalid value 'stu_1' for '<ID|UID>': expected stu_ and 32 lowercase hex digits",
            "For more information, try '--help'.",
        ),
        (
            "studies severity urgent 1.2",
            "invalid value 'urgent' for '<LEVEL>'",
            "[possible values: stat, high, normal]",
        ),
        (
            "studies assign 1.2",
            "the following required arguments were not provided:",
            "--to <WHO>",
        ),
        (
            "studies edit 1.2",
            "the following required arguments were not provided:",
            "<--description <TEXT>|--severity <LEVEL>|--to <WHO>|--unassign|--status <STATUS>|--meta \
             <KEY=VALUE>|--unset-meta <KEY>>",
        ),
        (
            "studies list --json --csv",
            "the argument '--json' cannot be used with '--csv'",
            "For more information, try '--help'.",
        ),
        (
            "studies list --json --json",
            "the argument '--json' cannot be used multiple times",
            "For more information, try '--help'.",
        ),
        (
            "keys extra",
            "unexpected argument 'extra' found",
            "Usage: avara-tui keys [OPTIONS]",
        ),
        (
            "completions bsh",
            "invalid value 'bsh' for '<SHELL>'",
            "tip: a similar value exists: 'bash'",
        ),
        (
            "completions 1",
            "invalid value '1' for '<SHELL>'",
            "[possible values: bash, zsh, fish, powershell]",
        ),
        (
            "completions",
            "the following required arguments were not provided:",
            "<SHELL>",
        ),
        (
            "--demo keys",
            "--demo shows the worklist and goes with no command; use `avara-tui sandbox` for a server \
             to try commands on",
            "Usage: avara-tui [OPTIONS] [COMMAND]",
        ),
    ];
    #[cfg(feature = "sandbox")]
    wrong.push((
        "sandbox --seed x",
        "invalid value 'x' for '--seed <N>': invalid digit found in string",
        "For more information, try '--help'.",
    ));
    for (line, mistake, advice) in wrong {
        let words = refused(line);
        let mut lines = words.lines().map(str::trim);
        assert_eq!(lines.next(), Some(&*format!("error: {mistake}")), "{line}");
        assert!(lines.any(|line| line == advice), "{line}: {words}");
    }
}

#[test]
fn what_only_the_program_can_tell_is_one_plain_sentence() {
    for (line, sentence) in [
        (
            "man none",
            "there is no folder none to write the manual pages into; make it, or name another",
        ),
        (
            "studies list --config none.toml",
            "there is no file none.toml, which --config names; check its name, or leave --config out",
        ),
        (
            "config validate --config none.toml",
            "there is no file none.toml, which --config names; check its name, or leave --config out",
        ),
    ] {
        assert_eq!(refused(line), format!("avara-tui: {sentence}\n"), "{line}");
    }
}

#[test]
fn no_argument_commands_the_terminal_or_adds_a_line() {
    for (argument, shown) in [
        ("\u{1b}[31mred", "'red'"),
        ("\u{7}\u{9b}6n\u{202e}", "'\u{fffd}6n‹U+202E›'"),
        ("\u{202e}der", "'‹U+202E›der'"),
        ("x\navara-tui:\rdone", "'x avara-tui: done'"),
    ] {
        for line in [
            argument.to_owned(),
            format!("studies list --limit {argument}"),
        ] {
            let words = refused(&line);
            assert!(words.contains(shown), "{line:?}: {words:?}");
            let is_order = |c: char| c.is_control() && c != '\n';
            assert!(!words.contains(is_order), "{line:?}: {words:?}");
            let begins = |it: &str| it.starts_with("avara-tui") || it.starts_with("done");
            assert!(!words.lines().any(begins), "{line:?}: {words:?}");
        }
    }
}

/// Runs a script in a shell of this computer. One that is missing is told of, and fails under CI.
fn in_shell(shell: &str, flags: &[&str], script: &str, home: &Path) -> Option<Output> {
    let ran = Command::new(shell)
        .args(flags)
        .arg("-c")
        .arg(script)
        .env("HOME", home)
        .current_dir(home)
        .stdin(Stdio::null())
        .output();
    match ran {
        Ok(output) => Some(output),
        Err(error) => {
            absent(shell, &error);
            None
        }
    }
}

fn absent(tool: &str, error: &std::io::Error) {
    assert!(
        std::env::var_os("CI").is_none(),
        "{tool} cannot be started ({error}), and under CI nothing may be left out"
    );
    // Past the capturing of the test runner, which would keep a printed line to itself.
    let _ = writeln!(
        std::io::stderr(),
        "\n*** SKIPPED: {tool} cannot be started ({error}); what it reads was NOT checked\n"
    );
}

const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "powershell"];

#[test]
fn completions_know_every_command() {
    for shell in SHELLS {
        let text = printed(&format!("completions {shell}"));
        for (path, command) in commands() {
            let name = command.get_name();
            assert!(text.contains(name), "{shell} does not know {path}");
        }
        for flag in ["--filter", "--dry-run", "--read-only"] {
            let flag = match shell {
                "fish" => flag.trim_start_matches('-'),
                _ => flag,
            };
            assert!(text.contains(flag), "{shell} does not know {flag}");
        }
    }
}

#[test]
fn completions_load_in_the_shells_and_complete() {
    // Each script prints what can follow `avara-tui studies as`, or which function was taken in.
    let asks = [
        (
            "bash",
            &["--norc", "--noprofile"][..],
            "set -eu; source ./completions; complete -p avara-tui > taken\n\
             COMP_WORDS=(avara-tui studies as); COMP_CWORD=2\n\
             function=$(sed 's/.* -F \\([^ ]*\\) .*/\\1/' taken)\n\
             \"$function\" avara-tui as studies; echo \"${COMPREPLY[@]}\"",
            "assign\n",
        ),
        (
            "zsh",
            &["-f"][..],
            "autoload -Uz compinit; compinit -D -u; source ./completions\n\
             whence -w _avara-tui >/dev/null; print -- ${_comps[avara-tui]}",
            "_avara-tui\n",
        ),
        (
            "fish",
            &["--no-config"][..],
            "source ./completions; complete -C'avara-tui studies as'",
            "assign\tAssign studies to somebody\n",
        ),
    ];
    for (shell, flags, script, expected) in asks {
        let home = TempDir::new().unwrap();
        let text = printed(&format!("completions {shell}"));
        fs::write(home.path().join("completions"), &text).unwrap();
        let Some(ran) = in_shell(shell, flags, script, home.path()) else {
            continue;
        };
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success() && said.is_empty(), "{shell}: {ran:?}");
        let found = String::from_utf8_lossy(&ran.stdout);
        assert!(found.ends_with(expected), "{shell}: {found}");
        // A broken file would not have passed.
        fs::write(home.path().join("completions"), format!("{text}\nif (\n")).unwrap();
        let broken = in_shell(shell, flags, script, home.path()).unwrap();
        assert!(!broken.stderr.is_empty(), "{shell}: {broken:?}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command_and_no_mistake_in_any() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("man1");
    fs::create_dir(&folder).unwrap();
    let ran = program(home.path(), "man man1").output().unwrap();
    assert!(ran.status.success() && ran.stdout.is_empty(), "{ran:?}");
    let pages = commands();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), pages.len());
    for (path, _) in &pages {
        let file = folder.join(format!("{}.1", path.replace(' ', "-")));
        let text = fs::read_to_string(&file).unwrap();
        let title = format!(".TH {} 1 ", path.replace(' ', "-"));
        assert!(text.contains(&title), "{path}");
        assert!(text.contains(".SH EXAMPLES"), "{path}");
        assert!(text.is_ascii(), "{path}");
        if let Some(said) = warnings(&file) {
            assert_eq!(said, "", "{path}");
        }
    }
    assert_eq!(
        printed("man"),
        fs::read_to_string(folder.join("avara-tui.1")).unwrap()
    );
    let broken = folder.join("broken.1");
    fs::write(
        &broken,
        ".TH broken 1\n.SH NAME\nbroken \\- a \\*[nosuch]\n",
    )
    .unwrap();
    assert_ne!(warnings(&broken), Some(String::new()));
}

/// What the formatter has to say about a page; nothing where there is none.
fn warnings(page: &Path) -> Option<String> {
    let ran = Command::new("groff")
        .args(["-man", "-ww", "-Tutf8", "-z"])
        .arg(page)
        .output();
    match ran {
        Ok(ran) => Some(String::from_utf8_lossy(&ran.stderr).into_owned()),
        Err(error) => {
            absent("groff", &error);
            None
        }
    }
}

#[test]
fn what_a_shell_asks_for_needs_no_settings() {
    let home = TempDir::new().unwrap();
    let config = home.path().join(".config/avara-tui");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("config.toml"), "no settings at all").unwrap();
    for line in ["completions bash", "man", "--help", "studies list --help"] {
        let ran = program(home.path(), line).output().unwrap();
        assert!(ran.status.success() && ran.stderr.is_empty(), "{ran:?}");
    }
}
