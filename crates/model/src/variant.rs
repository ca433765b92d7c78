//! How the archive notes which of several listings of one name and parent a page belongs to.
//!
//! A listing asked for an element of a list is noted by that element, such as an emoji; one asked again at the end of a
//! run by why. Whoever fetches writes it, whoever builds tables reads it.

/// Begins the variant of a listing that was asked again for what changed; the instant follows.
pub const ASKED_SINCE: &str = "since ";

/// Begins the variant of a listing that was asked again because its parent changed.
pub const ASKED_AGAIN: &str = "again ";

/// Whether a page comes from asking a listing again.
pub fn is_asked_again(variant: &str) -> bool {
    variant.starts_with(ASKED_SINCE) || variant.starts_with(ASKED_AGAIN)
}
