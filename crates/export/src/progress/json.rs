//! Every event as one JSON object a line, for machines that watch a run.

use std::fmt::Write as _;

use asana_model::event::Event;
use serde::Serialize;

use super::text::steers;

#[derive(Serialize)]
struct Entry<'a> {
    time: String,
    #[serde(flatten)]
    event: &'a Event,
}

/// The event with its time, as in `{"time":"2025-04-18T17:23:53Z","event":"request_sent"}`.
///
/// It loses nothing, and yet a terminal may show it: what would steer one is escaped, which JSON allows everywhere
/// that such a character can stand.
pub(crate) fn line(event: &Event, time: String) -> Option<String> {
    serde_json::to_string(&Entry { time, event }).ok().map(|json| printable_json(&json))
}

/// JSON that a terminal may show: what would steer one is escaped within its strings. Line breaks stay, because they
/// stand between values.
pub fn printable_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if steers(character) && character != '\n' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ok = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn check(event: &Event, expected: &str) {
        let line = line(event, "T".to_owned()).unwrap();
        assert_eq!(line, expected);
        assert!(!line.chars().any(steers));
    }

    #[test]
    fn an_event_is_an_object_with_a_time() {
        check(&Event::RequestSent, r#"{"time":"T","event":"request_sent"}"#);
        check(
            &Event::Retried { path: "/tasks".to_owned(), reason: "503".to_owned(), wait: Duration::from_millis(250) },
            r#"{"time":"T","event":"retried","path":"/tasks","reason":"503","wait_ms":250}"#,
        );
    }

    #[test]
    fn hostile_text_is_escaped_and_kept() {
        let text = "\u{1b}[2J\u{9b}31m\u{202e}\n\"\u{7f}ü";
        let event = Event::Note { text: text.to_owned() };
        check(&event, r#"{"time":"T","event":"note","text":"\u001b[2J\u009b31m\u202e\n\"\u007fü"}"#);
        let line = line(&event, "T".to_owned()).unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap()["text"], text);
    }
}
