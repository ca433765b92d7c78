//! Workspaces in numbers: each test says what is known and what follows.

use super::known::{Encounters, Spread};
use super::*;

const PROJECTS: usize = 0;
const TASKS: usize = 1;
const DETAILS: usize = 2;

/// The places of the listings in these workspaces.
const LIST: usize = 0;
const TASKS_OF_PROJECT: usize = 1;
const SUBTASKS: usize = 2;
const STORIES: usize = 3;
const EVERYTHING: usize = 4;
const WITH_FILES: usize = 5;
const FILES: usize = 6;
const FOUND: usize = 7;

fn listing(tally: Tally) -> Facts {
    Facts {
        tally,
        resource: DETAILS,
        prospect: Prospect::Asked,
        has_pages: true,
        leads_to: Vec::new(),
        searches: None,
        found: None,
        narrowed_by: None,
        parent: None,
        for_unclaimed: false,
        again: false,
        has_files: false,
    }
}

/// Units of which some were begun and finished, with a page and so many records each.
fn tally(units: u64, begun: u64, records_each: u64) -> Tally {
    let records = begun * records_each;
    let with_records = if records_each > 0 { begun } else { 0 };
    Tally { units, begun, finished: begun, answers: begun, records, with_records, ..Tally::default() }
}

/// Every encounter the first, and the units that followed.
fn encounters(times: u64, parts: f64, units: &[(usize, u64)]) -> Encounters {
    Encounters { times, first: times, parts, units: units.iter().copied().collect() }
}

/// 100 projects of which 10 were read, with 20 tasks each; a tenth of the tasks has subtasks, three each, of which five
/// were read. Every task has stories, and is asked for files.
fn workspace() -> (Vec<Facts>, BTreeMap<Kind, u64>) {
    let mut list = tally(1, 1, 100);
    list.met.insert((PROJECTS, false), encounters(100, 100.0, &[(TASKS_OF_PROJECT, 100)]));
    let mut of_project = tally(100, 10, 20);
    let followed = [(SUBTASKS, 20), (STORIES, 200), (FILES, 200)];
    of_project.met.insert((TASKS, false), encounters(200, 200.0, &followed));
    let mut subtasks = tally(20, 5, 3);
    subtasks.met.insert((TASKS, false), encounters(15, 15.0, &[(STORIES, 15), (FILES, 15)]));
    let leads_to = vec![SUBTASKS, STORIES, FILES];
    let facts = vec![
        Facts { leads_to: vec![TASKS_OF_PROJECT], ..listing(list) },
        Facts {
            resource: TASKS,
            leads_to: leads_to.clone(),
            parent: Some(PROJECTS),
            again: true,
            ..listing(of_project)
        },
        Facts { resource: TASKS, leads_to, parent: Some(TASKS), ..listing(subtasks) },
        Facts { parent: Some(TASKS), ..listing(tally(215, 1, 4)) },
        Facts { searches: Some((TASKS, true)), prospect: Prospect::Refused, ..listing(tally(1, 1, 0)) },
        Facts { searches: Some((TASKS, false)), prospect: Prospect::Refused, ..listing(tally(1, 1, 0)) },
        Facts { parent: Some(TASKS), narrowed_by: Some(WITH_FILES), ..listing(tally(215, 25, 0)) },
        Facts {
            parent: Some(TASKS),
            for_unclaimed: true,
            resource: TASKS,
            has_pages: false,
            leads_to: vec![STORIES],
            ..listing(Tally::default())
        },
    ];
    (facts, BTreeMap::from([((PROJECTS, false), 100), ((TASKS, false), 215)]))
}

#[track_caller]
fn check(facts: &[Facts], met: &BTreeMap<Kind, u64>, search: Search, expected: &[(usize, f64, Certainty)]) {
    let amounts = estimate(facts, met, search);
    for (listing, requests, certainty) in expected {
        let amount = amounts[*listing];
        assert!((amount.requests - requests).abs() < 0.01, "listing {listing}: {amount:?}, expected {requests}");
        assert_eq!(amount.certainty, *certainty, "listing {listing}: {amount:?}");
    }
}

