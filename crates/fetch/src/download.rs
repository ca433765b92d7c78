//! Downloads the files that records stand for, once every listing is read.
//!
//! What there is to download the archive tells, and what became of each file goes there too: so a run that was cut off
//! goes on with the files that it lacks. A file that cannot be had is a gap, not a failure.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use asana_model::catalog::{Files, RESOURCES};
use asana_model::raw::Object;
use asana_model::{Event, FileOutcome};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::FetchError;
use crate::client::{Client, Failure};
use crate::content::{Bounds, Contents, PARTIAL, Stored, Trouble, failed};
use crate::crawl::{Running, SYNC_EVERY};
use crate::file_name::file_name;
use crate::journal::{Closed, FileNote};
use crate::page;
use crate::plan::Downloads;
use crate::request::{OptFields, Request};
use crate::retry::Patience;
use crate::wanted::{Survey, Volume, Wanted};

/// Files in flight at once. The servers of files are no part of the API, and its limits do not count them as far as is
/// known; this is what a browser would do.
const AT_ONCE: usize = 8;
/// Wanted files that wait for their turn.
const WAITING: usize = 32;
/// Attempts at one file, each with a fresh address.
const PATIENCE: Patience = Patience { attempts: 3, ..Patience::RUN };
/// No server of files is waited for longer, whatever it asks for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What a download needs to know, shared by all of them.
struct Downloader {
    client: Arc<Client>,
    contents: Contents,
    /// The export's folder.
    folder: PathBuf,
    downloads: Downloads,
    /// Asana's words, once it said that the plan has no downloads: nobody else asks then.
    refused: OnceLock<String>,
    cancel: CancellationToken,
}

/// A download that came to its end.
struct Done {
    wanted: Wanted,
    /// Requests of the API that came to their end.
    asked: u64,
    became: Result<Became, FetchError>,
}

/// What became of a file.
enum Became {
    Stored { path: String, stored: Stored },
    TooLarge { bytes: Option<u64> },
    Failed { status: Option<u16>, reason: String },
}

impl Running {
    /// Downloads every file that the archive's records stand for and that is not there yet.
    pub(crate) async fn download(&mut self, survey: Survey, downloads: Downloads) -> Result<(), Closed> {
        self.journal.synced().await?;
        let (survey, known) = match prepare(survey).await {
            Ok(prepared) => prepared,
            Err(error) => {
                self.stop(error);
                return Ok(());
            }
        };
        let Volume { files, bytes } = known.wanted;
        self.outlook.files.left = Some(files);
        self.client.reporter().report(&Event::FilesFound { files, bytes });
        self.report_expected();
        let cancel = self.client.cancel().child_token();
        let contents = match Contents::new(self.client.base_url()) {
            Ok(contents) => contents,
            Err(error) => {
                self.stop(error);
                return Ok(());
            }
        };
        let folder = survey.folder.clone();
        let downloader = Arc::new(Downloader {
            client: Arc::clone(&self.client),
            contents,
            folder: folder.clone(),
            downloads,
            refused: OnceLock::new(),
            cancel,
        });
        let (sender, wanted) = mpsc::channel(WAITING);
        let reading = tokio::task::spawn_blocking(move || survey.each(&known, |one| sender.blocking_send(one).is_ok()));
        self.all(downloader, wanted).await?;
        match reading.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.stop(error.into()),
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
        if let Err(error) = make_durable(&folder).await {
            self.stop(error);
        }
        Ok(())
    }

