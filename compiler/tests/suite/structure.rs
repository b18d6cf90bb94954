//! Documents held against the rules of their own version of OpenAPI.

use gw_compiler::Compilation;

use crate::support::{Folder, codes, rendered};

/// Holds that a document gives a finding with this code; without a code, none of these rules' own.
#[track_caller]
fn gives(version: &str, parts: &str, code: &str) {
    let compilation = compiled(version, parts);
    let found: Vec<String> = codes(&compilation);
    let holds = match code {
        "" => found.iter().all(|found| !RULES.contains(&found.as_str())),
        code => found.iter().any(|found| found == code),
    };
    assert!(holds, "{parts}\n{}", rendered(&compilation));
}

fn compiled(version: &str, parts: &str) -> Compilation {
    let text = format!(
        "openapi: {version}\ninfo: {{title: t, version: '1'}}\nx-gw-auth: {{public: true, reason: a catalogue}}\n{parts}"
    );
    Folder::read(&text, "openapi.yaml").compile_in_full(None)
}

const RULES: [&str; 12] = [
    "GW0134", "GW0141", "GW0144", "GW0145", "GW0146", "GW0147", "GW0148", "GW0149", "GW0150", "GW0153",
    "GW0154", "GW0155",
];

const PATHS: &str = "paths: {/a: {get: {responses: {default: {description: any}}}}}\n";

fn schema(schema: &str) -> String {
    format!("{PATHS}components: {{schemas: {{S: {schema}}}}}\n")
}

#[test]
fn a_schema_is_read_by_its_version() {
    for (version, text, code) in [
        ("3.0.3", "{type: [string, 'null']}", "GW0150"),
        ("3.1.0", "{type: [string, 'null']}", ""),
        ("3.0.3", "{type: string, nullable: true}", ""),
        ("3.1.0", "{type: string, nullable: true}", "GW0150"),
        ("3.0.3", "{minimum: 0, exclusiveMinimum: true}", ""),
        ("3.1.0", "{minimum: 0, exclusiveMinimum: true}", "GW0150"),
        ("3.0.3", "{exclusiveMinimum: 0}", "GW0150"),
        ("3.2.0", "{exclusiveMinimum: 0}", ""),
        ("3.0.3", "{$ref: '#/components/schemas/T', description: d}, T: {}", "GW0149"),
        ("3.1.0", "{$ref: '#/components/schemas/T', description: d}, T: {}", ""),
        ("3.0.3", "{items: [{}]}", "GW0144"),
        ("3.0.3", "{anything: 1}", "GW0145"),
        ("3.1.0", "{anything: 1}", ""),
    ] {
        gives(version, &schema(text), code);
    }
}

#[test]
fn keys_of_3_2_are_told_in_older_documents() {
    let media = |keys: &str| {
        format!(
            "paths: {{/a: {{get: {{responses: {{default: {{description: d, content: {{a/b: {keys}}}}}}}}}}}}}\n"
        )
    };
    gives("3.2.0", &media("{itemSchema: {type: string}}"), "");
    gives("3.1.0", &media("{itemSchema: {type: string}}"), "GW0150");
    gives("3.1.0", &format!("{PATHS}tags: [{{name: a, kind: nav}}]\n"), "GW0150");
    gives("3.2.0", &format!("{PATHS}tags: [{{name: a, kind: nav, parent: a, summary: s}}]\n"), "");
}

#[test]
fn an_additional_operation_with_nothing_behind_it_is_refused() {
    gives("3.2.0", "paths: {/a: {get: {}, additionalOperations: {PURGE: }}}\n", "GW0134");
    gives("3.1.0", "paths: {/a: {get: {}, additionalOperations: {PURGE: {}}}}\n", "GW0141");
}

#[test]
fn the_name_of_a_path_parameter_is_not_empty() {
    let parameter = "paths: {/a: {parameters: [{name: '', in: path, required: true, schema: {}}], get: {responses: {}}}}\n";
    gives("3.1.0", parameter, "GW0144");
}

#[test]
fn the_default_of_a_server_variable_is_one_of_its_values_from_3_1_on() {
    let server =
        format!("{PATHS}servers: [{{url: '/{{v}}', variables: {{v: {{enum: [a, b], default: c}}}}}}]\n");
    gives("3.0.3", &server, "");
    gives("3.1.0", &server, "GW0144");
}

