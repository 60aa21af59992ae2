//! The key files and invalid settings.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use gazette_table::MemoryTable;
use gazette_table::conformance::ManualClock;
use gazette_user_pool::{KeyFolder, PoolConfig, PoolError, UserPool};

use crate::browser::Browser;
use crate::test_pool::{ORIGIN, config};

async fn open(directory: &Path) -> Result<UserPool, PoolError> {
    open_with(directory, |_| {}).await
}

async fn open_with(
    directory: &Path,
    change: impl FnOnce(&mut PoolConfig),
) -> Result<UserPool, PoolError> {
    let clock = ManualClock::default();
    let mut config = config(&clock, directory.to_owned());
    change(&mut config);
    UserPool::open(config, Arc::new(MemoryTable::new(clock.clock()))).await
}

async fn jwks(pool: &UserPool) -> String {
    Browser::new(pool.router()).get("/local_gazette/.well-known/jwks.json").await.body
}

#[tokio::test]
async fn pool_08_keys_are_private_files_and_persist() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("deep/keys");
    let first = jwks(&open(&path).await.unwrap()).await;
    let files: Vec<_> = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2);
    for file in &files {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
    }
    let second = jwks(&open(&path).await.unwrap()).await;
    assert_eq!(first, second);
    for file in &files {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn pool_08_a_damaged_key_is_reported_and_not_replaced() {
    let directory = tempfile::tempdir().unwrap();
    open(directory.path()).await.unwrap();
    let file = fs::read_dir(directory.path()).unwrap().next().unwrap().unwrap().path();
    fs::write(&file, "not a key").unwrap();
    match open(directory.path()).await {
        Err(PoolError::Key { path, .. }) => assert_eq!(path, file),
        other => panic!("{:?}", other.err()),
    }
    assert_eq!(fs::read(&file).unwrap(), b"not a key");
}

#[tokio::test]
async fn a_pool_has_the_keys_that_are_in_the_folder_when_it_is_opened() {
    let directory = tempfile::tempdir().unwrap();
    let folder = || KeyFolder::new(directory.path().to_owned());
    let checked_before = folder().check().unwrap();
    let first = jwks(&open(directory.path()).await.unwrap()).await;
    let checked_after = folder().check().unwrap();
    for checked in [checked_before, checked_after] {
        let pool = open_with(directory.path(), |config| config.key_folder = checked).await.unwrap();
        assert_eq!(jwks(&pool).await, first);
    }
    let outdated = folder().check().unwrap();
    for file in fs::read_dir(directory.path()).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let second = jwks(&open(directory.path()).await.unwrap()).await;
    let pool = open_with(directory.path(), |config| config.key_folder = outdated).await.unwrap();
    assert_ne!(first, second);
    assert_eq!(jwks(&pool).await, second);
}

#[tokio::test]
async fn invalid_settings_are_reported() {
    let directory = tempfile::tempdir().unwrap();
    for (setting, change) in invalid_settings() {
        match open_with(directory.path(), change).await {
            Err(PoolError::Setting { setting: reported, .. }) => assert_eq!(reported, setting),
            other => panic!("{setting}: {:?}", other.err()),
        }
    }
    assert_eq!(
        fs::read_dir(directory.path()).unwrap().count(),
        0,
        "refused before a key is created"
    );
}

type Change = fn(&mut PoolConfig);

fn invalid_settings() -> Vec<(&'static str, Change)> {
    vec![
        ("pool_id", |config| config.pool_id = "local".into()),
        ("pool_id", |config| config.pool_id = "local/_x".into()),
        ("pool_id", |config| config.pool_id = format!("a_{}", "b".repeat(60))),
        ("public_url", |config| config.public_url.set_path("/pool")),
        ("public_url", |config| config.public_url = "ftp://localhost".parse().unwrap()),
        ("clients", |config| config.clients[0].id = "a b".into()),
        ("clients", |config| config.clients[0].id = config.clients[1].id.clone()),
        ("clients", |config| config.clients[0].secret = Some("short".to_owned())),
        ("clients", |config| config.clients[0].callback_urls = vec!["/relative".to_owned()]),
        ("clients", |config| config.clients[0].callback_urls = vec![format!("{ORIGIN}/#x")]),
        ("clients", |config| config.clients[0].logout_urls = vec!["http://example.com/".into()]),
        ("clients", |config| config.clients[0].logout_urls = vec!["javascript:alert(1)".into()]),
    ]
}
