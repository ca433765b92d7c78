//! The HTTP side: authorization, limits, faults, latency and counting around the answers of `api`.

use std::collections::HashMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, RETRY_AFTER};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use tokio::net::TcpListener;

use crate::api::errors::ApiError;
use crate::api::truth::Truth;
use crate::api::{self, Api, BASE, SEARCH, Twist, route};
use crate::changes::{Action, Changes};
use crate::clock::Clock;
use crate::config::Config;
use crate::faults::{Arrival, Fault, Faults};
use crate::file_host::{self, FileLedger};
use crate::limits::{Allowed, Budget};
use crate::stats::{Pause, Stats};
use crate::wire::{Cut, Wires};
use crate::world::time::wall_clock;
use crate::world::{Moment, hash_bytes};

/// Deprecations announced with every answer, as Asana does.
const CHANGES: &str = "name=cross_workspace_deprecation;info=https://forum.asana.com/t/1031581,\
                       name=teamless_projects;info=https://forum.asana.com/t/929205,\
                       name=new_goal_memberships;info=https://forum.asana.com/t/378601;affected=true";
const JSON: &str = "application/json; charset=UTF-8";
const GATEWAY_PAGE: &str =
    "<html>\n<head><title>Bad gateway</title></head>\n<body><h1>Something is wrong</h1></body>\n</html>\n";

/// What one token has used up.
#[derive(Debug, Default)]
struct Account {
    budget: Budget,
    pause: Pause,
    requests: u64,
}

/// Everything that changes while the server runs.
#[derive(Debug)]
struct Ledger {
    stats: Stats,
    accounts: HashMap<&'static str, Account>,
    asked: HashMap<u64, u32>,
    faults: Faults,
    changes: Changes,
    arrivals: u64,
}

#[derive(Debug)]
pub(crate) struct Simulation {
    api: Arc<Api>,
    config: Config,
    clock: Clock,
    ledger: Mutex<Ledger>,
    pub(crate) files: Mutex<FileLedger>,
}

/// What was decided about a request on arrival.
struct Admission {
    token: &'static str,
    fault: Option<Fault>,
    /// Latency, and what a slow fault adds.
    delay: Duration,
}

/// Lowers the count of requests in flight, also when the client went away.
struct InFlight<'a> {
    simulation: &'a Simulation,
    token: &'static str,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(account) = self.simulation.ledger().accounts.get_mut(self.token) {
            account.budget.in_flight = account.budget.in_flight.saturating_sub(1);
        }
    }
}

impl Simulation {
    pub(crate) fn new(config: Config) -> Self {
        let api = Arc::new(Api::new(&config));
        let faults = Faults::new(config.seed, config.faults.clone());
        let ledger = Ledger {
            stats: Stats::default(),
            accounts: HashMap::new(),
            asked: HashMap::new(),
            faults,
            changes: Changes::new(config.changes.clone()),
            arrivals: 0,
        };
        Self { api, clock: Clock::new(config.time_scale), config, ledger: Mutex::new(ledger), files: Mutex::default() }
    }

    /// What was seen so far.
    pub(crate) fn stats(&self) -> Stats {
        Stats { files: self.file_ledger().stats, ..self.ledger().stats.clone() }
    }

    pub(crate) fn forget_stats(&self) {
        let mut ledger = self.ledger();
        ledger.stats = Stats::default();
        ledger.asked.clear();
        self.file_ledger().forget();
    }

    pub(crate) fn truth(&self) -> Truth {
        Truth::new(Arc::clone(&self.api))
    }

