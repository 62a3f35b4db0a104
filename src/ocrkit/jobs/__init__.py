"""Jobs that survive anything: a ledger in SQL, blobs, a dispatcher, and executors that run the pages.

Knows an account as an id with a weight and a price a page; knows no HTTP.
"""
