//! The archive's own thread: pages go in through a bounded channel, so a slow disk slows requests down and memory holds
//! no more than the pages in flight.

use std::thread::JoinHandle;

use asana_archive::{Body, Entry, File, Page, Writer};
use asana_model::FileOutcome;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::FetchError;
use crate::traffic::Traffic;

/// Pages that are handed to the operating system together, at the latest, so that no more than these are lost when the
/// process is killed. Frames of few pages compress worse: the archive of a run at a paid plan's 25 pages a second, which
/// syncs each second, grows by a fifth; with a frame for each page it would double.
const KEPT_BACK: usize = 8;
/// Lots of so many pages that may wait for the disk: about twice the pages in flight.
const WAITING: usize = 10;

/// A page on its way to the archive.
#[derive(Debug)]
pub(crate) struct ReceivedPage {
    pub(crate) listing: &'static str,
    pub(crate) parent: Option<String>,
    pub(crate) variant: Option<String>,
    pub(crate) page: u64,
    pub(crate) first: u64,
    pub(crate) last: bool,
    pub(crate) path: String,
    /// When it was received.
    pub(crate) at: Timestamp,
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// It was taken apart, so it is JSON.
    pub(crate) is_json: bool,
}

/// What became of a file, on its way to the archive.
#[derive(Debug)]
pub(crate) struct FileNote {
    pub(crate) of: &'static str,
    pub(crate) gid: String,
    pub(crate) outcome: FileOutcome,
    /// Relative to the export's folder.
    pub(crate) path: Option<String>,
    pub(crate) bytes: Option<u64>,
    pub(crate) sha256: Option<String>,
    pub(crate) http_status: Option<u16>,
    pub(crate) reason: Option<String>,
}

enum Message {
    Pages(Vec<ReceivedPage>),
    File(FileNote),
    End(Traffic),
    /// With whom to tell when it is done, if anybody waits.
    Sync(Option<oneshot::Sender<()>>),
}

/// Where pages go.
#[derive(Debug)]
pub(crate) struct Journal(Option<Archiving>);

#[derive(Debug)]
struct Archiving {
    sender: mpsc::Sender<Message>,
    /// Pages that are not handed over yet: fewer than [`KEPT_BACK`]. The thread would keep them back as well, and be woken
    /// for each.
    pages: Vec<ReceivedPage>,
    thread: JoinHandle<Result<Writer, asana_archive::Error>>,
}

impl Journal {
    pub(crate) fn start(writer: Writer) -> Result<Self, FetchError> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("archive".to_owned())
            .spawn(move || write(writer, receiver))
            .map_err(FetchError::Thread)?;
        Ok(Self(Some(Archiving { sender, pages: Vec::with_capacity(KEPT_BACK), thread })))
    }

    /// One that keeps nothing.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Sends a message behind all pages so far.
    async fn send(&mut self, message: Message) -> Result<(), Closed> {
        let Some(archiving) = &mut self.0 else { return Ok(()) };
        archiving.hand_over().await?;
        archiving.sender.send(message).await.map_err(|_| Closed)
    }

    /// Takes a page in. Pages keep their order; one is durable after the next sync.
    pub(crate) async fn page(&mut self, page: ReceivedPage) -> Result<(), Closed> {
        let Some(archiving) = &mut self.0 else { return Ok(()) };
        archiving.pages.push(page);
        if archiving.pages.len() == KEPT_BACK { archiving.hand_over().await } else { Ok(()) }
    }

    /// Hands over what became of a file.
    pub(crate) async fn file(&mut self, note: FileNote) -> Result<(), Closed> {
        self.send(Message::File(note)).await
    }

    pub(crate) async fn sync(&mut self) -> Result<(), Closed> {
        self.send(Message::Sync(None)).await
    }

    /// Returns when everything handed over so far is in the archive's files.
    pub(crate) async fn synced(&mut self) -> Result<(), Closed> {
        let (done, is_done) = oneshot::channel();
        self.send(Message::Sync(Some(done))).await?;
        if self.0.is_some() { is_done.await.map_err(|_| Closed) } else { Ok(()) }
    }

    pub(crate) async fn end(&mut self, traffic: Traffic) -> Result<(), Closed> {
        self.send(Message::End(traffic)).await
    }

    /// Waits until everything is written and seals the archive.
    ///
    /// # Errors
    /// What went wrong in the thread, be it long ago.
    pub(crate) async fn seal(self) -> Result<(), FetchError> {
        let Some(mut archiving) = self.0 else { return Ok(()) };
        // If the thread stopped, it says why.
        let _told_below = archiving.hand_over().await;
        let Archiving { sender, thread, .. } = archiving;
        drop(sender);
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        match joined {
            Ok(Ok(writer)) => Ok(writer?.seal().map(drop)?),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(FetchError::Thread(std::io::Error::other(error))),
        }
    }
}

