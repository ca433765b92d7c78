//! `/memberships`: whom a project, portfolio, goal, custom field or custom type is shared with.

use super::errors::ApiError;
use super::goals::write_goal;
use super::json::{Null, Object};
use super::people::write_user;
use super::portfolios::write_portfolio;
use super::projects::write_project;
use super::teams::write_team;
use super::{Answer, Call, Listing, Rows, View, field_memberships};
use crate::world::sharing::Sharing;
use crate::world::{GidError, Kind, Member, Table, World};

/// One membership, whatever its parent.
#[derive(Clone, Copy)]
struct Row {
    parent: u32,
    member: Member,
    access_level: &'static str,
}

/// The memberships of one kind of parent.
struct Variant {
    parent: Kind,
    membership: Kind,
    /// Its name in `shapes`, which is also the `resource_subtype`.
    subtype: &'static str,
    count: fn(&World) -> u32,
    row: fn(&World, u32) -> Row,
    /// The rows of one parent.
    rows: for<'a> fn(&'a World, u32) -> Rows<'a>,
    write_parent: fn(&mut Object<'_>, View<'_>, u32),
}

/// The kinds that can be a `parent`, one entry each. The first may be listed by member alone.
static VARIANTS: &[Variant] = &[
    Variant {
        parent: Kind::Project,
        membership: Kind::ProjectMembership,
        subtype: "project_membership",
        count: |world| world.project_memberships.len(),
        row: |world, index| {
            let row = &world.project_memberships[index];
            Row { parent: row.project, member: row.member, access_level: row.access_level }
        },
        rows: |world, project| Rows::Known(&world.projects[project].memberships),
        write_parent: |o, view, project| write_project(o, view, project),
    },
    Variant {
        parent: Kind::Portfolio,
        membership: Kind::PortfolioMembership,
        subtype: "portfolio_membership",
        count: |world| world.portfolios.memberships.len(),
        row: |world, index| shared(&world.portfolios.memberships, index),
        rows: |world, portfolio| Rows::Known(&world.portfolios.rows[portfolio].memberships),
        write_parent: |o, view, portfolio| write_portfolio(o, view, portfolio),
    },
    Variant {
        parent: Kind::Goal,
        membership: Kind::GoalMembership,
        subtype: "goal_membership",
        count: |world| world.goals.memberships.len(),
        row: |world, index| shared(&world.goals.memberships, index),
        rows: |world, goal| Rows::Known(&world.goals.rows[goal].memberships),
        write_parent: |o, view, goal| write_goal(o, view, goal),
    },
];

fn shared(table: &Table<Sharing>, index: u32) -> Row {
    let row = &table[index];
    Row { parent: row.parent, member: row.member, access_level: row.access_level }
}

impl Variant {
    fn write(&self, o: &mut Object<'_>, view: View<'_>, index: u32) {
        let row = (self.row)(view.world, index);
        view.head(o, self.membership, index);
        o.object("parent", |o| (self.write_parent)(o, view, row.parent));
        o.object("member", |o| match row.member {
            Member::Person(person) => write_user(o, view, person),
            Member::Team(team) => write_team(o, view, team),
        });
        o.put("access_level", row.access_level);
        o.put("resource_subtype", self.subtype);
        // Deprecated members, which only goals' memberships have; the last two are always null, as Asana says.
        o.object("goal", |o| (self.write_parent)(o, view, row.parent));
        o.put("role", if matches!(row.access_level, "admin" | "editor") { "editor" } else { "commenter" });
        o.put("is_commenter", Null);
        o.put("is_editor", Null);
    }

    fn list<'a>(&'static self, view: View<'a>, rows: Rows<'a>) -> Listing<'a> {
        Listing::new(rows, move |o, index| self.write(o, view, index))
            .shown_if(move |index| {
                let row = (self.row)(view.world, index);
                view.world.is_there(row.member) && view.viewer.sees(self.parent, row.parent)
            })
            .in_order_of_making()
            .of(self.subtype)
    }

    /// Those among `rows` that name a member.
    fn of_member<'a>(&'static self, view: View<'a>, rows: &Rows<'_>, member: Member) -> Listing<'a> {
        let chosen = rows.iter().filter(|row| (self.row)(view.world, *row).member == member).collect();
        self.list(view, Rows::Chosen(chosen))
    }
}

/// By `parent`, by `member`, or by both. Without a parent a team may be asked for, a user may not, and memberships of
/// projects are the only ones.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let member = call.parameter("member").map(|member| find_member(call, member)).transpose()?;
    let parent = call.parameter("parent");
    if let Some(listing) = parent.map_or(Ok(None), |parent| field_memberships::of(call, parent, member))? {
        return listing.answer();
    }
    let parent = parent.map(|parent| find_parent(call, parent)).transpose()?;
    let (variant, rows) = match (parent, member, VARIANTS.first()) {
        (Some((variant, parent)), ..) => (variant, (variant.rows)(view.world, parent)),
        (None, Some(Member::Team(_)), Some(variant)) => (variant, Rows::Count((variant.count)(view.world))),
        (None, Some(Member::Person(_)), _) => {
            return Err(ApiError::new(400, "parent: `parent` is required for user-type memberships"));
        }
        (None, ..) => return Err(ApiError::missing("parent")),
    };
    if call.parameter("resource_subtype").is_some_and(|subtype| subtype != variant.subtype) {
        return variant.list(view, Rows::Count(0)).answer();
    }
    match member {
        Some(member) => variant.of_member(view, &rows, member).answer(),
        None => variant.list(view, rows).answer(),
    }
}

fn find_parent(call: &Call<'_>, text: &str) -> Result<(&'static Variant, u32), ApiError> {
    let (kind, _) = call.view.world.gids.parse(text).map_err(|error| match error {
        GidError::Malformed => ApiError::malformed_gid("parent", text),
        GidError::Unknown => ApiError::unknown_object("parent", text),
    })?;
    let variant = VARIANTS.iter().find(|variant| variant.parent == kind);
    let variant = variant.ok_or_else(|| ApiError::unknown_object("parent", text))?;
    Ok((variant, call.find(kind, text)?))
}

fn find_member(call: &Call<'_>, text: &str) -> Result<Member, ApiError> {
    match call.view.world.gids.parse(text) {
        Err(GidError::Malformed) => Err(ApiError::malformed_gid("member", text)),
        Ok((Kind::User, _)) => call.person("member", text).map(Member::Person),
        Ok((Kind::Team, _)) => call.find(Kind::Team, text).map(Member::Team),
        _ => Err(ApiError::unknown_object("member", text)),
    }
}

/// All memberships a viewer may see, a listing for each kind of parent.
pub(super) fn everything(view: View<'_>) -> impl Iterator<Item = Listing<'_>> {
    VARIANTS.iter().map(move |variant| variant.list(view, Rows::Count((variant.count)(view.world))))
}
