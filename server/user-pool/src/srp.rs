//! Sign-in without sending the password: Secure Remote Password, as Cognito and its clients
//! compute it.
//!
//! Numbers are hashed as signed big-endian bytes of the least length. The group is that of 3,072
//! bits of RFC 3526, with the generator 2. Source: amazon-cognito-identity-js,
//! `AuthenticationHelper`; RFC 5054.

use aws_lc_rs::digest::{Context, SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use num_bigint::BigUint;
use serde::{Deserialize, Serialize};

use crate::error::InternalError;
use crate::secret::{is_same, random_bytes};

const N: &[u8] = b"\
    FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
    EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
    EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
    83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
    E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
    15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
    ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
    BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";
const INFO: &[u8] = b"Caldera Derived Key\x01";
/// Maximum number of hexadecimal digits of the client's number.
const MAX_DIGITS: usize = 800;

/// Stored form of a password: enough to check it, not enough to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verifier {
    pub(crate) salt: String,
    verifier: String,
}

/// The server's side of a sign-in that has begun.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Exchange {
    /// The client's public number.
    client: String,
    /// The server's public number.
    pub(crate) server: String,
    /// The server's private number.
    private: String,
    verifier: Verifier,
}

/// The client's proof that it knows the password.
pub(crate) struct Proof<'a> {
    pub(crate) pool_id: &'a str,
    /// Username as in the challenge.
    pub(crate) username: &'a str,
    /// Base64.
    pub(crate) secret_block: &'a str,
    pub(crate) timestamp: &'a str,
    /// Base64.
    pub(crate) signature: &'a str,
}

impl Verifier {
    /// Makes the verifier of a new password. Takes some milliseconds.
    pub(crate) fn new(
        pool_id: &str,
        username: &str,
        password: &str,
    ) -> Result<Self, InternalError> {
        let salt = BigUint::from_bytes_be(&random_bytes::<16>()?);
        let x = private_key(&salt, pool_id, username, password);
        let verifier = generator().modpow(&x, &modulus());
        Ok(Self { salt: hex(&salt), verifier: hex(&verifier) })
    }

    /// Makes the verifier of a user who does not exist: always the same one for a name, which
    /// cannot be computed without the secret.
    pub(crate) fn simulated(secret: &[u8]) -> Self {
        let salt = digest(&SHA256, secret);
        let salt = salt.as_ref().get(..16).unwrap_or_default();
        let verifier = BigUint::from_bytes_be(&secret.repeat(2)) % modulus();
        Self { salt: hex(&BigUint::from_bytes_be(salt)), verifier: hex(&verifier) }
    }
}

impl Exchange {
    /// Begins an exchange with the client's public number; `None` if that is invalid.
    pub(crate) fn begin(verifier: Verifier, client: &str) -> Result<Option<Self>, InternalError> {
        let modulus = modulus();
        let Some(number) = parse(client).filter(|a| a % &modulus != BigUint::ZERO) else {
            return Ok(None);
        };
        let private = BigUint::from_bytes_be(&random_bytes::<32>()?);
        let v = parse(&verifier.verifier).unwrap_or_default();
        let multiplier = hash_of([&modulus, &generator()]);
        let server = (multiplier * v + generator().modpow(&private, &modulus)) % &modulus;
        Ok(Some(Self {
            client: hex(&number),
            server: hex(&server),
            private: hex(&private),
            verifier,
        }))
    }

    /// Checks the client's proof. Takes some milliseconds.
    pub(crate) fn accepts(&self, proof: &Proof<'_>) -> bool {
        let numbers = [&self.client, &self.server, &self.private, &self.verifier.verifier];
        let [Some(a), Some(b_public), Some(b), Some(v)] = numbers.map(|number| parse(number))
        else {
            return false;
        };
        let modulus = modulus();
        let u = hash_of([&a, &b_public]);
        if u == BigUint::ZERO {
            return false;
        }
        let shared = (a * v.modpow(&u, &modulus) % &modulus).modpow(&b, &modulus);
        let first = sign(&Key::new(HMAC_SHA256, &padded(&u)), &padded(&shared));
        let key = sign(&Key::new(HMAC_SHA256, first.as_ref()), INFO);
        let key = key.as_ref().get(..16).unwrap_or_default();
        let Ok(block) = STANDARD.decode(proof.secret_block) else { return false };
        let message = [
            pool_name(proof.pool_id).as_bytes(),
            proof.username.as_bytes(),
            &block,
            proof.timestamp.as_bytes(),
        ];
        let expected = sign(&Key::new(HMAC_SHA256, key), &message.concat());
        is_same(&STANDARD.encode(expected), proof.signature)
    }
}

