//! The items of redirects; `records` lists them with all others.

use gazette_table::Key;
use sha2::{Digest as _, Sha256};

use crate::audit::hex;
use crate::old_address::OldAddress;

/// Partition of the redirects.
pub(crate) const REDIRECTS: &str = "redirects";

/// Returns the key of a redirect. The keys have the order of the addresses.
pub(crate) fn redirect_key(from: &OldAddress) -> Key {
    Key::new(REDIRECTS, redirect_sort_key(from.as_str()))
}

/// Returns the sort key of an old address. A long one is cut and ends in its hash; such a key is
/// longer than every key that is a whole address.
pub(crate) fn redirect_sort_key(from: &str) -> String {
    const MAX_WHOLE_BYTES: usize = 1_000;
    const MAX_CUT_BYTES: usize = 959;
    if from.len() <= MAX_WHOLE_BYTES {
        return from.to_owned();
    }
    let cut = from.get(..from.floor_char_boundary(MAX_CUT_BYTES)).unwrap_or_default();
    format!("{cut}#{}", hex(&Sha256::digest(from)))
}