#[test]
fn what_was_not_asked_is_like_what_was() {
    let (facts, met) = workspace();
    // 2,000 tasks in projects; 200 of them have subtasks, 600 in all.
    check(
        &facts,
        &met,
        Search::AsIs,
        &[
            (LIST, 1.0, Certainty::Exact),
            // All projects are known, and asked once more at the end.
            (TASKS_OF_PROJECT, 200.0, Certainty::AtLeast),
            (SUBTASKS, 200.0, Certainty::About),
            (STORIES, 2_600.0, Certainty::About),
            (EVERYTHING, 1.0, Certainty::Exact),
            (FILES, 2_600.0, Certainty::About),
            (FOUND, 0.0, Certainty::About),
        ],
    );
}

#[test]
fn what_is_read_is_no_estimate() {
    let (mut facts, met) = workspace();
    for fact in &mut facts {
        fact.tally.units = fact.tally.begun;
    }
    facts[STORIES].tally.units = 215;
    check(
        &facts,
        &met,
        Search::AsIs,
        &[
            (TASKS_OF_PROJECT, 110.0, Certainty::Exact),
            (SUBTASKS, 5.0, Certainty::Exact),
            (STORIES, 215.0, Certainty::AtLeast),
        ],
    );
}

#[test]
fn a_task_met_twice_counts_once() {
    let (mut facts, met) = workspace();
    // Every task of a project is in a second one too, and was met in one of them only.
    facts[TASKS_OF_PROJECT].tally.met.get_mut(&(TASKS, false)).unwrap().parts = 100.0;
    // 1,000 tasks instead of 2,000; 300 subtasks.
    let amounts = estimate(&facts, &met, Search::AsIs);
    assert!((1_290.0..1_320.0).contains(&amounts[STORIES].requests), "{amounts:?}");
}

#[test]
fn a_long_first_listing_does_not_speak_for_the_others() {
    let (mut facts, met) = workspace();
    // The first project had a thousand tasks more; the nine others that were read are like all the rest.
    let tally = &mut facts[TASKS_OF_PROJECT].tally;
    tally.spread = Spread { begun: 9, answers: 9, records: 180 };
    (tally.records, tally.answers) = (1_200, 20);
    let followed = [(SUBTASKS, 120), (STORIES, 1_200), (FILES, 1_200)];
    tally.met.insert((TASKS, false), encounters(1_200, 1_200.0, &followed));
    facts[SUBTASKS].tally.units = 120;
    facts[STORIES].tally.units = 1_215;
    let met = BTreeMap::from([((PROJECTS, false), met[&(PROJECTS, false)]), ((TASKS, false), 1_215)]);
    // 3,000 tasks and 900 subtasks.
    check(&facts, &met, Search::AsIs, &[(STORIES, 3_900.0, Certainty::About)]);
}

#[test]
fn a_search_that_saw_all_tasks_knows_how_many_there_are() {
    let (mut facts, met) = workspace();
    with_search(&mut facts, true);
    check(
        &facts,
        &met,
        Search::AsIs,
        &[
            (STORIES, 3_000.0, Certainty::About),
            (EVERYTHING, 32.0, Certainty::Exact),
            (FILES, 300.0, Certainty::AtLeast),
            (FOUND, 0.0, Certainty::About),
        ],
    );
    // The same token on a plan without search.
    check(&facts, &met, Search::Without, &[(STORIES, 2_600.0, Certainty::About), (EVERYTHING, 1.0, Certainty::Exact)]);
}

#[test]
fn a_search_that_was_only_begun_tells_which_part_has_files() {
    let (mut facts, met) = workspace();
    with_search(&mut facts, false);
    check(
        &facts,
        &met,
        Search::AsIs,
        &[(FILES, 260.0, Certainty::About), (EVERYTHING, 28.0, Certainty::About), (WITH_FILES, 4.0, Certainty::About)],
    );
}

