"""Scan uploads for viruses with clamd, if CLAMD_SOCKET is set."""
