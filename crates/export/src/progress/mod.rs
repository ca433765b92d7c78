//! Progress of a run on standard error: events become bars, lines, JSON or silence.
//!
//! [`reporter`] gives a [`Watcher`], which only adds events up; a thread of its own draws, ten times a second at most
//! and also when nothing happens, so that countdowns move. Thus a slow terminal never holds up a run, unless it has
//! thousands of lines to catch up with: lines are not lost, and memory is bounded. Standard output is not touched.
//!
//! Whoever writes to the same terminal does so after [`Watcher::finish`], or sends an `Event::Note`.

mod bars;
mod json;
mod lines;
mod log;
mod mode;
mod plain;
mod rate;
pub mod state;
pub(crate) mod text;
mod watcher;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use self::bars::Bars;
pub use self::json::printable_json;
use self::log::Log;
pub use self::mode::{LogFormat, Mode, UnknownName};
pub use self::text::{bytes, count, estimate, number, printable};
pub use self::watcher::Watcher;
use self::watcher::{Lines, Script};

/// Between two lines of status where there are no bars.
const STATUS: Duration = Duration::from_secs(5);

/// Starts to watch a run. `now` gives the time in UTC that stands in the JSON log.
pub fn reporter(mode: Mode, log_format: LogFormat, now: fn() -> String) -> Arc<Watcher> {
    Arc::new(match (mode, log_format) {
        (Mode::None, _) => Watcher::silent(),
        (_, LogFormat::Json) => Watcher::start(Script::Json(now), Box::new(Lines(stderr()))),
        (Mode::Plain, LogFormat::Text) => Watcher::plain(stderr(), STATUS),
        (Mode::Auto | Mode::Bar, LogFormat::Text) => match Bars::on_stderr() {
            Some(bars) => Watcher::start(Script::Words(Log::new(false)), Box::new(bars)),
            None => Watcher::plain(stderr(), STATUS),
        },
    })
}

fn stderr() -> Box<dyn Write + Send> {
    Box::new(std::io::stderr())
}
