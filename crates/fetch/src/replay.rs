//! What an interrupted run left in the archive, and pages that came before the run began, take the place of requests.

use std::sync::Arc;

use asana_archive::{Entry, Page, Reader};
use asana_model::Event;

use crate::FetchError;
use crate::crawl::{Running, Seed};
use crate::frontier::{Done, Unit};
use crate::journal::Closed;
use crate::position::{Position, look};

impl Running {
    /// Treats a page that was read before as if it had just arrived, in place of its listing's request.
    pub(crate) async fn seed(&mut self, seed: Seed) -> Result<(), Closed> {
        let Some(listing) = self.frontier.plans.iter().position(|plan| plan.listing.name == seed.listing) else {
            return Ok(());
        };
        let unit = Unit::new(listing, None);
        let (Some(request), true) = (self.frontier.request(&unit), self.frontier.take(&unit)) else { return Ok(()) };
        let Some(plan) = self.frontier.plan(&unit) else { return Ok(()) };
        let (children, listing) = (Arc::clone(&plan.children), plan.listing);
        let Ok(looked) = look(&seed.body, &children, false, true) else { return Ok(()) };
        let position = Position::new(unit, request, listing);
        debug_assert_eq!(position.request.path(), seed.path, "a seed is the answer to the listing's own request");
        self.seeded(position, seed.body, looked).await
    }

    /// Rebuilds the frontier from the pages of earlier runs; with `retry_gaps`, refusals count for nothing.
    pub(crate) fn replay(&mut self, mut reader: Reader, retry_gaps: bool) -> Result<(), FetchError> {
        let mut done = Done::default();
        let mut pages = 0;
        while let Some(entry) = reader.next_entry()? {
            let page = match entry {
                Entry::Page(page) => page,
                Entry::File(_) => {
                    self.outlook.files.noted += 1;
                    continue;
                }
                Entry::Run(_) | Entry::End(_) => continue,
            };
            let Some(listing) = self.frontier.plans.iter().position(|plan| plan.listing.name == page.listing) else {
                continue;
            };
            pages += 1;
            self.replay_page(listing, &page, &mut done, retry_gaps);
        }
        for unit in self.frontier.drop_done(&done) {
            if let Some(plan) = self.frontier.plan(&unit) {
                let (stage, resource) = (plan.listing.stage, plan.resource.name);
                self.client.reporter().report(&Event::ListingFinished { stage, resource });
            }
        }
        self.client.reporter().report(&Event::ArchiveReplayed { pages });
        Ok(())
    }

    fn replay_page(&mut self, listing: usize, page: &Page<'_>, done: &mut Done, retry_gaps: bool) {
        let unit = Unit::from_archive(listing, page.parent.as_deref(), page.variant.as_deref());
        let Some(plan) = self.frontier.plans.get(listing) else { return };
        let (children, is_search) = (Arc::clone(&plan.children), plan.is_search());
        // Units that no record leads to.
        let is_extra = plan.listing.per.is_dividing();
        let read = (200..300).contains(&page.status);
        let asked_instead = page.status == 400 && page.last && page.page == 0 && self.frontier.ask_instead(listing);
        match page.status {
            402 if !retry_gaps => self.frontier.refuse(listing),
            _ if read => self.frontier.answered(listing),
            _ => {}
        }
        // A listing that was given up may go better now; one that Asana refused was answered.
        let answered = read || asked_instead || (!retry_gaps && (400..500).contains(&page.status));
        let finished = page.last && answered;
        let unit = match unit {
            Some(unit) => {
                let is_news = finished && done.insert(&unit);
                self.outlook.tally(listing, |tally| {
                    tally.answers += 1;
                    tally.begun += u64::from(is_news);
                    tally.finished += u64::from(is_news);
                    tally.units += u64::from(is_news && is_extra);
                });
                if finished && read {
                    self.divisions.read(&unit);
                }
                unit
            }
            None => Unit::new(listing, page.parent.as_deref().map(asana_model::Gid::new)),
        };
        if read && let Ok(looked) = look(page.body.as_str().as_bytes(), &children, is_search, false) {
            if is_search {
                self.frontier.found(listing, looked.gids.iter().map(String::as_str));
            }
            let has_records = page.page == 0 && looked.records > 0;
            self.outlook.tally(listing, |tally| {
                tally.records += looked.records;
                tally.with_records += u64::from(has_records);
                tally.files.take(looked.files);
            });
            looked.met.iter().for_each(|met| self.meet(&unit, met));
            self.take_parts(&unit, &looked, page.last);
        }
        if is_search && finished {
            self.searched(listing, read);
        }
    }
}
