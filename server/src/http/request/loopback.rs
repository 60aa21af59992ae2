//! Names of this machine: browsers keep cookies for each of them apart.

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};
use url::Url;

/// Names by which browsers on this machine reach it.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Returns the requested page at the public origin, if the request came by another name of this
/// machine.
///
/// `None` if the public origin is not on this machine, if the port differs, or if `Host` is not a
/// name of this machine.
pub(in crate::http) fn at_public_origin(
    headers: &HeaderMap,
    uri: &Uri,
    public_url: &str,
) -> Option<String> {
    let public = Url::parse(public_url).ok()?;
    let public_name = public.host_str().filter(|name| NAMES.contains(name))?;
    let mut hosts = headers.get_all(HOST).iter();
    let host: Authority = hosts.next()?.to_str().ok()?.parse().ok()?;
    let is_alone = hosts.next().is_none() && !host.as_str().contains('@');
    let asked_name = host.host().to_ascii_lowercase();
    let is_other_name = NAMES.contains(&asked_name.as_str()) && asked_name != public_name;
    let default_port = if public.scheme() == "https" { 443 } else { 80 };
    let is_same_port =
        public.port_or_known_default() == Some(host.port_u16().unwrap_or(default_port));
    let page = uri.path_and_query()?;
    let origin = public.origin().ascii_serialization();
    (is_alone && is_other_name && is_same_port).then(|| format!("{origin}{page}"))
}
