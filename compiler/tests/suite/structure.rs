//! Documents held against the rules of their own version of OpenAPI.

use crate::support::{Folder, codes, rendered};

/// Holds that a document gives a finding with this code; without a code, none of these rules' own.
#[track_caller]
fn gives(version: &str, parts: &str, code: &str) {
    let text = format!(
        "openapi: {version}\ninfo: {{title: t, version: '1'}}\nx-gw-auth: {{public: true, reason: a catalogue}}\n{parts}"
    );
    let compilation = Folder::read(&text, "openapi.yaml").compile_in_full(None);
    let found: Vec<String> = codes(&compilation);
    let holds = match code {
        "" => found.iter().all(|found| !RULES.contains(&found.as_str())),
        code => found.iter().any(|found| found == code),
    };
    assert!(holds, "{text}\n{}", rendered(&compilation));
}

const RULES: [&str; 11] = [
    "GW0134", "GW0141", "GW0144", "GW0145", "GW0146", "GW0147", "GW0148", "GW0149", "GW0150", "GW0153",
    "GW0154",
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
