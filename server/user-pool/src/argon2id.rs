//! Argon2id, with memory that goes back to the system after each hash.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, Error, PasswordHasher, Result};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Blocks for which address space is reserved: 33 MiB. Only blocks that are used take memory.
///
/// glibc gives an allocation of more than 32 MiB back when it is freed. The 19 MiB of a hash it would
/// keep, once for each thread that computes hashes.
const RESERVED_BLOCKS: usize = 33 * 1024;

/// Hashes with Argon2id; verifies hashes of its other variants, too.
pub(crate) struct Argon2id;

impl PasswordHasher<PasswordHash> for Argon2id {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> Result<PasswordHash> {
        self.hash_password_with_params(password, salt, Params::default())
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Argon2id {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let salt = Salt::new(salt)?;
        let mut output = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let output = output.get_mut(..length).ok_or(Error::OutputSize)?;
        let encoded_params = ParamsString::try_from(&params)?;
        let mut memory = memory(params.block_count())?;
        Argon2::new(algorithm, version, params).hash_password_into_with_memory(
            password,
            &salt,
            output,
            &mut memory,
        )?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: encoded_params,
            salt: Some(salt),
            hash: Some(Output::new(output)?),
        })
    }
}

/// Allocates the memory of a hash.
fn memory(blocks: usize) -> Result<Vec<Block>> {
    let mut memory = Vec::new();
    let reserved = blocks.max(RESERVED_BLOCKS);
    memory.try_reserve_exact(reserved).map_err(|_| Error::OutOfMemory)?;
    memory.resize(blocks, Block::new());
    Ok(memory)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier as _;

    use super::*;

    #[test]
    fn pool_07_hashes_are_those_of_the_library() {
        let salt = [7; 16];
        let ours: PasswordHash = Argon2id.hash_password_with_salt(b"correct horse", &salt).unwrap();
        let library: PasswordHash =
            Argon2::default().hash_password_with_salt(b"correct horse", &salt).unwrap();
        assert_eq!(ours, library);
    }

    #[test]
    fn pool_07_hashes_of_other_parameters_are_verified() {
        let params = Params::new(64, 1, 2, Some(24)).unwrap();
        let other = Argon2::new(Algorithm::Argon2i, Version::V0x10, params);
        let hash: PasswordHash = other.hash_password(b"correct horse").unwrap();
        assert!(Argon2id.verify_password(b"correct horse", &hash).is_ok());
        assert!(Argon2id.verify_password(b"correct  horse", &hash).is_err());
    }
}