    /// Where the content of files is served.
    pub(crate) fn serves_files_at(&self, origin: String) {
        self.api.files.listens(origin, self.clock);
    }

    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    /// The fault of a request for a file, if any.
    pub(crate) fn strike_file(&self, number: u64, path: &str, query: &str, before: u32) -> Option<Fault> {
        let mut ledger = self.ledger();
        let fault = ledger.faults.strike(Arrival { number, path, query, before });
        ledger.stats.faults += u64::from(fault.is_some());
        fault
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request and lets it in or refuses it. On success the account's `in_flight` has been raised.
    fn admit(
        &self,
        path: &str,
        query: &str,
        headers: &HeaderMap,
    ) -> Result<Admission, (ApiError, Option<&'static str>)> {
        let template = route(path).map_or("unknown", |(endpoint, _)| endpoint.template);
        let now = Instant::now();
        let mut guard = self.ledger();
        let ledger = &mut *guard;
        ledger.arrivals += 1;
        ledger.stats.requests += 1;
        *ledger.stats.by_route.entry(template.to_owned()).or_default() += 1;
        let token = bearer(headers).and_then(|token| self.api.token(token));
        let Some(token) = token else { return Err((ApiError::not_authorized(), None)) };
        let key = [token, path, query].iter().fold(0, |key, part| hash_bytes(key, part.as_bytes()));
        let asked = ledger.asked.entry(key).or_default();
        let before = *asked;
        *asked += 1;
        ledger.stats.repeated += u64::from(before > 0);
        let account = ledger.accounts.entry(token).or_default();
        account.requests += 1;
        let revoked = self.config.revocation.as_ref().filter(|revocation| revocation.token == token);
        if revoked.is_some_and(|revocation| account.requests > revocation.after_requests) {
            return Err((ApiError::not_authorized(), None));
        }
        ledger.stats.during_pause += u64::from(account.pause.is_ignored_at(now));
        let limits = self.config.limits;
        let allowed =
            Allowed { standard: self.config.quota(), search: limits.search_per_minute, concurrent: limits.concurrent };
        let admitted = account.budget.admit(self.clock.now_ms(), allowed, template == SEARCH);
        ledger.stats.peak_per_minute = ledger.stats.peak_per_minute.max(account.budget.last_minute());
        if let Err(refused) = admitted {
            account.budget.in_flight -= 1;
            ledger.stats.rejected(refused.by);
            let seconds = self.clock.real_seconds(refused.wait_ms);
            return Err((ApiError::too_many_requests(Some(seconds)), Some(token)));
        }
        ledger.stats.peak_in_flight = ledger.stats.peak_in_flight.max(account.budget.in_flight);
        let fault = ledger.faults.strike(Arrival { number: ledger.arrivals, path, query, before });
        ledger.stats.faults += u64::from(fault.is_some());
        let jitter = u64::try_from(self.config.latency.jitter.as_micros()).unwrap_or(u64::MAX);
        let share = if jitter == 0 { 0 } else { hash_bytes(key, &ledger.arrivals.to_le_bytes()) % jitter };
        let slow = if let Some(Fault::Slow(delay)) = fault { delay } else { Duration::ZERO };
        let delay = self.config.latency.fixed + Duration::from_micros(share) + slow;
        Ok(Admission { token, fault, delay })
    }

    /// Notes an announced pause: from now on this token should be silent.
    fn announce(&self, token: &'static str, seconds: u64) {
        self.ledger().accounts.entry(token).or_default().pause.announce(Instant::now(), seconds);
    }

    /// Counts an answer and makes the changes that were waiting for it.
    fn answered(&self, cut: &Cut, path: &str, query: &str, status: StatusCode) {
        let due = {
            let mut ledger = self.ledger();
            if cut.is_set() {
                ledger.stats.dropped += 1;
                return;
            }
            *ledger.stats.by_status.entry(status.as_u16()).or_default() += 1;
            ledger.changes.answered(path, query, status == StatusCode::OK)
        };
        self.change(&due);
    }

    /// Makes changes now; answers how many of them had something to change.
    pub(crate) fn change(&self, actions: &[Action]) -> u64 {
        if actions.is_empty() {
            return 0;
        }
        let moment = Moment { wall_ms: wall_clock(), simulated_ms: self.clock.now_ms() };
        let made = self.api.change(actions, moment);
        self.ledger().stats.changes += made;
        made
    }

    fn answer(&self, admission: &Admission, path: &str, query: &str, origin: &str) -> Result<Vec<u8>, ApiError> {
        match &admission.fault {
            Some(Fault::ServerError) => return Err(ApiError::server_error()),
            Some(Fault::TooManyRequests(seconds)) => return Err(ApiError::too_many_requests(*seconds)),
            Some(Fault::ExpiredOffset) => return Err(ApiError::offset_expired()),
            Some(Fault::Truncated) => {
                let message = "The data set was truncated because it is too large. Please narrow the request.";
                return Err(ApiError::new(400, message));
            }
            Some(Fault::Refuse(402)) => return Err(ApiError::payment_required("This feature")),
            Some(Fault::Refuse(403)) => return Err(ApiError::forbidden()),
            Some(Fault::Refuse(404)) => return Err(ApiError::unknown_object("object", path)),
            Some(Fault::Refuse(status)) => return Err(ApiError::new(*status, "Unavailable For Legal Reasons")),
            _ => {}
        }
        let (endpoint, id) = route(path).ok_or_else(ApiError::no_route)?;
        let twist = match admission.fault {
            Some(Fault::EmptyPage) => Twist::EmptyPage,
            Some(Fault::RepeatedOffset) => Twist::RepeatedOffset,
            _ => Twist::None,
        };
        let parameters = api::parameters(query);
        let request = api::Request { path, parameters, now_ms: self.clock.now_ms(), origin, twist };
        self.api.answer(admission.token, endpoint, id, &request)
    }
}

/// The token of an `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn response(status: u16, content_type: &'static str, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert("x-asana-api-version", HeaderValue::from_static("1.1"));
    headers.insert("asana-change", HeaderValue::from_static(CHANGES));
    response
}

