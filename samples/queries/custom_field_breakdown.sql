-- How often does each option of each single-choice custom field occur, among open and completed tasks?
SELECT f.name AS field,
       coalesce(f.enum_option_name, '(none)') AS option,
       sum(CASE WHEN t.completed THEN 0 ELSE 1 END) AS open_tasks,
       sum(CASE WHEN t.completed THEN 1 ELSE 0 END) AS completed_tasks
FROM task_custom_fields f
JOIN tasks t ON t.gid = f.task_gid
WHERE f.type = 'enum' AND f.enabled
GROUP BY f.custom_field_gid, f.name, f.enum_option_gid, f.enum_option_name
ORDER BY field, open_tasks + completed_tasks DESC, option;
