//! The access token: a value that cannot be printed and is wiped from memory.

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::FetchError;

/// A personal access token or service account token.
///
/// Its form is opaque and may change, so nothing of it is checked but whether it can be sent at all.
/// Source: <https://developers.asana.com/docs/personal-access-token>
#[derive(Debug, Clone)]
pub struct Token(SecretString);

impl Token {
    /// Takes a token from text around which there may be white space, as at the end of a file.
    ///
    /// # Errors
    /// [`FetchError::MalformedToken`] when it is empty or holds characters that no header can.
    pub fn new(text: &str) -> Result<Self, FetchError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(FetchError::MalformedToken("it is empty"));
        }
        if text.chars().any(char::is_whitespace) {
            return Err(FetchError::MalformedToken("it holds white space"));
        }
        if !text.chars().all(|character| character.is_ascii_graphic()) {
            return Err(FetchError::MalformedToken("it holds characters other than ASCII"));
        }
        Ok(Self(text.into()))
    }

    /// The header's value, marked so that no HTTP library prints it.
    pub(crate) fn header(&self) -> Result<reqwest::header::HeaderValue, FetchError> {
        let text = Zeroizing::new(format!("Bearer {}", self.0.expose_secret()));
        let mut value = reqwest::header::HeaderValue::from_str(&text)
            .map_err(|_| FetchError::MalformedToken("it cannot be sent in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Client, ClientSettings, Quota};

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::new(" 2/1234/abcdefgh:secret\n").unwrap();
        assert!(!format!("{token:?} {:?}", token.header().unwrap()).contains("secret"));
    }

    #[test]
    fn nothing_that_holds_a_token_prints_it() {
        let settings = ClientSettings {
            base_url: "http://127.0.0.1:1/api".to_owned(),
            token: Token::new("2/1234/abcdefgh:secret").unwrap(),
            quota: Quota::FREE,
            concurrency: 1,
            give_up_after: std::time::Duration::from_secs(60),
        };
        let cancel = tokio_util::sync::CancellationToken::new();
        let client = Client::new(&settings, cancel, Arc::new(|_: &asana_model::Event| {})).unwrap();
        for shown in [format!("{settings:?}"), format!("{settings:#?}"), format!("{client:?}"), format!("{client:#?}")]
        {
            assert!(!shown.contains("secret") && !shown.contains("abcdefgh"), "{shown}");
        }
    }

    #[test]
    fn what_no_header_can_hold_is_refused() {
        for text in ["", " \n", "two words", "two\nlines", "tökén", "a\u{0}b"] {
            assert!(matches!(Token::new(text), Err(FetchError::MalformedToken(_))), "{text:?}");
        }
    }
}
