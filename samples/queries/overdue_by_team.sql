-- Which teams have open tasks past their due date, as of the last change in the export, and by how many days at most?
-- A task in projects of two teams counts for both.
WITH today AS (SELECT date(max(modified_at)) AS day FROM tasks)
SELECT coalesce(p.team_name, 'no team') AS team,
       count(DISTINCT t.gid) AS overdue_tasks,
       max(round(julianday(today.day) - julianday(t.due_on))) AS days_at_most
FROM tasks t
JOIN task_memberships m ON m.task_gid = t.gid
JOIN projects p ON p.gid = m.project_gid
CROSS JOIN today
WHERE NOT t.completed AND t.due_on < today.day
GROUP BY p.team_gid, p.team_name
ORDER BY overdue_tasks DESC, team;
