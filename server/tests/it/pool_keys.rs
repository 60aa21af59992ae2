//! Signing keys of the embedded pool. Generating them takes most of the time to start a site, so
//! all sites of a test run share two.

use std::fs::{self, DirBuilder, File};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::RsaKeyPair;

const FILES: [&str; 2] = ["id-token-key.pk8", "access-token-key.pk8"];

/// Writes the keys into a data folder that has none.
pub(crate) fn write_missing(data: &Path) {
    static KEYS: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let folder = data.join("pool-keys");
    let keys = KEYS.get_or_init(|| [new_key(), new_key()]);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).expect("a folder");
    for (name, key) in FILES.into_iter().zip(keys) {
        let file = folder.join(name);
        if !fs::exists(&file).expect("a readable folder") {
            let created = File::options().write(true).create_new(true).mode(0o600).open(file);
            created.expect("a file").write_all(key).expect("written");
        }
    }
}

fn new_key() -> Vec<u8> {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    pair.as_der().expect("encoded").as_ref().to_vec()
}
