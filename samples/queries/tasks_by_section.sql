-- How many open and completed tasks are in each section, in the order of the board?
SELECT p.name AS project,
       s.name AS section,
       sum(CASE WHEN t.completed THEN 0 ELSE 1 END) AS open_tasks,
       sum(CASE WHEN t.completed THEN 1 ELSE 0 END) AS completed_tasks
FROM sections s
JOIN projects p ON p.gid = s.project_gid
JOIN task_memberships m ON m.section_gid = s.gid
JOIN tasks t ON t.gid = m.task_gid
GROUP BY p.gid, p.name, s.gid, s.name, s.position
ORDER BY p.name, p.gid, s.position;
