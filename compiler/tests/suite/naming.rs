//! What documents and schemas call themselves, and references that go by it.

use crate::support::{codes, compiled, rendered};

const HEAD: &str = "info: {title: t, version: \"1\"}\nx-gw-auth: {public: true, reason: a catalogue}\nx-gw-validate: none\n\
                    paths: {/a: {get: {responses: {default: {description: any}}}}}\n";

fn with_schemas(version: &str, root: &str, schemas: &str, files: &str) -> String {
    format!("# file: openapi.yaml\nopenapi: {version}\n{root}{HEAD}components:\n  schemas:\n{schemas}{files}")
}

#[track_caller]
fn found(text: &str, expected: &[&str]) {
    let compilation = compiled(text);
    assert_eq!(codes(&compilation), expected, "{text}\n{}", rendered(&compilation));
}

#[test]
fn an_anchor_is_found_in_its_own_file_and_in_others() {
    let other = "# file: other.yaml\n$anchor: pet\nproperties: {next: {$ref: '#pet'}}\n";
    let schemas = "    A: {$anchor: a, type: object}\n    B: {$ref: '#a'}\n    C: {$ref: 'other.yaml#pet'}\n";
    found(&with_schemas("3.1.0", "", schemas, other), &[]);
    found(&with_schemas("3.1.0", "", "    B: {$ref: '#a'}\n", ""), &["GW0210"]);
}

#[test]
fn an_anchor_belongs_to_the_schema_with_an_id_around_it() {
    let inside = "    A: {$id: 'https://e.example/a', properties: {b: {$anchor: b}, c: {$ref: '#b'}}}\n";
    found(&with_schemas("3.1.0", "", inside, ""), &[]);
    found(&with_schemas("3.1.0", "", &format!("{inside}    D: {{$ref: '#b'}}\n"), ""), &["GW0210"]);
    let outside = format!("{inside}    D: {{$ref: 'https://e.example/a#b'}}\n");
    found(&with_schemas("3.1.0", "", &outside, ""), &[]);
}

#[test]
fn a_reference_is_relative_to_the_id_around_it() {
    let schemas = "    A: {$id: 'https://e.example/schemas/a', properties: {b: {$ref: b}, c: {$ref: '#/$defs/c'}}, $defs: {c: {}}}\n    \
                   B: {$id: 'https://e.example/schemas/b', type: object}\n";
    found(&with_schemas("3.1.0", "", schemas, ""), &[]);
}

#[test]
fn a_name_in_a_file_that_is_read_later_is_found() {
    let schemas = "    A: {$ref: 'https://e.example/pet'}\n    B: {$ref: parts.yaml}\n";
    let parts = "# file: parts.yaml\n$id: https://e.example/pet\ntype: object\n";
    found(&with_schemas("3.1.0", "", schemas, parts), &[]);
}

#[test]
fn a_path_that_passes_over_the_id_around_it_is_followed_and_told() {
    let b = "    B: {type: object}\n";
    let a = "    A: {$id: 'https://e.example/a', properties: {b: {$ref: '#/components/schemas/B'}}}\n";
    found(&with_schemas("3.1.0", "", &format!("{a}{b}"), ""), &["GW0216"]);
    let beside = "    A: {$id: 'https://e.example/a', $ref: '#/components/schemas/B'}\n";
    found(&with_schemas("3.1.0", "", &format!("{beside}{b}"), ""), &["GW0216"]);
    let behind =
        "    A: {$id: 'https://e.example/a'}\n    C: {$ref: 'https://e.example/a#/components/schemas/B'}\n";
    found(&with_schemas("3.1.0", "", &format!("{behind}{b}"), ""), &["GW0216"]);
    let dynamic = "    A: {$id: 'https://e.example/a', $dynamicRef: '#/components/schemas/B'}\n";
    found(&with_schemas("3.1.0", "", &format!("{dynamic}{b}"), ""), &["GW0216"]);
    found(
        &with_schemas(
            "3.1.0",
            "",
            "    A: {$id: 'https://e.example/a', not: {$ref: '#/components/schemas/B'}}\n",
            "",
        ),
        &["GW0210"],
    );
}

#[test]
fn a_way_that_passes_over_an_id_is_told_with_the_dynamic_reference_at_its_end() {
    let schemas = "    List: {$dynamicAnchor: item, items: {$dynamicRef: '#item'}}\n    \
                   Pets: {$id: 'https://e.example/pets', $ref: '#/components/schemas/List', $defs: {i: {$dynamicAnchor: item}}}\n";
    found(&with_schemas("3.1.0", "", schemas, ""), &["GW0211", "GW0216"]);
}

#[test]
fn a_document_may_be_called_by_itself() {
    let root = "$self: https://e.example/api/openapi\n";
    let schemas = "    A: {$ref: 'https://e.example/api/openapi#/components/schemas/B'}\n    B: {$ref: 'openapi#/components/schemas/C'}\n    C: {}\n";
    found(&with_schemas("3.2.0", root, schemas, ""), &[]);
}

#[test]
fn a_dynamic_reference_leads_to_the_only_schema_of_that_name() {
    let one = "    A: {$dynamicAnchor: node, properties: {next: {$dynamicRef: '#node'}}}\n";
    found(&with_schemas("3.1.0", "", one, ""), &[]);
    found(&with_schemas("3.1.0", "", "    A: {$dynamicRef: '#node'}\n", ""), &["GW0210"]);
    let two = format!("{one}    B: {{$id: 'https://e.example/b', $dynamicAnchor: node}}\n");
    found(&with_schemas("3.1.0", "", &two, ""), &["GW0211"]);
}

#[test]
fn a_reference_may_lead_into_any_part_of_a_document() {
    let text = "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\nx-gw-auth: {public: true, reason: a catalogue}\nx-gw-validate: none\n\
                paths:\n  '/a b/{x}~{y}':\n    parameters: [{name: x, in: path, required: true, schema: {type: string}}, \
                {name: y, in: path, required: true, schema: {type: string}}]\n    get: {responses: {default: {description: any}}}\n  \
                /b/{x}:\n    parameters: [{$ref: '#/paths/~1a%20b~1%7Bx%7D~0%7By%7D/parameters/0'}]\n    \
                get: {responses: {default: {description: any}}}\n";
    found(text, &[]);
}

#[test]
fn a_circle_is_told_with_its_way_and_a_missing_path_item_once() {
    let circle = compiled(
        "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths: {/a: {$ref: '#/components/pathItems/a'}}\n\
         components: {pathItems: {a: {$ref: '#/components/pathItems/b'}, b: {$ref: '#/components/pathItems/a'}}}\n",
    );
    assert_eq!(codes(&circle), ["GW0202"], "{}", rendered(&circle));
    assert!(circle.findings[0].message.contains("through `#/components/pathItems/"), "{}", rendered(&circle));
    let missing = "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths: {/a: {$ref: missing.yaml}}\n";
    found(missing, &["GW0001"]);
}
