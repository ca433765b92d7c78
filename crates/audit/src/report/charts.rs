//! The numbers that the report draws, asked of the same database as the rules.

use asana_export::Reduced;
use asana_model::Layout;
use rusqlite::Connection;

use crate::audit::Export;
use crate::database::Database;
use crate::error::Result;
use crate::prospect;

/// A chart's numbers: for each category one for each series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// A word for addresses within the page.
    pub id: &'static str,
    pub title: &'static str,
    /// What is counted, in a sentence.
    pub about: &'static str,
    pub shape: Shape,
    pub series: &'static [&'static str],
    pub rows: Vec<Row>,
    /// Why there is nothing to draw, or what the numbers lack.
    pub lacks: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Upright, in the order of time, the series beside each other.
    Columns,
    /// Lying, the series one after another.
    Bars,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub category: String,
    /// In the order of the series.
    pub counts: Vec<u64>,
}

/// What a chart is made of. A query gives a category and a number for each series, and reads `:now`, the time of the export.
struct Plan {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    shape: Shape,
    series: &'static [&'static str],
    tables: &'static [&'static str],
    query: &'static str,
}

const PLANS: &[Plan] = &[
    Plan {
        id: "pace",
        title: "Tasks created and completed",
        about: "Tasks, subtasks included, by the month in which they were created and in which they were completed; the \
                last 18 months.",
        shape: Shape::Columns,
        series: &["created", "completed"],
        tables: &["tasks"],
        query: "WITH RECURSIVE months(day) AS (
                    SELECT date(:now, 'start of month', '-17 months')
                    UNION ALL SELECT date(day, '+1 month') FROM months WHERE day < date(:now, 'start of month')),
                created AS (SELECT substr(created_at, 1, 7) AS month, count(*) AS tasks FROM tasks GROUP BY 1),
                completed AS (SELECT substr(completed_at, 1, 7) AS month, count(*) AS tasks FROM tasks GROUP BY 1)
                SELECT substr(day, 1, 7), coalesce(created.tasks, 0), coalesce(completed.tasks, 0) FROM months
                LEFT JOIN created ON created.month = substr(day, 1, 7)
                LEFT JOIN completed ON completed.month = substr(day, 1, 7) ORDER BY day",
    },
    Plan {
        id: "overdue",
        title: "Overdue tasks by age",
        about: "Open tasks whose due date has passed, by how long ago it was.",
        shape: Shape::Bars,
        series: &["tasks"],
        tables: &["tasks"],
        query: "WITH ages(place, label, least, most) AS (VALUES
                    (1, 'up to a week', 1, 7), (2, 'up to a month', 8, 30), (3, 'up to 3 months', 31, 90),
                    (4, 'up to a year', 91, 365), (5, 'longer', 366, 1000000)),
                overdue AS (SELECT CAST(julianday(date(:now)) - julianday(due_on) AS INTEGER) AS days FROM tasks
                    WHERE completed = 0 AND due_on < date(:now))
                SELECT label, (SELECT count(*) FROM overdue WHERE days BETWEEN least AND most) FROM ages ORDER BY place",
    },
    Plan {
        id: "access",
        title: "Access by role",
        about: "With whom projects, portfolios, goals and custom fields are shared, and as what: one for each object and \
                person or team.",
        shape: Shape::Bars,
        series: &["members", "guests", "teams"],
        tables: &["memberships", "workspace_memberships"],
        query: "WITH guests AS (SELECT DISTINCT user_gid FROM workspace_memberships WHERE is_guest)
                SELECT coalesce(access_level, 'not told'), sum(member_type IS NOT 'team' AND guests.user_gid IS NULL),
                    sum(guests.user_gid IS NOT NULL), sum(member_type IS 'team')
                FROM memberships LEFT JOIN guests ON guests.user_gid = member_gid
                GROUP BY 1 ORDER BY count(*) DESC, 1",
    },
    Plan {
        id: "activity",
        title: "Projects by last activity",
        about: "Projects that are not archived, by when they, or a task in them, were last changed.",
        shape: Shape::Bars,
        series: &["projects"],
        tables: &["projects", "tasks", "task_memberships"],
        query: "WITH ages(place, label, least, most) AS (VALUES
                    (1, 'within a month', -1000000, 30), (2, 'up to 3 months ago', 31, 90),
                    (3, 'up to 6 months ago', 91, 182), (4, 'up to a year ago', 183, 365),
                    (5, 'longer ago', 366, 1000000)),
                touched AS (SELECT project_gid AS gid, max(modified_at) AS at FROM task_memberships
                    JOIN tasks ON tasks.gid = task_gid GROUP BY project_gid),
                quiet AS (SELECT CAST(julianday(:now) - julianday(
                        max(coalesce(projects.modified_at, ''), coalesce(touched.at, ''), projects.created_at)) AS INTEGER)
                        AS days
                    FROM projects LEFT JOIN touched ON touched.gid = projects.gid WHERE archived = 0)
                SELECT label, (SELECT count(*) FROM quiet WHERE days BETWEEN least AND most) FROM ages ORDER BY place",
    },
    Plan {
        id: "workload",
        title: "Workload by person",
        about: "Open tasks by whom they are assigned to; the twelve with the most.",
        shape: Shape::Bars,
        series: &["overdue", "other open tasks"],
        tables: &["tasks"],
        query: "SELECT coalesce(max(assignee_name), 'without a name'), sum(due_on < date(:now) AND due_on IS NOT NULL),
                    sum(due_on IS NULL OR due_on >= date(:now))
                FROM tasks WHERE completed = 0 AND assignee_gid IS NOT NULL
                GROUP BY assignee_gid ORDER BY count(*) DESC, 1, assignee_gid LIMIT 12",
    },
];

