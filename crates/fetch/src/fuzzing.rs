//! What the fuzz targets call: pieces that are nobody else's business, with what must hold of them.

use asana_model::check;
use jiff::Timestamp;
use serde_json::value::RawValue;

use crate::children::Children;
use crate::position::look;
use crate::retry::{LONGEST_WAIT, wait_after};
use crate::{clock, page};

/// A body is an answer or it is named, whoever looks; and what goes into the archive as JSON is JSON.
pub fn page(body: &[u8]) {
    let decoded = page::decode(body).is_ok();
    for (search, first) in [(false, true), (false, false), (true, true)] {
        assert_eq!(look(body, &Children::default(), search, first).is_ok(), decoded, "of two readers one disagrees");
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let is_json = serde_json::from_str::<&RawValue>(text).ok().map(RawValue::get);
        assert_eq!(check::check(text).ok(), is_json, "serde does not agree");
        let _message = page::error_message(text);
    }
}

/// A `Retry-After` leads to a wait that has an end, whether the answer has a date or not.
pub fn retry_after(header: &str) {
    for date in [None, Some(Timestamp::UNIX_EPOCH), clock::http_date(header)] {
        let wait = wait_after(clock::retry_after(Some(header), date));
        assert!(!wait.is_zero() && wait <= LONGEST_WAIT, "{wait:?} for {header:?}");
    }
}
