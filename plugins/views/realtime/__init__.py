"""What is told of views to members, and of what shared views show to their visitors."""
