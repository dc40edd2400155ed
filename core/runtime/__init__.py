"""Running the product: embedded servers, the supervisor, the web and worker processes, logging."""
