-- Loads this export into PostgreSQL, all of it or nothing. In the export's folder:
--   createdb --encoding=UTF8 --template=template0 asana
--   psql --dbname=asana --file=sql/postgresql/load.sql
-- Null and empty text stay apart. A text with the character NUL is refused by PostgreSQL; one with a line of nothing but
-- \. is by psql before version 18.

\set ON_ERROR_STOP on
\encoding UTF8
SET standard_conforming_strings = on;
BEGIN;
\ir schema.sql

\copy "allocations" from 'csv/allocations.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "attachments" from 'csv/attachments.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "budgets" from 'csv/budgets.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "custom_field_enum_options" from 'csv/custom_field_enum_options.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "custom_field_input_restrictions" from 'csv/custom_field_input_restrictions.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "custom_field_settings" from 'csv/custom_field_settings.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "custom_fields" from 'csv/custom_fields.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "custom_type_status_options" from 'csv/custom_type_status_options.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "custom_types" from 'csv/custom_types.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "export_coverage" from 'csv/export_coverage.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "export_oddities" from 'csv/export_oddities.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "export_unresolved" from 'csv/export_unresolved.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "goal_custom_field_options" from 'csv/goal_custom_field_options.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "goal_custom_field_people" from 'csv/goal_custom_field_people.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "goal_custom_field_references" from 'csv/goal_custom_field_references.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "goal_custom_fields" from 'csv/goal_custom_fields.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "goal_followers" from 'csv/goal_followers.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "goal_likes" from 'csv/goal_likes.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "goal_relationships" from 'csv/goal_relationships.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "goals" from 'csv/goals.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "memberships" from 'csv/memberships.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "portfolio_custom_field_options" from 'csv/portfolio_custom_field_options.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "portfolio_custom_field_people" from 'csv/portfolio_custom_field_people.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "portfolio_custom_field_references" from 'csv/portfolio_custom_field_references.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "portfolio_custom_fields" from 'csv/portfolio_custom_fields.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "portfolio_items" from 'csv/portfolio_items.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "portfolio_members" from 'csv/portfolio_members.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "portfolio_project_templates" from 'csv/portfolio_project_templates.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "portfolios" from 'csv/portfolios.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_briefs" from 'csv/project_briefs.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_custom_field_options" from 'csv/project_custom_field_options.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_custom_field_people" from 'csv/project_custom_field_people.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_custom_field_references" from 'csv/project_custom_field_references.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_custom_fields" from 'csv/project_custom_fields.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_followers" from 'csv/project_followers.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_members" from 'csv/project_members.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_portfolio_settings" from 'csv/project_portfolio_settings.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_template_requested_dates" from 'csv/project_template_requested_dates.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_template_requested_roles" from 'csv/project_template_requested_roles.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "project_templates" from 'csv/project_templates.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "projects" from 'csv/projects.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "rates" from 'csv/rates.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "sections" from 'csv/sections.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "status_update_likes" from 'csv/status_update_likes.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "status_update_reaction_summary" from 'csv/status_update_reaction_summary.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "status_updates" from 'csv/status_updates.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "stories" from 'csv/stories.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "story_likes" from 'csv/story_likes.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "story_new_multi_enum_values" from 'csv/story_new_multi_enum_values.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "story_new_people_value" from 'csv/story_new_people_value.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "story_old_multi_enum_values" from 'csv/story_old_multi_enum_values.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "story_old_people_value" from 'csv/story_old_people_value.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "story_previews" from 'csv/story_previews.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "story_reaction_summary" from 'csv/story_reaction_summary.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "tag_followers" from 'csv/tag_followers.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "tags" from 'csv/tags.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_custom_field_options" from 'csv/task_custom_field_options.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_custom_field_people" from 'csv/task_custom_field_people.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_custom_field_references" from 'csv/task_custom_field_references.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_custom_fields" from 'csv/task_custom_fields.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_dependencies" from 'csv/task_dependencies.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_followers" from 'csv/task_followers.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_likes" from 'csv/task_likes.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_memberships" from 'csv/task_memberships.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_tags" from 'csv/task_tags.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "task_templates" from 'csv/task_templates.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "tasks" from 'csv/tasks.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "team_memberships" from 'csv/team_memberships.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "teams" from 'csv/teams.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "time_periods" from 'csv/time_periods.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "time_tracking_categories" from 'csv/time_tracking_categories.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "time_tracking_entries" from 'csv/time_tracking_entries.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "time_tracking_entry_categories" from 'csv/time_tracking_entry_categories.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "timesheet_approval_statuses" from 'csv/timesheet_approval_statuses.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "user_custom_field_options" from 'csv/user_custom_field_options.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "user_custom_field_people" from 'csv/user_custom_field_people.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "user_custom_field_references" from 'csv/user_custom_field_references.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "user_custom_fields" from 'csv/user_custom_fields.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "user_task_lists" from 'csv/user_task_lists.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "users" from 'csv/users.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "workspace_email_domains" from 'csv/workspace_email_domains.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "workspace_memberships" from 'csv/workspace_memberships.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')
\copy "workspaces" from 'csv/workspaces.csv' with (format csv, header true, encoding 'UTF8', delimiter ',', null '')

