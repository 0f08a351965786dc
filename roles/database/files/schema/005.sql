-- SPDX-FileCopyrightText: trunkline.callcenter contributors
-- SPDX-License-Identifier: GPL-3.0-or-later

-- Can be repeated, as changes of tables end no transaction.
-- Mailboxes. The inventory decides all but password, the PIN, which its user may change; app_voicemail wants it as it is.
CREATE TABLE IF NOT EXISTS voicemail_users (
  mailbox VARCHAR(8) NOT NULL PRIMARY KEY,
  context VARCHAR(80) NOT NULL,
  password VARCHAR(80) NOT NULL,
  fullname VARCHAR(80) NOT NULL DEFAULT '',
  email VARCHAR(254)
) ENGINE=InnoDB;

-- Messages and greetings. Of a greeting app_voicemail has no times but writes them, empty: they cannot be numbers.
CREATE TABLE IF NOT EXISTS voicemail_messages (
  dir VARCHAR(255) NOT NULL,
  msgnum INT NOT NULL,
  context VARCHAR(80),
  callerid VARCHAR(80),
  origtime VARCHAR(20),
  duration VARCHAR(20),
  recording LONGBLOB,
  flag VARCHAR(30),
  category VARCHAR(30),
  mailboxuser VARCHAR(30),
  mailboxcontext VARCHAR(30),
  msg_id VARCHAR(40),
  PRIMARY KEY (dir, msgnum)
) ENGINE=InnoDB;

-- Mailboxes that light the lamp of a phone, told unasked or to a phone that subscribes.
ALTER TABLE ps_endpoints ADD COLUMN IF NOT EXISTS mailboxes VARCHAR(2048),
  ADD COLUMN IF NOT EXISTS mwi_subscribe_replaces_unsolicited VARCHAR(5);
ALTER TABLE ps_aors ADD COLUMN IF NOT EXISTS mailboxes VARCHAR(2048);

INSERT INTO trunkline_schema VALUES (5);
