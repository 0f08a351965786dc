-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- Tables of Asterisk's realtime architecture, with the columns that this collection writes or Asterisk reads back
-- (names and types of contrib/ast-db-manage of Asterisk 22).

CREATE TABLE trunkline_schema (
  version INT UNSIGNED NOT NULL PRIMARY KEY
) ENGINE=InnoDB;

CREATE TABLE ps_auths (
  id VARCHAR(40) NOT NULL PRIMARY KEY,
  auth_type ENUM('md5', 'userpass', 'google_oauth', 'digest') NOT NULL DEFAULT 'md5',
  username VARCHAR(40),
  realm VARCHAR(255),
  md5_cred VARCHAR(40)
) ENGINE=InnoDB;

CREATE TABLE ps_aors (
  id VARCHAR(255) NOT NULL PRIMARY KEY,
  max_contacts INT NOT NULL DEFAULT 1,
  remove_existing ENUM('0', '1', 'off', 'on', 'false', 'true', 'no', 'yes') NOT NULL DEFAULT 'yes',
  default_expiration INT,
  minimum_expiration INT,
  maximum_expiration INT,
  qualify_frequency INT
) ENGINE=InnoDB;

CREATE TABLE ps_endpoints (
  id VARCHAR(255) NOT NULL PRIMARY KEY,
  transport VARCHAR(40),
  aors VARCHAR(2048),
  auth VARCHAR(255),
  context VARCHAR(40),
  disallow VARCHAR(200),
  allow VARCHAR(200),
  callerid VARCHAR(80),
  direct_media VARCHAR(5),
  direct_media_method VARCHAR(20),
  rtp_symmetric VARCHAR(5),
  force_rport VARCHAR(5),
  rewrite_contact VARCHAR(5),
  dtmf_mode VARCHAR(20),
  timers VARCHAR(10),
  trust_id_inbound VARCHAR(5),
  send_pai VARCHAR(5)
) ENGINE=InnoDB;

-- A contact ends with its endpoint: a removed seat cannot be called.
CREATE TABLE ps_contacts (
  id VARCHAR(255) NOT NULL PRIMARY KEY,
  uri VARCHAR(511),
  expiration_time BIGINT,
  qualify_frequency INT,
  qualify_timeout FLOAT,
  qualify_2xx_only VARCHAR(5),
  outbound_proxy VARCHAR(255),
  path TEXT,
  user_agent VARCHAR(255),
  reg_server VARCHAR(255),
  authenticate_qualify VARCHAR(5),
  via_addr VARCHAR(40),
  via_port INT,
  call_id VARCHAR(255),
  endpoint VARCHAR(255),
  prune_on_boot VARCHAR(5),
  KEY ps_contacts_endpoint (endpoint),
  CONSTRAINT ps_contacts_of_endpoint FOREIGN KEY (endpoint) REFERENCES ps_endpoints (id) ON DELETE CASCADE
) ENGINE=InnoDB;

CREATE TABLE queue_members (
  uniqueid INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  queue_name VARCHAR(80) NOT NULL,
  interface VARCHAR(80) NOT NULL,
  membername VARCHAR(80),
  state_interface VARCHAR(80),
  penalty INT NOT NULL DEFAULT 0,
  paused INT NOT NULL DEFAULT 0,
  reason_paused VARCHAR(80),
  wrapuptime INT,
  ringinuse VARCHAR(5),
  UNIQUE KEY queue_members_once (queue_name, interface)
) ENGINE=InnoDB;

CREATE TABLE queue_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  time DATETIME(6),
  callid VARCHAR(80),
  queuename VARCHAR(256),
  agent VARCHAR(80),
  event VARCHAR(32),
  data VARCHAR(100),
  data1 VARCHAR(100),
  data2 VARCHAR(100),
  data3 VARCHAR(100),
  data4 VARCHAR(100),
  data5 VARCHAR(100),
  KEY queue_log_time (time),
  KEY queue_log_callid (callid)
) ENGINE=InnoDB;

INSERT INTO trunkline_schema VALUES (1);
