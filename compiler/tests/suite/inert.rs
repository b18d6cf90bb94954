//! What looks as if it decided about requests is a finding, or it decides.

use gw_compiler::Outcome;

use crate::support::{codes, compiled, errors, rendered, shown};

/// A project whose defaults let anyone in: whatever protects nothing shows as a public operation.
fn open_project(document: &str) -> String {
    format!(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml}}]\nupstreams: {{pets: {{}}}}\n\
         defaults: {{upstream: pets, auth: {{public: true, reason: a catalogue}}}}\n\
         # file: pets.yaml\nopenapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\n\
         components:\n  securitySchemes: {{k: {{type: apiKey, in: header, name: x-key}}}}\n{document}"
    )
}

/// A bare document whose operations are all public.
fn public_document(lines: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\nx-gw-auth: {{public: true, reason: a catalogue}}\n{lines}"
    )
}

#[test]
fn a_reference_in_the_place_of_an_operation_is_refused_with_what_it_may_hide() {
    insta::assert_snapshot!(shown(&open_project(
        "  x-ops: {a: {security: [{k: []}], x-gw-rate-limit: 5/min, responses: {}}}\n\
         paths:\n  /a: {get: {$ref: '#/components/x-ops/a'}}\n  /b: {get: {$ref: 5, responses: {}}}\n"
    )));
}

#[test]
fn components_and_servers_are_written_out() {
    let refused = compiled(&open_project(
        "  $ref: other.yaml\nservers: [{$ref: other.yaml}]\npaths: {/a: {get: {}}}\n",
    ));
    assert_eq!(codes(&refused), ["GW0134", "GW0139", "GW0134"], "{}", rendered(&refused));
}

#[test]
fn security_at_a_path_item_is_refused_wherever_the_path_item_stands() {
    insta::assert_snapshot!(shown(&open_project(
        "  pathItems: {c: {security: [{k: []}], get: {responses: {}}}}\n\
         paths:\n  /a: {security: [{k: []}], get: {responses: {}}}\n  /b: {$ref: 'items.yaml', security: []}\n\
         # file: items.yaml\nsecurity: [{k: []}]\nget: {responses: {}}\n"
    )));
}

#[test]
fn security_with_nothing_behind_it_is_refused() {
    insta::assert_snapshot!(shown(&open_project(
        "security:\n  # - k: []\npaths:\n  /a: {get: {responses: {}}}\n  /b: {get: {security: , responses: {}}}\n"
    )));
}

#[test]
fn a_reference_that_is_no_text_is_refused() {
    let refused = compiled(&open_project(
        "paths:\n  /a: {$ref: 5, get: {responses: {}}}\n  /b: {get: {security: [{n: []}], parameters: [{$ref: []}], responses: {}}}\n\
         x-security-less: true\n",
    ));
    assert_eq!(codes(&refused), ["GW0134", "GW0204", "GW0134"], "{}", rendered(&refused));
    for scheme in ["{$ref: 5}", "{type: apiKey, in: header, name: x, $ref: 7}"] {
        let refused = compiled(&format!(
            "openapi: 3.1.0\ninfo: {{}}\ncomponents: {{securitySchemes: {{n: {scheme}}}}}\nsecurity: [{{n: []}}]\n\
             x-gw-auth: {{delegated: true, reason: the service knows its keys}}\npaths: {{/a: {{get: {{}}}}}}\n"
        ));
        assert!(codes(&refused).contains(&"GW0134".to_owned()), "{scheme}");
        assert!(matches!(refused.outcome, Outcome::Refused { .. }), "{scheme}");
    }
}

#[test]
fn a_property_that_is_called_ref_is_no_reference() {
    let sealed = compiled(&public_document(
        "components: {schemas: {a: {properties: {$ref: {type: string}}}}}\npaths: {/a: {get: {}}}\n",
    ));
    assert_eq!(codes(&sealed), [""; 0], "{}", rendered(&sealed));
}

#[test]
fn keys_of_a_path_item_that_are_no_methods_are_named() {
    insta::assert_snapshot!(shown(&public_document(
        "paths:\n  /a: {GET: {}, gett: {}, query: {}, post: {}, summary: fine, x-own: fine}\n  /b: {get: , put: {}}\n"
    )));
}

#[test]
fn variables_of_several_segments_are_named() {
    let sealed = compiled(&public_document(
        "paths: {'/a/{+x}': {get: {}}, '/b/{x*}': {get: {}}, '/c/{x}': {get: {}}, '/d/{x=**}': {get: {}}, '/e/{x+}': {get: {}}}\n",
    ));
    assert_eq!(codes(&sealed), ["GW0142", "GW0142", "GW0142", "GW0142"], "{}", rendered(&sealed));
}

#[test]
fn an_operator_that_stays_in_its_segment_is_no_variable_of_several() {
    let text = public_document("paths: {'/a/b{.format}': {get: {}}, '/c/d{;x*}': {get: {}}}\n");
    assert_eq!(codes(&compiled(&text)), [""; 0], "{}", rendered(&compiled(&text)));
    let side_by_side = public_document("paths: {'/a/{id}{.format}': {get: {}}}\n");
    assert_eq!(codes(&compiled(&side_by_side)), ["GW0310"]);
}

#[test]
fn an_empty_list_of_hosts_is_refused() {
    let text =
        open_project("paths: {/a: {get: {}}}\n").replace("spec: pets.yaml}", "spec: pets.yaml, hosts: []}");
    assert_eq!(codes(&compiled(&text)), ["GW0133"]);
}

