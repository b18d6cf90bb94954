//! What a document says about an operation's requests: counted, until it is enforced.

use gw_syntax::NodeRef;

use super::references::References;
use super::resolved::RequestSchemas;
use crate::parse::openapi::operation::Operation;
use crate::parse::openapi::path_item::PathItem;

/// Counts the parameters and body media types that have a schema. A parameter with `content` has one too, and so has the
/// whole query string (`in: querystring`, OpenAPI 3.2 section 4.12.1); `itemSchema` is one of each item.
pub(super) fn request_schemas(
    path_item: &PathItem<'_>,
    operation: Operation<'_>,
    references: &References<'_>,
) -> RequestSchemas {
    let has_schema = |node: &NodeRef<'_>| node.get("schema").is_some() || node.get("content").is_some();
    let parameters = path_item.parameters().chain(operation.parameters());
    let parameters = parameters.filter(|parameter| has_schema(&references.target(*parameter))).count();
    let content = operation.request_body().and_then(|body| references.target(body).get("content"));
    let media_types = content.into_iter().flat_map(NodeRef::entries);
    let has_either = |node: NodeRef<'_>| node.get("schema").is_some() || node.get("itemSchema").is_some();
    let bodies = media_types.filter(|(_, media_type)| has_either(references.target(*media_type))).count();
    RequestSchemas { parameters: parameters as u32, bodies: bodies as u32 }
}
