//! Primary keys as bytes whose order is the order of the rows.
//!
//! Each cell is a tag byte and its value: text as UTF-8 up to a 0x00 (a 0x00 inside becomes 0x00 0xFF), numbers as 8
//! bytes big-endian. So text sorts by its bytes, positions numerically, a key before the keys it begins, and no two
//! different keys are equal, whatever stands in them.

use asana_model::Cell;

const NULL: u8 = 1;
const BOOLEAN: u8 = 2;
const COUNT: u8 = 3;
const TEXT: u8 = 4;

/// Appends a whole key, the cells of a table's first `key_columns` columns.
///
/// Null sorts first, then booleans, whole numbers and text. Digits that are no `u64` sort as text.
pub fn push_cells(key: &mut Vec<u8>, cells: &[Cell<'_>]) {
    for cell in cells {
        push_cell(key, cell);
    }
}

pub fn push_cell(key: &mut Vec<u8>, cell: &Cell<'_>) {
    match cell {
        Cell::Null => key.push(NULL),
        Cell::Boolean(value) => key.extend([BOOLEAN, u8::from(*value)]),
        Cell::Count(count) => push_count(key, *count),
        Cell::Digits(digits) => match digits.parse() {
            Ok(count) => push_count(key, count),
            Err(_) => push_text(key, digits),
        },
        Cell::Text(text) => push_text(key, text),
    }
}

pub fn push_count(key: &mut Vec<u8>, count: u64) {
    key.push(COUNT);
    key.extend(count.to_be_bytes());
}

pub fn push_text(key: &mut Vec<u8>, text: &str) {
    key.push(TEXT);
    for (index, piece) in text.as_bytes().split(|byte| *byte == 0).enumerate() {
        if index > 0 {
            key.extend([0, 0xFF]);
        }
        key.extend(piece);
    }
    key.push(0);
}

/// The key for a message, as in `1200/0`; cut to a length that fits a line.
pub(crate) fn describe(cells: &[Cell<'_>]) -> String {
    const LENGTH: usize = 120;
    let mut text = String::new();
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push('/');
        }
        match cell {
            Cell::Null => text.push_str("null"),
            Cell::Text(value) | Cell::Digits(value) => text.extend(value.escape_debug().take(LENGTH)),
            Cell::Count(count) => text.push_str(&count.to_string()),
            Cell::Boolean(value) => text.push_str(&value.to_string()),
        }
    }
    text.chars().take(LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::*;

    fn encoded(cells: &[Cell<'_>]) -> Vec<u8> {
        let mut key = Vec::new();
        push_cells(&mut key, cells);
        key
    }

    fn rank(cell: &Cell<'_>) -> u8 {
        match cell {
            Cell::Null => 0,
            Cell::Boolean(_) => 1,
            Cell::Count(_) | Cell::Digits(_) => 2,
            Cell::Text(_) => 3,
        }
    }

    fn number(cell: &Cell<'_>) -> u64 {
        match cell {
            Cell::Count(count) => *count,
            Cell::Digits(digits) => digits.parse().unwrap(),
            _ => 0,
        }
    }

    /// The order that the encoding has to reproduce.
    fn compare(left: &[Cell<'_>], right: &[Cell<'_>]) -> Ordering {
        let cells = left.iter().zip(right).map(|(left, right)| match (left, right) {
            (Cell::Text(left), Cell::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
            (Cell::Boolean(left), Cell::Boolean(right)) => left.cmp(right),
            _ => rank(left).cmp(&rank(right)).then(number(left).cmp(&number(right))),
        });
        cells.fold(Ordering::Equal, Ordering::then).then(left.len().cmp(&right.len()))
    }

    fn cell() -> impl Strategy<Value = Cell<'static>> {
        prop_oneof![
            Just(Cell::Null),
            any::<bool>().prop_map(Cell::Boolean),
            any::<u64>().prop_map(Cell::Count),
            (0_u64..300).prop_map(Cell::Count),
            (0_u64..300).prop_map(|digits| Cell::Digits(digits.to_string().into())),
            "[\0\u{1}ab\u{ff}é]{0,4}".prop_map(Cell::text),
            any::<String>().prop_map(Cell::text),
        ]
    }

    proptest! {
        #[test]
        fn encoded_keys_sort_as_the_cells_do(
            left in prop::collection::vec(cell(), 0..4),
            right in prop::collection::vec(cell(), 0..4),
        ) {
            prop_assert_eq!(encoded(&left).cmp(&encoded(&right)), compare(&left, &right));
        }

        #[test]
        fn a_single_text_sorts_as_its_raw_bytes(left in "[\0\u{1}ab]{0,5}", right in "[\0\u{1}ab]{0,5}") {
            let order = encoded(&[Cell::text(&*left)]).cmp(&encoded(&[Cell::text(&*right)]));
            prop_assert_eq!(order, left.as_bytes().cmp(right.as_bytes()));
        }
    }

    #[test]
    fn positions_sort_numerically_behind_their_owner() {
        let keys = [("1", 2), ("1", 10), ("1\0", 0), ("10", 0), ("2", 0)]
            .map(|(gid, position)| encoded(&[Cell::text(gid), Cell::Count(position)]));
        assert!(keys.is_sorted());
    }

    #[test]
    fn a_key_is_described_in_one_short_line() {
        assert_eq!(describe(&[Cell::text("12\n"), Cell::Count(3), Cell::Null]), "12\\n/3/null");
        assert_eq!(describe(&[Cell::text("x".repeat(5000))]).len(), 120);
    }
}
