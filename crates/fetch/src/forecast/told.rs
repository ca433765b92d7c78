//! A forecast, as it is handed over.

use std::time::Duration;

use asana_model::catalog::Listing;

use super::whole;
use crate::estimate::Certainty;
use crate::limits::Quota;
use crate::pace::SEARCHES_PER_MINUTE;

/// What an export would ask for.
#[derive(Debug)]
pub struct Forecast {
    /// In the catalogue's order.
    pub listings: Vec<Expected>,
    /// What is asked before the listings: whose token it is, what was chosen, which plan it is.
    pub first_calls: u64,
    /// The files that would be downloaded; `None` when none are wanted.
    pub files: Option<FilesExpected>,
    /// As this token would do it, with a request for the address of each file.
    pub load: Load,
    /// Without task search, as on a free plan.
    pub without_search: Load,
    /// With task search, as on a paid plan; the same as without where no search takes part.
    pub with_search: Load,
}

/// What a listing takes, over all its parents.
#[derive(Debug)]
pub struct Expected {
    pub resource: &'static str,
    pub listing: &'static Listing,
    /// Parents for which it is asked.
    pub units: u64,
    pub requests: u64,
    pub certainty: Certainty,
    pub refusal: Option<Refusal>,
}

/// Files that would be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilesExpected {
    pub files: u64,
    pub bytes: u64,
    pub certainty: Certainty,
}

/// Asana's refusal of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `None` when no answer came at all.
    pub status: Option<u16>,
    pub reason: String,
    /// Whether it was refused for every parent that was asked.
    pub everywhere: bool,
}

/// Requests to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    pub requests: u64,
    /// Of these, searches, which have a limit of their own besides.
    pub searches: u64,
}

impl Load {
    /// The time that it takes at the pace kept under a quota; `None` without a limit.
    pub fn takes(self, quota: Quota) -> Option<Duration> {
        let minutes = |requests: u64, quota: Quota| Some(whole(requests) / quota.pace()?);
        let all = minutes(self.requests, quota)?;
        let searches = minutes(self.searches, Quota::PerMinute(SEARCHES_PER_MINUTE))?;
        Duration::try_from_secs_f64(all.max(searches) * 60.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_follows_from_the_pace_or_from_the_limit_of_searches() {
        let takes = |requests, searches, quota| Load { requests, searches }.takes(quota).map(|time| time.as_secs());
        // 98 % of the quota are used.
        assert_eq!(takes(14_700, 0, Quota::PAID), Some(600));
        assert_eq!(takes(14_700, 0, Quota::FREE), Some(6_000));
        assert_eq!(takes(14_700, 10, Quota::PAID), Some(600), "a few searches go on beside the rest");
        assert_eq!(takes(1_470, 588, Quota::PAID), Some(600), "many take longer than all the rest");
        assert_eq!(takes(14_700, 10, Quota::Unlimited), None);
    }
}
