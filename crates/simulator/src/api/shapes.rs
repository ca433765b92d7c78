//! The members of every kind of record, as Asana's description lists them.
//!
//! A line is a member: its name, then `+` if the compact form has it, `?` if it is opt-in (never sent unless named),
//! `*` if a full record embeds it whole rather than as a compact reference, and `:kind` if it is an object (or array
//! of objects) of another kind. Members without mark are in the full form of a single GET, deprecated ones too.

use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) compact: bool,
    pub(crate) opt_in: bool,
    pub(crate) embedded: bool,
    pub(crate) of: Option<&'static str>,
}

#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) members: Vec<Member>,
}

impl Shape {
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// A resource has a gid; a mere value (`date_value`, `photo`) has none.
    pub(crate) fn is_resource(&self) -> bool {
        self.member("gid").is_some()
    }
}

/// The shape of a kind.
pub(crate) fn shape(name: &str) -> &'static Shape {
    static NOTHING: Shape = Shape { members: Vec::new() };
    SHAPES.get(name).unwrap_or(&NOTHING)
}

static SHAPES: LazyLock<BTreeMap<&'static str, Shape>> =
    LazyLock::new(|| SOURCE.iter().map(|(name, members)| (*name, read(members))).collect());

fn read(members: &'static str) -> Shape {
    let members = members
        .split_whitespace()
        .map(|word| {
            let (marked, of) = word.split_once(':').map_or((word, None), |(name, of)| (name, Some(of)));
            let name = marked.trim_end_matches(['+', '?', '*']);
            let has = |mark| marked.contains(mark);
            Member { name, compact: has('+'), opt_in: has('?'), embedded: has('*'), of }
        })
        .collect();
    Shape { members }
}

