//! Credentials in headers that gw sets or drops itself: no caller could ever show one.

use std::collections::BTreeMap;

use gw_artifact::model::{Scheme as CredentialPlace, is_reserved_header};
use gw_syntax::{Diagnostic, Sink, Span};

use crate::check::Context;
use crate::check::codes::CREDENTIAL_IN_RESERVED_HEADER;
use crate::resolve::resolved::{Scheme, SchemeIndex, Security};

/// One finding for each scheme that some operation demands.
pub(super) fn report(context: &Context<'_>, sink: &mut Sink) {
    let mut demanded: BTreeMap<SchemeIndex, Span> = BTreeMap::new();
    for operation in &context.resolved.operations {
        let Security::Declared { alternatives, .. } = &operation.security else { continue };
        for requirement in alternatives.iter().flat_map(|alternative| &alternative.schemes) {
            if let Some(scheme) = requirement.scheme {
                demanded.entry(scheme).or_insert(requirement.span);
            }
        }
    }
    for (index, by) in demanded {
        let scheme = &context.resolved.schemes[index];
        if let Some(CredentialPlace::Header(header)) = &scheme.place
            && is_reserved_header(header)
        {
            sink.push(finding(scheme, header, by));
        }
    }
}

fn finding(scheme: &Scheme, header: &str, demanded_by: Span) -> Diagnostic {
    let message =
        format!("the credential of `{}` stands in `{header}`, a header that gw sets or drops", scheme.name);
    Diagnostic::new(&CREDENTIAL_IN_RESERVED_HEADER, message)
        .at(scheme.span)
        .with_label(demanded_by, "demanded here")
        .about(scheme.name.as_str())
        .with_help("let callers send it in a header of its own, such as `x-api-key` or `authorization`")
}
