//! Parsers of values that several settings share.

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;

use gazette_authorizer::is_loopback;
use url::Url;

/// Parses an address with a port.
pub(super) fn socket_addr(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not an address such as 127.0.0.1:3000"))
}

/// Returns a parser of whole numbers in a range.
pub(super) fn whole_number<T>(
    range: RangeInclusive<T>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            format!("{text:?} is not a whole number from {} to {}", range.start(), range.end())
        })
    }
}

/// Parses a URL without a user name and a password; the message repeats neither.
pub(super) fn url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| {
        let may_have_password = text.contains('@');
        let shown = if may_have_password { String::new() } else { format!("{text:?} ") };
        format!("{shown}is not a URL: {error}")
    })?;
    if url.username().is_empty() && url.password().is_none() {
        return Ok(url);
    }
    Err("must not contain a user name or password".to_owned())
}

/// Parses an origin; plain http is allowed for loopback hosts only.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let url = url(text)?;
    let origin = gazette_authorizer::origin(&url).ok_or_else(|| {
        format!("{text:?} must be an origin such as https://news.example, without a path")
    })?;
    check_scheme(&url)?;
    Ok(origin)
}

/// Refuses plain http to a host that is not loopback.
pub(super) fn check_scheme(url: &Url) -> Result<(), String> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(format!("{url} must begin with https://; http is for loopback only")),
        _ => Err(format!("{url} must begin with https://")),
    }
}
