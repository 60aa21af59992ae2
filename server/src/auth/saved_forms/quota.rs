//! Forms and bytes that users may save.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Forms that one user may save in a minute, per process.
const MAX_FORMS_PER_MINUTE: usize = 10;
/// Bytes that one user may save in a minute, per process.
const MAX_BYTES_PER_MINUTE: usize = 4 * 1024 * 1024;
/// Bytes that all unknown users together may save in an hour, per process: anyone can be one.
const MAX_UNKNOWN_BYTES_PER_HOUR: usize = 32 * 1024 * 1024;

/// Counts what each user saves in a minute. Unknown users are one user, with a limit an hour.
#[derive(Default)]
pub(super) struct Quota(Mutex<Usage>);

#[derive(Default)]
struct Usage {
    minute: i64,
    by_sub: HashMap<String, (usize, usize)>,
    hour: i64,
    unknown_bytes: usize,
}

impl Quota {
    /// Counts a form; `false` if the quota is used up. One user cannot exhaust that of others.
    pub(super) fn allows(&self, sub: Option<&str>, now: i64, bytes: usize) -> bool {
        let (minute, hour) = (now.div_euclid(60), now.div_euclid(60 * 60));
        // The counts remain valid if another thread panicked.
        let mut usage = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if usage.minute != minute {
            usage.minute = minute;
            usage.by_sub.clear();
        }
        if usage.hour != hour {
            usage.hour = hour;
            usage.unknown_bytes = 0;
        }
        if sub.is_none() {
            let bytes = usage.unknown_bytes.saturating_add(bytes);
            if bytes > MAX_UNKNOWN_BYTES_PER_HOUR {
                return false;
            }
            usage.unknown_bytes = bytes;
        }
        let (forms, total) = usage.by_sub.entry(sub.unwrap_or_default().to_owned()).or_default();
        *forms += 1;
        *total = total.saturating_add(bytes);
        *forms <= MAX_FORMS_PER_MINUTE && *total <= MAX_BYTES_PER_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1024 * 1024;

    #[test]
    fn each_user_has_a_quota_a_minute() {
        let quota = Quota::default();
        let allowed = |sub: &str, now: i64| quota.allows(Some(sub), now, 1);
        assert_eq!((0..20).filter(|_| allowed("a", 0)).count(), MAX_FORMS_PER_MINUTE);
        assert!(allowed("b", 59) && !allowed("a", 59) && allowed("a", 60));
        assert!(quota.allows(Some("c"), 60, 4 * MIB) && !quota.allows(Some("c"), 60, 1));
    }

    #[test]
    fn unknown_users_share_a_quota_an_hour_that_leaves_others_theirs() {
        let quota = Quota::default();
        let minutes = (0..60).filter(|minute| quota.allows(None, minute * 60, 4 * MIB)).count();
        assert_eq!(minutes, 8);
        assert!(quota.allows(Some("a"), 59 * 60, MIB));
        assert!(quota.allows(None, 60 * 60, MIB));
    }
}
