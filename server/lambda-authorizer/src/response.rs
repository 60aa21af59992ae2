//! The responses to API Gateway.

use std::collections::HashMap;

use aws_lambda_events::event::apigw::{
    ApiGatewayCustomAuthorizerPolicy, ApiGatewayV2CustomAuthorizerIamPolicyResponse,
    ApiGatewayV2CustomAuthorizerSimpleResponse,
};
use aws_lambda_events::event::iam::{IamPolicyCondition, IamPolicyEffect, IamPolicyStatement};
use gazette_domain::{Action, Caller, Policy, VerifiedClaims};
use serde_json::{Value, json};

use crate::resource::ResourceArn;
use crate::route::{routes, without_covered};

/// Format of responses, as configured in API Gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseFormat {
    /// IAM policy: for REST APIs, and for HTTP APIs without simple responses.
    #[default]
    Policy,
    /// `isAuthorized`: for HTTP APIs with simple responses.
    Simple,
}

/// Returns a policy for the whole API.
///
/// API Gateway caches it per token, by default for 300 seconds, and applies it to all requests
/// with that token. It must therefore cover every route, not only the requested one. The cache
/// may outlive the token, so the policy denies everything after the token's expiry.
pub(crate) fn policy(
    rules: &Policy,
    caller: &Caller,
    claims: &VerifiedClaims,
    resource: ResourceArn<'_>,
) -> ApiGatewayV2CustomAuthorizerIamPolicyResponse {
    let (allowed, denied): (Vec<Action>, Vec<Action>) =
        Action::ALL.into_iter().partition(|action| rules.decide(caller, *action).is_allowed());
    let arns = |actions: &[Action]| -> Vec<String> {
        let routes = actions.iter().flat_map(|action| routes(*action));
        routes.map(|(method, path)| resource.route(method, &path)).collect()
    };
    let mut statements = vec![
        statement(IamPolicyEffect::Allow, without_covered(&arns(&allowed))),
        statement(IamPolicyEffect::Deny, arns(&denied)),
    ];
    statements.retain(|statement| !statement.resource.is_empty());
    let mut expiry = statement(IamPolicyEffect::Deny, vec![resource.whole_api()]);
    expiry.condition = Some(not_before(claims.expires_at));
    statements.push(expiry);
    let mut document = ApiGatewayCustomAuthorizerPolicy::default();
    document.version = Some("2012-10-17".to_owned());
    document.statement = statements;
    let mut response = ApiGatewayV2CustomAuthorizerIamPolicyResponse::default();
    response.principal_id = Some(claims.sub.clone());
    response.policy_document = document;
    response.context = context(claims);
    response
}

/// Returns a simple response for one action.
pub(crate) fn simple(
    is_authorized: bool,
    claims: &VerifiedClaims,
) -> ApiGatewayV2CustomAuthorizerSimpleResponse {
    let mut response = ApiGatewayV2CustomAuthorizerSimpleResponse::default();
    response.is_authorized = is_authorized;
    response.context = context(claims);
    response
}

/// Returns the context for the integration behind API Gateway, which passes on plain values
/// only. An integration must decide by the token, not by this context.
fn context(claims: &VerifiedClaims) -> Value {
    json!({
        "sub": claims.sub,
        "username": claims.username,
        "groups": claims.comma_separated_groups(),
        "scope": claims.scope,
        "token_use": claims.token_use.as_str(),
        "expires_at": claims.expires_at,
    })
}

fn statement(effect: IamPolicyEffect, resources: Vec<String>) -> IamPolicyStatement {
    let mut statement = IamPolicyStatement::default();
    statement.effect = effect;
    statement.action = vec!["execute-api:Invoke".to_owned()];
    statement.resource = resources;
    statement
}

/// Returns a condition that holds from this second since the Unix epoch.
fn not_before(seconds: i64) -> IamPolicyCondition {
    let key = HashMap::from([("aws:EpochTime".to_owned(), vec![seconds.to_string()])]);
    HashMap::from([("NumericGreaterThanEquals".to_owned(), key)])
}
