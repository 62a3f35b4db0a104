"""The addresses of the service, one module a group; each handler is thin and leaves rules to the rooms below."""
