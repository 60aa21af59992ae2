use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bytes::Bytes;
use gazette_domain::{ImageFormat, ImageId, ImageName};
use gazette_table::{Item, Key, Table, Write};
use serde_json::json;
use tokio::sync::mpsc;

use super::*;
use crate::config::{Engine, StoreConfig};
use crate::images::{FolderStore, Images};
use crate::store::EmbeddedTable;

fn store(folder: &Path) -> StoreConfig {
    StoreConfig {
        data_dir: folder.to_owned(),
        engine: Engine::Embedded,
        table: "gazette".to_owned(),
        is_folder_temporary: false,
    }
}

fn image() -> ImageName {
    ImageName { id: ImageId::new(7), width: 2, height: 1, format: ImageFormat::Png }
}

/// Writes a backup of a store with 30 items, a picture and keys.
async fn backup(folder: &Path) -> Vec<u8> {
    let table = EmbeddedTable::open(&store(folder).file(), Arc::new(|| 0)).expect("opened");
    for number in 0..30 {
        let item = Item::new(Key::new("p", format!("{number:02}")), &json!(number));
        table.write(vec![Write::put(item.expect("an item").version(9))]).await.expect("written");
    }
    let images = Images::new(Arc::new(FolderStore::new(folder.join("images"))));
    images.put(image(), Bytes::from_static(b"a picture")).await.expect("stored");
    std::fs::create_dir_all(folder.join("pool-keys")).expect("a folder");
    std::fs::write(folder.join("pool-keys/id.pem"), "pem").expect("written");
    std::fs::write(folder.join("session-key"), "key").expect("written");
    let backup = Backup::new(Arc::new(table), Some(images), folder);
    let (parts, mut received) = mpsc::channel(1);
    let writing = tokio::spawn(async move { backup.write(&parts).await });
    let mut bytes = Vec::new();
    while let Some(part) = received.recv().await {
        bytes.extend(part);
    }
    writing.await.expect("ended").expect("written");
    bytes
}

#[tokio::test]
async fn a_backup_comes_back_and_is_a_tar_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = backup(&folder.path().join("one")).await;
    let file = folder.path().join("backup.tar");
    std::fs::write(&file, &bytes).expect("written");
    let listed = Command::new("tar").arg("tf").arg(&file).output().expect("tar runs");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(
        listed.starts_with("gazette-backup.json\n") && listed.ends_with("\nsha256\n"),
        "{listed}"
    );
    let two = store(&folder.path().join("two"));
    let restored = restore(bytes.as_slice(), &two, |_| ()).await.expect("restored");
    assert_eq!((restored.items, restored.pictures), (30, 1));
    let table = EmbeddedTable::open_present(&two.file(), Arc::new(|| 0)).expect("opened");
    let items = table.scan(None, 100).await.expect("read").items;
    assert_eq!(items.len(), 30);
    assert!(items.iter().all(|item| item.version == 9));
    let images = FolderStore::new(two.data_dir.join("images"));
    let images = Images::new(Arc::new(images));
    let picture = images.get(image()).await.expect("read");
    assert_eq!(picture.as_deref(), Some(&b"a picture"[..]));
    for (name, content) in [("pool-keys/id.pem", "pem"), ("session-key", "key")] {
        assert_eq!(std::fs::read_to_string(two.data_dir.join(name)).expect("read"), content);
    }
    let again = restore(bytes.as_slice(), &two, |_| ()).await.expect_err("not empty");
    assert!(again.to_string().contains("is not empty"), "{again}");
}

#[tokio::test]
async fn every_damaged_byte_and_every_missing_end_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = backup(&folder.path().join("one")).await;
    let two = store(&folder.path().join("two"));
    let refuse = async |bytes: &mut dyn Read| {
        let refused = restore(bytes, &two, |_| ()).await.expect_err("refused").to_string();
        assert!(refused.contains("damaged") || refused.contains("not a backup"), "{refused}");
        assert_eq!(std::fs::read_dir(&two.data_dir).expect("a folder").count(), 0, "{refused}");
    };
    for position in (0..bytes.len()).step_by(499) {
        let mut damaged = bytes.clone();
        damaged[position] ^= 1;
        refuse(&mut damaged.as_slice()).await;
        refuse(&mut &bytes[..position]).await;
    }
    refuse(&mut b"PK\x03\x04 something else".as_slice()).await;
    let longer = [bytes.as_slice(), b"x"].concat();
    refuse(&mut longer.as_slice()).await;
}

#[tokio::test]
async fn a_picture_that_is_deleted_meanwhile_is_in_the_backup() {
    let folder = tempfile::tempdir().expect("a folder");
    let images = Images::new(Arc::new(FolderStore::new(folder.path().join("images"))));
    let bytes = Bytes::from_static(b"a picture");
    images.put(image(), bytes.clone()).await.expect("stored");
    let held = images.hold_deletions();
    images.delete_file(image()).await.expect("deferred");
    assert_eq!(images.get(image()).await.expect("read"), Some(bytes.clone()));
    images.put(image(), bytes.clone()).await.expect("stored again");
    drop(held);
    tokio::task::yield_now().await;
    assert_eq!(images.get(image()).await.expect("read"), Some(bytes), "stored after its deletion");
    images.delete_file(image()).await.expect("deleted");
    assert_eq!(images.get(image()).await.expect("read"), None);
}

#[tokio::test]
async fn no_site_starts_on_half_a_restore() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = store(folder.path());
    refuse_unfinished(&config).expect("an empty folder");
    std::fs::create_dir(folder.path().join(".restoring")).expect("created");
    let refused = refuse_unfinished(&config).expect_err("refused").to_string();
    assert!(refused.contains("restore again"), "{refused}");
}
