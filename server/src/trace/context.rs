//! Trace context of a request, as its headers tell it.

use std::fmt;
use std::num::{NonZeroU64, NonZeroU128};

use http::{HeaderMap, HeaderName, HeaderValue};

pub(super) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
pub(super) const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// Length of the fields that every version has.
const KNOWN_CHARS: usize = 55;
/// Flag of a trace that its callers record.
#[cfg(feature = "otel")]
pub(super) const SAMPLED: u8 = 0b01;
/// Flags of the specification: sampled and random. Others are not passed on.
const KNOWN_FLAGS: u8 = 0b11;
/// Maximum length of `tracestate`; the specification asks for no more.
const MAX_STATE_CHARS: usize = 512;

/// Trace that a request belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TraceContext {
    pub(super) id: TraceId,
    /// Id of the caller's part of the trace.
    pub(super) parent: NonZeroU64,
    pub(super) flags: u8,
    /// Value of `tracestate`, which is forwarded unchanged.
    pub(super) state: Option<HeaderValue>,
}

/// Id of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TraceId(pub(super) NonZeroU128);

impl TraceContext {
    /// Reads the context of a request; `None` without a valid one.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(TRACEPARENT).into_iter();
        let (value, another) = (values.next()?, values.next());
        if another.is_some() {
            return None;
        }
        let context = Self::parse(value.to_str().ok()?)?;
        Some(Self { state: state(headers), ..context })
    }

    /// Parses the value of `traceparent`. A later version may add fields, which are ignored.
    fn parse(text: &str) -> Option<Self> {
        let (known, rest) = text.split_at_checked(KNOWN_CHARS)?;
        let mut fields = known.split('-');
        let mut field = |chars| hexadecimal(fields.next()?, chars);
        let (version, id, parent, flags) = (field(2)?, field(32)?, field(16)?, field(2)?);
        let may_have_more = version > 0 && rest.starts_with('-');
        if version == 0xff || !(rest.is_empty() || may_have_more) {
            return None;
        }
        Some(Self {
            id: TraceId(NonZeroU128::new(id)?),
            parent: NonZeroU64::new(u64::try_from(parent).ok()?)?,
            flags: u8::try_from(flags).ok()? & KNOWN_FLAGS,
            state: None,
        })
    }

    /// Returns the id of the trace.
    pub(crate) fn id(&self) -> TraceId {
        self.id
    }

    /// Adds the context to the headers of a request to another service.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        let value = format!("00-{}-{:016x}-{:02x}", self.id, self.parent, self.flags);
        let parent = HeaderValue::from_str(&value).ok();
        for (name, value) in [(TRACEPARENT, parent), (TRACESTATE, self.state.clone())] {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        }
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Reads a number of exactly `chars` lower-case hexadecimal digits.
fn hexadecimal(text: &str, chars: usize) -> Option<u128> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_number = text.len() == chars && text.bytes().all(is_digit);
    is_number.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

