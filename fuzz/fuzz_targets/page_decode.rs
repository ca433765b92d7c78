//! Whatever a server sends, it is an answer or it is named.
#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| asana_fetch::fuzzing::page(body));
