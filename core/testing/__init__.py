"""The product for tests of plugins: in this process, which does the jobs too, on a database that is thrown away."""
