"""The answerer `extractive`: the document's own words, chosen by rules; needs no model."""
