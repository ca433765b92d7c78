//! Reactions and the summaries that announce them.

use std::collections::BTreeMap;

use asana_simulator::{ADMIN_TOKEN, SERVICE_TOKEN, start_in_background};
use serde_json::Value;

use crate::client::{Client, gids};
use crate::pages::config;

/// As a client has to send it.
fn encoded(emoji: &str) -> String {
    emoji.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"))
}

#[test]
fn summaries_count_the_reactions() {
    let simulator = start_in_background(config(2_000)).unwrap();
    let truth = simulator.truth();
    let me = Client::new(&simulator, ADMIN_TOKEN).data("/users/me")["gid"].clone();
    let (mut seen, mut own, mut in_tones) = (Vec::new(), 0, 0);
    for resource in ["stories", "status_updates"] {
        let mut targets = 0;
        truth.for_each(resource, ADMIN_TOKEN, |record| {
            let mut by_base: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
            for item in record["reaction_summary"].as_array().unwrap() {
                by_base.entry(item["emoji_base"].as_str().unwrap()).or_default().push(item);
            }
            for (base, items) in by_base {
                let path =
                    format!("/reactions?target={}&emoji_base={}", record["gid"].as_str().unwrap(), encoded(base));
                let reactions = truth.list(&path, ADMIN_TOKEN).unwrap();
                let count = items.iter().map(|item| item["count"].as_u64().unwrap()).sum::<u64>();
                assert_eq!(reactions.len() as u64, count, "{path}");
                for item in &items {
                    let with = reactions.iter().filter(|reaction| reaction["emoji"] == item["variant"]);
                    let people: Vec<&Value> = with.map(|reaction| &reaction["user"]["gid"]).collect();
                    assert_eq!(item["count"], people.len());
                    assert_eq!(item["reacted"], people.contains(&&me));
                    own += usize::from(people.contains(&&me));
                }
                in_tones += usize::from(items.len() > 1);
                targets += 1;
                seen.extend(gids(&reactions));
            }
        });
        assert!(targets > 5, "{resource}: {targets}");
    }
    assert!(own > 0 && in_tones > 0, "{own} {in_tones}");
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), all, "gids are unique");
}

#[test]
fn a_target_and_an_emoji_are_required() {
    let simulator = start_in_background(config(600)).unwrap();
    let truth = simulator.truth();
    let mut client = Client::new(&simulator, ADMIN_TOKEN);
    let mut pick = None;
    truth.for_each("stories", ADMIN_TOKEN, |story| {
        if pick.is_none() && !story["reaction_summary"].as_array().unwrap().is_empty() {
            pick = story["gid"].as_str().map(str::to_owned);
        }
    });
    let target = pick.unwrap();
    let thumb = encoded("👍");
    assert_eq!(client.get(&format!("/reactions?emoji_base={thumb}")).message(), "target: Missing input");
    assert_eq!(client.get(&format!("/reactions?target={target}")).message(), "emoji_base: Missing input");
    let path = format!("/reactions?target={target}&emoji_base=");
    let (reactions, _) = client.walk(&format!("{path}{thumb}"), 1);
    assert!(!reactions.is_empty() && reactions.iter().all(|it| it["emoji"].as_str().unwrap().starts_with('👍')));
    assert!(client.data(&format!("{path}{}", encoded("🦄"))).as_array().unwrap().is_empty());
    let task = gids(&truth.records("tasks", ADMIN_TOKEN)).remove(0);
    let refused = client.get(&format!("/reactions?target={task}&emoji_base={thumb}"));
    assert_eq!((refused.status, refused.message()), (404, format!("target: Unknown object: {task}")));
    // On what is hidden there are no reactions either.
    let mine = gids(&truth.records("status_updates", ADMIN_TOKEN));
    let hidden =
        gids(&truth.records("status_updates", SERVICE_TOKEN)).into_iter().find(|it| !mine.contains(it)).unwrap();
    assert_eq!(client.get(&format!("/reactions?target={hidden}&emoji_base={thumb}")).status, 404);
}
