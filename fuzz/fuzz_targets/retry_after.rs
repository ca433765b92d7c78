//! Whatever stands in a `Retry-After`, the wait is one that can be waited.
#![no_main]

libfuzzer_sys::fuzz_target!(|header: &str| asana_fetch::fuzzing::retry_after(header));
