//! Variables that Kubernetes sets in every container for the services of its namespace.
//!
//! Source: Kubernetes docs, "Service environment variables". A service named `gazette` has
//! `GAZETTE_SERVICE_HOST`, `GAZETTE_PORT=tcp://…` and others, which are not settings.

/// Checks whether a variable describes a service whose name begins with `gazette`.
pub(super) fn is_service_variable(name: &str, value: &str) -> bool {
    let Some(rest) = name.strip_prefix("GAZETTE_") else { return false };
    let rest = format!("_{rest}");
    rest.ends_with("_SERVICE_HOST")
        || rest.ends_with("_SERVICE_PORT")
        || rest.contains("_SERVICE_PORT_")
        || (is_link(value) && (rest.ends_with("_PORT") || is_port(&rest)))
        || ["_PROTO", "_PORT", "_ADDR"]
            .iter()
            .any(|field| rest.strip_suffix(field).is_some_and(is_port))
}

/// Checks whether a name ends with a port and a protocol, such as `_PORT_3000_TCP`.
fn is_port(name: &str) -> bool {
    let name = ["_TCP", "_UDP", "_SCTP"].iter().find_map(|protocol| name.strip_suffix(protocol));
    let port = name.and_then(|name| name.rsplit_once("_PORT_")).map(|(_, port)| port);
    port.is_some_and(|port| port.parse::<u16>().is_ok())
}

fn is_link(value: &str) -> bool {
    ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_a_service_are_recognized_and_settings_are_not() {
        for (name, value) in [
            ("GAZETTE_SERVICE_HOST", "10.0.0.11"),
            ("GAZETTE_SERVICE_PORT", "3000"),
            ("GAZETTE_SERVICE_PORT_HTTP", "3000"),
            ("GAZETTE_PORT", "tcp://10.0.0.11:3000"),
            ("GAZETTE_PORT_3000_TCP", "tcp://10.0.0.11:3000"),
            ("GAZETTE_PORT_3000_TCP_PROTO", "tcp"),
            ("GAZETTE_PORT_3000_TCP_PORT", "3000"),
            ("GAZETTE_PORT_3000_TCP_ADDR", "10.0.0.11"),
            ("GAZETTE_WEB_SERVICE_HOST", "10.0.0.12"),
            ("GAZETTE_WEB_PORT", "udp://10.0.0.12:53"),
            ("GAZETTE_WEB_PORT_53_UDP_ADDR", "10.0.0.12"),
        ] {
            assert!(is_service_variable(name, value), "{name}");
        }
        for (name, value) in [
            ("GAZETTE_PORT", "3000"),
            ("GAZETTE_POOL_ADDR", "127.0.0.1:4000"),
            ("GAZETTE_TITLE", "tcp://10.0.0.11:3000"),
            ("GAZETTE_UNKNOWN", "x"),
            ("GAZETTE_PORT_TCP_ADDR", "x"),
            ("GAZETTE_PORT_HTTP_TCP", "tcp://10.0.0.11:3000"),
        ] {
            assert!(!is_service_variable(name, value), "{name}");
        }
    }
}
