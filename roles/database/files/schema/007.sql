-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- Can be repeated, as changes of tables end no transaction.
-- Whether an agent talks with somebody, which the service of the agents notes.
ALTER TABLE agents ADD COLUMN IF NOT EXISTS talking TINYINT NOT NULL DEFAULT 0;

-- A talk that begins is Busy with the reason call; when it ends the history tells the status that holds then.
CREATE OR REPLACE TRIGGER agents_history AFTER UPDATE ON agents FOR EACH ROW
  INSERT INTO agent_log (time, agent, phone, status, reason, changed_by)
  SELECT UTC_TIMESTAMP(6), NEW.number, NEW.phone,
    CASE WHEN NEW.phone IS NULL THEN 'LoggedOut' WHEN NEW.talking > OLD.talking THEN 'Busy' ELSE NEW.status END,
    IF(NEW.talking > OLD.talking, 'call', NEW.reason),
    IF(NEW.talking = OLD.talking, NEW.changed_by, '')
  FROM DUAL
  WHERE NOT (NEW.phone <=> OLD.phone AND NEW.status = OLD.status AND NEW.reason = OLD.reason AND NEW.ends <=> OLD.ends
    AND (NEW.talking = OLD.talking OR NEW.phone IS NULL));

-- Callers who want to be called back, with their place in the queue; times in UTC. waiting has no call yet, queued stands
-- in the queue, calling is a customer whose telephone rings, then done (answered), failed (tried often enough, or the number
-- may not be called any more) or expired. again is who waited when a central server died. callid is the call of the wish in
-- queue_log and cdr.
CREATE TABLE IF NOT EXISTS callbacks (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  queue_name VARCHAR(80) NOT NULL,
  number VARCHAR(20) NOT NULL,
  priority INT NOT NULL DEFAULT 0,
  joined DATETIME(6) NOT NULL,
  state ENUM('waiting', 'queued', 'calling', 'done', 'failed', 'expired') NOT NULL DEFAULT 'waiting',
  tries INT NOT NULL DEFAULT 0,
  again TINYINT NOT NULL DEFAULT 0,
  next_try DATETIME NOT NULL,
  expires DATETIME NOT NULL,
  callid VARCHAR(80) NOT NULL DEFAULT '',
  changed_at DATETIME(6) NOT NULL,
  pending TINYINT AS (IF(state IN ('waiting', 'queued', 'calling'), 1, NULL)) PERSISTENT,
  UNIQUE KEY callbacks_once (queue_name, number, pending),
  KEY callbacks_number (number, joined),
  KEY callbacks_state (state, next_try)
) ENGINE=InnoDB;

INSERT INTO trunkline_schema VALUES (7);
