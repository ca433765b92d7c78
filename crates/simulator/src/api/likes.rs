//! Who likes something; hearts are the deprecated twins of likes.

use super::View;
use super::json::Object;
use super::people::write_user;
use crate::world::Kind;

/// Likes and hearts with their numbers. `first` is the kind of like and the index of the first one.
pub(super) fn write(o: &mut Object<'_>, view: View<'_>, first: (Kind, u64), likers: impl Fn() -> Vec<u32>) {
    let (kind, first) = first;
    for (own, number, list) in [("liked", "num_likes", "likes"), ("hearted", "num_hearts", "hearts")] {
        o.with(own, || likers().contains(&view.viewer.person));
        o.with(number, || u32::try_from(likers().len()).unwrap_or(0));
        o.array(
            list,
            || likers().into_iter().zip(first..),
            |o, (person, index)| {
                o.with("gid", || view.wide_gid(kind, index));
                o.object("user", |o| write_user(o, view, person));
            },
        );
    }
}
