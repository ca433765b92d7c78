-- The tables of this export, for PostgreSQL, without rows: load.sql makes them and fills them.

\encoding UTF8
SET standard_conforming_strings = on;

CREATE TABLE "allocations" (
    "gid" text NOT NULL,
    "assignee_type" text,
    "assignee_gid" text,
    "assignee_name" text,
    "parent_type" text,
    "parent_gid" text,
    "parent_name" text,
    "resource_subtype" text,
    "start_date" date,
    "end_date" date,
    "effort_type" text,
    "effort_value" numeric,
    "created_by_gid" text,
    "created_by_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "allocations" IS 'How much of whose time is planned for which project.';
COMMENT ON COLUMN "allocations"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "allocations"."assignee_type" IS 'Whose time; a person or a placeholder. (its kind)';
COMMENT ON COLUMN "allocations"."assignee_gid" IS 'Whose time; a person or a placeholder.';
COMMENT ON COLUMN "allocations"."assignee_name" IS 'Whose time; a person or a placeholder. (name)';
COMMENT ON COLUMN "allocations"."parent_type" IS 'What it is planned for. (its kind)';
COMMENT ON COLUMN "allocations"."parent_gid" IS 'What it is planned for.';
COMMENT ON COLUMN "allocations"."parent_name" IS 'What it is planned for. (name)';
COMMENT ON COLUMN "allocations"."resource_subtype" IS 'The kind of allocation.';
COMMENT ON COLUMN "allocations"."start_date" IS 'The first day.';
COMMENT ON COLUMN "allocations"."end_date" IS 'The last day.';
COMMENT ON COLUMN "allocations"."effort_type" IS 'hours or percent.';
COMMENT ON COLUMN "allocations"."effort_value" IS 'How much.';
COMMENT ON COLUMN "allocations"."created_by_gid" IS 'Who planned it.';
COMMENT ON COLUMN "allocations"."created_by_name" IS 'Who planned it. (name)';

CREATE TABLE "attachments" (
    "gid" text NOT NULL,
    "name" text,
    "resource_subtype" text,
    "parent_type" text,
    "parent_gid" text,
    "parent_name" text,
    "created_at" timestamptz,
    "host" text,
    "size" bigint,
    "permanent_url" text,
    "view_url" text,
    "connected_to_app" boolean,
    "file_path" text,
    "file_bytes" bigint,
    "file_sha256" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "attachments" IS 'Files and links attached to tasks, projects and briefs, inline images included.';
COMMENT ON COLUMN "attachments"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "attachments"."name" IS 'The file''s name.';
COMMENT ON COLUMN "attachments"."resource_subtype" IS 'Where it is: asana, dropbox, gdrive, onedrive, box, vimeo or external.';
COMMENT ON COLUMN "attachments"."parent_type" IS 'The object it is attached to. (its kind)';
COMMENT ON COLUMN "attachments"."parent_gid" IS 'The object it is attached to.';
COMMENT ON COLUMN "attachments"."parent_name" IS 'The object it is attached to. (name)';
COMMENT ON COLUMN "attachments"."created_at" IS 'When it was attached.';
COMMENT ON COLUMN "attachments"."host" IS 'The service that holds it.';
COMMENT ON COLUMN "attachments"."size" IS 'Bytes; only for files held by Asana.';
COMMENT ON COLUMN "attachments"."permanent_url" IS 'A lasting address; opening it needs a browser signed in to Asana.';
COMMENT ON COLUMN "attachments"."view_url" IS 'An address to look at it.';
COMMENT ON COLUMN "attachments"."connected_to_app" IS 'Whether an app attached it and shows it in its own way.';
COMMENT ON COLUMN "attachments"."file_path" IS 'From the run, not from Asana: the path, in the export''s folder, of the file that was downloaded; empty without --attachments files.';
COMMENT ON COLUMN "attachments"."file_bytes" IS 'From the run, not from Asana: the size of the file that was downloaded; empty without --attachments files.';
COMMENT ON COLUMN "attachments"."file_sha256" IS 'From the run, not from Asana: the SHA-256 of the file that was downloaded; empty without --attachments files.';

CREATE TABLE "budgets" (
    "gid" text NOT NULL,
    "budget_type" text,
    "parent_gid" text,
    "parent_name" text,
    "estimate_enabled" boolean,
    "estimate_source" text,
    "estimate_billable_status_filter" text,
    "estimate_value" numeric,
    "estimate_units" text,
    "actual_billable_status_filter" text,
    "actual_value" numeric,
    "actual_units" text,
    "total_enabled" boolean,
    "total_value" numeric,
    "total_units" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "budgets" IS 'The budgets of projects, in money or time.';
COMMENT ON COLUMN "budgets"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "budgets"."budget_type" IS 'cost or time.';
COMMENT ON COLUMN "budgets"."parent_gid" IS 'The project.';
COMMENT ON COLUMN "budgets"."parent_name" IS 'The project. (name)';
COMMENT ON COLUMN "budgets"."estimate_enabled" IS 'Whether it is used.';
COMMENT ON COLUMN "budgets"."estimate_source" IS 'What it is computed from: none, tasks or capacity_plans.';
COMMENT ON COLUMN "budgets"."estimate_billable_status_filter" IS 'Which time counts: billable, non_billable or any.';
COMMENT ON COLUMN "budgets"."estimate_value" IS 'How much.';
COMMENT ON COLUMN "budgets"."estimate_units" IS 'The unit of the value.';
COMMENT ON COLUMN "budgets"."actual_billable_status_filter" IS 'Which time counts: billable, non_billable or any.';
COMMENT ON COLUMN "budgets"."actual_value" IS 'How much.';
COMMENT ON COLUMN "budgets"."actual_units" IS 'The unit of the value.';
COMMENT ON COLUMN "budgets"."total_enabled" IS 'Whether it is used.';
COMMENT ON COLUMN "budgets"."total_value" IS 'How much.';
COMMENT ON COLUMN "budgets"."total_units" IS 'The unit of the value.';

CREATE TABLE "custom_field_enum_options" (
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "enum_option_gid" text,
    "name" text,
    "enabled" boolean,
    "color" text,
    PRIMARY KEY ("custom_field_gid", "position")
);
COMMENT ON TABLE "custom_field_enum_options" IS 'Of custom_fields: The options of an enum or multi_enum field, disabled ones included.';
COMMENT ON COLUMN "custom_field_enum_options"."custom_field_gid" IS 'The owner.';
COMMENT ON COLUMN "custom_field_enum_options"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "custom_field_enum_options"."enum_option_gid" IS 'The options of an enum or multi_enum field, disabled ones included.';
COMMENT ON COLUMN "custom_field_enum_options"."name" IS 'Its name.';
COMMENT ON COLUMN "custom_field_enum_options"."enabled" IS 'Whether it can be chosen.';
COMMENT ON COLUMN "custom_field_enum_options"."color" IS 'Its color.';

CREATE TABLE "custom_field_input_restrictions" (
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "value" text,
    PRIMARY KEY ("custom_field_gid", "position")
);
COMMENT ON TABLE "custom_field_input_restrictions" IS 'Of custom_fields: Kinds of objects that a reference field may point to.';
COMMENT ON COLUMN "custom_field_input_restrictions"."custom_field_gid" IS 'The owner.';
COMMENT ON COLUMN "custom_field_input_restrictions"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "custom_field_input_restrictions"."value" IS 'Kinds of objects that a reference field may point to.';

CREATE TABLE "custom_field_settings" (
    "gid" text NOT NULL,
    "parent_type" text,
    "parent_gid" text,
    "position" bigint,
    "custom_field_gid" text,
    "custom_field_name" text,
    "is_important" boolean,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "custom_field_settings" IS 'Which custom field is used in which project or other container, and in which order.';
COMMENT ON COLUMN "custom_field_settings"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "custom_field_settings"."parent_type" IS 'The object that uses the field. (its kind)';
COMMENT ON COLUMN "custom_field_settings"."parent_gid" IS 'The object that uses the field.';
COMMENT ON COLUMN "custom_field_settings"."position" IS 'Its place among the fields of that object, from 0.';
COMMENT ON COLUMN "custom_field_settings"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "custom_field_settings"."custom_field_name" IS 'The field. (name)';
COMMENT ON COLUMN "custom_field_settings"."is_important" IS 'Whether the object shows the field prominently.';

CREATE TABLE "custom_fields" (
    "gid" text NOT NULL,
    "name" text,
    "resource_subtype" text,
    "representation_type" text,
    "description" text,
    "is_formula_field" boolean,
    "is_global_to_workspace" boolean,
    "is_value_read_only" boolean,
    "has_notifications_enabled" boolean,
    "precision" bigint,
    "format" text,
    "currency_code" text,
    "custom_label" text,
    "custom_label_position" text,
    "id_prefix" text,
    "asana_created_field" text,
    "privacy_setting" text,
    "default_access_level" text,
    "created_by_gid" text,
    "created_by_name" text,
    "source" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "custom_fields" IS 'Definitions of custom fields: the workspace''s library, those local to a project, and those only met in values.';
COMMENT ON COLUMN "custom_fields"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "custom_fields"."name" IS 'The name of the field.';
COMMENT ON COLUMN "custom_fields"."resource_subtype" IS 'The type of its values: text, enum, multi_enum, number, date, people or reference.';
COMMENT ON COLUMN "custom_fields"."representation_type" IS 'How it behaves; beyond the types of values: formula and custom_id.';
COMMENT ON COLUMN "custom_fields"."description" IS 'What the field is for.';
COMMENT ON COLUMN "custom_fields"."is_formula_field" IS 'Whether its values are computed.';
COMMENT ON COLUMN "custom_fields"."is_global_to_workspace" IS 'Whether it is in the workspace''s library.';
COMMENT ON COLUMN "custom_fields"."is_value_read_only" IS 'Whether its values cannot be edited.';
COMMENT ON COLUMN "custom_fields"."has_notifications_enabled" IS 'Whether followers are told of changes to its values.';
COMMENT ON COLUMN "custom_fields"."precision" IS 'Decimal places of a number field, 0 to 6.';
COMMENT ON COLUMN "custom_fields"."format" IS 'How a number is shown: currency, identifier, percentage, custom, duration or none.';
COMMENT ON COLUMN "custom_fields"."currency_code" IS 'ISO 4217 code of a currency field.';
COMMENT ON COLUMN "custom_fields"."custom_label" IS 'The unit of a number field with its own label.';
COMMENT ON COLUMN "custom_fields"."custom_label_position" IS 'Where the label stands: prefix or suffix.';
COMMENT ON COLUMN "custom_fields"."id_prefix" IS 'What the identifiers of a custom_id field begin with.';
COMMENT ON COLUMN "custom_fields"."asana_created_field" IS 'Asana''s own name of a field that it made itself.';
COMMENT ON COLUMN "custom_fields"."privacy_setting" IS 'Who can see it: public_with_guests, public or private.';
COMMENT ON COLUMN "custom_fields"."default_access_level" IS 'What others may do with it: admin, editor or user.';
COMMENT ON COLUMN "custom_fields"."created_by_gid" IS 'Who made it.';
COMMENT ON COLUMN "custom_fields"."created_by_name" IS 'Who made it. (name)';
COMMENT ON COLUMN "custom_fields"."source" IS 'How it was met: in its own listing, as a fuller object inside another record (nested), or as a mere reference.';

CREATE TABLE "custom_type_status_options" (
    "custom_type_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "custom_type_status_option_gid" text,
    "name" text,
    "enabled" boolean,
    "color" text,
    "completion_state" text,
    PRIMARY KEY ("custom_type_gid", "position")
);
COMMENT ON TABLE "custom_type_status_options" IS 'Of custom_types: The statuses that a task of this type can have.';
COMMENT ON COLUMN "custom_type_status_options"."custom_type_gid" IS 'The owner.';
COMMENT ON COLUMN "custom_type_status_options"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "custom_type_status_options"."custom_type_status_option_gid" IS 'The statuses that a task of this type can have.';
COMMENT ON COLUMN "custom_type_status_options"."name" IS 'Its name.';
COMMENT ON COLUMN "custom_type_status_options"."enabled" IS 'Whether it can be chosen.';
COMMENT ON COLUMN "custom_type_status_options"."color" IS 'Its color.';
COMMENT ON COLUMN "custom_type_status_options"."completion_state" IS 'Whether a task with it counts as completed.';

CREATE TABLE "custom_types" (
    "gid" text NOT NULL,
    "name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "custom_types" IS 'Custom types of tasks, with their statuses.';
COMMENT ON COLUMN "custom_types"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "custom_types"."name" IS 'The name of the type.';

CREATE TABLE "export_coverage" (
    "resource" text NOT NULL,
    "parent_type" text NOT NULL,
    "parent_gid" text NOT NULL,
    "status" text,
    "http_status" bigint,
    "reason" text,
    "requests" bigint,
    "records" bigint,
    PRIMARY KEY ("resource", "parent_type", "parent_gid")
);
COMMENT ON TABLE "export_coverage" IS 'What was read: a row for each resource, and one more for each parent whose listing is not complete.';
COMMENT ON COLUMN "export_coverage"."resource" IS 'The table concerned.';
COMMENT ON COLUMN "export_coverage"."parent_type" IS 'The kind of object whose listing is not complete; empty for the resource as a whole.';
COMMENT ON COLUMN "export_coverage"."parent_gid" IS 'That object; empty for the resource as a whole.';
COMMENT ON COLUMN "export_coverage"."status" IS 'complete, partial or unavailable.';
COMMENT ON COLUMN "export_coverage"."http_status" IS 'Asana''s answer where something is missing.';
COMMENT ON COLUMN "export_coverage"."reason" IS 'Why, in Asana''s words where it gave any.';
COMMENT ON COLUMN "export_coverage"."requests" IS 'Answers received.';
COMMENT ON COLUMN "export_coverage"."records" IS 'Records received, the same object counted each time.';

CREATE TABLE "export_oddities" (
    "resource" text NOT NULL,
    "gid" text NOT NULL,
    "field" text NOT NULL,
    "what" text NOT NULL,
    PRIMARY KEY ("resource", "gid", "field", "what")
);
COMMENT ON TABLE "export_oddities" IS 'Data that did not look as Asana describes it.';
COMMENT ON COLUMN "export_oddities"."resource" IS 'The table concerned.';
COMMENT ON COLUMN "export_oddities"."gid" IS 'The record.';
COMMENT ON COLUMN "export_oddities"."field" IS 'The field, as a path.';
COMMENT ON COLUMN "export_oddities"."what" IS 'What was found.';

CREATE TABLE "export_unresolved" (
    "resource" text NOT NULL,
    "gid" text NOT NULL,
    "name" text,
    "seen_in" text,
    "times" bigint,
    PRIMARY KEY ("resource", "gid")
);
COMMENT ON TABLE "export_unresolved" IS 'Objects that something refers to and that have no row: hidden from the token, deleted since, or outside what was asked for.';
COMMENT ON COLUMN "export_unresolved"."resource" IS 'The table that would have the row.';
COMMENT ON COLUMN "export_unresolved"."gid" IS 'The object.';
COMMENT ON COLUMN "export_unresolved"."name" IS 'Its name, where a reference told it.';
COMMENT ON COLUMN "export_unresolved"."seen_in" IS 'The column that names it, as in portfolio_items.item_gid.';
COMMENT ON COLUMN "export_unresolved"."times" IS 'How often it is named.';

CREATE TABLE "goal_custom_field_options" (
    "goal_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "enum_option_gid" text,
    "enum_option_name" text,
    PRIMARY KEY ("goal_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "goal_custom_field_options" IS 'Of goals: the options chosen in multi_enum fields.';
COMMENT ON COLUMN "goal_custom_field_options"."goal_gid" IS 'The owner.';
COMMENT ON COLUMN "goal_custom_field_options"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "goal_custom_field_options"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "goal_custom_field_options"."enum_option_gid" IS 'The option.';
COMMENT ON COLUMN "goal_custom_field_options"."enum_option_name" IS 'Its name.';

CREATE TABLE "goal_custom_field_people" (
    "goal_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("goal_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "goal_custom_field_people" IS 'Of goals: the people in people fields.';
COMMENT ON COLUMN "goal_custom_field_people"."goal_gid" IS 'The owner.';
COMMENT ON COLUMN "goal_custom_field_people"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "goal_custom_field_people"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "goal_custom_field_people"."user_gid" IS 'The person.';

CREATE TABLE "goal_custom_field_references" (
    "goal_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "reference_type" text,
    "reference_gid" text,
    "reference_name" text,
    PRIMARY KEY ("goal_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "goal_custom_field_references" IS 'Of goals: the objects in reference fields.';
COMMENT ON COLUMN "goal_custom_field_references"."goal_gid" IS 'The owner.';
COMMENT ON COLUMN "goal_custom_field_references"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "goal_custom_field_references"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "goal_custom_field_references"."reference_type" IS 'Its kind.';
COMMENT ON COLUMN "goal_custom_field_references"."reference_gid" IS 'The object.';
COMMENT ON COLUMN "goal_custom_field_references"."reference_name" IS 'Its name.';

CREATE TABLE "goal_custom_fields" (
    "goal_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "custom_field_gid" text,
    "name" text,
    "type" text,
    "enabled" boolean,
    "display_value" text,
    "text_value" text,
    "number_value" numeric,
    "date_value" date,
    "date_time_value" timestamptz,
    "enum_option_gid" text,
    "enum_option_name" text,
    "html_text_value" text,
    PRIMARY KEY ("goal_gid", "position")
);
COMMENT ON TABLE "goal_custom_fields" IS 'Of goals: Values of custom fields of this goal.';
COMMENT ON COLUMN "goal_custom_fields"."goal_gid" IS 'The owner.';
COMMENT ON COLUMN "goal_custom_fields"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "goal_custom_fields"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "goal_custom_fields"."name" IS 'The field''s name.';
COMMENT ON COLUMN "goal_custom_fields"."type" IS 'The field''s type: text, enum, multi_enum, number, date, people or reference.';
COMMENT ON COLUMN "goal_custom_fields"."enabled" IS 'Whether the field is still used on this kind of object.';
COMMENT ON COLUMN "goal_custom_fields"."display_value" IS 'The value as Asana shows it, whatever its type.';
COMMENT ON COLUMN "goal_custom_fields"."text_value" IS 'The value of a text field.';
COMMENT ON COLUMN "goal_custom_fields"."number_value" IS 'The value of a number field.';
COMMENT ON COLUMN "goal_custom_fields"."date_value" IS 'The day of a date field.';
COMMENT ON COLUMN "goal_custom_fields"."date_time_value" IS 'The instant of a date field with a time.';
COMMENT ON COLUMN "goal_custom_fields"."enum_option_gid" IS 'The option chosen in an enum field.';
COMMENT ON COLUMN "goal_custom_fields"."enum_option_name" IS 'Its name.';
COMMENT ON COLUMN "goal_custom_fields"."html_text_value" IS 'The value of a text field with formatting; of tasks only.';

CREATE TABLE "goal_followers" (
    "goal_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("goal_gid", "position")
);
COMMENT ON TABLE "goal_followers" IS 'Of goals: Who is told of what happens to it.';
COMMENT ON COLUMN "goal_followers"."goal_gid" IS 'The owner.';
COMMENT ON COLUMN "goal_followers"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "goal_followers"."user_gid" IS 'Who is told of what happens to it.';

CREATE TABLE "goal_likes" (
    "goal_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("goal_gid", "position")
);
COMMENT ON TABLE "goal_likes" IS 'Of goals: Who likes it.';
COMMENT ON COLUMN "goal_likes"."goal_gid" IS 'The owner.';
COMMENT ON COLUMN "goal_likes"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "goal_likes"."user_gid" IS 'Who.';

CREATE TABLE "goal_relationships" (
    "gid" text NOT NULL,
    "resource_subtype" text,
    "supported_goal_gid" text,
    "supported_goal_name" text,
    "supporting_resource_type" text,
    "supporting_resource_gid" text,
    "supporting_resource_name" text,
    "contribution_weight" numeric,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "goal_relationships" IS 'What each goal rests on: subgoals and supporting work.';
COMMENT ON COLUMN "goal_relationships"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "goal_relationships"."resource_subtype" IS 'subgoal or supporting_work.';
COMMENT ON COLUMN "goal_relationships"."supported_goal_gid" IS 'The goal.';
COMMENT ON COLUMN "goal_relationships"."supported_goal_name" IS 'The goal. (name)';
COMMENT ON COLUMN "goal_relationships"."supporting_resource_type" IS 'What it rests on. (its kind)';
COMMENT ON COLUMN "goal_relationships"."supporting_resource_gid" IS 'What it rests on.';
COMMENT ON COLUMN "goal_relationships"."supporting_resource_name" IS 'What it rests on. (name)';
COMMENT ON COLUMN "goal_relationships"."contribution_weight" IS 'How much it counts, from 0 to 1.';

CREATE TABLE "goals" (
    "gid" text NOT NULL,
    "name" text,
    "workspace_gid" text,
    "workspace_name" text,
    "team_gid" text,
    "team_name" text,
    "is_workspace_level" boolean,
    "owner_gid" text,
    "owner_name" text,
    "time_period_gid" text,
    "time_period_display_name" text,
    "start_on" date,
    "due_on" date,
    "status" text,
    "notes" text,
    "html_notes" text,
    "privacy_setting" text,
    "default_access_level" text,
    "num_likes" bigint,
    "current_status_update_gid" text,
    "current_status_update_title" text,
    "current_status_update_resource_subtype" text,
    "metric_resource_subtype" text,
    "metric_unit" text,
    "metric_currency_code" text,
    "metric_precision" bigint,
    "metric_initial_number_value" numeric,
    "metric_current_number_value" numeric,
    "metric_target_number_value" numeric,
    "metric_current_display_value" text,
    "metric_progress_source" text,
    "metric_is_custom_weight" boolean,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "goals" IS 'Goals with their metrics, closed ones included.';
COMMENT ON COLUMN "goals"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "goals"."name" IS 'The name of the goal.';
COMMENT ON COLUMN "goals"."workspace_gid" IS 'The workspace.';
COMMENT ON COLUMN "goals"."workspace_name" IS 'The workspace. (name)';
COMMENT ON COLUMN "goals"."team_gid" IS 'The team whose goal it is.';
COMMENT ON COLUMN "goals"."team_name" IS 'The team whose goal it is. (name)';
COMMENT ON COLUMN "goals"."is_workspace_level" IS 'Whether it is a goal of the whole workspace.';
COMMENT ON COLUMN "goals"."owner_gid" IS 'Who owns it.';
COMMENT ON COLUMN "goals"."owner_name" IS 'Who owns it. (name)';
COMMENT ON COLUMN "goals"."time_period_gid" IS 'The period it belongs to.';
COMMENT ON COLUMN "goals"."time_period_display_name" IS 'Its name.';
COMMENT ON COLUMN "goals"."start_on" IS 'The day it starts.';
COMMENT ON COLUMN "goals"."due_on" IS 'The day it is due.';
COMMENT ON COLUMN "goals"."status" IS 'Its status, as in green, yellow, red, achieved, partial, missed or dropped.';
COMMENT ON COLUMN "goals"."notes" IS 'Its description as plain text.';
COMMENT ON COLUMN "goals"."html_notes" IS 'The same with formatting.';
COMMENT ON COLUMN "goals"."privacy_setting" IS 'Who can see it: public_to_workspace or members_only.';
COMMENT ON COLUMN "goals"."default_access_level" IS 'What people it is shared with may do: admin, editor, commenter or viewer.';
COMMENT ON COLUMN "goals"."num_likes" IS 'How many people like it.';
COMMENT ON COLUMN "goals"."current_status_update_gid" IS 'Its latest status update.';
COMMENT ON COLUMN "goals"."current_status_update_title" IS 'The title.';
COMMENT ON COLUMN "goals"."current_status_update_resource_subtype" IS 'The kind of status update.';
COMMENT ON COLUMN "goals"."metric_resource_subtype" IS 'The kind of metric: number.';
COMMENT ON COLUMN "goals"."metric_unit" IS 'none, currency or percentage.';
COMMENT ON COLUMN "goals"."metric_currency_code" IS 'ISO 4217 code of a currency.';
COMMENT ON COLUMN "goals"."metric_precision" IS 'Decimal places shown.';
COMMENT ON COLUMN "goals"."metric_initial_number_value" IS 'Where it began.';
COMMENT ON COLUMN "goals"."metric_current_number_value" IS 'Where it is.';
COMMENT ON COLUMN "goals"."metric_target_number_value" IS 'Where it should arrive.';
COMMENT ON COLUMN "goals"."metric_current_display_value" IS 'Where it is, as Asana shows it.';
COMMENT ON COLUMN "goals"."metric_progress_source" IS 'What moves it, as in manual or subgoal_progress.';
COMMENT ON COLUMN "goals"."metric_is_custom_weight" IS 'Whether what moves it is weighted by hand.';

CREATE TABLE "memberships" (
    "gid" text NOT NULL,
    "resource_subtype" text,
    "parent_type" text,
    "parent_gid" text,
    "member_type" text,
    "member_gid" text,
    "member_name" text,
    "access_level" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "memberships" IS 'Whom projects, portfolios, goals, custom fields and custom types are shared with: people and teams.';
COMMENT ON COLUMN "memberships"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "memberships"."resource_subtype" IS 'The kind of membership, as in project_membership.';
COMMENT ON COLUMN "memberships"."parent_type" IS 'What is shared. (its kind)';
COMMENT ON COLUMN "memberships"."parent_gid" IS 'What is shared.';
COMMENT ON COLUMN "memberships"."member_type" IS 'Whom it is shared with: a user or a team. (its kind)';
COMMENT ON COLUMN "memberships"."member_gid" IS 'Whom it is shared with: a user or a team.';
COMMENT ON COLUMN "memberships"."member_name" IS 'Whom it is shared with: a user or a team. (name)';
COMMENT ON COLUMN "memberships"."access_level" IS 'viewer, commenter, editor, admin or user.';

CREATE TABLE "portfolio_custom_field_options" (
    "portfolio_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "enum_option_gid" text,
    "enum_option_name" text,
    PRIMARY KEY ("portfolio_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "portfolio_custom_field_options" IS 'Of portfolios: the options chosen in multi_enum fields.';
COMMENT ON COLUMN "portfolio_custom_field_options"."portfolio_gid" IS 'The owner.';
COMMENT ON COLUMN "portfolio_custom_field_options"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "portfolio_custom_field_options"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "portfolio_custom_field_options"."enum_option_gid" IS 'The option.';
COMMENT ON COLUMN "portfolio_custom_field_options"."enum_option_name" IS 'Its name.';

CREATE TABLE "portfolio_custom_field_people" (
    "portfolio_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("portfolio_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "portfolio_custom_field_people" IS 'Of portfolios: the people in people fields.';
COMMENT ON COLUMN "portfolio_custom_field_people"."portfolio_gid" IS 'The owner.';
COMMENT ON COLUMN "portfolio_custom_field_people"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "portfolio_custom_field_people"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "portfolio_custom_field_people"."user_gid" IS 'The person.';

CREATE TABLE "portfolio_custom_field_references" (
    "portfolio_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "reference_type" text,
    "reference_gid" text,
    "reference_name" text,
    PRIMARY KEY ("portfolio_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "portfolio_custom_field_references" IS 'Of portfolios: the objects in reference fields.';
COMMENT ON COLUMN "portfolio_custom_field_references"."portfolio_gid" IS 'The owner.';
COMMENT ON COLUMN "portfolio_custom_field_references"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "portfolio_custom_field_references"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "portfolio_custom_field_references"."reference_type" IS 'Its kind.';
COMMENT ON COLUMN "portfolio_custom_field_references"."reference_gid" IS 'The object.';
COMMENT ON COLUMN "portfolio_custom_field_references"."reference_name" IS 'Its name.';

CREATE TABLE "portfolio_custom_fields" (
    "portfolio_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "custom_field_gid" text,
    "name" text,
    "type" text,
    "enabled" boolean,
    "display_value" text,
    "text_value" text,
    "number_value" numeric,
    "date_value" date,
    "date_time_value" timestamptz,
    "enum_option_gid" text,
    "enum_option_name" text,
    "html_text_value" text,
    PRIMARY KEY ("portfolio_gid", "position")
);
COMMENT ON TABLE "portfolio_custom_fields" IS 'Of portfolios: Values of custom fields of this portfolio.';
COMMENT ON COLUMN "portfolio_custom_fields"."portfolio_gid" IS 'The owner.';
COMMENT ON COLUMN "portfolio_custom_fields"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "portfolio_custom_fields"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "portfolio_custom_fields"."name" IS 'The field''s name.';
COMMENT ON COLUMN "portfolio_custom_fields"."type" IS 'The field''s type: text, enum, multi_enum, number, date, people or reference.';
COMMENT ON COLUMN "portfolio_custom_fields"."enabled" IS 'Whether the field is still used on this kind of object.';
COMMENT ON COLUMN "portfolio_custom_fields"."display_value" IS 'The value as Asana shows it, whatever its type.';
COMMENT ON COLUMN "portfolio_custom_fields"."text_value" IS 'The value of a text field.';
COMMENT ON COLUMN "portfolio_custom_fields"."number_value" IS 'The value of a number field.';
COMMENT ON COLUMN "portfolio_custom_fields"."date_value" IS 'The day of a date field.';
COMMENT ON COLUMN "portfolio_custom_fields"."date_time_value" IS 'The instant of a date field with a time.';
COMMENT ON COLUMN "portfolio_custom_fields"."enum_option_gid" IS 'The option chosen in an enum field.';
COMMENT ON COLUMN "portfolio_custom_fields"."enum_option_name" IS 'Its name.';
COMMENT ON COLUMN "portfolio_custom_fields"."html_text_value" IS 'The value of a text field with formatting; of tasks only.';

CREATE TABLE "portfolio_items" (
    "portfolio_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "item_type" text,
    "item_gid" text,
    "item_name" text,
    PRIMARY KEY ("portfolio_gid", "position")
);
COMMENT ON TABLE "portfolio_items" IS 'The projects and portfolios in each portfolio, in its order.';
COMMENT ON COLUMN "portfolio_items"."portfolio_gid" IS 'What it is in.';
COMMENT ON COLUMN "portfolio_items"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "portfolio_items"."item_type" IS 'The project or portfolio. (its kind)';
COMMENT ON COLUMN "portfolio_items"."item_gid" IS 'The project or portfolio.';
COMMENT ON COLUMN "portfolio_items"."item_name" IS 'The project or portfolio. (name)';

CREATE TABLE "portfolio_members" (
    "portfolio_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("portfolio_gid", "position")
);
COMMENT ON TABLE "portfolio_members" IS 'Of portfolios: Users who are members.';
COMMENT ON COLUMN "portfolio_members"."portfolio_gid" IS 'The owner.';
COMMENT ON COLUMN "portfolio_members"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "portfolio_members"."user_gid" IS 'Users who are members.';

CREATE TABLE "portfolio_project_templates" (
    "portfolio_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "project_template_gid" text,
    PRIMARY KEY ("portfolio_gid", "position")
);
COMMENT ON TABLE "portfolio_project_templates" IS 'Of portfolios: Its project templates.';
COMMENT ON COLUMN "portfolio_project_templates"."portfolio_gid" IS 'The owner.';
COMMENT ON COLUMN "portfolio_project_templates"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "portfolio_project_templates"."project_template_gid" IS 'Its project templates.';

CREATE TABLE "portfolios" (
    "gid" text NOT NULL,
    "name" text,
    "workspace_gid" text,
    "workspace_name" text,
    "owner_gid" text,
    "owner_name" text,
    "archived" boolean,
    "created_at" timestamptz,
    "created_by_gid" text,
    "created_by_name" text,
    "start_on" date,
    "due_on" date,
    "color" text,
    "privacy_setting" text,
    "default_access_level" text,
    "permalink_url" text,
    "current_status_update_gid" text,
    "current_status_update_title" text,
    "current_status_update_resource_subtype" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "portfolios" IS 'Portfolios, archived ones included. Asana lists a person''s own ones only; those in them, and those that goals rest on, are followed.';
COMMENT ON COLUMN "portfolios"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "portfolios"."name" IS 'The name of the portfolio.';
COMMENT ON COLUMN "portfolios"."workspace_gid" IS 'The workspace.';
COMMENT ON COLUMN "portfolios"."workspace_name" IS 'The workspace. (name)';
COMMENT ON COLUMN "portfolios"."owner_gid" IS 'Who owns it.';
COMMENT ON COLUMN "portfolios"."owner_name" IS 'Who owns it. (name)';
COMMENT ON COLUMN "portfolios"."archived" IS 'Whether it is archived.';
COMMENT ON COLUMN "portfolios"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "portfolios"."created_by_gid" IS 'Who made it.';
COMMENT ON COLUMN "portfolios"."created_by_name" IS 'Who made it. (name)';
COMMENT ON COLUMN "portfolios"."start_on" IS 'The day it starts.';
COMMENT ON COLUMN "portfolios"."due_on" IS 'The day it is due.';
COMMENT ON COLUMN "portfolios"."color" IS 'Its color.';
COMMENT ON COLUMN "portfolios"."privacy_setting" IS 'Who can see it: public_to_domain or members_only.';
COMMENT ON COLUMN "portfolios"."default_access_level" IS 'What people it is shared with may do: admin, editor or viewer.';
COMMENT ON COLUMN "portfolios"."permalink_url" IS 'Its address in Asana.';
COMMENT ON COLUMN "portfolios"."current_status_update_gid" IS 'Its latest status update.';
COMMENT ON COLUMN "portfolios"."current_status_update_title" IS 'The title.';
COMMENT ON COLUMN "portfolios"."current_status_update_resource_subtype" IS 'The kind of status update.';

CREATE TABLE "project_briefs" (
    "gid" text NOT NULL,
    "title" text,
    "text" text,
    "html_text" text,
    "permalink_url" text,
    "project_gid" text,
    "project_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "project_briefs" IS 'The briefs of projects.';
COMMENT ON COLUMN "project_briefs"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "project_briefs"."title" IS 'The title of the brief.';
COMMENT ON COLUMN "project_briefs"."text" IS 'The brief as plain text.';
COMMENT ON COLUMN "project_briefs"."html_text" IS 'The same with formatting.';
COMMENT ON COLUMN "project_briefs"."permalink_url" IS 'Its address in Asana.';
COMMENT ON COLUMN "project_briefs"."project_gid" IS 'The project it describes.';
COMMENT ON COLUMN "project_briefs"."project_name" IS 'The project it describes. (name)';

CREATE TABLE "project_custom_field_options" (
    "project_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "enum_option_gid" text,
    "enum_option_name" text,
    PRIMARY KEY ("project_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "project_custom_field_options" IS 'Of projects: the options chosen in multi_enum fields.';
COMMENT ON COLUMN "project_custom_field_options"."project_gid" IS 'The owner.';
COMMENT ON COLUMN "project_custom_field_options"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "project_custom_field_options"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "project_custom_field_options"."enum_option_gid" IS 'The option.';
COMMENT ON COLUMN "project_custom_field_options"."enum_option_name" IS 'Its name.';

CREATE TABLE "project_custom_field_people" (
    "project_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("project_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "project_custom_field_people" IS 'Of projects: the people in people fields.';
COMMENT ON COLUMN "project_custom_field_people"."project_gid" IS 'The owner.';
COMMENT ON COLUMN "project_custom_field_people"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "project_custom_field_people"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "project_custom_field_people"."user_gid" IS 'The person.';

CREATE TABLE "project_custom_field_references" (
    "project_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "reference_type" text,
    "reference_gid" text,
    "reference_name" text,
    PRIMARY KEY ("project_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "project_custom_field_references" IS 'Of projects: the objects in reference fields.';
COMMENT ON COLUMN "project_custom_field_references"."project_gid" IS 'The owner.';
COMMENT ON COLUMN "project_custom_field_references"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "project_custom_field_references"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "project_custom_field_references"."reference_type" IS 'Its kind.';
COMMENT ON COLUMN "project_custom_field_references"."reference_gid" IS 'The object.';
COMMENT ON COLUMN "project_custom_field_references"."reference_name" IS 'Its name.';

CREATE TABLE "project_custom_fields" (
    "project_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "custom_field_gid" text,
    "name" text,
    "type" text,
    "enabled" boolean,
    "display_value" text,
    "text_value" text,
    "number_value" numeric,
    "date_value" date,
    "date_time_value" timestamptz,
    "enum_option_gid" text,
    "enum_option_name" text,
    "html_text_value" text,
    PRIMARY KEY ("project_gid", "position")
);
COMMENT ON TABLE "project_custom_fields" IS 'Of projects: Values of custom fields of this project.';
COMMENT ON COLUMN "project_custom_fields"."project_gid" IS 'The owner.';
COMMENT ON COLUMN "project_custom_fields"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "project_custom_fields"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "project_custom_fields"."name" IS 'The field''s name.';
COMMENT ON COLUMN "project_custom_fields"."type" IS 'The field''s type: text, enum, multi_enum, number, date, people or reference.';
COMMENT ON COLUMN "project_custom_fields"."enabled" IS 'Whether the field is still used on this kind of object.';
COMMENT ON COLUMN "project_custom_fields"."display_value" IS 'The value as Asana shows it, whatever its type.';
COMMENT ON COLUMN "project_custom_fields"."text_value" IS 'The value of a text field.';
COMMENT ON COLUMN "project_custom_fields"."number_value" IS 'The value of a number field.';
COMMENT ON COLUMN "project_custom_fields"."date_value" IS 'The day of a date field.';
COMMENT ON COLUMN "project_custom_fields"."date_time_value" IS 'The instant of a date field with a time.';
COMMENT ON COLUMN "project_custom_fields"."enum_option_gid" IS 'The option chosen in an enum field.';
COMMENT ON COLUMN "project_custom_fields"."enum_option_name" IS 'Its name.';
COMMENT ON COLUMN "project_custom_fields"."html_text_value" IS 'The value of a text field with formatting; of tasks only.';

CREATE TABLE "project_followers" (
    "project_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("project_gid", "position")
);
COMMENT ON TABLE "project_followers" IS 'Of projects: Users who are told of what happens in it.';
COMMENT ON COLUMN "project_followers"."project_gid" IS 'The owner.';
COMMENT ON COLUMN "project_followers"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "project_followers"."user_gid" IS 'Users who are told of what happens in it.';

CREATE TABLE "project_members" (
    "project_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("project_gid", "position")
);
COMMENT ON TABLE "project_members" IS 'Of projects: Users who are members.';
COMMENT ON COLUMN "project_members"."project_gid" IS 'The owner.';
COMMENT ON COLUMN "project_members"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "project_members"."user_gid" IS 'Users who are members.';

CREATE TABLE "project_portfolio_settings" (
    "gid" text NOT NULL,
    "project_gid" text,
    "project_name" text,
    "portfolio_gid" text,
    "portfolio_name" text,
    "is_access_control_inherited" boolean,
    "created_at" timestamptz,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "project_portfolio_settings" IS 'How a portfolio affects a project in it.';
COMMENT ON COLUMN "project_portfolio_settings"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "project_portfolio_settings"."project_gid" IS 'The project.';
COMMENT ON COLUMN "project_portfolio_settings"."project_name" IS 'The project. (name)';
COMMENT ON COLUMN "project_portfolio_settings"."portfolio_gid" IS 'The portfolio.';
COMMENT ON COLUMN "project_portfolio_settings"."portfolio_name" IS 'The portfolio. (name)';
COMMENT ON COLUMN "project_portfolio_settings"."is_access_control_inherited" IS 'Whether members of the portfolio have access to the project.';
COMMENT ON COLUMN "project_portfolio_settings"."created_at" IS 'When the project was added.';

CREATE TABLE "project_template_requested_dates" (
    "project_template_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "date_variable_gid" text,
    "name" text,
    "description" text,
    PRIMARY KEY ("project_template_gid", "position")
);
COMMENT ON TABLE "project_template_requested_dates" IS 'Of project_templates: The dates to be given when a project is made from it.';
COMMENT ON COLUMN "project_template_requested_dates"."project_template_gid" IS 'The owner.';
COMMENT ON COLUMN "project_template_requested_dates"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "project_template_requested_dates"."date_variable_gid" IS 'The dates to be given when a project is made from it.';
COMMENT ON COLUMN "project_template_requested_dates"."name" IS 'Its name.';
COMMENT ON COLUMN "project_template_requested_dates"."description" IS 'What the date means.';

CREATE TABLE "project_template_requested_roles" (
    "project_template_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "template_role_gid" text,
    "name" text,
    PRIMARY KEY ("project_template_gid", "position")
);
COMMENT ON TABLE "project_template_requested_roles" IS 'Of project_templates: The roles to be filled when a project is made from it.';
COMMENT ON COLUMN "project_template_requested_roles"."project_template_gid" IS 'The owner.';
COMMENT ON COLUMN "project_template_requested_roles"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "project_template_requested_roles"."template_role_gid" IS 'The roles to be filled when a project is made from it.';
COMMENT ON COLUMN "project_template_requested_roles"."name" IS 'Its name.';

CREATE TABLE "project_templates" (
    "gid" text NOT NULL,
    "name" text,
    "description" text,
    "html_description" text,
    "public" boolean,
    "color" text,
    "owner_gid" text,
    "owner_name" text,
    "team_gid" text,
    "team_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "project_templates" IS 'Templates that projects are made from.';
COMMENT ON COLUMN "project_templates"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "project_templates"."name" IS 'The name of the template.';
COMMENT ON COLUMN "project_templates"."description" IS 'Its description as plain text.';
COMMENT ON COLUMN "project_templates"."html_description" IS 'The same with formatting.';
COMMENT ON COLUMN "project_templates"."public" IS 'Whether everyone in its team can use it.';
COMMENT ON COLUMN "project_templates"."color" IS 'Its color.';
COMMENT ON COLUMN "project_templates"."owner_gid" IS 'Who owns it.';
COMMENT ON COLUMN "project_templates"."owner_name" IS 'Who owns it. (name)';
COMMENT ON COLUMN "project_templates"."team_gid" IS 'The team it belongs to.';
COMMENT ON COLUMN "project_templates"."team_name" IS 'The team it belongs to. (name)';

CREATE TABLE "projects" (
    "gid" text NOT NULL,
    "name" text,
    "workspace_gid" text,
    "workspace_name" text,
    "team_gid" text,
    "team_name" text,
    "owner_gid" text,
    "owner_name" text,
    "archived" boolean,
    "completed" boolean,
    "completed_at" timestamptz,
    "completed_by_gid" text,
    "completed_by_name" text,
    "created_at" timestamptz,
    "modified_at" timestamptz,
    "start_on" date,
    "due_on" date,
    "notes" text,
    "html_notes" text,
    "color" text,
    "icon" text,
    "default_view" text,
    "privacy_setting" text,
    "default_access_level" text,
    "minimum_access_level_for_customization" text,
    "minimum_access_level_for_sharing" text,
    "permalink_url" text,
    "current_status_update_gid" text,
    "current_status_update_title" text,
    "current_status_update_resource_subtype" text,
    "project_brief_gid" text,
    "created_from_template_gid" text,
    "created_from_template_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "projects" IS 'Projects, archived ones included.';
COMMENT ON COLUMN "projects"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "projects"."name" IS 'The name of the project.';
COMMENT ON COLUMN "projects"."workspace_gid" IS 'The workspace.';
COMMENT ON COLUMN "projects"."workspace_name" IS 'The workspace. (name)';
COMMENT ON COLUMN "projects"."team_gid" IS 'The team it was made in; empty for newer projects, which are shared through memberships.';
COMMENT ON COLUMN "projects"."team_name" IS 'The team it was made in; empty for newer projects, which are shared through memberships. (name)';
COMMENT ON COLUMN "projects"."owner_gid" IS 'Who owns it.';
COMMENT ON COLUMN "projects"."owner_name" IS 'Who owns it. (name)';
COMMENT ON COLUMN "projects"."archived" IS 'Whether it is archived.';
COMMENT ON COLUMN "projects"."completed" IS 'Whether it is completed.';
COMMENT ON COLUMN "projects"."completed_at" IS 'When it was completed.';
COMMENT ON COLUMN "projects"."completed_by_gid" IS 'Who completed it.';
COMMENT ON COLUMN "projects"."completed_by_name" IS 'Who completed it. (name)';
COMMENT ON COLUMN "projects"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "projects"."modified_at" IS 'When its own fields last changed; its tasks do not count.';
COMMENT ON COLUMN "projects"."start_on" IS 'The day it starts.';
COMMENT ON COLUMN "projects"."due_on" IS 'The day it is due.';
COMMENT ON COLUMN "projects"."notes" IS 'Its description as plain text.';
COMMENT ON COLUMN "projects"."html_notes" IS 'The same with formatting.';
COMMENT ON COLUMN "projects"."color" IS 'Its color.';
COMMENT ON COLUMN "projects"."icon" IS 'Its icon.';
COMMENT ON COLUMN "projects"."default_view" IS 'The view it opens with: list, board, calendar or timeline.';
COMMENT ON COLUMN "projects"."privacy_setting" IS 'Who can see it: public_to_workspace, private_to_team or private.';
COMMENT ON COLUMN "projects"."default_access_level" IS 'What people it is shared with may do: admin, editor, commenter or viewer.';
COMMENT ON COLUMN "projects"."minimum_access_level_for_customization" IS 'Who may customize it: admin or editor.';
COMMENT ON COLUMN "projects"."minimum_access_level_for_sharing" IS 'Who may share it: admin or editor.';
COMMENT ON COLUMN "projects"."permalink_url" IS 'Its address in Asana.';
COMMENT ON COLUMN "projects"."current_status_update_gid" IS 'Its latest status update.';
COMMENT ON COLUMN "projects"."current_status_update_title" IS 'The title.';
COMMENT ON COLUMN "projects"."current_status_update_resource_subtype" IS 'The kind of status update.';
COMMENT ON COLUMN "projects"."project_brief_gid" IS 'Its brief.';
COMMENT ON COLUMN "projects"."created_from_template_gid" IS 'The template it was made from.';
COMMENT ON COLUMN "projects"."created_from_template_name" IS 'The template it was made from. (name)';

CREATE TABLE "rates" (
    "gid" text NOT NULL,
    "parent_gid" text,
    "parent_name" text,
    "resource_type" text,
    "resource_gid" text,
    "resource_name" text,
    "rate" numeric,
    "currency_code" text,
    "created_by_gid" text,
    "created_by_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "rates" IS 'What an hour of whom costs in which project.';
COMMENT ON COLUMN "rates"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "rates"."parent_gid" IS 'The project.';
COMMENT ON COLUMN "rates"."parent_name" IS 'The project. (name)';
COMMENT ON COLUMN "rates"."resource_type" IS 'Whose hour; a person or a placeholder. (its kind)';
COMMENT ON COLUMN "rates"."resource_gid" IS 'Whose hour; a person or a placeholder.';
COMMENT ON COLUMN "rates"."resource_name" IS 'Whose hour; a person or a placeholder. (name)';
COMMENT ON COLUMN "rates"."rate" IS 'The price of an hour.';
COMMENT ON COLUMN "rates"."currency_code" IS 'ISO 4217 code.';
COMMENT ON COLUMN "rates"."created_by_gid" IS 'Who set it.';
COMMENT ON COLUMN "rates"."created_by_name" IS 'Who set it. (name)';

CREATE TABLE "sections" (
    "gid" text NOT NULL,
    "name" text,
    "project_gid" text,
    "project_name" text,
    "position" bigint,
    "created_at" timestamptz,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "sections" IS 'The sections of projects, empty ones included.';
COMMENT ON COLUMN "sections"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "sections"."name" IS 'The name of the section.';
COMMENT ON COLUMN "sections"."project_gid" IS 'The project it is in.';
COMMENT ON COLUMN "sections"."project_name" IS 'The project it is in. (name)';
COMMENT ON COLUMN "sections"."position" IS 'Its place in the project, from 0.';
COMMENT ON COLUMN "sections"."created_at" IS 'When it was made.';

CREATE TABLE "status_update_likes" (
    "status_update_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("status_update_gid", "position")
);
COMMENT ON TABLE "status_update_likes" IS 'Of status_updates: Who likes it.';
COMMENT ON COLUMN "status_update_likes"."status_update_gid" IS 'The owner.';
COMMENT ON COLUMN "status_update_likes"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "status_update_likes"."user_gid" IS 'Who.';

CREATE TABLE "status_update_reaction_summary" (
    "status_update_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "emoji_base" text,
    "variant" text,
    "count" bigint,
    PRIMARY KEY ("status_update_gid", "position")
);
COMMENT ON TABLE "status_update_reaction_summary" IS 'Of status_updates: Emoji reactions, counted.';
COMMENT ON COLUMN "status_update_reaction_summary"."status_update_gid" IS 'The owner.';
COMMENT ON COLUMN "status_update_reaction_summary"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "status_update_reaction_summary"."emoji_base" IS 'The emoji without skin tone.';
COMMENT ON COLUMN "status_update_reaction_summary"."variant" IS 'The emoji as chosen.';
COMMENT ON COLUMN "status_update_reaction_summary"."count" IS 'How many people chose it.';

CREATE TABLE "status_updates" (
    "gid" text NOT NULL,
    "parent_type" text,
    "parent_gid" text,
    "parent_name" text,
    "title" text,
    "resource_subtype" text,
    "status_type" text,
    "text" text,
    "html_text" text,
    "author_gid" text,
    "author_name" text,
    "created_by_gid" text,
    "created_by_name" text,
    "created_at" timestamptz,
    "modified_at" timestamptz,
    "num_likes" bigint,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "status_updates" IS 'Status updates of projects, portfolios and goals.';
COMMENT ON COLUMN "status_updates"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "status_updates"."parent_type" IS 'The project, portfolio or goal. (its kind)';
COMMENT ON COLUMN "status_updates"."parent_gid" IS 'The project, portfolio or goal.';
COMMENT ON COLUMN "status_updates"."parent_name" IS 'The project, portfolio or goal. (name)';
COMMENT ON COLUMN "status_updates"."title" IS 'The title of the update.';
COMMENT ON COLUMN "status_updates"."resource_subtype" IS 'project_status_update, portfolio_status_update or goal_status_update.';
COMMENT ON COLUMN "status_updates"."status_type" IS 'As in on_track, at_risk, off_track, on_hold, complete, achieved, partial or missed.';
COMMENT ON COLUMN "status_updates"."text" IS 'The update as plain text.';
COMMENT ON COLUMN "status_updates"."html_text" IS 'The same with formatting.';
COMMENT ON COLUMN "status_updates"."author_gid" IS 'Who wrote it.';
COMMENT ON COLUMN "status_updates"."author_name" IS 'Who wrote it. (name)';
COMMENT ON COLUMN "status_updates"."created_by_gid" IS 'Who made it.';
COMMENT ON COLUMN "status_updates"."created_by_name" IS 'Who made it. (name)';
COMMENT ON COLUMN "status_updates"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "status_updates"."modified_at" IS 'When it last changed.';
COMMENT ON COLUMN "status_updates"."num_likes" IS 'How many people like it.';

CREATE TABLE "stories" (
    "gid" text NOT NULL,
    "target_type" text,
    "target_gid" text,
    "target_name" text,
    "created_at" timestamptz,
    "created_by_gid" text,
    "created_by_name" text,
    "type" text,
    "resource_subtype" text,
    "text" text,
    "html_text" text,
    "is_pinned" boolean,
    "is_edited" boolean,
    "is_editable" boolean,
    "num_likes" bigint,
    "sticker_name" text,
    "source" text,
    "old_name" text,
    "new_name" text,
    "old_dates_start_on" date,
    "old_dates_due_on" date,
    "old_dates_due_at" timestamptz,
    "new_dates_start_on" date,
    "new_dates_due_on" date,
    "new_dates_due_at" timestamptz,
    "old_resource_subtype" text,
    "new_resource_subtype" text,
    "old_approval_status" text,
    "new_approval_status" text,
    "assignee_gid" text,
    "assignee_name" text,
    "follower_gid" text,
    "follower_name" text,
    "old_section_gid" text,
    "old_section_name" text,
    "new_section_gid" text,
    "new_section_name" text,
    "task_gid" text,
    "task_name" text,
    "project_gid" text,
    "project_name" text,
    "tag_gid" text,
    "tag_name" text,
    "custom_field_gid" text,
    "custom_field_name" text,
    "old_text_value" text,
    "new_text_value" text,
    "old_number_value" numeric,
    "new_number_value" numeric,
    "old_enum_value_gid" text,
    "old_enum_value_name" text,
    "new_enum_value_gid" text,
    "new_enum_value_name" text,
    "old_date_value_start_on" date,
    "old_date_value_due_on" date,
    "old_date_value_due_at" timestamptz,
    "new_date_value_start_on" date,
    "new_date_value_due_on" date,
    "new_date_value_due_at" timestamptz,
    "story_gid" text,
    "duplicate_of_gid" text,
    "duplicate_of_name" text,
    "duplicated_from_gid" text,
    "duplicated_from_name" text,
    "dependency_gid" text,
    "dependency_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "stories" IS 'Comments, and the system''s notes of what was changed by whom.';
COMMENT ON COLUMN "stories"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "stories"."target_type" IS 'The object that the story belongs to. (its kind)';
COMMENT ON COLUMN "stories"."target_gid" IS 'The object that the story belongs to.';
COMMENT ON COLUMN "stories"."target_name" IS 'The object that the story belongs to. (name)';
COMMENT ON COLUMN "stories"."created_at" IS 'When it was written.';
COMMENT ON COLUMN "stories"."created_by_gid" IS 'Who did it; empty for the system itself.';
COMMENT ON COLUMN "stories"."created_by_name" IS 'Who did it; empty for the system itself. (name)';
COMMENT ON COLUMN "stories"."type" IS 'comment or system.';
COMMENT ON COLUMN "stories"."resource_subtype" IS 'What happened, as in comment_added or assigned.';
COMMENT ON COLUMN "stories"."text" IS 'The comment, or a sentence that says what happened.';
COMMENT ON COLUMN "stories"."html_text" IS 'The same with formatting.';
COMMENT ON COLUMN "stories"."is_pinned" IS 'Whether it is pinned to the top.';
COMMENT ON COLUMN "stories"."is_edited" IS 'Whether it was edited.';
COMMENT ON COLUMN "stories"."is_editable" IS 'Whether it can be edited.';
COMMENT ON COLUMN "stories"."num_likes" IS 'How many people like it.';
COMMENT ON COLUMN "stories"."sticker_name" IS 'The sticker that the comment consists of.';
COMMENT ON COLUMN "stories"."source" IS 'Where it came from: web, email, mobile, api or unknown.';
COMMENT ON COLUMN "stories"."old_name" IS 'The name before.';
COMMENT ON COLUMN "stories"."new_name" IS 'The name after.';
COMMENT ON COLUMN "stories"."old_dates_start_on" IS 'The first day.';
COMMENT ON COLUMN "stories"."old_dates_due_on" IS 'The day due.';
COMMENT ON COLUMN "stories"."old_dates_due_at" IS 'The instant due.';
COMMENT ON COLUMN "stories"."new_dates_start_on" IS 'The first day.';
COMMENT ON COLUMN "stories"."new_dates_due_on" IS 'The day due.';
COMMENT ON COLUMN "stories"."new_dates_due_at" IS 'The instant due.';
COMMENT ON COLUMN "stories"."old_resource_subtype" IS 'The kind of task before.';
COMMENT ON COLUMN "stories"."new_resource_subtype" IS 'The kind of task after.';
COMMENT ON COLUMN "stories"."old_approval_status" IS 'The approval status before.';
COMMENT ON COLUMN "stories"."new_approval_status" IS 'The approval status after.';
COMMENT ON COLUMN "stories"."assignee_gid" IS 'Who it was assigned to.';
COMMENT ON COLUMN "stories"."assignee_name" IS 'Who it was assigned to. (name)';
COMMENT ON COLUMN "stories"."follower_gid" IS 'Who was made a follower.';
COMMENT ON COLUMN "stories"."follower_name" IS 'Who was made a follower. (name)';
COMMENT ON COLUMN "stories"."old_section_gid" IS 'The section it was moved from.';
COMMENT ON COLUMN "stories"."old_section_name" IS 'The section it was moved from. (name)';
COMMENT ON COLUMN "stories"."new_section_gid" IS 'The section it was moved to.';
COMMENT ON COLUMN "stories"."new_section_name" IS 'The section it was moved to. (name)';
COMMENT ON COLUMN "stories"."task_gid" IS 'The task concerned.';
COMMENT ON COLUMN "stories"."task_name" IS 'The task concerned. (name)';
COMMENT ON COLUMN "stories"."project_gid" IS 'The project concerned.';
COMMENT ON COLUMN "stories"."project_name" IS 'The project concerned. (name)';
COMMENT ON COLUMN "stories"."tag_gid" IS 'The tag concerned.';
COMMENT ON COLUMN "stories"."tag_name" IS 'The tag concerned. (name)';
COMMENT ON COLUMN "stories"."custom_field_gid" IS 'The custom field that changed.';
COMMENT ON COLUMN "stories"."custom_field_name" IS 'The custom field that changed. (name)';
COMMENT ON COLUMN "stories"."old_text_value" IS 'The text before.';
COMMENT ON COLUMN "stories"."new_text_value" IS 'The text after.';
COMMENT ON COLUMN "stories"."old_number_value" IS 'The number before.';
COMMENT ON COLUMN "stories"."new_number_value" IS 'The number after.';
COMMENT ON COLUMN "stories"."old_enum_value_gid" IS 'The option before.';
COMMENT ON COLUMN "stories"."old_enum_value_name" IS 'The option before. (name)';
COMMENT ON COLUMN "stories"."new_enum_value_gid" IS 'The option after.';
COMMENT ON COLUMN "stories"."new_enum_value_name" IS 'The option after. (name)';
COMMENT ON COLUMN "stories"."old_date_value_start_on" IS 'The first day.';
COMMENT ON COLUMN "stories"."old_date_value_due_on" IS 'The day due.';
COMMENT ON COLUMN "stories"."old_date_value_due_at" IS 'The instant due.';
COMMENT ON COLUMN "stories"."new_date_value_start_on" IS 'The first day.';
COMMENT ON COLUMN "stories"."new_date_value_due_on" IS 'The day due.';
COMMENT ON COLUMN "stories"."new_date_value_due_at" IS 'The instant due.';
COMMENT ON COLUMN "stories"."story_gid" IS 'The story concerned, as when a comment is liked.';
COMMENT ON COLUMN "stories"."duplicate_of_gid" IS 'The task that this one was merged into.';
COMMENT ON COLUMN "stories"."duplicate_of_name" IS 'The task that this one was merged into. (name)';
COMMENT ON COLUMN "stories"."duplicated_from_gid" IS 'The task that was merged into this one.';
COMMENT ON COLUMN "stories"."duplicated_from_name" IS 'The task that was merged into this one. (name)';
COMMENT ON COLUMN "stories"."dependency_gid" IS 'The task that it depends on or blocks.';
COMMENT ON COLUMN "stories"."dependency_name" IS 'The task that it depends on or blocks. (name)';

CREATE TABLE "story_likes" (
    "story_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("story_gid", "position")
);
COMMENT ON TABLE "story_likes" IS 'Of stories: Who likes it.';
COMMENT ON COLUMN "story_likes"."story_gid" IS 'The owner.';
COMMENT ON COLUMN "story_likes"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "story_likes"."user_gid" IS 'Who.';

CREATE TABLE "story_new_multi_enum_values" (
    "story_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "enum_option_gid" text,
    "name" text,
    PRIMARY KEY ("story_gid", "position")
);
COMMENT ON TABLE "story_new_multi_enum_values" IS 'Of stories: The options after.';
COMMENT ON COLUMN "story_new_multi_enum_values"."story_gid" IS 'The owner.';
COMMENT ON COLUMN "story_new_multi_enum_values"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "story_new_multi_enum_values"."enum_option_gid" IS 'The options after.';
COMMENT ON COLUMN "story_new_multi_enum_values"."name" IS 'Its name.';

CREATE TABLE "story_new_people_value" (
    "story_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("story_gid", "position")
);
COMMENT ON TABLE "story_new_people_value" IS 'Of stories: The people after.';
COMMENT ON COLUMN "story_new_people_value"."story_gid" IS 'The owner.';
COMMENT ON COLUMN "story_new_people_value"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "story_new_people_value"."user_gid" IS 'The people after.';

CREATE TABLE "story_old_multi_enum_values" (
    "story_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "enum_option_gid" text,
    "name" text,
    PRIMARY KEY ("story_gid", "position")
);
COMMENT ON TABLE "story_old_multi_enum_values" IS 'Of stories: The options before.';
COMMENT ON COLUMN "story_old_multi_enum_values"."story_gid" IS 'The owner.';
COMMENT ON COLUMN "story_old_multi_enum_values"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "story_old_multi_enum_values"."enum_option_gid" IS 'The options before.';
COMMENT ON COLUMN "story_old_multi_enum_values"."name" IS 'Its name.';

CREATE TABLE "story_old_people_value" (
    "story_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("story_gid", "position")
);
COMMENT ON TABLE "story_old_people_value" IS 'Of stories: The people before.';
COMMENT ON COLUMN "story_old_people_value"."story_gid" IS 'The owner.';
COMMENT ON COLUMN "story_old_people_value"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "story_old_people_value"."user_gid" IS 'The people before.';

CREATE TABLE "story_previews" (
    "story_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "title" text,
    "title_link" text,
    "header" text,
    "header_link" text,
    "text" text,
    "html_text" text,
    "footer" text,
    "fallback" text,
    PRIMARY KEY ("story_gid", "position")
);
COMMENT ON TABLE "story_previews" IS 'Of stories: Previews of what the comment links to.';
COMMENT ON COLUMN "story_previews"."story_gid" IS 'The owner.';
COMMENT ON COLUMN "story_previews"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "story_previews"."title" IS 'The title.';
COMMENT ON COLUMN "story_previews"."title_link" IS 'Where the title leads.';
COMMENT ON COLUMN "story_previews"."header" IS 'The header.';
COMMENT ON COLUMN "story_previews"."header_link" IS 'Where the header leads.';
COMMENT ON COLUMN "story_previews"."text" IS 'The text.';
COMMENT ON COLUMN "story_previews"."html_text" IS 'The text with formatting.';
COMMENT ON COLUMN "story_previews"."footer" IS 'The footer.';
COMMENT ON COLUMN "story_previews"."fallback" IS 'What to show where the preview cannot be shown.';

CREATE TABLE "story_reaction_summary" (
    "story_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "emoji_base" text,
    "variant" text,
    "count" bigint,
    PRIMARY KEY ("story_gid", "position")
);
COMMENT ON TABLE "story_reaction_summary" IS 'Of stories: Emoji reactions, counted.';
COMMENT ON COLUMN "story_reaction_summary"."story_gid" IS 'The owner.';
COMMENT ON COLUMN "story_reaction_summary"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "story_reaction_summary"."emoji_base" IS 'The emoji without skin tone.';
COMMENT ON COLUMN "story_reaction_summary"."variant" IS 'The emoji as chosen.';
COMMENT ON COLUMN "story_reaction_summary"."count" IS 'How many people chose it.';

CREATE TABLE "tag_followers" (
    "tag_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("tag_gid", "position")
);
COMMENT ON TABLE "tag_followers" IS 'Of tags: Who follows the tag.';
COMMENT ON COLUMN "tag_followers"."tag_gid" IS 'The owner.';
COMMENT ON COLUMN "tag_followers"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "tag_followers"."user_gid" IS 'Who follows the tag.';

CREATE TABLE "tags" (
    "gid" text NOT NULL,
    "name" text,
    "color" text,
    "notes" text,
    "created_at" timestamptz,
    "permalink_url" text,
    "workspace_gid" text,
    "workspace_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "tags" IS 'The tags of the workspace.';
COMMENT ON COLUMN "tags"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "tags"."name" IS 'The name of the tag.';
COMMENT ON COLUMN "tags"."color" IS 'Its color.';
COMMENT ON COLUMN "tags"."notes" IS 'Its description.';
COMMENT ON COLUMN "tags"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "tags"."permalink_url" IS 'Its address in Asana.';
COMMENT ON COLUMN "tags"."workspace_gid" IS 'The workspace.';
COMMENT ON COLUMN "tags"."workspace_name" IS 'The workspace. (name)';

CREATE TABLE "task_custom_field_options" (
    "task_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "enum_option_gid" text,
    "enum_option_name" text,
    PRIMARY KEY ("task_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "task_custom_field_options" IS 'Of tasks: the options chosen in multi_enum fields.';
COMMENT ON COLUMN "task_custom_field_options"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_custom_field_options"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "task_custom_field_options"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_custom_field_options"."enum_option_gid" IS 'The option.';
COMMENT ON COLUMN "task_custom_field_options"."enum_option_name" IS 'Its name.';

CREATE TABLE "task_custom_field_people" (
    "task_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("task_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "task_custom_field_people" IS 'Of tasks: the people in people fields.';
COMMENT ON COLUMN "task_custom_field_people"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_custom_field_people"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "task_custom_field_people"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_custom_field_people"."user_gid" IS 'The person.';

CREATE TABLE "task_custom_field_references" (
    "task_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "reference_type" text,
    "reference_gid" text,
    "reference_name" text,
    PRIMARY KEY ("task_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "task_custom_field_references" IS 'Of tasks: the objects in reference fields.';
COMMENT ON COLUMN "task_custom_field_references"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_custom_field_references"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "task_custom_field_references"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_custom_field_references"."reference_type" IS 'Its kind.';
COMMENT ON COLUMN "task_custom_field_references"."reference_gid" IS 'The object.';
COMMENT ON COLUMN "task_custom_field_references"."reference_name" IS 'Its name.';

CREATE TABLE "task_custom_fields" (
    "task_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "custom_field_gid" text,
    "name" text,
    "type" text,
    "enabled" boolean,
    "display_value" text,
    "text_value" text,
    "number_value" numeric,
    "date_value" date,
    "date_time_value" timestamptz,
    "enum_option_gid" text,
    "enum_option_name" text,
    "html_text_value" text,
    PRIMARY KEY ("task_gid", "position")
);
COMMENT ON TABLE "task_custom_fields" IS 'Of tasks: Values of custom fields of this task.';
COMMENT ON COLUMN "task_custom_fields"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_custom_fields"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_custom_fields"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "task_custom_fields"."name" IS 'The field''s name.';
COMMENT ON COLUMN "task_custom_fields"."type" IS 'The field''s type: text, enum, multi_enum, number, date, people or reference.';
COMMENT ON COLUMN "task_custom_fields"."enabled" IS 'Whether the field is still used on this kind of object.';
COMMENT ON COLUMN "task_custom_fields"."display_value" IS 'The value as Asana shows it, whatever its type.';
COMMENT ON COLUMN "task_custom_fields"."text_value" IS 'The value of a text field.';
COMMENT ON COLUMN "task_custom_fields"."number_value" IS 'The value of a number field.';
COMMENT ON COLUMN "task_custom_fields"."date_value" IS 'The day of a date field.';
COMMENT ON COLUMN "task_custom_fields"."date_time_value" IS 'The instant of a date field with a time.';
COMMENT ON COLUMN "task_custom_fields"."enum_option_gid" IS 'The option chosen in an enum field.';
COMMENT ON COLUMN "task_custom_fields"."enum_option_name" IS 'Its name.';
COMMENT ON COLUMN "task_custom_fields"."html_text_value" IS 'The value of a text field with formatting; of tasks only.';

CREATE TABLE "task_dependencies" (
    "task_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "depends_on_gid" text,
    PRIMARY KEY ("task_gid", "position")
);
COMMENT ON TABLE "task_dependencies" IS 'Of tasks: The tasks that must be done before it.';
COMMENT ON COLUMN "task_dependencies"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_dependencies"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_dependencies"."depends_on_gid" IS 'The tasks that must be done before it.';

CREATE TABLE "task_followers" (
    "task_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("task_gid", "position")
);
COMMENT ON TABLE "task_followers" IS 'Of tasks: Who is told of what happens to it.';
COMMENT ON COLUMN "task_followers"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_followers"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_followers"."user_gid" IS 'Who is told of what happens to it.';

CREATE TABLE "task_likes" (
    "task_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "user_gid" text,
    PRIMARY KEY ("task_gid", "position")
);
COMMENT ON TABLE "task_likes" IS 'Of tasks: Who likes it.';
COMMENT ON COLUMN "task_likes"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_likes"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_likes"."user_gid" IS 'Who.';

CREATE TABLE "task_memberships" (
    "task_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "project_gid" text,
    "section_gid" text,
    PRIMARY KEY ("task_gid", "position")
);
COMMENT ON TABLE "task_memberships" IS 'Of tasks: The projects it is in, with its section there.';
COMMENT ON COLUMN "task_memberships"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_memberships"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_memberships"."project_gid" IS 'The project.';
COMMENT ON COLUMN "task_memberships"."section_gid" IS 'The section in that project.';

CREATE TABLE "task_tags" (
    "task_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "tag_gid" text,
    PRIMARY KEY ("task_gid", "position")
);
COMMENT ON TABLE "task_tags" IS 'Of tasks: Its tags.';
COMMENT ON COLUMN "task_tags"."task_gid" IS 'The owner.';
COMMENT ON COLUMN "task_tags"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "task_tags"."tag_gid" IS 'Its tags.';

CREATE TABLE "task_templates" (
    "gid" text NOT NULL,
    "name" text,
    "project_gid" text,
    "project_name" text,
    "created_by_gid" text,
    "created_by_name" text,
    "created_at" timestamptz,
    "template_name" text,
    "template_task_resource_subtype" text,
    "template_description" text,
    "template_html_description" text,
    "template_relative_start_on" bigint,
    "template_relative_due_on" bigint,
    "template_due_time" text,
    "template_memberships" text,
    "template_dependencies" text,
    "template_dependents" text,
    "template_followers" text,
    "template_attachments" text,
    "template_subtasks" text,
    "template_custom_fields" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "task_templates" IS 'Templates that tasks of a project are made from.';
COMMENT ON COLUMN "task_templates"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "task_templates"."name" IS 'The name of the template.';
COMMENT ON COLUMN "task_templates"."project_gid" IS 'The project it belongs to.';
COMMENT ON COLUMN "task_templates"."project_name" IS 'The project it belongs to. (name)';
COMMENT ON COLUMN "task_templates"."created_by_gid" IS 'Who made it.';
COMMENT ON COLUMN "task_templates"."created_by_name" IS 'Who made it. (name)';
COMMENT ON COLUMN "task_templates"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "task_templates"."template_name" IS 'The name that a task made from it gets.';
COMMENT ON COLUMN "task_templates"."template_task_resource_subtype" IS 'default_task, milestone_task or approval_task.';
COMMENT ON COLUMN "task_templates"."template_description" IS 'The description as plain text.';
COMMENT ON COLUMN "task_templates"."template_html_description" IS 'The same with formatting.';
COMMENT ON COLUMN "task_templates"."template_relative_start_on" IS 'Days from the making of the task to its start.';
COMMENT ON COLUMN "task_templates"."template_relative_due_on" IS 'Days from the making of the task to its due date.';
COMMENT ON COLUMN "task_templates"."template_due_time" IS 'The time of day it is due.';
COMMENT ON COLUMN "task_templates"."template_memberships" IS 'The projects that the task is put into.';
COMMENT ON COLUMN "task_templates"."template_dependencies" IS 'What it depends on.';
COMMENT ON COLUMN "task_templates"."template_dependents" IS 'What depends on it.';
COMMENT ON COLUMN "task_templates"."template_followers" IS 'Who is told of what happens to it.';
COMMENT ON COLUMN "task_templates"."template_attachments" IS 'Files.';
COMMENT ON COLUMN "task_templates"."template_subtasks" IS 'Subtasks.';
COMMENT ON COLUMN "task_templates"."template_custom_fields" IS 'Values of custom fields.';

CREATE TABLE "tasks" (
    "gid" text NOT NULL,
    "name" text,
    "resource_subtype" text,
    "parent_gid" text,
    "parent_name" text,
    "num_subtasks" bigint,
    "assignee_gid" text,
    "assignee_name" text,
    "assignee_section_gid" text,
    "assignee_section_name" text,
    "assigned_by_gid" text,
    "assigned_by_name" text,
    "completed" boolean,
    "completed_at" timestamptz,
    "completed_by_gid" text,
    "completed_by_name" text,
    "approval_status" text,
    "created_at" timestamptz,
    "created_by_gid" text,
    "modified_at" timestamptz,
    "start_on" date,
    "start_at" timestamptz,
    "due_on" date,
    "due_at" timestamptz,
    "actual_time_minutes" numeric,
    "notes" text,
    "html_notes" text,
    "is_rendered_as_separator" boolean,
    "num_likes" bigint,
    "custom_type_gid" text,
    "custom_type_name" text,
    "custom_type_status_option_gid" text,
    "custom_type_status_option_name" text,
    "permalink_url" text,
    "workspace_gid" text,
    "workspace_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "tasks" IS 'Tasks, subtasks, milestones, approvals and separators, however they were reached.';
COMMENT ON COLUMN "tasks"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "tasks"."name" IS 'The name of the task.';
COMMENT ON COLUMN "tasks"."resource_subtype" IS 'default_task, milestone, approval or custom.';
COMMENT ON COLUMN "tasks"."parent_gid" IS 'The task that this one is a subtask of.';
COMMENT ON COLUMN "tasks"."parent_name" IS 'The task that this one is a subtask of. (name)';
COMMENT ON COLUMN "tasks"."num_subtasks" IS 'How many subtasks it has, directly.';
COMMENT ON COLUMN "tasks"."assignee_gid" IS 'Who is to do it.';
COMMENT ON COLUMN "tasks"."assignee_name" IS 'Who is to do it. (name)';
COMMENT ON COLUMN "tasks"."assignee_section_gid" IS 'Its section in My Tasks; only for tasks of the token''s own user.';
COMMENT ON COLUMN "tasks"."assignee_section_name" IS 'Its section in My Tasks; only for tasks of the token''s own user. (name)';
COMMENT ON COLUMN "tasks"."assigned_by_gid" IS 'Who assigned it.';
COMMENT ON COLUMN "tasks"."assigned_by_name" IS 'Who assigned it. (name)';
COMMENT ON COLUMN "tasks"."completed" IS 'Whether it is done.';
COMMENT ON COLUMN "tasks"."completed_at" IS 'When it was done.';
COMMENT ON COLUMN "tasks"."completed_by_gid" IS 'Who completed it.';
COMMENT ON COLUMN "tasks"."completed_by_name" IS 'Who completed it. (name)';
COMMENT ON COLUMN "tasks"."approval_status" IS 'pending, approved, rejected or changes_requested, for approvals.';
COMMENT ON COLUMN "tasks"."created_at" IS 'When it was made.';
COMMENT ON COLUMN "tasks"."created_by_gid" IS 'Who made it.';
COMMENT ON COLUMN "tasks"."modified_at" IS 'When it last changed; changes of its subtasks do not count.';
COMMENT ON COLUMN "tasks"."start_on" IS 'The day it starts.';
COMMENT ON COLUMN "tasks"."start_at" IS 'The instant it starts.';
COMMENT ON COLUMN "tasks"."due_on" IS 'The day it is due.';
COMMENT ON COLUMN "tasks"."due_at" IS 'The instant it is due.';
COMMENT ON COLUMN "tasks"."actual_time_minutes" IS 'Minutes tracked on it.';
COMMENT ON COLUMN "tasks"."notes" IS 'Its description as plain text.';
COMMENT ON COLUMN "tasks"."html_notes" IS 'The same with formatting.';
COMMENT ON COLUMN "tasks"."is_rendered_as_separator" IS 'Whether it is a heading in a list rather than work.';
COMMENT ON COLUMN "tasks"."num_likes" IS 'How many people like it.';
COMMENT ON COLUMN "tasks"."custom_type_gid" IS 'Its custom type.';
COMMENT ON COLUMN "tasks"."custom_type_name" IS 'Its custom type. (name)';
COMMENT ON COLUMN "tasks"."custom_type_status_option_gid" IS 'Its status among those of its custom type.';
COMMENT ON COLUMN "tasks"."custom_type_status_option_name" IS 'Its status among those of its custom type. (name)';
COMMENT ON COLUMN "tasks"."permalink_url" IS 'Its address in Asana.';
COMMENT ON COLUMN "tasks"."workspace_gid" IS 'The workspace.';
COMMENT ON COLUMN "tasks"."workspace_name" IS 'The workspace. (name)';

CREATE TABLE "team_memberships" (
    "gid" text NOT NULL,
    "user_gid" text,
    "user_name" text,
    "team_gid" text,
    "team_name" text,
    "is_guest" boolean,
    "is_limited_access" boolean,
    "is_admin" boolean,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "team_memberships" IS 'Who belongs to which team.';
COMMENT ON COLUMN "team_memberships"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "team_memberships"."user_gid" IS 'The member.';
COMMENT ON COLUMN "team_memberships"."user_name" IS 'The member. (name)';
COMMENT ON COLUMN "team_memberships"."team_gid" IS 'The team.';
COMMENT ON COLUMN "team_memberships"."team_name" IS 'The team. (name)';
COMMENT ON COLUMN "team_memberships"."is_guest" IS 'Whether the member is a guest of the team.';
COMMENT ON COLUMN "team_memberships"."is_limited_access" IS 'Whether the member sees only parts of the team.';
COMMENT ON COLUMN "team_memberships"."is_admin" IS 'Whether the member administers the team.';

CREATE TABLE "teams" (
    "gid" text NOT NULL,
    "name" text,
    "organization_gid" text,
    "organization_name" text,
    "description" text,
    "html_description" text,
    "permalink_url" text,
    "visibility" text,
    "edit_team_name_or_description_access_level" text,
    "edit_team_visibility_or_trash_team_access_level" text,
    "member_invite_management_access_level" text,
    "guest_invite_management_access_level" text,
    "join_request_management_access_level" text,
    "team_member_removal_access_level" text,
    "team_content_management_access_level" text,
    "endorsed" boolean,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "teams" IS 'The teams of the organization that the token can see.';
COMMENT ON COLUMN "teams"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "teams"."name" IS 'The name of the team.';
COMMENT ON COLUMN "teams"."organization_gid" IS 'The organization it belongs to.';
COMMENT ON COLUMN "teams"."organization_name" IS 'The organization it belongs to. (name)';
COMMENT ON COLUMN "teams"."description" IS 'What the team is for, as plain text.';
COMMENT ON COLUMN "teams"."html_description" IS 'The same with formatting.';
COMMENT ON COLUMN "teams"."permalink_url" IS 'The address of the team in Asana.';
COMMENT ON COLUMN "teams"."visibility" IS 'Who can see it: secret, request_to_join or public.';
COMMENT ON COLUMN "teams"."edit_team_name_or_description_access_level" IS 'Who may rename or describe it.';
COMMENT ON COLUMN "teams"."edit_team_visibility_or_trash_team_access_level" IS 'Who may change its visibility or delete it.';
COMMENT ON COLUMN "teams"."member_invite_management_access_level" IS 'Who may accept invitations of members.';
COMMENT ON COLUMN "teams"."guest_invite_management_access_level" IS 'Who may accept invitations of guests.';
COMMENT ON COLUMN "teams"."join_request_management_access_level" IS 'Who may accept requests to join.';
COMMENT ON COLUMN "teams"."team_member_removal_access_level" IS 'Who may remove members.';
COMMENT ON COLUMN "teams"."team_content_management_access_level" IS 'Who may manage the team''s content.';
COMMENT ON COLUMN "teams"."endorsed" IS 'Whether the organization endorses the team.';

CREATE TABLE "time_periods" (
    "gid" text NOT NULL,
    "display_name" text,
    "period" text,
    "start_on" date,
    "end_on" date,
    "parent_gid" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "time_periods" IS 'The years, halves and quarters that goals belong to.';
COMMENT ON COLUMN "time_periods"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "time_periods"."display_name" IS 'As in Q1 FY26.';
COMMENT ON COLUMN "time_periods"."period" IS 'FY, H1, H2, Q1, Q2, Q3 or Q4.';
COMMENT ON COLUMN "time_periods"."start_on" IS 'The first day.';
COMMENT ON COLUMN "time_periods"."end_on" IS 'The last day.';
COMMENT ON COLUMN "time_periods"."parent_gid" IS 'The period it is part of.';

CREATE TABLE "time_tracking_categories" (
    "gid" text NOT NULL,
    "name" text,
    "color" text,
    "is_archived" boolean,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "time_tracking_categories" IS 'The categories of time entries, archived ones included.';
COMMENT ON COLUMN "time_tracking_categories"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "time_tracking_categories"."name" IS 'The name of the category.';
COMMENT ON COLUMN "time_tracking_categories"."color" IS 'Its color.';
COMMENT ON COLUMN "time_tracking_categories"."is_archived" IS 'Whether it is archived.';

CREATE TABLE "time_tracking_entries" (
    "gid" text NOT NULL,
    "task_gid" text,
    "task_name" text,
    "attributable_to_gid" text,
    "attributable_to_name" text,
    "created_by_gid" text,
    "created_by_name" text,
    "duration_minutes" bigint,
    "entered_on" date,
    "created_at" timestamptz,
    "description" text,
    "approval_status" text,
    "billable_status" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "time_tracking_entries" IS 'Time that people entered on tasks and projects.';
COMMENT ON COLUMN "time_tracking_entries"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "time_tracking_entries"."task_gid" IS 'The task it was spent on.';
COMMENT ON COLUMN "time_tracking_entries"."task_name" IS 'The task it was spent on. (name)';
COMMENT ON COLUMN "time_tracking_entries"."attributable_to_gid" IS 'The project it counts for.';
COMMENT ON COLUMN "time_tracking_entries"."attributable_to_name" IS 'The project it counts for. (name)';
COMMENT ON COLUMN "time_tracking_entries"."created_by_gid" IS 'Who spent it.';
COMMENT ON COLUMN "time_tracking_entries"."created_by_name" IS 'Who spent it. (name)';
COMMENT ON COLUMN "time_tracking_entries"."duration_minutes" IS 'How long, in minutes.';
COMMENT ON COLUMN "time_tracking_entries"."entered_on" IS 'The day it was spent.';
COMMENT ON COLUMN "time_tracking_entries"."created_at" IS 'When it was entered.';
COMMENT ON COLUMN "time_tracking_entries"."description" IS 'What was done.';
COMMENT ON COLUMN "time_tracking_entries"."approval_status" IS 'DRAFT, SUBMITTED, APPROVED or REJECTED.';
COMMENT ON COLUMN "time_tracking_entries"."billable_status" IS 'billable, nonBillable or notApplicable.';

CREATE TABLE "time_tracking_entry_categories" (
    "time_tracking_entry_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "time_tracking_category_gid" text,
    "name" text,
    PRIMARY KEY ("time_tracking_entry_gid", "position")
);
COMMENT ON TABLE "time_tracking_entry_categories" IS 'Of time_tracking_entries: Its categories.';
COMMENT ON COLUMN "time_tracking_entry_categories"."time_tracking_entry_gid" IS 'The owner.';
COMMENT ON COLUMN "time_tracking_entry_categories"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "time_tracking_entry_categories"."time_tracking_category_gid" IS 'Its categories.';
COMMENT ON COLUMN "time_tracking_entry_categories"."name" IS 'Its name.';

CREATE TABLE "timesheet_approval_statuses" (
    "gid" text NOT NULL,
    "user_gid" text,
    "user_name" text,
    "workspace_gid" text,
    "workspace_name" text,
    "start_date" date,
    "end_date" date,
    "approval_status" text,
    "created_at" timestamptz,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "timesheet_approval_statuses" IS 'Whether timesheets were submitted and approved.';
COMMENT ON COLUMN "timesheet_approval_statuses"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "timesheet_approval_statuses"."user_gid" IS 'Whose timesheet.';
COMMENT ON COLUMN "timesheet_approval_statuses"."user_name" IS 'Whose timesheet. (name)';
COMMENT ON COLUMN "timesheet_approval_statuses"."workspace_gid" IS 'The workspace.';
COMMENT ON COLUMN "timesheet_approval_statuses"."workspace_name" IS 'The workspace. (name)';
COMMENT ON COLUMN "timesheet_approval_statuses"."start_date" IS 'The first day.';
COMMENT ON COLUMN "timesheet_approval_statuses"."end_date" IS 'The last day.';
COMMENT ON COLUMN "timesheet_approval_statuses"."approval_status" IS 'DRAFT, SUBMITTED, APPROVED or REJECTED.';
COMMENT ON COLUMN "timesheet_approval_statuses"."created_at" IS 'When it was made.';

CREATE TABLE "user_custom_field_options" (
    "user_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "enum_option_gid" text,
    "enum_option_name" text,
    PRIMARY KEY ("user_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "user_custom_field_options" IS 'Of users: the options chosen in multi_enum fields.';
COMMENT ON COLUMN "user_custom_field_options"."user_gid" IS 'The owner.';
COMMENT ON COLUMN "user_custom_field_options"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "user_custom_field_options"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "user_custom_field_options"."enum_option_gid" IS 'The option.';
COMMENT ON COLUMN "user_custom_field_options"."enum_option_name" IS 'Its name.';

CREATE TABLE "user_custom_field_people" (
    "user_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "value_user_gid" text,
    PRIMARY KEY ("user_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "user_custom_field_people" IS 'Of users: the people in people fields.';
COMMENT ON COLUMN "user_custom_field_people"."user_gid" IS 'The owner.';
COMMENT ON COLUMN "user_custom_field_people"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "user_custom_field_people"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "user_custom_field_people"."value_user_gid" IS 'The person.';

CREATE TABLE "user_custom_field_references" (
    "user_gid" text NOT NULL,
    "custom_field_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "reference_type" text,
    "reference_gid" text,
    "reference_name" text,
    PRIMARY KEY ("user_gid", "custom_field_gid", "position")
);
COMMENT ON TABLE "user_custom_field_references" IS 'Of users: the objects in reference fields.';
COMMENT ON COLUMN "user_custom_field_references"."user_gid" IS 'The owner.';
COMMENT ON COLUMN "user_custom_field_references"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "user_custom_field_references"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "user_custom_field_references"."reference_type" IS 'Its kind.';
COMMENT ON COLUMN "user_custom_field_references"."reference_gid" IS 'The object.';
COMMENT ON COLUMN "user_custom_field_references"."reference_name" IS 'Its name.';

CREATE TABLE "user_custom_fields" (
    "user_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "custom_field_gid" text,
    "name" text,
    "type" text,
    "enabled" boolean,
    "display_value" text,
    "text_value" text,
    "number_value" numeric,
    "date_value" date,
    "date_time_value" timestamptz,
    "enum_option_gid" text,
    "enum_option_name" text,
    "html_text_value" text,
    PRIMARY KEY ("user_gid", "position")
);
COMMENT ON TABLE "user_custom_fields" IS 'Of users: Values of custom fields of this person.';
COMMENT ON COLUMN "user_custom_fields"."user_gid" IS 'The owner.';
COMMENT ON COLUMN "user_custom_fields"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "user_custom_fields"."custom_field_gid" IS 'The field.';
COMMENT ON COLUMN "user_custom_fields"."name" IS 'The field''s name.';
COMMENT ON COLUMN "user_custom_fields"."type" IS 'The field''s type: text, enum, multi_enum, number, date, people or reference.';
COMMENT ON COLUMN "user_custom_fields"."enabled" IS 'Whether the field is still used on this kind of object.';
COMMENT ON COLUMN "user_custom_fields"."display_value" IS 'The value as Asana shows it, whatever its type.';
COMMENT ON COLUMN "user_custom_fields"."text_value" IS 'The value of a text field.';
COMMENT ON COLUMN "user_custom_fields"."number_value" IS 'The value of a number field.';
COMMENT ON COLUMN "user_custom_fields"."date_value" IS 'The day of a date field.';
COMMENT ON COLUMN "user_custom_fields"."date_time_value" IS 'The instant of a date field with a time.';
COMMENT ON COLUMN "user_custom_fields"."enum_option_gid" IS 'The option chosen in an enum field.';
COMMENT ON COLUMN "user_custom_fields"."enum_option_name" IS 'Its name.';
COMMENT ON COLUMN "user_custom_fields"."html_text_value" IS 'The value of a text field with formatting; of tasks only.';

CREATE TABLE "user_task_lists" (
    "gid" text NOT NULL,
    "name" text,
    "owner_gid" text,
    "owner_name" text,
    "workspace_gid" text,
    "workspace_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "user_task_lists" IS 'Each person''s My Tasks list, from their workspace membership.';
COMMENT ON COLUMN "user_task_lists"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "user_task_lists"."name" IS 'The name of the list.';
COMMENT ON COLUMN "user_task_lists"."owner_gid" IS 'Whose tasks it holds.';
COMMENT ON COLUMN "user_task_lists"."owner_name" IS 'Whose tasks it holds. (name)';
COMMENT ON COLUMN "user_task_lists"."workspace_gid" IS 'The workspace.';
COMMENT ON COLUMN "user_task_lists"."workspace_name" IS 'The workspace. (name)';

CREATE TABLE "users" (
    "gid" text NOT NULL,
    "name" text,
    "email" text,
    "source" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "users" IS 'People: those in the workspace, guests included, and everyone met anywhere in the data.';
COMMENT ON COLUMN "users"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "users"."name" IS 'The person''s name.';
COMMENT ON COLUMN "users"."email" IS 'The person''s email address.';
COMMENT ON COLUMN "users"."source" IS 'How it was met: in its own listing, as a fuller object inside another record (nested), or as a mere reference.';

CREATE TABLE "workspace_email_domains" (
    "workspace_gid" text NOT NULL,
    "position" bigint NOT NULL,
    "email_domain" text,
    PRIMARY KEY ("workspace_gid", "position")
);
COMMENT ON TABLE "workspace_email_domains" IS 'Of workspaces: The email domains of the organization.';
COMMENT ON COLUMN "workspace_email_domains"."workspace_gid" IS 'The owner.';
COMMENT ON COLUMN "workspace_email_domains"."position" IS 'Its place in Asana''s order, from 0.';
COMMENT ON COLUMN "workspace_email_domains"."email_domain" IS 'The email domains of the organization.';

CREATE TABLE "workspace_memberships" (
    "gid" text NOT NULL,
    "user_gid" text,
    "user_name" text,
    "workspace_gid" text,
    "workspace_name" text,
    "is_active" boolean,
    "is_admin" boolean,
    "is_guest" boolean,
    "is_view_only" boolean,
    "created_at" timestamptz,
    "user_task_list_gid" text,
    "user_task_list_name" text,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "workspace_memberships" IS 'Who belongs to the workspace, and as what. Someone who was removed and came back has two rows.';
COMMENT ON COLUMN "workspace_memberships"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "workspace_memberships"."user_gid" IS 'The member.';
COMMENT ON COLUMN "workspace_memberships"."user_name" IS 'The member. (name)';
COMMENT ON COLUMN "workspace_memberships"."workspace_gid" IS 'The workspace.';
COMMENT ON COLUMN "workspace_memberships"."workspace_name" IS 'The workspace. (name)';
COMMENT ON COLUMN "workspace_memberships"."is_active" IS 'Whether the membership is active; true also for people invited who have not accepted.';
COMMENT ON COLUMN "workspace_memberships"."is_admin" IS 'Whether the member administers the workspace.';
COMMENT ON COLUMN "workspace_memberships"."is_guest" IS 'Whether the member is a guest.';
COMMENT ON COLUMN "workspace_memberships"."is_view_only" IS 'Whether the member has a view-only licence.';
COMMENT ON COLUMN "workspace_memberships"."created_at" IS 'When the membership was made.';
COMMENT ON COLUMN "workspace_memberships"."user_task_list_gid" IS 'The member''s My Tasks list.';
COMMENT ON COLUMN "workspace_memberships"."user_task_list_name" IS 'The member''s My Tasks list. (name)';

CREATE TABLE "workspaces" (
    "gid" text NOT NULL,
    "name" text,
    "is_organization" boolean,
    PRIMARY KEY ("gid")
);
COMMENT ON TABLE "workspaces" IS 'The workspaces and organizations that the token can see.';
COMMENT ON COLUMN "workspaces"."gid" IS 'Asana''s identifier.';
COMMENT ON COLUMN "workspaces"."name" IS 'The name of the workspace.';
COMMENT ON COLUMN "workspaces"."is_organization" IS 'Whether it is an organization: only those have teams and email domains.';