/// Whether a chart is made of this table.
pub fn needs(table: &str) -> bool {
    PLANS.iter().any(|plan| plan.tables.contains(&table))
}

/// The queries that read this table.
pub fn queries_of(table: &str) -> Vec<&'static str> {
    PLANS.iter().filter(|plan| plan.tables.contains(&table)).map(|plan| plan.query).collect()
}

/// Every chart, of a database that holds those tables which the export has. Those of which a copy lacks something are not
/// drawn: their numbers would look like others.
pub fn ask(database: &Database, export: &Export, reduced: &Reduced, layout: &Layout) -> Result<Vec<Chart>> {
    PLANS.iter().map(|plan| plan.ask(database, export, reduced, layout)).collect()
}

impl Plan {
    fn ask(&self, database: &Database, export: &Export, reduced: &Reduced, layout: &Layout) -> Result<Chart> {
        let missing: Vec<&str> =
            self.tables.iter().copied().filter(|table| !export.rows.contains_key(*table)).collect();
        let left_out = self.left_out(reduced, layout);
        let rows = match missing.as_slice() {
            [] if left_out.is_empty() => self.rows(database.connection(), &export.created_at)?,
            _ => Vec::new(),
        };
        let mut lacks: Vec<String> = missing.iter().map(|table| format!("the export has no {table}")).collect();
        lacks.extend(left_out);
        let resources = self
            .tables
            .iter()
            .filter_map(|name| layout.tables.iter().find(|table| table.name == *name).and_then(|table| table.resource));
        let mut resources: Vec<&str> = resources.collect();
        resources.dedup();
        for resource in resources.into_iter().filter(|resource| !missing.contains(resource)) {
            if let Some(covered) = export.coverage.get(resource).filter(|covered| covered.status != "complete") {
                let reason = covered.reason.as_deref().unwrap_or("no reason given");
                lacks.push(format!("{resource} are {}: {reason}", covered.status));
            }
        }
        let Self { id, title, about, shape, series, .. } = *self;
        Ok(Chart { id, title, about, shape, series, rows, lacks })
    }

    /// What the chart needs and a copy for others was made without.
    fn left_out(&self, reduced: &Reduced, layout: &Layout) -> Vec<String> {
        let tables = layout.tables.iter().filter(|table| self.tables.contains(&table.name.as_str()));
        let mut reasons: Vec<String> = tables
            .flat_map(|table| {
                let too_old = table.resource.and_then(|resource| prospect::too_old(resource, reduced));
                [prospect::left_out(table, self.query, reduced), too_old]
            })
            .flatten()
            .collect();
        reasons.dedup();
        reasons
    }

    fn rows(&self, connection: &Connection, now: &str) -> Result<Vec<Row>> {
        let mut statement = connection.prepare(self.query)?;
        // Not every query asks what time it is.
        if let Some(place) = statement.parameter_index(":now")? {
            statement.raw_bind_parameter(place, now)?;
        }
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let count = |place| row.get::<_, Option<i64>>(place).map(|count| count.unwrap_or(0).unsigned_abs());
            let counts = (1..=self.series.len()).map(count).collect::<rusqlite::Result<_>>()?;
            found.push(Row { category: row.get(0)?, counts });
        }
        Ok(found)
    }
}