#[test]
fn a_reference_to_an_object_of_another_kind_is_told_once_at_the_reference() {
    let parameter = "components: {parameters: {P: {name: p, in: query, explode: true, schema: {type: string}}}, \
                     schemas: {S: {items: {$ref: '#/components/parameters/P'}}, T: {$ref: '#/components/schemas/S'}}}\n";
    for version in ["3.0.3", "3.1.0"] {
        let compilation = compiled(version, &format!("{PATHS}{parameter}"));
        assert_eq!(codes(&compilation), ["GW0155"], "{}", rendered(&compilation));
        let finding = &compilation.findings[0];
        let pointer = finding.pointer.as_ref().map(ToString::to_string);
        assert_eq!(pointer.as_deref(), Some("/components/schemas/S/items/$ref"));
        let message = "`#/components/parameters/P` leads to a parameter, and this is the place of a schema";
        assert_eq!(finding.message, message);
        assert_eq!(finding.help.as_deref(), Some("its schema is `#/components/parameters/P/schema`"));
    }
}

#[test]
fn a_reference_to_a_text_or_to_a_whole_list_is_told_at_the_reference() {
    for (schema, code, pointer) in [
        ("{$ref: '#/info/title'}", "GW0155", "/components/schemas/S/$ref"),
        ("{$ref: '#/components/schemas'}", "GW0155", "/components/schemas/S/$ref"),
        ("{$ref: '#'}", "GW0155", "/components/schemas/S/$ref"),
    ] {
        let compilation = compiled("3.1.0", &self::schema(schema));
        assert_eq!(codes(&compilation), [code], "{schema}\n{}", rendered(&compilation));
        assert_eq!(
            compilation.findings[0].pointer.as_ref().map(ToString::to_string).as_deref(),
            Some(pointer)
        );
    }
    let path_item = format!(
        "{}  /b: {{$ref: '#/paths/~1a/get'}}\n",
        PATHS.replace("paths: {", "paths:\n  ").replace("}}}}\n", "}}}\n")
    );
    assert_eq!(codes(&compiled("3.1.0", &path_item)), ["GW0134"], "{path_item}");
}

#[test]
fn a_reference_to_what_openapi_does_not_name_is_read_as_what_it_stands_for() {
    for parts in [
        "x-own: {S: {type: string}}\ncomponents: {schemas: {S: {$ref: '#/x-own/S'}}}\n",
        "components: {schemas: {S: {$ref: '#/components/examples/E/value'}}, examples: {E: {value: {type: string}}}}\n",
        "webhooks: {w: {$ref: '#/components/pathItems/P'}}\ncomponents: {pathItems: {P: {get: {responses: {default: {description: d}}}}}}\n",
    ] {
        gives("3.1.0", &format!("{PATHS}{parts}"), "");
    }
}

#[test]
fn what_stands_beside_a_reference_in_3_0_has_no_shape_to_keep() {
    let text = schema("{$ref: '#/components/schemas/T', allOf: {'3': {$ref: '#/nowhere'}}}, T: {}");
    assert_eq!(codes(&compiled("3.0.3", &text)), ["GW0149"]);
    let found = codes(&compiled("3.1.0", &text));
    assert!(found.contains(&"GW0144".to_owned()), "{found:?}");
}

#[test]
fn what_a_schema_says_beside_a_reference_can_stay_beside_all_of() {
    let help = |parts: &str| {
        let compilation = compiled("3.0.3", parts);
        assert_eq!(codes(&compilation), ["GW0149"], "{parts}\n{}", rendered(&compilation));
        compilation.findings[0].help.clone().unwrap_or_default()
    };
    let text = schema("{$ref: '#/components/schemas/T', description: d}, T: {}");
    assert_eq!(help(&text), "write `allOf: [{$ref: …}]` and leave it beside that, or remove it");
    gives("3.0.3", &schema("{allOf: [{$ref: '#/components/schemas/T'}], description: d}, T: {}"), "");
    let nullable = schema("{$ref: '#/components/schemas/T', nullable: true}, T: {}");
    assert_eq!(help(&nullable), "remove it, or let `null` in where the reference leads");
    let response = "paths: {/a: {get: {responses: {default: {$ref: '#/components/responses/R', description: d}}}}}\n\
                    components: {responses: {R: {description: r}}}\n";
    assert_eq!(help(response), "remove it, or move it to where the reference leads");
}

#[test]
fn the_example_of_an_operation_keeps_openapis_rules() {
    let compilation = compiled("3.0.3", "paths: {}\n");
    assert_eq!(codes(&compilation), ["GW0137"]);
    let help = compilation.findings[0].help.as_deref().unwrap_or_default();
    let example = help.split('`').nth(1).unwrap_or_default();
    assert_eq!(codes(&compiled("3.0.3", &format!("{example}\n"))), [""; 0], "{help}");
}

