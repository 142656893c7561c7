use super::contrast::{indexed, linear};
use super::*;

fn painted() -> impl Iterator<Item = BuiltIn> {
    BuiltIn::ALL
        .into_iter()
        .filter(|theme| *theme != BuiltIn::Terminal)
}

#[test]
fn contrast_is_measured_as_the_guidelines_define_it() {
    let close = |one: u32, other: u32, expected: f64| {
        let rgb = |it: u32| Ink::of(it).rgb().unwrap();
        let found = ratio(rgb(one), rgb(other));
        assert!(
            (found - expected).abs() < 0.01,
            "{one:06x} {other:06x}: {found}"
        );
    };
    close(0x000000, 0xffffff, 21.0);
    close(0xffffff, 0xffffff, 1.0);
    // Two greys at the border, as checkers on the web show them.
    close(0x767676, 0xffffff, 4.54);
    close(0x777777, 0xffffff, 4.48);
    close(0xcd0000, 0x000000, 3.60);
}

#[test]
fn the_cube_and_the_greys_are_xterms() {
    for (number, rgb) in [
        (16, 0x000000),
        (21, 0x0000ff),
        (110, 0x87afd7),
        (161, 0xd7005f),
        (208, 0xff8700),
        (231, 0xffffff),
        (232, 0x080808),
        (255, 0xeeeeee),
    ] {
        assert_eq!(Ink::Indexed(number).rgb(), Ink::of(rgb).rgb(), "{number}");
    }
}

