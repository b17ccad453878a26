"""The demo: a borough that does not exist, with its children, its councils, its hospitals and the people who ask.

Promises: every name, number, address and telephone number here is invented and cannot be anybody's: NHS numbers are of
the test range 999, telephone numbers of Ofcom's ranges for drama, postcodes of areas that do not exist. Made from a
seed, so that two people who try the service see the same borough.
"""
