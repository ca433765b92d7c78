//! How an answer goes out: its headers, its compression, and what goes wrong on the way.

use std::convert::Infallible;
use std::io::Write as _;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::{StreamExt as _, stream};

use crate::api::errors::ApiError;
use crate::faults::{Fault, RetryAfter, padded};
use crate::wire::Cut;

/// Deprecations announced with every answer, as Asana does.
const CHANGES: &str = "name=cross_workspace_deprecation;info=https://forum.asana.com/t/1031581,\
                       name=teamless_projects;info=https://forum.asana.com/t/929205,\
                       name=new_goal_memberships;info=https://forum.asana.com/t/378601;affected=true";
const JSON: &str = "application/json; charset=UTF-8";
const HTML: &str = "text/html";

/// An answer that was made and not yet sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    content_type: &'static str,
    pub(crate) retry_after: RetryAfter,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: Vec<u8>) -> Self {
        Self { status, content_type: JSON, retry_after: RetryAfter::Unsaid, body }
    }

    /// A page of somebody between Asana and its client.
    pub(crate) fn html(status: u16, page: &'static str) -> Self {
        Self { content_type: HTML, ..Self::json(status, page.into()) }
    }

    pub(crate) fn refusal(error: &ApiError) -> Self {
        let retry_after = error.retry_after.map_or(RetryAfter::Unsaid, RetryAfter::Seconds);
        Self { retry_after, ..Self::json(error.status, error.body()) }
    }

    pub(crate) fn too_many_requests(retry_after: RetryAfter) -> Self {
        Self { retry_after, ..Self::refusal(&ApiError::too_many_requests(None)) }
    }

    fn head(&self) -> Response {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if self.content_type != HTML {
            headers.insert("x-asana-api-version", HeaderValue::from_static("1.1"));
            headers.insert("asana-change", HeaderValue::from_static(CHANGES));
        }
        // The text form of rules lets only texts through that a header can hold.
        if let Some(Ok(wait)) = self.retry_after.header().map(HeaderValue::try_from) {
            headers.insert(RETRY_AFTER, wait);
        }
        response
    }

    /// Whether the answer may be compressed: Asana compresses, those between do not.
    fn is_compressible(&self) -> bool {
        self.content_type != HTML && !self.body.is_empty()
    }
}

/// Whether a client understands compressed answers.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0);
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Sends an answer with the fault that it has; `gzip` when it is to be compressed.
pub(crate) fn deliver(mut reply: Reply, fault: Option<&Fault>, gzip: bool, cut: &Cut) -> Response {
    if fault == Some(&Fault::PlainText) {
        reply.content_type = "text/plain; charset=UTF-8";
    }
    let mut response = reply.head();
    let gzip = gzip && reply.is_compressible();
    let (body, is_compressed) = match fault {
        Some(Fault::HugeBody(mib)) => {
            let pieces = padded(reply.body, *mib).map(Ok::<_, Infallible>);
            *response.body_mut() = Body::from_stream(stream::iter(pieces));
            return response;
        }
        Some(Fault::GzipBomb(mib)) => (compressed(padded(reply.body, *mib)), true),
        Some(Fault::GzipCut) => {
            let mut body = compressed([reply.body]);
            body.truncate(body.len() / 2);
            (body, true)
        }
        _ if gzip => (compressed([reply.body]), true),
        _ => (reply.body, false),
    };
    if is_compressed {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    on_the_way(response, body, fault, cut)
}

fn compressed(pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for piece in pieces {
        // Writing to a Vec cannot fail.
        let _never_fails = encoder.write_all(piece.as_ref());
    }
    encoder.finish().unwrap_or_default()
}

/// What happens to an answer between here and the client.
fn on_the_way(mut response: Response, body: Vec<u8>, fault: Option<&Fault>, cut: &Cut) -> Response {
    let half = body.len() / 2;
    match fault {
        Some(Fault::Drop) => cut.close_after(0),
        Some(Fault::Reset) => cut.reset_after(0),
        Some(Fault::Cut) => cut.close_after(head_length(&response) + half),
        Some(Fault::ResetBody) => cut.reset_after(head_length(&response) + half),
        Some(Fault::ResetAfter) => cut.reset_on_next(),
        Some(Fault::Stall(pause)) => {
            response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            *response.body_mut() = stalling(&Bytes::from(body), half, *pause);
            return response;
        }
        _ => {}
    }
    *response.body_mut() = Body::from(body);
    response
}

/// A body that stops for a while, or for ever, once `first` bytes are out.
fn stalling(body: &Bytes, first: usize, pause: Option<Duration>) -> Body {
    let (begin, rest) = (body.slice(..first), body.slice(first..));
    let late = async move {
        match pause {
            Some(pause) => tokio::time::sleep(pause).await,
            None => std::future::pending().await,
        }
        rest
    };
    let pieces = stream::once(std::future::ready(begin)).chain(stream::once(late));
    Body::from_stream(pieces.map(Ok::<_, Infallible>))
}

/// About the bytes before the body: the status line, these headers, `content-length` and `date`.
fn head_length(response: &Response) -> usize {
    let lines = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    lines.sum::<usize>() + 17 + 24 + 37
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_say_so() {
        let accepts = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_str(value).unwrap());
            accepts_gzip(&headers)
        };
        for yes in ["gzip", "deflate, GZIP", "br;q=1.0, gzip;q=0.8"] {
            assert!(accepts(yes), "{yes}");
        }
        for no in ["", "identity", "gzip;q=0", "br, gzip; q=0.0", "gzipped"] {
            assert!(!accepts(no), "{no}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
