-- How many hours were tracked on the tasks of each project, and by how many people? Hours of a task in two projects count
-- for both.
SELECT p.name AS project,
       round(sum(e.duration_minutes) / 60.0, 2) AS hours,
       count(*) AS entries,
       count(DISTINCT e.created_by_gid) AS people
FROM time_tracking_entries e
JOIN task_memberships m ON m.task_gid = e.task_gid
JOIN projects p ON p.gid = m.project_gid
GROUP BY p.gid, p.name
ORDER BY hours DESC, p.gid;
