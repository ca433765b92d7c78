//! SHA-256, as files are described by it.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::output::Written;

const BUFFER_BYTES: usize = 128 * 1024;

/// A SHA-256 in the making; it prints as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checksum(Sha256);

impl Checksum {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut checksum = Self::default();
        checksum.update(bytes);
        checksum
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.clone().finalize().iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// Counts and hashes what is read through it.
#[derive(Debug)]
pub(crate) struct Hashed<R> {
    inner: R,
    bytes: u64,
    checksum: Checksum,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, bytes: 0, checksum: Checksum::default() }
    }

    /// What was read so far.
    pub(crate) fn summed(&self) -> Written {
        Written { bytes: self.bytes, sha256: self.checksum.to_string() }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.checksum.update(buffer.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}

/// The size and the checksum of a file.
pub(crate) fn of_file(path: &Path) -> Result<Written> {
    let file = File::open(path).map_err(Error::io("open", path))?;
    let mut hashed = io::BufReader::with_capacity(BUFFER_BYTES, Hashed::new(file));
    io::copy(&mut hashed, &mut io::sink()).map_err(Error::io("read", path))?;
    Ok(hashed.get_ref().summed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_summed_as_its_bytes_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let bytes = vec![7; 3 * BUFFER_BYTES + 1];
        std::fs::write(&path, &bytes).unwrap();
        let summed = of_file(&path).unwrap();
        assert_eq!((summed.bytes, summed.sha256), (bytes.len() as u64, Checksum::of(&bytes).to_string()));
        assert_eq!(
            Checksum::of(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(of_file(&folder.path().join("b")).unwrap_err().to_string().contains('b'));
    }
}
