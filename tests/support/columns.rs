//! The columns of every table, each with the place of its value in a record: written by hand from the contract and
//! from Asana's description, so that the program's own catalogue can be wrong and a test can see it.
//!
//! `column` alone stands for a member of that name, `column=path.to.member` for one elsewhere. Members that begin with
//! `#` are put into the record by `expected.rs`: positions, parents, sources.

/// Tables whose rows are records: name, columns.
pub(crate) const RECORDS: &[(&str, &str)] = &[
    ("workspaces", "gid name is_organization"),
    ("users", "gid name email source=#source"),
    (
        "workspace_memberships",
        "gid user_gid=user.gid user_name=user.name workspace_gid=workspace.gid workspace_name=workspace.name is_active
         is_admin is_guest is_view_only created_at user_task_list_gid=user_task_list.gid
         user_task_list_name=user_task_list.name",
    ),
    (
        "user_task_lists",
        "gid name owner_gid=owner.gid owner_name=owner.name workspace_gid=workspace.gid workspace_name=workspace.name",
    ),
    (
        "teams",
        "gid name organization_gid=organization.gid organization_name=organization.name description html_description
         permalink_url visibility edit_team_name_or_description_access_level
         edit_team_visibility_or_trash_team_access_level member_invite_management_access_level
         guest_invite_management_access_level join_request_management_access_level team_member_removal_access_level
         team_content_management_access_level endorsed",
    ),
    (
        "team_memberships",
        "gid user_gid=user.gid user_name=user.name team_gid=team.gid team_name=team.name is_guest is_limited_access
         is_admin",
    ),
    (
        "custom_fields",
        "gid name resource_subtype representation_type description is_formula_field is_global_to_workspace
         is_value_read_only has_notifications_enabled precision format currency_code custom_label
         custom_label_position id_prefix asana_created_field privacy_setting default_access_level
         created_by_gid=created_by.gid created_by_name=created_by.name source=#source",
    ),
    (
        "custom_field_settings",
        "gid parent_type=#parent_type parent_gid=#parent_gid position=#position custom_field_gid=custom_field.gid
         custom_field_name=custom_field.name is_important",
    ),
    ("tags", "gid name color notes created_at permalink_url workspace_gid=workspace.gid workspace_name=workspace.name"),
    (
        "projects",
        "gid name workspace_gid=workspace.gid workspace_name=workspace.name team_gid=team.gid team_name=team.name
         owner_gid=owner.gid owner_name=owner.name archived completed completed_at completed_by_gid=completed_by.gid
         completed_by_name=completed_by.name created_at modified_at start_on due_on notes html_notes color icon
         default_view privacy_setting default_access_level minimum_access_level_for_customization
         minimum_access_level_for_sharing permalink_url current_status_update_gid=current_status_update.gid
         current_status_update_title=current_status_update.title
         current_status_update_resource_subtype=current_status_update.resource_subtype
         project_brief_gid=project_brief.gid created_from_template_gid=created_from_template.gid
         created_from_template_name=created_from_template.name",
    ),
    ("sections", "gid name project_gid=project.gid project_name=project.name position=#position created_at"),
    (
        "tasks",
        "gid name resource_subtype parent_gid=parent.gid parent_name=parent.name num_subtasks
         assignee_gid=assignee.gid assignee_name=assignee.name assignee_section_gid=assignee_section.gid
         assignee_section_name=assignee_section.name assigned_by_gid=assigned_by.gid
         assigned_by_name=assigned_by.name completed completed_at completed_by_gid=completed_by.gid
         completed_by_name=completed_by.name approval_status created_at created_by_gid=created_by.gid modified_at
         start_on start_at due_on due_at actual_time_minutes notes html_notes is_rendered_as_separator num_likes
         custom_type_gid=custom_type.gid custom_type_name=custom_type.name
         custom_type_status_option_gid=custom_type_status_option.gid
         custom_type_status_option_name=custom_type_status_option.name permalink_url workspace_gid=workspace.gid
         workspace_name=workspace.name",
    ),
    (
        "stories",
        "gid target_type=target.resource_type target_gid=target.gid target_name=target.name created_at
         created_by_gid=created_by.gid created_by_name=created_by.name type resource_subtype text html_text is_pinned
         is_edited is_editable num_likes sticker_name source old_name new_name old_dates_start_on=old_dates.start_on
         old_dates_due_on=old_dates.due_on old_dates_due_at=old_dates.due_at new_dates_start_on=new_dates.start_on
         new_dates_due_on=new_dates.due_on new_dates_due_at=new_dates.due_at old_resource_subtype
         new_resource_subtype old_approval_status new_approval_status assignee_gid=assignee.gid
         assignee_name=assignee.name follower_gid=follower.gid follower_name=follower.name
         old_section_gid=old_section.gid old_section_name=old_section.name new_section_gid=new_section.gid
         new_section_name=new_section.name task_gid=task.gid task_name=task.name project_gid=project.gid
         project_name=project.name tag_gid=tag.gid tag_name=tag.name custom_field_gid=custom_field.gid
         custom_field_name=custom_field.name old_text_value new_text_value old_number_value new_number_value
         old_enum_value_gid=old_enum_value.gid old_enum_value_name=old_enum_value.name
         new_enum_value_gid=new_enum_value.gid new_enum_value_name=new_enum_value.name
         old_date_value_start_on=old_date_value.start_on old_date_value_due_on=old_date_value.due_on
         old_date_value_due_at=old_date_value.due_at new_date_value_start_on=new_date_value.start_on
         new_date_value_due_on=new_date_value.due_on new_date_value_due_at=new_date_value.due_at story_gid=story.gid
         duplicate_of_gid=duplicate_of.gid duplicate_of_name=duplicate_of.name
         duplicated_from_gid=duplicated_from.gid duplicated_from_name=duplicated_from.name
         dependency_gid=dependency.gid dependency_name=dependency.name",
    ),
    (
        "attachments",
        "gid name resource_subtype parent_type=parent.resource_type parent_gid=parent.gid parent_name=parent.name
         created_at host size permanent_url view_url connected_to_app",
    ),
];

