-- How long does a task take, from its creation to its completion? By project, in days.
SELECT p.name AS project,
       count(*) AS completed_tasks,
       round(avg(julianday(t.completed_at) - julianday(t.created_at)), 1) AS mean_days,
       round(min(julianday(t.completed_at) - julianday(t.created_at)), 1) AS fastest_days,
       round(max(julianday(t.completed_at) - julianday(t.created_at)), 1) AS slowest_days
FROM tasks t
JOIN task_memberships m ON m.task_gid = t.gid
JOIN projects p ON p.gid = m.project_gid
WHERE t.completed_at IS NOT NULL
GROUP BY p.gid, p.name
ORDER BY mean_days DESC, p.gid;
