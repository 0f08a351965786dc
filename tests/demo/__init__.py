# SPDX-FileCopyrightText: trunkline.callcenter contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""``make demo``: builds the call center on this machine and tells the story of its first call."""
