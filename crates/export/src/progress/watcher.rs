//! The reporter of the program: events in, frames out.
//!
//! Two locks. The inbox is held for as long as it takes to add an event up; the view is held while a frame is drawn,
//! and is always taken first, so that lines keep their order. Drawing works on a copy and never holds the inbox.

use std::fmt;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use asana_model::event::{Event, Reporter};

use super::json;
use super::log::Log;
use super::plain::Plain;
use super::state::Progress;

/// Between two frames.
const FRAME: Duration = Duration::from_millis(100);
/// Lines that may wait for the next frame; whoever adds more writes them all first.
const WAITING: usize = 4_096;

/// Adds up the events of a run and shows them; the [`Reporter`] of the program.
///
/// [`finish`](Self::finish) shows what is not shown yet and takes the bars away; dropping it does the same.
pub struct Watcher {
    shared: Option<Arc<Shared>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    inbox: Mutex<Inbox>,
    /// Taken before the inbox and held while drawing, so that lines keep their order.
    view: Mutex<Box<dyn View>>,
    wake: Condvar,
}

struct Inbox {
    progress: Progress,
    script: Script,
    /// Lines that no frame has shown yet.
    waiting: Vec<String>,
    is_finished: bool,
}

/// How events become lines.
pub(super) enum Script {
    Words(Log),
    Json(fn() -> String),
}

/// Where a frame goes.
pub(super) trait View: Send {
    /// Shows the lines, once and for all, and where the run stands.
    fn draw(&mut self, log: &[String], progress: &Progress, now: Instant);

    /// Takes away what is not to stay.
    fn close(&mut self);
}

/// Nothing but the lines.
pub(super) struct Lines(pub(super) Box<dyn Write + Send>);

impl View for Lines {
    fn draw(&mut self, log: &[String], _: &Progress, _: Instant) {
        write_lines(&mut self.0, log);
    }

    fn close(&mut self) {}
}

impl Watcher {
    pub(super) fn silent() -> Self {
        Self { shared: None, thread: Mutex::new(None) }
    }

    pub(super) fn plain(out: Box<dyn Write + Send>, interval: Duration) -> Self {
        Self::start(Script::Words(Log::new(true)), Box::new(Plain::new(out, interval)))
    }

    pub(super) fn start(script: Script, view: Box<dyn View>) -> Self {
        let progress = Progress::new(Instant::now());
        let inbox = Mutex::new(Inbox { progress, script, waiting: Vec::new(), is_finished: false });
        let shared = Arc::new(Shared { inbox, view: Mutex::new(view), wake: Condvar::new() });
        let drawing = Arc::clone(&shared);
        // Without a thread, frames come only when many lines wait, and at the end.
        let thread = thread::Builder::new().name("progress".to_owned()).spawn(move || drawing.run()).ok();
        Self { shared: Some(shared), thread: Mutex::new(thread) }
    }

    /// Tells how many tables will be written, which no event says.
    pub fn expect_tables(&self, tables: u64) {
        if let Some(shared) = &self.shared {
            shared.inbox().progress.expect_tables(tables);
        }
    }

    /// Shows all that is not shown yet, takes the bars away and ends the thread. Later events are not shown.
    pub fn finish(&self) {
        let Some(shared) = &self.shared else { return };
        if std::mem::replace(&mut shared.inbox().is_finished, true) {
            return;
        }
        shared.wake.notify_all();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A thread that panicked has lost its terminal; the run's own outcome does not depend on that.
        if thread.is_none_or(|thread| thread.join().is_ok()) {
            shared.frame(true);
        }
    }
}

impl Reporter for Watcher {
    fn report(&self, event: &Event) {
        let Some(shared) = &self.shared else { return };
        let mut inbox = shared.inbox();
        if inbox.is_finished {
            return;
        }
        inbox.hear(event, Instant::now());
        if inbox.waiting.len() > WAITING {
            drop(inbox);
            shared.frame(false);
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.finish();
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher").field("is_silent", &self.shared.is_none()).finish_non_exhaustive()
    }
}

impl Inbox {
    fn hear(&mut self, event: &Event, now: Instant) {
        self.progress.apply(event, now);
        match &mut self.script {
            Script::Words(log) => log.hear(event, &self.progress, now, &mut self.waiting),
            Script::Json(time) => self.waiting.extend(json::line(event, time())),
        }
    }

    /// Adds the lines that are due by now.
    fn tick(&mut self, now: Instant) {
        if let Script::Words(log) = &mut self.script {
            if self.is_finished {
                log.finish(now, &mut self.waiting);
            }
            log.tick(&self.progress, now, &mut self.waiting);
        }
    }
}

impl Shared {
    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        loop {
            let inbox = self.inbox();
            let waited = self.wake.wait_timeout_while(inbox, FRAME, |inbox| !inbox.is_finished);
            let (inbox, _) = waited.unwrap_or_else(PoisonError::into_inner);
            if inbox.is_finished {
                return;
            }
            drop(inbox);
            self.frame(false);
        }
    }

    /// Draws a copy of what is known, so that events do not wait for the terminal.
    fn frame(&self, is_last: bool) {
        // Poisoned: drawing panicked, which indicatif does when its terminal is gone.
        let Ok(mut view) = self.view.lock() else { return };
        let now = Instant::now();
        let mut inbox = self.inbox();
        inbox.tick(now);
        let waiting = std::mem::take(&mut inbox.waiting);
        let progress = inbox.progress.clone();
        drop(inbox);
        view.draw(&waiting, &progress, now);
        if is_last {
            view.close();
        }
    }
}

