//! Memberships of custom fields and custom types: two variants of what `/memberships` answers.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_user;
use super::teams::write_team;
use super::{Call, Listing, Rows, View, fields, types};
use crate::world::{Kind, Member, SHARES};

/// What is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shared {
    Field,
    Type,
}

impl Shared {
    /// The kind of the membership, whose name is also the name of its shape.
    fn kind(self) -> Kind {
        match self {
            Self::Field => Kind::CustomFieldMembership,
            Self::Type => Kind::CustomTypeMembership,
        }
    }

    fn members(self, view: View<'_>, parent: u32) -> Vec<(Member, &'static str)> {
        match self {
            Self::Field => view.world.field_members(parent),
            Self::Type => view.world.type_members(parent),
        }
    }
}

fn write_membership(o: &mut Object<'_>, view: View<'_>, shared: Shared, index: u32) {
    let parent = index / SHARES;
    let Some(row) = shared.members(view, parent).get((index % SHARES) as usize).copied() else { return };
    view.head(o, shared.kind(), index);
    o.object("parent", |o| match shared {
        Shared::Field => fields::write_field(o, view, parent),
        Shared::Type => types::write_type(o, view, parent),
    });
    o.object("member", |o| match row.0 {
        Member::Person(person) => write_user(o, view, person),
        Member::Team(team) => write_team(o, view, team),
    });
    o.put("access_level", row.1);
    o.put("resource_subtype", shared.kind().resource());
}

fn of_parent(view: View<'_>, shared: Shared, parent: u32, member: Option<Member>) -> impl Iterator<Item = u32> {
    let members = (0u32..).zip(shared.members(view, parent));
    let wanted = members
        .filter(move |(_, (known, _))| view.world.is_there(*known) && member.is_none_or(|member| member == *known));
    wanted.map(move |(ordinal, _)| parent * SHARES + ordinal)
}

fn list(view: View<'_>, shared: Shared, rows: Vec<u32>) -> Listing<'_> {
    Listing::new(Rows::Chosen(rows), move |o, index| write_membership(o, view, shared, index))
        .in_order_of_making()
        .of(shared.kind().resource())
}

/// The memberships of a parent, if it is a custom field or a custom type; of one member if named.
pub(super) fn of<'a>(call: &Call<'a>, parent: &str, member: Option<Member>) -> Result<Option<Listing<'a>>, ApiError> {
    let view = call.view;
    let (shared, parent) = match view.world.gids.parse(parent) {
        Ok((kind @ Kind::CustomField, _)) if view.has_custom_fields() => (Shared::Field, call.find(kind, parent)?),
        Ok((kind @ Kind::CustomType, _)) => {
            let is_known = |number| types::sees_type(view, number);
            (Shared::Type, super::access::find(call, kind, parent, is_known)?)
        }
        _ => return Ok(None),
    };
    Ok(Some(list(view, shared, of_parent(view, shared, parent, member).collect())))
}

/// The memberships of the fields and types a viewer can find.
pub(super) fn everything(view: View<'_>) -> impl Iterator<Item = Listing<'_>> {
    let fields = fields::everything(view).all(usize::MAX).into_iter();
    let types = types::everything(view).all(usize::MAX).into_iter();
    let of_fields = fields.flat_map(|field| of_parent(view, Shared::Field, field, None)).collect();
    let of_types = types.flat_map(|number| of_parent(view, Shared::Type, number, None)).collect();
    [list(view, Shared::Field, of_fields), list(view, Shared::Type, of_types)].into_iter()
}
