//! Where the token comes from: the environment, a file that only its owner can read, or standard input. Never a flag,
//! which every user of the machine could see in the process list.

use std::io::Read;
use std::path::Path;

use asana_fetch::Token;
use secrecy::zeroize::Zeroizing;

use crate::exit::CliError;

const VARIABLE: &str = "ASANA_ACCESS_TOKEN";
/// A token is a line; a larger file is a mistake.
const LONGEST: usize = 64 << 10;

/// Takes the token from `file` if given (`-` is standard input), else from `ASANA_ACCESS_TOKEN`.
///
/// # Errors
/// There is none, it cannot be read, others can read the file, or it cannot be a token.
pub(crate) fn token(file: Option<&Path>) -> Result<Token, CliError> {
    let text = match file {
        Some(path) if path == Path::new("-") => {
            read(std::io::stdin().lock()).map_err(|source| CliError::io("standard input cannot be read", source))?
        }
        Some(path) => from_file(path)?,
        None => Zeroizing::new(std::env::var(VARIABLE).map_err(|_| CliError::NoToken)?),
    };
    if text.trim().is_empty() {
        return Err(CliError::NoToken);
    }
    Ok(Token::new(&text)?)
}

fn from_file(path: &Path) -> Result<Zeroizing<String>, CliError> {
    let what = || format!("the token file {} cannot be read", path.display());
    let file = std::fs::File::open(path).map_err(|source| CliError::io(what(), source))?;
    refuse_if_others_can_read("token file", path, &file)?;
    read(file).map_err(|source| CliError::io(what(), source))
}

/// Makes sure that a file with a secret, a `what`, is its owner's alone.
///
/// # Errors
/// A usage error that says how to put it right.
#[cfg(unix)]
pub(crate) fn refuse_if_others_can_read(what: &str, path: &Path, file: &std::fs::File) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata().map_err(|source| CliError::io(format!("the {what} cannot be read"), source))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(CliError::Usage(format!(
            "other users can read the {what} {0}; run `chmod 600 {0}` first",
            path.display()
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "where files have owners only, it can refuse")]
pub(crate) fn refuse_if_others_can_read(_what: &str, _path: &Path, _file: &std::fs::File) -> Result<(), CliError> {
    Ok(())
}

/// Reads into memory that is wiped, and that does not move while it grows, which would leave copies behind.
fn read(source: impl Read) -> std::io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 64));
    source.take(LONGEST as u64).read_to_end(&mut bytes)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| std::io::Error::other("it is not text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "2/12/34:abc\n").unwrap();
        for (mode, accepted) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(token(Some(&path)).is_ok(), accepted, "{mode:o}");
        }
    }
}
