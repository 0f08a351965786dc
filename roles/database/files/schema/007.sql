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

INSERT INTO trunkline_schema VALUES (7);
