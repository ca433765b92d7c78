//! What endpoints give back: one record, or the candidates of a listing with who may see them.

use super::Endpoint;
use super::errors::ApiError;
use super::json::Object;

type WriteOne<'a> = Box<dyn Fn(&mut Object<'_>) + 'a>;
type WriteRow<'a> = Box<dyn Fn(&mut Object<'_>, u32) + 'a>;
type Shown<'a> = Box<dyn Fn(u32) -> bool + 'a>;
type Rank<'a> = Box<dyn Fn(usize, u32) -> u64 + 'a>;

/// What an endpoint answers.
pub(crate) enum Answer<'a> {
    One(WriteOne<'a>),
    List(Listing<'a>),
}

impl<'a> Answer<'a> {
    pub(crate) fn one(write: impl Fn(&mut Object<'_>) + 'a) -> Self {
        Self::One(Box::new(write))
    }

    /// The kind of record: the endpoint's, unless the answer knows better.
    pub(crate) fn kind(&self, endpoint: &Endpoint) -> &'static str {
        match self {
            Self::List(Listing { kind: Some(kind), .. }) => kind,
            _ => endpoint.kind,
        }
    }
}

/// The candidates of a listing, in order, whoever looks.
pub(crate) enum Rows<'a> {
    Count(u32),
    Known(&'a [u32]),
    Chosen(Vec<u32>),
}

impl Rows<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Count(count) => *count as usize,
            Self::Known(rows) => rows.len(),
            Self::Chosen(rows) => rows.len(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.len()).map_while(|at| self.get(at))
    }

    fn get(&self, at: usize) -> Option<u32> {
        match self {
            Self::Count(count) => u32::try_from(at).ok().filter(|at| at < count),
            Self::Known(rows) => rows.get(at).copied(),
            Self::Chosen(rows) => rows.get(at).copied(),
        }
    }
}

/// What happens to a long listing that was asked for without `limit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unlimited {
    /// Cut at a thousand rows, silently.
    Cut,
    /// 400 "The result is too large".
    Refused,
    /// The endpoint has no pages at all, only a `limit` (search).
    NoPages,
    /// Paged nevertheless, and every page names a next one, even the empty one after the last row, so that a client
    /// can wait for more; only a listing without any row ends (audit log).
    Endless,
}

/// A listing: candidates, which of them the token may see, and how to write one.
pub(crate) struct Listing<'a> {
    pub(crate) rows: Rows<'a>,
    shown: Option<Shown<'a>>,
    rank: Option<Rank<'a>>,
    pub(crate) write: WriteRow<'a>,
    pub(crate) unlimited: Unlimited,
    /// The kind of record where it depends on the request: a name in `shapes`.
    pub(crate) kind: Option<&'static str>,
}