#[test]
fn every_listener_is_a_door_of_its_own() {
    let with = |listeners: &str| {
        let text = open_project("paths: {/a: {get: {}}}\n");
        compiled(&text.replace("upstreams:", &format!("listeners: {listeners}\nupstreams:")))
    };
    assert_eq!(codes(&with("{public: {}}")), [""; 0]);
    assert_eq!(codes(&with("{}")), [""; 0]);
    assert_eq!(codes(&with("{internal: {}}")), [""; 0]);
    let three = with("{public: {}, b: , a: {tls: {}}}");
    assert_eq!(codes(&three), [""; 0]);
    let Outcome::Sealed(sealed) = &three.outcome else { panic!("it is refused") };
    let names: Vec<&str> =
        sealed.artifact.listeners().iter().map(|listener| listener.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "public"]);
}

#[test]
fn policy_keys_in_the_corners_of_a_document_are_misplaced() {
    let refused = compiled(&public_document(
        "info: {contact: {x-gw-timeout: 1s}, license: {x-gw-timeout: 1s}}\n\
         tags: [{name: t, externalDocs: {x-gw-timeout: 1s}}]\n\
         components:\n  securitySchemes: {k: {type: oauth2, flows: {implicit: {x-gw-timeout: 1s}}}}\n  \
         schemas: {a: {externalDocs: {x-gw-timeout: 1s}, xml: {x-gw-timeout: 1s}, discriminator: {x-gw-timeout: 1s}}}\n\
         paths: {/a: {get: {externalDocs: {x-gw-timeout: 1s}}}}\n",
    ).replace("info: {title: t, version: \"1\"}\n", ""));
    assert_eq!(codes(&refused), ["GW0131"; 8], "{}", rendered(&refused));
}

#[test]
fn policy_at_the_root_of_a_document_that_is_only_referred_to_is_misplaced() {
    insta::assert_snapshot!(shown(&open_project(
        "paths: {/a: {$ref: 'other.yaml#/paths/~1z'}}\n\
         # file: other.yaml\nopenapi: 3.1.0\ninfo: {title: t, version: \"1\"}\nx-gw-rate-limit: 5/min\nx-gw-bogus: 5\n\
         x-gw-auth: {delegated: true, reason: somewhere else}\npaths: {/z: {get: {responses: {}}}}\n"
    )));
}

#[test]
fn security_that_a_reference_leaves_behind_is_named() {
    let other = |operation: &str| {
        format!(
            "# file: other.yaml\nopenapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\nsecurity: [{{k: []}}]\n\
             paths: {{/z: {{get: {operation}}}}}\n"
        )
    };
    let paths = "paths: {/a: {$ref: 'other.yaml#/paths/~1z'}}\n";
    insta::assert_snapshot!(shown(&open_project(&format!("{paths}{}", other("{responses: {}}")))));
    let said = |lines: &str, operation: &str| {
        codes(&compiled(&open_project(&format!("{lines}{paths}{}", other(operation)))))
    };
    let code = "GW0143".to_owned();
    assert!(said("", "{}").contains(&code));
    assert!(!said("", "{security: []}").contains(&code));
    assert!(!said("security: []\n", "{}").contains(&code));
}

#[test]
fn text_that_reads_as_something_else_is_shown_with_its_quotes() {
    let refused = compiled(
        "openapi: 3.1.0\ninfo: {}\npaths: {/a: {get: {x-gw-auth: {public: \"true\", reason: r}}}}\n",
    );
    assert_eq!(
        refused.findings[0].message,
        "`x-gw-auth.public` takes `true`, or the key is left out, and this is `\"true\"`"
    );
}

#[test]
fn references_by_anchor_and_id_are_legal_in_schemas_alone() {
    let schemas = "F: {$anchor: foo, type: string}, G: {$id: 'https://example.com/g', $ref: '#/$defs/x', $defs: {x: {}}}";
    let document = |parameter: &str| {
        public_document(&format!(
            "components: {{schemas: {{{schemas}, A: {{$ref: '#foo'}}}}}}\npaths: {{/a: {{get: {{parameters: [{parameter}]}}}}}}\n"
        ))
    };
    assert_eq!(errors(&compiled(&document(""))), Vec::<String>::new());
    assert_eq!(errors(&compiled(&document("{$ref: '#foo'}"))), ["GW0201"]);
}

#[test]
fn a_document_of_webhooks_alone_is_not_said_to_declare_no_operation() {
    let text = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nwebhooks: {paid: {post: {responses: {}}}}\n";
    let compilation = compiled(text);
    assert_eq!(codes(&compilation), ["GW0137", "GW0152"], "{}", rendered(&compilation));
    assert_eq!(compilation.findings[0].message, "no path of the document has an operation to publish");
    let help = compilation.findings[0].help.as_deref().unwrap_or_default();
    assert!(help.contains("`webhooks` are calls that the API makes itself"), "{help}");
}

#[test]
fn a_name_that_no_header_can_have_is_not_held_against_a_list() {
    for (scheme, message) in [
        (
            "{type: apiKey, in: header, name: 'a key'}",
            "`name` of the security scheme `s` is not the name of a header",
        ),
        ("{type: http, scheme: 'a word'}", "`scheme` of the security scheme `s` is not one word of HTTP"),
        ("{type: http, scheme: ''}", "`scheme` of the security scheme `s` says nothing"),
        ("{type: key}", "`type` of the security scheme `s` is not one that OpenAPI knows"),
    ] {
        let text = public_document(&format!(
            "components: {{securitySchemes: {{s: {scheme}}}}}\npaths: {{/a: {{get: {{}}}}}}\n"
        ));
        let compilation = compiled(&text);
        let told: Vec<&str> = compilation.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert!(told.contains(&message), "{told:#?}");
    }
}
