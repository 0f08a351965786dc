-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- The active server writes here that it can write.
CREATE TABLE IF NOT EXISTS heartbeats (
  host VARCHAR(80) NOT NULL PRIMARY KEY,
  beat DATETIME(6) NOT NULL
) ENGINE=InnoDB;

-- Phones in conversations that outlived the central server which had connected them, as their gateways say.
CREATE TABLE IF NOT EXISTS orphans (
  gateway VARCHAR(40) NOT NULL,
  phone VARCHAR(8) NOT NULL,
  PRIMARY KEY (gateway, phone)
) ENGINE=InnoDB;

-- As before; queues do not ring such a phone.
CREATE OR REPLACE VIEW queue_members AS
  SELECT
    CONCAT(agent_queues.id, '@', agents.phone) AS uniqueid,
    agent_queues.queue_name AS queue_name,
    CONCAT('PJSIP/', agents.phone) AS interface,
    agents.name AS membername,
    CONCAT('PJSIP/', agents.phone) AS state_interface,
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
  LEFT JOIN (SELECT DISTINCT phone FROM orphans) AS orphans ON orphans.phone = agents.phone
  WHERE agent_queues.active AND agents.phone IS NOT NULL;

INSERT INTO trunkline_schema VALUES (6);