/// Writes lines in one piece. Where nobody listens any more there is nobody to tell about it.
pub(super) fn write_lines(out: &mut dyn Write, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let mut text = lines.join("\n");
    text.push('\n');
    if out.write_all(text.as_bytes()).is_ok() {
        drop(out.flush());
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io;

    use asana_model::catalog::Stage;

    use super::*;

    /// Something to write to that a test reads.
    #[derive(Debug, Clone, Default)]
    pub(in super::super) struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Buffer {
        pub(in super::super) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn json(buffer: &Buffer) -> Watcher {
        Watcher::start(Script::Json(|| "T".to_owned()), Box::new(Lines(Box::new(buffer.clone()))))
    }

    fn note(text: &str) -> Event {
        Event::Note { text: text.to_owned() }
    }

    #[test]
    fn a_plain_run_is_told_in_order_and_in_full() {
        let buffer = Buffer::default();
        let watcher = Watcher::plain(Box::new(buffer.clone()), Duration::from_hours(1));
        let (stage, resource) = (Stage::Structure, "projects");
        for event in [
            Event::RunStarted { workspace: "Acme\u{1b}[2J".to_owned(), folder: "out".to_owned() },
            Event::ListingsQueued { stage, resource, count: 1 },
            Event::RequestSent,
            Event::PageArchived { stage, resource, records: 7 },
            Event::ListingFinished { stage, resource },
            note("first"),
            Event::FetchFinished,
            Event::TableWritten { table: "projects".to_owned(), rows: 7 },
            Event::RunFinished { exit_code: 0 },
        ] {
            watcher.report(&event);
        }
        drop(watcher);
        assert_eq!(
            buffer.text(),
            "exporting Acme\u{fffd}[2J to out\n\
             first\n\
             structure done: 1 listing, 7 records\n\
             fetched 7 records in 1 request after 0 s\n\
             finished after 0 s: fetched 7 records in 1 request, wrote 7 rows in 1 table\n"
        );
    }

    #[test]
    fn the_thread_speaks_when_nothing_happens_and_ends_with_the_watcher() {
        let buffer = Buffer::default();
        let watcher = Watcher::plain(Box::new(buffer.clone()), Duration::ZERO);
        watcher.report(&Event::RequestSent);
        let deadline = Instant::now() + Duration::from_secs(20);
        while !buffer.text().contains("0 s: 1 request; 0 records\n") && Instant::now() < deadline {
            thread::yield_now();
        }
        watcher.finish();
        let text = buffer.text();
        assert!(text.starts_with("0 s: 1 request; 0 records\n"), "{text:?}");
        let shared = Arc::clone(watcher.shared.as_ref().unwrap());
        assert_eq!(Arc::strong_count(&shared), 2, "the thread has let go of it");
        watcher.report(&note("too late"));
        watcher.finish();
        drop(watcher);
        assert_eq!(buffer.text(), text, "nothing comes after the end");
    }

    #[test]
    fn every_event_is_a_line_of_json_whoever_reports_it() {
        let buffer = Buffer::default();
        let watcher = json(&buffer);
        thread::scope(|scope| {
            for name in 0..4 {
                let watcher = &watcher;
                scope.spawn(move || {
                    for number in 0..5_000 {
                        watcher.report(&note(&format!("{name} {number}")));
                    }
                });
            }
        });
        watcher.finish();
        let mut next = [0_u64; 4];
        for line in buffer.text().lines() {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!((&entry["time"], &entry["event"]), (&"T".into(), &"note".into()));
            let (name, number) = entry["text"].as_str().unwrap().split_once(' ').unwrap();
            let next = &mut next[name.parse::<usize>().unwrap()];
            assert_eq!(number.parse(), Ok(*next), "the order of a thread is kept");
            *next += 1;
        }
        assert_eq!(next, [5_000; 4]);
    }

    #[test]
    fn none_is_silent_and_has_no_thread() {
        let watcher = super::super::reporter(super::super::Mode::None, super::super::LogFormat::Json, || {
            panic!("no clock is needed")
        });
        watcher.report(&note("nobody hears this"));
        watcher.expect_tables(3);
        watcher.finish();
        assert!(watcher.shared.is_none() && watcher.thread.lock().unwrap().is_none());
    }

    #[test]
    fn a_broken_pipe_does_not_stop_the_run() {
        #[derive(Debug)]
        struct Broken;
        impl Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let watcher = Watcher::plain(Box::new(Broken), Duration::ZERO);
        for _ in 0..2 * WAITING {
            watcher.report(&note("into the void"));
        }
        watcher.finish();
    }

    #[test]
    fn a_view_that_panics_does_not_take_the_run_with_it() {
        struct Gone;
        impl View for Gone {
            fn draw(&mut self, _: &[String], _: &Progress, _: Instant) {
                // Not `panic!`, whose message would look like a failure of this test.
                std::panic::resume_unwind(Box::new("the terminal is gone"));
            }
            fn close(&mut self) {}
        }
        let watcher = Watcher::start(Script::Words(Log::new(false)), Box::new(Gone));
        while !watcher.thread.lock().unwrap().as_ref().unwrap().is_finished() {
            thread::yield_now();
        }
        for _ in 0..2 * WAITING {
            watcher.report(&note("into the void"));
        }
        watcher.finish();
    }
}
