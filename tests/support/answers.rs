//! What terminals answer, asked or not.

/// Answers of terminals: none may ever act as a key.
pub const ANSWERS: &[&[u8]] = &[
    // Colours and the clipboard (OSC 4, 10, 11, 12, 52), ended either way and by one byte.
    b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    b"\x1b]10;rgb:d4d4/d4d4/d4d4\x1b\\",
    b"\x1b]11;rgb:1e1e/2a2a/3b3b\x07",
    b"\x1b]11;rgba:1e1e/2a2a/3b3b/ffff\x1b\\",
    b"\x1b]12;rgb:ffff/0000/0000\x9c",
    b"\x1b]52;c;eG14eG14eG14eG14cXFxcQ==\x1b\\",
    "\x1b]l\u{dc}x title\x1b\\".as_bytes(),
    b"\x9d11;rgb:1e1e/2a2a/3b3b\x9c",
    // Device attributes (DA1, DA2, DA3), status and the cursor's place (DSR, CPR, DECXCPR).
    b"\x1b[?62;1;2;4;6;9;15;16;17;18;21;22;28c",
    b"\x1b[>41;390;0c",
    b"\x1bP!|00000000\x1b\\",
    b"\x9b?62;22c",
    b"\x1b[0n",
    b"\x1b[?13n",
    b"\x1b[12;40R",
    b"\x1b[1;1R",
    b"\x1b[?12;40;1R",
    // Settings (DECRQSS, XTGETTCAP, DECRPM in both forms), name and version.
    b"\x1bP1$r0m\x1b\\",
    b"\x1bP0$r\x1b\\",
    b"\x1bP1$r2 q\x1b\\",
    b"\x1bP1+r524742=382f382f38\x1b\\",
    b"\x1bP0+r\x1b\\",
    b"\x1b[?2026;2$y",
    b"\x1b[?2004;1$y",
    b"\x1b[4;2$y",
    b"\x1bP>|xterm(390)\x1b\\",
    // Keyboard flags, sizes, colour scheme, graphics, checksums, terminal parameters, focus.
    b"\x1b[?1u",
    b"\x1b[8;24;80t",
    b"\x1b[48;24;80;480;800t",
    b"\x1b[?997;1n",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^private\x1b\\",
    b"\x1bXstring\x1b\\",
    b"\x1b[?1;0;1024S",
    b"\x1b[2;1;1;120;120;1;0x",
    b"\x1b[I",
    b"\x1b[O",
    b"\x1b[?2;4~",
];
