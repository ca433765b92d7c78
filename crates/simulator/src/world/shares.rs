//! Who custom fields and custom types are shared with, and who asks for access to projects.

use super::{Dice, Kind, Member, World};

/// Membership gids are `parent * SHARES + ordinal`.
pub(crate) const SHARES: u32 = 16;
/// Webhook gids are `person * WEBHOOKS + ordinal`.
pub(crate) const WEBHOOKS: u32 = 16;
/// Access request gids are `target * REQUESTS + ordinal`.
pub(crate) const REQUESTS: u32 = 8;

/// A request for access.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) ordinal: u32,
    pub(crate) person: u32,
    pub(crate) status: &'static str,
}

const FIELD_LEVELS: &[&str] = &["editor", "user", "user", "admin"];
const TYPE_LEVELS: &[&str] = &["editor", "user", "viewer", "admin"];

impl World {
    /// The members of a custom field with their access levels, by ordinal.
    pub(crate) fn field_members(&self, field: u32) -> Vec<(Member, &'static str)> {
        self.sharing(self.dice(Kind::CustomFieldMembership, field), FIELD_LEVELS)
    }

    /// The members of a custom type with their access levels, by ordinal.
    pub(crate) fn type_members(&self, number: u32) -> Vec<(Member, &'static str)> {
        self.sharing(self.dice(Kind::CustomTypeMembership, number), TYPE_LEVELS)
    }

    /// An administrator first, then a team or two and a few people.
    fn sharing(&self, dice: Dice, levels: &'static [&'static str]) -> Vec<(Member, &'static str)> {
        let people = self.size.users.max(1);
        let teams = if self.size.teams > 0 { dice.below("teams", 3) } else { 0 };
        let mut members = vec![Member::Person(dice.below("administrator", people))];
        members.extend((0..teams).map(|at| Member::Team(dice.part(at).below("team", self.size.teams))));
        members.extend((0..dice.below("people", 5)).map(|at| Member::Person(dice.part(at).below("person", people))));
        let mut shares: Vec<(Member, &'static str)> = Vec::new();
        for (member, at) in members.into_iter().zip(0u32..) {
            if shares.iter().all(|(known, _)| *known != member) {
                shares.push((member, if at == 0 { "admin" } else { dice.part(at).pick("level", levels) }));
            }
        }
        shares
    }

    /// The requests for access to a project: who asked and what became of it. Only pending ones are told.
    pub(crate) fn project_requests(&self, project: u32) -> Vec<Request> {
        if self.planted.has_project(project) {
            let asking = self.planted.requesters.get(&project);
            return asking
                .map(|person| Request { ordinal: 0, person: *person, status: "pending" })
                .into_iter()
                .collect();
        }
        self.requests(self.dice(Kind::AccessRequest, project), |person| self.is_in_project(person, project))
    }

    /// The same for a portfolio.
    pub(crate) fn portfolio_requests(&self, portfolio: u32) -> Vec<Request> {
        if self.planted.has_portfolio(portfolio) {
            return Vec::new();
        }
        let rows = &self.portfolios.rows[portfolio].memberships;
        self.requests(self.dice(Kind::PortfolioAccessRequest, portfolio), |person| {
            super::sharing::people(&self.portfolios.memberships, rows).any(|member| member == person)
        })
    }

    fn requests(&self, dice: Dice, has_access: impl Fn(u32) -> bool) -> Vec<Request> {
        if !dice.chance("requested", 50) {
            return Vec::new();
        }
        // Whoever left the workspace asks for nothing, whatever access they had.
        (0..=dice.below("requests", 4))
            .map(|ordinal| Request {
                ordinal,
                person: dice.part(ordinal).below("requester", self.actors.max(1)),
                status: dice.part(ordinal).pick("status", &["pending", "pending", "approved", "denied"]),
            })
            .filter(|request| self.people[request.person].is_listed() && !has_access(request.person))
            .collect()
    }
}
