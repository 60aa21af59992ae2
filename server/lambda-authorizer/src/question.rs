//! What API Gateway asks, in each of its three shapes.

use aws_lambda_events::event::apigw::{
    ApiGatewayCustomAuthorizerRequest, ApiGatewayCustomAuthorizerRequestTypeRequest,
    ApiGatewayV2CustomAuthorizerV2Request,
};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::{Value, from_value};

/// A question of API Gateway, whatever its shape.
#[derive(Debug, Default)]
pub(crate) struct Question {
    /// The values of the `Authorization` headers.
    authorization: Vec<Vec<u8>>,
    /// The name of what is asked for.
    pub(crate) resource: String,
    /// The route's key, if what is answered may be remembered for this route alone; only
    /// HTTP APIs say so, with payload format 2.0.
    pub(crate) own_route_key: Option<String>,
}

impl Question {
    /// Reads a question; `None` if it is none.
    pub(crate) fn read(event: Value) -> Option<Self> {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        match (text("type"), text("version")) {
            (Some("TOKEN"), _) => Self::with_token(event),
            (Some("REQUEST"), None | Some("1.0")) => Self::request_1(event),
            (Some("REQUEST"), Some("2.0")) => Self::request_2(event),
            _ => None,
        }
    }

    /// The values of the `Authorization` headers that came with the request.
    pub(crate) fn authorization(&self) -> impl Iterator<Item = &[u8]> {
        self.authorization.iter().map(Vec::as_slice)
    }

    fn with_token(event: Value) -> Option<Self> {
        let event: ApiGatewayCustomAuthorizerRequest = from_value(event).ok()?;
        Some(Self {
            authorization: event.authorization_token.into_iter().map(String::into_bytes).collect(),
            resource: event.method_arn?,
            own_route_key: None,
        })
    }

    fn request_1(event: Value) -> Option<Self> {
        let event: ApiGatewayCustomAuthorizerRequestTypeRequest = from_value(event).ok()?;
        // Of a header that came twice, only the second map has both values.
        let all = values(&event.multi_value_headers);
        let authorization = if all.is_empty() { values(&event.headers) } else { all };
        Some(Self { authorization, resource: event.method_arn?, own_route_key: None })
    }

    fn request_2(event: Value) -> Option<Self> {
        let event: ApiGatewayV2CustomAuthorizerV2Request = from_value(event).ok()?;
        let sources = event.identity_source.unwrap_or_default();
        Some(Self {
            authorization: values(&event.headers),
            resource: event.route_arn?,
            own_route_key: event.route_key.filter(|key| sources.contains(key)),
        })
    }
}

fn values(headers: &HeaderMap) -> Vec<Vec<u8>> {
    headers.get_all(AUTHORIZATION).into_iter().map(|value| value.as_bytes().to_vec()).collect()
}
