//! The operations that the site calls.

/// Defines the operations with their names in the API and in IAM policies.
macro_rules! operations {
    ($($name:ident)*) => {
        /// An operation of Cognito's API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Operation {
            $(#[doc = concat!("`", stringify!($name), "`")] $name,)*
        }

        impl Operation {
            /// Every operation, in the order in which pages list them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the value of the header `X-Amz-Target`.
            pub(super) fn target(self) -> &'static str {
                match self {
                    $(Self::$name => {
                        concat!("AWSCognitoIdentityProviderService.", stringify!($name))
                    })*
                }
            }

            /// Returns the action that an IAM policy must allow.
            pub(crate) fn iam_action(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("cognito-idp:", stringify!($name)),)*
                }
            }
        }
    };
}

operations! {
    ListUsers
    ListUsersInGroup
    AdminListGroupsForUser
    AdminAddUserToGroup
    AdminRemoveUserFromGroup
    AdminCreateUser
    AdminDisableUser
    AdminEnableUser
    AdminUserGlobalSignOut
}
