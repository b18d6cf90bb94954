//! The variables of path templates, as they are written.

/// What stands between the braces of a template, in path order.
pub fn variables(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// Whether a variable is written like one that takes several segments elsewhere: `{+x}` (RFC 6570 section 3.2.3), `{x+}`
/// (API Gateway of AWS), `{x*}` and `{*x}` (hapi, ASP.NET, Spring), `{x=**}` (google.api.http), `{x:.*}` and `{x:path}`
/// (Spring, Starlette).
///
/// Not so: `{.x}` and `{;x}`, which RFC 6570 leaves in their segment, also as `{.x*}` and `{;x*}`. `{/x}`, `{#x}` and
/// `{?x}` reach no request at all.
pub fn spans_segments(variable: &str) -> bool {
    if variable.starts_with(['.', ';', '&']) {
        return false;
    }
    match variable.split_once([':', '=']) {
        Some((_, pattern)) => {
            pattern == "path" || ["**", ".*", ".+"].into_iter().any(|wide| pattern.contains(wide))
        }
        None => variable.starts_with('+') || variable.ends_with('+') || variable.contains('*'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_takes_several_segments_elsewhere_spans_them() {
        for variable in ["+x", "x+", "x*", "*x", "**x", "x*2", "x=**", "x=shelves/**", "x:.*", "x:path"] {
            assert!(spans_segments(variable), "{variable}");
        }
        for variable in ["x", ".x", ".x*", ";x", ";x*", "x:", "x:3", "x:[0-9]*", "x=*", "a.b", "a-b"] {
            assert!(!spans_segments(variable), "{variable}");
        }
    }

    #[test]
    fn variables_stand_between_braces() {
        assert_eq!(variables("/a/{b}-{c}/{d").collect::<Vec<_>>(), ["b", "c"]);
    }
}
