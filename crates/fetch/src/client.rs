//! Sends requests to Asana. The only file that makes requests of the API; [`crate::content`] asks for the content of files.
//!
//! Every attempt, retries included, goes through the door in [`crate::limits`]; what an attempt means is decided in
//! [`crate::retry`]; the one loop that waits is here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use asana_model::{Event, Reporter};
use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::limits::{Limits, Quota};
use crate::page;
use crate::request::{Request, base_url};
use crate::retry::{Attempt, Patience, Verdict, judge, retry_after};
use crate::{FetchError, Token};

/// Asana's largest page. Source: <https://developers.asana.com/docs/pagination>
pub const PAGE_SIZE: u32 = 100;
/// A larger answer than any page of a hundred records is refused rather than buffered without end.
const LARGEST_BODY: usize = 64 << 20;
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Without a byte for this long, an answer is given up.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(60);
const REDIRECTS: usize = 3;
pub(crate) const USER_AGENT: &str = concat!("asana-workspace/", env!("CARGO_PKG_VERSION"));
/// Failed attempts at one size after which a smaller page is asked for.
const FAILURES_BEFORE_SMALLER: u32 = 2;

/// How to reach Asana.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// As in `https://app.asana.com/api/1.0`; plain HTTP only to this machine.
    pub base_url: String,
    pub token: Token,
    pub quota: Quota,
    /// Requests in flight, at most [`crate::limits::MOST_IN_FLIGHT`].
    pub concurrency: usize,
}

/// A connection to Asana for one token.
pub struct Client {
    http: reqwest::Client,
    base: Url,
    limits: Limits,
    counters: Counters,
    cancel: CancellationToken,
    reporter: Arc<dyn Reporter>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Counters {
    sent: AtomicU64,
    retried: AtomicU64,
    rejected: AtomicU64,
    in_flight: AtomicUsize,
    peak_in_flight: AtomicUsize,
}

/// What a client did so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Requests, every attempt counted.
    pub sent: u64,
    /// Attempts after a failed one.
    pub retried: u64,
    /// Requests that a limiter rejected (429).
    pub rejected: u64,
    pub peak_in_flight: usize,
}

impl Traffic {
    /// Requests that came to an end, each counted once.
    pub fn answered(self) -> u64 {
        self.sent.saturating_sub(self.retried + self.rejected)
    }

    /// What was added since `earlier`; the peak is that of the whole time.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            sent: self.sent.saturating_sub(earlier.sent),
            retried: self.retried.saturating_sub(earlier.retried),
            rejected: self.rejected.saturating_sub(earlier.rejected),
            peak_in_flight: self.peak_in_flight,
        }
    }
}

/// A final answer to a request.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// What was asked for; `None` for a refusal.
    pub(crate) decoded: Option<T>,
}

/// The end of a request that was not answered for good.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was tried often enough; the server does not manage this one.
    GaveUp { status: Option<u16>, reason: String },
    /// The run cannot go on.
    Fatal(FetchError),
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Failure::Fatal(error)
    }
}

impl Client {
    /// # Errors
    /// When the base address is not one that a token may be sent to, or no certificates are found.
    pub fn new(
        settings: &ClientSettings,
        cancel: CancellationToken,
        reporter: Arc<dyn Reporter>,
    ) -> Result<Self, FetchError> {
        let base = base_url(&settings.base_url)?;
        // A second installation is refused and means that the first stands.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, settings.token.header()?);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let host = base.host_str().map(str::to_owned);
        let scheme = base.scheme().to_owned();
        let mut builder = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            // The library would resend some requests unseen by the quota.
            .retry(reqwest::retry::never())
            // The token goes to Asana's host only, so a redirect may not leave it.
            .redirect(reqwest::redirect::Policy::custom(move |attempt| {
                let same = attempt.url().host_str() == host.as_deref() && attempt.url().scheme() == scheme;
                if same && attempt.previous().len() <= REDIRECTS { attempt.follow() } else { attempt.stop() }
            }));
        if base.scheme() == "http" {
            // Without this, a machine without certificates could not even talk to itself.
            builder = builder.tls_certs_only([]).no_proxy();
        }
        let http = builder.build().map_err(|error| FetchError::Client(chain(&error)))?;
        let limits = Limits::new(settings.quota, settings.concurrency);
        Ok(Self { http, base, limits, counters: Counters::default(), cancel, reporter })
    }

    pub fn traffic(&self) -> Traffic {
        let Counters { sent, retried, rejected, in_flight: _, peak_in_flight } = &self.counters;
        Traffic {
            sent: sent.load(Ordering::Relaxed),
            retried: retried.load(Ordering::Relaxed),
            rejected: rejected.load(Ordering::Relaxed),
            peak_in_flight: peak_in_flight.load(Ordering::Relaxed),
        }
    }

    pub fn set_quota(&self, quota: Quota) {
        self.limits.set_quota(quota);
    }

    pub fn quota(&self) -> Quota {
        self.limits.quota()
    }

    pub(crate) fn base(&self) -> &str {
        self.base.as_str()
    }

    pub(crate) fn base_url(&self) -> &Url {
        &self.base
    }

