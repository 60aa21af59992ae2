//! App clients that are created while the pool runs.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sign_up::{administer, exception};
use crate::test_pool::{CALLBACK, PASSWORD, TestPool, VERIFIER, WEB, authorize};

fn browser_client() -> Value {
    json!({
        "ClientName": "Shop",
        "GenerateSecret": true,
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": ["http://localhost:3000/bye"],
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "AccessTokenValidity": 10,
        "TokenValidityUnits": { "AccessToken": "minutes" },
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 5 },
    })
}

#[tokio::test]
async fn a_created_client_signs_users_in() {
    let pool = TestPool::new().await;
    let created = administer(&pool, "CreateUserPoolClient", browser_client()).await;
    assert_eq!(created.status, StatusCode::OK, "{created:?}");
    let created = created.json()["UserPoolClient"].clone();
    let id = created["ClientId"].as_str().unwrap();
    let secret = created["ClientSecret"].as_str().unwrap();
    assert_eq!((id.len(), secret.len()), (26, 52));
    let mut browser = pool.browser();
    let login = browser.get(&authorize(&[("client_id", id)])).await.location();
    let page = browser.get(login.as_str()).await;
    assert!(page.body.contains("to continue to <bdi>Shop</bdi>"), "{page:?}");
    let code = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    let code = code.redirect_parameter("code").unwrap();
    let changes = [("client_id", id), ("client_secret", secret), ("code_verifier", VERIFIER)];
    let tokens = pool.redeem_changed(&code, &changes).await.json();
    assert_eq!(tokens["expires_in"], 600);

    let deleted = administer(&pool, "DeleteUserPoolClient", json!({ "ClientId": id })).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (StatusCode::OK, "{}"));
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(pool.refresh(id, token).await.json()["error"], "invalid_client");
}

#[tokio::test]
async fn a_client_is_described_changed_and_listed() {
    let pool = TestPool::new().await;
    let created = administer(&pool, "CreateUserPoolClient", browser_client()).await.json();
    let created = created["UserPoolClient"].clone();
    let id = &created["ClientId"];
    let described = administer(&pool, "DescribeUserPoolClient", json!({ "ClientId": id })).await;
    assert_eq!(described.json()["UserPoolClient"], created);
    assert_eq!(created["RefreshTokenRotation"]["RetryGracePeriodSeconds"], 5);
    assert_eq!(created["TokenValidityUnits"]["AccessToken"], "minutes");

    let change = json!({ "ClientId": id, "ClientName": "Shop 2" });
    let changed = administer(&pool, "UpdateUserPoolClient", change).await.json();
    let changed = &changed["UserPoolClient"];
    assert_eq!((&changed["ClientName"], &changed["ClientId"]), (&json!("Shop 2"), id));
    assert_eq!(changed["ClientSecret"], created["ClientSecret"]);
    assert!(changed.get("CallbackURLs").is_none(), "what is omitted is reset");
    assert_eq!(changed["AllowedOAuthFlowsUserPoolClient"], false);

    let first = administer(&pool, "ListUserPoolClients", json!({ "MaxResults": 4 })).await.json();
    assert_eq!(first["UserPoolClients"][0]["ClientId"], WEB);
    let next = json!({ "MaxResults": 4, "NextToken": first["NextToken"] });
    let second = administer(&pool, "ListUserPoolClients", next).await.json();
    assert_eq!(second["UserPoolClients"][2]["ClientName"], "Shop 2");
    assert!(second["NextToken"].is_null());
}

