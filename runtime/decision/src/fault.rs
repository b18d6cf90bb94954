//! What can go wrong after a request was decided: whose fault it is, what the caller hears, may it be tried again.

use gw_artifact::model::Reason;

/// A failure on the way, as the driver saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The endpoint refused the connection, or its name did not resolve.
    Connect,
    /// No connection stood within the operation's `connect`.
    ConnectTimeout,
    /// The endpoint's certificate leads to none of the authorities.
    TlsUnknownIssuer,
    /// The endpoint's certificate has run out, or does not hold yet.
    TlsExpired,
    /// The endpoint's certificate is for another name.
    TlsWrongName,
    /// Something else is wrong with the endpoint's certificate.
    TlsBadCertificate,
    /// The endpoint refused the handshake, or the gateway's certificate; or there was no version that both speak.
    TlsRefused,
    /// What the endpoint sent is no TLS, or broke off in the handshake.
    TlsBroken,
    /// The endpoint closed the connection before its answer was whole.
    Reset,
    /// What the endpoint sent is not HTTP, or breaks HTTP's rules.
    Protocol,
    /// The head of the response did not come within the operation's `response-head`.
    ResponseHeadTimeout,
    /// The exchange did not end within the operation's `total`.
    TotalTimeout,
    /// Nothing of the response's body came within the operation's `idle`.
    IdleTimeout,
    /// The request's body is longer than the operation's `body-max`.
    BodyTooLarge,
    /// The request's body did not end within the operation's `request-body`.
    BodyTimeout,
    /// The request's body breaks its own framing.
    BodyMalformed,
    /// The gateway has no descriptor or no port left for a connection to the endpoint.
    NoSocket,
    /// The gateway's own code failed.
    Internal,
}

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The caller's.
    Downstream,
    /// The service's.
    Upstream,
    /// The gateway's own.
    Gateway,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 18] = [
        Self::Connect,
        Self::ConnectTimeout,
        Self::TlsUnknownIssuer,
        Self::TlsExpired,
        Self::TlsWrongName,
        Self::TlsBadCertificate,
        Self::TlsRefused,
        Self::TlsBroken,
        Self::Reset,
        Self::Protocol,
        Self::ResponseHeadTimeout,
        Self::TotalTimeout,
        Self::IdleTimeout,
        Self::BodyTooLarge,
        Self::BodyTimeout,
        Self::BodyMalformed,
        Self::NoSocket,
        Self::Internal,
    ];

    /// The public name in the log line (`gw.fault`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::ConnectTimeout => "connect-timeout",
            Self::TlsUnknownIssuer => "tls-unknown-issuer",
            Self::TlsExpired => "tls-expired",
            Self::TlsWrongName => "tls-wrong-name",
            Self::TlsBadCertificate => "tls-bad-certificate",
            Self::TlsRefused => "tls-refused",
            Self::TlsBroken => "tls-broken",
            Self::Reset => "reset",
            Self::Protocol => "protocol",
            Self::ResponseHeadTimeout => "response-head-timeout",
            Self::TotalTimeout => "total-timeout",
            Self::IdleTimeout => "idle-timeout",
            Self::BodyTooLarge => "body-too-large",
            Self::BodyTimeout => "body-timeout",
            Self::BodyMalformed => "body-malformed",
            Self::NoSocket => "no-socket",
            Self::Internal => "internal",
        }
    }

    /// Whose fault it is.
    pub const fn whose(self) -> Whose {
        match self {
            Self::BodyTooLarge | Self::BodyTimeout | Self::BodyMalformed => Whose::Downstream,
            Self::Connect
            | Self::ConnectTimeout
            | Self::TlsUnknownIssuer
            | Self::TlsExpired
            | Self::TlsWrongName
            | Self::TlsBadCertificate
            | Self::TlsRefused
            | Self::TlsBroken
            | Self::Reset
            | Self::Protocol
            | Self::ResponseHeadTimeout
            | Self::TotalTimeout
            | Self::IdleTimeout => Whose::Upstream,
            Self::NoSocket | Self::Internal => Whose::Gateway,
        }
    }

    /// Whether another endpoint could do better with the same request: nothing of it was processed.
    pub const fn retry_can_help(self) -> bool {
        self.is_of_connection() || matches!(self, Self::NoSocket)
    }

    /// Whether no connection to the endpoint came about: then it rests for a while.
    pub const fn is_of_connection(self) -> bool {
        matches!(self, Self::Connect | Self::ConnectTimeout) || self.is_of_tls()
    }

    /// Whether it is TLS with the endpoint that did not come about.
    pub const fn is_of_tls(self) -> bool {
        matches!(self.reason(), Reason::UpstreamTls)
    }

    /// What the caller hears when no response head was relayed yet, and the log line in any case.
    pub const fn reason(self) -> Reason {
        match self {
            Self::Connect | Self::ConnectTimeout => Reason::UpstreamConnect,
            Self::TlsUnknownIssuer
            | Self::TlsExpired
            | Self::TlsWrongName
            | Self::TlsBadCertificate
            | Self::TlsRefused
            | Self::TlsBroken => Reason::UpstreamTls,
            Self::Reset => Reason::UpstreamReset,
            Self::Protocol => Reason::UpstreamProtocol,
            Self::ResponseHeadTimeout | Self::TotalTimeout | Self::IdleTimeout => Reason::UpstreamTimeout,
            Self::BodyTooLarge => Reason::BodyTooLarge,
            Self::BodyTimeout => Reason::RequestTimeout,
            Self::BodyMalformed => Reason::MalformedRequest,
            Self::NoSocket => Reason::Overloaded,
            Self::Internal => Reason::Internal,
        }
    }
}
