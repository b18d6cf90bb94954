//! The method that a JSON operation is transcoded to.

use std::fmt;

use super::{Scalar, Syntax, Unread};

/// A full gRPC method name: `pkg.Service/Method`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrpcMethod {
    /// The service with its package.
    pub service: String,
    /// The method.
    pub method: String,
}

/// What takes the request's body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrpcBody {
    /// `*`: the message itself.
    Message,
    /// A field of the message.
    Field(String),
}

impl GrpcMethod {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "a full method name such as `shop.v1.Orders/Get`",
        "^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*/[A-Za-z_][A-Za-z0-9_]*$",
    );
}

impl GrpcBody {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "`*` for the message, or the name of one of its fields",
        "^(\\*|[A-Za-z_][A-Za-z0-9_]*)$",
    );
}

impl Scalar for GrpcMethod {
    fn read(text: &str) -> Result<Self, Unread> {
        let Some((service, method)) = text.split_once('/') else {
            return Err(match text.rsplit_once('.') {
                Some((service, method)) => Unread::help(format!("did you mean `{service}/{method}`?")),
                None => Unread::PLAIN,
            });
        };
        if let (true, Some((service, method))) = (service.is_empty(), method.split_once('/')) {
            return Err(Unread::help(format!("without its first slash: `{service}/{method}`")));
        }
        let reads = service.split('.').chain([method]).all(is_identifier) && text.len() <= MAX_BYTES;
        if !reads {
            return Err(Unread::PLAIN);
        }
        Ok(GrpcMethod { service: service.to_owned(), method: method.to_owned() })
    }
}

impl Scalar for GrpcBody {
    fn read(text: &str) -> Result<Self, Unread> {
        match text {
            "*" => Ok(GrpcBody::Message),
            field if is_identifier(field) && field.len() <= MAX_BYTES => {
                Ok(GrpcBody::Field(field.to_owned()))
            }
            _ => Err(Unread::PLAIN),
        }
    }
}

/// The longest name, in bytes.
const MAX_BYTES: usize = 512;

/// An identifier of protobuf.
fn is_identifier(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl fmt::Display for GrpcMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.service, self.method)
    }
}

impl fmt::Display for GrpcBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GrpcBody::Message => f.write_str("*"),
            GrpcBody::Field(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn methods_and_bodies_read_back() {
        reads_back::<GrpcMethod>(&["shop.v1.Orders/Get", "Orders/Get", "_a.B2/c_d"]);
        reads_back::<GrpcBody>(&["*", "order"]);
    }

    #[test]
    fn what_is_no_method_or_body_is_refused() {
        refused::<GrpcMethod>(&["", "Get", "a/", "/a", "a./b", "a/b/c", "1a/b", "a b/c", "a.b.Get"]);
        refused::<GrpcBody>(&["", "**", "a.b", "1a"]);
        assert_eq!(help::<GrpcMethod>("shop.Orders.Get"), "did you mean `shop.Orders/Get`?");
        assert_eq!(help::<GrpcMethod>("/shop.Orders/Get"), "without its first slash: `shop.Orders/Get`");
    }
}
