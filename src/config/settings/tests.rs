use secrecy::ExposeSecret;

use super::*;
use crate::config::file::parse;

const HOME: &str = "default_profile = \"main\"\n\
    [profiles.main]\nbase_url = \"https://main.example.org/avara\"\napi_key_file = \"main.key\"\n\
    me = \"main@example.org\"\n\
    [profiles.night]\napi_key_command = [\"printf\", \"night-key\"]\nme = \"night@example.org\"\n\
    viewer_hosts = [\"viewer.example.org\"]\nca_bundle = \"roots.pem\"\n\
    [profiles.bare]\n";

fn resolve_with(
    flags: &Flags,
    file: &str,
    variables: &[(&str, &str)],
) -> Result<Settings, SettingsError> {
    let mut file = parse(file).unwrap();
    file.path = Some("/etc/site/config.toml".into());
    Settings::resolve(flags, file, |name| {
        let found = variables.iter().find(|(variable, _)| *variable == name)?;
        Some(found.1.into())
    })
}

fn resolve(me: Option<&str>, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let flags = Flags {
        me: me.map(str::to_owned),
        read_only: true,
        ..Flags::default()
    };
    resolve_with(&flags, "", variables)
}

fn of_profile(name: Option<&str>, variables: &[(&str, &str)]) -> Settings {
    let flags = Flags {
        profile: name.map(str::to_owned),
        ..Flags::default()
    };
    resolve_with(&flags, HOME, variables).unwrap()
}

fn key_of(settings: &Settings) -> Option<String> {
    let key = settings.read_key().unwrap();
    key.map(|key| key.expose_secret().to_owned())
}

#[test]
fn without_anything_said_the_vendors_address_is_used_and_no_key() {
    let settings = resolve(None, &[]).unwrap();
    assert_eq!(settings.base_url.as_str(), "https://api.avarasoftware.com/");
    assert_eq!(key_of(&settings), None);
    assert_eq!(settings.key_source().to_string(), "AVARA_API_KEY");
    assert_eq!(settings.me, None);
    assert!(settings.read_only);
    for blank in ["", " ", "\n"] {
        let blanks = [("AVARA_API_KEY", blank), ("AVARA_ME", blank)];
        let settings = resolve(None, &blanks).unwrap();
        assert!(key_of(&settings).is_none() && settings.me.is_none());
    }
}

