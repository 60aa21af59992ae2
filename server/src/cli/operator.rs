//! The store for a command: that of the running process, or the file itself if none runs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use gazette_table::Table;
use jiff::tz::TimeZone;
use tokio::time::sleep;

use crate::backup::refuse_unfinished;
use crate::build_info::BuildInfo;
use crate::clock::Clock;
use crate::config::{ActivePool, Config, Engine};
use crate::control::{Client, RemoteImages, RemoteTable, connect};
use crate::images::{Images, open_images};
use crate::store::{OpenError, open_present_table, open_table};

/// The longest time to wait for a process that starts, stops, or is another command.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// Time between two attempts.
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// Tells if a missing store is created.
#[derive(Clone, Copy)]
enum Missing {
    Create,
    Refuse,
}

/// Access of a command to the site.
pub(super) struct Operator<'a> {
    pub(super) config: &'a Config,
    pub(super) clock: Clock,
    build: BuildInfo,
    command: &'static str,
    client: Option<Client>,
}

impl<'a> Operator<'a> {
    /// Connects to the running process, if there is one.
    ///
    /// # Errors
    /// It is of another version, or its socket may not be used by this user.
    pub(super) async fn find(
        config: &'a Config,
        build: BuildInfo,
        command: &'static str,
    ) -> Result<Self> {
        let clock = Clock::system();
        let mut operator = Self { config, clock, build, command, client: None };
        operator.connect().await?;
        Ok(operator)
    }

    async fn connect(&mut self) -> Result<()> {
        self.client = match self.config.store.engine {
            Engine::Embedded => {
                connect(&self.config.store.data_dir, &self.build.to_string(), self.command).await?
            }
            // Every process writes to the table itself.
            Engine::DynamoDb => None,
        };
        Ok(())
    }

    /// Opens the store, and creates a missing one.
    pub(super) async fn open(&mut self) -> Result<Arc<dyn Table>> {
        self.wait_for_table(Missing::Create).await
    }

    /// Opens the store if there is one.
    pub(super) async fn open_present(&mut self) -> Result<Arc<dyn Table>> {
        self.wait_for_table(Missing::Refuse).await
    }

    async fn wait_for_table(&mut self, missing: Missing) -> Result<Arc<dyn Table>> {
        let began = Instant::now();
        loop {
            if let Some(client) = &self.client {
                return Ok(Arc::new(RemoteTable::new(client.clone())));
            }
            refuse_unfinished(&self.config.store)?;
            let opened = match missing {
                Missing::Create => open_table(&self.config.store, &self.clock).await,
                Missing::Refuse => open_present_table(&self.config.store, &self.clock).await,
            };
            let is_in_use = |error: &anyhow::Error| {
                matches!(error.downcast_ref::<OpenError>(), Some(OpenError::InUse(_)))
            };
            match opened {
                Err(error) if is_in_use(&error) && began.elapsed() < MAX_WAIT => {
                    sleep(RETRY_INTERVAL).await;
                    self.connect().await?;
                }
                Err(error) if is_in_use(&error) => {
                    return Err(error)
                        .context("that process does not take commands (gazette.sock)");
                }
                opened => return opened,
            }
        }
    }

    /// Opens the store of pictures.
    pub(super) async fn images(&self) -> Result<Images> {
        Ok(match &self.client {
            Some(client) => Images::new(Arc::new(RemoteImages::new(client.clone()))),
            None => open_images(self.config).await?,
        })
    }

    /// Returns the connection to the running process.
    pub(super) fn client(&self) -> Option<&Client> {
        self.client.as_ref()
    }

    /// Returns the time zone that was given here, else that of the running process.
    pub(super) fn time_zone(&self) -> TimeZone {
        let own = &self.config.locale;
        let running = self.client.as_ref().filter(|_| !own.is_zone_given);
        let zone = running.and_then(|client| TimeZone::get(&client.facts().time_zone).ok());
        zone.unwrap_or_else(|| own.time_zone.clone())
    }

    /// Returns the origin of the site, if it is known.
    pub(super) fn public_url(&self) -> Option<&str> {
        let own = self.config.listen.public_url.as_deref();
        own.or(self.client.as_ref().map(|client| client.facts().public_url.as_str()))
    }

    /// Checks whether the embedded pool is in use.
    pub(super) fn has_own_pool(&self) -> bool {
        match &self.client {
            Some(client) => client.facts().has_own_pool,
            None => matches!(self.config.pool.active(), ActivePool::Embedded(_)),
        }
    }
}
