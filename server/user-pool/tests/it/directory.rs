//! The directory, as the command line uses it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gazette_table::{FaultyTable, Order, Range, Table};
use gazette_user_pool::{Directory, DirectoryError, Ensured, NewUser};
use serde_json::json;

use crate::json_api::by_password;
use crate::sign_up::{administer, exception};
use crate::test_pool::{CLI, PASSWORD, TestPool, admin};

fn new_user(username: &str) -> NewUser {
    NewUser { username: username.to_owned(), ..admin() }
}

#[tokio::test]
async fn usernames_are_unique_and_not_case_sensitive() {
    let pool = TestPool::new().await;
    let directory = pool.directory();
    assert!(matches!(
        directory.add_user(new_user("ADMIN")).await,
        Err(DirectoryError::UsernameExists)
    ));
    let (left, right) =
        tokio::join!(directory.add_user(new_user("Ünï")), directory.add_user(new_user("ünÏ")));
    assert!(left.is_ok() != right.is_ok(), "one of two concurrent calls");
    let names: Vec<_> =
        directory.list_users().await.unwrap().into_iter().map(|user| user.username).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], "admin");
}

#[tokio::test]
async fn ensure_user_does_not_change_an_existing_user() {
    let pool = TestPool::new().await;
    let directory = pool.directory();
    let before = directory.find_user("admin").await.unwrap().unwrap();
    let other =
        NewUser { groups: vec![], email: "other@example.com".to_owned(), ..new_user("Admin") };
    assert_eq!(directory.ensure_user(other).await.unwrap(), Ensured::Existing(before));
    let created = directory.ensure_user(new_user("second")).await.unwrap();
    assert!(matches!(created, Ensured::Created(user) if user.username == "second"));
}

#[tokio::test]
async fn groups_are_added_removed_and_set() {
    let pool = TestPool::new().await;
    let directory = pool.directory();
    assert!(matches!(
        directory.add_to_group("admin", "editors").await,
        Err(DirectoryError::GroupNotFound)
    ));
    directory.ensure_groups(["editors".to_owned(), "a".to_owned()]).await.unwrap();
    let groups = directory.add_to_group("Admin", "editors").await.unwrap().groups;
    assert_eq!(groups, ["admin", "editors"]);
    assert_eq!(directory.add_to_group("admin", "editors").await.unwrap().groups, groups);
    assert_eq!(directory.remove_from_group("admin", "admin").await.unwrap().groups, ["editors"]);
    let set = directory.set_groups("admin", vec!["z".into(), "a".into()]).await.unwrap();
    assert_eq!(set.groups, ["a", "z"]);
    let invalid = directory.add_to_group("admin", "not a group").await;
    assert!(matches!(invalid, Err(DirectoryError::InvalidParameter(_))));
    assert!(matches!(
        directory.add_to_group("unknown", "a").await,
        Err(DirectoryError::UserNotFound)
    ));
}

#[tokio::test]
async fn invalid_fields_are_refused() {
    let pool = TestPool::new().await;
    let directory = pool.directory();
    let invalid_name = directory.add_user(new_user("a b")).await;
    assert!(matches!(invalid_name, Err(DirectoryError::InvalidParameter(_))));
    let short = NewUser { password: "1234567".to_owned(), ..new_user("short") };
    assert!(matches!(directory.add_user(short).await, Err(DirectoryError::InvalidPassword)));
    let short_password = directory.set_password("admin", "short").await;
    assert!(matches!(short_password, Err(DirectoryError::InvalidPassword)));
    let unknown = directory.set_password("unknown", PASSWORD).await;
    assert!(matches!(unknown, Err(DirectoryError::UserNotFound)));
    assert!(!directory.is_empty().await.unwrap());
    assert!(!format!("{:?}", admin()).contains(PASSWORD));
}