fn private_key(salt: &BigUint, pool_id: &str, username: &str, password: &str) -> BigUint {
    let identity = format!("{}{username}:{password}", pool_name(pool_id));
    let inner = digest(&SHA256, identity.as_bytes());
    let mut context = Context::new(&SHA256);
    context.update(&padded(salt));
    context.update(inner.as_ref());
    BigUint::from_bytes_be(context.finish().as_ref())
}

/// Returns the part of a pool's id that clients use as its name.
fn pool_name(pool_id: &str) -> &str {
    pool_id.split('_').nth(1).unwrap_or(pool_id)
}

fn hash_of(numbers: [&BigUint; 2]) -> BigUint {
    let bytes = numbers.map(padded).concat();
    BigUint::from_bytes_be(digest(&SHA256, &bytes).as_ref())
}

/// Returns the bytes of a number, with a zero before a first bit that would be a sign.
fn padded(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| *first >= 0x80) {
        bytes.insert(0, 0);
    }
    bytes
}

fn modulus() -> BigUint {
    BigUint::parse_bytes(N, 16).unwrap_or_default()
}

fn generator() -> BigUint {
    BigUint::from(2_u8)
}

fn parse(digits: &str) -> Option<BigUint> {
    let digits = Some(digits).filter(|digits| digits.len() <= MAX_DIGITS)?;
    BigUint::parse_bytes(digits.as_bytes(), 16)
}

fn hex(number: &BigUint) -> String {
    number.to_str_radix(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The client's side, as amazon-cognito-identity-js computes it.
    fn client_signature(
        exchange: &Exchange,
        a: &BigUint,
        username: &str,
        password: &str,
    ) -> String {
        let salt = parse(&exchange.verifier.salt).unwrap();
        let b_public = parse(&exchange.server).unwrap();
        let u = hash_of([&generator().modpow(a, &modulus()), &b_public]);
        let x = private_key(&salt, "local_gazette", username, password);
        let k = hash_of([&modulus(), &generator()]);
        let base = b_public + k * modulus()
            - hash_of([&modulus(), &generator()]) * generator().modpow(&x, &modulus());
        let shared = (base % modulus()).modpow(&(a + u.clone() * x), &modulus());
        let first = sign(&Key::new(HMAC_SHA256, &padded(&u)), &padded(&shared));
        let key = sign(&Key::new(HMAC_SHA256, first.as_ref()), INFO);
        let message = [b"gazette".as_slice(), username.as_bytes(), b"block", b"now"].concat();
        STANDARD.encode(sign(&Key::new(HMAC_SHA256, &key.as_ref()[..16]), &message))
    }

    #[test]
    fn a_client_proves_that_it_knows_the_password() {
        let verifier = Verifier::new("local_gazette", "rhea", "correct horse").unwrap();
        let a = BigUint::from_bytes_be(&random_bytes::<32>().unwrap());
        let public = hex(&generator().modpow(&a, &modulus()));
        let exchange = Exchange::begin(verifier, &public).unwrap().unwrap();
        for (password, is_right) in [("correct horse", true), ("wrong horse", false)] {
            let signature = client_signature(&exchange, &a, "rhea", password);
            let proof = Proof {
                pool_id: "local_gazette",
                username: "rhea",
                secret_block: &STANDARD.encode("block"),
                timestamp: "now",
                signature: &signature,
            };
            assert_eq!(exchange.accepts(&proof), is_right, "{password}");
        }
    }

    #[test]
    fn pool_07_numbers_that_would_reveal_the_key_are_refused() {
        let verifier = Verifier::simulated(&[7; 256]);
        for bad in ["", "0", "x", &hex(&modulus()), &hex(&(modulus() * 2_u8)), &"f".repeat(801)] {
            assert!(Exchange::begin(verifier.clone(), bad).unwrap().is_none(), "{bad}");
        }
    }
}
