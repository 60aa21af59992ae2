//! What API Gateway is answered.

use std::collections::HashMap;

use aws_lambda_events::event::apigw::{
    ApiGatewayCustomAuthorizerPolicy, ApiGatewayV2CustomAuthorizerIamPolicyResponse,
    ApiGatewayV2CustomAuthorizerSimpleResponse,
};
use aws_lambda_events::event::iam::{IamPolicyCondition, IamPolicyEffect, IamPolicyStatement};
use gazette_domain::{Action, Caller, Policy, VerifiedClaims};
use serde_json::{Value, json};

use crate::resource::ResourceName;
use crate::route::routes;

/// How API Gateway was told to expect its answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerForm {
    /// An IAM policy: REST APIs, and HTTP APIs without simple responses.
    #[default]
    Policy,
    /// `isAuthorized`: HTTP APIs with simple responses.
    Simple,
}

/// The policy over the whole API.
///
/// API Gateway keeps it for the token, by default for 300 seconds, and applies it to
/// whatever is asked with that token meanwhile: so it must speak of every route, not of the
/// one that was asked for. How long it is kept is API Gateway's setting alone; that it does
/// not outlive the token is therefore written into the policy, as a denial after the
/// token's end.
pub(crate) fn policy(
    rules: &Policy,
    caller: &Caller,
    claims: &VerifiedClaims,
    resource: ResourceName<'_>,
) -> ApiGatewayV2CustomAuthorizerIamPolicyResponse {
    let (allowed, denied): (Vec<Action>, Vec<Action>) =
        Action::ALL.into_iter().partition(|action| rules.decide(caller, *action).is_allowed());
    let names = |actions: &[Action]| -> Vec<String> {
        let routes = actions.iter().flat_map(|action| routes(*action));
        routes.map(|(method, path)| resource.route(method, &path)).collect()
    };
    let mut statements = vec![
        statement(IamPolicyEffect::Allow, names(&allowed)),
        statement(IamPolicyEffect::Deny, names(&denied)),
    ];
    statements.retain(|statement| !statement.resource.is_empty());
    let mut expiry = statement(IamPolicyEffect::Deny, vec![resource.whole_api()]);
    expiry.condition = Some(from(claims.expires_at));
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

/// Yes or no, for the one action.
pub(crate) fn simple(
    is_authorized: bool,
    claims: &VerifiedClaims,
) -> ApiGatewayV2CustomAuthorizerSimpleResponse {
    let mut response = ApiGatewayV2CustomAuthorizerSimpleResponse::default();
    response.is_authorized = is_authorized;
    response.context = context(claims);
    response
}

/// What the integration behind API Gateway is told: plain values, since API Gateway passes
/// no others on. Nothing here is to be decided upon; the token comes along for that.
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

/// From this second since the Unix epoch on.
fn from(seconds: i64) -> IamPolicyCondition {
    let key = HashMap::from([("aws:EpochTime".to_owned(), vec![seconds.to_string()])]);
    HashMap::from([("NumericGreaterThanEquals".to_owned(), key)])
}
