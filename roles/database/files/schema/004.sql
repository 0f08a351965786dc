-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- Call detail records of the central server, in UTC. The columns are those of Asterisk's engine by name.
CREATE TABLE cdr (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  start DATETIME,
  answer DATETIME,
  end DATETIME,
  clid VARCHAR(80) NOT NULL DEFAULT '',
  src VARCHAR(80) NOT NULL DEFAULT '',
  dst VARCHAR(80) NOT NULL DEFAULT '',
  dcontext VARCHAR(80) NOT NULL DEFAULT '',
  channel VARCHAR(80) NOT NULL DEFAULT '',
  dstchannel VARCHAR(80) NOT NULL DEFAULT '',
  lastapp VARCHAR(80) NOT NULL DEFAULT '',
  lastdata VARCHAR(255) NOT NULL DEFAULT '',
  duration INT NOT NULL DEFAULT 0,
  billsec INT NOT NULL DEFAULT 0,
  disposition VARCHAR(20) NOT NULL DEFAULT '',
  uniqueid VARCHAR(150) NOT NULL DEFAULT '',
  linkedid VARCHAR(150) NOT NULL DEFAULT '',
  sequence INT NOT NULL DEFAULT 0,
  KEY cdr_start (start),
  KEY cdr_linkedid (linkedid)
) ENGINE=InnoDB;

INSERT INTO trunkline_schema VALUES (4);
