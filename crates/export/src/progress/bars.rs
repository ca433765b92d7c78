//! Bars on a terminal; the only file that knows indicatif.
//!
//! A bar for each stage that has listings, and one line for the run below them. The caller draws ten times a second,
//! so no bar ticks by itself. The log passes above the bars: they are cleared, the lines written, the bars drawn again.
//! indicatif has two ways to do that. `println` prints nothing at all where there is no terminal, and `suspend` panics
//! when the terminal is gone, after which even dropping a bar does. So it is done here, and errors are let go.

use std::io::Write;
use std::time::Instant;

use asana_model::catalog::Stage;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::lines;
use super::state::{Phase, Progress};
use super::watcher::{View, write_lines};

/// Draws per second at most.
const RATE: u8 = 10;

/// The bars that are on the terminal now.
pub(crate) struct Bars {
    multi: MultiProgress,
    /// Where the log goes while the bars are away: the same terminal.
    out: Box<dyn Write + Send>,
    stages: Vec<(Stage, ProgressBar)>,
    run: Option<ProgressBar>,
}

impl Bars {
    /// Bars on standard error; `None` when it is no terminal that could show them.
    pub(crate) fn on_stderr() -> Option<Self> {
        let target = ProgressDrawTarget::stderr_with_hz(RATE);
        (!target.is_hidden()).then(|| Self::new(target, Box::new(std::io::stderr())))
    }

    fn new(target: ProgressDrawTarget, out: Box<dyn Write + Send>) -> Self {
        Self { multi: MultiProgress::with_draw_target(target), out, stages: Vec::new(), run: None }
    }

    fn show_stages(&mut self, progress: &Progress) {
        let stages = lines::stages(progress);
        if stages.len() < self.stages.len() {
            // Another run began since the last frame.
            self.clear();
        }
        for (place, (stage, words)) in stages.into_iter().enumerate() {
            if self.stages.get(place).is_none_or(|(shown, _)| *shown != stage.stage) {
                let bar = ProgressBar::new(stage.known).with_style(style("{prefix:<10} [{bar:14}] {wide_msg}"));
                let bar = self.multi.insert(place, bar.with_prefix(stage.stage.label()));
                self.stages.insert(place, (stage.stage, bar));
            }
            let Some((_, bar)) = self.stages.get(place) else { continue };
            if bar.length() != Some(stage.known) || bar.position() != stage.done {
                bar.update(|state| {
                    state.set_len(stage.known);
                    state.set_pos(stage.done);
                });
            }
            if bar.message() != words {
                bar.set_message(words);
            }
        }
    }

    fn show_run(&mut self, progress: &Progress, now: Instant) {
        let Some(line) = lines::run(progress, now) else { return };
        let bar =
            self.run.get_or_insert_with(|| self.multi.add(ProgressBar::no_length().with_style(style("{wide_msg}"))));
        if bar.message() == line {
            // Draws what the limit on draws held back in an earlier frame.
            bar.tick();
        } else {
            bar.set_message(line);
        }
    }

    fn bars(&self) -> impl Iterator<Item = &ProgressBar> {
        self.stages.iter().map(|(_, bar)| bar).chain(&self.run)
    }

    fn clear(&mut self) {
        for bar in self.stages.drain(..).map(|(_, bar)| bar).chain(self.run.take()) {
            bar.finish_and_clear();
            self.multi.remove(&bar);
        }
    }
}

impl View for Bars {
    fn draw(&mut self, log: &[String], progress: &Progress, now: Instant) {
        if progress.phase() == Phase::Finished {
            self.clear();
        }
        if !log.is_empty() {
            drop(self.multi.clear());
            write_lines(&mut self.out, log);
            if let Some(bar) = self.bars().next() {
                bar.force_draw();
            }
        }
        if progress.phase() != Phase::Finished {
            self.show_stages(progress);
            self.show_run(progress, now);
        }
    }

    fn close(&mut self) {
        self.clear();
    }
}

