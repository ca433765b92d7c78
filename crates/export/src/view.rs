//! What of the tables is written: chosen columns, and texts that are blanked or replaced by hashes.
//!
//! It is applied to rows on their way to the files, after their keys were checked, so that no format knows of it. What is
//! hidden is decided by the class that the catalogue gives a column; a text without one is hidden with any class.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use asana_model::{Cell, ColumnKind, Sensitive, Table};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::reduced::Reduced;

/// Of the code, what stands for a text.
const HASH_BYTES: usize = 8;
/// What begins a hash, so that it is not taken for a text or a number.
const PREFIX: &str = "h-";

/// What of the tables is written; all of it by default.
#[derive(Debug, Clone, Default)]
pub struct View {
    reduced: Reduced,
    /// What replaces hidden texts; without it they are blank.
    key: Option<Key>,
}

/// The secret by which texts become hashes: equal texts become equal hashes, and nobody without it can try which text
/// gives which.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// Any bytes do; few are easy to guess.
    pub fn new(bytes: &[u8]) -> Self {
        // The trait allows for codes with keys of a fixed length; this one takes any.
        Self(Hmac::new_from_slice(bytes).unwrap_or_else(|_| Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default())))
    }

    /// What stands for `text`: 16 hexadecimal digits of its HMAC-SHA-256.
    pub fn hash(&self, text: &str) -> String {
        let mut code = self.0.clone();
        code.update(text.as_bytes());
        let mut hash = String::with_capacity(PREFIX.len() + 2 * HASH_BYTES);
        hash.push_str(PREFIX);
        for byte in code.finalize().into_bytes().iter().take(HASH_BYTES) {
            let _ok = write!(hash, "{byte:02x}");
        }
        hash
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key")
    }
}

impl View {
    /// With `key`, hidden texts become hashes.
    pub fn new(reduced: Reduced, key: Option<Key>) -> Self {
        Self { reduced, key }
    }

    /// What it leaves out, as the manifest has it.
    pub fn reduced(&self) -> &Reduced {
        &self.reduced
    }

    /// What is told of a text outside of tables: nothing, its hash, or the text itself.
    pub fn told(&self, sensitive: Sensitive, text: &str) -> Option<String> {
        if text.is_empty() || !self.reduced.hides(sensitive) {
            return Some(text.to_owned());
        }
        self.key.as_ref().map(|key| key.hash(text))
    }

    /// How rows of `table` are written.
    pub(crate) fn shape(&self, table: &Table) -> Shape {
        let places: Vec<usize> = match self.reduced.columns_of(&table.name) {
            None => (0..table.columns.len()).collect(),
            Some(chosen) => {
                let others = chosen.iter().filter_map(|name| table.column(name)).filter(|at| *at >= table.key_columns);
                (0..table.key_columns).chain(others).collect()
            }
        };
        let shown = places.iter().filter_map(|at| {
            let column = table.columns.get(*at)?;
            let hidden = column.kind == ColumnKind::Text && self.reduced.hides(column.sensitive);
            Some((Shown { at: *at, hidden }, column.clone()))
        });
        let (columns, described): (Vec<Shown>, Vec<_>) = shown.unzip();
        let whole = columns.iter().enumerate().all(|(place, one)| one.at == place && !one.hidden);
        let whole = whole && columns.len() == table.columns.len();
        // What is hidden tells rows apart no more, or not to everybody.
        let key_columns = if self.reduced.hides_key(table) { 0 } else { table.key_columns };
        Shape {
            width: table.columns.len(),
            table: Table { columns: described, key_columns, ..table.clone() },
            columns: (!whole).then_some(columns),
            key: self.key.clone(),
        }
    }
}

/// How rows of one table are written.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Cells that come.
    width: usize,
    /// The table as it is written; without a key if some of that is hidden.
    table: Table,
    /// Absent where rows are written as they come.
    columns: Option<Vec<Shown>>,
    key: Option<Key>,
}

/// A column that is written.
#[derive(Debug, Clone, Copy)]
struct Shown {
    /// Its place in the rows that come.
    at: usize,
    hidden: bool,
}

impl Shape {
    /// Cells of a row that comes.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The table as it is written.
    pub(crate) fn table(&self) -> &Table {
        &self.table
    }

