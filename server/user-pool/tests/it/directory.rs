//! The directory as the command line uses it.

use gazette_table::{Order, Range};
use gazette_user_pool::{DirectoryError, Ensured, NewUser};

use crate::world::{PASSWORD, World, admin};

fn named(username: &str) -> NewUser {
    NewUser { username: username.to_owned(), ..admin() }
}

#[tokio::test]
async fn a_name_is_taken_once_whatever_its_case() {
    let world = World::new().await;
    let directory = world.pool.directory();
    assert!(matches!(
        directory.add_user(named("ADMIN")).await,
        Err(DirectoryError::UsernameExists)
    ));
    let (left, right) =
        tokio::join!(directory.add_user(named("Ünï")), directory.add_user(named("ünÏ")));
    assert!(left.is_ok() != right.is_ok(), "one of two at once");
    let names: Vec<_> =
        directory.list_users().await.unwrap().into_iter().map(|user| user.username).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], "admin");
}

#[tokio::test]
async fn ensuring_a_user_changes_nothing_when_there_is_one() {
    let world = World::new().await;
    let directory = world.pool.directory();
    let before = directory.find_user("admin").await.unwrap().unwrap();
    let other = NewUser { groups: vec![], email: "other@example.com".to_owned(), ..named("Admin") };
    assert_eq!(directory.ensure_user(other).await.unwrap(), Ensured::Kept(before));
    let made = directory.ensure_user(named("second")).await.unwrap();
    assert!(matches!(made, Ensured::Made(user) if user.username == "second"));
}

#[tokio::test]
async fn groups_come_and_go() {
    let world = World::new().await;
    let directory = world.pool.directory();
    let groups = directory.add_to_group("Admin", "editors").await.unwrap().groups;
    assert_eq!(groups, ["admin", "editors"]);
    assert_eq!(directory.add_to_group("admin", "editors").await.unwrap().groups, groups);
    assert_eq!(directory.remove_from_group("admin", "admin").await.unwrap().groups, ["editors"]);
    let set = directory.set_groups("admin", vec!["z".into(), "a".into()]).await.unwrap();
    assert_eq!(set.groups, ["a", "z"]);
    let bad = directory.add_to_group("admin", "not a group").await;
    assert!(matches!(bad, Err(DirectoryError::InvalidParameter(_))));
    assert!(matches!(
        directory.add_to_group("nobody", "a").await,
        Err(DirectoryError::UserNotFound)
    ));
}

#[tokio::test]
async fn rules_are_told() {
    let world = World::new().await;
    let directory = world.pool.directory();
    let bad_name = directory.add_user(named("a b")).await;
    assert!(matches!(bad_name, Err(DirectoryError::InvalidParameter(_))));
    let short = NewUser { password: "1234567".to_owned(), ..named("short") };
    assert!(matches!(directory.add_user(short).await, Err(DirectoryError::InvalidPassword)));
    let bad_password = directory.set_password("admin", "short").await;
    assert!(matches!(bad_password, Err(DirectoryError::InvalidPassword)));
    let nobody = directory.set_password("nobody", PASSWORD).await;
    assert!(matches!(nobody, Err(DirectoryError::UserNotFound)));
    assert!(!directory.is_empty().await.unwrap());
    assert!(!format!("{:?}", admin()).contains(PASSWORD));
}

#[tokio::test]
async fn pool_07_the_table_holds_no_password_and_no_secret() {
    let world = World::new().await;
    let (browser, code) = world.signed_in().await;
    let refresh_token = world.redeem(&code).await.json()["refresh_token"].take();
    let mut stored = Vec::new();
    for part in ["users", "codes", "refresh", "sessions"] {
        let partition = format!("pool#local_gazette#{part}");
        let page = world.table.query(&partition, &Range::all(), Order::Ascending, 9).await.unwrap();
        assert!(!page.items.is_empty(), "{part}");
        stored.push(format!("{:?}", page.items));
    }
    let secrets =
        [PASSWORD, &code, refresh_token.as_str().unwrap(), browser.cookies["cognito"].as_str()];
    for secret in secrets {
        assert!(stored.iter().all(|items| !items.contains(secret)));
    }
}
