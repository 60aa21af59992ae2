//! A full disk, and data folders that cannot be used.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use gazette_server::store::EmbeddedTable;
use gazette_table::conformance::ManualClock;
use gazette_table::{Item, Key, Table, TableError, Write};
use serde_json::json;
use tempfile::TempDir;

/// A file system in memory, unmounted when dropped.
struct Mount(TempDir);

impl Mount {
    /// Returns `None` and prints a note where this user may not mount.
    #[expect(clippy::print_stderr, reason = "a skipped test prints a note")]
    fn new(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder.path());
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: only root can mount a small file system");
        }
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

fn item(number: usize) -> Item {
    let body = json!({ "number": number, "text": "x".repeat(20_000) });
    Item::new(Key::new("p", format!("{number:04}")), &body).expect("an item")
}

/// Writes items from this number on until the disk is full, and returns the number of the first
/// item that was refused.
async fn fill(table: &EmbeddedTable, from: usize) -> usize {
    for number in from.. {
        match table.write(vec![Write::put(item(number))]).await {
            Ok(()) => {}
            Err(TableError::Unavailable { reason }) => {
                assert!(reason.contains("the disk is full"), "{reason}");
                return number;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    from
}

async fn assert_has_items(table: &EmbeddedTable, written: usize) {
    for number in 0..written {
        assert_eq!(table.get(&item(number).key).await, Ok(Some(item(number))), "{number}");
    }
}

#[tokio::test]
async fn f_04_a_full_disk_refuses_writes_serves_reads_and_recovers() {
    let Some(disk) = Mount::new("size=8m") else { return };
    let path = disk.path().join("t.redb");
    let ballast = disk.path().join("ballast");
    let clock = ManualClock::default();
    let table = EmbeddedTable::open(&path, clock.clock()).expect("opened");
    let mut written = 0;
    for size in [3_000_000, 2_500_000, 2_000_000] {
        std::fs::write(&ballast, vec![1; size]).expect("space for the ballast");
        let full = fill(&table, written).await;
        assert_has_items(&table, full).await;
        let still_full = fill(&table, full).await;
        assert_eq!(still_full, full);
        std::fs::remove_file(&ballast).expect("removed");
        table.write(vec![Write::put(item(full))]).await.expect("the disk has space again");
        written = full + 1;
        assert_has_items(&table, written).await;
    }
    assert!(written > 10, "{written}");
    drop(table);
    assert_has_items(&EmbeddedTable::open(&path, clock.clock()).expect("opened again"), written)
        .await;
}

/// Starts the server on a folder and returns its output and the time it took.
fn start(folder: &Path) -> (Output, Duration) {
    let begun = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gazette"));
    command.env_clear().args(["serve", "--addr", "127.0.0.1:0", "--pool-addr", "127.0.0.1:0"]);
    let site = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(site.path().join("pkg")).expect("made");
    command.arg("--site-root").arg(site.path());
    let output = command.arg("--data-dir").arg(folder).output().expect("the binary runs");
    (output, begun.elapsed())
}

/// Returns folders that cannot be written, as far as this user can make some.
fn forbidden() -> Vec<(PathBuf, Option<Mount>)> {
    let mut folders = vec![(PathBuf::from("/proc/gazette"), None)];
    if let Some(mount) = Mount::new("size=1m,ro") {
        folders.push((mount.path().to_owned(), Some(mount)));
    }
    folders
}

#[test]
fn f_05_a_folder_that_cannot_be_written_is_reported_at_once() {
    for (folder, _mount) in forbidden() {
        let (output, time) = start(&folder);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert_eq!(message.trim_end().lines().count(), 1, "{message}");
        assert!(message.contains(&*folder.to_string_lossy()), "{message}");
        assert!(time < Duration::from_secs(1), "{time:?}");
    }
}

#[test]
fn f_05_a_file_instead_of_a_folder_or_the_reverse_is_reported_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    std::fs::create_dir(folder.path().join("gazette.redb")).expect("made");
    for path in [folder.path(), &file] {
        let (output, time) = start(path);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert_eq!(message.trim_end().lines().count(), 1, "{message}");
        assert!(time < Duration::from_secs(1), "{time:?}");
    }
}