    pub(crate) fn reporter(&self) -> &Arc<dyn Reporter> {
        &self.reporter
    }

    pub(crate) fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Sends until there is a final answer: a success that `decode` accepts, or a refusal that concerns this request
    /// alone.
    ///
    /// `request.limit` is lowered when the server does not manage a page of that size, and stays lowered.
    pub(crate) async fn get<T>(
        &self,
        request: &mut Request,
        patience: Patience,
        decode: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Result<Answer<T>, Failure> {
        let mut waits = patience.waits();
        let mut failures = 0;
        let mut unmanaged = 0;
        loop {
            let Received { mut attempt, status, body } = self.attempt(request).await?;
            let verdict = match judge(&attempt) {
                Verdict::Success => match decode(&body) {
                    Ok(decoded) => {
                        self.limits.passed();
                        return Ok(Answer { status: status.unwrap_or_default(), body, decoded: Some(decoded) });
                    }
                    Err(found) if !patience.retry_undecodable => {
                        return Err(FetchError::NotAsana { url: self.base.to_string(), found }.into());
                    }
                    Err(reason) => {
                        attempt = Attempt::Undecodable { reason };
                        judge(&attempt)
                    }
                },
                verdict => verdict,
            };
            let (reason, smaller) = match verdict {
                Verdict::Success | Verdict::Refusal => {
                    return Ok(Answer { status: status.unwrap_or_default(), body, decoded: None });
                }
                Verdict::Unauthorized => return Err(FetchError::Unauthorized { message: attempt.message() }.into()),
                Verdict::Blocked => return Err(FetchError::Blocked { message: attempt.message() }.into()),
                Verdict::Pause(wait) => {
                    self.counters.rejected.fetch_add(1, Ordering::Relaxed);
                    self.limits.rejected(wait);
                    self.reporter.report(&Event::Paused { wait });
                    continue;
                }
                Verdict::Retry { reason, smaller } => (reason, smaller),
            };
            failures += 1;
            if failures >= patience.attempts {
                return Err(match status {
                    None => {
                        let url = self.base.to_string();
                        FetchError::Unreachable { url, attempts: failures, reason }.into()
                    }
                    status => Failure::GaveUp { status, reason },
                });
            }
            unmanaged += u32::from(smaller);
            if smaller && unmanaged >= FAILURES_BEFORE_SMALLER {
                request.limit = request.limit.map(|limit| (limit / 2).max(1));
            }
            self.wait_to_retry(request, reason, waits.next(fastrand::f64())).await?;
        }
    }

    async fn wait_to_retry(&self, request: &Request, reason: String, wait: Duration) -> Result<(), FetchError> {
        self.counters.retried.fetch_add(1, Ordering::Relaxed);
        self.reporter.report(&Event::Retried { path: request.path(), reason, wait });
        tokio::select! {
            () = self.cancel.cancelled() => Err(FetchError::Cancelled),
            () = tokio::time::sleep(wait) => Ok(()),
        }
    }

    /// Sends once, when the limits allow.
    async fn attempt(&self, request: &Request) -> Result<Received, FetchError> {
        let permit = self.limits.admit(request.search, &self.cancel).await?;
        let in_flight = self.counters.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        self.counters.peak_in_flight.fetch_max(in_flight, Ordering::Relaxed);
        self.counters.sent.fetch_add(1, Ordering::Relaxed);
        self.reporter.report(&Event::RequestSent);
        let received = self.send(request).await;
        self.counters.in_flight.fetch_sub(1, Ordering::Relaxed);
        drop(permit);
        Ok(received)
    }

    async fn send(&self, request: &Request) -> Received {
        let broken = |error: &reqwest::Error| Received {
            attempt: Attempt::Broken { reason: chain(error), timeout: error.is_timeout() && !error.is_connect() },
            status: None,
            body: Vec::new(),
        };
        let mut response = match self.http.get(request.url(&self.base)).send().await {
            Ok(response) => response,
            Err(error) => return broken(&error.without_url()),
        };
        let status = response.status().as_u16();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let retry_after = retry_after(header(RETRY_AFTER));
        let location = header(LOCATION).map(str::to_owned);
        let mut body = Vec::with_capacity(
            response
                .content_length()
                .map_or(16 << 10, |length| usize::try_from(length).unwrap_or(LARGEST_BODY).min(LARGEST_BODY)),
        );
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > LARGEST_BODY => {
                    let reason = format!("an answer of more than {} MiB", LARGEST_BODY >> 20);
                    return Received {
                        attempt: Attempt::Undecodable { reason },
                        status: Some(status),
                        body: Vec::new(),
                    };
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return broken(&error.without_url()),
            }
        }
        let message = match location {
            Some(_) if (300..400).contains(&status) => "a redirect to another host".to_owned(),
            _ => std::str::from_utf8(&body).ok().and_then(page::error_message).unwrap_or_default(),
        };
        Received { attempt: Attempt::Answered { status, retry_after, message }, status: Some(status), body }
    }
}

/// One attempt's outcome.
#[derive(Debug)]
struct Received {
    attempt: Attempt,
    status: Option<u16>,
    body: Vec<u8>,
}

/// An error with its causes, and without the request's address, which may be long.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
