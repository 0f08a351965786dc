-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- Agents. The inventory decides number, name, has_phone and supervisor, the agents decide the rest. Logged in is who has
-- a phone.
CREATE TABLE agents (
  number VARCHAR(8) NOT NULL PRIMARY KEY,
  name VARCHAR(80) NOT NULL,
  has_phone TINYINT NOT NULL DEFAULT 1,
  supervisor TINYINT NOT NULL DEFAULT 0,
  phone VARCHAR(8),
  status ENUM('Ready', 'NotReady', 'Wrapup', 'Busy', 'Aux') NOT NULL DEFAULT 'Ready',
  reason VARCHAR(40) NOT NULL DEFAULT '',
  ends DATETIME,
  changed_by VARCHAR(8) NOT NULL DEFAULT '',
  changed_at DATETIME(6),
  UNIQUE KEY agents_phone (phone)
) ENGINE=InnoDB;

-- A phone of their own is where agents are until they say otherwise, unless somebody else has sat down there.
CREATE TRIGGER agents_start BEFORE INSERT ON agents FOR EACH ROW
  SET NEW.phone = IF(NEW.has_phone AND NOT EXISTS (SELECT 1 FROM agents WHERE phone = NEW.number), NEW.number, NULL);

-- Which queues an agent serves (the inventory decides) and which of them just now.
CREATE TABLE agent_queues (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  queue_name VARCHAR(80) NOT NULL,
  agent VARCHAR(8) NOT NULL,
  penalty INT NOT NULL DEFAULT 0,
  active TINYINT NOT NULL DEFAULT 1,
  changed_by VARCHAR(8) NOT NULL DEFAULT '',
  changed_at DATETIME(6),
  UNIQUE KEY agent_queues_once (queue_name, agent),
  CONSTRAINT agent_queues_of_agent FOREIGN KEY (agent) REFERENCES agents (number) ON DELETE CASCADE
) ENGINE=InnoDB;

CREATE TABLE agent_pins (
  agent VARCHAR(8) NOT NULL PRIMARY KEY,
  digest CHAR(64) NOT NULL,
  failures INT NOT NULL DEFAULT 0,
  failed_at DATETIME,
  CONSTRAINT agent_pins_of_agent FOREIGN KEY (agent) REFERENCES agents (number) ON DELETE CASCADE
) ENGINE=InnoDB;

-- What agents did when, in UTC. changed_by is an extension, empty where the server did it.
CREATE TABLE agent_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  time DATETIME(6) NOT NULL,
  agent VARCHAR(8) NOT NULL,
  phone VARCHAR(8),
  queue_name VARCHAR(80),
  status VARCHAR(10) NOT NULL,
  reason VARCHAR(40) NOT NULL DEFAULT '',
  changed_by VARCHAR(8) NOT NULL,
  KEY agent_log_time (time),
  KEY agent_log_agent (agent, time)
) ENGINE=InnoDB;

-- Whoever changes a row, the history tells of it.
CREATE TRIGGER agents_history AFTER UPDATE ON agents FOR EACH ROW
  INSERT INTO agent_log (time, agent, phone, status, reason, changed_by)
  SELECT UTC_TIMESTAMP(6), NEW.number, NEW.phone, IF(NEW.phone IS NULL, 'LoggedOut', NEW.status), NEW.reason,
    NEW.changed_by
  FROM DUAL
  WHERE NOT (NEW.phone <=> OLD.phone AND NEW.status = OLD.status AND NEW.reason = OLD.reason AND NEW.ends <=> OLD.ends);

CREATE TRIGGER agent_queues_history AFTER UPDATE ON agent_queues FOR EACH ROW
  INSERT INTO agent_log (time, agent, queue_name, status, changed_by)
  SELECT UTC_TIMESTAMP(6), NEW.agent, NEW.queue_name, IF(NEW.active, 'LoggedIn', 'LoggedOut'), NEW.changed_by
  FROM DUAL
  WHERE NEW.active <> OLD.active;

INSERT INTO agents (number, name, status)
  SELECT SUBSTRING_INDEX(interface, '/', -1), MAX(membername), IF(MAX(paused), 'NotReady', 'Ready')
  FROM queue_members
  GROUP BY interface;

INSERT INTO agent_queues (queue_name, agent, penalty)
  SELECT queue_name, SUBSTRING_INDEX(interface, '/', -1), penalty FROM queue_members;

DROP TABLE queue_members;

-- What app_queue reads. It takes a member at another phone for the same one unless its uniqueid differs, and uses
-- reason_paused only if it found one when it was loaded: it is never empty. The columns are those of the former table,
-- as connections that are open have prepared their statements for it.
CREATE VIEW queue_members AS
  SELECT
    CONCAT(agent_queues.id, '@', agents.phone) AS uniqueid,
    agent_queues.queue_name AS queue_name,
    CONCAT('PJSIP/', agents.phone) AS interface,
    agents.name AS membername,
    CONCAT('PJSIP/', agents.phone) AS state_interface,
    agent_queues.penalty AS penalty,
    agents.status <> 'Ready' AND (agents.ends IS NULL OR agents.ends > UTC_TIMESTAMP()) AS paused,
    CAST(
      IF(agents.status <> 'Ready' AND (agents.ends IS NULL OR agents.ends > UTC_TIMESTAMP()),
        CONCAT_WS(': ', agents.status, NULLIF(agents.reason, '')), 'Ready')
      AS CHAR(80)) AS reason_paused,
    CAST(NULL AS SIGNED) AS wrapuptime,
    CAST(NULL AS CHAR(5)) AS ringinuse
  FROM agent_queues
  JOIN agents ON agents.number = agent_queues.agent
  WHERE agent_queues.active AND agents.phone IS NOT NULL;

INSERT INTO trunkline_schema VALUES (3);
