//! An Asana on loopback: a generated workspace with real semantics, limits and faults.
//!
//! The simulator answers the read endpoints of Asana's REST API below `/api/1.0` for a workspace made from a seed and
//! a size. It is written from Asana's own description and knows none of our other crates, so that it can disagree with
//! them. The same [`Config`] always gives the same workspace, down to every story.
//!
//! ```
//! use asana_simulator::{ADMIN_TOKEN, Config, Size, start_in_background};
//!
//! let config = Config { size: Size::for_tasks(200), ..Config::default() };
//! let simulator = start_in_background(config)?;
//! let truth = simulator.truth();
//! // ... let a client read simulator.base_url() with ADMIN_TOKEN, then compare ...
//! assert!(truth.reachable_task_gids(ADMIN_TOKEN).len() > 100);
//! assert_eq!(simulator.stats().requests, 0);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! - **Tokens**: [`ADMIN_TOKEN`] (a member and administrator), [`MEMBER_TOKEN`], [`GUEST_TOKEN`] (sees what is shared),
//!   [`SERVICE_TOKEN`] (sees everything), [`BLOCKED_TOKEN`] (no workspace). Anything else is a 401.
//! - **Projection**: without `opt_fields` compact rows in lists and full records from single GETs; with it exactly what
//!   was asked, plus gids. The choices made where Asana says nothing stand in `api/projection.rs`.
//! - **Pages**: `limit` 1 to 100, sealed offset tokens good for fifteen simulated minutes. Rows hidden by access control
//!   leave gaps: a page may be short, or the last one empty, so only `next_page: null` ends a listing. The audit log
//!   names a next page for ever; there an empty page ends it.
//! - **Plans**: what only a higher [`Plan`] has is a 402, the audit log a 403 for all but the service account of an
//!   Enterprise workspace. Portfolios and goals do not exist on [`Plan::Free`]. Where Asana leaves open what is answered,
//!   [`Config`] decides: [`UnknownOptFields`], [`TimeEntryLists`], [`Config::allocations_by_workspace`].
//! - **Hidden things**: lists leave them out; asked directly, a workspace, team, project, portfolio or goal is 403 and
//!   anything else 404. References to them have a gid and a type but no name.
//! - **Limits**: a quota per simulated minute, one for search, one for requests in flight and, if wanted, one for the
//!   cost of answers, each per token.
//!   `time_scale` makes simulated minutes pass faster; `Retry-After` is in real seconds, rounded up, at least 1.
//! - **Compression**: gzip, as Asana has it, for clients that accept it.
//! - **Faults**: rules as data or text, see [`FaultRule`] and [`FAULTS_HELP`].
//! - **Files**: the content of attachments is on another port, under addresses that die after two simulated minutes. A
//!   token sent there is refused, as S3 refuses it, and counted.
//! - **Changes**: what happens to the workspace while it is read, as data or text, see [`Change`]. Offset tokens hold the
//!   rank of the next row, so that rows which come or go elsewhere shift nothing; a row that moves while its listing is
//!   read can come twice or not at all.
//! - **Hostility**: [`Config::hostile`] makes names, texts, numbers and sizes such as somebody chooses who means harm.
//! - **Search**: its index can lag behind changes and leave tasks out; equals come in another order each time.
//! - **Truth**: [`Truth`] tells, as things stand when it is asked, what a token can see, what any path answers or
//!   refuses, how many pages each listing has and which tasks can be found.
//! - **Statistics**: [`Stats`], also as `GET /simulator/stats`.

mod api;
mod background;
mod changes;
mod clock;
mod config;
mod cost;
mod delivery;
mod faults;
mod file_host;
mod limits;
mod log;
mod server;
mod stats;
mod wire;
mod world;

pub use api::truth::{Refusal, Truth};
pub use background::{RunningSimulator, start_in_background};
pub use changes::{Action, Change, InvalidChange, NewTask, Pick, Trigger};
pub use config::{
    ADMIN_TOKEN, BLOCKED_TOKEN, Compression, Config, GUEST_TOKEN, Latency, Limits, MEMBER_TOKEN, Plan, Quota,
    Revocation, SERVICE_TOKEN, Size, TimeEntryLists, UnknownOptFields,
};
pub use faults::{Condition, FAULTS_HELP, Fault, FaultRule, InvalidFault, RetryAfter};
pub use log::Asked;
pub use server::{serve, truth_of};
pub use stats::{FileStats, OfLimit, Stats};
pub use world::Planting;
