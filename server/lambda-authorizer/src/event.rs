//! The events of API Gateway, in each of their three formats.

use aws_lambda_events::event::apigw::{
    ApiGatewayCustomAuthorizerRequest, ApiGatewayCustomAuthorizerRequestTypeRequest,
    ApiGatewayV2CustomAuthorizerV2Request,
};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::{Value, from_value};

/// An event of API Gateway, in any format.
#[derive(Debug, Default)]
pub(crate) struct AuthorizerEvent {
    /// Values of the `Authorization` headers.
    authorization: Vec<Vec<u8>>,
    /// ARN of the requested resource.
    pub(crate) resource: String,
    /// Route key, if it is an identity source, so that API Gateway caches the response for this
    /// route only; only events of format 2.0 have one.
    pub(crate) cacheable_route_key: Option<String>,
}

impl AuthorizerEvent {
    /// Parses an event; `None` for an unknown format.
    pub(crate) fn parse(event: Value) -> Option<Self> {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        match (text("type"), text("version")) {
            (Some("TOKEN"), _) => Self::parse_token_event(event),
            (Some("REQUEST"), None | Some("1.0")) => Self::parse_request_1(event),
            (Some("REQUEST"), Some("2.0")) => Self::parse_request_2(event),
            _ => None,
        }
    }

    /// Returns the values of the `Authorization` headers.
    pub(crate) fn authorization(&self) -> impl Iterator<Item = &[u8]> {
        self.authorization.iter().map(Vec::as_slice)
    }

    fn parse_token_event(event: Value) -> Option<Self> {
        let event: ApiGatewayCustomAuthorizerRequest = from_value(event).ok()?;
        Some(Self {
            authorization: event.authorization_token.into_iter().map(String::into_bytes).collect(),
            resource: event.method_arn?,
            cacheable_route_key: None,
        })
    }

    fn parse_request_1(event: Value) -> Option<Self> {
        let event: ApiGatewayCustomAuthorizerRequestTypeRequest = from_value(event).ok()?;
        // Only the multi-value map has all values of a repeated header.
        let all = authorization_values(&event.multi_value_headers);
        let authorization = if all.is_empty() { authorization_values(&event.headers) } else { all };
        Some(Self { authorization, resource: event.method_arn?, cacheable_route_key: None })
    }

    fn parse_request_2(event: Value) -> Option<Self> {
        let event: ApiGatewayV2CustomAuthorizerV2Request = from_value(event).ok()?;
        let sources = event.identity_source.unwrap_or_default();
        let authorization = authorization_values(&event.headers);
        let from_client: Vec<&str> = event
            .headers
            .values()
            .filter_map(|value| value.to_str().ok())
            .chain(event.cookies.iter().map(String::as_str))
            .chain(event.query_string_parameters.values().map(String::as_str))
            .collect();
        let cacheable_route_key = event.route_key.filter(|key| {
            is_identity_source(key, &sources, &authorization)
                // Otherwise a client could choose the key under which the response is cached.
                && !from_client.iter().any(|value| value.contains(key.as_str()))
        });
        Some(Self { authorization, resource: event.route_arn?, cacheable_route_key })
    }
}

/// Checks that the identity sources are `$request.header.Authorization` and `$context.routeKey`, in
/// this order, so that the route key is not the value of another source.
fn is_identity_source(route_key: &str, sources: &[String], authorization: &[Vec<u8>]) -> bool {
    matches!(
        (sources, authorization),
        ([token, key], [header]) if key == route_key && token.as_bytes() == header.as_slice()
    )
}

fn authorization_values(headers: &HeaderMap) -> Vec<Vec<u8>> {
    headers.get_all(AUTHORIZATION).into_iter().map(|value| value.as_bytes().to_vec()).collect()
}
