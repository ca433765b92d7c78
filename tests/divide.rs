//! A long project that alone keeps a run busy is read by its sections besides: the same rows, sooner, and nothing lost
//! whatever happens meanwhile.

use std::collections::BTreeSet;
use std::time::Duration;

use asana_simulator::{Asked, Config, Latency, Plan, RunningSimulator, SERVICE_TOKEN, Size, Truth, truth_of};

use crate::support::expected::{self, gid};
use crate::support::requests::PAGE;
use crate::support::stops::{Point, archived, stopped_at};
use crate::support::{Ended, Export, Folder, start, unlimited};

/// Pages of the long project.
const PAGES: u64 = 40;
/// Pages after which it counts as long.
const LONG: u64 = 10;

/// A small workspace with a long project. Without task search, which would take longer than any project.
fn scene() -> Config {
    let size = Size { huge_project: 3_950, stories_per_task: 0, ..Size::for_tasks(40) };
    let latency = Latency { fixed: Duration::from_millis(25), jitter: Duration::from_millis(5) };
    Config { plan: Plan::Free, size, latency, keeps_log: true, ..unlimited(3, 0) }
}

/// The long project, with its sections.
fn long_project(truth: &Truth) -> (String, Vec<String>) {
    let projects = truth.records("projects", SERVICE_TOKEN);
    let pages = |project: &str| truth.pages(&format!("/tasks?project={project}"), SERVICE_TOKEN, PAGE).unwrap();
    let project = projects.iter().map(gid).max_by_key(|project| pages(project)).unwrap().to_owned();
    assert_eq!(pages(&project) as u64, PAGES);
    let sections = truth.listing(&format!("/projects/{project}/sections"), SERVICE_TOKEN).unwrap();
    (project, sections)
}

struct Run {
    simulator: RunningSimulator,
    out: tempfile::TempDir,
    project: String,
    sections: Vec<String>,
}

impl Run {
    fn new(config: Config) -> Self {
        let (project, sections) = long_project(&truth_of(&config));
        Self { simulator: start(config), out: tempfile::tempdir().unwrap(), project, sections }
    }

    fn export(&self) -> Export {
        let export = Export::new(&self.simulator, SERVICE_TOKEN, &self.out.path().join("out"));
        export.set("only", "projects,sections,tasks").set("progress", "plain")
    }

    /// Exports to a complete end.
    #[track_caller]
    fn completes(&self) -> Ended {
        let ended = self.export().run().exits(0);
        self.assert_whole();
        ended
    }

    /// Every row is there as the truth has it, and nothing is lacking.
    #[track_caller]
    fn assert_whole(&self) {
        let folder = Folder::new(self.export().out());
        let expected = expected::tables(&self.simulator.truth(), SERVICE_TOKEN);
        let tables: Vec<String> =
            folder.tables("csv").into_iter().filter(|name| !name.starts_with("export_")).collect();
        assert!(tables.iter().any(|name| name == "task_memberships"), "{tables:?}");
        for name in tables {
            assert_eq!(folder.table(&name), expected[&name], "{name}");
        }
        assert_eq!(folder.gaps(), []);
    }

    /// Requests for the tasks of the long project, and for those of its sections.
    fn asked(&self) -> (u64, u64) {
        let log = self.simulator.take_log();
        let whole = format!("/tasks?project={}", self.project);
        let parts: BTreeSet<String> =
            self.sections.iter().map(|section| format!("/sections/{section}/tasks")).collect();
        let count = |is_it: &dyn Fn(&Asked) -> bool| log.iter().filter(|asked| is_it(asked)).count() as u64;
        (count(&|asked| asked.question == whole), count(&|asked| parts.contains(&asked.question)))
    }

    /// Requests that all sections take.
    fn pages_of_sections(&self) -> u64 {
        let truth = self.simulator.truth();
        let pages = |section| truth.pages(&format!("/sections/{section}/tasks"), SERVICE_TOKEN, PAGE).unwrap() as u64;
        self.sections.iter().map(pages).sum()
    }
}

#[test]
fn a_long_project_is_read_by_its_sections_when_nothing_else_is_left() {
    let run = Run::new(scene());
    let ended = run.completes();
    assert!(ended.stderr.contains("is long and nothing else is left to ask"), "{}", ended.stderr);
    assert!(ended.stderr.contains("need not be read to its end"), "{}", ended.stderr);
    let (whole, parts) = run.asked();
    let of_sections = run.pages_of_sections();
    assert!(of_sections <= PAGES + run.sections.len() as u64, "{of_sections}");
    assert_eq!(parts, of_sections, "each page of a section once");
    // The longest section has a third of the tasks: as long as it takes, the whole is gone on with.
    assert!((LONG..PAGES - 3).contains(&whole), "{whole}");
    let stats = run.simulator.stats();
    assert_eq!((stats.repeated, stats.rejected), (1, 0), "the list of its sections is asked for once more");
}

#[test]
fn a_section_that_cannot_be_read_is_no_loss() {
    for status in ["403", "404"] {
        let config = scene();
        let (_, sections) = long_project(&truth_of(&config));
        let rule = format!("when=path:/sections/{}/tasks* what={status}", sections[2]);
        let run = Run::new(Config { faults: vec![rule.parse().unwrap()], ..config });
        let ended = run.completes();
        assert!(ended.stderr.contains("so a long listing goes on alone"), "{}", ended.stderr);
        assert_eq!(run.asked().0, PAGES, "{}", ended.stderr);
    }
}

