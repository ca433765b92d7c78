//! Whatever a cell holds, CSV reads as it was written, and nothing of the spreadsheet dialect runs as a formula.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: (bool, Vec<[Option<&str>; 2]>)| {
    let (excel, rows) = input;
    asana_export::fuzzing::csv(&rows, excel);
});
