"""What browsers are told of tables, fields and rows while they have them open."""