impl Archiving {
    async fn hand_over(&mut self) -> Result<(), Closed> {
        if self.pages.is_empty() {
            return Ok(());
        }
        let pages = std::mem::replace(&mut self.pages, Vec::with_capacity(KEPT_BACK));
        self.sender.send(Message::Pages(pages)).await.map_err(|_| Closed)
    }
}

/// The archive's thread stopped; sealing the journal says why.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closed;

/// The body without a second look at what is known to be JSON.
fn body(bytes: &[u8], is_json: bool) -> Body<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_json => Body::Json(text.trim_ascii()),
        _ => Body::received(bytes),
    }
}

fn write(mut writer: Writer, mut receiver: mpsc::Receiver<Message>) -> Result<Writer, asana_archive::Error> {
    while let Some(message) = receiver.blocking_recv() {
        match message {
            Message::Pages(pages) => {
                let is_full = pages.len() >= KEPT_BACK;
                pages.into_iter().try_for_each(|page| append(&mut writer, page))?;
                // With fewer than that comes a message after which they are written.
                if is_full {
                    writer.flush()?;
                }
            }
            Message::File(note) => {
                writer.append(&Entry::File(File {
                    of: note.of.into(),
                    gid: note.gid.into(),
                    outcome: note.outcome.label().into(),
                    path: note.path.map(Into::into),
                    bytes: note.bytes,
                    sha256: note.sha256.map(Into::into),
                    at: format!("{:.3}", jiff::Timestamp::now()).into(),
                    http_status: note.http_status,
                    reason: note.reason.map(Into::into),
                }))?;
                // A file costs more to fetch again than a page: what is noted survives the process.
                writer.flush()?;
            }
            Message::End(traffic) => writer.append_end(&traffic)?,
            Message::Sync(waits) => {
                writer.sync()?;
                // Whoever waited may be gone.
                waits.map(|waits| waits.send(()).ok());
            }
        }
    }
    Ok(writer)
}

fn append(writer: &mut Writer, page: ReceivedPage) -> Result<(), asana_archive::Error> {
    writer.append(&Entry::Page(Page {
        listing: page.listing.into(),
        parent: page.parent.map(Into::into),
        variant: page.variant.map(Into::into),
        page: page.page,
        first: page.first,
        last: page.last,
        path: page.path.into(),
        at: format!("{:.3}", page.at).into(),
        status: page.status,
        body: body(&page.body, page.is_json),
    }))
}

#[cfg(test)]
mod tests {
    use asana_archive::Reader;

    use super::*;

    fn page(number: u64) -> ReceivedPage {
        ReceivedPage {
            listing: "tags",
            parent: None,
            variant: None,
            page: number,
            first: 0,
            last: false,
            path: "/tags".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            status: 200,
            body: format!("[{number}]\n").into_bytes(),
            is_json: true,
        }
    }

    /// The numbers of the pages in the archive's files.
    fn written(archive: &std::path::Path) -> Vec<u64> {
        let mut reader = Reader::open_recovering(archive).unwrap();
        let mut pages = Vec::new();
        while let Some(entry) = reader.next_entry().unwrap() {
            if let Entry::Page(page) = entry {
                assert_eq!(page.body.as_str(), format!("[{}]", page.page));
                assert_eq!(page.at, "1970-01-01T00:00:00.000Z");
                pages.push(page.page);
            }
        }
        pages
    }

    #[tokio::test]
    async fn pages_are_written_in_order_and_only_a_few_are_kept_back() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::start(Writer::open(dir.path()).unwrap().0).unwrap();
        let all: Vec<u64> = (0..KEPT_BACK as u64 * 3 + 2).collect();
        for number in &all {
            journal.page(page(*number)).await.unwrap();
        }
        let full = KEPT_BACK * 3;
        while written(dir.path()).len() < full {
            tokio::task::yield_now().await;
        }
        assert_eq!(written(dir.path()), all[..full], "as soon as there are enough of them");
        journal.synced().await.unwrap();
        assert_eq!(written(dir.path()), all, "when somebody asks for it");
        journal.page(page(99)).await.unwrap();
        journal.seal().await.unwrap();
        assert_eq!(written(dir.path()).last(), Some(&99), "at the end");
    }
}
