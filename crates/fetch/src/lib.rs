//! Pages through every listing of an Asana workspace, concurrently, under its limits, into an archive.
//!
//! - `client`: asks until there is an answer; the one loop that waits.
//! - `transport`: sends a request and reads its answer; the only one that makes requests.
//! - `request`: what is sent where.
//! - `limits`: the door every request passes: permit, pause, quota.
//! - `pace`: how fast, how many at once, how much at a time, and which of Asana's limiters said no.
//! - `retry`: what an answer means, and how long to wait.
//! - `outage`: trouble that everyone has, told from trouble with one request.
//! - `clock`: Asana's time.
//! - `traffic`: what was sent, and what was sent again and why.
//! - `page`: the envelope of answers.
//! - `session`: the first calls: whose token, which workspaces, which plan.
//! - `plan`: the listings of a run, derived from the catalogue and the selection.
//! - `children`: what follows from a record.
//! - `frontier`: what is left to ask.
//! - `position`: a listing under way, and what a page of it leads to.
//! - `sweep`: the walk through search, which has no pages.
//! - `crawl`: runs it all.
//! - `divide`: has a long listing read by parts besides; `divisions` knows how far these are.
//! - `forecast`: asks a sample first, to say how much there is to do; `estimate` reckons from it.
//! - `wanted`: the files to download, as the archive tells.
//! - `download`: downloads them, after the listings.
//! - `content`: the other client, which knows no token: the content of one file.
//! - `address`: where that may come from.
//! - `file_name`: what a file is called here.
//! - `replay`: what an interrupted run left takes the place of requests.
//! - `journal`: the archive's thread.
//!
//! Deliberately absent: any idea of a table, a column or a terminal.

mod address;
mod children;
mod client;
mod clock;
mod content;
mod crawl;
mod divide;
mod divisions;
mod download;
mod error;
mod estimate;
mod file_name;
mod forecast;
mod frontier;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod journal;
mod limits;
mod outage;
mod pace;
mod page;
mod plan;
mod position;
mod replay;
mod request;
mod retry;
mod session;
mod sweep;
mod token;
mod traffic;
mod transport;
mod wanted;

pub use client::{Client, ClientSettings};
pub use crawl::{Crawl, Seed};
pub use error::FetchError;
pub use estimate::Certainty;
pub use forecast::{Expected, FilesExpected, Forecast, Load, Refusal, forecast};
pub use limits::{MOST_IN_FLIGHT, PAGE_SIZE, Quota};
pub use plan::{Downloads, Selection};
pub use retry::Obstacle;
pub use session::{Identity, Named, Standing, WorkspaceSeen};
pub use token::Token;
pub use traffic::{AsanaChange, Traffic};
