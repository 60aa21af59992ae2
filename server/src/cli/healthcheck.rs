//! Checks that a running site is ready.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::config::Config;

const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn run(config: &Config, url: Option<String>) -> Result<()> {
    let origin = url.unwrap_or_else(|| format!("http://{}", config.listen.addr()));
    let url = format!("{}/readyz", origin.trim_end_matches('/').trim_end_matches("/readyz"));
    let builder = reqwest::Client::builder();
    // Plain http needs no CA certificates, which a minimal container lacks.
    let is_https = url.starts_with("https://");
    let builder = if is_https { builder } else { builder.tls_certs_only([]) };
    let client =
        builder.timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
    let response =
        client.get(&url).send().await.with_context(|| format!("no response from {url}"))?;
    if response.status().as_u16() == 200 {
        return Ok(());
    }
    bail!("{url} returned {}", response.status())
}
