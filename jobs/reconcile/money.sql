-- The transactions of the order in temp.reading, which were just staged -> reconcile_bc_money: the money that moved by
-- them, and what is authorised beyond that.  Store credit and gift certificates are told by the order.  What a settlement
-- that names nothing settles is the same money where both would be more than the order.  Rerunnable; plain SQLite.
INSERT OR REPLACE INTO reconcile_bc_money(order_id, moved, authorized)
SELECT r.order_id, s.moved + iif(s.moved + s.loose <= coalesce(o.total, s.moved + s.loose) + 50, s.loose, 0), max(0, s.held)
  FROM temp.reading r
  LEFT JOIN reconcile_bc_order o ON o.id = r.order_id
  JOIN (SELECT coalesce(sum(moved), 0) AS moved, coalesce(sum(loose), 0) AS loose, coalesce(sum(held), 0) AS held
          FROM transaction_money WHERE order_id = (SELECT order_id FROM temp.reading) AND NOT own) s;