#[test]
fn an_asyncapi_document_is_called_one() {
    let compilation =
        Folder::read("asyncapi: 3.0.0\ninfo: {title: t, version: '1'}\n", "openapi.yaml").compile();
    assert_eq!(codes(&compilation), ["GW0136"]);
    assert_eq!(compilation.findings[0].message, "this is an AsyncAPI document");
    assert_eq!(
        compilation.findings[0].pointer.as_ref().map(ToString::to_string).as_deref(),
        Some("/asyncapi")
    );
}

#[test]
fn a_header_without_a_name_is_told_to_have_none() {
    let parameter = "{name: '', in: header, schema: {type: string}}";
    let header = "default: {description: d, headers: {'': {schema: {type: string}}}}";
    for text in [
        format!(
            "paths: {{/a: {{get: {{parameters: [{parameter}], responses: {{default: {{description: d}}}}}}}}}}\n"
        ),
        format!("paths: {{/a: {{get: {{responses: {{{header}}}}}}}}}\n"),
    ] {
        let compilation = compiled("3.2.0", &text);
        let told = compilation.findings.iter().find(|finding| finding.code.0 == 144);
        let message = told.map(|finding| finding.message.as_str());
        assert_eq!(message, Some("the name of a header is empty"), "{}", rendered(&compilation));
    }
}

#[test]
fn a_schema_is_held_against_the_dialect_that_it_says() {
    let inline =
        |uri: &str, keys: &str| schema(&format!("{{$schema: '{uri}', properties: {{p: {{{keys}}}}}}}"));
    let flag = "maximum: 20, exclusiveMaximum: true";
    for (uri, keys, expected) in [
        ("http://json-schema.org/draft-04/schema#", flag, &["GW0153"][..]),
        ("http://json-schema.org/draft-04/schema#", "exclusiveMaximum: 20", &["GW0144", "GW0153"]),
        ("http://json-schema.org/draft-07/schema#", flag, &["GW0150", "GW0153"]),
        ("https://json-schema.org/draft/2020-12/schema", flag, &["GW0150"]),
        ("https://example.com/ours", "exclusiveMaximum: true, allOf: {}, nullable: true", &["GW0153"]),
    ] {
        let mut found = codes(&compiled("3.1.0", &inline(uri, keys)));
        found.sort_unstable();
        assert_eq!(found, expected, "{uri} {keys}");
        let root = format!("jsonSchemaDialect: '{uri}'\n{}", schema(&format!("{{{keys}}}")));
        let mut found = codes(&compiled("3.1.0", &root));
        found.sort_unstable();
        assert_eq!(found, expected, "{uri} {keys}");
    }
}

#[test]
fn a_finding_about_a_dialect_says_how_its_schemas_are_read() {
    for (uri, words) in [
        (
            "http://json-schema.org/draft-04/schema#",
            "schemas of the dialect `http://json-schema.org/draft-04/schema#` are read as 2020-12, but for \
             `exclusiveMinimum` and `exclusiveMaximum`",
        ),
        (
            "http://json-schema.org/draft-05/schema#",
            "gw does not know the dialect `http://json-schema.org/draft-05/schema#`: the keys of its schemas are not \
             looked at",
        ),
        (
            "http://json-schema.org/draft-06/schema#",
            "schemas of the dialect `http://json-schema.org/draft-06/schema#` are read as 2020-12",
        ),
    ] {
        let compilation = compiled("3.1.0", &schema(&format!("{{$schema: '{uri}'}}")));
        assert_eq!(codes(&compilation), ["GW0153"]);
        assert_eq!(compilation.findings[0].message, words);
    }
}

#[test]
fn what_to_write_for_nullable_goes_by_the_schemas_own_type() {
    for (keys, help) in [
        ("type: number, nullable: true", "say `type: [number, \"null\"]`"),
        ("type: [number, string], nullable: true", "say `type: [number, string, \"null\"]`"),
        ("type: [number, 'null'], nullable: true", "remove it: `type` takes `null` already"),
        (
            "type: number, enum: [1], nullable: true",
            "say `type: [number, \"null\"]`, and add `null` to `enum`",
        ),
        ("type: number, enum: [1, null], nullable: true", "say `type: [number, \"null\"]`"),
        ("enum: [1], nullable: true", "add `null` to `enum`"),
        (
            "allOf: [{type: object}], nullable: true",
            "let `null` in beside the rest: `anyOf: [{…}, {type: \"null\"}]`",
        ),
        ("description: any, nullable: true", "remove it: a schema without `type` takes `null` too"),
        ("type: string, nullable: false", "remove it: from 3.1 on it says nothing"),
    ] {
        let compilation = compiled("3.1.0", &schema(&format!("{{{keys}}}")));
        assert_eq!(codes(&compilation), ["GW0150"], "{keys}\n{}", rendered(&compilation));
        assert_eq!(compilation.findings[0].help.as_deref(), Some(help), "{keys}");
    }
}

