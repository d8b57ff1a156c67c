"""A long run of one VEM: see __main__."""
