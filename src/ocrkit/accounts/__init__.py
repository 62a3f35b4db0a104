"""People, tokens, plans and credits: who may spend what. Knows no HTTP."""
