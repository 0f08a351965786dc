-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- Can be repeated, as changes of tables end no transaction.
-- Plain telephones. A row comes after its hint in the dialplan: app_queue looks for that once, when it meets the member.
CREATE TABLE IF NOT EXISTS stations (
  phone VARCHAR(8) NOT NULL PRIMARY KEY
) ENGINE=InnoDB;

-- As before, but whether a plain telephone is busy says its hint, and the member is another one.
CREATE OR REPLACE VIEW queue_members AS
  SELECT
    CONCAT(agent_queues.id, '@', agents.phone, IF(stations.phone IS NULL, '', '@station')) AS uniqueid,
    agent_queues.queue_name AS queue_name,
    CONCAT('PJSIP/', agents.phone) AS interface,
    agents.name AS membername,
    IF(stations.phone IS NULL, CONCAT('PJSIP/', agents.phone), CONCAT('hint:', agents.phone, '@stations'))
      AS state_interface,
    agent_queues.penalty AS penalty,
    orphans.phone IS NOT NULL
      OR (agents.status <> 'Ready' AND (agents.ends IS NULL OR agents.ends > UTC_TIMESTAMP())) AS paused,
    CAST(
      CASE
        WHEN orphans.phone IS NOT NULL THEN 'Busy'
        WHEN agents.status <> 'Ready' AND (agents.ends IS NULL OR agents.ends > UTC_TIMESTAMP()) THEN
          CONCAT_WS(': ', agents.status, NULLIF(agents.reason, ''))
        ELSE 'Ready'
      END
      AS CHAR(80)) AS reason_paused,
    CAST(NULL AS SIGNED) AS wrapuptime,
    CAST(NULL AS CHAR(5)) AS ringinuse
  FROM agent_queues
  JOIN agents ON agents.number = agent_queues.agent
  LEFT JOIN stations ON stations.phone = agents.phone
  LEFT JOIN (SELECT DISTINCT phone FROM orphans) AS orphans ON orphans.phone = agents.phone
  WHERE agent_queues.active AND agents.phone IS NOT NULL;

-- The history tells of who comes and goes, too. The memberships of a removed agent go without a trigger.
CREATE OR REPLACE TRIGGER agents_history_begins AFTER INSERT ON agents FOR EACH ROW
  INSERT INTO agent_log (time, agent, phone, status, reason, changed_by)
  VALUES (UTC_TIMESTAMP(6), NEW.number, NEW.phone, IF(NEW.phone IS NULL, 'LoggedOut', NEW.status), NEW.reason,
    NEW.changed_by);

CREATE OR REPLACE TRIGGER agents_history_ends AFTER DELETE ON agents FOR EACH ROW
  INSERT INTO agent_log (time, agent, status, reason, changed_by)
  VALUES (UTC_TIMESTAMP(6), OLD.number, 'LoggedOut', 'removed', '');

CREATE OR REPLACE TRIGGER agent_queues_history_begins AFTER INSERT ON agent_queues FOR EACH ROW
  INSERT INTO agent_log (time, agent, queue_name, status, changed_by)
  VALUES (UTC_TIMESTAMP(6), NEW.agent, NEW.queue_name, IF(NEW.active, 'LoggedIn', 'LoggedOut'), NEW.changed_by);

CREATE OR REPLACE TRIGGER agent_queues_history_ends AFTER DELETE ON agent_queues FOR EACH ROW
  INSERT INTO agent_log (time, agent, queue_name, status, reason, changed_by)
  VALUES (UTC_TIMESTAMP(6), OLD.agent, OLD.queue_name, 'LoggedOut', 'removed', '');

-- Nobody is at a phone that is gone, also no guest.
CREATE OR REPLACE TRIGGER agents_without_phone AFTER DELETE ON ps_aors FOR EACH ROW
  UPDATE agents SET phone = NULL, ends = NULL, changed_by = '', changed_at = UTC_TIMESTAMP(6) WHERE phone = OLD.id;

INSERT INTO trunkline_schema VALUES (9);
