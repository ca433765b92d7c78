//! Lists in an order of their own, as the tasks of a project are: rows come, go and move without renumbering others.

/// Room between two neighbours, for rows put between them.
const GAP: u64 = 1 << 32;

/// Rows, each with the rank by which it is found again, ascending.
#[derive(Debug, Default)]
pub(crate) struct Ranked {
    rows: Vec<u32>,
    ranks: Vec<u64>,
}

impl FromIterator<u32> for Ranked {
    fn from_iter<I: IntoIterator<Item = u32>>(rows: I) -> Self {
        let rows: Vec<u32> = rows.into_iter().collect();
        let ranks = (1u64..).take(rows.len()).map(|place| place * GAP).collect();
        Self { rows, ranks }
    }
}

impl Ranked {
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    pub(crate) fn ranks(&self) -> &[u64] {
        &self.ranks
    }

    pub(crate) fn row(&self, place: usize) -> Option<u32> {
        self.rows.get(place).copied()
    }

    pub(crate) fn place(&self, row: u32) -> Option<usize> {
        self.rows.iter().position(|known| *known == row)
    }

    /// Puts a row at a place, or at the end if there are fewer.
    pub(crate) fn insert(&mut self, place: usize, row: u32) {
        let place = place.min(self.rows.len());
        let before = place.checked_sub(1).and_then(|at| self.ranks.get(at)).copied().unwrap_or(0);
        let after = self.ranks.get(place).copied().unwrap_or(before + 2 * GAP);
        self.rows.insert(place, row);
        if after - before > 1 {
            self.ranks.insert(place, before + (after - before) / 2);
        } else {
            // No number is left between the two: all are given anew, which moves what open tokens point at.
            self.ranks = (1u64..).take(self.rows.len()).map(|place| place * GAP).collect();
        }
    }

    pub(crate) fn remove(&mut self, row: u32) {
        if let Some(place) = self.place(row) {
            self.rows.remove(place);
            self.ranks.remove(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mix;
    use super::*;

    #[test]
    fn rows_keep_their_rank_when_others_come_and_go() {
        let mut list: Ranked = (0..5).collect();
        let rank = |list: &Ranked, row| list.ranks()[list.place(row).unwrap()];
        let third = rank(&list, 3);
        list.insert(0, 9);
        list.insert(3, 8);
        list.remove(1);
        list.insert(usize::MAX, 7);
        assert_eq!(list.rows(), [9, 0, 8, 2, 3, 4, 7]);
        assert_eq!(rank(&list, 3), third);
        assert!(list.ranks().is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn there_is_always_room() {
        let mut list: Ranked = (0..2).collect();
        for row in 2..200 {
            list.insert(1, row);
            assert!(list.ranks().is_sorted_by(|one, other| one < other), "{row}");
        }
        assert_eq!(list.row(1), Some(199));
        for row in 200..2_000 {
            list.insert(usize::try_from(mix(u64::from(row)) % 300).unwrap(), row);
        }
        assert!(list.ranks().is_sorted_by(|one, other| one < other));
        assert_eq!(list.rows().len(), 2_000);
    }
}
