//! Rows of one kind, addressed by the `u32` index from which their gid is made.

use std::ops::{Index, IndexMut};

/// No row: the absent assignee, the absent parent.
pub(crate) const NONE: u32 = u32::MAX;

#[derive(Debug)]
pub(crate) struct Table<T>(Vec<T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl<T> Table<T> {
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// Adds a row and answers its index.
    pub(crate) fn push(&mut self, row: T) -> u32 {
        self.0.push(row);
        self.len() - 1
    }

    pub(crate) fn row(&self, index: u32) -> Option<&T> {
        self.0.get(index as usize)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0u32..).zip(self.0.iter())
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut T)> {
        (0u32..).zip(self.0.iter_mut())
    }

    pub(crate) fn indexes(&self) -> std::ops::Range<u32> {
        0..self.len()
    }
}

impl<T> Index<u32> for Table<T> {
    type Output = T;

    #[expect(clippy::indexing_slicing, reason = "indexes are made by the generator, which closes every range")]
    fn index(&self, index: u32) -> &T {
        &self.0[index as usize]
    }
}

impl<T> IndexMut<u32> for Table<T> {
    #[expect(clippy::indexing_slicing, reason = "indexes are made by the generator, which closes every range")]
    fn index_mut(&mut self, index: u32) -> &mut T {
        &mut self.0[index as usize]
    }
}
