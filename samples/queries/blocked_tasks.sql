-- Which open tasks wait for others that are open too, and for how many?
SELECT t.name AS task, t.assignee_name AS assignee, count(*) AS waits_for, min(blocker.due_on) AS earliest_due
FROM task_dependencies d
JOIN tasks t ON t.gid = d.task_gid
JOIN tasks blocker ON blocker.gid = d.depends_on_gid
WHERE NOT t.completed AND NOT blocker.completed
GROUP BY t.gid, t.name, t.assignee_name
ORDER BY waits_for DESC, t.gid;