fn refusal(error: &ApiError) -> Response {
    let mut response = response(error.status, JSON, error.body());
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

async fn handle(
    State(simulation): State<Arc<Simulation>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let uri = request.uri().clone();
    if uri.path() == "/simulator/stats" {
        return response(200, JSON, serde_json::to_vec(&simulation.stats()).unwrap_or_default());
    }
    let Some(path) = uri.path().strip_prefix(BASE).filter(|_| request.method() == Method::GET) else {
        return refusal(&ApiError::no_route());
    };
    let answer = attend(&simulation, &cut, path, uri.query().unwrap_or_default(), request.headers()).await;
    simulation.answered(&cut, path, uri.query().unwrap_or_default(), answer.status());
    answer
}

/// One request from arrival to answer.
async fn attend(simulation: &Simulation, cut: &Cut, path: &str, query: &str, headers: &HeaderMap) -> Response {
    let admission = match simulation.admit(path, query, headers) {
        Ok(admission) => admission,
        Err((error, token)) => {
            if let (Some(token), Some(seconds)) = (token, error.retry_after) {
                simulation.announce(token, seconds);
            }
            return refusal(&error);
        }
    };
    let token = admission.token;
    let _in_flight = InFlight { simulation, token };
    if !admission.delay.is_zero() {
        tokio::time::sleep(admission.delay).await;
    }
    match admission.fault {
        Some(Fault::Gateway(status)) => return response(status, "text/html", GATEWAY_PAGE.into()),
        Some(Fault::Garbage) => return response(200, JSON, b"{\"data\":[{\"gid\":\"12".to_vec()),
        Some(Fault::Drop) => cut.after(0),
        _ => {}
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    match simulation.answer(&admission, path, query, &format!("http://{host}")) {
        Ok(body) => {
            let length = body.len();
            let answer = response(200, JSON, body);
            if admission.fault == Some(Fault::Cut) {
                cut.after(head_length(&answer) + length / 2);
            }
            answer
        }
        Err(error) => {
            if let Some(seconds) = error.retry_after {
                simulation.announce(token, seconds);
            }
            refusal(&error)
        }
    }
}

/// About the bytes before the body: the status line, these headers, `content-length` and `date`.
fn head_length(response: &Response) -> usize {
    let lines = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    lines.sum::<usize>() + 17 + 24 + 37
}

/// Serves the API, and the content of files beside it.
pub(crate) async fn run(
    (listener, files): (TcpListener, TcpListener),
    simulation: Arc<Simulation>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let files = file_host::run(files, Arc::clone(&simulation))?;
    let router = Router::new().fallback(handle).with_state(simulation);
    let api = axum::serve(Wires(listener), router.into_make_service_with_connect_info::<Cut>());
    tokio::select! {
        ended = api.with_graceful_shutdown(stop) => ended,
        ended = files => ended,
    }
}

/// Serves a simulated Asana until `shutdown` completes, then lets requests in flight finish. The API is below
/// `/api/1.0`, the statistics at `/simulator/stats`. The content of files is served on another port of this machine. Generating the world takes about a second per 100,000 tasks.
pub async fn serve(
    listener: TcpListener,
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let files = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    run((listener, files), Arc::new(Simulation::new(config)), shutdown).await
}

/// The ground truth of a configuration, without any server.
pub fn truth_of(config: &Config) -> Truth {
    Truth::new(Arc::new(Api::new(config)))
}
