//! The host of files: the content of attachments under signed addresses, and no place for a token.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use futures::{StreamExt, stream};
use tokio::net::TcpListener;

use crate::api::files::Signed;
use crate::faults::{Fault, RetryAfter};
use crate::server::Simulation;
use crate::stats::FileStats;
use crate::wire::{Cut, Wires};

/// Bytes of content in one piece.
const PIECE: usize = 16 << 10;

/// What the host of files has seen.
#[derive(Debug, Default)]
pub(crate) struct FileLedger {
    pub(crate) stats: FileStats,
    /// How often each content was asked for, and sent to its end.
    files: HashMap<u64, Times>,
    in_flight: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Times {
    asked: u32,
    served: u32,
}

impl FileLedger {
    pub(crate) fn forget(&mut self) {
        self.stats = FileStats::default();
        self.files.clear();
    }
}

impl Simulation {
    pub(crate) fn file_ledger(&self) -> MutexGuard<'_, FileLedger> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request in flight, until its content is sent or the client has gone.
struct InFlight(Arc<Simulation>);

impl InFlight {
    fn new(simulation: &Arc<Simulation>) -> Self {
        let mut ledger = simulation.file_ledger();
        ledger.stats.requests += 1;
        ledger.in_flight += 1;
        ledger.stats.peak_in_flight = ledger.stats.peak_in_flight.max(ledger.in_flight);
        drop(ledger);
        Self(Arc::clone(simulation))
    }

    /// The content was sent to its end.
    fn served(&self, gid: u64) {
        let mut ledger = self.0.file_ledger();
        let times = ledger.files.entry(gid).or_default();
        times.served += 1;
        let again = times.served > 1;
        ledger.stats.served += 1;
        ledger.stats.repeated += u64::from(again);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.file_ledger().in_flight -= 1;
    }
}

/// Serves content until it is dropped.
///
/// # Errors
/// When the listener has no address.
pub(crate) fn run(
    listener: TcpListener,
    simulation: &Arc<Simulation>,
) -> io::Result<impl Future<Output = io::Result<()>> + use<>> {
    simulation.serves_files_at(format!("http://{}", listener.local_addr()?));
    let router = Router::new().fallback(handle).with_state(Arc::clone(simulation));
    let wires = Wires::new(listener, Arc::clone(&simulation.wired));
    let serve = axum::serve(wires, router.into_make_service_with_connect_info::<Cut>());
    Ok(serve.into_future())
}

async fn handle(
    State(simulation): State<Arc<Simulation>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let in_flight = InFlight::new(&simulation);
    if request.headers().contains_key(AUTHORIZATION) {
        simulation.file_ledger().stats.with_token += 1;
        return refusal(400, "InvalidArgument", "Only one auth mechanism allowed");
    }
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    let gid = path.strip_prefix("/files/").and_then(|gid| gid.parse::<u64>().ok());
    let Some(gid) = gid.filter(|_| request.method() == Method::GET) else {
        return refusal(404, "NoSuchKey", "The specified key does not exist.");
    };
    let (number, before) = {
        let mut ledger = simulation.file_ledger();
        let times = ledger.files.entry(gid).or_default();
        times.asked += 1;
        (times.asked - 1, ledger.stats.requests)
    };
    let fault = simulation.strike_file(before, path, query, number);
    match &fault {
        Some(Fault::ServerError) => return refusal(500, "InternalError", "We encountered an internal error."),
        Some(Fault::Refuse(status) | Fault::Gateway(status)) => return refusal(*status, "Refused", "As it was told."),
        Some(Fault::TooManyRequests(wait)) => return too_many(wait),
        Some(Fault::Redirect(to)) => return redirect(to),
        Some(Fault::Drop) => cut.close_after(0),
        Some(Fault::Slow(delay)) => tokio::time::sleep(*delay).await,
        _ => {}
    }
    match simulation.api().files.judge(gid, query) {
        Signed::Good => {}
        Signed::Expired => {
            simulation.file_ledger().stats.expired += 1;
            return refusal(403, "AccessDenied", "Request has expired");
        }
        Signed::Forged => return refusal(403, "SignatureDoesNotMatch", "The signature does not match."),
    }
    let Some(content) = simulation.api().content(&gid.to_string()) else {
        return refusal(404, "NoSuchKey", "The specified key does not exist.");
    };
    simulation.file_ledger().stats.begun += 1;
    if fault == Some(Fault::Cut) {
        cut.close_after(HEAD + content.len() / 2);
    }
    let pause = if let Some(Fault::Stall(Some(pause))) = fault { pause } else { Duration::ZERO };
    answer(gid, &content, pause, in_flight)
}

/// About the bytes before the content.
const HEAD: usize = 130;

/// The content in pieces, with a pause in the middle.
fn answer(gid: u64, content: &[u8], pause: Duration, in_flight: InFlight) -> Response {
    let length = content.len();
    let pieces: Vec<Bytes> = content.chunks(PIECE.min((length / 2).max(1))).map(Bytes::copy_from_slice).collect();
    let (middle, last) = (pieces.len() / 2, pieces.len().saturating_sub(1));
    if pieces.is_empty() {
        in_flight.served(gid);
    }
    let in_flight = Arc::new(in_flight);
    let sent = stream::iter(pieces.into_iter().enumerate()).then(move |(place, piece)| {
        let in_flight = Arc::clone(&in_flight);
        async move {
            if place == middle && !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            // Nothing is asked of the stream once the announced length is there.
            if place == last {
                in_flight.served(gid);
            }
            Ok::<_, Infallible>(piece)
        }
    });
    let mut response = Response::new(Body::from_stream(sent));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn redirect(to: &str) -> Response {
    let mut response = refusal(302, "Found", "It is elsewhere.");
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

fn too_many(wait: &RetryAfter) -> Response {
    let mut response = refusal(429, "SlowDown", "Please reduce your request rate.");
    if let Some(wait) = wait.header().and_then(|wait| HeaderValue::from_str(&wait).ok()) {
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    response
}

fn refusal(status: u16, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}
