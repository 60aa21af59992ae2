//! Asks a running site whether it is ready.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::config::Config;

pub(super) async fn run(config: &Config, url: Option<String>) -> Result<()> {
    let origin = url.unwrap_or_else(|| format!("http://{}", config.listen.addr));
    let url = format!("{}/readyz", origin.trim_end_matches('/').trim_end_matches("/readyz"));
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    let answer = client.get(&url).send().await.with_context(|| format!("{url} does not answer"))?;
    if answer.status().as_u16() == 200 {
        return Ok(());
    }
    bail!("{url} answers {}", answer.status())
}
