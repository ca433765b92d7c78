-- Which open tasks has nobody planned: no assignee, no due date, or in no project? Subtasks are planned with their parents.
SELECT t.name AS task,
       CASE WHEN t.assignee_gid IS NULL THEN 'yes' ELSE 'no' END AS lacks_assignee,
       CASE WHEN t.due_on IS NULL THEN 'yes' ELSE 'no' END AS lacks_due_date,
       CASE WHEN count(m.project_gid) = 0 THEN 'yes' ELSE 'no' END AS lacks_project
FROM tasks t
LEFT JOIN task_memberships m ON m.task_gid = t.gid
WHERE NOT t.completed AND t.parent_gid IS NULL
GROUP BY t.gid, t.name, t.assignee_gid, t.due_on
HAVING t.assignee_gid IS NULL OR t.due_on IS NULL OR count(m.project_gid) = 0
ORDER BY t.gid;
