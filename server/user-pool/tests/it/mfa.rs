//! The second factor, and sign-ins that prove the password.

use aws_lc_rs::hmac;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::json_api::{by_password, call};
use crate::sign_up::{administer, exception, send};
use crate::test_pool::{CLI, PASSWORD, SRP, TestPool, authorize};

/// The code of an app. Source: RFC 6238.
pub(crate) fn code(secret: &str, now: i64) -> String {
    let digit = |c: u8| if c >= b'A' { c - b'A' } else { c - b'2' + 26 };
    let bits: Vec<String> = secret.bytes().map(|c| format!("{:05b}", digit(c))).collect();
    let bits = bits.concat();
    let bytes = bits.as_bytes().chunks_exact(8);
    let key: Vec<u8> =
        bytes.map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap()).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let hash = hmac::sign(&key, &(now / 30).to_be_bytes());
    let hash = hash.as_ref();
    let offset = usize::from(hash[19] & 0xf);
    let number = u32::from_be_bytes(hash[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn with_token(pool: &TestPool, operation: &str, token: &Value, mut body: Value) -> Value {
    body["AccessToken"] = token.clone();
    let response = call(pool, operation, &body.to_string()).await;
    assert_eq!(response.status, StatusCode::OK, "{operation}: {response:?}");
    response.json()
}

#[tokio::test]
async fn pool_07_a_second_factor_is_needed_everywhere_and_each_code_is_good_once() {
    let pool = TestPool::new().await;
    let tokens = by_password(&pool, CLI, "admin", PASSWORD).await.json();
    let token = &tokens["AuthenticationResult"]["AccessToken"];
    let secret = with_token(&pool, "AssociateSoftwareToken", token, json!({})).await;
    let secret = secret["SecretCode"].as_str().unwrap().to_owned();
    let now = || pool.clock.clock()();
    let wrong = json!({ "AccessToken": token, "UserCode": code(&secret, now() + 300) });
    let wrong = call(&pool, "VerifySoftwareToken", &wrong.to_string()).await;
    assert_eq!(exception(&wrong), "EnableSoftwareTokenMFAException");
    let right = json!({ "UserCode": code(&secret, now()) });
    let verified = with_token(&pool, "VerifySoftwareToken", token, right).await;
    assert_eq!(verified["Status"], "SUCCESS");
    let settings = json!({ "SoftwareTokenMfaSettings": { "Enabled": true, "PreferredMfa": true } });
    with_token(&pool, "SetUserMFAPreference", token, settings).await;
    let user = with_token(&pool, "GetUser", token, json!({})).await;
    assert_eq!(user["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));

    let challenge = by_password(&pool, CLI, "admin", PASSWORD).await.json();
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    assert!(challenge["AuthenticationResult"].is_null());
    let answer = async |code: String| {
        let body = json!({
            "ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": challenge["Session"],
            "ChallengeResponses": { "USERNAME": "admin", "SOFTWARE_TOKEN_MFA_CODE": code },
        });
        send(&pool, "RespondToAuthChallenge", body).await
    };
    assert_eq!(exception(&answer(code(&secret, now())).await), "ExpiredCodeException", "used");
    assert_eq!(exception(&answer(code(&secret, now() + 300)).await), "CodeMismatchException");
    let next = code(&secret, now() + 30);
    let signed_in = answer(next.clone()).await.json();
    assert!(signed_in["AuthenticationResult"]["AccessToken"].is_string(), "{signed_in}");
    assert_eq!(exception(&answer(next).await), "NotAuthorizedException", "used once");

    pool.advance(60);
    let mut browser = pool.browser();
    let login = browser.get(&authorize(&[])).await.location();
    let form = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert!(form.body.contains("one-time-code"), "{form:?}");
    let (csrf, session) = (form.field("_csrf"), form.field("session"));
    let code = code(&secret, now());
    let fields = [("_csrf", csrf.as_str()), ("session", &session), ("code", &code)];
    let response = browser.post_form(&form.form_action(), &fields).await;
    assert!(response.redirect_parameter("code").is_some());

    let off = json!({ "Username": "admin", "SoftwareTokenMfaSettings": { "Enabled": false } });
    administer(&pool, "AdminSetUserMFAPreference", off).await;
    let signed_in = by_password(&pool, CLI, "admin", PASSWORD).await.json();
    assert!(signed_in["AuthenticationResult"].is_object());
}

#[tokio::test]
async fn pool_07_a_wrong_proof_is_refused_and_unknown_users_look_like_known_ones() {
    let pool = TestPool::new().await;
    let begin = async |name: &str| {
        let body = json!({
            "AuthFlow": "USER_SRP_AUTH", "ClientId": SRP,
            "AuthParameters": { "USERNAME": name, "SRP_A": "123456789abcdef" },
        });
        call(&pool, "InitiateAuth", &body.to_string()).await.json()
    };
    for name in ["admin", "nobody"] {
        let challenge = begin(name).await;
        assert_eq!(challenge["ChallengeName"], "PASSWORD_VERIFIER", "{challenge}");
        let parameters = &challenge["ChallengeParameters"];
        let again = begin(name).await["ChallengeParameters"].take();
        assert_eq!(parameters["SALT"], again["SALT"], "{name}");
        assert_ne!(parameters["SRP_B"], again["SRP_B"], "{name}");
        let body = json!({
            "ClientId": SRP, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": {
                "USERNAME": name,
                "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
                "PASSWORD_CLAIM_SIGNATURE": "AAAA",
                "TIMESTAMP": "Thu Nov 26 21:00:00 UTC 2026",
            },
        });
        for message in [
            "Incorrect username or password.",
            "Invalid session for the user, session can only be used once.",
        ] {
            let refused = call(&pool, "RespondToAuthChallenge", &body.to_string()).await;
            assert_eq!(exception(&refused), "NotAuthorizedException");
            assert_eq!(refused.json()["message"], message, "{name}");
        }
    }
    let stored = pool.directory().find_user("admin").await.unwrap().unwrap();
    assert_eq!(stored.username, "admin");
}

#[tokio::test]
async fn pool_07_the_name_for_a_proof_does_not_tell_who_exists() {
    let pool = TestPool::new().await;
    let begin = async |name: &str| {
        let body = json!({
            "AuthFlow": "USER_SRP_AUTH", "ClientId": SRP,
            "AuthParameters": { "USERNAME": name, "SRP_A": "123456789abcdef" },
        });
        call(&pool, "InitiateAuth", &body.to_string()).await.json()["ChallengeParameters"].take()
    };
    for (typed, name) in [("ADMIN", "admin"), ("NoBody", "nobody"), ("admin@example.com", "admin")]
    {
        let parameters = begin(typed).await;
        assert_eq!(parameters["USER_ID_FOR_SRP"], name);
        assert_eq!(parameters["USERNAME"], name);
    }
    let unknown = begin("nobody@example.com").await;
    let id = unknown["USER_ID_FOR_SRP"].as_str().unwrap();
    assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 4, "{unknown}");
    assert_eq!(unknown["USERNAME"], id);
    let again = begin("NoBody@Example.com").await;
    assert_eq!((&again["USER_ID_FOR_SRP"], &again["SALT"]), (&json!(id), &unknown["SALT"]));
    assert_ne!(begin("other@example.com").await["USER_ID_FOR_SRP"], id);
    for (name, block, message) in [
        (id, &unknown["SECRET_BLOCK"], "Incorrect username or password."),
        ("nobody@example.com", &again["SECRET_BLOCK"], "Incorrect username or password."),
        ("admin", &begin("nobody").await["SECRET_BLOCK"], "Invalid session for the user."),
        ("nobody", &begin("admin").await["SECRET_BLOCK"], "Invalid session for the user."),
    ] {
        let body = json!({
            "ClientId": SRP, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": {
                "USERNAME": name, "PASSWORD_CLAIM_SECRET_BLOCK": block,
                "PASSWORD_CLAIM_SIGNATURE": "AAAA", "TIMESTAMP": "Thu Nov 26 21:00:00 UTC 2026",
            },
        });
        let refused = call(&pool, "RespondToAuthChallenge", &body.to_string()).await;
        assert_eq!(exception(&refused), "NotAuthorizedException");
        assert_eq!(refused.json()["message"], message, "{name}");
    }
}
