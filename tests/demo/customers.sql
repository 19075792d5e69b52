-- Contacts that the demo's account knows before customers.json is imported.
INSERT INTO bp_address (id, contact_id, line1, line3, postal_code, country_id) VALUES
(1603, 1603, '3 Old Lane', 'Derby', 'DE1 1QQ', 222), (1604, 1604, '7 Ivy Road', 'Bath', 'BA2 3AA', 222),
(1605, 1605, '1 Glen Road', 'Ramsey', 'IM8 1AA', 222), (1606, 1606, '31 Castle Hill', 'Lincoln', 'LN1 3AA', 222),
(1607, 1607, '6 Mill Lane', 'Kendal', 'LA9 4BD', 222), (1608, 1608, '1 Dock Road', 'Hull', 'HU1 2AA', 222),
(1609, 1609, '70 Long Acre', 'Stroud', 'GL5 1AP', 222), (1617, 1617, '6 Mill Lane', 'Kendal', 'LA9 4BD', 222),
(1619, 1619, '44 Elm Grove', 'Southsea', 'PO5 1JG', 222);
INSERT INTO bp_contact (id, first_name, last_name, email, email2, phone, is_customer, is_supplier, is_staff,
	def_address_id, bil_address_id, del_address_id) VALUES
(1603, 'Priya', 'Patel', 'priya.patel@example.com', '', '01332 496 003', 1, 0, 0, 1603, 1603, 1603),
(1604, 'Q.', 'Quill', 'quentin@example.com', '', '', 1, 0, 0, 1604, 1604, 1604),
(1605, 'Jim', 'Quinn', 'jimquinn@example.com', '', '', 1, 0, 0, 1605, 1605, 1605),
(1606, 'Rosa', 'Ruiz', 'rosa.ruiz@example.com', '', '', 1, 0, 0, 1606, 1606, 1606),
(1607, 'Sam', 'Stone', 'sam.stone@example.com', '', '', 1, 0, 0, 1607, 1607, 1607),
(1608, 'Leaf & Co', 'Trade', 'orders@leafandco.example', '', '', 0, 1, 0, 1608, 1608, 1608),
(1609, 'Uma', 'Underwood', 'uma@pearltest.example', '', '', 1, 0, 1, 1609, 1609, 1609),
(1617, 'Sam', 'Stone', 'sam.stone@example.com', '', '', 1, 0, 0, 1617, 1617, 1617),
(1619, 'Tom', 'Thorne', 'tom@example.com', 'tom.second@example.com', '', 1, 0, 0, 1619, 1619, 1619);
