//! Endpoints that scripts of other sites can use.

use axum::http::{Method, StatusCode};

use crate::test_pool::TestPool;

const FOREIGN: (&str, &str) = ("origin", "https://app.example");

#[tokio::test]
async fn scripts_of_any_site_can_use_the_endpoints_for_programs() {
    let pool = TestPool::new().await;
    for (method, path, header) in [
        (Method::GET, "/local_gazette/.well-known/openid-configuration", "accept"),
        (Method::GET, "/local_gazette/.well-known/jwks.json", "accept"),
        (Method::POST, "/oauth2/token", "authorization"),
        (Method::POST, "/oauth2/revoke", "authorization"),
        (Method::GET, "/oauth2/userInfo", "authorization"),
        (Method::POST, "/", "content-type,x-amz-target,x-amz-user-agent"),
    ] {
        let preflight = [
            FOREIGN,
            ("access-control-request-method", method.as_str()),
            ("access-control-request-headers", header),
        ];
        let mut browser = pool.browser();
        let answer = browser.send(Method::OPTIONS, path, &preflight, String::new()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(answer.header("access-control-allow-methods").contains(method.as_str()));
        assert_eq!(answer.header("access-control-allow-headers"), header, "{path}");
        // Refused or not, the script must be able to read the answer.
        let answer = browser.send(method, path, &[FOREIGN], String::new()).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(answer.header("access-control-expose-headers").contains("x-amzn-requestid"));
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
}

#[tokio::test]
async fn pool_07_no_script_of_another_site_can_read_a_page() {
    let pool = TestPool::new().await;
    for path in ["/", "/login", "/logout", "/oauth2/authorize", "/_pool/clock", "/_pool/outbox"] {
        for method in [Method::GET, Method::OPTIONS] {
            if path == "/" && method == Method::OPTIONS {
                continue;
            }
            let headers = [FOREIGN, ("access-control-request-method", "GET")];
            let answer = pool.browser().send(method, path, &headers, String::new()).await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        }
    }
}
