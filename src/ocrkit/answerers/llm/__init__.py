"""The answerer `llm`: a language model behind an OpenAI-compatible endpoint, held to words of the document."""