    async fn all(&mut self, downloader: Arc<Downloader>, mut wanted: mpsc::Receiver<Wanted>) -> Result<(), Closed> {
        let mut in_flight: FuturesUnordered<JoinHandle<Done>> = FuturesUnordered::new();
        let mut is_open = true;
        let client = Arc::clone(&self.client);
        let cancel = client.cancel().clone();
        let mut sync = tokio::time::interval(SYNC_EVERY);
        sync.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let goes_on = is_open && self.stopped.is_none();
            if in_flight.is_empty() && !goes_on {
                return Ok(());
            }
            tokio::select! {
                one = wanted.recv(), if goes_on && in_flight.len() < AT_ONCE => match one {
                    Some(one) => in_flight.push(tokio::spawn(Arc::clone(&downloader).run(one))),
                    None => is_open = false,
                },
                Some(done) = in_flight.next() => match done {
                    Ok(done) => self.downloaded(done, &downloader.cancel).await?,
                    Err(panic) => std::panic::resume_unwind(panic.into_panic()),
                },
                _ = sync.tick() => {
                    self.report_expected();
                    self.journal.sync().await?;
                }
                () = cancel.cancelled(), if self.stopped.is_none() => self.stop(FetchError::Cancelled),
                reason = client.gets_nowhere(), if self.stopped.is_none() => self.stop(reason),
            }
        }
    }

    async fn downloaded(&mut self, done: Done, cancel: &CancellationToken) -> Result<(), Closed> {
        let Done { wanted, asked, became } = done;
        self.outlook.ended += asked;
        let became = match became {
            Ok(became) => became,
            Err(error) => {
                self.stop(error);
                // What stops one stops all: each of them can be had again.
                cancel.cancel();
                return Ok(());
            }
        };
        self.outlook.files.left = self.outlook.files.left.map(|left| left.saturating_sub(1));
        let of = RESOURCES.get(wanted.resource).map_or("", |resource| resource.name);
        let gid = wanted.file.gid;
        let blank = FileNote {
            of,
            gid,
            outcome: FileOutcome::Failed,
            path: None,
            bytes: None,
            sha256: None,
            http_status: None,
            reason: None,
        };
        let reporter = self.client.reporter();
        let note = match became {
            Became::Stored { path, stored: Stored { bytes, sha256 } } => {
                reporter.report(&Event::FileStored { bytes });
                let (path, bytes, sha256) = (Some(path), Some(bytes), Some(sha256));
                FileNote { outcome: FileOutcome::Stored, path, bytes, sha256, ..blank }
            }
            Became::TooLarge { bytes } => FileNote { outcome: FileOutcome::TooLarge, bytes, ..blank },
            Became::Failed { status: http_status, reason } => {
                reporter.report(&Event::GapFound {
                    resource: of,
                    parent_gid: Some(blank.gid.clone()),
                    http_status,
                    reason: format!("its file could not be downloaded: {reason}"),
                });
                FileNote { http_status, reason: Some(reason), ..blank }
            }
        };
        self.journal.file(note).await
    }
}

/// Finds out what is to be done, makes the folders for it, and removes what an interrupted run left unfinished.
async fn prepare(survey: Survey) -> Result<(Survey, crate::wanted::Known), FetchError> {
    let prepared = tokio::task::spawn_blocking(move || {
        let known = survey.first()?;
        for name in &survey.resources {
            let files = RESOURCES.iter().find(|one| one.name == *name).and_then(|resource| resource.files());
            if let Some(files) = files {
                make_folder(&survey.folder.join(files.folder))?;
            }
        }
        Ok((survey, known))
    });
    match prepared.await {
        Ok(prepared) => prepared,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

/// A folder for its owner alone, without unfinished files.
fn make_folder(path: &Path) -> Result<(), FetchError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(failed("create", path))?;
    for entry in std::fs::read_dir(path).map_err(failed("read", path))? {
        let entry = entry.map_err(failed("read", path))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') && name.ends_with(PARTIAL) {
            std::fs::remove_file(entry.path()).map_err(failed("remove", &entry.path()))?;
        }
    }
    Ok(())
}

/// Makes the names of files survive a power cut, where the system knows such a thing.
async fn make_durable(folder: &Path) -> Result<(), FetchError> {
    if !cfg!(unix) {
        return Ok(());
    }
    for files in RESOURCES.iter().filter_map(|resource| resource.files()) {
        let path = folder.join(files.folder);
        let synced = match tokio::fs::File::open(&path).await {
            Ok(folder) => folder.sync_all().await,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        };
        synced.map_err(failed("write", &path))?;
    }
    Ok(())
}

