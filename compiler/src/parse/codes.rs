//! The table of codes for shapes (GW0118 to GW0199); the numbers below are those of `gw_syntax`.

use gw_syntax::{Code, CodeEntry, Severity};

/// A JSONPath is not well formed or not well typed.
pub const JSON_PATH_MALFORMED: CodeEntry = error(118, "json-path-malformed", "the text is not a JSONPath");
/// A file that is laid over a document is no OpenAPI Overlay.
pub const OVERLAY_MALFORMED: CodeEntry =
    error(119, "overlay-malformed", "the file is not an overlay that gw reads");
/// The text is no expression.
pub const EXPRESSION_MALFORMED: CodeEntry = error(124, "expression-malformed", "an expression does not read");
/// An expression is larger than any may be.
pub const EXPRESSION_TOO_LARGE: CodeEntry = error(125, "expression-too-large", "an expression is too large");
/// A part of CEL that gw leaves out.
pub const EXPRESSION_UNSUPPORTED: CodeEntry =
    error(126, "expression-unsupported", "an expression uses a part of CEL that gw leaves out");
/// Operands whose types do not go together.
pub const EXPRESSION_ILL_TYPED: CodeEntry =
    error(127, "expression-ill-typed", "the types of an expression do not go together");
/// A name or a function that is not there.
pub const EXPRESSION_NAME_UNKNOWN: CodeEntry =
    error(128, "expression-name-unknown", "an expression names something that is not there");
/// A literal that does not read.
pub const EXPRESSION_LITERAL_MALFORMED: CodeEntry =
    error(129, "expression-literal-malformed", "a literal of an expression does not read");
/// A key of gw's own is unknown.
pub const KEY_UNKNOWN: CodeEntry = error(130, "key-unknown", "a key of gw is unknown");
/// A policy key stands where it cannot work.
pub const KEY_MISPLACED: CodeEntry = error(131, "key-misplaced", "a key stands where it has no effect");
/// A key is not there that must be.
pub const KEY_MISSING: CodeEntry = error(132, "key-missing", "a key is not there that must be");
/// A node of gw's own files or keys has the wrong kind, or a value does not read.
pub const VALUE_MALFORMED: CodeEntry = error(133, "value-malformed", "a value is not what its key takes");
/// A node of a document has the wrong kind.
pub const OPENAPI_SHAPE: CodeEntry =
    error(134, "openapi-shape", "a part of the document has the wrong shape");
/// `public` or `delegated` without a reason, or neither of the two.
pub const AUTH_WITHOUT_REASON: CodeEntry =
    error(135, "auth-without-reason", "an exception from authentication gives no reason");
/// The document is not OpenAPI 3.0, 3.1 or 3.2.
pub const OPENAPI_VERSION: CodeEntry =
    error(136, "openapi-version", "the document is not of a version that gw reads");
/// No path of a document has an operation that can be published.
pub const NO_OPERATIONS: CodeEntry =
    error(137, "no-operations", "no path of the document has an operation to publish");
/// A key of `paths` does not begin with `/`.
pub const PATH_WITHOUT_SLASH: CodeEntry =
    error(138, "path-without-slash", "a path template does not begin with a slash");
/// A server's URL, a host or a base path does not read.
pub const PUBLIC_PLACE_MALFORMED: CodeEntry =
    error(139, "public-place-malformed", "a server, host or base path does not read");
/// A security scheme does not say where its credential stands.
pub const SCHEME_INCOMPLETE: CodeEntry =
    error(140, "scheme-incomplete", "a security scheme does not say where its credential stands");
/// A key of a path item is no method that is served, and nothing else that OpenAPI knows.
pub const PATH_ITEM_KEY_INERT: CodeEntry =
    warning(141, "path-item-key-inert", "a key of a path item publishes nothing");
/// A variable of a path is written like one of RFC 6570.
pub const VARIABLE_OPERATOR: CodeEntry =
    warning(142, "variable-operator", "a variable of a path is written like one of several segments");
/// `security` at the root of a document that another one refers to.
pub const SECURITY_LEFT_BEHIND: CodeEntry = warning(
    143,
    "security-left-behind",
    "`security` does not hold for operations that another document takes over",
);