    /// The row as it is written.
    pub(crate) fn cells<'c>(&self, cells: &'c [Cell<'_>]) -> Cow<'c, [Cell<'c>]> {
        let Some(columns) = &self.columns else { return Cow::Borrowed(cells) };
        let shown = columns.iter().map(|column| match cells.get(column.at) {
            Some(Cell::Text(text)) if column.hidden && !text.is_empty() => {
                self.key.as_ref().map_or(Cell::Null, |key| Cell::text(key.hash(text)))
            }
            // Numbers do not stand in columns of text; if one did, it would not be shown.
            Some(Cell::Digits(_) | Cell::Count(_) | Cell::Boolean(_)) if column.hidden => Cell::Null,
            Some(cell) => cell.borrowed(),
            None => Cell::Null,
        });
        Cow::Owned(shown.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use asana_model::{Class, Layout};

    use super::*;

    /// RFC 4231, cases 1, 2 and 6.
    #[test]
    fn the_code_is_that_of_the_standard() {
        for (key, text, expected) in [
            (vec![0x0b; 20], "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe".to_vec(),
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                vec![0xaa; 131],
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ] {
            let hash = Key::new(&key).hash(text);
            assert!(hash.len() == 18 && expected.starts_with(hash.strip_prefix("h-").unwrap()), "{hash}");
        }
        assert_eq!(format!("{:?}", Key::new(b"secret")), "Key");
    }

    fn table(name: &str) -> Table {
        Layout::new().tables.iter().find(|table| table.name == name).unwrap().clone()
    }

    fn hiding(classes: &[Class], key: Option<Key>) -> View {
        let redacted = classes.iter().copied().collect();
        View::new(Reduced { redacted, hashed: key.is_some(), ..Reduced::default() }, key)
    }

    fn names(shape: &Shape) -> Vec<&str> {
        shape.table().columns.iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn chosen_columns_follow_the_key() {
        let columns = BTreeMap::from([
            ("users".to_owned(), vec!["email".to_owned(), "gid".to_owned(), "name".to_owned()]),
            ("task_followers".to_owned(), vec![]),
        ]);
        let view = View::new(Reduced { columns, ..Reduced::default() }, None);
        let shape = view.shape(&table("users"));
        assert_eq!(names(&shape), ["gid", "email", "name"]);
        let cells = [Cell::text("1"), Cell::text("Ada"), Cell::text("a@b"), Cell::text("listing")];
        assert_eq!(*shape.cells(&cells), [Cell::text("1"), Cell::text("a@b"), Cell::text("Ada")]);
        assert_eq!((shape.width(), shape.table().key_columns), (4, 1));
        assert_eq!(names(&view.shape(&table("task_followers"))), ["task_gid", "position"]);
        assert!(view.shape(&table("tags")).columns.is_none());
    }

    #[test]
    fn hidden_texts_are_blank_or_hashes_and_the_rest_stays() {
        let cells = [Cell::text("1"), Cell::text("Ada"), Cell::text("a@b"), Cell::text("listing")];
        let shape = hiding(&[Class::Name], None).shape(&table("users"));
        assert_eq!(*shape.cells(&cells), [Cell::text("1"), Cell::Null, Cell::text("a@b"), Cell::text("listing")]);
        let key = Key::new(b"0123456789abcdef");
        let shape = hiding(&[Class::Email], Some(key.clone())).shape(&table("users"));
        assert_eq!(shape.cells(&cells)[2], Cell::text(key.hash("a@b")));
        assert_eq!(shape.cells(&cells)[1], Cell::text("Ada"));
        // Nothing is nothing, and an empty text says no more.
        let empty = [Cell::text("1"), Cell::Null, Cell::text(""), Cell::text("listing")];
        for key in [None, Some(key)] {
            let shape = hiding(&[Class::Name, Class::Email], key).shape(&table("users"));
            assert_eq!(*shape.cells(&empty), empty);
        }
    }

    #[test]
    fn a_text_without_a_class_goes_with_any() {
        let mut table = table("users");
        table.columns[1].sensitive = Sensitive::Unclassified;
        let cells = [Cell::text("1"), Cell::text("x"), Cell::Null, Cell::Null];
        for class in Class::ALL {
            assert_eq!(hiding(&[class], None).shape(&table).cells(&cells)[1], Cell::Null);
        }
        assert_eq!(View::default().shape(&table).cells(&cells)[1], Cell::text("x"));
    }
}