#[test]
fn without_a_search_the_sample_tells_what_one_would_save() {
    let (mut facts, met) = workspace();
    facts[FILES].tally.with_records = 5;
    check(
        &facts,
        &met,
        Search::With,
        &[(FILES, 520.0, Certainty::About), (EVERYTHING, 28.0, Certainty::About), (WITH_FILES, 7.0, Certainty::About)],
    );
    check(&facts, &met, Search::Without, &[(FILES, 2_600.0, Certainty::About)]);
}

#[test]
fn what_only_a_search_shows_is_asked_for_with_what_follows() {
    let (mut facts, met) = workspace();
    with_search(&mut facts, true);
    for fact in facts.iter_mut().filter(|fact| fact.searches.is_none()) {
        fact.tally.units = fact.tally.begun;
    }
    facts[STORIES].tally.units = 215;
    facts[EVERYTHING].found = Some(Found { objects: 225, complete: true, share: Some(1.0) });
    // Ten that no listing shows, each with stories like all others.
    check(&facts, &met, Search::AsIs, &[(FOUND, 10.0, Certainty::Exact), (STORIES, 225.0, Certainty::About)]);
}

#[test]
fn what_is_refused_or_not_needed_takes_no_more_requests() {
    for prospect in [Prospect::Refused, Prospect::NotNeeded] {
        let (mut facts, met) = workspace();
        facts[STORIES].prospect = prospect;
        check(&facts, &met, Search::AsIs, &[(STORIES, 1.0, Certainty::Exact)]);
    }
}

#[test]
fn pages_beyond_the_first_are_expected_when_enough_units_had_them() {
    let long = |begun| Tally { answers: begun * 3, ..tally(1_000, begun, 250) };
    let facts = |begun| vec![Facts { parent: None, ..listing(long(begun)) }];
    let none = BTreeMap::new();
    check(&facts(3), &none, Search::AsIs, &[(0, 9.0 + 997.0, Certainty::AtLeast)]);
    check(&facts(25), &none, Search::AsIs, &[(0, 3_000.0, Certainty::AtLeast)]);
    let mut cut = facts(25);
    cut[0].tally.finished = 20;
    check(&cut, &none, Search::AsIs, &[(0, 3_005.0, Certainty::AtLeast)]);
}

#[test]
fn subtasks_of_subtasks_come_to_an_end() {
    let (mut facts, met) = workspace();
    // Every third subtask has three of its own, and so on: each level is as large as the one before.
    let subtasks = facts[SUBTASKS].tally.met.get_mut(&(TASKS, false)).unwrap();
    subtasks.units.insert(SUBTASKS, 5);
    facts[SUBTASKS].tally.units = 25;
    let amounts = estimate(&facts, &met, Search::AsIs);
    assert!(amounts.iter().all(|amount| amount.requests.is_finite() && amount.requests >= 0.0), "{amounts:?}");
}

/// Task search answers: it saw 3,000 tasks and 300 with files, or the first thousand with a tenth of them.
fn with_search(facts: &mut [Facts], complete: bool) {
    let found = |objects, share| Some(Found { objects, complete, share: Some(share) });
    let answers = |all: u64, some: u64| if complete { all } else { some };
    facts[EVERYTHING].found = found(answers(3_000, 1_000), 1.0);
    facts[EVERYTHING].tally.answers = answers(32, 10);
    facts[WITH_FILES].found = found(answers(300, 300), 0.1);
    facts[WITH_FILES].tally.answers = 4;
    for search in [EVERYTHING, WITH_FILES] {
        facts[search].prospect = Prospect::Asked;
    }
    facts[FILES].prospect = Prospect::Narrowed;
    facts[FILES].tally = tally(0, 0, 0);
}