#[test]
fn an_address_that_is_set_but_empty_does_not_mean_the_vendors() {
    for blank in ["", " ", "\r\n"] {
        let error = resolve(None, &[("AVARA_BASE_URL", blank)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "AVARA_BASE_URL is set but empty; unset it or give an address",
            "{blank:?}"
        );
    }
}

#[test]
fn a_key_is_trimmed_at_its_ends_and_refused_with_anything_odd_inside() {
    let key = |text| resolve(None, &[("AVARA_API_KEY", text)]).map(|settings| key_of(&settings));
    for text in [" 2f6c-key \r\n", "\u{feff}2f6c-key"] {
        assert_eq!(key(text).unwrap().unwrap(), "2f6c-key");
    }
    let long = "k".repeat(4097);
    for text in [
        "two words",
        "line\nbreak",
        "tab\tkey",
        "nul\0",
        "kéy",
        "zero\u{200b}width",
        &long,
    ] {
        let error = key(text).unwrap_err();
        assert!(
            matches!(error, SettingsError::Key(KeyError::Unfit { .. })),
            "{text:?}"
        );
        assert!(!error.to_string().contains(text));
    }
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let variables = [("AVARA_ME", "env@example.org")];
    let me = |flag: Option<&str>, variables: &[_]| {
        let flags = Flags {
            me: flag.map(str::to_owned),
            ..Flags::default()
        };
        let settings = resolve_with(&flags, HOME, variables).unwrap();
        (settings.me.unwrap(), settings.origins.me.to_string())
    };
    let told = |who: &str, origin: &str| (who.to_owned(), origin.to_owned());
    assert_eq!(me(None, &[]), told("main@example.org", "file:5"));
    assert_eq!(me(None, &variables), told("env@example.org", "AVARA_ME"));
    let flag = Some("flag@example.org");
    assert_eq!(me(flag, &variables), told("flag@example.org", "--me"));
    let id = "usr_1234567890abcdef1234567890abcdef";
    assert_eq!(me(Some(id), &[]).0, id);
}

#[test]
fn a_profile_says_where_the_server_is_and_where_the_key() {
    let main = of_profile(None, &[]);
    assert_eq!(main.base_url.as_str(), "https://main.example.org/avara");
    assert_eq!(main.key_source().to_string(), "the file /etc/site/main.key");
    assert_eq!(main.profile.as_deref(), Some("main"));
    let origins = main.origins;
    let shown = [origins.profile, origins.base_url, origins.key].map(|origin| origin.to_string());
    assert_eq!(shown, ["file:1", "file:3", "file:4"]);
    assert_eq!(
        main.read_key().unwrap_err().to_string(),
        "the key file /etc/site/main.key: there is no such file; put the key into it, or name another"
    );

    let night = of_profile(Some("night"), &[]);
    assert_eq!(night.base_url.as_str(), "https://api.avarasoftware.com/");
    assert_eq!(
        night.viewer_hosts,
        Some(vec!["viewer.example.org".to_owned()])
    );
    assert_eq!(night.ca_bundle, Some("/etc/site/roots.pem".into()));
    assert_eq!(night.origins.profile.to_string(), "--profile");
    assert_eq!(night.key_source().to_string(), "the program printf");
    if cfg!(unix) {
        assert_eq!(key_of(&night).as_deref(), Some("night-key"));
    }
}

#[test]
fn an_unknown_profile_is_named_with_the_nearest() {
    let told = |name: &str, file: &str| {
        let flags = Flags {
            profile: Some(name.to_owned()),
            ..Flags::default()
        };
        resolve_with(&flags, file, &[]).unwrap_err().to_string()
    };
    assert_eq!(
        told("nigth", HOME),
        "--profile: no profile is called “nigth”; did you mean “night”?"
    );
    assert_eq!(
        told("clinic", HOME),
        "--profile: no profile is called “clinic”; there are bare, main, night"
    );
    assert_eq!(
        told("main", ""),
        "--profile: no profile is called “main”; the file has no profiles"
    );
}

/// A key that is left over in a shell belongs to another clinic.
#[test]
fn a_profile_that_is_asked_for_goes_before_what_the_shell_has_left() {
    let left = [
        ("AVARA_API_KEY", "left-key"),
        ("AVARA_ME", "left@example.org"),
    ];
    let night = of_profile(Some("night"), &left);
    assert_eq!(night.key_source().to_string(), "the program printf");
    assert_eq!(night.me.as_deref(), Some("night@example.org"));
    // Where the profile says nothing, the environment does.
    let bare = of_profile(Some("bare"), &left);
    assert_eq!(key_of(&bare).as_deref(), Some("left-key"));
    assert_eq!(bare.me.as_deref(), Some("left@example.org"));
    let default = of_profile(None, &left);
    assert_eq!(key_of(&default).as_deref(), Some("left-key"));
}

#[test]
fn a_key_of_a_profile_goes_to_no_other_server() {
    let elsewhere = "https://evil.example";
    for (profile, own, way_out) in [
        (
            None,
            "https://main.example.org",
            "unset AVARA_BASE_URL, or set AVARA_API_KEY to the key of that server",
        ),
        (
            Some("night"),
            "https://api.avarasoftware.com",
            "unset AVARA_BASE_URL, or choose another profile",
        ),
    ] {
        let settings = of_profile(profile, &[("AVARA_BASE_URL", elsewhere)]);
        let name = profile.unwrap_or("main");
        assert_eq!(
            settings.read_key().unwrap_err().to_string(),
            format!(
                "the key of the profile “{name}” is for {own} and is not sent to another server, \
                 which AVARA_BASE_URL names; {way_out}"
            )
        );
    }
    for other in [
        "http://127.0.0.1:4010",
        "https://main.example.org:8443",
        "https://main.example.org.evil.example",
        "https://sub.main.example.org",
    ] {
        let settings = of_profile(None, &[("AVARA_BASE_URL", other)]);
        assert!(settings.misdirected().is_some(), "{other}");
    }
    // Another path of the same server, and a key that came with the address, may be used.
    let same = [("AVARA_BASE_URL", "https://MAIN.example.org:443/other")];
    assert!(of_profile(None, &same).misdirected().is_none());
    let both = [("AVARA_BASE_URL", elsewhere), ("AVARA_API_KEY", "k")];
    assert_eq!(key_of(&of_profile(None, &both)).as_deref(), Some("k"));
}

#[test]
fn a_wrong_setting_is_named_by_its_source() {
    let message = |me, variables: &[_]| resolve(me, variables).unwrap_err().to_string();
    assert!(message(Some("kim"), &[]).starts_with("--me must be an e-mail address or a user id"));
    assert!(message(None, &[("AVARA_ME", "kim")]).starts_with("AVARA_ME must be"));
    assert_eq!(
        message(None, &[("AVARA_BASE_URL", "ftp://example.org")]),
        "AVARA_BASE_URL cannot be used: it must begin with https://"
    );
}

#[test]
fn the_key_shows_in_no_debug_output() {
    let settings = resolve(None, &[("AVARA_API_KEY", "canary")]).unwrap();
    assert!(!format!("{settings:?}{:?}", settings.key_source()).contains("canary"));
    let words = vec!["pass".into(), "canary".into()];
    assert!(!format!("{:?}", KeySource::Command(words)).contains("canary"));
}

#[cfg(unix)]
#[test]
fn a_bundle_of_certificates_is_an_ordinary_file_of_a_fair_size() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).unwrap();
    let large = folder.path().join("large.pem");
    std::fs::write(&large, vec![b'#'; (4 << 20) + 1]).unwrap();
    let mut settings = of_profile(Some("night"), &[]);
    for (path, reason) in [
        (PathBuf::from("/dev/zero"), "it is not an ordinary file"),
        (pipe, "it is not an ordinary file"),
        (large.clone(), "it is larger than 4 MiB"),
    ] {
        settings.ca_bundle = Some(path);
        let told = settings.read_ca_bundle().unwrap_err().to_string();
        assert!(told.ends_with(reason), "{told}");
    }
    // A link is followed, as certificates often are one.
    let link = folder.path().join("link.pem");
    std::fs::write(&large, "roots").unwrap();
    std::os::unix::fs::symlink(&large, &link).unwrap();
    settings.ca_bundle = Some(link);
    assert_eq!(settings.read_ca_bundle().unwrap().unwrap(), b"roots");
}