#[tokio::test]
async fn invalid_clients_get_the_errors_of_cognito() {
    let pool = TestPool::new().await;
    for (operation, field, value, error) in [
        ("CreateUserPoolClient", "ClientName", json!(null), "InvalidParameterException"),
        ("CreateUserPoolClient", "CallbackURLs", json!(["x"]), "InvalidParameterException"),
        ("CreateUserPoolClient", "CallbackURLs", json!([]), "InvalidParameterException"),
        (
            "CreateUserPoolClient",
            "AllowedOAuthScopes",
            json!(["a/b"]),
            "ScopeDoesNotExistException",
        ),
        ("CreateUserPoolClient", "AccessTokenValidity", json!(4), "InvalidParameterException"),
        ("UpdateUserPoolClient", "ClientId", json!("nobody"), "ResourceNotFoundException"),
        ("UpdateUserPoolClient", "ClientId", json!(WEB), "InvalidParameterException"),
        ("DeleteUserPoolClient", "ClientId", json!("nobody"), "ResourceNotFoundException"),
        ("DescribeUserPoolClient", "ClientId", json!("nobody"), "ResourceNotFoundException"),
    ] {
        let mut input = browser_client();
        input[field] = value;
        let answer = administer(&pool, operation, input).await;
        assert_eq!(exception(&answer), error, "{operation} {field}: {answer:?}");
    }
}

#[tokio::test]
async fn a_machine_client_gets_tokens_for_itself() {
    let pool = TestPool::new().await;
    let server = json!({
        "Identifier": "news",
        "Name": "News API",
        "Scopes": [{ "ScopeName": "write", "ScopeDescription": "Write stories" }],
    });
    let created = administer(&pool, "CreateResourceServer", server.clone()).await.json();
    assert_eq!(created["ResourceServer"]["Scopes"][0]["ScopeName"], "write");
    let again = administer(&pool, "CreateResourceServer", server).await;
    assert_eq!(exception(&again), "InvalidParameterException");
    let client = json!({
        "ClientName": "Robot",
        "GenerateSecret": true,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["news/write"],
        "AllowedOAuthFlowsUserPoolClient": true,
    });
    let client = administer(&pool, "CreateUserPoolClient", client).await.json();
    let text = |name: &str| client["UserPoolClient"][name].as_str().unwrap().to_owned();
    let (id, secret) = (text("ClientId"), text("ClientSecret"));
    let request = |scope: &'static str, secret: String| {
        let fields = [
            ("grant_type".to_owned(), "client_credentials".to_owned()),
            ("client_id".to_owned(), id.clone()),
            ("client_secret".to_owned(), secret),
            ("scope".to_owned(), scope.to_owned()),
        ];
        let mut browser = pool.browser();
        async move {
            let fields: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            browser.post_form("/oauth2/token", &fields).await.json()
        }
    };
    let tokens = request("", secret.clone()).await;
    let claims = crate::token_shapes::claims(&tokens["access_token"]);
    assert_eq!((&claims["sub"], &claims["client_id"]), (&json!(id), &json!(id)));
    assert_eq!((&claims["scope"], &claims["token_use"]), (&json!("news/write"), &json!("access")));
    assert!(claims.get("username").is_none() && tokens.get("refresh_token").is_none());
    assert_eq!(request("openid", secret.clone()).await["error"], "invalid_scope");
    assert_eq!(request("news/delete", secret).await["error"], "invalid_scope");
    assert_eq!(request("", "wrong".to_owned()).await["error"], "invalid_client");
}

#[tokio::test]
async fn the_implicit_grant_needs_a_client_that_enables_it() {
    let pool = TestPool::new().await;
    let mut client = browser_client();
    client["AllowedOAuthFlows"] = json!(["implicit"]);
    let client = administer(&pool, "CreateUserPoolClient", client).await.json();
    let id = client["UserPoolClient"]["ClientId"].as_str().unwrap();
    let mut browser = pool.browser();
    let request = [
        ("client_id", id),
        ("response_type", "token"),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ];
    let login = browser.get(&authorize(&request)).await.location();
    let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await.location();
    let fragment: std::collections::BTreeMap<_, _> =
        url::form_urlencoded::parse(response.fragment().unwrap().as_bytes()).collect();
    assert_eq!((&*fragment["state"], &*fragment["expires_in"]), ("st&te ü", "600"));
    let id_token = crate::token_shapes::claims(&json!(fragment["id_token"]));
    assert_eq!(id_token["nonce"], "n0nce");
    let bearer = format!("Bearer {}", fragment["access_token"]);
    let headers = [("authorization", bearer.as_str())];
    let method = axum::http::Method::GET;
    let info = pool.browser().send(method, "/oauth2/userInfo", &headers, String::new()).await;
    assert_eq!(info.json()["username"], "admin");
    assert_eq!(response.query(), None);
}
