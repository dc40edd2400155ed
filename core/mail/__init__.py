"""Mail: templates and the backends that send."""
