//! Known facts of a person.

use jiff::Timestamp;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Subject claim; the pool never reassigns it.
    pub sub: String,
    /// Name to sign in with.
    pub username: String,
    /// Display name.
    pub name: String,
    /// Address, if known.
    pub email: Option<String>,
    /// Time at which the pool created the user.
    pub created_at: Option<Timestamp>,
    /// The person may sign in.
    pub is_enabled: bool,
    /// The person was invited and has not signed in yet.
    pub is_invited: bool,
    /// Groups at the pool now; `None` if they are not known.
    pub groups: Option<Vec<String>>,
    /// Groups in the token of the latest session.
    pub token: Option<TokenGroups>,
    /// Time of the latest request in an active session.
    pub seen_at: Option<Timestamp>,
    /// Number of active sessions.
    pub sessions: usize,
    /// The person has more sessions than counted.
    pub has_more_sessions: bool,
}

/// Groups in a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGroups {
    /// Names of the groups.
    pub groups: Vec<String>,
    /// Time at which the pool confirmed them; `None` if it is asked again at the next request.
    pub verified_at: Option<Timestamp>,
}
