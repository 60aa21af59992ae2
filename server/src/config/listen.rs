//! Where the site listens and what it is called outside.

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use super::fault::Faults;
use super::settings::Settings;

/// Where the site listens and what it is called outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenConfig {
    /// The address to bind.
    pub addr: SocketAddr,
    /// The origin readers use; follows the bound port when absent.
    pub public_url: Option<String>,
    /// The masthead.
    pub title: String,
    /// Where the browser assets are, when somebody says so.
    pub site_root: Option<PathBuf>,
}

impl ListenConfig {
    pub(super) fn read(settings: &Settings, faults: &mut Faults) -> Self {
        let default = SocketAddr::from(([127, 0, 0, 1], 3000));
        let mut addr = faults.parse("GAZETTE_ADDR", settings.addr.as_deref(), default, |text| {
            text.parse().map_err(|_| format!("{text:?} is no address such as 127.0.0.1:3000"))
        });
        let port = faults.parse("PORT", settings.port.as_deref(), addr.port(), |text| {
            text.parse().map_err(|_| format!("{text:?} is no port"))
        });
        addr.set_port(port);
        let public_url =
            faults.parse("GAZETTE_PUBLIC_URL", settings.public_url.as_deref(), None, |text| {
                origin(text).map(Some)
            });
        let https = public_url.as_deref().is_some_and(|url: &str| url.starts_with("https://"));
        if !addr.ip().is_loopback() && !https {
            // Elsewhere than on this machine, cookies without Secure would travel in the open.
            let message = format!("must be an https origin when the site listens on {addr}");
            faults.add("GAZETTE_PUBLIC_URL", message);
        }
        let title = settings.title.clone().unwrap_or_else(|| "Gazette".to_owned());
        if title.chars().count() > 60 {
            faults.add("GAZETTE_TITLE", "has more than 60 characters");
        }
        let site_root = settings.site_root.clone().map(PathBuf::from);
        Self { addr, public_url, title, site_root }
    }

    /// The origin readers use, once the port is known.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://localhost:{}", bound.port()))
    }
}

/// Reads an origin; http is for loopback hosts only.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("{text:?} is no URL: {error}"))?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() {
        return Err(format!(
            "{text:?} must be an origin such as https://news.example, without a path"
        ));
    }
    check_scheme(&url)?;
    Ok(url.origin().ascii_serialization())
}

/// Refuses plain http to anything but this machine.
pub(super) fn check_scheme(url: &Url) -> Result<(), String> {
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        "http" => Err(format!("{url} must begin with https://; http is for loopback only")),
        _ => Err(format!("{url} must begin with https://")),
    }
}
