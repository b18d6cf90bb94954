//! `x-gw-grpc`: the gRPC method that a JSON operation is transcoded to.

use std::fmt;

use gw_syntax::{NodeRef, Sink};

use super::flow::Flow;
use super::parts;
use crate::resolve::resolved::Spanned;
pub use crate::vocabulary::scalar::{GrpcBody, GrpcMethod};

/// Where an operation leads in gRPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grpc {
    /// The full method name.
    pub method: Spanned<GrpcMethod>,
    /// What takes the body; nothing does unless said.
    pub body: Option<Spanned<GrpcBody>>,
    /// The file with the descriptor set, relative to the file that names it.
    pub descriptor: Option<Spanned<String>>,
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, _: &mut Sink) -> Option<Grpc> {
    Some(Grpc {
        method: parts::part(node, "method")?,
        body: parts::part(node, "body"),
        descriptor: parts::text(node, "descriptor"),
    })
}

impl fmt::Display for Grpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flow = Flow::new()
            .plain("method", Some(&self.method))
            .text("body", self.body.as_ref())
            .text("descriptor", self.descriptor.as_ref());
        f.write_str(&flow.finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn methods_are_read() {
        reads_as(
            "grpc",
            "{method: shop.v1.Orders/Get, body: '*', descriptor: api.binpb}",
            "{method: shop.v1.Orders/Get, body: \"*\", descriptor: api.binpb}",
        );
        reads_as("grpc", "{method: Orders/Get}", "{method: Orders/Get}");
    }

    #[test]
    fn what_names_no_method_is_refused() {
        assert_eq!(codes("grpc", "{}"), ["GW0132"]);
        assert_eq!(codes("grpc", "{method: shop.Orders.Get}"), ["GW0133"]);
        assert_eq!(codes("grpc", "{method: a/B, body: a.b}"), ["GW0133"]);
        assert_eq!(codes("grpc", "Orders/Get"), ["GW0133"]);
    }
}
