"""A million rows, a hundred fields, a hundred people: every case against its floor, by one command."""
