//! Tests of the lockout.

use std::sync::Arc;

use super::*;

async fn fail(lockout: &Lockout, name: &str, now: i64) -> Result<(), LockedError> {
    lockout.begin_attempt(name, || now).await?.fail(now);
    Ok(())
}

#[tokio::test]
async fn pool_07_pauses_double_and_attempts_during_a_pause_do_not_extend_it() {
    let lockout = Lockout::default();
    let mut now = 1_000_000;
    for _ in 0..5 {
        assert_eq!(fail(&lockout, "a", now).await, Ok(()));
    }
    for pause in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        let at_first = fail(&lockout, "a", now).await;
        assert_eq!(at_first, Err(LockedError { retry_after: pause }));
        let at_last = fail(&lockout, "a", now + pause - 1).await;
        assert_eq!(at_last, Err(LockedError { retry_after: 1 }));
        let other = lockout.begin_attempt("b", || now).await;
        other.expect("other names are not locked").succeed();
        now += pause;
        assert_eq!(fail(&lockout, "a", now).await, Ok(()), "after {pause} s");
    }
    now += 900;
    lockout.begin_attempt("a", || now).await.expect("after the pause").succeed();
    for _ in 0..5 {
        assert_eq!(fail(&lockout, "a", now).await, Ok(()), "the count is reset");
    }
}

#[tokio::test]
async fn failures_are_forgotten_after_15_minutes() {
    let lockout = Lockout::default();
    for _ in 0..4 {
        assert_eq!(fail(&lockout, "a", 0).await, Ok(()));
    }
    for _ in 0..5 {
        assert_eq!(fail(&lockout, "a", MAX_PAUSE).await, Ok(()));
    }
    assert!(fail(&lockout, "a", MAX_PAUSE).await.is_err());
}

#[tokio::test]
async fn a_flood_of_names_neither_grows_the_map_nor_unlocks_a_name() {
    let lockout = Lockout::default();
    for _ in 0..5 {
        assert_eq!(fail(&lockout, "victim", 0).await, Ok(()));
    }
    for n in 0..=MAX_NAMES {
        assert_eq!(fail(&lockout, &n.to_string(), 0).await, Ok(()));
    }
    assert!(lockout.names().len() <= MAX_NAMES);
    assert!(fail(&lockout, "victim", 0).await.is_err());
}

#[tokio::test]
async fn a_flood_of_names_with_pauses_does_not_grow_the_map_either() {
    let lockout = Lockout::default();
    let fail_often = async |name: &str, count: u32| {
        for _ in 0..count {
            let locked_until = lockout.names().get(name).map_or(0, |names| names.locked_until);
            assert_eq!(fail(&lockout, name, locked_until).await, Ok(()));
        }
    };
    fail_often("victim", 8).await;
    for n in 0..MAX_NAMES + 100 {
        fail_often(&n.to_string(), 6).await;
        assert!(lockout.names().len() <= MAX_NAMES);
    }
    assert!(fail(&lockout, "victim", 0).await.is_err());
}

#[tokio::test]
async fn a_waiting_attempt_is_counted_before_another_one_can_finish() {
    let lockout = Lockout::default();
    let mut attempts = Vec::new();
    for _ in 0..FREE_FAILURES {
        attempts.push(lockout.begin_attempt("a", || 0).await.expect("not locked"));
    }
    assert!(matches!(lockout.admit("a", 0, false), Admission::Wait));
    drop(attempts);
    assert_eq!(lockout.names().get("a").map(|failures| failures.waiting), Some(1));
}

/// Runs parallel attempts that all have the same outcome; returns how many were checked.
async fn parallel_attempts(lockout: &Arc<Lockout>, count: u32, succeed: bool) -> usize {
    let tasks: Vec<_> = (0..count)
        .map(|_| {
            let lockout = Arc::clone(lockout);
            tokio::spawn(async move {
                let Ok(attempt) = lockout.begin_attempt("a", || 0).await else { return false };
                tokio::task::yield_now().await;
                if succeed {
                    attempt.succeed();
                } else {
                    attempt.fail(0);
                }
                true
            })
        })
        .collect();
    let mut checked = 0;
    for task in tasks {
        checked += usize::from(task.await.expect("no panic"));
    }
    checked
}

#[tokio::test]
async fn pool_07_parallel_sign_ins_with_the_right_password_all_succeed() {
    let lockout = Arc::new(Lockout::default());
    for count in [4, 5, 6, 20, 100] {
        assert_eq!(parallel_attempts(&lockout, count, true).await, count as usize);
    }
    assert!(lockout.names().is_empty(), "nothing is left in memory");
}

#[tokio::test]
async fn pool_07_parallel_guesses_get_as_many_tries_as_sequential_ones() {
    let lockout = Arc::new(Lockout::default());
    assert_eq!(parallel_attempts(&lockout, 100, false).await, 5);
    assert!(fail(&lockout, "a", 0).await.is_err());
    assert!(fail(&lockout, "a", 1).await.is_ok());
    assert_eq!(parallel_attempts(&lockout, 100, false).await, 0);
}

#[tokio::test]
async fn an_attempt_without_an_outcome_does_not_count_and_waiting_ones_are_limited() {
    let lockout = Arc::new(Lockout::default());
    for _ in 0..20 {
        drop(lockout.begin_attempt("a", || 0).await.expect("not locked"));
    }
    assert!(lockout.names().is_empty());
    assert_eq!(parallel_attempts(&lockout, 500, true).await, 205);
}
