//! Guardrails: conditions that no layer can soften.

use gw_compiler::expression::Vocabulary;

use crate::support::{codes, compiled, errors, shown};

/// A project with these guardrails, over operations that differ in everything a guardrail can read.
fn project(guardrails: &str) -> String {
    let guardrails = guardrails.trim_end().replace('\n', "\n  ");
    format!(
        "\
# file: gw.yaml
gw: 1
name: shop
apis:
  - {{name: orders, version: 1, owner: team-orders, spec: orders.yaml, hosts: [api.example.com, '*.shop.example']}}
  - {{name: pets, spec: pets.yaml, hosts: ['*'], base: /pets}}
upstreams: {{orders: {{}}, pets: {{}}}}
defaults:
  upstream: orders
  timeout: 2s
  auth: {{delegated: true, reason: services verify tokens}}
guardrails:
  {guardrails}
# file: orders.yaml
openapi: 3.0.3
info: {{title: orders, version: \"1\"}}
security: [{{main: [read]}}]
components:
  securitySchemes:
    main: {{type: oauth2, flows: {{}}}}
    key: {{type: apiKey, in: header, name: x-key}}
paths:
  /orders:
    x-gw-timeout: {{idle: 1s}}
    get: {{operationId: list, tags: [reading], x-gw-body-max: 2MiB, responses: {{}}}}
    post:
      operationId: create
      tags: [writing, internal]
      deprecated: true
      security: [{{main: [write], key: []}}]
      responses: {{}}
  /health:
    get:
      security: []
      x-gw-auth: {{public: true, reason: probes carry no token}}
      x-gw-timeout: 30s
      responses: {{}}
# file: pets.yaml
openapi: 3.0.3
info: {{title: pets, version: \"1\"}}
x-gw-upstream: pets
paths:
  /: {{get: {{operationId: pets, x-gw-auth: {{public: true, reason: a catalogue}}, responses: {{}}}}}}
"
    )
}

fn guardrail(require: &str) -> String {
    format!("- id: rule\n  require: '{require}'\n")
}

#[test]
fn what_every_operation_meets_is_silent() {
    for require in [
        "auth.required || auth.public",
        "method in [\"GET\", \"POST\"]",
        "has(operation_id) || path == \"/health\"",
        "api.name == \"pets\" || api.owner == \"team-orders\"",
        "upstream == api.name && upstreams.all(u, u == upstream)",
        "\"internal\" in tags ? deprecated : true",
        "auth.schemes.all(s, s in [\"main\", \"key\"])",
        "\"write\" in auth.scopes || method != \"POST\"",
        "body_max <= bytes(\"2MiB\") && timeout.connect == duration(\"2s\")",
        "timeout.total <= duration(\"30s\") && timeout.idle >= duration(\"1s\")",
        "\"*\" in hosts || \"*.shop.example\" in hosts && \"api.example.com\" in hosts",
        "!has(rate_limit) && !has(cache.ttl) && !has(concurrency) && !has(retry.attempts)",
    ] {
        assert_eq!(codes(&compiled(&project(&guardrail(require)))), Vec::<String>::new(), "{require}");
    }
}

#[test]
fn a_broken_guardrail_is_told_once_with_the_places_that_set_the_value() {
    insta::assert_snapshot!(shown(&project(&guardrail("timeout.total <= duration(\"5s\")"))));
}

#[test]
fn operations_that_break_a_guardrail_are_counted() {
    let compilation = compiled(&project(&guardrail("auth.required && body_max <= bytes(\"1MiB\")")));
    assert_eq!(errors(&compilation), ["GW0380"]);
    insta::assert_snapshot!(crate::support::rendered(&compilation));
}

#[test]
fn a_value_that_is_not_set_does_not_meet_a_ceiling() {
    let compilation = compiled(&project(&guardrail("rate_limit <= rate(\"1000/min\")")));
    insta::assert_snapshot!(crate::support::rendered(&compilation));
}

#[test]
fn a_value_that_is_built_in_is_told_as_such() {
    let compilation = compiled(&project(&guardrail("timeout.connect <= duration(\"1s\")")));
    insta::assert_snapshot!(crate::support::rendered(&compilation));
}

#[test]
fn what_nothing_says_is_left_to_the_finding_about_it() {
    let silent = project(&guardrail("auth.required && upstream == \"orders\" || api.name == \"pets\""))
        .replace("  auth: {delegated: true, reason: services verify tokens}\n", "")
        .replace("  upstream: orders\n", "")
        .replace(
            "      security: []\n      x-gw-auth: {public: true, reason: probes carry no token}\n",
            "      security: []\n",
        );
    assert_eq!(errors(&compiled(&silent)), ["GW0321", "GW0301"]);
    let open = crate::support::Folder::read(&silent, "openapi.yaml").compile_dev();
    assert_eq!(errors(&open), Vec::<String>::new());
}

#[test]
fn a_condition_without_an_answer_is_told_why() {
    let compilation = compiled(&project(&guardrail("size(tags) / (size(tags) - 1) >= 0")));
    insta::assert_snapshot!(crate::support::rendered(&compilation));
}

#[test]
fn an_exempt_operation_may_break_it() {
    let rule = |except: &str| format!("- id: rule\n  require: auth.required\n  except: {except}\n");
    for except in ["{paths: [/health, /]}", "{methods: [GET]}", "{apis: [orders, pets], methods: [GET]}"] {
        assert_eq!(codes(&compiled(&project(&rule(except)))), Vec::<String>::new(), "{except}");
    }
    for except in ["{operations: [pets]}", "{apis: [pets]}", "{paths: [/health], methods: [POST]}"] {
        assert!(errors(&compiled(&project(&rule(except)))).contains(&"GW0380".to_owned()), "{except}");
    }
}

#[test]
fn an_exception_that_names_nothing_is_told() {
    let rule = "- {id: rule, require: 'auth.required || auth.public', except: {operations: [lst], tags: [x], apis: [pet]}}";
    insta::assert_snapshot!(crate::support::rendered(&compiled(&project(rule))));
}

#[test]
fn an_exception_of_nothing_is_refused() {
    let rule = "- {id: rule, require: 'auth.required || auth.public', except: {}}";
    insta::assert_snapshot!(crate::support::rendered(&compiled(&project(rule))));
}

#[test]
fn two_guardrails_of_one_name_are_refused() {
    let twice =
        "- {id: rule, require: 'true'}\n- {id: other, require: 'true'}\n- {id: rule, require: 'true'}\n";
    insta::assert_snapshot!(crate::support::rendered(&compiled(&project(twice))));
}

#[test]
fn mistakes_in_a_condition_stand_at_their_bytes() {
    let rules = "\
- {id: a, require: 'auth.requird'}
- {id: b, require: \"timeout.total < 2s\"}
- id: c
  require: method == 1 && tags
- id: d
  require: >-
    auth.required &&
    auth.publik
- {id: e, require: \"method == \\\"GET\\\" || nothing\"}
- {id: f, require: true}
";
    insta::assert_snapshot!(crate::support::rendered(&compiled(&project(rules))));
}

#[test]
fn other_expressions_are_checked_though_nothing_enforces_them_yet() {
    let text = "\
openapi: 3.0.3
info: {title: pets, version: \"1\"}
paths:
  /pets:
    get:
      x-gw-auth: {claims: 'token.level > 3'}
      x-gw-circuit-breaker: {when: 'error_ratio > 30'}
      responses: {}
";
    let compilation = compiled(text);
    assert_eq!(
        errors(&compilation).iter().filter(|code| *code == "GW0127").count(),
        2,
        "{:?}",
        errors(&compilation)
    );
}

#[test]
fn guardrails_of_extended_files_hold_too_and_their_exceptions_may_be_about_others() {
    let extends = |rule: &str| {
        let own = "- {id: own, require: 'method in [\"GET\", \"POST\"]'}";
        let project = project(own).replace("name: shop\n", "name: shop\nextends: [org/rules.yaml]\n");
        format!("{project}# file: org/rules.yaml\ngw: 1\nguardrails:\n  {rule}\n")
    };
    let broken = "- {id: org, require: 'body_max <= bytes(\"1MiB\")', except: {operations: [elsewhere]}}";
    insta::assert_snapshot!(crate::support::rendered(&compiled(&extends(broken))));
    let twice = "- {id: own, require: 'true'}";
    assert_eq!(errors(&compiled(&extends(twice))), ["GW0381"]);
    let ill_typed = "- {id: org, require: 'body_max <= 1'}";
    assert_eq!(errors(&compiled(&extends(ill_typed))), ["GW0127"]);
}

/// Whether an operation with this policy breaks a guardrail; that nothing enforces the policy yet is told besides.
fn breaks(policy: &str, require: &str) -> bool {
    let text = format!(
        "\
# file: gw.yaml
gw: 1
name: shop
apis: [{{name: pets, version: 1, owner: team-pets, spec: pets.yaml}}]
upstreams: {{a: {{}}, b: {{}}}}
defaults: {{upstream: a, rate-limit: 1000/min}}
guardrails: [{{id: rule, require: '{require}'}}]
# file: pets.yaml
openapi: 3.0.3
info: {{title: pets, version: \"1\"}}
paths:
  /pets:
    get:
      x-gw-auth: {{public: true, reason: a catalogue}}
      {policy}
      responses: {{}}
"
    );
    let found = errors(&compiled(&text));
    assert!(found.iter().all(|code| ["GW0340", "GW0380"].contains(&code.as_str())), "{policy}: {found:?}");
    found.contains(&"GW0380".to_owned())
}

#[test]
fn limits_count_as_they_hold_every_caller() {
    for (limits, holds) in [
        ("1000/min", true),
        ("1001/min", false),
        ("17/s", false),
        ("60000/h", true),
        ("[{limit: 5000/min}, {limit: 10/s, key: ip}]", true),
        ("{add: [{limit: 5000/min}]}", true),
        ("[{limit: 100/min, mode: report}]", false),
        ("[{limit: 100/min, on: denied}]", false),
        ("[{limit: 100/min, key: 'header:x-tenant'}]", false),
    ] {
        let policy = format!("x-gw-rate-limit: {limits}");
        assert_eq!(!breaks(&policy, "rate_limit <= rate(\"1000/min\")"), holds, "{limits}");
    }
}

#[test]
fn values_that_nothing_enforces_yet_can_be_ruled_already() {
    for (policy, require) in [
        ("x-gw-concurrency: 64", "concurrency <= 64"),
        ("x-gw-concurrency: {max: 64, adaptive: gradient}", "concurrency == 64"),
        ("x-gw-cache: 60s", "cache.ttl <= duration(\"60s\")"),
        ("x-gw-retry: {attempts: 3}", "retry.attempts <= 3"),
        ("x-gw-upstream: {weights: {a: 1, b: 2}}", "upstreams.all(u, u in [\"a\", \"b\"]) && !has(upstream)"),
    ] {
        assert!(!breaks(policy, require), "{policy}");
        assert!(breaks(policy, &format!("!({require})")), "{policy}");
    }
}

#[test]
fn every_value_of_the_vocabulary_is_known_where_something_sets_it() {
    let all = "operationId: list
      x-gw-concurrency: 64
      x-gw-cache: 60s
      x-gw-retry: {attempts: 3}";
    for variable in Vocabulary::Guardrail.variables() {
        assert!(!breaks(all, &format!("has({})", variable.name)), "{}", variable.name);
    }
}
