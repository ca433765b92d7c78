//! All sorted runs on disk.
//!
//! Runs of one level lie one after another in one nameless file. When a level is full, its runs are merged into a single
//! run of the next level and its file is emptied. So open files grow with the logarithm of the data, disk space is at
//! most twice the data, and each entry is copied once for each level.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::arena::Arena;
use super::merge::Merge;
use super::run::{RunReader, RunWriter};
use crate::error::{Error, Result};

/// How many runs a level has at most, and how many are merged at once.
const FAN_IN: usize = 64;

#[derive(Debug)]
pub(super) struct Spill {
    dir: PathBuf,
    /// The longest runs are in the last level.
    levels: Vec<Level>,
}

#[derive(Debug)]
struct Level {
    file: Arc<File>,
    /// Where each run ends; it starts where the one before ends.
    ends: Vec<u64>,
}

impl Spill {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), levels: Vec::new() }
    }

    /// Where the files are.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a sorted arena as a run.
    pub(super) fn add_run(&mut self, arena: &Arena) -> Result<()> {
        self.make_room(0)?;
        let mut writer = self.begin_run(0)?;
        for entry in (0..arena.len()).map_while(|index| arena.get(index)) {
            writer.write(entry).map_err(Error::io(WRITE, &self.dir))?;
        }
        self.end_run(0, writer)
    }

    /// All runs, at most [`FAN_IN`].
    pub(super) fn into_runs(mut self) -> Result<Vec<RunReader>> {
        let mut shortest = 0;
        while self.levels.iter().map(|level| level.ends.len()).sum::<usize>() > FAN_IN {
            self.merge_level(shortest)?;
            shortest += 1;
        }
        Ok(self.levels.iter().flat_map(|level| level.readers(&self.dir)).collect())
    }

    #[cfg(test)]
    pub(super) fn files(&self) -> usize {
        self.levels.len()
    }

    fn make_room(&mut self, index: usize) -> Result<()> {
        if self.levels.get(index).is_some_and(|level| level.ends.len() >= FAN_IN) {
            self.make_room(index + 1)?;
            self.merge_level(index)?;
        }
        Ok(())
    }

    /// Merges a level's runs into one of the next level.
    fn merge_level(&mut self, index: usize) -> Result<()> {
        let readers = self.levels.get(index).map(|level| level.readers(&self.dir));
        let mut merge = Merge::new(readers.unwrap_or_default(), Arena::default())?;
        let mut writer = self.begin_run(index + 1)?;
        while let Some(entry) = merge.next()? {
            writer.write(entry).map_err(Error::io(WRITE, &self.dir))?;
        }
        self.end_run(index + 1, writer)?;
        if let Some(level) = self.levels.get_mut(index) {
            level.ends.clear();
            level.file.set_len(0).map_err(Error::io(WRITE, &self.dir))?;
        }
        Ok(())
    }

    /// Behind the last run of a level, which is made if need be.
    fn begin_run(&mut self, index: usize) -> Result<RunWriter> {
        while self.levels.len() <= index {
            let file = tempfile::tempfile_in(&self.dir).map_err(Error::io("create a temporary file in", &self.dir))?;
            self.levels.push(Level { file: Arc::new(file), ends: Vec::new() });
        }
        self.levels
            .get(index)
            .map_or(Err(std::io::ErrorKind::NotFound.into()), |level| {
                RunWriter::new(Arc::clone(&level.file), level.ends.last().copied().unwrap_or(0))
            })
            .map_err(Error::io(WRITE, &self.dir))
    }

    fn end_run(&mut self, index: usize, writer: RunWriter) -> Result<()> {
        let end = writer.finish().map_err(Error::io(WRITE, &self.dir))?;
        if let Some(level) = self.levels.get_mut(index) {
            level.ends.push(end);
        }
        Ok(())
    }
}

impl Level {
    fn readers(&self, dir: &Path) -> Vec<RunReader> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let reader = |(start, end): (&u64, &u64)| RunReader::new(Arc::clone(&self.file), *start, *end, dir.to_owned());
        starts.zip(&self.ends).map(reader).collect()
    }
}

const WRITE: &str = "write a temporary file in";
