//! Both engines pass one suite. The bucket is on a server that checks every signature by the rules
//! of Amazon's documentation.

mod bucket_server;

use std::sync::atomic::Ordering;

use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use gazette_domain::{ImageFormat, ImageId};

use self::bucket_server::{ACCESS_KEY, BucketServer, SECRET_KEY};
use super::*;
use crate::config::Bucket;

fn name(id: u128, width: u32) -> ImageName {
    ImageName { id: ImageId::new(id), width, height: 1, format: ImageFormat::Png }
}

/// The contract of the port.
async fn conforms(store: &dyn ImageStore) {
    assert_eq!(store.list(None).await.expect("empty"), []);
    assert_eq!(store.get(name(1, 1)).await.expect("absent"), None);
    store.delete(name(1, 1)).await.expect("nothing to delete");
    let names = [name(1, 1), name(2, 1), name(2, 3), name(u128::MAX, 1)];
    for name in names.iter().rev() {
        store.put(*name, Bytes::from(name.to_string())).await.expect("stored");
    }
    store.put(names[0], Bytes::from_static(b"again")).await.expect("replaced");
    assert_eq!(store.get(names[0]).await.expect("read").as_deref(), Some(&b"again"[..]));
    let kept = store.get(names[1]).await.expect("read").expect("there");
    assert_eq!(kept, names[1].to_string().as_bytes());
    assert_eq!(store.list(None).await.expect("listed"), names);
    assert_eq!(store.list(Some(names[1])).await.expect("listed"), names[2..]);
    assert_eq!(store.list(Some(names[3])).await.expect("listed"), []);
    store.delete(names[1]).await.expect("deleted");
    assert_eq!(store.get(names[1]).await.expect("absent"), None);
    assert_eq!(store.list(None).await.expect("listed").len(), 3);
}

fn bucket_store(server: &BucketServer, secret: &str, prefix: &str) -> S3Store {
    let credentials = Credentials::new(ACCESS_KEY, secret, Some("token".into()), None, "test");
    let config = SdkConfig::builder()
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let bucket = Bucket { name: "news".to_owned(), prefix: prefix.to_owned() };
    S3Store::with(&bucket, &config, Some(&server.endpoint)).expect("a store")
}

#[tokio::test]
async fn a_folder_conforms() {
    let folder = tempfile::tempdir().expect("a folder");
    conforms(&FolderStore::new(folder.path().join("images"))).await;
}

#[tokio::test]
async fn a_bucket_conforms() {
    let server = BucketServer::start().await;
    conforms(&bucket_store(&server, SECRET_KEY, "site/pictures")).await;
    assert!(server.keys().iter().all(|key| key.starts_with("site/pictures/")));
    conforms(&bucket_store(&server, SECRET_KEY, "other.site")).await;
}

#[tokio::test]
async fn a_bucket_that_is_busy_is_asked_again() {
    let server = BucketServer::start().await;
    let store = bucket_store(&server, SECRET_KEY, "");
    server.failures.store(2, Ordering::SeqCst);
    store.put(name(1, 1), Bytes::from_static(b"x")).await.expect("stored at the third attempt");
    server.failures.store(3, Ordering::SeqCst);
    let error = store.get(name(1, 1)).await.expect_err("still busy").to_string();
    assert_eq!(error, "the bucket of the pictures answered 503 (SlowDown)");
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_not_shown() {
    let server = BucketServer::start().await;
    let store = bucket_store(&server, "another secret", "");
    let error = store.check().await.expect_err("refused");
    assert_eq!(
        error.to_string(),
        "the bucket of the pictures answered 403 (SignatureDoesNotMatch)"
    );
    assert!(!format!("{error:?}").contains("another secret"));
}

#[tokio::test]
async fn a_bucket_that_cannot_be_reached_is_an_error() {
    let server = BucketServer { endpoint: "http://127.0.0.1:9".to_owned(), ..Default::default() };
    let store = bucket_store(&server, SECRET_KEY, "");
    let error = store.get(name(1, 1)).await.expect_err("unreachable");
    assert!(matches!(error, ImageStoreError::Unreachable(_)), "{error}");
}
