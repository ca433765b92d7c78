//! The columns of every table, each with the place of its value in a record: written by hand from the contract and
//! from Asana's description, so that the program's own catalogue can be wrong and a test can see it.
//!
//! `column` alone stands for a member of that name, `column=path.to.member` for one elsewhere. Members that begin with
//! `#` are put into the record by `expected.rs`: positions, parents, sources. A `$` at the end turns numbers into text,
//! `{a,b.c}` there picks the members of objects that are kept as JSON, beside their gids.

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
        "ooo_entries",
        "gid user_gid=user.gid user_name=user.name start_date end_date created_by_gid=created_by.gid
         created_by_name=created_by.name",
    ),
    (
        "agents",
        "gid name resource_subtype description behavior_guidance workspace_gid=workspace.gid
         workspace_name=workspace.name",
    ),
    (
        "roles",
        "gid name description is_standard_role base_role_type creation_time modified_at workspace_gid=workspace.gid
         workspace_name=workspace.name permissions_create_app_authorization=permissions.create_app_authorization
         permissions_create_pat_authorization=permissions.create_pat_authorization
         permissions_share_goal_with_domain=permissions.share_goal_with_domain
         permissions_share_portfolios_with_org=permissions.share_portfolios_with_org
         permissions_share_teams_with_org=permissions.share_teams_with_org
         permissions_assign_roles=permissions.assign_roles permissions_manage_roles=permissions.manage_roles
         permissions_export_project_data=permissions.export_project_data
         permissions_task_deletion_policy=permissions.task_deletion_policy
         permissions_download_mobile_attachments=permissions.download_mobile_attachments
         permissions_import_data=permissions.import_data
         permissions_create_global_custom_fields=permissions.create_global_custom_fields
         permissions_upload_attachments=permissions.upload_attachments permissions_create_team=permissions.create_team
         permissions_allowed_guest_invites=permissions.allowed_guest_invites
         permissions_create_and_edit_ai_automations=permissions.create_and_edit_ai_automations
         permissions_create_and_edit_ai_teammates=permissions.create_and_edit_ai_teammates
         permissions_proactive_ai=permissions.proactive_ai permissions_standard_ai=permissions.standard_ai
         permissions_create_goal=permissions.create_goal permissions_create_project=permissions.create_project
         permissions_create_portfolio=permissions.create_portfolio
         permissions_create_read_only_link=permissions.create_read_only_link
         permissions_view_public_teams=permissions.view_public_teams
         permissions_view_shared_with_org_projects=permissions.view_shared_with_org_projects
         permissions_view_shared_with_org_tasks=permissions.view_shared_with_org_tasks
         permissions_view_shared_with_org_portfolios=permissions.view_shared_with_org_portfolios",
    ),
    (
        "project_templates",
        "gid name description html_description public color owner_gid=owner.gid owner_name=owner.name
         team_gid=team.gid team_name=team.name",
    ),
    ("project_briefs", "gid title text html_text permalink_url project_gid=project.gid project_name=project.name"),
    (
        "task_templates",
        "gid name project_gid=project.gid project_name=project.name created_by_gid=created_by.gid
         created_by_name=created_by.name created_at template_name=template.name
         template_task_resource_subtype=template.task_resource_subtype template_description=template.description
         template_html_description=template.html_description template_relative_start_on=template.relative_start_on
         template_relative_due_on=template.relative_due_on template_due_time=template.due_time
         template_memberships=template.memberships{name}
         template_dependencies=template.dependencies{name,task_resource_subtype}
         template_dependents=template.dependents{name,task_resource_subtype}
         template_followers=template.followers{name} template_attachments=template.attachments{name,resource_subtype}
         template_subtasks=template.subtasks{name,task_resource_subtype}
         template_custom_fields=template.custom_fields{name,resource_subtype,type,enabled,display_value,text_value,html_text_value,number_value,date_value.date,date_value.date_time,enum_value.name,multi_enum_values.name,people_value.name,reference_value.name,reference_value.resource_type}",
    ),
    ("custom_types", "gid name"),
    ("time_periods", "gid display_name period start_on end_on parent_gid=parent.gid"),
    (
        "portfolios",
        "gid name workspace_gid=workspace.gid workspace_name=workspace.name owner_gid=owner.gid owner_name=owner.name
         archived created_at created_by_gid=created_by.gid created_by_name=created_by.name start_on due_on color
         privacy_setting default_access_level permalink_url current_status_update_gid=current_status_update.gid
         current_status_update_title=current_status_update.title
         current_status_update_resource_subtype=current_status_update.resource_subtype",
    ),
    (
        "portfolio_items",
        "portfolio_gid=#portfolio_gid position=#position item_type=resource_type item_gid=gid item_name=name",
    ),
    (
        "project_portfolio_settings",
        "gid project_gid=project.gid project_name=project.name portfolio_gid=portfolio.gid
         portfolio_name=portfolio.name is_access_control_inherited created_at",
    ),
    (
        "goals",
        "gid name workspace_gid=workspace.gid workspace_name=workspace.name team_gid=team.gid team_name=team.name
         is_workspace_level owner_gid=owner.gid owner_name=owner.name time_period_gid=time_period.gid
         time_period_display_name=time_period.display_name start_on due_on status notes html_notes privacy_setting
         default_access_level num_likes current_status_update_gid=current_status_update.gid
         current_status_update_title=current_status_update.title
         current_status_update_resource_subtype=current_status_update.resource_subtype
         metric_resource_subtype=metric.resource_subtype metric_unit=metric.unit
         metric_currency_code=metric.currency_code metric_precision=metric.precision
         metric_initial_number_value=metric.initial_number_value metric_current_number_value=metric.current_number_value
         metric_target_number_value=metric.target_number_value
         metric_current_display_value=metric.current_display_value metric_progress_source=metric.progress_source
         metric_is_custom_weight=metric.is_custom_weight",
    ),
    (
        "goal_relationships",
        "gid resource_subtype supported_goal_gid=supported_goal.gid supported_goal_name=supported_goal.name
         supporting_resource_type=supporting_resource.resource_type supporting_resource_gid=supporting_resource.gid
         supporting_resource_name=supporting_resource.name contribution_weight",
    ),
    (
        "memberships",
        "gid resource_subtype parent_type=#parent_type parent_gid=#parent_gid member_type=member.resource_type
         member_gid=member.gid member_name=member.name access_level",
    ),
    (
        "access_requests",
        "gid target_type=#target_type target_gid=#target_gid requester_gid=requester.gid requester_name=requester.name
         message approval_status",
    ),
    (
        "allocations",
        "gid assignee_type=assignee.resource_type assignee_gid=assignee.gid assignee_name=assignee.name
         parent_type=parent.resource_type parent_gid=parent.gid parent_name=parent.name resource_subtype start_date
         end_date effort_type=effort.type effort_value=effort.value created_by_gid=created_by.gid
         created_by_name=created_by.name",
    ),
    (
        "budgets",
        "gid budget_type parent_gid=parent.gid parent_name=parent.name estimate_enabled=estimate.enabled
         estimate_source=estimate.source estimate_billable_status_filter=estimate.billable_status_filter
         estimate_value=estimate.value estimate_units=estimate.units
         actual_billable_status_filter=actual.billable_status_filter actual_value=actual.value
         actual_units=actual.units total_enabled=total.enabled total_value=total.value total_units=total.units",
    ),
    (
        "rates",
        "gid parent_gid=parent.gid parent_name=parent.name resource_type=resource.resource_type
         resource_gid=resource.gid resource_name=resource.name rate currency_code created_by_gid=created_by.gid
         created_by_name=created_by.name",
    ),
    (
        "timesheet_approval_statuses",
        "gid user_gid=user.gid user_name=user.name workspace_gid=workspace.gid workspace_name=workspace.name
         start_date end_date approval_status created_at",
    ),
    ("time_tracking_categories", "gid name color is_archived"),
    (
        "time_tracking_entries",
        "gid task_gid=task.gid task_name=task.name attributable_to_gid=attributable_to.gid
         attributable_to_name=attributable_to.name created_by_gid=created_by.gid created_by_name=created_by.name
         duration_minutes entered_on created_at description approval_status billable_status",
    ),
    (
        "status_updates",
        "gid parent_type=parent.resource_type parent_gid=parent.gid parent_name=parent.name title resource_subtype
         status_type text html_text author_gid=author.gid author_name=author.name created_by_gid=created_by.gid
         created_by_name=created_by.name created_at modified_at num_likes",
    ),
    ("reactions", "gid target_type=#target_type target_gid=#target_gid emoji user_gid=user.gid user_name=user.name"),
    ("favorites", "gid resource_type name position=#position"),
    (
        "webhooks",
        "gid resource_type=resource.resource_type resource_gid=resource.gid resource_name=resource.name target active
         created_at last_success_at last_failure_at last_failure_content delivery_retry_count next_attempt_after
         failure_deletion_timestamp",
    ),
    (
        "audit_log_events",
        "gid created_at event_type event_category actor_gid=actor.gid actor_name=actor.name
         actor_actor_type=actor.actor_type actor_email=actor.email resource_type=resource.resource_type
         resource_gid=resource.gid resource_name=resource.name resource_resource_subtype=resource.resource_subtype
         resource_email=resource.email context_context_type=context.context_type
         context_api_authentication_method=context.api_authentication_method
         context_client_ip_address=context.client_ip_address context_user_agent=context.user_agent
         context_oauth_app_name=context.oauth_app_name context_rule_name=context.rule_name
         context_on_behalf_of_user_id=context.on_behalf_of_user_id$ details",
    ),
    (
        "attachments",
        "gid name resource_subtype parent_type=parent.resource_type parent_gid=parent.gid parent_name=parent.name
         created_at host size permanent_url view_url connected_to_app file_path=#file_path file_bytes=#file_bytes
         file_sha256=#file_sha256",
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
    ("project_templates", "project_template", "requested_dates", "date_variable_gid=gid name description"),
    ("project_templates", "project_template", "requested_roles", "template_role_gid=gid name"),
    (
        "custom_types",
        "custom_type",
        "status_options",
        "custom_type_status_option_gid=gid name enabled color completion_state",
    ),
    ("portfolios", "portfolio", "members", "user_gid=gid"),
    ("portfolios", "portfolio", "project_templates", "project_template_gid=gid"),
    ("goals", "goal", "likes", "user_gid=user.gid"),
    ("goals", "goal", "followers", "user_gid=gid"),
    ("status_updates", "status_update", "likes", "user_gid=user.gid"),
    ("status_updates", "status_update", "reaction_summary", "emoji_base variant count"),
    ("time_tracking_entries", "time_tracking_entry", "categories", "time_tracking_category_gid=gid name"),
    ("webhooks", "webhook", "filters", "resource_subtype action fields"),
    ("stories", "story", "old_multi_enum_values", "enum_option_gid=gid name"),
    ("stories", "story", "new_multi_enum_values", "enum_option_gid=gid name"),
];

/// Whose custom field values are exported: table, singular, and what the column of a person in a value is called.
pub(crate) const OWNERS: &[(&str, &str, &str)] = &[
    ("users", "user", "value_user_gid"),
    ("projects", "project", "user_gid"),
    ("portfolios", "portfolio", "user_gid"),
    ("goals", "goal", "user_gid"),
    ("tasks", "task", "user_gid"),
];

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