#[tokio::test]
async fn pool_07_the_table_holds_no_password_and_no_secret() {
    let pool = TestPool::new().await;
    let (browser, code) = pool.sign_in_admin().await;
    let refresh_token = pool.redeem(&code).await.json()["refresh_token"].take();
    let mut stored = Vec::new();
    for part in ["users", "codes", "refresh", "sessions"] {
        let partition = format!("pool#local_gazette#{part}");
        let page = pool.table.query(&partition, &Range::all(), Order::Ascending, 9).await.unwrap();
        assert!(!page.items.is_empty(), "{part}");
        stored.push(format!("{:?}", page.items));
    }
    let secrets = [
        PASSWORD,
        &code,
        refresh_token.as_str().unwrap(),
        browser.cookies["cognito-4000"].as_str(),
    ];
    for secret in secrets {
        assert!(stored.iter().all(|items| !items.contains(secret)));
    }
}

#[tokio::test]
async fn pool_07_a_verifier_is_stored_only_if_a_client_proves_passwords() {
    let pool = TestPool::without_proofs().await;
    let has_verifier = async || {
        let users = "pool#local_gazette#users";
        let page = pool.table.query(users, &Range::all(), Order::Ascending, 9).await.unwrap();
        let accounts = page.items.iter().filter(|item| item.body.get("password_hash").is_some());
        let verifiers: Vec<_> = accounts.map(|item| item.body.get("srp").is_some()).collect();
        assert_eq!(verifiers.len(), 1);
        verifiers[0]
    };
    pool.directory().set_password("admin", PASSWORD).await.unwrap();
    by_password(&pool, CLI, "admin", PASSWORD).await;
    assert!(!has_verifier().await);
    let client = json!({ "ClientName": "Shop", "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"] });
    administer(&pool, "CreateUserPoolClient", client).await;
    assert!(!has_verifier().await);
    // At the next right password, or with the next one that is set.
    by_password(&pool, CLI, "admin", PASSWORD).await;
    assert!(has_verifier().await);
    pool.directory().set_password("admin", PASSWORD).await.unwrap();
    assert!(has_verifier().await);
}

#[tokio::test]
async fn an_address_that_another_user_takes_at_the_same_time_is_reported_as_such() {
    let mut tables = None;
    let pool = TestPool::with_table(|table| {
        let inner: Arc<dyn Table> = Arc::new(table);
        let faulty = Arc::new(FaultyTable::new(Arc::clone(&inner)));
        tables = Some((inner, Arc::clone(&faulty)));
        faulty as Arc<dyn Table>
    })
    .await;
    let (inner, faulty) = tables.unwrap();
    let other = Directory::new("local_gazette", inner, pool.clock.clock());
    // Before the address is written, another process writes it.
    let take = |email: &'static str| {
        let (other, is_taken) = (other.clone(), AtomicBool::new(false));
        faulty.set_hook(move |call| {
            let has_alias = call.partitions.iter().any(|name| name.ends_with("#aliases"));
            if call.is_write && has_alias && !is_taken.swap(true, Ordering::SeqCst) {
                let other = other.clone();
                let new =
                    NewUser { email: email.to_owned(), ..new_user(&format!("owner-of-{email}")) };
                let write = move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    runtime.block_on(other.add_user(new)).unwrap();
                };
                std::thread::spawn(write).join().unwrap();
            }
            Ok(())
        });
    };
    take("a@example.com");
    let body = json!({
        "Username": "rhea", "UserAttributes": [
            { "Name": "email", "Value": "a@example.com" },
            { "Name": "email_verified", "Value": "true" },
        ],
    });
    let refused = administer(&pool, "AdminCreateUser", body).await;
    assert_eq!(exception(&refused), "AliasExistsException");
    take("b@example.com");
    let shared = NewUser { email: "b@example.com".to_owned(), ..new_user("ben") };
    pool.directory().add_user(shared).await.unwrap();
    let by_address = by_password(&pool, CLI, "b@example.com", PASSWORD).await.json();
    assert!(by_address["AuthenticationResult"]["IdToken"].is_string(), "{by_address}");
}
