//! Any text as a bindings file: understood, or refused with a word for each defect.
#![no_main]

use gw_runtime::bindings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(defects) = bindings::read(text) {
        assert!(!defects.is_empty(), "refused without a word");
    }
});
