"""The pages of builders."""