impl Downloader {
    async fn run(self: Arc<Self>, wanted: Wanted) -> Done {
        let mut asked = 0;
        let became = tokio::select! {
            () = self.cancel.cancelled() => Err(FetchError::Cancelled),
            became = self.download(&wanted, &mut asked) => became,
        };
        Done { wanted, asked, became }
    }

    async fn download(&self, wanted: &Wanted, asked: &mut u64) -> Result<Became, FetchError> {
        let failed = |status, reason: &str| Ok(Became::Failed { status, reason: reason.to_owned() });
        let Some(files) = RESOURCES.get(wanted.resource).and_then(|resource| resource.files()) else {
            return failed(None, "its records stand for no files");
        };
        let file = &wanted.file;
        let Some(name) = file_name(&file.gid, &file.name) else { return failed(None, "its gid is none") };
        if !self.downloads.admits(file.size) {
            return Ok(Became::TooLarge { bytes: file.size });
        }
        let path = format!("{}/{name}", files.folder);
        let to = self.folder.join(files.folder).join(&name);
        let bounds = Bounds { size: file.size, largest: self.downloads.largest };
        let mut waits = PATIENCE.waits();
        for attempt in 1.. {
            if let Some(reason) = self.refused.get() {
                return failed(Some(402), reason);
            }
            let mut request = address_of(files, &file.gid);
            *asked += 1;
            let address = match self.address(&mut request, files).await? {
                Ok(address) => address,
                Err(became) => return Ok(became),
            };
            let (status, reason, wait) = match self.contents.fetch(&address, &to, bounds).await {
                Ok(stored) => return Ok(Became::Stored { path, stored }),
                Err(Trouble::TooLarge) => return Ok(Became::TooLarge { bytes: None }),
                Err(Trouble::NotAllowed(not_allowed)) => return failed(None, not_allowed.0),
                Err(Trouble::Disk(error)) => return Err(error),
                Err(Trouble::Again { status, reason, wait }) => (status, reason, wait),
            };
            if attempt >= PATIENCE.attempts {
                return Ok(Became::Failed { status, reason });
            }
            let wait = waits.next(fastrand::f64()).max(wait.unwrap_or_default().min(LONGEST_WAIT));
            self.client.reporter().report(&Event::Retried { path: request.path(), reason, wait });
            tokio::time::sleep(wait).await;
        }
        failed(None, "it was never asked for")
    }

    /// A fresh address of a file's content, or what became of the file without one.
    async fn address(&self, request: &mut Request, files: &Files) -> Result<Result<String, Became>, FetchError> {
        let decode = |body: &[u8]| {
            let envelope = page::decode(body)?;
            let object = envelope.records.first().and_then(|record| Object::parse(record));
            Ok(object.and_then(|object| object.text(files.address).map(std::borrow::Cow::into_owned)))
        };
        let became = |status, reason| Ok(Err(Became::Failed { status, reason }));
        match self.client.get(request, Patience::RUN, decode).await {
            Ok(answer) => match answer.decoded {
                Some(Some(address)) => Ok(Ok(address)),
                Some(None) => became(None, "Asana gives no address for it".to_owned()),
                None => {
                    let said = page::error_message(&String::from_utf8_lossy(&answer.body));
                    let reason = said.filter(|said| !said.is_empty()).unwrap_or_else(|| "no reason given".to_owned());
                    if answer.status == 402 {
                        self.refused.get_or_init(|| reason.clone());
                    }
                    became(Some(answer.status), reason)
                }
            },
            Err(Failure::GaveUp { status, reason }) => became(status, reason),
            Err(Failure::Fatal(error)) => Err(error),
        }
    }
}

/// The question for the address of an object's content.
fn address_of(files: &Files, gid: &str) -> Request {
    let segments = files.path.split('/').filter(|segment| !segment.is_empty());
    Request {
        segments: segments.map(|segment| segment.replace("{gid}", gid).into()).collect(),
        query: Vec::new(),
        opt_fields: Arc::new(OptFields::new(vec![files.address.to_owned()])),
        limit: None,
        page: None,
        offset: None,
        search: false,
    }
}
