//! How records are come by: what is asked, for whom, and how the answer ends.

use super::{Scope, Stage};

/// One sequence of records, asked for one parent.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    pub name: &'static str,
    pub per: Per,
    /// Path below the API's base; `{gid}` stands for the parent, `{workspace}` for the workspace, `{item}` for the
    /// element of [`Per::EachItem`].
    pub path: &'static str,
    /// Query parameters with the same placeholders; `limit`, `offset` and `opt_fields` are added to them.
    pub query: &'static [(&'static str, &'static str)],
    pub ends: Ends,
    pub stage: Stage,
    pub scopes: &'static [Scope],
    pub asks: Asks,
    pub gives: Gives,
    /// It is asked only where Asana answers that other listing with 400: a narrower question that more tokens may ask.
    pub instead_of: Option<&'static str>,
    /// It can be asked again for what changed since an instant.
    pub since: Option<Since>,
    /// Of the objects that it would be asked for, that other listing (of [`Gives::Gids`]) says which have something.
    pub narrowed_by: Option<&'static str>,
    /// The field of a record that names the parents for which this listing shows it: it tells how often the record is
    /// met here, and whether another listing of the same resource shows it too.
    pub shown_by: Option<&'static str>,
    /// How a long one can be read by parts.
    pub divided: Option<Divided>,
    /// What even a complete answer leaves out, as a sentence, unless a service account asked.
    pub leaves_out: Option<&'static str>,
}

/// What a listing is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// Once, for the token.
    Token,
    /// For each object of a resource that was read. Of workspaces, only the exported one counts.
    Each(&'static str),
    /// The same, where the object's own fields do not already say that there is nothing.
    EachWhere(&'static str, Condition),
    /// For each object of a resource that is known by its gid alone: another record or a search named it, and no listing
    /// showed it.
    Named(&'static str),
    /// For each element of a list inside each object: its text member is `{item}`.
    EachItem { parent: &'static str, list: &'static str, item: &'static str },
    /// Only where a long listing is read by parts ([`Listing::divided`]), for objects of a resource: what is divided, or
    /// its parts. What it shows is shown by that listing too.
    Dividing(&'static str),
    /// For each gid that the user chose.
    Chosen,
}

impl Per {
    /// The resource whose objects this listing is asked for.
    pub fn parent(self) -> Option<&'static str> {
        match self {
            Per::Each(parent)
            | Per::EachWhere(parent, _)
            | Per::Named(parent)
            | Per::EachItem { parent, .. }
            | Per::Dividing(parent) => Some(parent),
            Per::Token | Per::Chosen => None,
        }
    }

    /// The resource without whose objects there would be less: that of the parent, unless the same is asked in another
    /// way, too.
    pub fn hangs_from(self) -> Option<&'static str> {
        self.parent().filter(|_| !self.is_dividing())
    }

    /// Whether it only divides another listing.
    pub fn is_dividing(self) -> bool {
        matches!(self, Per::Dividing(_))
    }

    /// The fields of the parent that decide about it.
    pub fn parent_fields(self) -> Vec<&'static str> {
        match self {
            Per::EachWhere(_, condition) => condition.fields().to_vec(),
            Per::EachItem { list, .. } => vec![list],
            Per::Token | Per::Each(_) | Per::Named(_) | Per::Dividing(_) | Per::Chosen => Vec::new(),
        }
    }
}

/// A test on a parent that saves a request whose answer is known. A field that was not sent holds: then nothing is
/// known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The field is a number above zero, or null.
    Positive(&'static str),
    /// The field is a number above zero; null says that there is nothing.
    Counted(&'static str),
    /// The field is not `false`.
    True(&'static str),
    /// The field is not null.
    Present(&'static str),
    /// One of the fields was not sent at all, not even as null: the parent's own listing does not tell it.
    Lacks(&'static [&'static str]),
}

impl Condition {
    /// The fields that it looks at.
    pub fn fields(&self) -> &[&'static str] {
        match self {
            Condition::Positive(field)
            | Condition::Counted(field)
            | Condition::True(field)
            | Condition::Present(field) => std::slice::from_ref(field),
            Condition::Lacks(fields) => fields,
        }
    }

    /// Whether the condition holds for a record, of which `field` gives the JSON text of a field (`None` when it was
    /// not sent).
    pub fn holds<'r>(self, field: impl Fn(&str) -> Option<&'r str>) -> bool {
        self.fields().iter().any(|name| field(name).is_none_or(|json| self.holds_for(json)))
    }

    fn holds_for(self, json: &str) -> bool {
        let is_null = json == "null";
        let positive = || json.parse::<f64>().is_ok_and(|number| number > 0.0);
        match self {
            Condition::Positive(_) => is_null || positive(),
            Condition::Counted(_) => !is_null && positive(),
            Condition::True(_) => json != "false",
            Condition::Present(_) => !is_null,
            Condition::Lacks(_) => false,
        }
    }
}

/// How a listing shows its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// `next_page` is null; a short or empty page means nothing.
    NullNextPage,
    /// It is one object, not a list.
    SingleObject,
    /// It is a list without pages.
    Unpaged,
    /// A page is empty; `next_page` goes on for ever once it began.
    /// Source: <https://developers.asana.com/docs/audit-log-events>
    EmptyPage,
    /// It has no pages: the next question is about what was created after the last record.
    /// Source: <https://developers.asana.com/reference/searchtasksforworkspace>
    Windows,
}

impl Ends {
    /// Whether `limit` and `offset` are understood.
    pub fn has_pages(self) -> bool {
        matches!(self, Ends::NullNextPage | Ends::EmptyPage)
    }
}

/// What is named in `opt_fields`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Every field of the catalogue.
    Fields,
    /// Nothing: the endpoint documents no `opt_fields`, and answers with what it has. The fields named here are known,
    /// and left out.
    Nothing {
        left_out: &'static [&'static str],
    },
    Only(&'static [&'static str]),
}