const SOURCE: &[(&str, &str)] = &[
    ("workspace", "gid+ resource_type+ name+ email_domains is_organization"),
    ("named", "gid+ resource_type+ name+"),
    ("resource", "gid+ resource_type+"),
    ("photo", "image_21x21+ image_27x27+ image_36x36+ image_60x60+ image_128x128+ image_1024x1024+"),
    ("user", "gid+ resource_type+ name+ email photo*:photo workspaces:workspace custom_fields*:custom_field_compact"),
    ("vacation", "start_on+ end_on+"),
    (
        "workspace_membership",
        "gid+ resource_type+ user+:user workspace+:workspace user_task_list:user_task_list is_active is_admin is_guest
         is_view_only vacation_dates*:vacation created_at",
    ),
    ("user_task_list", "gid+ resource_type+ name+ owner+:user workspace+:workspace"),
    (
        "team",
        "gid+ resource_type+ name+ description? html_description? organization:workspace permalink_url visibility
         edit_team_name_or_description_access_level edit_team_visibility_or_trash_team_access_level
         member_invite_management_access_level guest_invite_management_access_level
         join_request_management_access_level team_member_removal_access_level team_content_management_access_level
         endorsed custom_field_settings*:custom_field_setting",
    ),
    ("team_membership", "gid+ resource_type+ user+:user team+:team is_guest+ is_limited_access+ is_admin+"),
    ("project_membership", "gid+ resource_type+ parent?:project member+:named access_level+ resource_subtype+"),
    ("portfolio_membership", "gid+ resource_type+ parent+:portfolio member+:named access_level+ resource_subtype+"),
    (
        "goal_membership",
        "gid+ resource_type+ parent+:goal member+:named access_level+ resource_subtype+ goal+:goal role+ is_commenter+
         is_editor+",
    ),
    (
        "project",
        "gid+ resource_type+ name+ archived color icon created_at current_status*:project_status
         current_status_update:status_update custom_field_settings*:custom_field_setting default_view due_date due_on
         html_notes? members:user modified_at notes public privacy_setting start_on default_access_level
         minimum_access_level_for_customization minimum_access_level_for_sharing custom_fields*:custom_field_compact completed
         completed_at completed_by:user followers:user owner:user team:team permalink_url project_brief?:resource
         created_from_template?:named workspace:workspace",
    ),
    (
        "project_status",
        "gid+ resource_type+ title+ text html_text? color author:user created_at created_by:user modified_at",
    ),
    (
        "status_update",
        "gid+ resource_type+ title+ resource_subtype+ text html_text? status_type author:user created_at
         created_by:user hearted hearts*:like liked likes*:like reaction_summary*:reaction_summary modified_at
         num_hearts num_likes parent:named",
    ),
    ("section", "gid+ resource_type+ name+ created_at project:project projects:project"),
    ("tag", "gid+ resource_type+ name+ color notes created_at followers:user workspace:workspace permalink_url"),
    ("enum_option", "gid+ resource_type+ name+ enabled+ color+"),
    ("date_value", "date+ date_time+"),
    (
        "custom_field",
        "gid+ resource_type+ name+ type+ enum_options+*:enum_option enabled+ representation_type+ id_prefix+
         input_restrictions is_formula_field+ date_value+*:date_value enum_value+*:enum_option
         multi_enum_values+*:enum_option number_value+ text_value+ display_value+ description? precision format
         currency_code custom_label custom_label_position is_global_to_workspace has_notifications_enabled
         asana_created_field is_value_read_only created_by:user people_value:user reference_value:named
         html_text_value privacy_setting default_access_level resource_subtype",
    ),
    (
        "custom_field_compact",
        "gid+ resource_type+ name+ type+ enum_options+*:enum_option enabled+ representation_type+ id_prefix+
         input_restrictions+ is_formula_field+ date_value+*:date_value enum_value+*:enum_option
         multi_enum_values+*:enum_option number_value+ text_value+ display_value+",
    ),
    (
        "custom_field_setting",
        "gid+ resource_type+ project+:project is_important+ parent+:project custom_field+*:custom_field",
    ),
    ("like", "gid+ user+:user"),
    ("membership_of_task", "project+:project section+:section"),
    ("external", "gid+ data+"),
    (
        "task",
        "gid+ resource_type+ name+ resource_subtype+ created_by?:resource approval_status assignee_status
         assigned_by:user completed completed_at completed_by:user created_at dependencies?:resource
         dependents?:resource due_at due_on external?*:external html_notes? hearted hearts*:like
         is_rendered_as_separator? liked likes*:like memberships*:membership_of_task modified_at notes num_hearts
         num_likes num_subtasks? start_at start_on actual_time_minutes assignee:user assignee_section:section
         custom_fields*:custom_field custom_type:named custom_type_status_option:named followers:user parent:task
         projects:project tags:tag workspace:workspace permalink_url",
    ),
    ("dates", "start_on+ due_at+ due_on+"),
    ("reaction_summary", "emoji_base+ variant+ count+ reacted+"),
    ("reaction", "gid+ emoji+ user+:user"),
    ("preview", "fallback+ footer+ header+ header_link+ html_text+ text+ title+ title_link+"),
    ("story_reference", "gid+ resource_type+ created_at+ created_by+:user resource_subtype+ text+"),
    (
        "story",
        "gid+ resource_type+ created_at+ resource_subtype+ text+ html_text? is_pinned sticker_name created_by+:user
         type+ is_editable is_edited hearted hearts*:like num_hearts liked likes*:like num_likes
         reaction_summary*:reaction_summary previews*:preview old_name new_name old_dates*:dates new_dates*:dates
         old_resource_subtype new_resource_subtype story:story_reference assignee:user follower:user
         old_section:section new_section:section task:task project:project tag:tag custom_field:custom_field_compact
         old_text_value new_text_value old_number_value new_number_value old_enum_value*:enum_option
         new_enum_value*:enum_option old_date_value*:dates new_date_value*:dates old_people_value:user
         new_people_value:user old_multi_enum_values*:enum_option new_multi_enum_values*:enum_option
         new_approval_status old_approval_status duplicate_of:task duplicated_from:task dependency:task source
         target:task",
    ),
    (
        "portfolio",
        "gid+ resource_type+ name+ archived? color start_on due_on default_access_level created_at created_by:user
         custom_field_settings*:custom_field_setting current_status_update:status_update
         custom_fields*:custom_field_compact members:user owner:user workspace:workspace permalink_url public
         privacy_setting project_templates:named",
    ),
    (
        "project_portfolio_setting",
        "gid+ resource_type+ project+:project portfolio+:portfolio is_access_control_inherited+ created_at",
    ),
    (
        "goal",
        "gid+ resource_type+ name+ owner+:user html_notes notes due_on start_on is_workspace_level liked likes*:like
         num_likes team:team workspace:workspace followers:user time_period:time_period metric*:goal_metric
         current_status_update:status_update status privacy_setting default_access_level
         custom_fields*:custom_field_compact custom_field_settings*:custom_field_setting",
    ),
    (
        "goal_metric",
        "gid+ resource_type+ resource_subtype+ precision+ unit+ currency_code+ initial_number_value+
         target_number_value+ current_number_value+ current_display_value+ progress_source+ is_custom_weight+
         can_manage+",
    ),
    (
        "goal_relationship",
        "gid+ resource_type+ resource_subtype+ supporting_resource+:named contribution_weight+ supported_goal:goal",
    ),
    ("time_period", "gid+ resource_type+ start_on+ end_on+ period+ display_name+ parent:time_period"),
    (
        "attachment",
        "gid+ resource_type+ name+ resource_subtype+ created_at download_url permanent_url host parent:task size
         view_url connected_to_app",
    ),
    ("project_brief", "gid+ resource_type+ title html_text text? permalink_url project:project"),
    ("date_variable", "gid+ name+ description+"),
    (
        "project_template",
        "gid+ resource_type+ name+ description html_description public owner:user team:team
         requested_dates*:date_variable color requested_roles*:named",
    ),
    ("recipe_step", "name+ task_resource_subtype+"),
    (
        "recipe",
        "name+ task_resource_subtype+ description+ html_description+ memberships+:project relative_start_on+
         relative_due_on+ due_time+ dependencies+:recipe_step dependents+:recipe_step followers+:user
         attachments+:attachment subtasks+:recipe_step custom_fields+:custom_field_compact",
    ),
    ("task_template", "gid+ resource_type+ name+ project:project template*:recipe created_by:user created_at"),
    ("status_option", "gid+ resource_type+ name+ completion_state+ enabled+ color+"),
    ("custom_type", "gid+ resource_type+ name+ status_options+:status_option"),
    (
        "custom_field_membership",
        "gid+ resource_type+ parent+:custom_field_compact member+:named access_level+ resource_subtype+",
    ),
    ("custom_type_membership", "gid+ resource_type+ parent+:named member+:named access_level+ resource_subtype+"),
    (
        "permissions",
        "create_app_authorization+ create_pat_authorization+ share_goal_with_domain+ share_portfolios_with_org+
         assign_roles+ manage_roles+ export_project_data+ task_deletion_policy+ download_mobile_attachments+
         import_data+ create_global_custom_fields+ upload_attachments+ create_team+ allowed_guest_invites+
         create_and_edit_ai_automations+ proactive_ai+ standard_ai+ create_and_edit_ai_teammates+
         share_teams_with_org+ create_goal+ create_project+ create_read_only_link+ create_portfolio+
         view_public_teams+ view_shared_with_org_projects+ view_shared_with_org_tasks+
         view_shared_with_org_portfolios+",
    ),
    (
        "role",
        "gid+ resource_type+ name+ description+ is_standard_role+ creation_time modified_at base_role_type
         permissions*:permissions workspace:workspace",
    ),
    (
        "agent",
        "gid+ resource_type+ resource_subtype+ name+ description behavior_guidance workspace:workspace photo*:photo",
    ),
    ("ooo_entry", "gid+ resource_type+ start_date+ end_date+ user+:user created_by+:user"),
    ("access_request", "gid+ resource_type+ message+ approval_status+ requester+:user target+:resource"),
    ("webhook_filter", "resource_type+ resource_subtype+ action+ fields+"),
    (
        "webhook",
        "gid+ resource_type+ active+ resource+:named target+ created_at+ last_failure_at+ last_failure_content+
         last_success_at+ delivery_retry_count+ next_attempt_after+ failure_deletion_timestamp+
         filters+:webhook_filter",
    ),
    ("audit_actor", "actor_type+ gid+ name+ email+"),
    ("audit_resource", "resource_type+ resource_subtype+ gid+ name+ email+"),
    (
        "audit_context",
        "context_type+ api_authentication_method+ client_ip_address+ user_agent+ oauth_app_name+ rule_name+
         on_behalf_of_user_id+",
    ),
    (
        "audit_log_event",
        "gid+ created_at+ event_type+ event_category+ actor+:audit_actor resource+:audit_resource details+
         context+:audit_context",
    ),
    ("time_tracking_category", "gid+ resource_type+ name+ color+ is_archived"),
    (
        "time_tracking_entry",
        "gid+ resource_type+ duration_minutes+ entered_on+ attributable_to+:project created_by+:user
         categories+:time_tracking_category task:task created_at approval_status billable_status description",
    ),
    (
        "time_tracking_entry_listed",
        "gid+ resource_type+ duration_minutes+ entered_on+ attributable_to+:project created_by+:user
         categories+:time_tracking_category",
    ),
    (
        "timesheet_approval_status",
        "gid+ resource_type+ created_at+ user+:user workspace+:workspace start_date+ end_date+ approval_status+",
    ),
    ("effort", "type+ value+"),
    (
        "allocation",
        "gid+ resource_type+ start_date+ end_date+ effort+:effort assignee+:named created_by+:user parent+:project
         resource_subtype+",
    ),
    ("budget_estimate", "billable_status_filter+ source+ enabled+ units+ value+"),
    ("budget_actual", "billable_status_filter+ value+ units+"),
    ("budget_total", "enabled+ value+ units+"),
    (
        "budget",
        "gid+ resource_type+ budget_type+ estimate+:budget_estimate actual+:budget_actual total+:budget_total
         parent+:project",
    ),
    ("rate", "gid+ resource_type+ parent+:project resource+:named rate+ currency_code+ created_by+:user"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_kind_has_a_shape() {
        for (name, shape) in &*SHAPES {
            for member in &shape.members {
                if let Some(of) = member.of {
                    assert!(SHAPES.contains_key(of), "{name}.{} names the unknown kind {of}", member.name);
                }
            }
        }
    }
}
