//! Administration of single users.

use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::message::{Attribute, Empty, check_pool, find_account};
use super::operation::{Operation, operation};
use super::rules::{MESSAGE_ACTION, Member, PASSWORD, POOL_ID, Rule, USERNAME, optional, required};
use super::user_output::UserOutput;
use crate::attributes::{AttributeChanges, Author, check_name};
use crate::error::AccountError;
use crate::error::AttributeError;
use crate::outbox::MessageKind;
use crate::pool::UserPool;
use crate::secret::random_password;
use crate::user::{Account, FirstState, NewAccount};
use crate::validation::{check_new_password, is_email};

const USER: Member = required("Username", USERNAME);
const POOL: Member = required("UserPoolId", POOL_ID);

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "AdminCreateUser",
        Administrator,
        create_user,
        [
            POOL,
            USER,
            optional("UserAttributes", Rule::List),
            optional("ValidationData", Rule::List),
            optional("TemporaryPassword", PASSWORD),
            optional("MessageAction", MESSAGE_ACTION),
            optional("DesiredDeliveryMediums", Rule::List),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
    operation!("AdminGetUser", Administrator, get_user, [POOL, USER]),
    operation!("AdminDeleteUser", Administrator, delete_user, [POOL, USER]),
    operation!("AdminDisableUser", Administrator, disable_user, [POOL, USER]),
    operation!("AdminEnableUser", Administrator, enable_user, [POOL, USER]),
    operation!(
        "AdminConfirmSignUp",
        Administrator,
        confirm_sign_up,
        [POOL, USER, optional("ClientMetadata", Rule::Map),]
    ),
    operation!(
        "AdminResetUserPassword",
        Administrator,
        reset_password,
        [POOL, USER, optional("ClientMetadata", Rule::Map),]
    ),
    operation!("AdminUserGlobalSignOut", Administrator, sign_out, [POOL, USER]),
    operation!(
        "AdminSetUserPassword",
        Administrator,
        set_password,
        [POOL, USER, required("Password", PASSWORD),]
    ),
    operation!(
        "AdminUpdateUserAttributes",
        Administrator,
        update_attributes,
        [POOL, USER, required("UserAttributes", Rule::List), optional("ClientMetadata", Rule::Map),]
    ),
    operation!(
        "AdminDeleteUserAttributes",
        Administrator,
        delete_attributes,
        [POOL, USER, required("UserAttributeNames", Rule::List),]
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UserInput {
    user_pool_id: String,
    username: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateInput {
    #[serde(flatten)]
    user: UserInput,
    temporary_password: Option<String>,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
    #[serde(default)]
    force_alias_creation: bool,
    message_action: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreateOutput {
    user: UserOutput,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PasswordInput {
    #[serde(flatten)]
    user: UserInput,
    password: String,
    #[serde(default)]
    permanent: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AttributesInput {
    #[serde(flatten)]
    user: UserInput,
    user_attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NamesInput {
    #[serde(flatten)]
    user: UserInput,
    user_attribute_names: Vec<String>,
}

impl UserInput {
    async fn account(&self, pool: &UserPool) -> Result<Account, ApiError> {
        check_pool(pool, &self.user_pool_id)?;
        find_account(pool, &self.username).await
    }
}

async fn create_user(pool: &UserPool, input: CreateInput) -> Result<CreateOutput, ApiError> {
    check_pool(pool, &input.user.user_pool_id)?;
    let (password, is_given) = match input.temporary_password.clone() {
        Some(password) => (password, true),
        None => (random_password()?, false),
    };
    check_new_password(&password)?;
    let action = input.message_action.as_deref();
    let account = if action == Some("RESEND") {
        let account = find_account(pool, &input.user.username).await?;
        pool.directory().invite_again(&account.user.username, &password).await?
    } else {
        invite(
            pool,
            input.user.username,
            &password,
            input.user_attributes,
            input.force_alias_creation,
        )
        .await?
    };
    // A password that nobody knows would be of no use.
    if action != Some("SUPPRESS") || !is_given {
        let email = account.user.email.clone();
        pool.send(&account, MessageKind::Invitation, &email, password).await?;
    }
    Ok(CreateOutput { user: UserOutput::listed(&account) })
}

async fn invite(
    pool: &UserPool,
    username: String,
    password: &str,
    attributes: Vec<Attribute>,
    take_alias: bool,
) -> Result<Account, ApiError> {
    let attributes = attributes.into_iter().map(|it| (it.name, it.value));
    let attributes = AttributeChanges::parse(attributes, Author::Administrator)?;
    let own = is_email(&username).then(|| username.clone());
    let new = NewAccount {
        username,
        password: password.to_owned(),
        email: attributes.email.or(own),
        email_verified: attributes.email_verified.unwrap_or(false),
        attributes: attributes.others,
        groups: Vec::new(),
        state: FirstState::Confirmed,
        may_share_email: take_alias,
    };
    Ok(pool.directory().invite(new).await?)
}

async fn get_user(pool: &UserPool, input: UserInput) -> Result<UserOutput, ApiError> {
    Ok(UserOutput::single(&input.account(pool).await?))
}

async fn delete_user(pool: &UserPool, input: UserInput) -> Result<Empty, ApiError> {
    let account = input.account(pool).await?;
    pool.delete_account(&account).await?;
    Ok(Empty {})
}

async fn disable_user(pool: &UserPool, input: UserInput) -> Result<Empty, ApiError> {
    let account = input.account(pool).await?;
    pool.directory().set_enabled(&account.user.username, false).await?;
    Ok(Empty {})
}

async fn enable_user(pool: &UserPool, input: UserInput) -> Result<Empty, ApiError> {
    let account = input.account(pool).await?;
    pool.directory().set_enabled(&account.user.username, true).await?;
    Ok(Empty {})
}

async fn confirm_sign_up(pool: &UserPool, input: UserInput) -> Result<Empty, ApiError> {
    let account = input.account(pool).await?;
    pool.confirm_without_code(&account.user.username).await?;
    Ok(Empty {})
}

async fn reset_password(pool: &UserPool, input: UserInput) -> Result<Empty, ApiError> {
    let account = input.account(pool).await?;
    pool.reset_password(&account.user.username).await?;
    Ok(Empty {})
}

async fn sign_out(pool: &UserPool, input: UserInput) -> Result<Empty, ApiError> {
    let account = input.account(pool).await?;
    pool.directory().sign_out_everywhere(&account.user.username).await?;
    Ok(Empty {})
}

async fn set_password(pool: &UserPool, input: PasswordInput) -> Result<Empty, ApiError> {
    let account = input.user.account(pool).await?;
    check_new_password(&input.password)?;
    let name = &account.user.username;
    if input.permanent {
        pool.directory().set_password(name, &input.password).await?;
    } else {
        pool.directory().set_temporary_password(name, &input.password).await?;
    }
    Ok(Empty {})
}

async fn update_attributes(pool: &UserPool, input: AttributesInput) -> Result<Empty, ApiError> {
    let account = input.user.account(pool).await?;
    let attributes = input.user_attributes.into_iter().map(|it| (it.name, it.value));
    let changes = AttributeChanges::parse(attributes, Author::Administrator)?;
    let change = |account: &mut Account| -> Result<(), AccountError> {
        Ok(changes.apply(&mut account.user)?)
    };
    pool.directory().try_update(&account.user.username, change).await?;
    Ok(Empty {})
}

async fn delete_attributes(pool: &UserPool, input: NamesInput) -> Result<Empty, ApiError> {
    let account = input.user.account(pool).await?;
    remove_attributes(pool, &account, &input.user_attribute_names).await?;
    Ok(Empty {})
}

/// Removes attributes of a user; the address stays, since the schema requires it.
pub(super) async fn remove_attributes(
    pool: &UserPool,
    account: &Account,
    names: &[String],
) -> Result<(), ApiError> {
    for name in names {
        check_name(name)?;
        if name == "email" {
            return Err(AttributeError::Missing("email").into());
        }
    }
    let removed = names.iter().map(|name| (name.clone(), String::new())).collect();
    let changes = AttributeChanges { others: removed, ..AttributeChanges::default() };
    let change = |account: &mut Account| -> Result<(), AccountError> {
        Ok(changes.apply(&mut account.user)?)
    };
    pool.directory().try_update(&account.user.username, change).await?;
    Ok(())
}