/// What the records are good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// Full records.
    Records,
    /// Records that lack what another listing of the same resource has: that one's version counts, however old.
    Compact,
    /// No records, only which objects of a resource there are.
    Gids(&'static str),
}

/// How to ask for what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// The query parameter.
    pub parameter: &'static str,
    /// The field of a record that says when it changed.
    pub field: &'static str,
}

/// How a listing can be read by parts, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Divided {
    /// The listing of the parts, asked for the same parent.
    pub parts: &'static str,
    /// The listing that is asked for each part. Together they show what the divided one shows, in the same form.
    pub each: &'static str,
}

impl Listing {
    /// A listing of full records in pages.
    pub(super) const fn paged(
        name: &'static str,
        per: Per,
        path: &'static str,
        query: &'static [(&'static str, &'static str)],
        stage: Stage,
        scopes: &'static [Scope],
    ) -> Self {
        Self {
            name,
            per,
            path,
            query,
            ends: Ends::NullNextPage,
            stage,
            scopes,
            asks: Asks::Fields,
            gives: Gives::Records,
            instead_of: None,
            since: None,
            narrowed_by: None,
            shown_by: None,
            divided: None,
            leaves_out: None,
        }
    }

    /// One object by its gid.
    pub(super) const fn single(
        name: &'static str,
        per: Per,
        path: &'static str,
        stage: Stage,
        scopes: &'static [Scope],
    ) -> Self {
        Self { ends: Ends::SingleObject, ..Self::paged(name, per, path, &[], stage, scopes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_field_never_saves_a_request() {
        let holds = |condition: Condition, json| condition.holds(|_| json);
        for condition in [Condition::Positive, Condition::Counted, Condition::True, Condition::Present] {
            assert!(holds(condition("n"), None));
        }
        assert!(holds(Condition::Positive("n"), Some("3")) && !holds(Condition::Positive("n"), Some("0")));
        assert!(holds(Condition::Positive("n"), Some("null")) && !holds(Condition::Counted("n"), Some("null")));
        assert!(!holds(Condition::True("b"), Some("false")) && holds(Condition::True("b"), Some("null")));
        assert!(holds(Condition::Present("s"), Some("{}")) && !holds(Condition::Present("s"), Some("null")));
    }

    #[test]
    fn what_its_own_listing_tells_is_not_asked_for() {
        let lacks = Condition::Lacks(&["task", "description"]);
        assert!(!lacks.holds(|_| Some("null")));
        assert!(lacks.holds(|field| (field == "task").then_some("{}")));
    }
}
