//! Reading lists: private to a caller, with public stories only.

use gazette_domain::{Caller, DeskError, Selection};

use crate::world::{World, input, member, person, publish};

#[tokio::test]
async fn every_caller_has_their_own_list() {
    let world = World::new();
    let (one, other) = (person("one", "reader"), person("other", "reader"));
    let first = publish(&world, input("First", 2)).await.teaser().clone();
    let second = publish(&world, input("Second", 1)).await.teaser().clone();
    world.desk.save(&one, second.id).await.expect("saved");
    world.pass(1);
    world.desk.save(&one, first.id).await.expect("saved");
    world.desk.save(&one, second.id).await.expect("saved already");
    let list = world.desk.saved(&one).await.expect("listed");
    assert_eq!(list, [first.clone(), second.clone()]);
    assert_eq!(world.desk.saved(&other).await.expect("listed"), []);
    assert!(world.desk.has_saved(&one, first.id).await.expect("asked"));
    assert!(!world.desk.has_saved(&other, first.id).await.expect("asked"));
    assert!(!world.desk.has_saved(&Caller::Anonymous, first.id).await.expect("asked"));
    world.desk.unsave(&one, first.id).await.expect("removed");
    world.desk.unsave(&one, first.id).await.expect("removed already");
    assert_eq!(world.desk.saved(&one).await.expect("listed"), [second]);
    let anonymous = world.desk.saved(&Caller::Anonymous).await;
    assert!(matches!(anonymous, Err(DeskError::Denied(_))));
}

#[tokio::test]
async fn f_37_a_list_omits_stories_that_are_not_public() {
    let world = World::new();
    let reader = person("one", "reader");
    let id = publish(&world, input("Soon gone", 2)).await.teaser().id;
    world.desk.save(&reader, id).await.expect("saved");
    world.desk.delete(&member("admin"), &Selection::Ids(vec![id])).await.expect("deleted");
    assert_eq!(world.desk.saved(&reader).await.expect("listed"), []);
    assert!(matches!(world.desk.save(&reader, id).await, Err(DeskError::Missing)));
    world.desk.restore(&member("admin"), &[id]).await.expect("restored");
    assert_eq!(world.desk.saved(&reader).await.expect("listed").len(), 1);
    let ahead = publish(&world, input("Ahead", -60)).await.teaser().id;
    assert!(matches!(world.desk.save(&reader, ahead).await, Err(DeskError::Missing)));
}

#[tokio::test]
async fn a_list_has_at_most_500_stories() {
    let world = World::new();
    let reader = person("one", "reader");
    for number in 0..=500 {
        let id = publish(&world, input(&format!("Story {number}"), number)).await.teaser().id;
        let saved = world.desk.save(&reader, id).await;
        assert_eq!(
            matches!(saved, Err(DeskError::ListFull { .. })),
            number == 500,
            "{number}: {saved:?}"
        );
    }
    assert_eq!(world.desk.saved(&reader).await.expect("listed").len(), 500);
}