/// A style from one of the templates here, which a test draws; a default bar if indicatif should ever refuse it.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ")
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use asana_model::event::Event;
    use indicatif::TermLike;

    use super::*;

    /// A terminal of 80 columns in memory: the bars move its cursor, the log is written to it.
    #[derive(Debug, Clone)]
    struct Screen {
        width: u16,
        state: Arc<Mutex<(Vec<String>, usize)>>,
        is_gone: Arc<AtomicBool>,
    }

    impl Screen {
        fn new(width: u16) -> Self {
            Self { width, state: Arc::new(Mutex::new((vec![String::new()], 0))), is_gone: Arc::default() }
        }

        fn text(&self) -> String {
            let (lines, _) = &*self.state.lock().unwrap();
            let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
            lines.join("\n").trim_end().to_owned()
        }

        fn put(&self, text: &str) -> io::Result<()> {
            if self.is_gone.load(Ordering::Relaxed) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let (lines, row) = &mut *self.state.lock().unwrap();
            for character in text.chars() {
                if character == '\n' {
                    *row += 1;
                } else {
                    // A full line wraps when more is written.
                    *row += usize::from(lines[*row].chars().count() == usize::from(self.width));
                    lines.resize((*row + 1).max(lines.len()), String::new());
                    lines[*row].push(character);
                }
                lines.resize((*row + 1).max(lines.len()), String::new());
            }
            Ok(())
        }
    }

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.put(std::str::from_utf8(bytes).unwrap()).map(|()| bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            self.width
        }

        fn height(&self) -> u16 {
            24
        }

        fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
            self.put("").map(|()| self.state.lock().unwrap().1 -= lines)
        }

        fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
            self.put(&"\n".repeat(lines))
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, line: &str) -> io::Result<()> {
            self.put(&format!("{line}\n"))
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.put(text)
        }

        fn clear_line(&self) -> io::Result<()> {
            let (lines, row) = &mut *self.state.lock().unwrap();
            lines[*row].clear();
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            self.put("")
        }
    }

    struct Run {
        start: Instant,
        screen: Screen,
        bars: Bars,
        progress: Progress,
    }

    impl Run {
        fn new(width: u16) -> Self {
            let (start, screen) = (Instant::now(), Screen::new(width));
            let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
            let bars = Bars::new(target, Box::new(screen.clone()));
            Self { start, screen, bars, progress: Progress::new(start) }
        }

        fn draw(&mut self, events: &[Event], log: &[&str]) -> String {
            for event in events {
                self.progress.apply(event, self.start);
            }
            let log: Vec<_> = log.iter().map(|line| (*line).to_owned()).collect();
            self.bars.draw(&log, &self.progress, self.start + Duration::from_secs(10));
            self.screen.text()
        }
    }

    fn queued(stage: Stage, count: u64) -> Event {
        Event::ListingsQueued { stage, resource: "tasks", count }
    }

    #[test]
    fn bars_come_with_their_stages_and_go_with_the_run() {
        let mut run = Run::new(80);
        assert_eq!(run.draw(&[], &["exporting Acme to out"]), "exporting Acme to out");
        assert_eq!(
            run.draw(&[queued(Stage::Tasks, 1_240), Event::RequestSent], &[]),
            "exporting Acme to out\n\
             tasks      [              ] 0 of 1,240 listings  0 records\n\
             10 s: 1 request, 6 per min"
        );
        let (stage, resource) = (Stage::Structure, "projects");
        let structure = [
            queued(stage, 2),
            Event::PageArchived { stage, resource, records: 1_234 },
            Event::ListingFinished { stage, resource },
        ];
        assert_eq!(
            run.draw(&structure, &["retrying in 2 s: 503", "gap: goals: not in this plan (402)"]),
            "exporting Acme to out\n\
             retrying in 2 s: 503\n\
             gap: goals: not in this plan (402)\n\
             structure  [=======>      ] 1 of     2 listings  1,234 records\n\
             tasks      [              ] 0 of 1,240 listings      0 records\n\
             10 s: 1 request, 6 per min",
            "an earlier stage stands above, and the log above all"
        );
        let rest = [Event::ListingFinished { stage, resource }, Event::FetchFinished];
        assert_eq!(
            run.draw(&rest, &[]),
            "exporting Acme to out\n\
             retrying in 2 s: 503\n\
             gap: goals: not in this plan (402)\n\
             structure  [==============] 2 of     2 listings  1,234 records  done\n\
             tasks      [              ] 0 of 1,240 listings      0 records\n\
             building tables: 0 records read (10 s)"
        );
        assert_eq!(
            run.draw(&[Event::RunFinished { exit_code: 0 }], &["last words"]),
            "exporting Acme to out\n\
             retrying in 2 s: 503\n\
             gap: goals: not in this plan (402)\n\
             last words"
        );
        run.bars.close();
        assert!(run.screen.text().ends_with("last words"));
    }

    #[test]
    fn the_bars_of_a_run_do_not_stay_for_the_next() {
        let mut run = Run::new(80);
        run.draw(&[queued(Stage::Structure, 1), queued(Stage::Tasks, 7), Event::RequestSent], &[]);
        let next = [
            Event::RunFinished { exit_code: 0 },
            Event::RunStarted { workspace: String::new(), folder: String::new() },
            queued(Stage::Structure, 2),
        ];
        assert_eq!(
            run.draw(&next, &["exporting Bolt to out"]),
            "exporting Bolt to out\n\
             structure  [              ] 0 of 2 listings  0 records\n\
             10 s: 0 requests"
        );
    }

    #[test]
    fn a_narrow_terminal_cuts_lines_instead_of_wrapping_them() {
        let mut run = Run::new(40);
        let text = run.draw(&[queued(Stage::Tasks, 1_000_000), Event::RequestSent], &[]);
        assert_eq!(text, "tasks      [              ] 0 of 1,000,0\n10 s: 1 request, 6 per min");
    }

    #[test]
    fn a_terminal_that_is_gone_is_no_panic() {
        let mut run = Run::new(80);
        run.draw(&[queued(Stage::Tasks, 7), Event::RequestSent], &["a line"]);
        run.screen.is_gone.store(true, Ordering::Relaxed);
        run.draw(&[queued(Stage::Details, 7)], &["another line"]);
        run.draw(&[Event::RunFinished { exit_code: 0 }], &["the last line"]);
    }

    #[test]
    fn the_largest_workspace_fits_eighty_columns() {
        let mut run = Run::new(80);
        let (stage, resource) = (Stage::Details, "stories");
        let text = run.draw(
            &[queued(stage, 999_999), Event::PageArchived { stage, resource, records: 99_999_999 }, Event::RequestSent],
            &[],
        );
        assert!(text.contains("0 of 999,999 listings  99,999,999 records\n"), "{text}");
    }
}
