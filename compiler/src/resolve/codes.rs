//! The table of codes for references, names and inheritance (GW0201 to GW0299).

use gw_syntax::{Code, CodeEntry, Severity};

/// A `$ref` leads to nothing.
pub const REFERENCE_DANGLING: CodeEntry = error(201, "reference-dangling", "a reference leads to nothing");
/// A `$ref` leads back to itself.
pub const REFERENCE_CYCLIC: CodeEntry = error(202, "reference-cyclic", "a reference leads back to itself");
/// Two operations of one document have the same `operationId`.
pub const OPERATION_ID_TWICE: CodeEntry =
    warning(203, "operation-id-twice", "two operations have the same `operationId`");
/// `security` names a scheme that nothing declares.
pub const SCHEME_UNKNOWN: CodeEntry =
    error(204, "scheme-unknown", "`security` names a scheme that nothing declares");
/// Servers, their variables and hosts give too many public places.
pub const SERVER_COMBINATIONS: CodeEntry =
    error(205, "server-combinations", "servers give too many public places");
/// Two APIs of the project have the same name.
pub const API_TWICE: CodeEntry = error(206, "api-twice", "two APIs have the same name");
/// A path item and what its `$ref` leads to declare the same method.
pub const METHOD_TWICE: CodeEntry =
    error(207, "method-twice", "a path item and its reference declare the same method");
/// The project has more operations, or longer `security` keys, than gw compiles.
pub const PROJECT_TOO_LARGE: CodeEntry =
    error(208, "project-too-large", "the project is larger than gw compiles");

/// A path item declares `trace`.
pub const TRACE_NOT_PUBLISHED: CodeEntry =
    warning(209, "trace-not-published", "an operation with the method `TRACE` is not published");

/// A `$ref` of a schema leads to what only a reader of JSON Schema finds.
pub const SCHEMA_REFERENCE_UNREAD: CodeEntry =
    warning(210, "schema-reference-unread", "a schema's reference leads to no schema that gw finds");

/// The target of an overlay's action selects nothing.
pub const OVERLAY_TARGET_EMPTY: CodeEntry =
    warning(220, "overlay-target-empty", "the target of an overlay selects nothing");
/// An overlay's action has nothing to do, or more than one thing.
pub const OVERLAY_ACTION_UNDECIDED: CodeEntry =
    error(221, "overlay-action-undecided", "an action of an overlay does not say one thing to do");
/// A value of an overlay cannot be merged with what stands at its target.
pub const OVERLAY_UNLIKE: CodeEntry =
    error(222, "overlay-unlike", "an overlay does not fit what it is laid over");
/// Overlays have more actions, look at more nodes or add more of them than gw does.
pub const OVERLAY_EXPLODES: CodeEntry =
    error(223, "overlay-explodes", "an overlay asks for more than gw does");
/// `copy` selects nothing, or several nodes.
pub const OVERLAY_COPY_SOURCE: CodeEntry =
    error(224, "overlay-copy-source", "`copy` of an overlay does not select one node");
/// `extends` names another document than the one that the overlay is laid over.
pub const OVERLAY_EXTENDS: CodeEntry =
    warning(225, "overlay-extends", "an overlay is made for another document");
/// Two APIs lay different overlays over one document.
pub const OVERLAYS_DIFFER: CodeEntry =
    error(226, "overlays-differ", "two APIs lay different overlays over one document");
/// A selector names an operation, a tag or an API that is not there.
pub const SELECTOR_NAME_UNKNOWN: CodeEntry =
    error(230, "selector-name-unknown", "a selector names what is not there");
/// A selector selects no operation.
pub const SELECTOR_EMPTY: CodeEntry = warning(231, "selector-empty", "a selector selects no operation");
/// A key of `set` is overruled for every operation that its selector selects.
pub const APPLY_WITHOUT_EFFECT: CodeEntry =
    warning(232, "apply-without-effect", "what a selector applies is overruled everywhere");
/// A file extends itself, directly or through others.
pub const EXTENDS_CYCLIC: CodeEntry = error(233, "extends-cyclic", "a file extends itself");

/// A `$dynamicRef` leads to several schemas, depending on the way to it.
pub const DYNAMIC_REFERENCE_OPEN: CodeEntry = CodeEntry {
    severity: Severity::Info,
    ..error(211, "dynamic-reference-open", "where a dynamic reference leads depends on the way to it")
};
/// An `$id` or `$anchor` stands in one file twice.
pub const SCHEMA_NAME_TWICE: CodeEntry =
    warning(212, "schema-name-twice", "two schemas of one file have the same name");
/// `security` demands a scope that its scheme does not declare.
pub const SCOPE_UNKNOWN: CodeEntry =
    warning(213, "scope-unknown", "a scope is demanded that its scheme does not declare");
/// A variable of a path that no parameter declares.
pub const PATH_VARIABLE_UNDECLARED: CodeEntry =
    warning(214, "path-variable-undeclared", "no parameter declares a variable of a path");
/// A parameter `in: path` whose name the path does not have.
pub const PATH_PARAMETER_UNPLACED: CodeEntry =
    warning(215, "path-parameter-unplaced", "a parameter of a path stands nowhere in it");
/// The path of a schema's reference begins at an `$id`, where it leads to nothing, and is read from the top of the file.
pub const SCHEMA_PATH_PASSED_OVER: CodeEntry =
    warning(216, "schema-path-passed-over", "a schema's reference passes over the `$id` at which it begins");

/// Every code of this stage, in the order of their numbers.
pub const CODES: &[CodeEntry] = &[
    REFERENCE_DANGLING,
    REFERENCE_CYCLIC,
    OPERATION_ID_TWICE,
    SCHEME_UNKNOWN,
    SERVER_COMBINATIONS,
    API_TWICE,
    METHOD_TWICE,
    PROJECT_TOO_LARGE,
    TRACE_NOT_PUBLISHED,
    SCHEMA_REFERENCE_UNREAD,
    DYNAMIC_REFERENCE_OPEN,
    SCHEMA_NAME_TWICE,
    SCOPE_UNKNOWN,
    PATH_VARIABLE_UNDECLARED,
    PATH_PARAMETER_UNPLACED,
    SCHEMA_PATH_PASSED_OVER,
    OVERLAY_TARGET_EMPTY,
    OVERLAY_ACTION_UNDECIDED,
    OVERLAY_UNLIKE,
    OVERLAY_EXPLODES,
    OVERLAY_COPY_SOURCE,
    OVERLAY_EXTENDS,
    OVERLAYS_DIFFER,
    SELECTOR_NAME_UNKNOWN,
    SELECTOR_EMPTY,
    APPLY_WITHOUT_EFFECT,
    EXTENDS_CYCLIC,
];

const fn error(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { code: Code(number), name, severity: Severity::Error, title }
}

const fn warning(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { severity: Severity::Warning, ..error(number, name, title) }
}
