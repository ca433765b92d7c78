//! The content of one file: asked for without the token, streamed to the disk, counted and summed on the way.
//!
//! An address of content is a credential: whoever has it has the file, until it dies minutes later. So it stands in no
//! message, and the API's token, which would be another, is not known here at all.
//! Source: <https://developers.asana.com/reference/getattachment>

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{DATE, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Response, Url};
use sha2::{Digest, Sha256};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;

use crate::FetchError;
use crate::address::{Guarded, NotAllowed, Reach, proxies};
use crate::clock::{http_date, retry_after};
use crate::transport::{CONNECT_TIMEOUT, READ_TIMEOUT, USER_AGENT, chain};

/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// How the names of unfinished files end; they begin with a dot.
pub(crate) const PARTIAL: &str = ".partial";

/// Asks for content.
pub(crate) struct Contents {
    http: reqwest::Client,
    reach: Reach,
}

/// How large a file should and may be, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) size: Option<u64>,
    pub(crate) largest: Option<u64>,
}

/// A file that is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) bytes: u64,
    /// Lower-case hexadecimal.
    pub(crate) sha256: String,
}

/// Why a file is not there.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Perhaps it goes better with a fresh address, after `wait` if the server asked for that.
    Again {
        status: Option<u16>,
        reason: String,
        wait: Option<Duration>,
    },
    /// The address is one that is not connected to.
    NotAllowed(NotAllowed),
    TooLarge,
    /// It cannot be kept on this machine.
    Disk(FetchError),
}

impl Contents {
    /// `base`: the API's address.
    ///
    /// # Errors
    /// When no certificates are found.
    pub(crate) fn new(base: &Url) -> Result<Self, FetchError> {
        let reach = Reach::of_base(base);
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .retry(reqwest::retry::never())
            // The address would be told to whom it leads to.
            .referer(false)
            // The bytes are kept as they are.
            .no_gzip()
            .dns_resolver(Arc::new(Guarded { reach, proxies: proxies() }))
            .redirect(Policy::custom(move |attempt: Attempt<'_>| {
                if attempt.previous().len() > REDIRECTS {
                    return attempt.error(NotAllowed("it is redirected too often"));
                }
                match reach.check(attempt.url()) {
                    Ok(()) => attempt.follow(),
                    Err(not_allowed) => attempt.error(not_allowed),
                }
            }));
        builder = match reach {
            Reach::Public => builder.https_only(true),
            Reach::AndThisMachine => builder.tls_certs_only([]).no_proxy(),
        };
        Ok(Self { http: builder.build().map_err(|error| FetchError::Client(chain(&error)))?, reach })
    }

    /// Fetches what is at `address` into the file `to`, which appears whole or not at all.
    pub(crate) async fn fetch(&self, address: &str, to: &Path, bounds: Bounds) -> Result<Stored, Trouble> {
        let url = Url::parse(address).map_err(|_| Trouble::NotAllowed(NotAllowed("its address is none")))?;
        self.reach.check(&url).map_err(Trouble::NotAllowed)?;
        let response = self.http.get(url).send().await.map_err(trouble)?;
        let status = response.status();
        if !status.is_success() {
            // Not the body: it may repeat the address.
            let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
            let wait = retry_after(header(RETRY_AFTER), header(DATE).and_then(http_date));
            let reason = format!("the server of files answered {}", status.as_u16());
            return Err(Trouble::Again { status: Some(status.as_u16()), reason, wait });
        }
        let mut partial = Partial::create(to).await.map_err(Trouble::Disk)?;
        let stored = receive(response, &mut partial, bounds).await?;
        partial.commit(to).await.map_err(Trouble::Disk)?;
        Ok(stored)
    }
}

async fn receive(mut response: Response, partial: &mut Partial, bounds: Bounds) -> Result<Stored, Trouble> {
    let again = |reason| Trouble::Again { status: None, reason, wait: None };
    let (mut bytes, mut sum) = (0_u64, Sha256::new());
    while let Some(chunk) = response.chunk().await.map_err(trouble)? {
        bytes += chunk.len() as u64;
        if bounds.largest.is_some_and(|largest| bytes > largest) {
            return Err(Trouble::TooLarge);
        }
        if let Some(size) = bounds.size.filter(|size| bytes > *size) {
            return Err(again(format!("more than the {size} bytes that it should have were sent")));
        }
        sum.update(&chunk);
        partial.write(&chunk).await.map_err(Trouble::Disk)?;
    }
    match bounds.size {
        Some(size) if bytes < size => Err(again(format!("{bytes} of {size} bytes were sent"))),
        _ => Ok(Stored { bytes, sha256: hexadecimal(&sum.finalize()) }),
    }
}

/// What an error of the library means, in words without the address.
fn trouble(error: reqwest::Error) -> Trouble {
    let error = error.without_url();
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(not_allowed) = cause.downcast_ref::<NotAllowed>() {
            return Trouble::NotAllowed(*not_allowed);
        }
        source = cause.source();
    }
    Trouble::Again { status: None, reason: chain(&error), wait: None }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |text, byte| text + &format!("{byte:02x}"))
}

/// A file in the making, for its owner alone. Dropped before it is committed, it leaves nothing.
#[derive(Debug)]
struct Partial {
    path: PathBuf,
    file: File,
    is_committed: bool,
}

impl Partial {
    async fn create(to: &Path) -> Result<Self, FetchError> {
        let path = partial_of(to);
        // Whatever has the name is left from a run that was cut off, and may not be written through.
        if let Err(error) = fs::remove_file(&path).await
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(failed("remove", &path)(error));
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await.map_err(failed("create", &path))?;
        Ok(Self { path, file, is_committed: false })
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.file.write_all(bytes).await.map_err(failed("write", &self.path))
    }

    /// Puts everything on the disk and gives the file its name.
    async fn commit(mut self, to: &Path) -> Result<(), FetchError> {
        self.file.flush().await.map_err(failed("write", &self.path))?;
        self.file.sync_all().await.map_err(failed("write", &self.path))?;
        fs::rename(&self.path, to).await.map_err(failed("rename", &self.path))?;
        self.is_committed = true;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_committed {
            // The next run removes what cannot be removed now.
            drop(std::fs::remove_file(&self.path));
        }
    }
}

/// The name of a file in the making.
fn partial_of(to: &Path) -> PathBuf {
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    to.with_file_name(format!(".{name}{PARTIAL}"))
}

/// For `map_err`: what was tried with which file.
pub(crate) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FetchError + use<> {
    let path = path.to_owned();
    move |source| FetchError::File { action, path, source }
}
