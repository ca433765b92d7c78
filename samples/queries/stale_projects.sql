-- Which projects that are still going has nobody touched for a month, as of the last change in the export? A task that
-- changed counts as a touch.
WITH today AS (SELECT max(modified_at) AS moment FROM tasks),
touched AS (
    SELECT p.gid, p.name, p.owner_name, max(coalesce(t.modified_at, p.modified_at)) AS last_touch, count(t.gid) AS tasks
    FROM projects p
    LEFT JOIN task_memberships m ON m.project_gid = p.gid
    LEFT JOIN tasks t ON t.gid = m.task_gid
    WHERE NOT p.archived AND NOT p.completed
    GROUP BY p.gid, p.name, p.owner_name)
SELECT touched.name AS project, owner_name AS owner, tasks, date(last_touch) AS last_touch
FROM touched CROSS JOIN today
WHERE julianday(today.moment) - julianday(last_touch) > 30
ORDER BY last_touch, touched.gid;
