-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- Where a plain telephone is: its gateway, as it cannot register.
ALTER TABLE ps_aors ADD COLUMN contact VARCHAR(255);

INSERT INTO trunkline_schema VALUES (2);
