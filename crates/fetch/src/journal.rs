//! The archive's own thread: pages go in through a bounded channel, so a slow disk slows requests down and memory holds
//! no more than the pages in flight.

use std::thread::JoinHandle;

use asana_archive::{Body, Entry, File, Page, Writer};
use asana_model::FileOutcome;
use tokio::sync::{mpsc, oneshot};

use crate::FetchError;
use crate::traffic::Traffic;

/// Pages that may wait for the disk: about twice those in flight.
const WAITING: usize = 80;

/// Pages that are handed to the operating system together, at the latest, so that no more than these are lost when the
/// process is killed. Frames of few pages compress worse: the archive of a run at a paid plan's 25 pages a second, which
/// syncs each second, grows by a fifth; with a frame for each page it would double.
const KEPT_BACK: usize = 8;

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
    Page(ReceivedPage),
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
    thread: JoinHandle<Result<Writer, asana_archive::Error>>,
}

impl Journal {
    pub(crate) fn start(writer: Writer) -> Result<Self, FetchError> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("archive".to_owned())
            .spawn(move || write(writer, receiver))
            .map_err(FetchError::Thread)?;
        Ok(Self(Some(Archiving { sender, thread })))
    }

    /// One that keeps nothing.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    async fn send(&self, message: Message) -> Result<(), Closed> {
        match &self.0 {
            Some(archiving) => archiving.sender.send(message).await.map_err(|_| Closed),
            None => Ok(()),
        }
    }

    /// Hands a page over. When it returns, the page is on its way in order; it is durable after the next sync.
    pub(crate) async fn page(&self, page: ReceivedPage) -> Result<(), Closed> {
        self.send(Message::Page(page)).await
    }

    /// Hands over what became of a file.
    pub(crate) async fn file(&self, note: FileNote) -> Result<(), Closed> {
        self.send(Message::File(note)).await
    }

    pub(crate) async fn sync(&self) -> Result<(), Closed> {
        self.send(Message::Sync(None)).await
    }

    /// Returns when everything handed over so far is in the archive's files.
    pub(crate) async fn synced(&self) -> Result<(), Closed> {
        let (done, is_done) = oneshot::channel();
        self.send(Message::Sync(Some(done))).await?;
        if self.0.is_some() { is_done.await.map_err(|_| Closed) } else { Ok(()) }
    }

    pub(crate) async fn end(&self, traffic: Traffic) -> Result<(), Closed> {
        self.send(Message::End(traffic)).await
    }

    /// Waits until everything is written and seals the archive.
    ///
    /// # Errors
    /// What went wrong in the thread, be it long ago.
    pub(crate) async fn seal(self) -> Result<(), FetchError> {
        let Some(Archiving { sender, thread }) = self.0 else { return Ok(()) };
        drop(sender);
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        match joined {
            Ok(Ok(writer)) => Ok(writer?.seal().map(drop)?),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(FetchError::Thread(std::io::Error::other(error))),
        }
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
    let mut kept_back = 0;
    while let Some(message) = receiver.blocking_recv() {
        kept_back = if matches!(message, Message::Page(_)) { kept_back + 1 } else { 0 };
        match message {
            Message::Page(page) => {
                let at = jiff::Timestamp::now();
                writer.append(&Entry::Page(Page {
                    listing: page.listing.into(),
                    parent: page.parent.map(Into::into),
                    variant: page.variant.map(Into::into),
                    page: page.page,
                    first: page.first,
                    last: page.last,
                    path: page.path.into(),
                    at: format!("{at:.3}").into(),
                    status: page.status,
                    body: body(&page.body, page.is_json),
                }))?;
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
        if kept_back == KEPT_BACK {
            writer.flush()?;
            kept_back = 0;
        }
    }
    Ok(writer)
}
