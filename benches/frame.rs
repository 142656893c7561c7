//! Draws frames into a sink that counts, and says how many bytes each kind of frame took:
//! `cargo bench --bench frame -- STUDIES WIDTH HEIGHT FRAMES`.
//!
//! `.ci/instructions` runs it under callgrind, which counts what happens within `draw_one_frame`.

mod common;
#[path = "common/stage.rs"]
mod stage;

use std::io;

use avara_tui::app::RecordList;
use avara_tui::app::widget::geometry::Detail;
use stage::Stage;

#[expect(clippy::print_stdout, reason = "its answer")]
fn main() -> io::Result<()> {
    let numbers: Vec<u32> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let [studies, width, height, frames] = numbers.as_slice() else {
        // `cargo test` and a plain `cargo bench` start it without numbers.
        return Ok(());
    };
    let (width, height) = (*width as u16, *height as u16);
    let mut stage = Stage::new(*studies, (width, height))?;
    println!("full paint {}", stage.draw()?);
    stage.press("j")?;
    println!("unchanged {}", stage.draw()?);
    let mut most = 0;
    for _ in 0..*frames / 2 {
        most = most.max(stage.press("j")?).max(stage.press("k")?);
    }
    println!("cursor move {most}");
    println!("page {}", stage.press("PgDn")?);
    for _ in 0..height {
        stage.press("j")?;
    }
    println!("scroll {}", stage.press("j")?);
    stage.model.kernel.data.studies.set_detail(Detail::Hidden);
    stage.press("k j")?;
    println!("cursor move without detail {}", stage.press("k")?);
    println!("frames {}", stage.drawn);
    Ok(())
}
