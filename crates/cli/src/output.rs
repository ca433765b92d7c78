//! Standard output and standard error: results go to the one, everything else to the other.

use std::io::{self, Write};

use crate::exit::CliError;

/// Prints a result.
///
/// # Errors
/// [`CliError::BrokenPipe`] when the reader has gone.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| CliError::io("standard output cannot be written", source))
}

/// Says something beside the results. Nobody reading it is no reason to stop.
pub(crate) fn tell(text: &str) {
    let mut err = io::stderr().lock();
    let _gone = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
