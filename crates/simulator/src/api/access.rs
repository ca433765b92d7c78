//! Who may ask for a kind: the plan, the role, and single records of kinds that are computed rather than kept.

use super::errors::ApiError;
use super::{Call, View};
use crate::config::Plan;
use crate::world::{GidError, Kind, Role, time};

/// 402 on the free plan.
pub(super) fn paid(view: View<'_>, what: &str) -> Result<(), ApiError> {
    if view.plan == Plan::Free { Err(ApiError::payment_required(what)) } else { Ok(()) }
}

/// 402 on every plan but Enterprise.
pub(super) fn enterprise(view: View<'_>, what: &str) -> Result<(), ApiError> {
    if view.plan == Plan::Enterprise { Ok(()) } else { Err(ApiError::payment_required(what)) }
}

pub(super) fn is_guest(view: View<'_>) -> bool {
    view.viewer.role == Role::Guest
}

/// The workspace named by the parameter, which must be sent.
pub(super) fn workspace(call: &Call<'_>) -> Result<u32, ApiError> {
    call.find(Kind::Workspace, call.required("workspace")?)
}

/// The object a gid names, if it is of a kind and `is_known` says that it exists and may be seen; otherwise 404.
pub(super) fn find(
    call: &Call<'_>,
    kind: Kind,
    text: &str,
    is_known: impl FnOnce(u32) -> bool,
) -> Result<u32, ApiError> {
    let unknown = || ApiError::unknown_object(kind.resource(), text);
    match call.view.world.gids.parse(text) {
        Err(GidError::Malformed) => Err(ApiError::malformed_gid(kind.resource(), text)),
        Ok((found, index)) if found == kind => {
            u32::try_from(index).ok().filter(|index| is_known(*index)).ok_or_else(unknown)
        }
        _ => Err(unknown()),
    }
}

/// A day as days since 1970, or not sent.
pub(super) fn day(call: &Call<'_>, name: &str) -> Result<Option<i64>, ApiError> {
    Ok(call.time(name)?.map(|at| at.div_euclid(time::DAY)))
}

/// `first..=last` of two parameters, either of which may be left out.
pub(super) fn days(call: &Call<'_>, first: &str, last: &str) -> Result<std::ops::RangeInclusive<i64>, ApiError> {
    Ok(day(call, first)?.unwrap_or(i64::MIN)..=day(call, last)?.unwrap_or(i64::MAX))
}

/// Whether an object is the one whose gid a parameter names; any is, if the parameter was not sent.
pub(super) fn is_named<'a>(
    call: &Call<'a>,
    name: &str,
) -> Result<impl Fn(Option<(Kind, u64)>) -> bool + use<'a>, ApiError> {
    let text = call.parameter(name);
    let named = match text.map(|text| call.view.world.gids.parse(text)) {
        Some(Err(GidError::Malformed)) => return Err(ApiError::malformed_gid(name, text.unwrap_or_default())),
        Some(Ok(found)) => Some(found),
        // A gid that names nothing is nobody's.
        Some(Err(GidError::Unknown)) | None => None,
    };
    Ok(move |object: Option<(Kind, u64)>| text.is_none() || (named.is_some() && named == object))
}
