"""`tables`: how well the tables of documents are found, beside what else finds tables; and tables made for that."""