-- References of which each leads to a row.
ALTER TABLE "allocations" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "custom_field_enum_options" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "custom_field_input_restrictions" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "custom_field_settings" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "custom_fields" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "custom_type_status_options" ADD FOREIGN KEY ("custom_type_gid") REFERENCES "custom_types";
ALTER TABLE "goal_custom_field_options" ADD FOREIGN KEY ("goal_gid") REFERENCES "goals";
ALTER TABLE "goal_custom_field_options" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "goal_custom_field_people" ADD FOREIGN KEY ("goal_gid") REFERENCES "goals";
ALTER TABLE "goal_custom_field_people" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "goal_custom_field_people" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "goal_custom_field_references" ADD FOREIGN KEY ("goal_gid") REFERENCES "goals";
ALTER TABLE "goal_custom_field_references" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "goal_custom_fields" ADD FOREIGN KEY ("goal_gid") REFERENCES "goals";
ALTER TABLE "goal_custom_fields" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "goal_followers" ADD FOREIGN KEY ("goal_gid") REFERENCES "goals";
ALTER TABLE "goal_followers" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "goal_likes" ADD FOREIGN KEY ("goal_gid") REFERENCES "goals";
ALTER TABLE "goal_likes" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "goal_relationships" ADD FOREIGN KEY ("supported_goal_gid") REFERENCES "goals";
ALTER TABLE "goals" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "goals" ADD FOREIGN KEY ("owner_gid") REFERENCES "users";
ALTER TABLE "goals" ADD FOREIGN KEY ("time_period_gid") REFERENCES "time_periods";
ALTER TABLE "goals" ADD FOREIGN KEY ("current_status_update_gid") REFERENCES "status_updates";
ALTER TABLE "portfolio_custom_field_options" ADD FOREIGN KEY ("portfolio_gid") REFERENCES "portfolios";
ALTER TABLE "portfolio_custom_field_options" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "portfolio_custom_field_people" ADD FOREIGN KEY ("portfolio_gid") REFERENCES "portfolios";
ALTER TABLE "portfolio_custom_field_people" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "portfolio_custom_field_people" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "portfolio_custom_field_references" ADD FOREIGN KEY ("portfolio_gid") REFERENCES "portfolios";
ALTER TABLE "portfolio_custom_field_references" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "portfolio_custom_fields" ADD FOREIGN KEY ("portfolio_gid") REFERENCES "portfolios";
ALTER TABLE "portfolio_custom_fields" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "portfolio_items" ADD FOREIGN KEY ("portfolio_gid") REFERENCES "portfolios";
ALTER TABLE "portfolio_members" ADD FOREIGN KEY ("portfolio_gid") REFERENCES "portfolios";
ALTER TABLE "portfolio_members" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "portfolio_project_templates" ADD FOREIGN KEY ("portfolio_gid") REFERENCES "portfolios";
ALTER TABLE "portfolios" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "portfolios" ADD FOREIGN KEY ("owner_gid") REFERENCES "users";
ALTER TABLE "portfolios" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "portfolios" ADD FOREIGN KEY ("current_status_update_gid") REFERENCES "status_updates";
ALTER TABLE "project_custom_field_options" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "project_custom_field_people" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "project_custom_field_people" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "project_custom_field_references" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "project_custom_fields" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "project_followers" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "project_members" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "project_portfolio_settings" ADD FOREIGN KEY ("portfolio_gid") REFERENCES "portfolios";
ALTER TABLE "project_templates" ADD FOREIGN KEY ("owner_gid") REFERENCES "users";
ALTER TABLE "projects" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "projects" ADD FOREIGN KEY ("owner_gid") REFERENCES "users";
ALTER TABLE "projects" ADD FOREIGN KEY ("completed_by_gid") REFERENCES "users";
ALTER TABLE "projects" ADD FOREIGN KEY ("current_status_update_gid") REFERENCES "status_updates";
ALTER TABLE "projects" ADD FOREIGN KEY ("project_brief_gid") REFERENCES "project_briefs";
ALTER TABLE "rates" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "status_update_likes" ADD FOREIGN KEY ("status_update_gid") REFERENCES "status_updates";
ALTER TABLE "status_update_likes" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "status_update_reaction_summary" ADD FOREIGN KEY ("status_update_gid") REFERENCES "status_updates";
ALTER TABLE "status_updates" ADD FOREIGN KEY ("author_gid") REFERENCES "users";
ALTER TABLE "status_updates" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "stories" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "stories" ADD FOREIGN KEY ("assignee_gid") REFERENCES "users";
ALTER TABLE "stories" ADD FOREIGN KEY ("follower_gid") REFERENCES "users";
ALTER TABLE "stories" ADD FOREIGN KEY ("tag_gid") REFERENCES "tags";
ALTER TABLE "stories" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "stories" ADD FOREIGN KEY ("story_gid") REFERENCES "stories";
ALTER TABLE "story_likes" ADD FOREIGN KEY ("story_gid") REFERENCES "stories";
ALTER TABLE "story_likes" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "story_new_multi_enum_values" ADD FOREIGN KEY ("story_gid") REFERENCES "stories";
ALTER TABLE "story_new_people_value" ADD FOREIGN KEY ("story_gid") REFERENCES "stories";
ALTER TABLE "story_new_people_value" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "story_old_multi_enum_values" ADD FOREIGN KEY ("story_gid") REFERENCES "stories";
ALTER TABLE "story_old_people_value" ADD FOREIGN KEY ("story_gid") REFERENCES "stories";
ALTER TABLE "story_old_people_value" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "story_previews" ADD FOREIGN KEY ("story_gid") REFERENCES "stories";
ALTER TABLE "story_reaction_summary" ADD FOREIGN KEY ("story_gid") REFERENCES "stories";
ALTER TABLE "tag_followers" ADD FOREIGN KEY ("tag_gid") REFERENCES "tags";
ALTER TABLE "tag_followers" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "tags" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "task_custom_field_options" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "task_custom_field_people" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "task_custom_field_people" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "task_custom_field_references" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "task_custom_fields" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "task_followers" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "task_likes" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "task_tags" ADD FOREIGN KEY ("tag_gid") REFERENCES "tags";
ALTER TABLE "task_templates" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "tasks" ADD FOREIGN KEY ("assignee_gid") REFERENCES "users";
ALTER TABLE "tasks" ADD FOREIGN KEY ("assigned_by_gid") REFERENCES "users";
ALTER TABLE "tasks" ADD FOREIGN KEY ("completed_by_gid") REFERENCES "users";
ALTER TABLE "tasks" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "tasks" ADD FOREIGN KEY ("custom_type_gid") REFERENCES "custom_types";
ALTER TABLE "tasks" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "team_memberships" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "teams" ADD FOREIGN KEY ("organization_gid") REFERENCES "workspaces";
ALTER TABLE "time_periods" ADD FOREIGN KEY ("parent_gid") REFERENCES "time_periods";
ALTER TABLE "time_tracking_entries" ADD FOREIGN KEY ("created_by_gid") REFERENCES "users";
ALTER TABLE "time_tracking_entry_categories" ADD FOREIGN KEY ("time_tracking_entry_gid") REFERENCES "time_tracking_entries";
ALTER TABLE "time_tracking_entry_categories" ADD FOREIGN KEY ("time_tracking_category_gid") REFERENCES "time_tracking_categories";
ALTER TABLE "timesheet_approval_statuses" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "timesheet_approval_statuses" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "user_custom_field_options" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "user_custom_field_options" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "user_custom_field_people" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "user_custom_field_people" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "user_custom_field_people" ADD FOREIGN KEY ("value_user_gid") REFERENCES "users";
ALTER TABLE "user_custom_field_references" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "user_custom_field_references" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "user_custom_fields" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "user_custom_fields" ADD FOREIGN KEY ("custom_field_gid") REFERENCES "custom_fields";
ALTER TABLE "user_task_lists" ADD FOREIGN KEY ("owner_gid") REFERENCES "users";
ALTER TABLE "user_task_lists" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "workspace_email_domains" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "workspace_memberships" ADD FOREIGN KEY ("user_gid") REFERENCES "users";
ALTER TABLE "workspace_memberships" ADD FOREIGN KEY ("workspace_gid") REFERENCES "workspaces";
ALTER TABLE "workspace_memberships" ADD FOREIGN KEY ("user_task_list_gid") REFERENCES "user_task_lists";

COMMIT;
ANALYZE;
