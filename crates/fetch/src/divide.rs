//! When a long listing is divided in the course of a run, and what follows when a part of it or the whole ends.

use std::time::Duration;

use asana_model::Event;

use crate::crawl::Running;
use crate::divisions::{Cover, Step};
use crate::frontier::Unit;
use crate::limits::Quota;
use crate::position::{Looked, Next, Position};

/// A listing may be divided when no more than one in so many of the requests is in flight that could be.
const IN_FLIGHT: usize = 4;
/// What an answer takes, about: a quota keeps as many requests in flight as it lets go in this time. A free plan's keeps
/// one, which a long listing alone provides.
const ANSWER: Duration = Duration::from_millis(600);

impl Running {
    /// Divides a listing that goes on, if it is a long one, divisible, and nothing else is left to ask meanwhile.
    pub(crate) fn divide(&mut self, position: &Position) {
        let Some((parts, _)) = self.frontier.plan(&position.unit).and_then(|plan| plan.divided) else { return };
        // What is asked again at the end is short.
        if position.unit.variant.is_some() || !self.has_nothing_else_to_ask() {
            return;
        }
        match self.divisions.step(&position.unit, position.page) {
            Step::Nothing => {}
            Step::List => {
                let unit = Unit::new(parts, position.unit.parent.clone());
                self.queue(vec![unit], None);
            }
            Step::Read(parts) => {
                let path = position.request.path();
                let text = format!(
                    "{path} is long and nothing else is left to ask: going on with it, and besides with its {} parts",
                    parts.len()
                );
                self.client.reporter().report(&Event::Note { text });
                self.queue(parts, None);
            }
        }
    }

    /// What a page leads to, which may be the last of its listing because all its parts are in the archive already.
    pub(crate) fn cut(&mut self, position: &Position, next: Next) -> Next {
        if next != Next::Page {
            return next;
        }
        let (next, said) = match self.divisions.cover(&position.unit, position.seen()) {
            Cover::Open => return next,
            Cover::Whole => (Next::Done, "need not be read to its end: all its parts are read"),
            Cover::Torn => {
                self.divisions.end(position.unit.clone());
                (next, "is read to its end: it shows something that none of its parts does")
            }
        };
        let text = format!("{} {said}", position.request.path());
        self.client.reporter().report(&Event::Note { text });
        next
    }

    /// A part that cannot be read is no gap: what it would have saved is read all the same.
    pub(crate) fn report_lost_part(&self, position: &Position, reason: &str) {
        if !self.divisions.is_moot(&position.unit) {
            let text = format!("{} cannot be read, so a long listing goes on alone: {reason}", position.request.path());
            self.client.reporter().report(&Event::Note { text });
        }
    }

    /// Whether the listing whose page is at hand is all that keeps the run busy. A search that goes on takes longer than any
    /// listing, so that nothing is won before it ends.
    fn has_nothing_else_to_ask(&self) -> bool {
        let searches = || self.frontier.plans.iter().enumerate().filter(|(_, plan)| plan.is_search());
        !self.outlook.is_only_a_sample()
            && self.continuing.is_empty()
            && !self.frontier.has_units_to_ask()
            && !searches().any(|(listing, _)| self.outlook.is_in_hand(listing))
            && has_room(self.in_flight.len() + 1, self.client.permits(), self.client.quota())
    }

    /// Takes note of the parts on a page, if it is one of a listing of parts, or of what a part shows.
    pub(crate) fn take_parts(&mut self, unit: &Unit, looked: &Looked, last: bool) {
        self.divisions.shown(unit, looked.gids.iter().map(String::as_str));
        if let Some((whole, parts)) = self.frontier.parts_on(unit, &looked.gids) {
            self.divisions.parts(&whole, parts.into_iter(), last);
        }
    }

    /// A unit was read to its end: if parts of it were being read, they need no more.
    pub(crate) fn division_read(&mut self, unit: &Unit) {
        let over = self.divisions.read(unit);
        self.leave_parts(over.as_ref());
    }

    /// A unit could not be read: if it is a part, the whole goes on alone.
    pub(crate) fn division_failed(&mut self, unit: &Unit) {
        let over = match self.frontier.whole_of_parts(unit) {
            // Without the list of its parts there are none.
            Some(whole) => self.divisions.end(whole),
            None => self.divisions.failed(unit),
        };
        self.leave_parts(over.as_ref());
    }

    /// Drops what is still to be asked of the parts of a listing. What is on its way is taken as it comes.
    fn leave_parts(&mut self, whole: Option<&Unit>) {
        if whole.is_none() {
            return;
        }
        let divisions = &self.divisions;
        let dropped = self.frontier.drop_units(|unit| divisions.is_moot(unit));
        for unit in &dropped {
            let Some(plan) = self.frontier.plan(unit) else { continue };
            let (stage, resource) = (plan.listing.stage, plan.resource.name);
            self.outlook.tally(unit.listing, |tally| tally.units = tally.units.saturating_sub(1));
            self.client.reporter().report(&Event::ListingFinished { stage, resource });
        }
        let (left, going_on) = std::mem::take(&mut self.continuing)
            .into_iter()
            .partition::<Vec<_>, _>(|position| self.divisions.is_moot(&position.unit));
        self.continuing.extend(going_on);
        for position in left {
            self.unit_ended(&position.unit);
        }
        // The one that went ahead may have been among them.
        for unit in dropped.iter().filter(|unit| !self.outlook.is_in_hand(unit.listing)) {
            self.frontier.let_another_try(unit.listing);
        }
    }
}

/// Whether so many requests in flight hardly use the permits and the quota.
fn has_room(in_flight: usize, permits: usize, quota: Quota) -> bool {
    let wanted = u32::try_from(in_flight * IN_FLIGHT).unwrap_or(u32::MAX);
    let keeps = |per_minute: f64| per_minute / 60.0 * ANSWER.as_secs_f64() >= f64::from(wanted);
    wanted as usize <= permits && quota.pace().is_none_or(keeps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_that_one_listing_nearly_uses_has_no_room_for_parts() {
        assert!(!has_room(1, 40, Quota::FREE));
        assert!(has_room(1, 40, Quota::PAID) && has_room(3, 40, Quota::PAID) && !has_room(4, 40, Quota::PAID));
        assert!(has_room(10, 40, Quota::Unlimited) && !has_room(11, 40, Quota::Unlimited));
        assert!(!has_room(1, 3, Quota::Unlimited), "with few permits");
    }
}
