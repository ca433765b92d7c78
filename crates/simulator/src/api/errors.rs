//! Refusals in Asana's envelope, with the recorded texts.

use super::json;

const HELP: &str = "For more information on API status codes and how to handle them, read the docs on errors: \
                    https://developers.asana.com/docs/errors";

/// An answer that is not data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) message: String,
    /// Sent with 500s only.
    pub(crate) phrase: Option<&'static str>,
    /// Real seconds, sent with 429s.
    pub(crate) retry_after: Option<u64>,
}

impl ApiError {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), phrase: None, retry_after: None }
    }

    pub(crate) fn not_authorized() -> Self {
        Self::new(401, "Not Authorized")
    }

    pub(crate) fn forbidden() -> Self {
        Self::new(403, "Forbidden")
    }

    pub(crate) fn no_route() -> Self {
        Self::new(404, "No matching route for request")
    }

    pub(crate) fn payment_required(what: &str) -> Self {
        Self::new(402, format!("Payment Required: {what} is only available to premium users."))
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(400, format!("{parameter}: Missing input"))
    }

    pub(crate) fn malformed_gid(what: &str, text: &str) -> Self {
        Self::new(400, format!("{what}: Not a recognized ID: {text}"))
    }

    pub(crate) fn unknown_object(what: &str, text: &str) -> Self {
        Self::new(404, format!("{what}: Unknown object: {text}"))
    }

    pub(crate) fn too_large() -> Self {
        Self::new(400, "The result is too large. You should use pagination (may require specifying a workspace)!")
    }

    pub(crate) fn offset_expired() -> Self {
        Self::new(400, "offset: Your pagination token has expired.")
    }

    pub(crate) fn too_many_requests(retry_after: Option<u64>) -> Self {
        let message = "You have made too many requests recently. Please, be chill.";
        Self { retry_after, ..Self::new(429, message) }
    }

    pub(crate) fn server_error() -> Self {
        let message = "Server Error: oops, something went wrong on our end";
        Self { phrase: Some("6 sad squid snuggle softly"), ..Self::new(500, message) }
    }

    pub(crate) fn body(&self) -> Vec<u8> {
        let mut out = Vec::from(&b"{\"errors\":[{\"message\":"[..]);
        json::string(&mut out, &self.message);
        out.extend_from_slice(b",\"help\":");
        json::string(&mut out, HELP);
        if let Some(phrase) = self.phrase {
            out.extend_from_slice(b",\"phrase\":");
            json::string(&mut out, phrase);
        }
        out.extend_from_slice(b"}]}");
        out
    }
}
