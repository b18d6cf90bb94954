//! Any bytes as the begin of a connection: a header of a bounded length, or none, and the same whatever comes behind.
#![no_main]

use gw_runtime::proxy_protocol::{MAX_V2_BYTES, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut decided = None;
    for length in 0..=bytes.len().min(MAX_V2_BYTES + 1) {
        let now = read(&bytes[..length]).transpose();
        if let Some(decided) = &decided {
            assert_eq!(Some(decided), now.as_ref(), "more bytes changed the answer");
        }
        if let Some(Ok(header)) = now {
            assert!(header.length <= length && header.length <= MAX_V2_BYTES, "a header is as long as it may be");
        }
        decided = decided.or(now);
    }
    assert!(decided.is_some() || bytes.len() < MAX_V2_BYTES, "more is waited for than a header may be long");
});
