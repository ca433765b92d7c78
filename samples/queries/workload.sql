-- Who has how many open tasks, how many of them with a due date, and which is the next one?
SELECT u.name AS person,
       count(*) AS open_tasks,
       count(t.due_on) AS with_due_date,
       min(t.due_on) AS next_due
FROM tasks t
JOIN users u ON u.gid = t.assignee_gid
WHERE NOT t.completed
GROUP BY u.gid, u.name
ORDER BY open_tasks DESC, u.gid;
