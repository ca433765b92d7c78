//! Values that a format could not hold as they are: a longest cell, a largest number. What was written instead says so,
//! and each is told here, so that the export can list them.

/// A value that a format could not take whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unfit {
    /// The table's name.
    pub table: String,
    /// The column's name.
    pub column: String,
    /// The row's first key cell, which is the gid of its object or of the object that it belongs to.
    pub gid: String,
    /// What the format holds instead, in words.
    pub what: String,
}
