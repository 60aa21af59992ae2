//! Address and name of the site.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::error::SettingErrors;
use super::parse::{origin, socket_addr};

const MAX_TITLE_CHARACTERS: usize = 60;

/// Address and name of the site.
#[derive(Args, Clone, Debug)]
pub struct ListenConfig {
    /// Address to listen on.
    #[arg(
        long,
        env = "GAZETTE_ADDR",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:3000",
        value_parser = socket_addr
    )]
    addr: SocketAddr,
    /// Port to listen on; overrides the port of the address.
    #[arg(long, env = "PORT", value_parser = port)]
    port: Option<u16>,
    /// Origin that readers use, such as `https://news.example` [default: `http://localhost` with
    /// the port of the address].
    #[arg(long, env = "GAZETTE_PUBLIC_URL", value_name = "URL", value_parser = origin)]
    pub public_url: Option<String>,
    /// Name of the site, shown at the top of each page; at most 60 characters.
    #[arg(long, env = "GAZETTE_TITLE", default_value = "Gazette", value_parser = title)]
    pub title: String,
    /// Address for reports of security problems, for `security.txt`: a URL such as
    /// `mailto:security@news.example` [default: the page about the site].
    #[arg(long, env = "GAZETTE_SECURITY_CONTACT", value_name = "URL", value_parser = contact)]
    pub security_contact: Option<String>,
    /// Folder of the browser assets [default: `site` beside the folder of the executable].
    #[arg(long, env = "LEPTOS_SITE_ROOT", value_name = "FOLDER")]
    pub site_root: Option<PathBuf>,
}

impl ListenConfig {
    /// Returns the address to bind.
    pub fn addr(&self) -> SocketAddr {
        let mut addr = self.addr;
        if let Some(port) = self.port {
            addr.set_port(port);
        }
        addr
    }

    /// Returns the origin that readers use; by default it has the port that was bound.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://localhost:{}", bound.port()))
    }

    pub(super) fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    pub(super) fn check(&self, errors: &mut SettingErrors) {
        let addr = self.addr();
        if !addr.ip().is_loopback() && !self.is_https() {
            // Over plain http, cookies without `Secure` would cross the network in the clear.
            let message = format!("must be an https origin when the site listens on {addr}");
            errors.add_once("GAZETTE_PUBLIC_URL", message);
        }
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("{text:?} is not a port number"))
}

fn contact(text: &str) -> Result<String, String> {
    let is_contact = ["mailto:", "https://", "tel:"].iter().any(|scheme| text.starts_with(scheme));
    let is_url = url::Url::parse(text).is_ok() && !text.contains(char::is_whitespace);
    if is_contact && is_url {
        return Ok(text.to_owned());
    }
    Err(format!("{text:?} is not a contact; use a URL such as mailto:security@news.example"))
}

fn title(text: &str) -> Result<String, String> {
    if text.chars().count() > MAX_TITLE_CHARACTERS {
        return Err(format!("has more than {MAX_TITLE_CHARACTERS} characters"));
    }
    if text.trim().is_empty() {
        return Err("is blank".to_owned());
    }
    // They would change how the text after the title reads, on every page.
    let is_override = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if let Some(found) = text.chars().find(|c| c.is_control() || is_override(*c)) {
        return Err(format!(
            "has the character U+{:04X}, which changes the text around it",
            u32::from(found)
        ));
    }
    Ok(text.to_owned())
}
