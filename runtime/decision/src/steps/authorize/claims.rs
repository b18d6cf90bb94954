//! Whether `auth.claims` holds for a caller and its request.
//!
//! | Input | Is |
//! |---|---|
//! | `consumer` | the caller's name |
//! | `scopes` | what it is allowed |
//! | `method` | the method as received |
//! | `path.NAME` | a path parameter, its escapes read |
//!
//! Any other input is not there, and what needs it does not hold.

use std::borrow::Cow;

use gw_artifact::expression::{Expression, List, Value};

use crate::exchange::Caller;
use crate::steps::Facts;
use crate::text::decoded;

/// Allocates for the values of the expression's inputs.
pub(super) fn hold(claims: &Expression, caller: &Caller, facts: &Facts<'_>) -> bool {
    let inputs = claims.inputs();
    let scopes: Vec<Value<'_>> = caller.scopes().iter().map(|scope| Value::Text(scope)).collect();
    let parameters: Vec<Option<Cow<'_, str>>> =
        inputs.iter().map(|input| parameter(input.name.strip_prefix("path.")?, facts)).collect();
    let value = |(at, name): (usize, &str)| match name {
        "consumer" => caller.consumer(facts.exchange.tls()).map(Value::Text),
        "scopes" => Some(Value::List(List::new(&scopes))),
        "method" => Some(Value::Text(facts.head.method)),
        _ => parameters[at].as_deref().map(Value::Text),
    };
    let names = inputs.iter().map(|input| input.name.as_str()).enumerate();
    let values: Vec<Option<Value<'_>>> = names.map(value).collect();
    claims.holds(&values)
}

fn parameter<'f>(name: &str, facts: &'f Facts<'_>) -> Option<Cow<'f, str>> {
    let operation = facts.exchange.operation(facts.artifact)?;
    let at = operation.parameters.iter().position(|parameter| parameter == name)?;
    decoded(facts.exchange.path_parameters(facts.head).nth(at)?)
}
