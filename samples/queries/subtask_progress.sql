-- How far are the tasks that have subtasks? Direct subtasks only.
SELECT parent.name AS task,
       count(*) AS subtasks,
       sum(CASE WHEN child.completed THEN 1 ELSE 0 END) AS completed_subtasks,
       CASE WHEN parent.completed THEN 'completed' ELSE 'open' END AS state
FROM tasks child
JOIN tasks parent ON parent.gid = child.parent_gid
GROUP BY parent.gid, parent.name, parent.completed
ORDER BY subtasks DESC, parent.gid;
