//! Gids: numbers as text, from which the object can be found again without any table.
//!
//! A gid holds the code of its kind and the object's index, spread by a constant step: `12KK` followed by twelve
//! digits (16 digits, below 2^53), or for about one object in eight by fifteen (19 digits, above 2^53, below 2^63).
//! Clients must treat them as opaque text; only the generator may look inside.

use super::rng::mix;

const STEP: u64 = 1009;
const NARROW: u64 = 1_000_000_000_000;
const WIDE: u64 = 1_000_000_000_000_000;

macro_rules! kinds {
    ($($name:ident = $code:literal, $resource:literal;)*) => {
        /// What a gid names. Two kinds may carry the same `resource_type`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind { $($name),* }

        impl Kind {
            pub(crate) const fn code(self) -> u64 {
                match self { $(Self::$name => $code),* }
            }

            const fn from_code(code: u64) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// The `resource_type` as Asana writes it.
            pub(crate) const fn resource(self) -> &'static str {
                match self { $(Self::$name => $resource),* }
            }
        }
    };
}

kinds! {
    Workspace = 10, "workspace";
    User = 11, "user";
    WorkspaceMembership = 12, "workspace_membership";
    UserTaskList = 13, "user_task_list";
    Team = 14, "team";
    TeamMembership = 15, "team_membership";
    Project = 16, "project";
    ProjectMembership = 17, "membership";
    Section = 18, "section";
    Tag = 19, "tag";
    CustomField = 20, "custom_field";
    EnumOption = 21, "enum_option";
    Setting = 22, "custom_field_setting";
    Task = 23, "task";
    Story = 24, "story";
    TaskAttachment = 25, "attachment";
    ProjectAttachment = 26, "attachment";
    TaskLike = 27, "like";
    StoryLike = 28, "like";
    StatusUpdate = 29, "status_update";
    ProjectStatus = 30, "project_status";
    ProjectBrief = 31, "project_brief";
    ProjectTemplate = 32, "project_template";
    CustomType = 33, "custom_type";
    CustomTypeStatus = 34, "custom_type_status_option";
    MyTasksSection = 35, "section";
    CustomFieldValue = 36, "custom_field";
    Portfolio = 40, "portfolio";
    PortfolioMembership = 41, "membership";
    PortfolioSetting = 42, "custom_field_setting";
    ProjectPortfolioSetting = 43, "project_portfolio_setting";
    Goal = 44, "goal";
    GoalMembership = 45, "membership";
    GoalSetting = 46, "custom_field_setting";
    GoalMetric = 47, "goal_metric";
    GoalRelationship = 48, "goal_relationship";
    TimePeriod = 49, "time_period";
    PortfolioStatusUpdate = 50, "status_update";
    GoalStatusUpdate = 51, "status_update";
    GoalStory = 52, "story";
    GoalLike = 53, "like";
    GoalStoryLike = 54, "like";
    StatusUpdateLike = 55, "like";
    StoryReaction = 56, "reaction";
    GoalStoryReaction = 57, "reaction";
    StatusUpdateReaction = 58, "reaction";
    BriefAttachment = 60, "attachment";
    TemplateRole = 61, "template_role";
    TaskTemplate = 62, "task_template";
    CustomFieldMembership = 63, "custom_field_membership";
    CustomTypeMembership = 64, "custom_type_membership";
    RbacRole = 65, "role";
    Agent = 66, "agent";
    OooEntry = 67, "ooo_entry";
    AccessRequest = 68, "access_request";
    Webhook = 69, "webhook";
    AuditLogEvent = 70, "audit_log_event";
    TimeEntry = 71, "time_tracking_entry";
    TimeCategory = 72, "time_tracking_category";
    Timesheet = 73, "timesheet_approval_status";
    Allocation = 74, "allocation";
    Budget = 75, "budget";
    Rate = 76, "rate";
    Placeholder = 77, "placeholder";
    PortfolioAccessRequest = 78, "access_request";
}

/// Why a text names nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GidError {
    /// Not a number at all: Asana answers 400.
    Malformed,
    /// A number that names nothing of this workspace.
    Unknown,
}

/// Makes and reads the gids of one seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gids {
    offset: u64,
    seed: u64,
}

impl Gids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { offset: mix(seed) % STEP, seed }
    }

    fn is_wide(self, kind: Kind, index: u64) -> bool {
        // Numbered within stories and status updates, these outgrow twelve digits.
        let always = matches!(
            kind,
            Kind::StoryLike
                | Kind::GoalStoryLike
                | Kind::StatusUpdateLike
                | Kind::StoryReaction
                | Kind::GoalStoryReaction
                | Kind::StatusUpdateReaction
        );
        always || mix(self.seed ^ (kind.code() << 48) ^ index).is_multiple_of(8)
    }

    pub(crate) fn gid(self, kind: Kind, index: u64) -> u64 {
        let digits = if self.is_wide(kind, index) { WIDE } else { NARROW };
        (1200 + kind.code()) * digits + index * STEP + self.offset
    }

    pub(crate) fn parse(self, text: &str) -> Result<(Kind, u64), GidError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(GidError::Malformed);
        }
        let number: u64 = text.parse().map_err(|_| GidError::Unknown)?;
        let digits = if number >= 1000 * WIDE { WIDE } else { NARROW };
        let kind = (number / digits).checked_sub(1200).and_then(Kind::from_code).ok_or(GidError::Unknown)?;
        let index = (number % digits) / STEP;
        if self.gid(kind, index) == number && number.to_string() == text {
            Ok((kind, index))
        } else {
            Err(GidError::Unknown)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gids_are_read_back() {
        let gids = Gids::new(42);
        let mut wide = 0;
        for index in [0, 1, 2, 77, 99_999, 51_200_000] {
            for kind in [Kind::Task, Kind::Story, Kind::User, Kind::StoryLike] {
                let gid = gids.gid(kind, index);
                wide += u32::from(gid > 1 << 53);
                assert!(matches!(gid.to_string().len(), 16 | 19), "{gid}");
                assert_eq!(gids.parse(&gid.to_string()), Ok((kind, index)));
                assert_eq!(gids.parse(&(gid + 1).to_string()), Err(GidError::Unknown));
            }
        }
        assert!(wide > 0);
        assert_eq!(gids.parse("12x"), Err(GidError::Malformed));
        assert_eq!(gids.parse("99999999999999999999999"), Err(GidError::Unknown));
    }
}