/// The codes about path parameters that a document gives, with their messages.
fn of_path_parameters(parts: &str) -> Vec<(String, String)> {
    let compilation = compiled("3.1.0", parts);
    let told = compilation.findings.iter().filter(|finding| matches!(finding.code.0, 214 | 215));
    told.map(|finding| (finding.code.to_string(), finding.message.clone())).collect()
}

#[test]
fn each_variable_of_a_path_is_declared_by_its_path_item_or_by_each_operation() {
    let parameter = |name: &str| format!("{{name: {name}, in: path, required: true, schema: {{}}}}");
    let (a, b) = (parameter("a"), parameter("b"));
    let ok = "responses: {default: {description: d}}";
    for paths in [
        format!("paths: {{'/{{a}}/{{b}}': {{parameters: [{a}, {b}], get: {{{ok}}}, put: {{{ok}}}}}}}\n"),
        format!("paths: {{'/{{a}}-{{b}}': {{parameters: [{a}], get: {{parameters: [{b}], {ok}}}}}}}\n"),
        format!(
            "paths: {{'/{{a}}': {{get: {{parameters: [{{$ref: '#/components/parameters/A'}}], {ok}}}}}}}\n\
             components: {{parameters: {{A: {{$ref: '#/components/parameters/B'}}, B: {a}}}}}\n"
        ),
        format!(
            "paths: {{'/{{a}}': {{$ref: '#/components/pathItems/P'}}}}\n\
             components: {{pathItems: {{P: {{parameters: [{a}], get: {{{ok}}}}}}}}}\n"
        ),
        // No operation needs a parameter, and a reference that leads nowhere may have been one.
        "paths: {'/{a}': {}, '/x': {get: {}}}\n".to_owned(),
        "paths: {'/{a}': {get: {parameters: [{$ref: '#/components/parameters/Lost'}]}}}\n".to_owned(),
    ] {
        assert_eq!(of_path_parameters(&paths), [], "{paths}");
    }
    let missing =
        format!("paths: {{'/{{a}}': {{get: {{parameters: [{a}], {ok}}}, put: {{{ok}}}, post: {{{ok}}}}}}}\n");
    let message = "no parameter declares `{a}` of `/{a}` for `PUT`, `POST`";
    assert_eq!(of_path_parameters(&missing), [("GW0214".to_owned(), message.to_owned())]);
}

#[test]
fn a_parameter_of_a_path_stands_in_it() {
    let other = "{name: petID, in: path, required: true, schema: {}}";
    let query = "{name: q, in: query, schema: {}}";
    let text = format!("paths: {{'/{{petId}}': {{parameters: [{other}, {query}], get: {{}}, put: {{}}}}}}\n");
    let unplaced = "the parameter `petID` is `in: path`, and `/{petId}` has no `{petID}`";
    let undeclared = "no parameter declares `{petId}` of `/{petId}` for `GET`, `PUT`";
    let expected = [("GW0214".to_owned(), undeclared.to_owned()), ("GW0215".to_owned(), unplaced.to_owned())];
    assert_eq!(of_path_parameters(&text), expected);
}

#[test]
fn the_whole_query_string_and_items_of_a_body_count_as_request_schemas() {
    for operation in [
        "get: {parameters: [{name: q, in: querystring, content: {a/b: {schema: {}}}}]}",
        "post: {requestBody: {content: {a/b: {itemSchema: {}}}}}",
        "post: {requestBody: {content: {a/b: {$ref: '#/components/mediaTypes/M'}}}}",
    ] {
        let text =
            format!("paths: {{/a: {{{operation}}}}}\ncomponents: {{mediaTypes: {{M: {{schema: {{}}}}}}}}\n");
        let found = codes(&compiled("3.2.0", &text));
        assert!(found.contains(&"GW0341".to_owned()), "{operation}: {found:?}");
    }
}
