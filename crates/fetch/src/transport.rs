//! Sends one request and reads its answer. The only file that makes requests.
//!
//! What comes back is bounded in every way: bytes, after decompression; time without a byte; time in all. What kept an
//! answer from coming is told apart here, because the user has to do different things about it.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use crate::clock::{http_date, retry_after};
use crate::page;
use crate::retry::{Attempt, Obstacle};
use crate::{FetchError, Token};

/// A larger answer than any page of a hundred records is refused rather than buffered without end.
const LARGEST_BODY: usize = 64 << 20;
/// What a `Content-Length` is believed before the bytes are there: forty answers at once may each claim anything.
const BELIEVED_LENGTH: usize = 1 << 20;
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Without a byte for this long, an answer is given up.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// However steadily it drips, an answer that takes longer than this is given up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5 * 60);
pub(crate) const USER_AGENT: &str = concat!("asana-workspace/", env!("CARGO_PKG_VERSION"));
const REDIRECTS: usize = 3;
const ASANA_CHANGE: HeaderName = HeaderName::from_static("asana-change");

#[derive(Debug)]
pub(crate) struct Transport(reqwest::Client);

/// One attempt's outcome.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) attempt: Attempt,
    pub(crate) status: Option<u16>,
    pub(crate) body: Vec<u8>,
    /// What the answer says about itself.
    pub(crate) date: Option<Timestamp>,
    /// Changes of the API that it announces, as the headers have them: nearly always the same.
    pub(crate) changes: Vec<HeaderValue>,
}

impl Received {
    fn broken(reason: String, obstacle: Obstacle) -> Self {
        let attempt = Attempt::Broken { reason, obstacle };
        Self { attempt, status: None, body: Vec::new(), date: None, changes: Vec::new() }
    }
}

impl From<reqwest::Error> for Received {
    fn from(error: reqwest::Error) -> Self {
        // The address may be long, and an offset token is nobody's business.
        let error = error.without_url();
        Received::broken(chain(&error), obstacle(&error))
    }
}

impl Transport {
    /// # Errors
    /// When the token cannot be sent, or no certificates are found.
    pub(crate) fn new(base: &Url, token: &Token) -> Result<Self, FetchError> {
        // A second installation is refused and means that the first stands.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, token.header()?);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let home = base.clone();
        let mut builder = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            // The library would resend some requests unseen by the quota.
            .retry(reqwest::retry::never())
            // The token goes to Asana's host only, so a redirect may not leave it.
            .redirect(reqwest::redirect::Policy::custom(move |attempt| {
                if is_same_origin(attempt.url(), &home) && attempt.previous().len() <= REDIRECTS {
                    attempt.follow()
                } else {
                    attempt.stop()
                }
            }));
        if base.scheme() == "http" {
            // Without this, a machine without certificates could not even talk to itself.
            builder = builder.tls_certs_only([]).no_proxy();
        }
        builder.build().map(Self).map_err(|error| FetchError::Client(chain(&error)))
    }

    /// Sends once. Whatever happens is an outcome.
    pub(crate) async fn send(&self, url: Url) -> Received {
        within(ANSWER_TIMEOUT, async {
            match self.0.get(url).send().await {
                Ok(response) => receive(response).await,
                Err(error) => error.into(),
            }
        })
        .await
    }
}

fn is_same_origin(url: &Url, home: &Url) -> bool {
    (url.scheme(), url.host_str(), url.port_or_known_default())
        == (home.scheme(), home.host_str(), home.port_or_known_default())
}

/// Gives up an answer that takes longer.
async fn within(limit: Duration, answer: impl Future<Output = Received>) -> Received {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
        let reason = format!("an answer that is not complete after {} s", limit.as_secs());
        Received::broken(reason, Obstacle::Timeout)
    })
}

async fn receive(mut response: reqwest::Response) -> Received {
    let status = response.status().as_u16();
    let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let date = header(DATE).and_then(http_date);
    let retry_after = retry_after(header(RETRY_AFTER), date);
    let changes = response.headers().get_all(ASANA_CHANGE).iter().cloned().collect();
    let received = |attempt, body| Received { attempt, status: Some(status), body, date, changes };
    match collect(response.content_length(), &mut response).await {
        Ok(body) => {
            // What a successful answer says is read once, by whoever takes it apart.
            let refused = !(200..300).contains(&status);
            let text = std::str::from_utf8(&body).ok().filter(|_| refused);
            let message = text.and_then(page::error_message);
            received(Attempt::Answered { status, retry_after, message }, body)
        }
        Err(Unread::Broken(error)) => error.into(),
        Err(Unread::TooLarge) => {
            let reason = format!("an answer of more than {} MiB", LARGEST_BODY >> 20);
            received(Attempt::TooLarge { reason }, Vec::new())
        }
    }
}

/// A body as it comes in.
trait Chunks {
    type Error;

    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, Self::Error>> + Send;
}

