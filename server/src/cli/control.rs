//! The operator's socket of `serve` and `pool`.

use std::sync::Arc;

use gazette_domain::OperatorDesk;
use gazette_table::Table;

use super::listeners::Listeners;
use crate::backup::Backup;
use crate::build_info::BuildInfo;
use crate::config::{ActivePool, Config, Engine};
use crate::control::{ControlSocket, Operations, ServerFacts, serve};
use crate::images::Images;

/// Performs commands from now on. A process that cannot listen serves all the same.
pub(super) fn take_commands(
    config: &Config,
    listeners: &mut Listeners,
    table: Arc<dyn Table>,
    desk: Option<OperatorDesk>,
    images: Images,
    public_url: &str,
    build: BuildInfo,
) {
    match config.store.engine {
        Engine::Embedded => {}
        // Commands use the table themselves.
        Engine::DynamoDb => return,
    }
    let folder = &config.store.data_dir;
    let socket = match ControlSocket::listen(folder) {
        Ok(socket) => socket,
        Err(error) => {
            tracing::warn!(%error, "commands have to wait until this process has stopped");
            return;
        }
    };
    // Those in a bucket are not in the data folder, and have versions of their own there.
    let saved = config.images.bucket.is_none().then(|| images.clone());
    let operations = Operations {
        backup: Backup::new(Arc::clone(&table), saved, folder),
        table,
        desk,
        images,
        facts: ServerFacts {
            has_own_pool: matches!(config.pool.active(), ActivePool::Embedded(_)),
            public_url: public_url.to_owned(),
            time_zone: config.locale.zone_name().to_owned(),
        },
        build: build.to_string(),
    };
    listeners.spawn(|phases| serve(socket, operations, phases));
}