#[test]
fn a_colour_reads_back_as_it_is_shown() {
    for text in NAMES.into_iter().chain(["default", "#d7005f"]) {
        assert_eq!(Ink::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(Ink::parse("#D7005F"), Some(Ink::Rgb(215, 0, 95)));
    for text in [
        "", "#", "#fff", "#+70050", "#1234567", "Red", "grey", "#ggggggg",
    ] {
        assert_eq!(Ink::parse(text), None, "{text}");
    }
}

#[test]
fn every_meaning_of_every_theme_that_paints_its_ground_reads_at_every_depth() {
    let mut measured = 0;
    for theme in painted() {
        for (depth, most) in [
            (Depth::True, 21.0),
            (Depth::Indexed, 21.0),
            (Depth::Sixteen, 21.0),
        ] {
            let palette = theme.palette().at(depth);
            for meaning in Meaning::ALL {
                let (fg, bg) = palette.pair(meaning);
                let contrast = ratio(rgb_of(fg, &XTERM), rgb_of(bg, &XTERM));
                let least = match (theme, depth) {
                    (BuiltIn::HighContrast, Depth::True) => 7.0,
                    _ => READABLE,
                };
                let name = (theme.name(), depth, meaning);
                assert!(
                    (least..=most).contains(&contrast),
                    "{name:?} {fg} on {bg}: {contrast:.2}"
                );
                measured += 1;
            }
        }
    }
    assert_eq!(measured, 4 * 3 * Meaning::ALL.len());
}

#[test]
fn a_pair_that_reads_badly_would_be_found() {
    let mut palette = *BuiltIn::Light.palette();
    palette.look_mut(Meaning::High).fg = Some(Ink::of(0xe6c35c));
    assert!(palette.contrast(Meaning::High).unwrap() < READABLE);
    // A depth that has nothing nearer repairs it rather than making it worse.
    for depth in [Depth::Indexed, Depth::Sixteen] {
        let (fg, bg) = palette.at(depth).pair(Meaning::High);
        assert!(
            ratio(rgb_of(fg, &XTERM), rgb_of(bg, &XTERM)) >= READABLE,
            "{depth:?}"
        );
    }
}

#[test]
fn what_has_a_ground_of_its_own_keeps_one_at_every_depth() {
    for theme in painted() {
        for depth in [Depth::True, Depth::Indexed, Depth::Sixteen] {
            let palette = theme.palette().at(depth);
            for meaning in [
                Meaning::Selected,
                Meaning::Alarm,
                Meaning::Demo,
                Meaning::Local,
                Meaning::Production,
                Meaning::ReadOnly,
            ] {
                let [own, text] = [meaning, Meaning::Text].map(|it| palette.pair(it).1);
                assert_ne!(own, text, "{} {depth:?} {meaning:?}", theme.name());
            }
        }
    }
}

#[test]
fn a_terminal_gets_no_colour_that_it_does_not_have() {
    for theme in BuiltIn::ALL {
        for meaning in Meaning::ALL {
            for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
                let look = theme.palette().at(depth).look(meaning);
                for ink in [look.fg, look.bg].into_iter().flatten() {
                    let fits = match (depth, ink) {
                        (Depth::None, _) => false,
                        (Depth::Sixteen, Ink::Indexed(number)) => number < 16,
                        (Depth::Sixteen | Depth::Indexed, Ink::Rgb(..)) => false,
                        (_, _) => true,
                    };
                    assert!(fits, "{} {depth:?} {meaning:?}: {ink}", theme.name());
                }
            }
        }
    }
    let terminal = BuiltIn::Terminal.palette();
    assert_eq!(terminal.at(Depth::Sixteen), *terminal);
    assert_eq!(terminal.at(Depth::Indexed), *terminal);
}

#[test]
fn the_environment_tells_how_many_colours_there_are() {
    for (term, color_term, expected) in [
        (Some("xterm-256color"), "truecolor", Depth::True),
        (Some("screen"), "24bit", Depth::True),
        (Some("xterm-kitty"), "", Depth::True),
        (Some("xterm-direct"), "", Depth::True),
        (Some("alacritty"), "", Depth::True),
        (Some("xterm-256color"), "", Depth::Indexed),
        (Some("tmux-256color"), "yes", Depth::Indexed),
        (Some("xterm"), "", Depth::Sixteen),
        (Some("linux"), "", Depth::Sixteen),
        (Some("screen"), "", Depth::Sixteen),
        (Some("vt100"), "", Depth::None),
        (Some("linux-m"), "", Depth::None),
        (Some("dumb"), "", Depth::None),
        (Some(""), "", Depth::True),
        (None, "", Depth::True),
    ] {
        let told = Depth::told_by(|name| match name {
            "TERM" => term.map(str::to_owned),
            _ => Some(color_term.to_owned()),
        });
        assert_eq!(told, expected, "TERM={term:?} COLORTERM={color_term}");
    }
}

#[test]
fn without_colours_modifiers_remain() {
    for theme in BuiltIn::ALL {
        let palette = theme.palette().without_colors();
        for meaning in Meaning::ALL {
            let look = palette.look(meaning);
            assert_eq!((look.fg, look.bg), (None, None));
            let is_ordinary = matches!(meaning, Meaning::Text | Meaning::High | Meaning::Good);
            // Those have a mark or a word, which the tests of the screens look for.
            assert_eq!(
                look == Look::PLAIN,
                is_ordinary,
                "{} {meaning:?}",
                theme.name()
            );
        }
    }
}

/// What some terminals make of the first sixteen, their background and their foreground.
#[rustfmt::skip]
const DRACULA: [u32; 16] = [
    0x21222c, 0xff5555, 0x50fa7b, 0xf1fa8c, 0xbd93f9, 0xff79c6, 0x8be9fd, 0xf8f8f2,
    0x6272a4, 0xff6e6e, 0x69ff94, 0xffffa5, 0xd6acff, 0xff92df, 0xa4ffff, 0xffffff,
];

struct Scheme {
    name: &'static str,
    sixteen: [u32; 16],
    /// Foreground and background.
    text: (u32, u32),
}

#[rustfmt::skip]
const XTERM: [u32; 16] = [
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];
#[rustfmt::skip]
const VGA: [u32; 16] = [
    0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
    0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
];
#[rustfmt::skip]
const TANGO: [u32; 16] = [
    0x2e3436, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a, 0xd3d7cf,
    0x555753, 0xef2929, 0x8ae234, 0xfce94f, 0x729fcf, 0xad7fa8, 0x34e2e2, 0xeeeeec,
];
#[rustfmt::skip]
const CAMPBELL: [u32; 16] = [
    0x0c0c0c, 0xc50f1f, 0x13a10e, 0xc19c00, 0x0037da, 0x881798, 0x3a96dd, 0xcccccc,
    0x767676, 0xe74856, 0x16c60c, 0xf9f1a5, 0x3b78ff, 0xb4009e, 0x61d6d6, 0xf2f2f2,
];
#[rustfmt::skip]
const SOLARIZED: [u32; 16] = [
    0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198, 0xeee8d5,
    0x002b36, 0xcb4b16, 0x586e75, 0x657b83, 0x839496, 0x6c71c4, 0x93a1a1, 0xfdf6e3,
];

const SCHEMES: [Scheme; 11] = [
    Scheme {
        name: "xterm dark",
        sixteen: XTERM,
        text: (0xe5e5e5, 0x000000),
    },
    Scheme {
        name: "xterm light",
        sixteen: XTERM,
        text: (0x000000, 0xffffff),
    },
    Scheme {
        name: "VGA dark",
        sixteen: VGA,
        text: (0xaaaaaa, 0x000000),
    },
    Scheme {
        name: "VGA light",
        sixteen: VGA,
        text: (0x000000, 0xffffff),
    },
    Scheme {
        name: "Tango dark",
        sixteen: TANGO,
        text: (0xd3d7cf, 0x2e3436),
    },
    Scheme {
        name: "Tango light",
        sixteen: TANGO,
        text: (0x2e3436, 0xffffff),
    },
    Scheme {
        name: "Campbell dark",
        sixteen: CAMPBELL,
        text: (0xcccccc, 0x0c0c0c),
    },
    Scheme {
        name: "Campbell light",
        sixteen: CAMPBELL,
        text: (0x0c0c0c, 0xf2f2f2),
    },
    Scheme {
        name: "Solarized dark",
        sixteen: SOLARIZED,
        text: (0x839496, 0x002b36),
    },
    Scheme {
        name: "Solarized light",
        sixteen: SOLARIZED,
        text: (0x657b83, 0xfdf6e3),
    },
    Scheme {
        name: "Dracula",
        sixteen: DRACULA,
        text: (0xf8f8f2, 0x282a36),
    },
];

fn bytes(rgb: u32) -> [u8; 3] {
    Ink::of(rgb).rgb().unwrap()
}

fn rgb_of(ink: Ink, sixteen: &[u32; 16]) -> [u8; 3] {
    match ink {
        Ink::Indexed(number @ 0..16) => bytes(sixteen[usize::from(number)]),
        Ink::Indexed(number) => indexed(number),
        ink => ink.rgb().unwrap(),
    }
}

impl Scheme {
    fn contrast(&self, meaning: Meaning) -> f64 {
        self.contrast_of(BuiltIn::Terminal.palette().look(meaning))
    }

    fn contrast_of(&self, look: Look) -> f64 {
        let rgb = |ink: Option<Ink>, default| {
            ink.map_or(bytes(default), |ink| rgb_of(ink, &self.sixteen))
        };
        ratio(rgb(look.fg, self.text.0), rgb(look.bg, self.text.1))
    }
}

/// The look as terminals show it that brighten what is bold, if that makes a difference.
fn brightened(look: Look) -> Option<Look> {
    match look.fg {
        Some(Ink::Indexed(number @ 0..8)) if look.bold => Some(Look {
            fg: Some(Ink::Indexed(number + 8)),
            ..look
        }),
        _ => None,
    }
}

/// The terminal's own colours are the terminal's: no choice among sixteen reads at 4.5:1 on white and on
/// black in every palette, so this measures and does not demand. Measured is each pair as these
/// eleven schemes define it, bold once as the same colour and once brightened, as many terminals do, and faint
/// as if it were not, for each terminal has its own way with that.
/// What has no colour of its own is as readable as everything else in that terminal; what has one is
/// told by a word, a mark or a modifier as well; and for a light terminal there is the theme "light".
#[test]
fn what_the_terminals_own_colours_amount_to_is_on_record() {
    let names: String = SCHEMES
        .iter()
        .map(|scheme| format!("{:>17}", scheme.name))
        .collect();
    let mut record = format!("{:<28}{names}", "");
    let (mut low, mut all) = (0, 0);
    for meaning in Meaning::ALL {
        let look = BuiltIn::Terminal.palette().look(meaning);
        let bright = brightened(look).map(|look| (look, ", bold as bright"));
        for (look, how) in std::iter::once((look, "")).chain(bright) {
            record.push_str(&format!("\n{:<28}", format!("{}{how}", meaning.name())));
            for scheme in &SCHEMES {
                let contrast = scheme.contrast_of(look);
                let mark = if contrast < READABLE { "!" } else { " " };
                let shown = (contrast * 10.0).floor() / 10.0;
                record.push_str(&format!("{shown:>16.1}{mark}"));
                (low, all) = (low + usize::from(contrast < READABLE), all + 1);
                if look.fg.is_none() && look.bg.is_none() {
                    let own = ratio(bytes(scheme.text.0), bytes(scheme.text.1));
                    assert_eq!(contrast, own, "{} {meaning:?}", scheme.name);
                }
            }
        }
    }
    let record: Vec<&str> = record.lines().map(str::trim_end).collect();
    let record = record.join("\n");
    let count = format!("below {READABLE}:1, marked !: {low} of {all}");
    insta::assert_snapshot!("terminal_contrast", format!("{record}\n\n{count}"));
}

/// What says production, demo or alarm holds both colours of its pair, so that it reads on the two
/// palettes that the terminals' own defaults come from, be the background dark or light.
#[test]
fn tags_read_in_xterms_and_tangos_colours_on_any_background() {
    for scheme in SCHEMES
        .iter()
        .filter(|it| it.name.starts_with("xterm") || it.name.starts_with("Tango"))
    {
        for meaning in [
            Meaning::Alarm,
            Meaning::Demo,
            Meaning::Local,
            Meaning::Production,
            Meaning::ReadOnly,
        ] {
            let contrast = scheme.contrast(meaning);
            assert!(
                contrast >= READABLE || meaning == Meaning::Local,
                "{} {meaning:?}: {contrast}",
                scheme.name
            );
        }
    }
}

/// How a colour looks without one kind of cone, in linear RGB (Machado, Oliveira and Fernandes 2009,
/// severity 1.0).
#[rustfmt::skip]
const BLINDNESS: [(&str, [[f64; 3]; 3]); 3] = [
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    ("deuteranopia", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

/// CIE L*a*b* of a colour of linear RGB, by the matrix of sRGB and its white, D65.
fn lab(rgb: [f64; 3]) -> [f64; 3] {
    let dot = |row: [f64; 3]| row.iter().zip(rgb).map(|(a, b)| a * b).sum::<f64>();
    let f = |t: f64| {
        if t > 0.008856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    };
    let x = f(dot([0.4124, 0.3576, 0.1805]) / 0.9505);
    let y = f(dot([0.2126, 0.7152, 0.0722]));
    let z = f(dot([0.0193, 0.1192, 0.9505]) / 1.089);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn difference(theme: BuiltIn, one: Meaning, other: Meaning, matrix: &[[f64; 3]; 3]) -> f64 {
    let seen = |meaning| {
        let ink = theme.palette().pair(meaning).0;
        let light = ink.rgb().unwrap().map(linear);
        let row = |row: &[f64; 3]| {
            row.iter()
                .zip(light)
                .map(|(a, b)| a * b)
                .sum::<f64>()
                .clamp(0.0, 1.0)
        };
        lab([row(&matrix[0]), row(&matrix[1]), row(&matrix[2])])
    };
    let (one, other) = (seen(one), seen(other));
    one.iter()
        .zip(other)
        .map(|(a, b)| (a - b).powi(2))
        .sum::<f64>()
        .sqrt()
}

#[test]
fn the_theme_for_every_kind_of_colour_vision_keeps_its_meanings_apart() {
    let mut least = f64::MAX;
    for (name, matrix) in &BLINDNESS {
        for (one, other) in [
            (Meaning::Stat, Meaning::High),
            (Meaning::Stat, Meaning::Text),
            (Meaning::High, Meaning::Text),
            (Meaning::Bad, Meaning::Good),
            (Meaning::Good, Meaning::Text),
        ] {
            let found = difference(BuiltIn::Cvd, one, other, matrix);
            // More than six times what is just noticeable (2.3).
            assert!(found >= 15.0, "{name} {one:?} {other:?}: {found:.1}");
            least = least.min(found);
        }
    }
    println!("least difference: {least:.1}");
    // Red and green as the dark theme has them come closer together: the measure sees it.
    let dark = difference(BuiltIn::Dark, Meaning::Bad, Meaning::Good, &BLINDNESS[1].1);
    let cvd = difference(BuiltIn::Cvd, Meaning::Bad, Meaning::Good, &BLINDNESS[1].1);
    assert!(cvd > dark, "{cvd:.1} {dark:.1}");
}
