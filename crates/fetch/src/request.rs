//! What is sent where: a request's path and query, and the base addresses that a token may be sent to.

use std::sync::Arc;

use reqwest::Url;

use crate::FetchError;

/// One request, without its offset's or its page size's history.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Path below the base with placeholders filled in, each piece a segment.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    /// The same for all requests of a listing.
    pub(crate) opt_fields: Arc<Vec<String>>,
    /// Records that a page of this listing may hold, as far as is known; `None` for what has no pages.
    pub(crate) page: Option<u32>,
    /// Records that are asked for: fewer while Asana's limits demand it.
    pub(crate) limit: Option<u32>,
    pub(crate) offset: Option<String>,
    /// It counts for the limit of searches too.
    pub(crate) search: bool,
}

impl Request {
    /// The request as the archive names it: without `opt_fields`, which are the same for the whole listing.
    pub(crate) fn path(&self) -> String {
        let mut url = self.segments.iter().fold(String::new(), |path, segment| path + "/" + segment);
        let limit = self.limit.map(|limit| ("limit", limit.to_string()));
        for (place, (name, value)) in self.query.iter().cloned().chain(limit).enumerate() {
            url.push(if place == 0 { '?' } else { '&' });
            url.extend([name, "=", &value]);
        }
        url
    }

    pub(crate) fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&self.segments);
        }
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
        drop(query);
        if !self.opt_fields.is_empty() {
            // Commas need no encoding, and encoded they would triple.
            let all = format!(
                "{}opt_fields={}",
                url.query().map(|q| format!("{q}&")).unwrap_or_default(),
                self.opt_fields.join(",")
            );
            url.set_query(Some(all.trim_start_matches('&')));
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
            opt_fields: Arc::new(vec!["name".into(), "a.b".into()]),
            page: Some(100),
            limit: Some(100),
            offset: Some("x/y".into()),
            search: false,
        };
        let url = request.url(&Url::parse("https://app.asana.com/api/1.0").unwrap());
        assert_eq!(
            url.as_str(),
            "https://app.asana.com/api/1.0/tasks/..%2Fusers%3Fa=1%23b/stories?parent=a%26b%3Dc&limit=100&offset=x%2Fy&opt_fields=name,a.b"
        );
    }
}
