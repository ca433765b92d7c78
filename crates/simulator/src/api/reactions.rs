//! Reactions: who answered a story or a status update with which emoji.
//!
//! A summary has one item for each variant of an emoji (`👍`, `👍🏽`); the listing is asked for by the emoji without skin
//! tone and answers all its variants.

use super::errors::ApiError;
use super::json::Object;
use super::people::write_user;
use super::{Answer, Call, Listing, Rows, View, goal_stories, statuses, stories};
use crate::world::{Dice, GidError, Kind, World};

/// Gids of reactions are `number of the target * REACTIONS + position`.
const REACTIONS: u64 = 64;

#[derive(Debug)]
struct Item {
    base: &'static str,
    /// The base itself, or the base with a skin tone.
    variant: &'static str,
    people: Vec<u32>,
}

/// The reactions on one thing.
#[derive(Debug, Default)]
pub(super) struct Reactions(Vec<Item>);

impl Reactions {
    /// One to three emoji, the first perhaps in a skin tone.
    pub(super) fn new(world: &World, dice: Dice) -> Self {
        let item = |at: u32| {
            let base = ["👍", "🎉", "❤️"].get(at as usize).copied().unwrap_or("👀");
            let variant = if at == 0 && dice.chance("variant", 30) { "👍🏽" } else { base };
            Item { base, variant, people: people(world, dice.part(at)) }
        };
        Self((0..=dice.below("reaction count", 3)).map(item).collect())
    }

    /// The same, and now and then one emoji in two skin tones.
    pub(super) fn in_tones(world: &World, dice: Dice) -> Self {
        let mut reactions = Self::new(world, dice);
        if dice.chance("another tone", 40) {
            reactions.0.push(Item { base: "👍", variant: "👍🏿", people: people(world, dice.part(9)) });
        }
        reactions
    }
}

/// One to five people, each once.
fn people(world: &World, dice: Dice) -> Vec<u32> {
    let actors = world.actors.max(1);
    let count = (1 + dice.below("reacted", 5)).min(actors);
    let first = dice.below("first to react", actors);
    (0..count).map(|at| (first + at) % actors).collect()
}

/// Writes `reaction_summary`.
pub(super) fn write_summary(o: &mut Object<'_>, view: View<'_>, reactions: impl FnOnce() -> Reactions) {
    o.array(
        "reaction_summary",
        || reactions().0,
        |o, item| {
            o.put("emoji_base", item.base);
            o.put("variant", item.variant);
            o.put("count", u32::try_from(item.people.len()).unwrap_or(u32::MAX));
            o.put("reacted", item.people.contains(&view.viewer.person));
        },
    );
}

/// By `target` (a story or a status update) and `emoji_base`, both required.
pub(super) fn all<'a>(call: &Call<'a>) -> Result<Answer<'a>, ApiError> {
    let view = call.view;
    let (text, base) = (call.required("target")?, call.required("emoji_base")?);
    let gid = view.world.gids.parse(text).map_err(|error| match error {
        GidError::Malformed => ApiError::malformed_gid("target", text),
        GidError::Unknown => ApiError::unknown_object("target", text),
    })?;
    let found = match gid.0 {
        Kind::Story => stories::reactions_on(view, gid.1),
        Kind::GoalStory => goal_stories::reactions_on(view, gid.1),
        _ => statuses::reactions_on(view, gid),
    };
    let (reactions, kind, target) = found.ok_or_else(|| ApiError::unknown_object("target", text))?;
    let each = reactions.0.iter().flat_map(|item| item.people.iter().map(move |person| (item, *person)));
    let numbered = each.zip(target * REACTIONS..).filter(|((item, _), _)| item.base == base);
    let rows: Vec<(u64, &'static str, u32)> =
        numbered.map(|((item, person), number)| (number, item.variant, person)).collect();
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    Listing::new(Rows::Count(count), move |o, at| {
        if let Some((number, emoji, person)) = rows.get(at as usize).copied() {
            o.with("gid", || view.wide_gid(kind, number));
            o.put("emoji", emoji);
            o.object("user", |o| write_user(o, view, person));
        }
    })
    .answer()
}