#[test]
fn without_the_list_of_its_sections_it_is_read_as_a_whole() {
    let undisturbed = Run::new(scene());
    undisturbed.completes();
    let list = format!("/projects/{}/sections", undisturbed.project);
    let log = undisturbed.simulator.take_log();
    let asked: Vec<usize> = (1..).zip(&log).filter(|(_, asked)| asked.question == list).map(|(at, _)| at).collect();
    // The first time is for the rows of sections.
    let [first, second] = asked[..] else { panic!("{asked:?}") };
    let rule = format!("when=path:{list}*&from:{} what=403", usize::midpoint(first, second));
    let run = Run::new(Config { faults: vec![rule.parse().unwrap()], ..scene() });
    let ended = run.completes();
    assert!(ended.stderr.contains("so a long listing goes on alone"), "{}", ended.stderr);
    assert_eq!(run.asked(), (PAGES, 0));
}

#[test]
fn what_has_details_to_ask_for_meanwhile_is_not_divided() {
    let size = Size { huge_project: 1_950, stories_per_task: 1, ..Size::for_tasks(20) };
    let config = Config { size, ..scene() };
    let simulator = start(config);
    let out = tempfile::tempdir().unwrap();
    let export = Export::new(&simulator, SERVICE_TOKEN, &out.path().join("out")).set("only", "tasks,stories");
    export.complete();
    assert!(!simulator.stats().by_route.contains_key("/sections/{}/tasks"), "{:?}", simulator.stats().by_route);
}

#[test]
fn stopped_anywhere_in_it_nothing_is_lost() {
    let run = Run::new(scene());
    run.completes();
    let whole = Folder::new(run.export().out()).data_files();
    // Around the list of the sections, in their middle, and about when the last one ends.
    let asked = |log: &[Asked], what: &str| log.iter().position(|asked| asked.question.contains(what)).unwrap_or(0);
    let fresh = Run::new(scene());
    fresh.export().run().exits(0);
    let log = fresh.simulator.take_log();
    let first = asked(&log, "/sections/") as u64;
    assert!(first > LONG, "{first}");
    let points =
        [(first - 1, "KILL"), (first + 4, "INT"), (first + 12, "KILL"), (first + 25, "INT"), (first + 40, "KILL")];
    for (after, signal) in points {
        let run = Run::new(scene());
        stopped_at(Point::Requests(after), signal, &run.simulator, &run.export());
        // Once more, soon after it went on.
        stopped_at(Point::Requests(8), signal, &run.simulator, &run.export());
        let archived = archived(run.export().out());
        run.simulator.take_log();
        run.completes();
        let log = run.simulator.take_log();
        let is_part = |asked: &&Asked| asked.question.contains("/sections/") && asked.question.ends_with("/tasks");
        let again = log.iter().filter(is_part).filter(|asked| archived.contains(&asked.question));
        assert_eq!(again.collect::<Vec<_>>(), Vec::<&Asked>::new(), "a section that is in the archive");
        assert!(Folder::new(run.export().out()).data_files() == whole, "after {after} requests, by {signal}");
    }
}

#[test]
fn what_was_shown_by_the_project_and_by_no_section_means_that_it_is_read_to_its_end() {
    let config = scene();
    let truth = truth_of(&config);
    let (project, sections) = long_project(&truth);
    // Among the first thousand of the project, and far behind in the first section, which is read alone at first.
    let of = truth.listing(&format!("/sections/{}/tasks", sections[0]), SERVICE_TOKEN).unwrap()[780].clone();
    let projects = truth.records("projects", SERVICE_TOKEN);
    let other = projects.iter().map(gid).find(|other| *other != project).unwrap();
    let change = format!("when=page:1:/sections/{}/tasks what=move-to task={of} project={other}", sections[0]);
    let run = Run::new(Config { changes: vec![change.parse().unwrap()], ..config });
    let ended = run.completes();
    assert!(ended.stderr.contains("something that none of its parts does"), "{}", ended.stderr);
    assert_eq!(run.simulator.stats().changes, 1);
    assert!(run.asked().0 >= PAGES - 1);
}

#[test]
fn a_task_that_went_to_a_section_that_was_read_is_found() {
    let config = scene();
    let truth = truth_of(&config);
    let (project, sections) = long_project(&truth);
    let listed = |path: String| truth.listing(&path, SERVICE_TOKEN).unwrap();
    let rows = listed(format!("/tasks?project={project}"));
    // The first section is the longest; the last task of all goes to its first page, when that is read.
    let read = listed(format!("/sections/{}/tasks", sections[0]));
    let place = rows.iter().position(|row| *row == read[3]).unwrap();
    let from = rows.len() - 1;
    let change =
        format!("when=page:1:/sections/{}/tasks what=move project={project} from={from} to={place}", sections[0]);
    let run = Run::new(Config { changes: vec![change.parse().unwrap()], ..config });
    let ended = run.completes();
    assert!(ended.stderr.contains("need not be read to its end"), "{}", ended.stderr);
    assert_eq!(run.simulator.stats().changes, 1);
    let memberships = Folder::new(run.export().out()).table("task_memberships");
    let found = memberships.texts("task_gid").into_iter().zip(memberships.texts("section_gid"));
    let found: Vec<String> = found.filter(|(task, _)| *task == rows[from]).map(|(_, section)| section).collect();
    assert!(found.contains(&sections[0]), "{found:?}");
}
