//! Lines for a file or a pipe: what happens, and now and then where things stand.

use std::io::Write;
use std::time::{Duration, Instant};

use super::lines;
use super::state::{Phase, Progress};
use super::watcher::{View, write_lines};

/// Writes the log, and a line of status every `interval`.
pub(crate) struct Plain {
    pub(crate) out: Box<dyn Write + Send>,
    pub(crate) interval: Duration,
    last: Option<Instant>,
}

impl Plain {
    pub(crate) fn new(out: Box<dyn Write + Send>, interval: Duration) -> Self {
        Self { out, interval, last: None }
    }
}

impl View for Plain {
    fn draw(&mut self, log: &[String], progress: &Progress, now: Instant) {
        write_lines(&mut self.out, log);
        if progress.phase() == Phase::Starting {
            return;
        }
        let last = *self.last.get_or_insert(now);
        if now.saturating_duration_since(last) < self.interval {
            return;
        }
        self.last = Some(now);
        if let Some(line) = lines::status(progress, now) {
            write_lines(&mut self.out, &[line]);
        }
    }

    fn close(&mut self) {}
}

#[cfg(test)]
mod tests {
    use asana_model::event::Event;

    use super::super::watcher::tests::Buffer;
    use super::*;

    #[test]
    fn a_line_comes_every_interval_even_when_nothing_happens() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let buffer = Buffer::default();
        let mut plain = Plain::new(Box::new(buffer.clone()), Duration::from_secs(5));
        let mut progress = Progress::new(start);
        plain.draw(&["at most 150 requests per minute".to_owned()], &progress, at(0));
        plain.draw(&[], &progress, at(9));
        progress.apply(&Event::RequestSent, at(10));
        progress.apply(&Event::Paused { wait: Duration::from_mins(1) }, at(10));
        for second in 10..=20 {
            plain.draw(&[], &progress, at(second));
        }
        assert_eq!(
            buffer.text(),
            "at most 150 requests per minute\n\
             15 s: 1 request, paused 55 s: Asana asked to wait; 0 records\n\
             20 s: 1 request, paused 50 s: Asana asked to wait; 0 records\n"
        );
    }
}