/// Joins the values of `tracestate`. A state that is too long is dropped.
fn state(headers: &HeaderMap) -> Option<HeaderValue> {
    let values = headers.get_all(TRACESTATE).into_iter().map(HeaderValue::to_str);
    let state = values.collect::<Result<Vec<&str>, _>>().ok()?.join(",");
    let is_passed_on = (1..=MAX_STATE_CHARS).contains(&state.len());
    is_passed_on.then(|| HeaderValue::from_str(&state).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00f067aa0ba902b7";

    fn headers(values: &[(HeaderName, &str)]) -> HeaderMap {
        let values = values.iter().cloned();
        values.map(|(name, value)| (name, value.parse().expect("a value"))).collect()
    }

    #[test]
    fn valid_values_are_read() {
        for (value, flags) in [
            (format!("00-{TRACE}-{PARENT}-01"), 1),
            (format!("00-{TRACE}-{PARENT}-00"), 0),
            (format!("00-{TRACE}-{PARENT}-ff"), 3),
            (format!("cc-{TRACE}-{PARENT}-01"), 1),
            (format!("cc-{TRACE}-{PARENT}-01-what-the-future-will-be-like"), 1),
        ] {
            let context = TraceContext::parse(&value).expect(&value);
            assert_eq!(context.id().to_string(), TRACE);
            assert_eq!((context.parent.get(), context.flags), (0x00f0_67aa_0ba9_02b7, flags));
        }
    }

    #[test]
    fn invalid_values_are_ignored() {
        let upper = TRACE.to_uppercase();
        let zeros = "0".repeat(32);
        for value in [
            String::new(),
            format!("00-{TRACE}-{PARENT}"),
            format!("00-{TRACE}-{PARENT}-1"),
            format!("00-{TRACE}-{PARENT}-01-"),
            format!("00-{TRACE}-{PARENT}-01-more"),
            format!("cc-{TRACE}-{PARENT}-01.more"),
            format!("ff-{TRACE}-{PARENT}-01"),
            format!("0-{TRACE}0-{PARENT}-01"),
            format!("00-{upper}-{PARENT}-01"),
            format!("00-{zeros}-{PARENT}-01"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{TRACE}-{PARENT}-0G"),
            format!("00-+{}-{PARENT}-01", &TRACE[1..]),
            format!(" 00-{TRACE}-{PARENT}-01"),
            format!("00_{TRACE}_{PARENT}_01"),
            format!("00-{TRACE}-{}é-01", &PARENT[2..]),
        ] {
            assert_eq!(TraceContext::parse(&value), None, "{value:?}");
        }
    }

    #[test]
    fn two_parents_are_none_and_a_long_state_is_dropped() {
        let parent = format!("00-{TRACE}-{PARENT}-01");
        assert_eq!(TraceContext::of(&HeaderMap::new()), None);
        let mut two = headers(&[(TRACEPARENT, &parent)]);
        two.append(TRACEPARENT, parent.parse().expect("a value"));
        assert_eq!(TraceContext::of(&two), None);
        let mut states = headers(&[(TRACEPARENT, &parent), (TRACESTATE, "a=1")]);
        states.append(TRACESTATE, "b=2".parse().expect("a value"));
        let context = TraceContext::of(&states).expect("valid");
        assert_eq!(context.state.expect("a state"), "a=1,b=2");
        let long = "x".repeat(MAX_STATE_CHARS + 1);
        let context = TraceContext::of(&headers(&[(TRACEPARENT, &parent), (TRACESTATE, &long)]));
        assert_eq!(context.expect("valid").state, None);
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_is_written(trace in 1_u128.., parent in 1_u64.., flags in 0_u8..) {
            let value = format!("00-{trace:032x}-{parent:016x}-{flags:02x}");
            let context = TraceContext::parse(&value).expect("valid");
            let mut sent = HeaderMap::new();
            context.write(&mut sent);
            let again = TraceContext::of(&sent).expect("valid");
            prop_assert_eq!(&again, &context);
            prop_assert_eq!(&sent[TRACEPARENT].to_str().expect("text")[..53], &value[..53]);
        }

        /// Any text: never a panic, and no other text of version 0 than that of the specification.
        #[test]
        fn only_the_form_of_the_specification_is_read(
            text in prop_oneof![
                ".*",
                "[0-9a-fA-F]{0,3}-[0-9a-g]{31,33}-[0-9a-f]{15,17}-[0-9a-f]{1,3}(-.*)?",
                "0[01]-[01]{32}-[01]{16}-0[01]-?",
            ],
        ) {
            let Some(context) = TraceContext::parse(&text) else { return Ok(()) };
            prop_assert!(!text.starts_with("ff"));
            prop_assert!(text.len() == KNOWN_CHARS || !text.starts_with("00"));
            let known = format!("-{}-{:016x}-", context.id, context.parent);
            prop_assert_eq!(&text[2..53], known.as_str());
        }
    }
}