impl Chunks for reqwest::Response {
    type Error = reqwest::Error;

    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, Self::Error>> + Send {
        self.chunk()
    }
}

/// Why a body was not read to its end.
#[derive(Debug, PartialEq, Eq)]
enum Unread<E> {
    Broken(E),
    TooLarge,
}

/// Reads a body to its end, up to [`LARGEST_BODY`]; `length` is what it claims to be.
async fn collect<C: Chunks>(length: Option<u64>, chunks: &mut C) -> Result<Vec<u8>, Unread<C::Error>> {
    let claimed = length.and_then(|length| usize::try_from(length).ok());
    if claimed.is_some_and(|length| length > LARGEST_BODY) {
        return Err(Unread::TooLarge);
    }
    let mut body = Vec::with_capacity(claimed.unwrap_or(16 << 10).min(BELIEVED_LENGTH));
    while let Some(chunk) = chunks.next().await.map_err(Unread::Broken)? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(Unread::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What an error is about, by its causes.
fn obstacle(error: &reqwest::Error) -> Obstacle {
    let causes = || std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    if causes().any(is_tls) {
        Obstacle::Tls
    } else if causes().any(|cause| cause.to_string().contains("tunnel")) {
        Obstacle::Proxy
    } else if error.is_dns() {
        Obstacle::Dns
    } else if error.is_timeout() && !error.is_connect() {
        Obstacle::Timeout
    } else {
        Obstacle::Connection
    }
}

fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    // An I/O error names the causes of what it wraps, and not what it wraps, which may be another one.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_tls(inner))
}

/// An error with its causes, each said once.
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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Reads a body of `chunks` pieces of `size` bytes, each of which takes `pause` to come.
    async fn read(
        length: Option<u64>,
        chunks: usize,
        size: usize,
        pause: Duration,
    ) -> Result<usize, Unread<Infallible>> {
        collect(length, &mut Coming { left: chunks, size, pause }).await.map(|body| body.len())
    }

    struct Coming {
        left: usize,
        size: usize,
        pause: Duration,
    }

    impl Chunks for Coming {
        type Error = Infallible;

        async fn next(&mut self) -> Result<Option<Bytes>, Infallible> {
            tokio::time::sleep(self.pause).await;
            let more = self.left.checked_sub(1);
            self.left = more.unwrap_or_default();
            Ok(more.map(|_| Bytes::from(vec![b' '; self.size])))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_read_up_to_a_bound_whatever_it_claims() {
        let mib = 1 << 20;
        assert_eq!(read(None, 64, mib, Duration::ZERO).await, Ok(64 * mib));
        // A gzip bomb claims nothing: its length is that of the compressed body.
        assert_eq!(read(None, 65, mib, Duration::ZERO).await, Err(Unread::TooLarge));
        assert_eq!(read(Some(65 << 20), 0, 0, Duration::ZERO).await, Err(Unread::TooLarge), "not a byte is read");
        assert_eq!(read(Some(u64::MAX), 0, 0, Duration::ZERO).await, Err(Unread::TooLarge));
        assert_eq!(read(Some(60 << 20), 1, 5, Duration::ZERO).await, Ok(5));
    }

    #[tokio::test]
    async fn a_claim_is_not_memory() {
        let body = collect(Some(60 << 20), &mut Coming { left: 0, size: 0, pause: Duration::ZERO }).await.unwrap();
        assert!(body.capacity() <= BELIEVED_LENGTH, "{}", body.capacity());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_ends_after_five_minutes() {
        let began = tokio::time::Instant::now();
        let dripping = async {
            let body = read(None, 1_000, 1, Duration::from_secs(59)).await;
            Received::broken(format!("{body:?}"), Obstacle::Connection)
        };
        let received = within(ANSWER_TIMEOUT, dripping).await;
        assert_eq!(began.elapsed(), Duration::from_secs(300));
        assert!(matches!(received.attempt, Attempt::Broken { obstacle: Obstacle::Timeout, .. }), "{received:?}");
    }

    #[test]
    fn trouble_with_tls_is_known_however_deep_it_is_wrapped() {
        let wrap = |inner: Box<dyn std::error::Error + Send + Sync>| std::io::Error::other(inner);
        assert!(is_tls(&rustls::Error::DecryptError));
        assert!(is_tls(&wrap(wrap(rustls::Error::DecryptError.into()).into())));
        assert!(!is_tls(&wrap("connection reset".into())));
    }

    #[test]
    fn a_redirect_stays_with_scheme_host_and_port() {
        let home = Url::parse("https://app.asana.com/api/1.0").unwrap();
        let same = |url| is_same_origin(&Url::parse(url).unwrap(), &home);
        assert!(same("https://app.asana.com/other") && same("https://app.asana.com:443/"));
        for other in ["http://app.asana.com/", "https://asana.com/", "https://app.asana.com:8443/", "https://evil/"] {
            assert!(!same(other), "{other}");
        }
    }
}
