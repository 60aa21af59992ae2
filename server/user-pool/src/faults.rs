//! Faults that can be switched on, for tests of relying parties: what a broken or hostile pool
//! would send. A pool has them only if its configuration says so, and none is on at first.

mod token;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

pub(crate) use token::{TokenFault, TokenKind, forge};

/// A fault of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Fault of each token of a kind.
    Token(TokenKind, TokenFault),
    /// Fault of an endpoint.
    Endpoint(EndpointFault),
}

/// A fault of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EndpointFault {
    DiscoveryIssuer,
    KeysUnparseable,
    KeysUnavailable,
    KeysRotatedBeforeSigning,
    TokenUnavailable,
    TokenHtml,
    TokenRedirect,
    TokenTooLarge,
    TokenInvalidGrant,
    TokenWithoutIdToken,
    UserInfoSubject,
    CallbackState,
    CallbackIssuer,
    CallbackRepeatedCode,
    CallbackError,
}

const ENDPOINT_FAULTS: [(EndpointFault, &str, &str); 15] = [
    (EndpointFault::DiscoveryIssuer, "discovery-issuer", "discovery names another issuer"),
    (EndpointFault::KeysUnparseable, "keys-unparseable", "the key set also has unusable keys"),
    (EndpointFault::KeysUnavailable, "keys-unavailable", "the key set is 503"),
    (
        EndpointFault::KeysRotatedBeforeSigning,
        "keys-rotated-before-signing",
        "each token response is signed with keys published a moment before",
    ),
    (EndpointFault::TokenUnavailable, "token-unavailable", "the token endpoint is 503"),
    (EndpointFault::TokenHtml, "token-html", "the token endpoint answers a page"),
    (EndpointFault::TokenRedirect, "token-redirect", "the token endpoint redirects with 307"),
    (EndpointFault::TokenTooLarge, "token-too-large", "the token endpoint answers a mebibyte"),
    (
        EndpointFault::TokenInvalidGrant,
        "token-invalid-grant",
        "the token endpoint refuses every code and refresh token",
    ),
    (
        EndpointFault::TokenWithoutIdToken,
        "token-without-id-token",
        "the token endpoint leaves out the id token",
    ),
    (EndpointFault::UserInfoSubject, "user-info-sub", "userInfo is that of another subject"),
    (EndpointFault::CallbackState, "callback-state", "the callback has another state"),
    (EndpointFault::CallbackIssuer, "callback-iss", "the callback names another issuer (RFC 9207)"),
    (EndpointFault::CallbackRepeatedCode, "callback-repeated-code", "the callback has two codes"),
    (
        EndpointFault::CallbackError,
        "callback-error",
        "the callback has an error with markup instead of a code",
    ),
];

/// The faults of a pool that are on.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<BTreeSet<Fault>>);

impl Faults {
    /// Replaces the faults that are on.
    pub(crate) fn set(&self, faults: impl IntoIterator<Item = Fault>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = faults.into_iter().collect();
    }

    /// Returns the faults that are on.
    pub(crate) fn on(&self) -> BTreeSet<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Checks whether a fault of an endpoint is on.
    pub(crate) fn has(&self, fault: EndpointFault) -> bool {
        self.on().contains(&Fault::Endpoint(fault))
    }

    /// Returns the faults of a kind of token that are on.
    pub(crate) fn of_tokens(&self, kind: TokenKind) -> Vec<TokenFault> {
        let on = self.on().into_iter().filter_map(|fault| match fault {
            Fault::Token(of, fault) if of == kind => Some(fault),
            Fault::Token(..) | Fault::Endpoint(_) => None,
        });
        on.collect()
    }
}

impl Fault {
    /// Returns every fault with its description.
    pub(crate) fn all() -> Vec<(Self, String)> {
        let tokens = TokenKind::ALL.into_iter().flat_map(|kind| {
            let faults = TokenFault::all(kind);
            faults.map(move |(fault, text)| {
                (Self::Token(kind, fault), format!("{} token: {text}", kind.name()))
            })
        });
        let endpoints = ENDPOINT_FAULTS.into_iter();
        let endpoints = endpoints.map(|(fault, _, text)| (Self::Endpoint(fault), text.to_owned()));
        tokens.chain(endpoints).collect()
    }

    /// Returns the stable name.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Token(kind, fault) => format!("{}-token-{}", kind.name(), fault.name()),
            Self::Endpoint(fault) => {
                let found = ENDPOINT_FAULTS.into_iter().find(|(known, ..)| *known == fault);
                found.map_or_else(String::new, |(_, name, _)| name.to_owned())
            }
        }
    }

    /// Returns the fault with a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().map(|(fault, _)| fault).find(|fault| fault.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own() {
        let all = Fault::all();
        let names: BTreeSet<String> = all.iter().map(|(fault, _)| fault.name()).collect();
        assert_eq!(names.len(), all.len());
        for (fault, description) in all {
            assert_eq!(Fault::named(&fault.name()), Some(fault));
            assert!(description.len() > 10, "{description}");
        }
        assert_eq!(Fault::named("id-token"), None);
        assert_eq!(Fault::named("access-token-nonce"), None, "access tokens have no nonce");
    }
}
