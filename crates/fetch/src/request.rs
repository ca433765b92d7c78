//! What is sent where: a request's path and query, and the base addresses that a token may be sent to.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use reqwest::Url;

use crate::FetchError;

/// One request, without its offset's or its page size's history.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Path below the base with placeholders filled in, each piece a segment.
    pub(crate) segments: Vec<Cow<'static, str>>,
    pub(crate) query: Vec<(&'static str, String)>,
    /// The same for all requests of a listing.
    pub(crate) opt_fields: Arc<OptFields>,
    /// Records that a page of this listing may hold, as far as is known; `None` for what has no pages.
    pub(crate) page: Option<u32>,
    /// Records that are asked for: fewer while Asana's limits demand it.
    pub(crate) limit: Option<u32>,
    pub(crate) offset: Option<String>,
    /// It counts for the limit of searches too.
    pub(crate) search: bool,
}

/// The fields that are asked for: all requests of a listing share them, because their text is long.
#[derive(Debug, Default)]
pub(crate) struct OptFields {
    paths: Vec<String>,
    /// As a query has them; empty if there are none. Commas need no encoding, and encoded they would triple.
    text: String,
    /// The base address as it was first given, and the same with them as its query.
    address: OnceLock<(Url, Url)>,
}

impl OptFields {
    pub(crate) fn new(paths: Vec<String>) -> Self {
        let text = if paths.is_empty() { String::new() } else { format!("opt_fields={}", paths.join(",")) };
        Self { paths, text, address: OnceLock::new() }
    }

    pub(crate) fn paths(&self) -> &[String] {
        &self.paths
    }

    /// All but a field and what is inside it.
    pub(crate) fn without(&self, field: &str) -> Self {
        Self::new(self.paths.iter().filter(|path| !is_within(path, field)).cloned().collect())
    }

    /// The base address with them in its query.
    fn on(&self, base: &Url) -> Url {
        let add = || {
            let mut url = base.clone();
            if !self.text.is_empty() {
                url.set_query(Some(&self.text));
            }
            url
        };
        let (of, known) = self.address.get_or_init(|| (base.clone(), add()));
        if of == base { known.clone() } else { add() }
    }
}

/// Whether a requested path is `field` or something inside it.
pub(crate) fn is_within(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Request {
    /// The request as the archive names it: without `opt_fields`, which are the same for the whole listing.
    pub(crate) fn path(&self) -> String {
        let mut path = String::with_capacity(96);
        for segment in &self.segments {
            path.extend(["/", segment]);
        }
        let mut mark = "?";
        for (name, value) in &self.query {
            path.extend([std::mem::replace(&mut mark, "&"), name, "=", value]);
        }
        if let Some(limit) = self.limit {
            path.extend([mark, "limit=", &limit.to_string()]);
        }
        path
    }

    pub(crate) fn url(&self, base: &Url) -> Url {
        // What the listing is asked for comes first. Where the path says that, fields that were encoded once need not be
        // again, and they are nearly all of the address.
        let fields_are_in = self.query.is_empty();
        let mut url = if fields_are_in { self.opt_fields.on(base) } else { base.clone() };
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&self.segments);
        }
        if !self.query.is_empty() || self.limit.is_some() || self.offset.is_some() {
            let mut query = url.query_pairs_mut();
            for (name, value) in &self.query {
                query.append_pair(name, value);
            }
            if let Some(limit) = self.limit {
                query.append_pair("limit", &limit.to_string());
            }
            if let Some(offset) = &self.offset {
                query.append_pair("offset", offset);
            }
        }
        if !fields_are_in && !self.opt_fields.text.is_empty() {
            let all = format!("{}&{}", url.query().unwrap_or_default(), self.opt_fields.text);
            url.set_query(Some(&all));
        }
        url
    }
}

/// Accepts addresses that a token may be sent to: HTTPS anywhere, plain HTTP on this machine.
pub(crate) fn base_url(text: &str) -> Result<Url, FetchError> {
    // What stands before an @ may be a password.
    let shown = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
    let refuse = |reason| FetchError::BaseUrl { url: shown.to_owned(), reason };
    let url = Url::parse(text).map_err(|_| refuse("it is not an address"))?;
    let loopback = match url.host_str() {
        None => return Err(refuse("it names no host")),
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("it must not hold a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it must end with a path"));
    }
    match (url.scheme(), loopback) {
        ("https", _) | ("http", true) => Ok(url),
        ("http", false) => {
            Err(refuse("plain http is accepted only to this machine, because the token would be readable"))
        }
        _ => Err(refuse("it must begin with https://")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_over_tls_or_to_this_machine() {
        for good in [
            "https://app.asana.com/api/1.0",
            "http://127.0.0.1:8080/api/1.0",
            "http://localhost/api",
            "http://[::1]:1/",
        ] {
            assert!(base_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://app.asana.com/api/1.0",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "ftp://app.asana.com/",
            "app.asana.com",
            "https://me:secret@app.asana.com/",
            "https://app.asana.com/?a=b",
            "",
        ] {
            assert!(matches!(base_url(bad), Err(FetchError::BaseUrl { .. })), "{bad}");
        }
    }

    #[test]
    fn whatever_a_gid_holds_it_stays_one_segment() {
        let request = Request {
            segments: vec!["tasks".into(), "../users?a=1#b".into(), "stories".into()],
            query: vec![("parent", "a&b=c".into())],
            opt_fields: Arc::new(OptFields::new(vec!["name".into(), "a.b".into()])),
            page: Some(100),
            limit: Some(100),
            offset: Some("x/y".into()),
            search: false,
        };
        let check = |request: &Request, query: &str| {
            for base in ["https://app.asana.com/api/1.0", "http://127.0.0.1:1/api/1.0", "https://app.asana.com/api/1.0"]
            {
                let expected = format!("{base}/tasks/..%2Fusers%3Fa=1%23b/stories?{query}");
                assert_eq!(request.url(&Url::parse(base).unwrap()).as_str(), expected);
            }
        };
        check(&request, "parent=a%26b%3Dc&limit=100&offset=x%2Fy&opt_fields=name,a.b");
        let by_path = Request { query: Vec::new(), ..request.clone() };
        check(&by_path, "opt_fields=name,a.b&limit=100&offset=x%2Fy");
        assert_eq!(request.path(), "/tasks/../users?a=1#b/stories?parent=a&b=c&limit=100");
    }

    #[test]
    fn what_is_asked_without_anything_is_just_its_path() {
        let mut request = Request {
            segments: vec!["tasks".into(), "1".into()],
            query: Vec::new(),
            opt_fields: Arc::default(),
            page: None,
            limit: None,
            offset: None,
            search: false,
        };
        let base = Url::parse("https://app.asana.com/").unwrap();
        assert_eq!(request.url(&base).as_str(), "https://app.asana.com/tasks/1");
        assert_eq!(request.path(), "/tasks/1");
        request.opt_fields = Arc::new(OptFields::new(vec!["name".into(), "parent.name".into(), "parents".into()]));
        assert_eq!(request.url(&base).as_str(), "https://app.asana.com/tasks/1?opt_fields=name,parent.name,parents");
        request.opt_fields = Arc::new(request.opt_fields.without("parent"));
        assert_eq!(request.url(&base).as_str(), "https://app.asana.com/tasks/1?opt_fields=name,parents");
    }
}
