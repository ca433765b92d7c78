-- Loads this export into DuckDB, all of it or nothing. In the export's folder:
--   duckdb asana.duckdb < sql/duckdb/load.sql
-- Null and empty text stay apart. Numbers with a fraction become DOUBLE, which rounds after some 15 digits.

BEGIN TRANSACTION;

CREATE TABLE "allocations" (
    "gid" VARCHAR NOT NULL,
    "assignee_type" VARCHAR,
    "assignee_gid" VARCHAR,
    "assignee_name" VARCHAR,
    "parent_type" VARCHAR,
    "parent_gid" VARCHAR,
    "parent_name" VARCHAR,
    "resource_subtype" VARCHAR,
    "start_date" DATE,
    "end_date" DATE,
    "effort_type" VARCHAR,
    "effort_value" DOUBLE,
    "created_by_gid" VARCHAR,
    "created_by_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "allocations" SELECT * FROM read_csv('csv/allocations.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'assignee_type': 'VARCHAR', 'assignee_gid': 'VARCHAR', 'assignee_name': 'VARCHAR', 'parent_type': 'VARCHAR', 'parent_gid': 'VARCHAR', 'parent_name': 'VARCHAR', 'resource_subtype': 'VARCHAR', 'start_date': 'DATE', 'end_date': 'DATE', 'effort_type': 'VARCHAR', 'effort_value': 'DOUBLE', 'created_by_gid': 'VARCHAR', 'created_by_name': 'VARCHAR'});

CREATE TABLE "attachments" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "resource_subtype" VARCHAR,
    "parent_type" VARCHAR,
    "parent_gid" VARCHAR,
    "parent_name" VARCHAR,
    "created_at" TIMESTAMPTZ,
    "host" VARCHAR,
    "size" BIGINT,
    "permanent_url" VARCHAR,
    "view_url" VARCHAR,
    "connected_to_app" BOOLEAN,
    "file_path" VARCHAR,
    "file_bytes" BIGINT,
    "file_sha256" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "attachments" SELECT * FROM read_csv('csv/attachments.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'resource_subtype': 'VARCHAR', 'parent_type': 'VARCHAR', 'parent_gid': 'VARCHAR', 'parent_name': 'VARCHAR', 'created_at': 'TIMESTAMPTZ', 'host': 'VARCHAR', 'size': 'BIGINT', 'permanent_url': 'VARCHAR', 'view_url': 'VARCHAR', 'connected_to_app': 'BOOLEAN', 'file_path': 'VARCHAR', 'file_bytes': 'BIGINT', 'file_sha256': 'VARCHAR'});

CREATE TABLE "budgets" (
    "gid" VARCHAR NOT NULL,
    "budget_type" VARCHAR,
    "parent_gid" VARCHAR,
    "parent_name" VARCHAR,
    "estimate_enabled" BOOLEAN,
    "estimate_source" VARCHAR,
    "estimate_billable_status_filter" VARCHAR,
    "estimate_value" DOUBLE,
    "estimate_units" VARCHAR,
    "actual_billable_status_filter" VARCHAR,
    "actual_value" DOUBLE,
    "actual_units" VARCHAR,
    "total_enabled" BOOLEAN,
    "total_value" DOUBLE,
    "total_units" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "budgets" SELECT * FROM read_csv('csv/budgets.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'budget_type': 'VARCHAR', 'parent_gid': 'VARCHAR', 'parent_name': 'VARCHAR', 'estimate_enabled': 'BOOLEAN', 'estimate_source': 'VARCHAR', 'estimate_billable_status_filter': 'VARCHAR', 'estimate_value': 'DOUBLE', 'estimate_units': 'VARCHAR', 'actual_billable_status_filter': 'VARCHAR', 'actual_value': 'DOUBLE', 'actual_units': 'VARCHAR', 'total_enabled': 'BOOLEAN', 'total_value': 'DOUBLE', 'total_units': 'VARCHAR'});

CREATE TABLE "custom_field_enum_options" (
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "enum_option_gid" VARCHAR,
    "name" VARCHAR,
    "enabled" BOOLEAN,
    "color" VARCHAR,
    PRIMARY KEY ("custom_field_gid", "position")
);
INSERT INTO "custom_field_enum_options" SELECT * FROM read_csv('csv/custom_field_enum_options.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'enum_option_gid': 'VARCHAR', 'name': 'VARCHAR', 'enabled': 'BOOLEAN', 'color': 'VARCHAR'});

CREATE TABLE "custom_field_input_restrictions" (
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "value" VARCHAR,
    PRIMARY KEY ("custom_field_gid", "position")
);
INSERT INTO "custom_field_input_restrictions" SELECT * FROM read_csv('csv/custom_field_input_restrictions.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'value': 'VARCHAR'});

CREATE TABLE "custom_field_settings" (
    "gid" VARCHAR NOT NULL,
    "parent_type" VARCHAR,
    "parent_gid" VARCHAR,
    "position" BIGINT,
    "custom_field_gid" VARCHAR,
    "custom_field_name" VARCHAR,
    "is_important" BOOLEAN,
    PRIMARY KEY ("gid")
);
INSERT INTO "custom_field_settings" SELECT * FROM read_csv('csv/custom_field_settings.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'parent_type': 'VARCHAR', 'parent_gid': 'VARCHAR', 'position': 'BIGINT', 'custom_field_gid': 'VARCHAR', 'custom_field_name': 'VARCHAR', 'is_important': 'BOOLEAN'});

CREATE TABLE "custom_fields" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "resource_subtype" VARCHAR,
    "representation_type" VARCHAR,
    "description" VARCHAR,
    "is_formula_field" BOOLEAN,
    "is_global_to_workspace" BOOLEAN,
    "is_value_read_only" BOOLEAN,
    "has_notifications_enabled" BOOLEAN,
    "precision" BIGINT,
    "format" VARCHAR,
    "currency_code" VARCHAR,
    "custom_label" VARCHAR,
    "custom_label_position" VARCHAR,
    "id_prefix" VARCHAR,
    "asana_created_field" VARCHAR,
    "privacy_setting" VARCHAR,
    "default_access_level" VARCHAR,
    "created_by_gid" VARCHAR,
    "created_by_name" VARCHAR,
    "source" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "custom_fields" SELECT * FROM read_csv('csv/custom_fields.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'resource_subtype': 'VARCHAR', 'representation_type': 'VARCHAR', 'description': 'VARCHAR', 'is_formula_field': 'BOOLEAN', 'is_global_to_workspace': 'BOOLEAN', 'is_value_read_only': 'BOOLEAN', 'has_notifications_enabled': 'BOOLEAN', 'precision': 'BIGINT', 'format': 'VARCHAR', 'currency_code': 'VARCHAR', 'custom_label': 'VARCHAR', 'custom_label_position': 'VARCHAR', 'id_prefix': 'VARCHAR', 'asana_created_field': 'VARCHAR', 'privacy_setting': 'VARCHAR', 'default_access_level': 'VARCHAR', 'created_by_gid': 'VARCHAR', 'created_by_name': 'VARCHAR', 'source': 'VARCHAR'});

CREATE TABLE "custom_type_status_options" (
    "custom_type_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "custom_type_status_option_gid" VARCHAR,
    "name" VARCHAR,
    "enabled" BOOLEAN,
    "color" VARCHAR,
    "completion_state" VARCHAR,
    PRIMARY KEY ("custom_type_gid", "position")
);
INSERT INTO "custom_type_status_options" SELECT * FROM read_csv('csv/custom_type_status_options.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'custom_type_gid': 'VARCHAR', 'position': 'BIGINT', 'custom_type_status_option_gid': 'VARCHAR', 'name': 'VARCHAR', 'enabled': 'BOOLEAN', 'color': 'VARCHAR', 'completion_state': 'VARCHAR'});

CREATE TABLE "custom_types" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "custom_types" SELECT * FROM read_csv('csv/custom_types.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR'});

CREATE TABLE "export_coverage" (
    "resource" VARCHAR NOT NULL,
    "parent_type" VARCHAR NOT NULL,
    "parent_gid" VARCHAR NOT NULL,
    "status" VARCHAR,
    "http_status" BIGINT,
    "reason" VARCHAR,
    "requests" BIGINT,
    "records" BIGINT,
    PRIMARY KEY ("resource", "parent_type", "parent_gid")
);
INSERT INTO "export_coverage" SELECT * FROM read_csv('csv/export_coverage.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'resource': 'VARCHAR', 'parent_type': 'VARCHAR', 'parent_gid': 'VARCHAR', 'status': 'VARCHAR', 'http_status': 'BIGINT', 'reason': 'VARCHAR', 'requests': 'BIGINT', 'records': 'BIGINT'});

CREATE TABLE "export_oddities" (
    "resource" VARCHAR NOT NULL,
    "gid" VARCHAR NOT NULL,
    "field" VARCHAR NOT NULL,
    "what" VARCHAR NOT NULL,
    PRIMARY KEY ("resource", "gid", "field", "what")
);
INSERT INTO "export_oddities" SELECT * FROM read_csv('csv/export_oddities.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'resource': 'VARCHAR', 'gid': 'VARCHAR', 'field': 'VARCHAR', 'what': 'VARCHAR'});

CREATE TABLE "export_unresolved" (
    "resource" VARCHAR NOT NULL,
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "seen_in" VARCHAR,
    "times" BIGINT,
    PRIMARY KEY ("resource", "gid")
);
INSERT INTO "export_unresolved" SELECT * FROM read_csv('csv/export_unresolved.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'resource': 'VARCHAR', 'gid': 'VARCHAR', 'name': 'VARCHAR', 'seen_in': 'VARCHAR', 'times': 'BIGINT'});

CREATE TABLE "goal_custom_field_options" (
    "goal_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    PRIMARY KEY ("goal_gid", "custom_field_gid", "position")
);
INSERT INTO "goal_custom_field_options" SELECT * FROM read_csv('csv/goal_custom_field_options.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'goal_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR'});

CREATE TABLE "goal_custom_field_people" (
    "goal_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("goal_gid", "custom_field_gid", "position")
);
INSERT INTO "goal_custom_field_people" SELECT * FROM read_csv('csv/goal_custom_field_people.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'goal_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "goal_custom_field_references" (
    "goal_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "reference_type" VARCHAR,
    "reference_gid" VARCHAR,
    "reference_name" VARCHAR,
    PRIMARY KEY ("goal_gid", "custom_field_gid", "position")
);
INSERT INTO "goal_custom_field_references" SELECT * FROM read_csv('csv/goal_custom_field_references.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'goal_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'reference_type': 'VARCHAR', 'reference_gid': 'VARCHAR', 'reference_name': 'VARCHAR'});

CREATE TABLE "goal_custom_fields" (
    "goal_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "custom_field_gid" VARCHAR,
    "name" VARCHAR,
    "type" VARCHAR,
    "enabled" BOOLEAN,
    "display_value" VARCHAR,
    "text_value" VARCHAR,
    "number_value" DOUBLE,
    "date_value" DATE,
    "date_time_value" TIMESTAMPTZ,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    "html_text_value" VARCHAR,
    PRIMARY KEY ("goal_gid", "position")
);
INSERT INTO "goal_custom_fields" SELECT * FROM read_csv('csv/goal_custom_fields.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'goal_gid': 'VARCHAR', 'position': 'BIGINT', 'custom_field_gid': 'VARCHAR', 'name': 'VARCHAR', 'type': 'VARCHAR', 'enabled': 'BOOLEAN', 'display_value': 'VARCHAR', 'text_value': 'VARCHAR', 'number_value': 'DOUBLE', 'date_value': 'DATE', 'date_time_value': 'TIMESTAMPTZ', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR', 'html_text_value': 'VARCHAR'});

CREATE TABLE "goal_followers" (
    "goal_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("goal_gid", "position")
);
INSERT INTO "goal_followers" SELECT * FROM read_csv('csv/goal_followers.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'goal_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "goal_likes" (
    "goal_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("goal_gid", "position")
);
INSERT INTO "goal_likes" SELECT * FROM read_csv('csv/goal_likes.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'goal_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "goal_relationships" (
    "gid" VARCHAR NOT NULL,
    "resource_subtype" VARCHAR,
    "supported_goal_gid" VARCHAR,
    "supported_goal_name" VARCHAR,
    "supporting_resource_type" VARCHAR,
    "supporting_resource_gid" VARCHAR,
    "supporting_resource_name" VARCHAR,
    "contribution_weight" DOUBLE,
    PRIMARY KEY ("gid")
);
INSERT INTO "goal_relationships" SELECT * FROM read_csv('csv/goal_relationships.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'resource_subtype': 'VARCHAR', 'supported_goal_gid': 'VARCHAR', 'supported_goal_name': 'VARCHAR', 'supporting_resource_type': 'VARCHAR', 'supporting_resource_gid': 'VARCHAR', 'supporting_resource_name': 'VARCHAR', 'contribution_weight': 'DOUBLE'});

CREATE TABLE "goals" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "workspace_gid" VARCHAR,
    "workspace_name" VARCHAR,
    "team_gid" VARCHAR,
    "team_name" VARCHAR,
    "is_workspace_level" BOOLEAN,
    "owner_gid" VARCHAR,
    "owner_name" VARCHAR,
    "time_period_gid" VARCHAR,
    "time_period_display_name" VARCHAR,
    "start_on" DATE,
    "due_on" DATE,
    "status" VARCHAR,
    "notes" VARCHAR,
    "html_notes" VARCHAR,
    "privacy_setting" VARCHAR,
    "default_access_level" VARCHAR,
    "num_likes" BIGINT,
    "current_status_update_gid" VARCHAR,
    "current_status_update_title" VARCHAR,
    "current_status_update_resource_subtype" VARCHAR,
    "metric_resource_subtype" VARCHAR,
    "metric_unit" VARCHAR,
    "metric_currency_code" VARCHAR,
    "metric_precision" BIGINT,
    "metric_initial_number_value" DOUBLE,
    "metric_current_number_value" DOUBLE,
    "metric_target_number_value" DOUBLE,
    "metric_current_display_value" VARCHAR,
    "metric_progress_source" VARCHAR,
    "metric_is_custom_weight" BOOLEAN,
    PRIMARY KEY ("gid")
);
INSERT INTO "goals" SELECT * FROM read_csv('csv/goals.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'workspace_gid': 'VARCHAR', 'workspace_name': 'VARCHAR', 'team_gid': 'VARCHAR', 'team_name': 'VARCHAR', 'is_workspace_level': 'BOOLEAN', 'owner_gid': 'VARCHAR', 'owner_name': 'VARCHAR', 'time_period_gid': 'VARCHAR', 'time_period_display_name': 'VARCHAR', 'start_on': 'DATE', 'due_on': 'DATE', 'status': 'VARCHAR', 'notes': 'VARCHAR', 'html_notes': 'VARCHAR', 'privacy_setting': 'VARCHAR', 'default_access_level': 'VARCHAR', 'num_likes': 'BIGINT', 'current_status_update_gid': 'VARCHAR', 'current_status_update_title': 'VARCHAR', 'current_status_update_resource_subtype': 'VARCHAR', 'metric_resource_subtype': 'VARCHAR', 'metric_unit': 'VARCHAR', 'metric_currency_code': 'VARCHAR', 'metric_precision': 'BIGINT', 'metric_initial_number_value': 'DOUBLE', 'metric_current_number_value': 'DOUBLE', 'metric_target_number_value': 'DOUBLE', 'metric_current_display_value': 'VARCHAR', 'metric_progress_source': 'VARCHAR', 'metric_is_custom_weight': 'BOOLEAN'});

CREATE TABLE "memberships" (
    "gid" VARCHAR NOT NULL,
    "resource_subtype" VARCHAR,
    "parent_type" VARCHAR,
    "parent_gid" VARCHAR,
    "member_type" VARCHAR,
    "member_gid" VARCHAR,
    "member_name" VARCHAR,
    "access_level" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "memberships" SELECT * FROM read_csv('csv/memberships.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'resource_subtype': 'VARCHAR', 'parent_type': 'VARCHAR', 'parent_gid': 'VARCHAR', 'member_type': 'VARCHAR', 'member_gid': 'VARCHAR', 'member_name': 'VARCHAR', 'access_level': 'VARCHAR'});

CREATE TABLE "portfolio_custom_field_options" (
    "portfolio_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    PRIMARY KEY ("portfolio_gid", "custom_field_gid", "position")
);
INSERT INTO "portfolio_custom_field_options" SELECT * FROM read_csv('csv/portfolio_custom_field_options.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'portfolio_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR'});

CREATE TABLE "portfolio_custom_field_people" (
    "portfolio_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("portfolio_gid", "custom_field_gid", "position")
);
INSERT INTO "portfolio_custom_field_people" SELECT * FROM read_csv('csv/portfolio_custom_field_people.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'portfolio_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "portfolio_custom_field_references" (
    "portfolio_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "reference_type" VARCHAR,
    "reference_gid" VARCHAR,
    "reference_name" VARCHAR,
    PRIMARY KEY ("portfolio_gid", "custom_field_gid", "position")
);
INSERT INTO "portfolio_custom_field_references" SELECT * FROM read_csv('csv/portfolio_custom_field_references.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'portfolio_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'reference_type': 'VARCHAR', 'reference_gid': 'VARCHAR', 'reference_name': 'VARCHAR'});

CREATE TABLE "portfolio_custom_fields" (
    "portfolio_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "custom_field_gid" VARCHAR,
    "name" VARCHAR,
    "type" VARCHAR,
    "enabled" BOOLEAN,
    "display_value" VARCHAR,
    "text_value" VARCHAR,
    "number_value" DOUBLE,
    "date_value" DATE,
    "date_time_value" TIMESTAMPTZ,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    "html_text_value" VARCHAR,
    PRIMARY KEY ("portfolio_gid", "position")
);
INSERT INTO "portfolio_custom_fields" SELECT * FROM read_csv('csv/portfolio_custom_fields.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'portfolio_gid': 'VARCHAR', 'position': 'BIGINT', 'custom_field_gid': 'VARCHAR', 'name': 'VARCHAR', 'type': 'VARCHAR', 'enabled': 'BOOLEAN', 'display_value': 'VARCHAR', 'text_value': 'VARCHAR', 'number_value': 'DOUBLE', 'date_value': 'DATE', 'date_time_value': 'TIMESTAMPTZ', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR', 'html_text_value': 'VARCHAR'});

CREATE TABLE "portfolio_items" (
    "portfolio_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "item_type" VARCHAR,
    "item_gid" VARCHAR,
    "item_name" VARCHAR,
    PRIMARY KEY ("portfolio_gid", "position")
);
INSERT INTO "portfolio_items" SELECT * FROM read_csv('csv/portfolio_items.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'portfolio_gid': 'VARCHAR', 'position': 'BIGINT', 'item_type': 'VARCHAR', 'item_gid': 'VARCHAR', 'item_name': 'VARCHAR'});

CREATE TABLE "portfolio_members" (
    "portfolio_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("portfolio_gid", "position")
);
INSERT INTO "portfolio_members" SELECT * FROM read_csv('csv/portfolio_members.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'portfolio_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "portfolio_project_templates" (
    "portfolio_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "project_template_gid" VARCHAR,
    PRIMARY KEY ("portfolio_gid", "position")
);
INSERT INTO "portfolio_project_templates" SELECT * FROM read_csv('csv/portfolio_project_templates.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'portfolio_gid': 'VARCHAR', 'position': 'BIGINT', 'project_template_gid': 'VARCHAR'});

CREATE TABLE "portfolios" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "workspace_gid" VARCHAR,
    "workspace_name" VARCHAR,
    "owner_gid" VARCHAR,
    "owner_name" VARCHAR,
    "archived" BOOLEAN,
    "created_at" TIMESTAMPTZ,
    "created_by_gid" VARCHAR,
    "created_by_name" VARCHAR,
    "start_on" DATE,
    "due_on" DATE,
    "color" VARCHAR,
    "privacy_setting" VARCHAR,
    "default_access_level" VARCHAR,
    "permalink_url" VARCHAR,
    "current_status_update_gid" VARCHAR,
    "current_status_update_title" VARCHAR,
    "current_status_update_resource_subtype" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "portfolios" SELECT * FROM read_csv('csv/portfolios.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'workspace_gid': 'VARCHAR', 'workspace_name': 'VARCHAR', 'owner_gid': 'VARCHAR', 'owner_name': 'VARCHAR', 'archived': 'BOOLEAN', 'created_at': 'TIMESTAMPTZ', 'created_by_gid': 'VARCHAR', 'created_by_name': 'VARCHAR', 'start_on': 'DATE', 'due_on': 'DATE', 'color': 'VARCHAR', 'privacy_setting': 'VARCHAR', 'default_access_level': 'VARCHAR', 'permalink_url': 'VARCHAR', 'current_status_update_gid': 'VARCHAR', 'current_status_update_title': 'VARCHAR', 'current_status_update_resource_subtype': 'VARCHAR'});

CREATE TABLE "project_briefs" (
    "gid" VARCHAR NOT NULL,
    "title" VARCHAR,
    "text" VARCHAR,
    "html_text" VARCHAR,
    "permalink_url" VARCHAR,
    "project_gid" VARCHAR,
    "project_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "project_briefs" SELECT * FROM read_csv('csv/project_briefs.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'title': 'VARCHAR', 'text': 'VARCHAR', 'html_text': 'VARCHAR', 'permalink_url': 'VARCHAR', 'project_gid': 'VARCHAR', 'project_name': 'VARCHAR'});

CREATE TABLE "project_custom_field_options" (
    "project_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    PRIMARY KEY ("project_gid", "custom_field_gid", "position")
);
INSERT INTO "project_custom_field_options" SELECT * FROM read_csv('csv/project_custom_field_options.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'project_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR'});

CREATE TABLE "project_custom_field_people" (
    "project_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("project_gid", "custom_field_gid", "position")
);
INSERT INTO "project_custom_field_people" SELECT * FROM read_csv('csv/project_custom_field_people.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'project_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "project_custom_field_references" (
    "project_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "reference_type" VARCHAR,
    "reference_gid" VARCHAR,
    "reference_name" VARCHAR,
    PRIMARY KEY ("project_gid", "custom_field_gid", "position")
);
INSERT INTO "project_custom_field_references" SELECT * FROM read_csv('csv/project_custom_field_references.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'project_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'reference_type': 'VARCHAR', 'reference_gid': 'VARCHAR', 'reference_name': 'VARCHAR'});

CREATE TABLE "project_custom_fields" (
    "project_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "custom_field_gid" VARCHAR,
    "name" VARCHAR,
    "type" VARCHAR,
    "enabled" BOOLEAN,
    "display_value" VARCHAR,
    "text_value" VARCHAR,
    "number_value" DOUBLE,
    "date_value" DATE,
    "date_time_value" TIMESTAMPTZ,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    "html_text_value" VARCHAR,
    PRIMARY KEY ("project_gid", "position")
);
INSERT INTO "project_custom_fields" SELECT * FROM read_csv('csv/project_custom_fields.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'project_gid': 'VARCHAR', 'position': 'BIGINT', 'custom_field_gid': 'VARCHAR', 'name': 'VARCHAR', 'type': 'VARCHAR', 'enabled': 'BOOLEAN', 'display_value': 'VARCHAR', 'text_value': 'VARCHAR', 'number_value': 'DOUBLE', 'date_value': 'DATE', 'date_time_value': 'TIMESTAMPTZ', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR', 'html_text_value': 'VARCHAR'});

CREATE TABLE "project_followers" (
    "project_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("project_gid", "position")
);
INSERT INTO "project_followers" SELECT * FROM read_csv('csv/project_followers.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'project_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "project_members" (
    "project_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("project_gid", "position")
);
INSERT INTO "project_members" SELECT * FROM read_csv('csv/project_members.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'project_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "project_portfolio_settings" (
    "gid" VARCHAR NOT NULL,
    "project_gid" VARCHAR,
    "project_name" VARCHAR,
    "portfolio_gid" VARCHAR,
    "portfolio_name" VARCHAR,
    "is_access_control_inherited" BOOLEAN,
    "created_at" TIMESTAMPTZ,
    PRIMARY KEY ("gid")
);
INSERT INTO "project_portfolio_settings" SELECT * FROM read_csv('csv/project_portfolio_settings.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'project_gid': 'VARCHAR', 'project_name': 'VARCHAR', 'portfolio_gid': 'VARCHAR', 'portfolio_name': 'VARCHAR', 'is_access_control_inherited': 'BOOLEAN', 'created_at': 'TIMESTAMPTZ'});

CREATE TABLE "project_template_requested_dates" (
    "project_template_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "date_variable_gid" VARCHAR,
    "name" VARCHAR,
    "description" VARCHAR,
    PRIMARY KEY ("project_template_gid", "position")
);
INSERT INTO "project_template_requested_dates" SELECT * FROM read_csv('csv/project_template_requested_dates.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'project_template_gid': 'VARCHAR', 'position': 'BIGINT', 'date_variable_gid': 'VARCHAR', 'name': 'VARCHAR', 'description': 'VARCHAR'});

CREATE TABLE "project_template_requested_roles" (
    "project_template_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "template_role_gid" VARCHAR,
    "name" VARCHAR,
    PRIMARY KEY ("project_template_gid", "position")
);
INSERT INTO "project_template_requested_roles" SELECT * FROM read_csv('csv/project_template_requested_roles.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'project_template_gid': 'VARCHAR', 'position': 'BIGINT', 'template_role_gid': 'VARCHAR', 'name': 'VARCHAR'});

CREATE TABLE "project_templates" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "description" VARCHAR,
    "html_description" VARCHAR,
    "public" BOOLEAN,
    "color" VARCHAR,
    "owner_gid" VARCHAR,
    "owner_name" VARCHAR,
    "team_gid" VARCHAR,
    "team_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "project_templates" SELECT * FROM read_csv('csv/project_templates.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'description': 'VARCHAR', 'html_description': 'VARCHAR', 'public': 'BOOLEAN', 'color': 'VARCHAR', 'owner_gid': 'VARCHAR', 'owner_name': 'VARCHAR', 'team_gid': 'VARCHAR', 'team_name': 'VARCHAR'});

CREATE TABLE "projects" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "workspace_gid" VARCHAR,
    "workspace_name" VARCHAR,
    "team_gid" VARCHAR,
    "team_name" VARCHAR,
    "owner_gid" VARCHAR,
    "owner_name" VARCHAR,
    "archived" BOOLEAN,
    "completed" BOOLEAN,
    "completed_at" TIMESTAMPTZ,
    "completed_by_gid" VARCHAR,
    "completed_by_name" VARCHAR,
    "created_at" TIMESTAMPTZ,
    "modified_at" TIMESTAMPTZ,
    "start_on" DATE,
    "due_on" DATE,
    "notes" VARCHAR,
    "html_notes" VARCHAR,
    "color" VARCHAR,
    "icon" VARCHAR,
    "default_view" VARCHAR,
    "privacy_setting" VARCHAR,
    "default_access_level" VARCHAR,
    "minimum_access_level_for_customization" VARCHAR,
    "minimum_access_level_for_sharing" VARCHAR,
    "permalink_url" VARCHAR,
    "current_status_update_gid" VARCHAR,
    "current_status_update_title" VARCHAR,
    "current_status_update_resource_subtype" VARCHAR,
    "project_brief_gid" VARCHAR,
    "created_from_template_gid" VARCHAR,
    "created_from_template_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "projects" SELECT * FROM read_csv('csv/projects.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'workspace_gid': 'VARCHAR', 'workspace_name': 'VARCHAR', 'team_gid': 'VARCHAR', 'team_name': 'VARCHAR', 'owner_gid': 'VARCHAR', 'owner_name': 'VARCHAR', 'archived': 'BOOLEAN', 'completed': 'BOOLEAN', 'completed_at': 'TIMESTAMPTZ', 'completed_by_gid': 'VARCHAR', 'completed_by_name': 'VARCHAR', 'created_at': 'TIMESTAMPTZ', 'modified_at': 'TIMESTAMPTZ', 'start_on': 'DATE', 'due_on': 'DATE', 'notes': 'VARCHAR', 'html_notes': 'VARCHAR', 'color': 'VARCHAR', 'icon': 'VARCHAR', 'default_view': 'VARCHAR', 'privacy_setting': 'VARCHAR', 'default_access_level': 'VARCHAR', 'minimum_access_level_for_customization': 'VARCHAR', 'minimum_access_level_for_sharing': 'VARCHAR', 'permalink_url': 'VARCHAR', 'current_status_update_gid': 'VARCHAR', 'current_status_update_title': 'VARCHAR', 'current_status_update_resource_subtype': 'VARCHAR', 'project_brief_gid': 'VARCHAR', 'created_from_template_gid': 'VARCHAR', 'created_from_template_name': 'VARCHAR'});

CREATE TABLE "rates" (
    "gid" VARCHAR NOT NULL,
    "parent_gid" VARCHAR,
    "parent_name" VARCHAR,
    "resource_type" VARCHAR,
    "resource_gid" VARCHAR,
    "resource_name" VARCHAR,
    "rate" DOUBLE,
    "currency_code" VARCHAR,
    "created_by_gid" VARCHAR,
    "created_by_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "rates" SELECT * FROM read_csv('csv/rates.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'parent_gid': 'VARCHAR', 'parent_name': 'VARCHAR', 'resource_type': 'VARCHAR', 'resource_gid': 'VARCHAR', 'resource_name': 'VARCHAR', 'rate': 'DOUBLE', 'currency_code': 'VARCHAR', 'created_by_gid': 'VARCHAR', 'created_by_name': 'VARCHAR'});

CREATE TABLE "sections" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "project_gid" VARCHAR,
    "project_name" VARCHAR,
    "position" BIGINT,
    "created_at" TIMESTAMPTZ,
    PRIMARY KEY ("gid")
);
INSERT INTO "sections" SELECT * FROM read_csv('csv/sections.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'project_gid': 'VARCHAR', 'project_name': 'VARCHAR', 'position': 'BIGINT', 'created_at': 'TIMESTAMPTZ'});

CREATE TABLE "status_update_likes" (
    "status_update_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("status_update_gid", "position")
);
INSERT INTO "status_update_likes" SELECT * FROM read_csv('csv/status_update_likes.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'status_update_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "status_update_reaction_summary" (
    "status_update_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "emoji_base" VARCHAR,
    "variant" VARCHAR,
    "count" BIGINT,
    PRIMARY KEY ("status_update_gid", "position")
);
INSERT INTO "status_update_reaction_summary" SELECT * FROM read_csv('csv/status_update_reaction_summary.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'status_update_gid': 'VARCHAR', 'position': 'BIGINT', 'emoji_base': 'VARCHAR', 'variant': 'VARCHAR', 'count': 'BIGINT'});

CREATE TABLE "status_updates" (
    "gid" VARCHAR NOT NULL,
    "parent_type" VARCHAR,
    "parent_gid" VARCHAR,
    "parent_name" VARCHAR,
    "title" VARCHAR,
    "resource_subtype" VARCHAR,
    "status_type" VARCHAR,
    "text" VARCHAR,
    "html_text" VARCHAR,
    "author_gid" VARCHAR,
    "author_name" VARCHAR,
    "created_by_gid" VARCHAR,
    "created_by_name" VARCHAR,
    "created_at" TIMESTAMPTZ,
    "modified_at" TIMESTAMPTZ,
    "num_likes" BIGINT,
    PRIMARY KEY ("gid")
);
INSERT INTO "status_updates" SELECT * FROM read_csv('csv/status_updates.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'parent_type': 'VARCHAR', 'parent_gid': 'VARCHAR', 'parent_name': 'VARCHAR', 'title': 'VARCHAR', 'resource_subtype': 'VARCHAR', 'status_type': 'VARCHAR', 'text': 'VARCHAR', 'html_text': 'VARCHAR', 'author_gid': 'VARCHAR', 'author_name': 'VARCHAR', 'created_by_gid': 'VARCHAR', 'created_by_name': 'VARCHAR', 'created_at': 'TIMESTAMPTZ', 'modified_at': 'TIMESTAMPTZ', 'num_likes': 'BIGINT'});

CREATE TABLE "stories" (
    "gid" VARCHAR NOT NULL,
    "target_type" VARCHAR,
    "target_gid" VARCHAR,
    "target_name" VARCHAR,
    "created_at" TIMESTAMPTZ,
    "created_by_gid" VARCHAR,
    "created_by_name" VARCHAR,
    "type" VARCHAR,
    "resource_subtype" VARCHAR,
    "text" VARCHAR,
    "html_text" VARCHAR,
    "is_pinned" BOOLEAN,
    "is_edited" BOOLEAN,
    "is_editable" BOOLEAN,
    "num_likes" BIGINT,
    "sticker_name" VARCHAR,
    "source" VARCHAR,
    "old_name" VARCHAR,
    "new_name" VARCHAR,
    "old_dates_start_on" DATE,
    "old_dates_due_on" DATE,
    "old_dates_due_at" TIMESTAMPTZ,
    "new_dates_start_on" DATE,
    "new_dates_due_on" DATE,
    "new_dates_due_at" TIMESTAMPTZ,
    "old_resource_subtype" VARCHAR,
    "new_resource_subtype" VARCHAR,
    "old_approval_status" VARCHAR,
    "new_approval_status" VARCHAR,
    "assignee_gid" VARCHAR,
    "assignee_name" VARCHAR,
    "follower_gid" VARCHAR,
    "follower_name" VARCHAR,
    "old_section_gid" VARCHAR,
    "old_section_name" VARCHAR,
    "new_section_gid" VARCHAR,
    "new_section_name" VARCHAR,
    "task_gid" VARCHAR,
    "task_name" VARCHAR,
    "project_gid" VARCHAR,
    "project_name" VARCHAR,
    "tag_gid" VARCHAR,
    "tag_name" VARCHAR,
    "custom_field_gid" VARCHAR,
    "custom_field_name" VARCHAR,
    "old_text_value" VARCHAR,
    "new_text_value" VARCHAR,
    "old_number_value" DOUBLE,
    "new_number_value" DOUBLE,
    "old_enum_value_gid" VARCHAR,
    "old_enum_value_name" VARCHAR,
    "new_enum_value_gid" VARCHAR,
    "new_enum_value_name" VARCHAR,
    "old_date_value_start_on" DATE,
    "old_date_value_due_on" DATE,
    "old_date_value_due_at" TIMESTAMPTZ,
    "new_date_value_start_on" DATE,
    "new_date_value_due_on" DATE,
    "new_date_value_due_at" TIMESTAMPTZ,
    "story_gid" VARCHAR,
    "duplicate_of_gid" VARCHAR,
    "duplicate_of_name" VARCHAR,
    "duplicated_from_gid" VARCHAR,
    "duplicated_from_name" VARCHAR,
    "dependency_gid" VARCHAR,
    "dependency_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "stories" SELECT * FROM read_csv('csv/stories.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'target_type': 'VARCHAR', 'target_gid': 'VARCHAR', 'target_name': 'VARCHAR', 'created_at': 'TIMESTAMPTZ', 'created_by_gid': 'VARCHAR', 'created_by_name': 'VARCHAR', 'type': 'VARCHAR', 'resource_subtype': 'VARCHAR', 'text': 'VARCHAR', 'html_text': 'VARCHAR', 'is_pinned': 'BOOLEAN', 'is_edited': 'BOOLEAN', 'is_editable': 'BOOLEAN', 'num_likes': 'BIGINT', 'sticker_name': 'VARCHAR', 'source': 'VARCHAR', 'old_name': 'VARCHAR', 'new_name': 'VARCHAR', 'old_dates_start_on': 'DATE', 'old_dates_due_on': 'DATE', 'old_dates_due_at': 'TIMESTAMPTZ', 'new_dates_start_on': 'DATE', 'new_dates_due_on': 'DATE', 'new_dates_due_at': 'TIMESTAMPTZ', 'old_resource_subtype': 'VARCHAR', 'new_resource_subtype': 'VARCHAR', 'old_approval_status': 'VARCHAR', 'new_approval_status': 'VARCHAR', 'assignee_gid': 'VARCHAR', 'assignee_name': 'VARCHAR', 'follower_gid': 'VARCHAR', 'follower_name': 'VARCHAR', 'old_section_gid': 'VARCHAR', 'old_section_name': 'VARCHAR', 'new_section_gid': 'VARCHAR', 'new_section_name': 'VARCHAR', 'task_gid': 'VARCHAR', 'task_name': 'VARCHAR', 'project_gid': 'VARCHAR', 'project_name': 'VARCHAR', 'tag_gid': 'VARCHAR', 'tag_name': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'custom_field_name': 'VARCHAR', 'old_text_value': 'VARCHAR', 'new_text_value': 'VARCHAR', 'old_number_value': 'DOUBLE', 'new_number_value': 'DOUBLE', 'old_enum_value_gid': 'VARCHAR', 'old_enum_value_name': 'VARCHAR', 'new_enum_value_gid': 'VARCHAR', 'new_enum_value_name': 'VARCHAR', 'old_date_value_start_on': 'DATE', 'old_date_value_due_on': 'DATE', 'old_date_value_due_at': 'TIMESTAMPTZ', 'new_date_value_start_on': 'DATE', 'new_date_value_due_on': 'DATE', 'new_date_value_due_at': 'TIMESTAMPTZ', 'story_gid': 'VARCHAR', 'duplicate_of_gid': 'VARCHAR', 'duplicate_of_name': 'VARCHAR', 'duplicated_from_gid': 'VARCHAR', 'duplicated_from_name': 'VARCHAR', 'dependency_gid': 'VARCHAR', 'dependency_name': 'VARCHAR'});

CREATE TABLE "story_likes" (
    "story_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("story_gid", "position")
);
INSERT INTO "story_likes" SELECT * FROM read_csv('csv/story_likes.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'story_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "story_new_multi_enum_values" (
    "story_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "enum_option_gid" VARCHAR,
    "name" VARCHAR,
    PRIMARY KEY ("story_gid", "position")
);
INSERT INTO "story_new_multi_enum_values" SELECT * FROM read_csv('csv/story_new_multi_enum_values.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'story_gid': 'VARCHAR', 'position': 'BIGINT', 'enum_option_gid': 'VARCHAR', 'name': 'VARCHAR'});

CREATE TABLE "story_new_people_value" (
    "story_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("story_gid", "position")
);
INSERT INTO "story_new_people_value" SELECT * FROM read_csv('csv/story_new_people_value.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'story_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "story_old_multi_enum_values" (
    "story_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "enum_option_gid" VARCHAR,
    "name" VARCHAR,
    PRIMARY KEY ("story_gid", "position")
);
INSERT INTO "story_old_multi_enum_values" SELECT * FROM read_csv('csv/story_old_multi_enum_values.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'story_gid': 'VARCHAR', 'position': 'BIGINT', 'enum_option_gid': 'VARCHAR', 'name': 'VARCHAR'});

CREATE TABLE "story_old_people_value" (
    "story_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("story_gid", "position")
);
INSERT INTO "story_old_people_value" SELECT * FROM read_csv('csv/story_old_people_value.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'story_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "story_previews" (
    "story_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "title" VARCHAR,
    "title_link" VARCHAR,
    "header" VARCHAR,
    "header_link" VARCHAR,
    "text" VARCHAR,
    "html_text" VARCHAR,
    "footer" VARCHAR,
    "fallback" VARCHAR,
    PRIMARY KEY ("story_gid", "position")
);
INSERT INTO "story_previews" SELECT * FROM read_csv('csv/story_previews.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'story_gid': 'VARCHAR', 'position': 'BIGINT', 'title': 'VARCHAR', 'title_link': 'VARCHAR', 'header': 'VARCHAR', 'header_link': 'VARCHAR', 'text': 'VARCHAR', 'html_text': 'VARCHAR', 'footer': 'VARCHAR', 'fallback': 'VARCHAR'});

CREATE TABLE "story_reaction_summary" (
    "story_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "emoji_base" VARCHAR,
    "variant" VARCHAR,
    "count" BIGINT,
    PRIMARY KEY ("story_gid", "position")
);
INSERT INTO "story_reaction_summary" SELECT * FROM read_csv('csv/story_reaction_summary.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'story_gid': 'VARCHAR', 'position': 'BIGINT', 'emoji_base': 'VARCHAR', 'variant': 'VARCHAR', 'count': 'BIGINT'});

CREATE TABLE "tag_followers" (
    "tag_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("tag_gid", "position")
);
INSERT INTO "tag_followers" SELECT * FROM read_csv('csv/tag_followers.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'tag_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "tags" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "color" VARCHAR,
    "notes" VARCHAR,
    "created_at" TIMESTAMPTZ,
    "permalink_url" VARCHAR,
    "workspace_gid" VARCHAR,
    "workspace_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "tags" SELECT * FROM read_csv('csv/tags.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'color': 'VARCHAR', 'notes': 'VARCHAR', 'created_at': 'TIMESTAMPTZ', 'permalink_url': 'VARCHAR', 'workspace_gid': 'VARCHAR', 'workspace_name': 'VARCHAR'});

CREATE TABLE "task_custom_field_options" (
    "task_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    PRIMARY KEY ("task_gid", "custom_field_gid", "position")
);
INSERT INTO "task_custom_field_options" SELECT * FROM read_csv('csv/task_custom_field_options.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR'});

CREATE TABLE "task_custom_field_people" (
    "task_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("task_gid", "custom_field_gid", "position")
);
INSERT INTO "task_custom_field_people" SELECT * FROM read_csv('csv/task_custom_field_people.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "task_custom_field_references" (
    "task_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "reference_type" VARCHAR,
    "reference_gid" VARCHAR,
    "reference_name" VARCHAR,
    PRIMARY KEY ("task_gid", "custom_field_gid", "position")
);
INSERT INTO "task_custom_field_references" SELECT * FROM read_csv('csv/task_custom_field_references.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'reference_type': 'VARCHAR', 'reference_gid': 'VARCHAR', 'reference_name': 'VARCHAR'});

CREATE TABLE "task_custom_fields" (
    "task_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "custom_field_gid" VARCHAR,
    "name" VARCHAR,
    "type" VARCHAR,
    "enabled" BOOLEAN,
    "display_value" VARCHAR,
    "text_value" VARCHAR,
    "number_value" DOUBLE,
    "date_value" DATE,
    "date_time_value" TIMESTAMPTZ,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    "html_text_value" VARCHAR,
    PRIMARY KEY ("task_gid", "position")
);
INSERT INTO "task_custom_fields" SELECT * FROM read_csv('csv/task_custom_fields.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'position': 'BIGINT', 'custom_field_gid': 'VARCHAR', 'name': 'VARCHAR', 'type': 'VARCHAR', 'enabled': 'BOOLEAN', 'display_value': 'VARCHAR', 'text_value': 'VARCHAR', 'number_value': 'DOUBLE', 'date_value': 'DATE', 'date_time_value': 'TIMESTAMPTZ', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR', 'html_text_value': 'VARCHAR'});

CREATE TABLE "task_dependencies" (
    "task_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "depends_on_gid" VARCHAR,
    PRIMARY KEY ("task_gid", "position")
);
INSERT INTO "task_dependencies" SELECT * FROM read_csv('csv/task_dependencies.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'position': 'BIGINT', 'depends_on_gid': 'VARCHAR'});

CREATE TABLE "task_followers" (
    "task_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("task_gid", "position")
);
INSERT INTO "task_followers" SELECT * FROM read_csv('csv/task_followers.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "task_likes" (
    "task_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "user_gid" VARCHAR,
    PRIMARY KEY ("task_gid", "position")
);
INSERT INTO "task_likes" SELECT * FROM read_csv('csv/task_likes.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'position': 'BIGINT', 'user_gid': 'VARCHAR'});

CREATE TABLE "task_memberships" (
    "task_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "project_gid" VARCHAR,
    "section_gid" VARCHAR,
    PRIMARY KEY ("task_gid", "position")
);
INSERT INTO "task_memberships" SELECT * FROM read_csv('csv/task_memberships.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'position': 'BIGINT', 'project_gid': 'VARCHAR', 'section_gid': 'VARCHAR'});

CREATE TABLE "task_tags" (
    "task_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "tag_gid" VARCHAR,
    PRIMARY KEY ("task_gid", "position")
);
INSERT INTO "task_tags" SELECT * FROM read_csv('csv/task_tags.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'task_gid': 'VARCHAR', 'position': 'BIGINT', 'tag_gid': 'VARCHAR'});

CREATE TABLE "task_templates" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "project_gid" VARCHAR,
    "project_name" VARCHAR,
    "created_by_gid" VARCHAR,
    "created_by_name" VARCHAR,
    "created_at" TIMESTAMPTZ,
    "template_name" VARCHAR,
    "template_task_resource_subtype" VARCHAR,
    "template_description" VARCHAR,
    "template_html_description" VARCHAR,
    "template_relative_start_on" BIGINT,
    "template_relative_due_on" BIGINT,
    "template_due_time" VARCHAR,
    "template_memberships" VARCHAR,
    "template_dependencies" VARCHAR,
    "template_dependents" VARCHAR,
    "template_followers" VARCHAR,
    "template_attachments" VARCHAR,
    "template_subtasks" VARCHAR,
    "template_custom_fields" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "task_templates" SELECT * FROM read_csv('csv/task_templates.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'project_gid': 'VARCHAR', 'project_name': 'VARCHAR', 'created_by_gid': 'VARCHAR', 'created_by_name': 'VARCHAR', 'created_at': 'TIMESTAMPTZ', 'template_name': 'VARCHAR', 'template_task_resource_subtype': 'VARCHAR', 'template_description': 'VARCHAR', 'template_html_description': 'VARCHAR', 'template_relative_start_on': 'BIGINT', 'template_relative_due_on': 'BIGINT', 'template_due_time': 'VARCHAR', 'template_memberships': 'VARCHAR', 'template_dependencies': 'VARCHAR', 'template_dependents': 'VARCHAR', 'template_followers': 'VARCHAR', 'template_attachments': 'VARCHAR', 'template_subtasks': 'VARCHAR', 'template_custom_fields': 'VARCHAR'});

CREATE TABLE "tasks" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "resource_subtype" VARCHAR,
    "parent_gid" VARCHAR,
    "parent_name" VARCHAR,
    "num_subtasks" BIGINT,
    "assignee_gid" VARCHAR,
    "assignee_name" VARCHAR,
    "assignee_section_gid" VARCHAR,
    "assignee_section_name" VARCHAR,
    "assigned_by_gid" VARCHAR,
    "assigned_by_name" VARCHAR,
    "completed" BOOLEAN,
    "completed_at" TIMESTAMPTZ,
    "completed_by_gid" VARCHAR,
    "completed_by_name" VARCHAR,
    "approval_status" VARCHAR,
    "created_at" TIMESTAMPTZ,
    "created_by_gid" VARCHAR,
    "modified_at" TIMESTAMPTZ,
    "start_on" DATE,
    "start_at" TIMESTAMPTZ,
    "due_on" DATE,
    "due_at" TIMESTAMPTZ,
    "actual_time_minutes" DOUBLE,
    "notes" VARCHAR,
    "html_notes" VARCHAR,
    "is_rendered_as_separator" BOOLEAN,
    "num_likes" BIGINT,
    "custom_type_gid" VARCHAR,
    "custom_type_name" VARCHAR,
    "custom_type_status_option_gid" VARCHAR,
    "custom_type_status_option_name" VARCHAR,
    "permalink_url" VARCHAR,
    "workspace_gid" VARCHAR,
    "workspace_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "tasks" SELECT * FROM read_csv('csv/tasks.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'resource_subtype': 'VARCHAR', 'parent_gid': 'VARCHAR', 'parent_name': 'VARCHAR', 'num_subtasks': 'BIGINT', 'assignee_gid': 'VARCHAR', 'assignee_name': 'VARCHAR', 'assignee_section_gid': 'VARCHAR', 'assignee_section_name': 'VARCHAR', 'assigned_by_gid': 'VARCHAR', 'assigned_by_name': 'VARCHAR', 'completed': 'BOOLEAN', 'completed_at': 'TIMESTAMPTZ', 'completed_by_gid': 'VARCHAR', 'completed_by_name': 'VARCHAR', 'approval_status': 'VARCHAR', 'created_at': 'TIMESTAMPTZ', 'created_by_gid': 'VARCHAR', 'modified_at': 'TIMESTAMPTZ', 'start_on': 'DATE', 'start_at': 'TIMESTAMPTZ', 'due_on': 'DATE', 'due_at': 'TIMESTAMPTZ', 'actual_time_minutes': 'DOUBLE', 'notes': 'VARCHAR', 'html_notes': 'VARCHAR', 'is_rendered_as_separator': 'BOOLEAN', 'num_likes': 'BIGINT', 'custom_type_gid': 'VARCHAR', 'custom_type_name': 'VARCHAR', 'custom_type_status_option_gid': 'VARCHAR', 'custom_type_status_option_name': 'VARCHAR', 'permalink_url': 'VARCHAR', 'workspace_gid': 'VARCHAR', 'workspace_name': 'VARCHAR'});

CREATE TABLE "team_memberships" (
    "gid" VARCHAR NOT NULL,
    "user_gid" VARCHAR,
    "user_name" VARCHAR,
    "team_gid" VARCHAR,
    "team_name" VARCHAR,
    "is_guest" BOOLEAN,
    "is_limited_access" BOOLEAN,
    "is_admin" BOOLEAN,
    PRIMARY KEY ("gid")
);
INSERT INTO "team_memberships" SELECT * FROM read_csv('csv/team_memberships.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'user_gid': 'VARCHAR', 'user_name': 'VARCHAR', 'team_gid': 'VARCHAR', 'team_name': 'VARCHAR', 'is_guest': 'BOOLEAN', 'is_limited_access': 'BOOLEAN', 'is_admin': 'BOOLEAN'});

CREATE TABLE "teams" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "organization_gid" VARCHAR,
    "organization_name" VARCHAR,
    "description" VARCHAR,
    "html_description" VARCHAR,
    "permalink_url" VARCHAR,
    "visibility" VARCHAR,
    "edit_team_name_or_description_access_level" VARCHAR,
    "edit_team_visibility_or_trash_team_access_level" VARCHAR,
    "member_invite_management_access_level" VARCHAR,
    "guest_invite_management_access_level" VARCHAR,
    "join_request_management_access_level" VARCHAR,
    "team_member_removal_access_level" VARCHAR,
    "team_content_management_access_level" VARCHAR,
    "endorsed" BOOLEAN,
    PRIMARY KEY ("gid")
);
INSERT INTO "teams" SELECT * FROM read_csv('csv/teams.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'organization_gid': 'VARCHAR', 'organization_name': 'VARCHAR', 'description': 'VARCHAR', 'html_description': 'VARCHAR', 'permalink_url': 'VARCHAR', 'visibility': 'VARCHAR', 'edit_team_name_or_description_access_level': 'VARCHAR', 'edit_team_visibility_or_trash_team_access_level': 'VARCHAR', 'member_invite_management_access_level': 'VARCHAR', 'guest_invite_management_access_level': 'VARCHAR', 'join_request_management_access_level': 'VARCHAR', 'team_member_removal_access_level': 'VARCHAR', 'team_content_management_access_level': 'VARCHAR', 'endorsed': 'BOOLEAN'});

CREATE TABLE "time_periods" (
    "gid" VARCHAR NOT NULL,
    "display_name" VARCHAR,
    "period" VARCHAR,
    "start_on" DATE,
    "end_on" DATE,
    "parent_gid" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "time_periods" SELECT * FROM read_csv('csv/time_periods.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'display_name': 'VARCHAR', 'period': 'VARCHAR', 'start_on': 'DATE', 'end_on': 'DATE', 'parent_gid': 'VARCHAR'});

CREATE TABLE "time_tracking_categories" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "color" VARCHAR,
    "is_archived" BOOLEAN,
    PRIMARY KEY ("gid")
);
INSERT INTO "time_tracking_categories" SELECT * FROM read_csv('csv/time_tracking_categories.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'color': 'VARCHAR', 'is_archived': 'BOOLEAN'});

CREATE TABLE "time_tracking_entries" (
    "gid" VARCHAR NOT NULL,
    "task_gid" VARCHAR,
    "task_name" VARCHAR,
    "attributable_to_gid" VARCHAR,
    "attributable_to_name" VARCHAR,
    "created_by_gid" VARCHAR,
    "created_by_name" VARCHAR,
    "duration_minutes" BIGINT,
    "entered_on" DATE,
    "created_at" TIMESTAMPTZ,
    "description" VARCHAR,
    "approval_status" VARCHAR,
    "billable_status" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "time_tracking_entries" SELECT * FROM read_csv('csv/time_tracking_entries.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'task_gid': 'VARCHAR', 'task_name': 'VARCHAR', 'attributable_to_gid': 'VARCHAR', 'attributable_to_name': 'VARCHAR', 'created_by_gid': 'VARCHAR', 'created_by_name': 'VARCHAR', 'duration_minutes': 'BIGINT', 'entered_on': 'DATE', 'created_at': 'TIMESTAMPTZ', 'description': 'VARCHAR', 'approval_status': 'VARCHAR', 'billable_status': 'VARCHAR'});

CREATE TABLE "time_tracking_entry_categories" (
    "time_tracking_entry_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "time_tracking_category_gid" VARCHAR,
    "name" VARCHAR,
    PRIMARY KEY ("time_tracking_entry_gid", "position")
);
INSERT INTO "time_tracking_entry_categories" SELECT * FROM read_csv('csv/time_tracking_entry_categories.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'time_tracking_entry_gid': 'VARCHAR', 'position': 'BIGINT', 'time_tracking_category_gid': 'VARCHAR', 'name': 'VARCHAR'});

CREATE TABLE "timesheet_approval_statuses" (
    "gid" VARCHAR NOT NULL,
    "user_gid" VARCHAR,
    "user_name" VARCHAR,
    "workspace_gid" VARCHAR,
    "workspace_name" VARCHAR,
    "start_date" DATE,
    "end_date" DATE,
    "approval_status" VARCHAR,
    "created_at" TIMESTAMPTZ,
    PRIMARY KEY ("gid")
);
INSERT INTO "timesheet_approval_statuses" SELECT * FROM read_csv('csv/timesheet_approval_statuses.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'user_gid': 'VARCHAR', 'user_name': 'VARCHAR', 'workspace_gid': 'VARCHAR', 'workspace_name': 'VARCHAR', 'start_date': 'DATE', 'end_date': 'DATE', 'approval_status': 'VARCHAR', 'created_at': 'TIMESTAMPTZ'});

CREATE TABLE "user_custom_field_options" (
    "user_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    PRIMARY KEY ("user_gid", "custom_field_gid", "position")
);
INSERT INTO "user_custom_field_options" SELECT * FROM read_csv('csv/user_custom_field_options.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'user_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR'});

CREATE TABLE "user_custom_field_people" (
    "user_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "value_user_gid" VARCHAR,
    PRIMARY KEY ("user_gid", "custom_field_gid", "position")
);
INSERT INTO "user_custom_field_people" SELECT * FROM read_csv('csv/user_custom_field_people.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'user_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'value_user_gid': 'VARCHAR'});

CREATE TABLE "user_custom_field_references" (
    "user_gid" VARCHAR NOT NULL,
    "custom_field_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "reference_type" VARCHAR,
    "reference_gid" VARCHAR,
    "reference_name" VARCHAR,
    PRIMARY KEY ("user_gid", "custom_field_gid", "position")
);
INSERT INTO "user_custom_field_references" SELECT * FROM read_csv('csv/user_custom_field_references.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'user_gid': 'VARCHAR', 'custom_field_gid': 'VARCHAR', 'position': 'BIGINT', 'reference_type': 'VARCHAR', 'reference_gid': 'VARCHAR', 'reference_name': 'VARCHAR'});

CREATE TABLE "user_custom_fields" (
    "user_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "custom_field_gid" VARCHAR,
    "name" VARCHAR,
    "type" VARCHAR,
    "enabled" BOOLEAN,
    "display_value" VARCHAR,
    "text_value" VARCHAR,
    "number_value" DOUBLE,
    "date_value" DATE,
    "date_time_value" TIMESTAMPTZ,
    "enum_option_gid" VARCHAR,
    "enum_option_name" VARCHAR,
    "html_text_value" VARCHAR,
    PRIMARY KEY ("user_gid", "position")
);
INSERT INTO "user_custom_fields" SELECT * FROM read_csv('csv/user_custom_fields.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'user_gid': 'VARCHAR', 'position': 'BIGINT', 'custom_field_gid': 'VARCHAR', 'name': 'VARCHAR', 'type': 'VARCHAR', 'enabled': 'BOOLEAN', 'display_value': 'VARCHAR', 'text_value': 'VARCHAR', 'number_value': 'DOUBLE', 'date_value': 'DATE', 'date_time_value': 'TIMESTAMPTZ', 'enum_option_gid': 'VARCHAR', 'enum_option_name': 'VARCHAR', 'html_text_value': 'VARCHAR'});

CREATE TABLE "user_task_lists" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "owner_gid" VARCHAR,
    "owner_name" VARCHAR,
    "workspace_gid" VARCHAR,
    "workspace_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "user_task_lists" SELECT * FROM read_csv('csv/user_task_lists.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'owner_gid': 'VARCHAR', 'owner_name': 'VARCHAR', 'workspace_gid': 'VARCHAR', 'workspace_name': 'VARCHAR'});

CREATE TABLE "users" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "email" VARCHAR,
    "source" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "users" SELECT * FROM read_csv('csv/users.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'email': 'VARCHAR', 'source': 'VARCHAR'});

CREATE TABLE "workspace_email_domains" (
    "workspace_gid" VARCHAR NOT NULL,
    "position" BIGINT NOT NULL,
    "email_domain" VARCHAR,
    PRIMARY KEY ("workspace_gid", "position")
);
INSERT INTO "workspace_email_domains" SELECT * FROM read_csv('csv/workspace_email_domains.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'workspace_gid': 'VARCHAR', 'position': 'BIGINT', 'email_domain': 'VARCHAR'});

CREATE TABLE "workspace_memberships" (
    "gid" VARCHAR NOT NULL,
    "user_gid" VARCHAR,
    "user_name" VARCHAR,
    "workspace_gid" VARCHAR,
    "workspace_name" VARCHAR,
    "is_active" BOOLEAN,
    "is_admin" BOOLEAN,
    "is_guest" BOOLEAN,
    "is_view_only" BOOLEAN,
    "created_at" TIMESTAMPTZ,
    "user_task_list_gid" VARCHAR,
    "user_task_list_name" VARCHAR,
    PRIMARY KEY ("gid")
);
INSERT INTO "workspace_memberships" SELECT * FROM read_csv('csv/workspace_memberships.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'user_gid': 'VARCHAR', 'user_name': 'VARCHAR', 'workspace_gid': 'VARCHAR', 'workspace_name': 'VARCHAR', 'is_active': 'BOOLEAN', 'is_admin': 'BOOLEAN', 'is_guest': 'BOOLEAN', 'is_view_only': 'BOOLEAN', 'created_at': 'TIMESTAMPTZ', 'user_task_list_gid': 'VARCHAR', 'user_task_list_name': 'VARCHAR'});

CREATE TABLE "workspaces" (
    "gid" VARCHAR NOT NULL,
    "name" VARCHAR,
    "is_organization" BOOLEAN,
    PRIMARY KEY ("gid")
);
INSERT INTO "workspaces" SELECT * FROM read_csv('csv/workspaces.csv', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\n', parallel = false, max_line_size = 16777216, buffer_size = 33554432,
    columns = {'gid': 'VARCHAR', 'name': 'VARCHAR', 'is_organization': 'BOOLEAN'});

COMMIT;
