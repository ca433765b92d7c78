//! Short constructors, so that an entry of the catalogue reads as a list of names and meanings.

use super::{Field, Files, Item, Kind, Name, Ref, Scalar, To};
use crate::sensitive::{HARMLESS, Sensitive, TITLE};

const fn scalar(name: &'static str, scalar: Scalar, about: &'static str) -> Field {
    of(name, Kind::Scalar(scalar), about)
}

/// A field that is no text of its own.
const fn of(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, about, sensitive: HARMLESS }
}

pub(super) const fn text(name: &'static str, sensitive: Sensitive, about: &'static str) -> Field {
    Field { sensitive, ..scalar(name, Scalar::Text, about) }
}

pub(super) const fn integer(name: &'static str, about: &'static str) -> Field {
    scalar(name, Scalar::Integer, about)
}

pub(super) const fn number(name: &'static str, about: &'static str) -> Field {
    scalar(name, Scalar::Number, about)
}

pub(super) const fn boolean(name: &'static str, about: &'static str) -> Field {
    scalar(name, Scalar::Boolean, about)
}

pub(super) const fn date(name: &'static str, about: &'static str) -> Field {
    scalar(name, Scalar::Date, about)
}

pub(super) const fn timestamp(name: &'static str, about: &'static str) -> Field {
    scalar(name, Scalar::Timestamp, about)
}

/// An identifier that is not a reference.
pub(super) const fn identifier(name: &'static str, about: &'static str) -> Field {
    scalar(name, Scalar::Gid, about)
}

/// Whatever Asana sends, as JSON text; of objects, the members in `asked`.
pub(super) const fn json(
    name: &'static str,
    asked: &'static [&'static str],
    sensitive: Sensitive,
    about: &'static str,
) -> Field {
    Field { sensitive, ..of(name, Kind::Json(asked), about) }
}

/// A reference to one kind of object, with its name beside its gid.
pub(super) const fn named(name: &'static str, to: &'static str, about: &'static str) -> Field {
    named_with(name, to, &[], about)
}

/// The same as [`named`] for the object that the record is a part of, whatever it was listed for.
pub(super) const fn part_of(name: &'static str, to: &'static str, about: &'static str) -> Field {
    reference(name, Ref { part_of: true, ..plain(To::One(to), Name::Column) }, about)
}

/// The same as [`named`], with further fields of the object.
pub(super) const fn named_with(
    name: &'static str,
    to: &'static str,
    also: &'static [Field],
    about: &'static str,
) -> Field {
    reference(name, Ref { also, ..plain(To::One(to), Name::Column) }, about)
}

/// The same as [`named`] for an object that its own listing may not show although it can be asked about.
pub(super) const fn named_and_asked_about(
    name: &'static str,
    to: &'static [&'static str; 1],
    about: &'static str,
) -> Field {
    reference(name, Ref { asked_about: to, ..plain(To::One(to[0]), Name::Column) }, about)
}

/// A reference to one kind of object, for which Asana gives no name.
pub(super) const fn bare(name: &'static str, to: &'static str, also: &'static [Field], about: &'static str) -> Field {
    reference(name, Ref { also, ..plain(To::One(to), Name::Absent) }, about)
}

/// The same for an object that is only had by asking for it.
pub(super) const fn bare_and_asked_about(
    name: &'static str,
    to: &'static [&'static str; 1],
    about: &'static str,
) -> Field {
    reference(name, Ref { asked_about: to, ..plain(To::One(to[0]), Name::Absent) }, about)
}

/// A reference to a user whose name is kept in `users` only.
pub(super) const fn person(name: &'static str, about: &'static str) -> Field {
    reference(name, plain(To::One("users"), Name::Elsewhere), about)
}

/// A reference that can point to several kinds.
pub(super) const fn any(name: &'static str, about: &'static str) -> Field {
    reference(name, plain(To::Any, Name::Column), about)
}

/// The same, where objects of those kinds are to be asked about.
pub(super) const fn any_and_asked_about(
    name: &'static str,
    asked_about: &'static [&'static str],
    about: &'static str,
) -> Field {
    reference(name, Ref { asked_about, ..plain(To::Any, Name::Column) }, about)
}

/// What someone or something was called when it happened: it may have no gid, and may be long gone.
pub(super) const fn loose(name: &'static str, to: To, also: &'static [Field], about: &'static str) -> Field {
    reference(name, Ref { also, loose: true, ..plain(to, Name::Column) }, about)
}

/// A reference whose object is a full record of another resource.
pub(super) const fn nested(name: &'static str, to: &'static str, about: &'static str) -> Field {
    reference(name, Ref { nested: true, ..plain(To::One(to), Name::Column) }, about)
}

const fn plain(to: To, name: Name) -> Ref {
    Ref { to, name, also: &[], nested: false, asked_about: &[], part_of: false, loose: false }
}

const fn reference(name: &'static str, reference: Ref, about: &'static str) -> Field {
    of(name, Kind::Ref(reference), about)
}

pub(super) const fn object(name: &'static str, fields: &'static [Field], about: &'static str) -> Field {
    of(name, Kind::Object(fields), about)
}

/// A list of users.
pub(super) const fn people(name: &'static str, about: &'static str) -> Field {
    refs(name, "user_gid", "users", Name::Elsewhere, about)
}

/// A list of references, whose gids stand in `column`.
pub(super) const fn refs(
    name: &'static str,
    column: &'static str,
    to: &'static str,
    asked: Name,
    about: &'static str,
) -> Field {
    refs_with(name, column, to, asked, &[], about)
}

/// The same, with further fields of the objects.
pub(super) const fn refs_with(
    name: &'static str,
    column: &'static str,
    to: &'static str,
    asked: Name,
    also: &'static [Field],
    about: &'static str,
) -> Field {
    let reference = Ref { also, ..plain(To::One(to), asked) };
    of(name, Kind::List(Item::Ref(column, reference)), about)
}

/// A list of objects.
pub(super) const fn objects(name: &'static str, fields: &'static [Field], about: &'static str) -> Field {
    of(name, Kind::List(Item::Object(fields)), about)
}

/// A list of bare values, in `column`.
pub(super) const fn texts(
    name: &'static str,
    column: &'static str,
    sensitive: Sensitive,
    about: &'static str,
) -> Field {
    Field { sensitive, ..of(name, Kind::List(Item::Scalar(column, Scalar::Text)), about) }
}

pub(super) const fn records(name: &'static str, resource: &'static str, about: &'static str) -> Field {
    of(name, Kind::Records(resource), about)
}

pub(super) const fn custom_field_values(about: &'static str) -> Field {
    of("custom_fields", Kind::CustomFieldValues, about)
}

/// The record's place in its listing, as a column of its own.
pub(super) const fn listing_position(about: &'static str) -> Field {
    of("position", Kind::ListingPosition, about)
}

/// The object that the record was found in, as the columns `<name>_type` and `<name>_gid`.
pub(super) const fn container(name: &'static str, about: &'static str) -> Field {
    of(name, Kind::Container, about)
}

/// The file that the record stands for, as the columns `<name>_path`, `<name>_bytes` and `<name>_sha256`. Its path has its
/// name in it.
pub(super) const fn file(name: &'static str, files: Files, about: &'static str) -> Field {
    Field { sensitive: TITLE, ..of(name, Kind::File(files), about) }
}

/// The record as a mention of another object: `<name>_type`, `<name>_gid`, `<name>_name`.
pub(super) const fn itself(name: &'static str, asked_about: &'static [&'static str], about: &'static str) -> Field {
    of(name, Kind::Itself { asked_about }, about)
}
