//! The HTTP side: authorization, limits, faults, latency and counting around the answers of `api`.

use std::collections::HashMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use tokio::net::TcpListener;

use crate::api::errors::ApiError;
use crate::api::truth::Truth;
use crate::api::{self, Api, BASE, SEARCH, route};
use crate::changes::{Action, Changes};
use crate::clock::Clock;
use crate::config::{Compression, Config};
use crate::cost::cost_of;
use crate::delivery::{Reply, accepts_gzip, deliver};
use crate::faults::{Arrival, ELSEWHERE, Fault, Faults, instead, limit_of, spoiled, twist};
use crate::file_host::{self, FileLedger};
use crate::limits::{Allowed, Budget};
use crate::stats::{Pause, Stats};
use crate::wire::{Cut, Wired, Wires};
use crate::world::time::wall_clock;
use crate::world::{Moment, hash_bytes};

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
    /// Nothing goes wrong any more.
    is_healed: bool,
    changes: Changes,
    arrivals: u64,
    /// When the last answer was made.
    answered_at: Option<Instant>,
}

#[derive(Debug)]
pub(crate) struct Simulation {
    api: Arc<Api>,
    config: Config,
    clock: Clock,
    ledger: Mutex<Ledger>,
    pub(crate) files: Mutex<FileLedger>,
    pub(crate) wired: Arc<Wired>,
}

/// A request as it came.
#[derive(Clone, Copy)]
struct Asked<'a> {
    /// Without the base.
    path: &'a str,
    query: &'a str,
    headers: &'a HeaderMap,
    accepts_gzip: bool,
}

