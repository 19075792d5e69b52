-- The orders that wait for a person: why, and the line for a mapping file that would mend it.
SELECT printf('   %s %s%s', substr(key, 7), message, iif(csv_line IS NULL, '', char(10) || '        mend it with: ' || csv_line))
  FROM reject WHERE job = 'orders' AND closed_at IS NULL AND key LIKE 'order:%' ORDER BY key;
