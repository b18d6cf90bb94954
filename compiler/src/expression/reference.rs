//! The part of the reference page about expressions.

use std::fmt::Write;

use super::{MAX_BYTES, MAX_NESTING, MAX_TOKENS, Vocabulary};

/// The language, and what each place can read.
pub(crate) fn render(page: &mut String) {
    page.push_str("\n## Expressions\n\n");
    page.push_str(LANGUAGE);
    let _ = writeln!(
        page,
        "- An expression has at most {MAX_BYTES} bytes, {MAX_TOKENS} words and signs, and {MAX_NESTING} open brackets."
    );
    for vocabulary in Vocabulary::ALL {
        let _ = writeln!(
            page,
            "\n### What {} can read\n\nFor example `{}`.\n\n| Name | Type | Meaning |\n|---|---|---|",
            vocabulary.described(),
            vocabulary.example()
        );
        for variable in vocabulary.variables() {
            let _ = writeln!(page, "| `{}` | {} | {} |", variable.name, variable.kind, variable.doc);
        }
    }
}

const LANGUAGE: &str = "\
Conditions are written in a subset of the [Common Expression Language](https://cel.dev) (CEL) in which every expression
has a type, ends, and costs no more than the compiler computed.

- `true`, `false`, whole numbers, texts (`\"a\"`, `'a'`), lists (`[\"a\", \"b\"]`), names with dots.
- `30%` and `0.5%` are percentages; `%` is nothing else. `rate(\"1000/min\")` is a rate, and rates are compared exactly across units
  (`60/min` is `1/s`; a month counts 30 days). `duration(\"2s\")` is a duration, `bytes(\"1MiB\")` a size.
- `==`, `!=`, `<`, `<=`, `>`, `>=` between values of one type; `+`, `-`, `*`, `/` between whole numbers; `&&`, `||`, `!`,
  `a ? b : c`.
- `x in list`; `size(x)` of a text or a list; `startsWith`, `endsWith`, `contains` of a text; `list.exists(x, …)` and
  `list.all(x, …)`; `has(name)`: whether a value is there.
- A claim (`token.sub`, `token[\"https://example.com/role\"]`) can be asked with `has`, compared with `==` and `!=`, and
  searched with `in`.
- A value that is not there, a claim of another type than it is compared with, a division by zero and a number beyond 64
  bits are faults. `&&` and `||` pass over the fault of one side where the other side decides, in either order; a
  condition that ends in a fault does not hold, and `!` does not turn it into one that holds.
- There are no fractions, no regular expressions, no mappings, no conversions, no times of day and no comments.
";
