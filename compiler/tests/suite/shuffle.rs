//! Texts that say the same in another way.

use std::fmt::Write as _;

/// The same values in JSON, with the keys of every mapping in another order. `None` for what is no YAML, or not of JSON's data model.
pub(crate) fn shuffled_json(yaml: &[u8], seed: u64) -> Option<Vec<u8>> {
    let value: serde_json::Value = serde_yaml::from_slice(yaml).ok()?;
    let mut text = String::new();
    write_json(&value, seed, &mut text);
    Some(text.into_bytes())
}

fn write_json(value: &serde_json::Value, seed: u64, text: &mut String) {
    match value {
        serde_json::Value::Object(entries) => {
            let mut keys: Vec<&String> = entries.keys().collect();
            keys.sort_by_key(|key| {
                key.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
            });
            text.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                text.push_str(if index == 0 { "\n" } else { ",\n" });
                let _ = write!(text, "{key:?}: ");
                write_json(&entries[key], seed, text);
            }
            text.push('}');
        }
        serde_json::Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_json(item, seed, text);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}
