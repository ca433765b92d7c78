//! Portfolios, and what is in them.

use super::build::{boolean, custom_field_values, date, itself, named, people, records, refs, text, timestamp};
use super::goals::CURRENT_STATUS_UPDATE;
use super::{CHOSEN, Key, Listing, Name, Per, Resource, Set, Stage, WHOLE};
use crate::sensitive::{HARMLESS, TITLE};

// Left out: `public` (deprecated in favour of `privacy_setting`, as in projects).
pub(super) static PORTFOLIOS: Resource = Resource {
    name: "portfolios",
    singular: "portfolio",
    about: "Portfolios, archived ones included. Asana lists a person's own ones only; those in them, and those that goals \
            rest on, are followed.",
    api: "https://developers.asana.com/reference/getportfolios",
    fields: &[
        text("name", TITLE, "The name of the portfolio."),
        named("workspace", "workspaces", "The workspace."),
        named("owner", "users", "Who owns it."),
        boolean("archived", "Whether it is archived."),
        timestamp("created_at", "When it was made."),
        named("created_by", "users", "Who made it."),
        date("start_on", "The day it starts."),
        date("due_on", "The day it is due."),
        text("color", HARMLESS, "Its color."),
        text("privacy_setting", HARMLESS, "Who can see it: public_to_domain or members_only."),
        text("default_access_level", HARMLESS, "What people it is shared with may do: admin, editor or viewer."),
        text("permalink_url", HARMLESS, "Its address in Asana."),
        CURRENT_STATUS_UPDATE,
        people("members", "Users who are members."),
        refs("project_templates", "project_template_gid", "project_templates", Name::Absent, "Its project templates."),
        custom_field_values("Values of custom fields of this portfolio."),
        records("custom_field_settings", "custom_field_settings", "The custom fields used in the portfolio."),
    ],
    listings: &[
        Listing {
            leaves_out: OF_OTHERS,
            ..Listing::paged(
                "portfolios",
                Per::Each("workspaces"),
                "/portfolios",
                &[("workspace", "{gid}")],
                Stage::Structure,
                WHOLE,
            )
        },
        // Earlier editions of Asana's description demand an owner of whoever is not a service account.
        Listing {
            instead_of: Some("portfolios"),
            leaves_out: OF_OTHERS,
            ..Listing::paged(
                "own_portfolios",
                Per::Each("workspaces"),
                "/portfolios",
                &[("workspace", "{gid}"), ("owner", "me")],
                Stage::Structure,
                WHOLE,
            )
        },
        Listing::single("portfolio", Per::Named("portfolios"), "/portfolios/{gid}", Stage::Containers, WHOLE),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

/// Source: <https://developers.asana.com/reference/getportfolios>
const OF_OTHERS: Option<&str> = Some(
    "Asana lists the portfolios that the token's user owns, no others; those inside them and those that goals rest on \
     were followed",
);

pub(super) static PORTFOLIO_ITEMS: Resource = Resource {
    name: "portfolio_items",
    singular: "portfolio_item",
    about: "The projects and portfolios in each portfolio, in its order.",
    api: "https://developers.asana.com/reference/getitemsforportfolio",
    fields: &[itself("item", &["portfolios"], "The project or portfolio.")],
    listings: &[Listing::paged(
        "portfolio_items",
        Per::Each("portfolios"),
        "/portfolios/{gid}/items",
        &[],
        Stage::Containers,
        WHOLE,
    )],
    union: false,
    key: Key::ParentPosition("portfolios"),
    sets: &[Set::Default, Set::Planning],
    counted: None,
};

pub(super) static PROJECT_PORTFOLIO_SETTINGS: Resource = Resource {
    name: "project_portfolio_settings",
    singular: "project_portfolio_setting",
    about: "How a portfolio affects a project in it.",
    api: "https://developers.asana.com/reference/getprojectportfoliosettingsforportfolio",
    fields: &[
        named("project", "projects", "The project."),
        named("portfolio", "portfolios", "The portfolio."),
        boolean("is_access_control_inherited", "Whether members of the portfolio have access to the project."),
        timestamp("created_at", "When the project was added."),
    ],
    listings: &[
        Listing::paged(
            "project_portfolio_settings_of_portfolio",
            Per::Each("portfolios"),
            "/portfolios/{gid}/project_portfolio_settings",
            &[],
            Stage::Containers,
            WHOLE,
        ),
        Listing::paged(
            "project_portfolio_settings_of_project",
            Per::Each("projects"),
            "/projects/{gid}/project_portfolio_settings",
            &[],
            Stage::Containers,
            CHOSEN,
        ),
    ],
    union: false,
    key: Key::Gid,
    sets: &[Set::Default, Set::Planning],
    counted: None,
};