/// A rule of OpenAPI is broken where nothing that gw does depends on it.
pub const SLIP: CodeEntry = warning(144, "openapi-slip", "a part of the document breaks a rule of OpenAPI");
/// A key that OpenAPI does not have there.
pub const OPENAPI_KEY_UNKNOWN: CodeEntry =
    warning(145, "openapi-key-unknown", "a key is not one that OpenAPI has there");
/// Two keys, or two parameters, of which each excludes the other.
pub const KEYS_EXCLUSIVE: CodeEntry =
    warning(146, "keys-exclusive", "keys stand together that exclude each other");
/// A key of `responses` is neither a status nor `default`.
pub const STATUS_MALFORMED: CodeEntry =
    warning(147, "status-malformed", "a response stands at what is not a status");
/// A component has a name that references cannot take everywhere.
pub const COMPONENT_NAME: CodeEntry =
    warning(148, "component-name", "a component has a name that OpenAPI does not allow");
/// Keys beside a `$ref` that replace nothing.
pub const BESIDE_REFERENCE: CodeEntry =
    warning(149, "beside-reference", "a key stands beside a reference and means nothing");
/// A key or value of another version of OpenAPI.
pub const OTHER_VERSION: CodeEntry =
    warning(150, "other-version", "a key or value belongs to another version of OpenAPI");
/// `additionalOperations` names what is not served as a method.
pub const METHOD_NOT_SERVED: CodeEntry =
    error(151, "method-not-served", "an additional operation has a method that is not served");
/// A document declares webhooks.
pub const WEBHOOKS_NOT_SERVED: CodeEntry = CodeEntry {
    severity: Severity::Info,
    ..error(152, "webhooks-not-served", "webhooks are calls that the API makes itself, and are not served")
};
/// A dialect of JSON Schema that gw does not read.
pub const DIALECT_OTHER: CodeEntry =
    warning(153, "dialect-other", "schemas are of another dialect than gw reads");
/// A parameter does not say its name, or where it stands.
pub const PARAMETER_UNPLACED: CodeEntry =
    warning(154, "parameter-unplaced", "a parameter does not say its name, or where it stands");
/// A reference leads to something else than stands in its place.
pub const REFERENCE_OTHER_KIND: CodeEntry =
    warning(155, "reference-other-kind", "a reference leads to an object of another kind");

/// Every code of this stage, in the order of their numbers.
pub const CODES: &[CodeEntry] = &[
    JSON_PATH_MALFORMED,
    OVERLAY_MALFORMED,
    EXPRESSION_MALFORMED,
    EXPRESSION_TOO_LARGE,
    EXPRESSION_UNSUPPORTED,
    EXPRESSION_ILL_TYPED,
    EXPRESSION_NAME_UNKNOWN,
    EXPRESSION_LITERAL_MALFORMED,
    KEY_UNKNOWN,
    KEY_MISPLACED,
    KEY_MISSING,
    VALUE_MALFORMED,
    OPENAPI_SHAPE,
    AUTH_WITHOUT_REASON,
    OPENAPI_VERSION,
    NO_OPERATIONS,
    PATH_WITHOUT_SLASH,
    PUBLIC_PLACE_MALFORMED,
    SCHEME_INCOMPLETE,
    PATH_ITEM_KEY_INERT,
    VARIABLE_OPERATOR,
    SECURITY_LEFT_BEHIND,
    SLIP,
    OPENAPI_KEY_UNKNOWN,
    KEYS_EXCLUSIVE,
    STATUS_MALFORMED,
    COMPONENT_NAME,
    BESIDE_REFERENCE,
    OTHER_VERSION,
    METHOD_NOT_SERVED,
    WEBHOOKS_NOT_SERVED,
    DIALECT_OTHER,
    PARAMETER_UNPLACED,
    REFERENCE_OTHER_KIND,
];

const fn error(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { code: Code(number), name, severity: Severity::Error, title }
}

const fn warning(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { severity: Severity::Warning, ..error(number, name, title) }
}
