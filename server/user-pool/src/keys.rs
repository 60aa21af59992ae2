//! The two signing keys, stored in files that only their owner can read.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::error::{InternalError, PoolError};
use crate::secret::random_uuid;

const ID_TOKEN_FILE: &str = "id-token-key.pk8";
const ACCESS_TOKEN_FILE: &str = "access-token-key.pk8";
/// Maximum size of a key file; a PKCS#8 file of RSA-2048 is far smaller, forty public keys are
/// smaller.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The keys of a pool: one for each kind of token, as in Cognito.
pub(crate) struct SigningKeys {
    pub(crate) id: SigningKey,
    pub(crate) access: SigningKey,
}

/// An RSA key and the key id under which it is published.
pub(crate) struct SigningKey {
    kid: String,
    pair: RsaKeyPair,
}

impl SigningKeys {
    /// Reads both keys from the directory, and creates missing ones.
    pub(crate) async fn open(directory: PathBuf) -> Result<Self, PoolError> {
        Self::each(directory, SigningKey::open).await
    }

    /// Creates new keys in place of those in the directory.
    pub(crate) async fn renew(directory: PathBuf) -> Result<Self, PoolError> {
        Self::each(directory, |path| SigningKey::from_pkcs8(path, &create(path)?)).await
    }

    async fn each(
        directory: PathBuf,
        make: fn(&Path) -> Result<SigningKey, PoolError>,
    ) -> Result<Self, PoolError> {
        let make = |name: &str| {
            let path = directory.join(name);
            tokio::task::spawn_blocking(move || make(&path))
        };
        let (id, access) = (make(ID_TOKEN_FILE), make(ACCESS_TOKEN_FILE));
        let task_error = |error| key_error(&directory, &error);
        Ok(Self { id: id.await.map_err(task_error)??, access: access.await.map_err(task_error)?? })
    }
}

/// Checks the signing keys in a directory; missing ones are created when the pool is opened.
pub(crate) fn check_signing_keys(directory: &Path) -> Result<(), PoolError> {
    for name in [ID_TOKEN_FILE, ACCESS_TOKEN_FILE] {
        let path = directory.join(name);
        if let Some(file) = open_file(&path).map_err(|error| key_error(&path, &error))? {
            let pkcs8 = read_to_end(file).map_err(|error| key_error(&path, &error))?;
            parse(&path, &pkcs8)?;
        }
    }
    Ok(())
}

impl SigningKey {
    fn open(path: &Path) -> Result<Self, PoolError> {
        let pkcs8 = match read_file(path).map_err(|error| key_error(path, &error))? {
            Some(pkcs8) => pkcs8,
            None => create(path)?,
        };
        Self::from_pkcs8(path, &pkcs8)
    }

    fn from_pkcs8(path: &Path, pkcs8: &[u8]) -> Result<Self, PoolError> {
        let pair = parse(path, pkcs8)?;
        let kid = STANDARD.encode(digest(&SHA256, pair.public_key().as_ref()));
        Ok(Self { kid, pair })
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// Returns the RS256 signature of a message in base64url.
    pub(crate) fn sign(&self, message: &str) -> Result<String, InternalError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        // With jsonwebtoken, each signature would parse the key again, which takes a fifth of the time.
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(|_| InternalError::Cryptography)?;
        Ok(URL_SAFE_NO_PAD.encode(signature))
    }

    /// Checks that this key made the RS256 signature (in base64url) of a message.
    pub(crate) fn has_signed(&self, message: &str, signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key());
        key.verify(message.as_bytes(), &signature).is_ok()
    }

    /// Returns the public key; the members are in Cognito's order.
    pub(crate) fn to_jwk(&self) -> Value {
        let public = self.pair.public_key();
        json!({
            "alg": "RS256",
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
            "kid": self.kid,
            "kty": "RSA",
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "use": "sig",
        })
    }
}

/// Checks that the key of a JSON Web Key made the RS256 signature (in base64url) of a message.
pub(crate) fn has_signed(jwk: &Value, message: &str, signature: &str) -> bool {
    let bytes = |member: &str| URL_SAFE_NO_PAD.decode(jwk.get(member)?.as_str()?).ok();
    let (Some(n), Some(e)) = (bytes("n"), bytes("e")) else { return false };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    let key = RsaPublicKeyComponents { n, e };
    key.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).is_ok()
}

/// Reads a key file, and restricts its permissions to the owner.
pub(crate) fn read_file(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(file) = open_file(path)? else { return Ok(None) };
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "a private key was accessible to other users; restricted its permissions");
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    read_to_end(file).map(Some)
}

fn open_file(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read_to_end(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn parse(path: &Path, pkcs8: &[u8]) -> Result<RsaKeyPair, PoolError> {
    RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| key_error(path, &"it is not an RSA key in PKCS #8"))
}

fn create(path: &Path) -> Result<Vec<u8>, PoolError> {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|error| key_error(path, &error))?;
    let pkcs8 = pair.as_der().map_err(|error| key_error(path, &error))?;
    write_file(path, pkcs8.as_ref()).map_err(|error| key_error(path, &error))?;
    Ok(pkcs8.as_ref().to_vec())
}

/// Writes a temporary file and renames it, so that a partly written key is never read.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    let name = random_uuid().map_err(io::Error::other)?;
    let temporary = path.with_extension(name.to_string());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

pub(crate) fn key_error(path: &Path, reason: &dyn std::fmt::Display) -> PoolError {
    PoolError::Key { path: path.to_owned(), reason: reason.to_string() }
}
