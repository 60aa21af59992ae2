#![expect(clippy::disallowed_methods, reason = "policy tests need callers of every kind")]

use proptest::prelude::*;

use super::*;
use crate::caller::VerifiedClaims;

fn member(groups: Vec<String>) -> Caller {
    with_scope(groups, TokenUse::Access, "")
}

fn with_scope(groups: Vec<String>, token_use: TokenUse, scope: &str) -> Caller {
    Caller::SignedIn(Identity::from_verified(VerifiedClaims {
        sub: "sub".to_owned(),
        username: "name".to_owned(),
        email: None,
        email_verified: false,
        groups,
        scope: scope.to_owned(),
        client_role: None,
        token_use,
        expires_at: 0,
    }))
}

fn groups() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof![
        Just("admin".to_owned()),
        Just("editor".to_owned()),
        Just("writer".to_owned()),
        Just("Admin".to_owned()),
        Just("admin ".to_owned()),
        Just("\u{430}dmin".to_owned()),
        ".*",
    ];
    proptest::collection::vec(name, 0..6)
}

proptest! {
    #[test]
    fn only_an_admin_can_delete(groups in groups()) {
        let is_admin = groups.iter().any(|group| group == "admin");
        let allowed = Policy::default().authorize(&member(groups), Action::DeleteNews).is_ok();
        prop_assert_eq!(allowed, is_admin);
    }

    #[test]
    fn decide_and_authorize_agree(groups in groups()) {
        let policy = Policy::default();
        for caller in [member(groups), Caller::Anonymous] {
            for action in Action::ALL {
                let decided = policy.decide(&caller, action).is_allowed();
                prop_assert_eq!(decided, policy.authorize(&caller, action).is_ok());
            }
        }
    }
}

#[test]
fn every_action_needs_the_documented_role() {
    let policy = Policy::default();
    let callers = [
        Caller::Anonymous,
        member(vec![]),
        member(vec!["writer".to_owned()]),
        member(vec!["editor".to_owned()]),
        member(vec!["admin".to_owned()]),
    ];
    let decisions = Action::ALL
        .map(|action| callers.each_ref().map(|caller| policy.decide(caller, action).as_str()));
    let [news, account, save, desk, draft, write, rest @ ..] = decisions;
    let [labels, redirects, add_images, delete_images, rest @ ..] = rest;
    let [delete, restore, erase, audit, status, access] = rest;
    assert_eq!(news, ["allow.public"; 5]);
    let signed_in = "allow.signed-in";
    let readers = ["deny.not-signed-in", signed_in, signed_in, signed_in, signed_in];
    assert_eq!([account, save], [readers; 2]);
    let allowed = "allow.role.writer";
    let writers = ["deny.not-signed-in", "deny.role-missing.writer", allowed, allowed, allowed];
    assert_eq!([desk, draft, add_images], [writers; 3]);
    let (denied, allowed) = ("deny.role-missing.editor", "allow.role.editor");
    let editors = ["deny.not-signed-in", denied, denied, allowed, allowed];
    assert_eq!([write, labels, redirects, delete_images], [editors; 4]);
    let denied = "deny.role-missing.admin";
    let admins = ["deny.not-signed-in", denied, denied, denied, "allow.role.admin"];
    assert_eq!([delete, restore, erase, audit, status, access], [admins; 6]);
}

#[test]
fn each_role_includes_those_before_it() {
    let roles = |caller: &Caller| {
        let roles = Policy::default().roles(caller);
        roles.into_iter().map(Role::as_str).collect::<Vec<_>>()
    };
    assert_eq!(roles(&member(vec!["admin".to_owned()])), ["writer", "editor", "admin"]);
    assert_eq!(roles(&member(vec!["editor".to_owned()])), ["writer", "editor"]);
    assert_eq!(roles(&member(vec!["writer".to_owned()])), ["writer"]);
    assert!(roles(&member(vec!["Editor".to_owned()])).is_empty());
    assert!(roles(&Caller::Anonymous).is_empty());
}

#[test]
fn groups_alone_give_the_same_roles_and_decisions_as_a_session_with_them() {
    let policy = Policy::new("chefs", "desk", "pens");
    for groups in [&[][..], &["pens"], &["desk", "x"], &["chefs", "pens"], &["admin"]] {
        let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
        let session = with_scope(groups.clone(), TokenUse::Id, "");
        assert_eq!(policy.roles_of_groups(&groups), policy.roles(&session));
        for action in Action::ALL {
            let decided = policy.decide_for_groups(&groups, action);
            assert_eq!(decided, policy.decide(&session, action), "{groups:?} {action:?}");
        }
    }
    let named = policy.named_roles(&["pens".to_owned(), "chefs".to_owned()]);
    assert_eq!(named, [Role::Writer, Role::Admin]);
    assert_eq!(policy.group(Role::Editor), "desk");
}

#[test]
fn access_tokens_need_the_scope_as_well_as_the_role() {
    let rules = ["news:delete=gazette/delete", "news:delete=gazette/all", "account:read=me"];
    let rules = rules.map(|rule| rule.parse().unwrap()).to_vec();
    let policy = Policy::default().requiring(rules);
    let admin = |token_use, scope| with_scope(vec!["admin".to_owned()], token_use, scope);
    let decide = |caller: &Caller, action| policy.decide(caller, action).as_str();
    let delete = |scope| decide(&admin(TokenUse::Access, scope), Action::DeleteNews);
    assert_eq!(delete("gazette/delete gazette/all"), "allow.role.admin");
    assert_eq!(delete("openid gazette/all gazette/delete"), "allow.role.admin");
    for scope in ["", "gazette/delete", "gazette/deletegazette/all", "GAZETTE/DELETE gazette/all"] {
        assert_eq!(delete(scope), "deny.scope-missing", "{scope}");
    }
    let session = admin(TokenUse::Id, "");
    assert_eq!(decide(&session, Action::DeleteNews), "allow.role.admin");
    assert_eq!(decide(&session, Action::ReadAccount), "allow.signed-in");
    let granted = "gazette/delete gazette/all me";
    let reader = with_scope(Vec::new(), TokenUse::Access, granted);
    assert_eq!(decide(&reader, Action::DeleteNews), "deny.role-missing.admin");
    assert_eq!(decide(&reader, Action::ReadAccount), "allow.signed-in");
    let program = member(Vec::new());
    assert_eq!(decide(&program, Action::ReadAccount), "deny.scope-missing");
    assert_eq!(policy.authorize(&program, Action::ReadAccount), Err(AccessError::ScopeMissing));
    assert_eq!(decide(&program, Action::ReadNews), "allow.public");
}

#[test]
fn comma_separated_groups_contain_only_existing_groups() {
    let groups = ["editor", "a,admin", ",", "[b c]"].map(str::to_owned).to_vec();
    let Caller::SignedIn(identity) = member(groups) else { unreachable!() };
    assert_eq!(identity.claims().comma_separated_groups(), "editor,[b c]");
}