/// Child tables: owner's table, owner's singular, list, columns after owner and position.
pub(crate) const LISTS: &[(&str, &str, &str, &str)] = &[
    ("workspaces", "workspace", "email_domains", "email_domain=#"),
    ("custom_fields", "custom_field", "input_restrictions", "value=#"),
    ("custom_fields", "custom_field", "enum_options", "enum_option_gid=gid name enabled color"),
    ("tags", "tag", "followers", "user_gid=gid"),
    ("projects", "project", "members", "user_gid=gid"),
    ("projects", "project", "followers", "user_gid=gid"),
    ("tasks", "task", "memberships", "project_gid=project.gid section_gid=section.gid"),
    ("tasks", "task", "followers", "user_gid=gid"),
    ("tasks", "task", "tags", "tag_gid=gid"),
    ("tasks", "task", "likes", "user_gid=user.gid"),
    ("tasks", "task", "dependencies", "depends_on_gid=gid"),
    ("stories", "story", "likes", "user_gid=user.gid"),
    ("stories", "story", "reaction_summary", "emoji_base variant count"),
    ("stories", "story", "previews", "title title_link header header_link text html_text footer fallback"),
    ("stories", "story", "old_people_value", "user_gid=gid"),
    ("stories", "story", "new_people_value", "user_gid=gid"),
    ("stories", "story", "old_multi_enum_values", "enum_option_gid=gid name"),
    ("stories", "story", "new_multi_enum_values", "enum_option_gid=gid name"),
];

/// Whose custom field values are exported: table, singular, and what the column of a person in a value is called.
pub(crate) const OWNERS: &[(&str, &str, &str)] =
    &[("users", "user", "value_user_gid"), ("projects", "project", "user_gid"), ("tasks", "task", "user_gid")];

/// After owner, position and field.
pub(crate) const VALUES: &str = "custom_field_gid=gid name type enabled display_value text_value number_value
    date_value=date_value.date date_time_value=date_value.date_time enum_option_gid=enum_value.gid
    enum_option_name=enum_value.name html_text_value";

/// Lists inside values: suffix of the table, member, columns after owner, field and position; `@` is the person's.
pub(crate) const VALUE_LISTS: &[(&str, &str, &str)] = &[
    ("options", "multi_enum_values", "enum_option_gid=gid enum_option_name=name"),
    ("people", "people_value", "@=gid"),
    ("references", "reference_value", "reference_type=resource_type reference_gid=gid reference_name=name"),
];
