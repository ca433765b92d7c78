//! What the fuzz targets call: pieces that are nobody else's business, with what must hold of them.
#![expect(clippy::panic, reason = "a property that does not hold has to be seen")]

use crate::children::Children;
use crate::position::look;
use crate::retry::{Attempt, Verdict, judge};
use crate::{page, retry};

/// A body is an answer or it is named, whoever looks.
pub fn page(body: &[u8]) {
    let decoded = page::decode(body).is_ok();
    for (search, first) in [(false, true), (false, false), (true, true)] {
        assert_eq!(look(body, &Children::default(), search, first).is_ok(), decoded, "of two readers one disagrees");
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let _message = page::error_message(text);
    }
}

/// A `Retry-After` leads to a wait that has an end.
pub fn retry_after(header: &str) {
    let retry_after = retry::retry_after(Some(header));
    let attempt = Attempt::Answered { status: 429, retry_after, message: String::new() };
    let Verdict::Pause(wait) = judge(&attempt) else { panic!("a 429 is a pause") };
    assert!(wait.as_secs() <= 24 * 3600, "{wait:?} for {header:?}");
}
