use std::sync::Arc;

use bytes::Bytes;
use gazette_table::conformance::{ManualClock, run};
use gazette_table::{MemoryTable, Table};
use tokio::task::JoinHandle;

use super::error::ControlError;
use super::*;
use crate::backup::Backup;
use crate::images::{FolderStore, ImageStore as _, Images};
use crate::listener::{Phase, Stop};

const BUILD: &str = "1.2.3 (commit abc)";

/// A process that serves a table on the socket of a folder.
struct Process {
    folder: tempfile::TempDir,
    stop: Stop,
    task: JoinHandle<()>,
}

fn process(table: Arc<dyn Table>) -> Process {
    let folder = tempfile::tempdir().expect("a folder");
    let images = Images::new(Arc::new(FolderStore::new(folder.path().join("images"))));
    let operations = Operations {
        backup: Backup::new(Arc::clone(&table), Some(images.clone()), folder.path()),
        table,
        desk: None,
        images,
        facts: ServerFacts {
            has_own_pool: true,
            public_url: "http://localhost".to_owned(),
            time_zone: "UTC".to_owned(),
        },
        build: BUILD.to_owned(),
    };
    let stop = Stop::new();
    let socket = ControlSocket::listen(folder.path()).expect("a socket");
    let task = tokio::spawn(serve(socket, operations, stop.phases()));
    Process { folder, stop, task }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_remote_table_passes_the_suite() {
    let clock = ManualClock::default();
    let process = process(Arc::new(MemoryTable::new(clock.clock())));
    let client = connect(process.folder.path(), BUILD, "test").await.expect("welcome");
    run(Arc::new(RemoteTable::new(client.expect("a process"))), &clock).await;
}

#[tokio::test]
async fn pictures_go_through_the_socket() {
    let process = process(Arc::new(MemoryTable::new(ManualClock::default().clock())));
    let client = connect(process.folder.path(), BUILD, "test").await.expect("welcome");
    let images = RemoteImages::new(client.expect("a process"));
    let name = "0123456789abcdef0123456789abcdef-640x480.jpg".parse().expect("a name");
    assert_eq!(images.get(name).await.expect("read"), None);
    images.put(name, Bytes::from_static(b"bytes")).await.expect("stored");
    assert_eq!(images.get(name).await.expect("read"), Some(Bytes::from_static(b"bytes")));
    assert_eq!(images.list(None).await.expect("listed"), [name]);
    images.delete(name).await.expect("deleted");
    assert_eq!(images.list(None).await.expect("listed"), []);
}

#[tokio::test]
async fn another_version_is_refused_and_named() {
    let process = process(Arc::new(MemoryTable::new(ManualClock::default().clock())));
    let refused = connect(process.folder.path(), "9.9.9", "test").await.expect_err("refused");
    let message = refused.to_string();
    assert!(message.contains(BUILD) && message.contains("9.9.9"), "{message}");
}

#[tokio::test]
async fn the_socket_goes_with_the_process_and_a_stale_one_is_replaced() {
    let process = process(Arc::new(MemoryTable::new(ManualClock::default().clock())));
    process.stop.enter(Phase::Draining);
    process.task.await.expect("ended");
    let folder = process.folder.path();
    assert!(connect(folder, BUILD, "test").await.expect("no process").is_none());
    let path = folder.join("gazette.sock");
    assert!(!path.exists());
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket"));
    assert!(connect(folder, BUILD, "test").await.expect("no process").is_none());
    drop(ControlSocket::listen(folder).expect("replaced"));
    std::fs::write(&path, "a note").expect("written");
    assert!(matches!(ControlSocket::listen(folder), Err(ControlError::NotASocket(_))));
    assert_eq!(std::fs::read_to_string(&path).expect("kept"), "a note");
}
