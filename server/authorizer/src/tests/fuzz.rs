//! Property tests with altered tokens.

use std::sync::LazyLock;

use gazette_domain::TokenUse;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixtures::*;

#[derive(Clone, Copy, Debug)]
enum Edit {
    Set(prop::sample::Index, char),
    Insert(prop::sample::Index, char),
    Remove(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Truncate(prop::sample::Index),
    Repeat(prop::sample::Index),
}

fn edits() -> impl Strategy<Value = Edit> {
    let at = any::<prop::sample::Index>;
    let letter = || {
        prop_oneof![
            8 => prop::char::ranges(vec!['A'..='Z', 'a'..='z', '0'..='9', '-'..='.', '_'..='_'].into()),
            1 => any::<char>(),
        ]
    };
    prop_oneof![
        (at(), letter()).prop_map(|(at, to)| Edit::Set(at, to)),
        (at(), letter()).prop_map(|(at, what)| Edit::Insert(at, what)),
        at().prop_map(Edit::Remove),
        (at(), at()).prop_map(|(one, other)| Edit::Swap(one, other)),
        at().prop_map(Edit::Truncate),
        at().prop_map(Edit::Repeat),
    ]
}

fn apply(token: &mut Vec<char>, edit: Edit) {
    if token.is_empty() {
        return;
    }
    let length = token.len();
    match edit {
        Edit::Set(at, to) => token[at.index(length)] = to,
        Edit::Insert(at, what) => token.insert(at.index(length), what),
        Edit::Remove(at) => {
            token.remove(at.index(length));
        }
        Edit::Swap(one, other) => token.swap(one.index(length), other.index(length)),
        Edit::Truncate(at) => token.truncate(at.index(length)),
        Edit::Repeat(at) => {
            let tail = token[at.index(length)..].to_vec();
            token.extend(tail);
        }
    }
}

fn valid_token_once(token_use: TokenUse) -> &'static str {
    static VALID: LazyLock<[String; 2]> = LazyLock::new(|| TOKEN_USES.map(valid_token));
    let [access, id] = &*VALID;
    match token_use {
        TokenUse::Access => access,
        TokenUse::Id => id,
    }
}

fn token_uses() -> impl Strategy<Value = TokenUse> {
    prop_oneof![Just(TokenUse::Access), Just(TokenUse::Id)]
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!(["admin"])),
        Just(json!({"alg": "none"})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn atk_26_altered_tokens_are_refused(
        token_use in token_uses(),
        edits in prop::collection::vec(edits(), 1..5),
    ) {
        let valid = valid_token_once(token_use);
        let mut altered: Vec<char> = valid.chars().collect();
        for edit in edits {
            apply(&mut altered, edit);
        }
        let altered: String = altered.into_iter().collect();
        prop_assert_eq!(verify_bearer(&altered).is_ok(), altered == *valid);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn tokens_of_another_key_are_refused(
        token_use in token_uses(),
        in_header in prop::collection::vec(("alg|kid|typ|crit|jwk|[a-z]{1,3}", values()), 0..2),
        in_claims in prop::collection::vec(("exp|iat|sub|iss|aud|act|[a-z]{1,3}", values()), 0..4),
    ) {
        let (mut header, mut claims) = (header(), claims(token_use));
        for (name, value) in in_header {
            header[name] = value;
        }
        for (name, value) in in_claims {
            claims[name] = value;
        }
        prop_assert!(verify_bearer(&token(&header, &claims, attacker_key())).is_err());
    }
}

proptest! {
    #[test]
    fn atk_30_arbitrary_text_is_refused_without_panics(text: String) {
        prop_assert!(verify_bearer(&text).is_err());
    }
}
