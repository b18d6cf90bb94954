//! Documents and projects that several tests use.

use crate::sandbox::Sandbox;

/// One public operation.
pub(crate) const PETS: &str = "\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      x-gw-auth: {public: true, reason: everyone may look}
      responses:
        '200': {description: all, content: {application/json: {example: [{id: 1}]}}}
";

/// Nothing says who may call.
pub(crate) const UNPROTECTED: &str = "\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get: {responses: {'200': {description: all}}}
    post: {responses: {'201': {description: made}}}
";

/// One denied operation, and somebody who knows.
pub(crate) const WAIVED: &str = "\
openapi: 3.1.0
info: {title: Pets, version: '1'}
components: {securitySchemes: {key: {type: apiKey, in: header, name: x-key}}}
paths:
  /pets:
    get:
      security: [{key: []}]
      x-gw-waive: [{code: GW0401, reason: the keys come in spring, expires: 2027-01-31}]
      responses: {'200': {description: all}}
";

/// A suite for [`PETS`] that passes.
pub(crate) const SUITE: &str = "\
tests:
  - name: anyone lists pets
    request: {get: /pets}
    expect: {status: 200}
";

/// A document, a project around it with a suite, and its artifact `pets.gwa`.
pub(crate) fn furnished() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("pets.yaml", PETS).file("unprotected.yaml", UNPROTECTED).file("broken.yaml", "paths: [");
    sandbox.file("project/pets.yaml", PETS).file("project/pets.test.yaml", SUITE).file(
        "project/gw.yaml",
        "gw: 1\nname: shop\napis: [{name: pets, spec: pets.yaml}]\nupstreams: {pets: {}}\ndefaults: {upstream: pets}\n",
    );
    sandbox.file("bindings.toml", "[upstreams]\npets = [\"http://127.0.0.1:9\"]\n");
    sandbox.gw(&["compile", "project", "-o", "pets.gwa"]).exits(0);
    sandbox
}
