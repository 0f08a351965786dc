-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- The dialogs (RFC 3261 section 12) of phones that talk: with these another central server can hang up for them.
CREATE TABLE IF NOT EXISTS dialogs (
  call_id VARCHAR(190) NOT NULL,
  phone VARCHAR(8) NOT NULL,
  target VARCHAR(255) NOT NULL,
  local_uri VARCHAR(255) NOT NULL,
  local_tag VARCHAR(190) NOT NULL,
  remote_uri VARCHAR(255) NOT NULL,
  remote_tag VARCHAR(190) NOT NULL,
  -- Whether it outlived the central server that had begun it.
  outlived TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (phone, call_id)
) ENGINE=InnoDB;

INSERT INTO trunkline_schema VALUES (8);
