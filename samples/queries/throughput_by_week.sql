-- How many tasks were made and how many completed in each week? Weeks begin on Monday; the first days of a year are week 0.
SELECT week, sum(made) AS made, sum(completed) AS completed
FROM (SELECT strftime('%Y-%W', date(created_at)) AS week, 1 AS made, 0 AS completed FROM tasks
      UNION ALL
      SELECT strftime('%Y-%W', date(completed_at)), 0, 1 FROM tasks WHERE completed_at IS NOT NULL) moments
GROUP BY week
ORDER BY week;
