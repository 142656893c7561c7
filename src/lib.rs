//! avara-tui: an interactive terminal worklist for radiology coordinators, on the Avara Viewer API.
//!
//! ```text
//! main ─► cli ─► runtime ─► ui ─► app ─► sync ─► worklist ─► wire
//!          │        └─────► api ────────────────────► wire
//!          ├─► sandbox ─────────────────────────────► wire
//!          └─► config ─► sync             app ─► input
//! ```
//!
//! A functional core (`app` and below) in an imperative shell (`runtime`). `docs/architecture.md` says
//! where things belong; `tests/architecture.rs` holds the arrows.

#![forbid(unsafe_code)]

pub mod api;
pub mod app;
pub mod cli;
pub mod config;
mod files;
pub mod input;
pub mod journal;
pub mod resolve;
pub mod runtime;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod sync;
pub mod text;
pub mod theme;
pub mod ui;
pub mod wire;
pub mod worklist;