impl Asked<'_> {
    /// The address at which the client found this server.
    fn host(&self) -> &str {
        self.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost")
    }
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
            is_healed: false,
            changes: Changes::new(config.changes.clone()),
            arrivals: 0,
            answered_at: None,
        };
        Self {
            api,
            clock: Clock::new(config.time_scale),
            config,
            ledger: Mutex::new(ledger),
            files: Mutex::default(),
            wired: Arc::default(),
        }
    }

    /// What was seen so far.
    pub(crate) fn stats(&self) -> Stats {
        let files = self.file_ledger().stats;
        let (stats, answered_at) = {
            let ledger = self.ledger();
            (ledger.stats.clone(), ledger.answered_at)
        };
        let quiet = answered_at.map(|at| at.elapsed()).unwrap_or_default();
        Stats {
            files,
            connections: self.wired.accepted.load(Ordering::SeqCst),
            resets: self.wired.resets.load(Ordering::SeqCst),
            quiet_us: u64::try_from(quiet.as_micros()).unwrap_or(u64::MAX),
            ..stats
        }
    }

    pub(crate) fn heal(&self) {
        let mut ledger = self.ledger();
        ledger.faults = Faults::new(self.config.seed, Vec::new());
        ledger.is_healed = true;
    }

    pub(crate) fn forget_stats(&self) {
        let mut ledger = self.ledger();
        ledger.stats = Stats::default();
        ledger.asked.clear();
        self.file_ledger().forget();
        self.wired.forget();
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
        let fault = ledger.faults.strike(Arrival { number, path, query, before, accepts_gzip: false });
        if let Some(fault) = &fault {
            ledger.stats.struck(fault);
        }
        fault
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request and lets it in or refuses it. On success the account's `in_flight` has been raised.
    fn admit(&self, asked: Asked<'_>) -> Result<Admission, (ApiError, Option<&'static str>)> {
        let Asked { path, query, headers, accepts_gzip } = asked;
        let template = route(path).map_or("unknown", |(endpoint, _)| endpoint.template);
        let now = Instant::now();
        let mut guard = self.ledger();
        let ledger = &mut *guard;
        ledger.arrivals += 1;
        let limit = limit_of(query);
        ledger.stats.arrived(template, limit, accepts_gzip);
        let token = bearer(headers).and_then(|token| self.api.token(token));
        let Some(token) = token else { return Err((ApiError::not_authorized(), None)) };
        let key = [token, path, query].iter().fold(0, |key, part| hash_bytes(key, part.as_bytes()));
        let times = ledger.asked.entry(key).or_default();
        let before = *times;
        *times += 1;
        ledger.stats.repeated += u64::from(before > 0);
        let account = ledger.accounts.entry(token).or_default();
        account.requests += 1;
        let revocation = self.config.revocation.as_ref().filter(|_| !ledger.is_healed);
        let revoked = revocation.filter(|revocation| revocation.token == token);
        if revoked.is_some_and(|revocation| account.requests > revocation.after_requests) {
            return Err((ApiError::not_authorized(), None));
        }
        ledger.stats.during_pause += u64::from(account.pause.is_ignored_at(now));
        let admitted = account.budget.admit(self.clock.now_ms(), self.allowed(), template == SEARCH);
        ledger.stats.peak_per_minute = ledger.stats.peak_per_minute.max(account.budget.last_minute());
        if let Err(refused) = admitted {
            account.budget.in_flight -= 1;
            ledger.stats.rejected(refused.by, limit);
            let seconds = self.clock.real_seconds(refused.wait_ms);
            return Err((ApiError::too_many_requests(Some(seconds)), Some(token)));
        }
        ledger.stats.peak_in_flight = ledger.stats.peak_in_flight.max(account.budget.in_flight);
        let fault = ledger.faults.strike(Arrival { number: ledger.arrivals, path, query, before, accepts_gzip });
        if let Some(fault) = &fault {
            ledger.stats.struck(fault);
        }
        let delay = self.delay(key, ledger.arrivals, fault.as_ref());
        Ok(Admission { token, fault, delay })
    }

    fn allowed(&self) -> Allowed {
        let limits = self.config.limits;
        Allowed {
            standard: self.config.quota(),
            search: limits.search_per_minute,
            concurrent: limits.concurrent,
            cost: limits.cost_per_minute,
        }
    }

    /// The real time that an answer takes.
    fn delay(&self, request: u64, arrival: u64, fault: Option<&Fault>) -> Duration {
        let jitter = u64::try_from(self.config.latency.jitter.as_micros()).unwrap_or(u64::MAX);
        let share = if jitter == 0 { 0 } else { hash_bytes(request, &arrival.to_le_bytes()) % jitter };
        let slow = if let Some(Fault::Slow(delay)) = fault { *delay } else { Duration::ZERO };
        self.config.latency.fixed + Duration::from_micros(share) + slow
    }

    /// Takes what an answer cost from its token's quota.
    fn charge(&self, token: &'static str, query: &str, body: &[u8]) {
        let Some(per_minute) = self.config.limits.cost_per_minute else { return };
        let cost = cost_of(body);
        let mut ledger = self.ledger();
        ledger.stats.cost(cost, limit_of(query));
        ledger.accounts.entry(token).or_default().budget.purse.charge(self.clock.now_ms(), per_minute, cost);
    }

    /// Notes an announced pause: from now on this token should be silent.
    fn announce(&self, token: &'static str, seconds: u64) {
        self.ledger().accounts.entry(token).or_default().pause.announce(Instant::now(), seconds);
    }

    /// Counts an answer and makes the changes that were waiting for it; one that does not arrive counts as none.
    fn answered(&self, asked: Asked<'_>, status: Option<u16>) {
        let due = {
            let mut ledger = self.ledger();
            let Some(status) = status else {
                ledger.stats.dropped += 1;
                return;
            };
            *ledger.stats.by_status.entry(status).or_default() += 1;
            ledger.answered_at = Some(Instant::now());
            ledger.changes.answered(asked.path, asked.query, status == 200)
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

    /// The right answer, or the one that a fault puts in its place or makes of it.
    fn answer(&self, admission: &Admission, asked: Asked<'_>) -> Reply {
        let fault = admission.fault.as_ref();
        if let Some(reply) = fault.and_then(|fault| instead(fault, asked.path)) {
            return reply;
        }
        match self.right_answer(admission, asked) {
            Ok(body) => {
                self.charge(admission.token, asked.query, &body);
                let body = match fault {
                    Some(fault) => spoiled(fault, body, asked.host()),
                    None => body,
                };
                Reply::json(200, body)
            }
            Err(error) => Reply::refusal(&error),
        }
    }

    fn right_answer(&self, admission: &Admission, asked: Asked<'_>) -> Result<Vec<u8>, ApiError> {
        let (endpoint, id) = route(asked.path).ok_or_else(ApiError::no_route)?;
        let request = api::Request {
            path: asked.path,
            parameters: api::parameters(asked.query),
            now_ms: self.clock.now_ms(),
            origin: &format!("http://{}", asked.host()),
            twist: twist(admission.fault.as_ref()),
        };
        self.api.answer(admission.token, endpoint, id, &request)
    }
}

/// The token of an `Authorization: Bearer` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn handle(
    State(simulation): State<Arc<Simulation>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    if path == "/simulator/stats" {
        let stats = Reply::json(200, serde_json::to_vec(&simulation.stats()).unwrap_or_default());
        return deliver(stats, None, false, &cut);
    }
    let below = path.strip_prefix(BASE).filter(|_| request.method() == Method::GET);
    // A next page that leads to another host: followed, or taken for a path below this address.
    if path.starts_with(ELSEWHERE) || below.is_some_and(|below| below.starts_with("//")) {
        simulation.ledger().stats.elsewhere += 1;
        return deliver(Reply::refusal(&ApiError::no_route()), None, false, &cut);
    }
    let Some(path) = below else {
        return deliver(Reply::refusal(&ApiError::no_route()), None, false, &cut);
    };
    let headers = request.headers();
    attend(&simulation, &cut, Asked { path, query, headers, accepts_gzip: accepts_gzip(headers) }).await
}

/// One request from arrival to answer.
async fn attend(simulation: &Simulation, cut: &Cut, asked: Asked<'_>) -> Response {
    let gzip = simulation.config.compression == Compression::Gzip && asked.accepts_gzip;
    let admission = match simulation.admit(asked) {
        Ok(admission) => admission,
        Err((error, token)) => {
            if let (Some(token), Some(seconds)) = (token, error.retry_after) {
                simulation.announce(token, seconds);
            }
            simulation.answered(asked, Some(error.status));
            return deliver(Reply::refusal(&error), None, gzip, cut);
        }
    };
    let token = admission.token;
    let _in_flight = InFlight { simulation, token };
    if !admission.delay.is_zero() {
        tokio::time::sleep(admission.delay).await;
    }
    let fault = admission.fault.as_ref();
    let reply = simulation.answer(&admission, asked);
    if let Some(seconds) = reply.retry_after.seconds() {
        simulation.announce(token, seconds);
    }
    let status = reply.status;
    let response = deliver(reply, fault, gzip, cut);
    let arrives = !cut.is_set() && fault != Some(&Fault::Stall(None));
    simulation.answered(asked, arrives.then_some(status));
    response
}

/// Serves the API, and the content of files beside it.
pub(crate) async fn run(
    (listener, files): (TcpListener, TcpListener),
    simulation: Arc<Simulation>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let files = file_host::run(files, &simulation)?;
    let wires = Wires::new(listener, Arc::clone(&simulation.wired));
    let router = Router::new().fallback(handle).with_state(simulation);
    let api = axum::serve(wires, router.into_make_service_with_connect_info::<Cut>());
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
