-- The last comparison as one object.
SELECT json_object('from', strftime('%Y-%m-%dT%H:%M:%SZ', from_at, 'unixepoch'),
       'until', strftime('%Y-%m-%dT%H:%M:%SZ', until_at, 'unixepoch'), 'zone', zone, 'orders', orders,
       'stock_compared', json(iif(stock, 'true', 'false')), 'difference', differences, 'waiting', waiting,
       'expected', expected,
       'sums', (SELECT json_group_array(json_object('section', section, 'name', name, 'currency', currency,
                       'bigcommerce_count', bc_count, 'bigcommerce_sum', bc_sum, 'left_out_count', left_count,
                       'left_out_sum', left_sum, 'brightpearl_count', bp_count, 'brightpearl_sum', bp_sum,
                       'difference', difference))
                  FROM (SELECT * FROM reconcile_sheet ORDER BY section, name, currency)),
       'differences', (SELECT json_group_array(json_object('class', class, 'kind', kind, 'key', key, 'bigcommerce', bigcommerce,
                              'brightpearl', brightpearl, 'message', message, 'hint', hint))
                         FROM (SELECT * FROM reconcile_difference d WHERE d.reconcile_id = r.id
                                ORDER BY class, kind, length(key), key)))
  FROM reconcile_run r WHERE state = 'done' ORDER BY id DESC LIMIT 1