impl<'a> Listing<'a> {
    pub(crate) fn new(rows: Rows<'a>, write: impl Fn(&mut Object<'_>, u32) + 'a) -> Self {
        Self { rows, shown: None, rank: None, write: Box::new(write), unlimited: Unlimited::Cut, kind: None }
    }

    /// Leaves out rows after paging, as access control does: pages may be short while more follow.
    pub(crate) fn shown_if(self, shown: impl Fn(u32) -> bool + 'a) -> Self {
        Self { shown: Some(Box::new(shown)), ..self }
    }

    /// Says what orders the rows, by place and row, ascending: it is what offset tokens hold, so that rows which come
    /// or go before the next page do not shift it. Without it that is the place, as suits what only grows at its end.
    pub(crate) fn ranked_by(self, rank: impl Fn(usize, u32) -> u64 + 'a) -> Self {
        Self { rank: Some(Box::new(rank)), ..self }
    }

    /// The rows stand in the order in which they were made.
    pub(crate) fn in_order_of_making(self) -> Self {
        self.ranked_by(|_, row| row.into())
    }

    /// The rank of a place, if there is a row.
    fn rank(&self, place: usize) -> Option<u64> {
        let row = self.rows.get(place)?;
        match &self.rank {
            Some(rank) => Some(rank(place, row)),
            None => u64::try_from(place).ok(),
        }
    }

    /// The rank behind the last row, if there are rows.
    fn rank_after_all(&self) -> Option<u64> {
        let last = self.rows.len().checked_sub(1)?;
        self.rank(last)?.checked_add(1)
    }

    /// The first place whose row has this rank or comes after it.
    fn place(&self, rank: u64) -> usize {
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.rank(middle).is_some_and(|known| known < rank) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub(crate) fn unlimited(self, unlimited: Unlimited) -> Self {
        Self { unlimited, ..self }
    }

    /// Says what kind of record the rows are, instead of the endpoint.
    pub(crate) fn of(self, kind: &'static str) -> Self {
        Self { kind: Some(kind), ..self }
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends functions that answer a result")]
    pub(crate) fn answer(self) -> Result<Answer<'a>, ApiError> {
        Ok(Answer::List(self))
    }

    /// The visible rows among the `limit` candidates from a rank on, and the rank at which the next page begins. Windows without any
    /// visible row are passed over, but what remains after the last visible row still counts as a page: it may be
    /// empty.
    pub(crate) fn page(&self, rank: u64, limit: usize) -> (Vec<u32>, Option<u64>) {
        let mut at = self.place(rank);
        loop {
            let end = at.saturating_add(limit);
            let shown = |row: &u32| self.shown.as_ref().is_none_or(|shown| shown(*row));
            let rows: Vec<u32> = (at..end).map_while(|at| self.rows.get(at)).filter(shown).collect();
            if end >= self.rows.len() {
                let goes_on = self.unlimited == Unlimited::Endless;
                return (rows, self.rank_after_all().filter(|_| goes_on));
            }
            if !rows.is_empty() {
                return (rows, self.rank(end));
            }
            at = end;
        }
    }

    /// How many rows are visible.
    pub(crate) fn count(&self) -> usize {
        if self.shown.is_none() { self.rows.len() } else { self.all(usize::MAX).len() }
    }

    /// How many requests a client makes until it knows that it has everything.
    pub(crate) fn requests(&self, limit: usize) -> usize {
        let (mut requests, mut position) = (0, Some(0));
        while let Some(at) = position {
            requests += 1;
            let (rows, next) = self.page(at, limit);
            // An endless listing is over when a page is empty.
            position = next.filter(|_| self.unlimited != Unlimited::Endless || !rows.is_empty());
        }
        requests
    }

    /// The first visible rows.
    pub(crate) fn all(&self, most: usize) -> Vec<u32> {
        let shown = |row: &u32| self.shown.as_ref().is_none_or(|shown| shown(*row));
        self.rows.iter().filter(shown).take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_leave_gaps() {
        let rows: Vec<u32> = (0..25).collect();
        let listing = Listing::new(Rows::Known(&rows), |_, _| {}).shown_if(|row| row == 2 || row == 17);
        assert_eq!(listing.page(0, 5), (vec![2], Some(5)));
        assert_eq!(listing.page(5, 5), (vec![17], Some(20)));
        assert_eq!(listing.page(20, 5), (vec![], None));
        assert_eq!(listing.all(10), [2, 17]);
        assert_eq!(listing.requests(5), 3);
    }

    #[test]
    fn endless_listings_name_a_next_page_for_ever() {
        let listing = |count| Listing::new(Rows::Count(count), |_, _| {}).unlimited(Unlimited::Endless);
        assert_eq!(listing(3).page(0, 5), (vec![0, 1, 2], Some(3)));
        assert_eq!(listing(3).page(3, 5), (vec![], Some(3)));
        assert_eq!(listing(0).page(0, 5), (vec![], None));
        assert_eq!([0, 3, 5, 6].map(|count| listing(count).requests(5)), [1, 2, 2, 3]);
    }

    #[test]
    fn pages_begin_at_a_rank_whatever_came_and_went() {
        let rows = [10, 20, 30, 40, 50, 60];
        let page = |rows: &[u32], rank| {
            Listing::new(Rows::Known(rows), |_, _| {}).ranked_by(|_, row| row.into()).page(rank, 2)
        };
        assert_eq!(page(&rows, 0), (vec![10, 20], Some(30)));
        assert_eq!(page(&[5, 10, 15, 20, 30, 40, 50], 30), (vec![30, 40], Some(50)), "inserted before");
        assert_eq!(page(&[20, 30, 40, 50], 30), (vec![30, 40], Some(50)), "deleted before");
        assert_eq!(page(&[10, 20, 40, 50, 60], 30), (vec![40, 50], Some(60)), "deleted itself");
        assert_eq!(page(&[10], 30), (vec![], None), "all deleted");
    }
}
