//! What is answered in place of the right answer.

use super::Fault;
use crate::api::Twist;
use crate::api::errors::ApiError;
use crate::delivery::Reply;

const GATEWAY_PAGE: &str =
    "<html>\n<head><title>Bad gateway</title></head>\n<body><h1>Something is wrong</h1></body>\n</html>\n";
const LOGIN_PAGE: &str = "<!DOCTYPE html>\n<html>\n<head><title>Guest network</title></head>\n\
                          <body><form action=\"/login\"><input name=\"room\"></form></body>\n</html>\n";

/// The answer of a fault, if it is not the right one.
pub(crate) fn instead(fault: &Fault, path: &str) -> Option<Reply> {
    let refusal = |error: ApiError| Some(Reply::refusal(&error));
    match fault {
        Fault::ServerError | Fault::TooHeavy { status: 500, .. } => refusal(ApiError::server_error()),
        Fault::Gateway(status) | Fault::TooHeavy { status, .. } => Some(Reply::html(*status, GATEWAY_PAGE)),
        Fault::TooManyRequests(wait) => Some(Reply::too_many_requests(wait.clone())),
        Fault::Refuse(402) => refusal(ApiError::payment_required("This feature")),
        Fault::Refuse(403) => refusal(ApiError::forbidden()),
        Fault::Refuse(404) => refusal(ApiError::unknown_object("object", path)),
        Fault::Refuse(status) => refusal(ApiError::new(*status, "Unavailable For Legal Reasons")),
        Fault::ExpiredOffset => refusal(ApiError::offset_expired()),
        Fault::Truncated => refusal(ApiError::new(
            400,
            "The data set was truncated because it is too large. Please narrow the request.",
        )),
        Fault::ResultTooLarge => refusal(ApiError::too_large()),
        Fault::Garbage => Some(Reply::json(200, b"{\"data\":[{\"gid\":\"12".to_vec())),
        Fault::HtmlPage => Some(Reply::html(200, LOGIN_PAGE)),
        Fault::Errors => Some(Reply::json(200, ApiError::server_error().body())),
        Fault::EmptyBody => Some(Reply::json(200, Vec::new())),
        _ => None,
    }
}

/// How a fault changes the page that is built.
pub(crate) fn twist(fault: Option<&Fault>) -> Twist {
    match fault {
        Some(Fault::EmptyPage) => Twist::EmptyPage,
        Some(Fault::RepeatedOffset) => Twist::RepeatedOffset,
        _ => Twist::None,
    }
}
