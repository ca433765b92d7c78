-- How long until somebody else than a task's creator comments on it first? By the person who answered, in hours.
WITH answers AS (
    SELECT s.target_gid AS task_gid, s.created_by_gid AS person, min(s.created_at) AS answered_at
    FROM stories s
    JOIN tasks t ON t.gid = s.target_gid
    WHERE s.type = 'comment' AND s.created_by_gid <> t.created_by_gid
    GROUP BY s.target_gid, s.created_by_gid),
first_answers AS (
    SELECT a.* FROM answers a
    WHERE NOT EXISTS (SELECT 1 FROM answers b WHERE b.task_gid = a.task_gid
                      AND (b.answered_at < a.answered_at OR b.answered_at = a.answered_at AND b.person < a.person)))
SELECT u.name AS person,
       count(*) AS answered_tasks,
       round(avg((julianday(f.answered_at) - julianday(t.created_at)) * 24), 1) AS mean_hours
FROM first_answers f
JOIN tasks t ON t.gid = f.task_gid
JOIN users u ON u.gid = f.person
GROUP BY u.gid, u.name
ORDER BY mean_hours, u.gid;
