"""Ways to sign in: the providers administrators set up, and the accounts that go with them."""
