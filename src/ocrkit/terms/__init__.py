"""Words of questions and documents made comparable: case, accents, endings and the names of common labels.

Pure functions over text, for retrieval and for answerers; knows neither pages nor documents.
"""

from ocrkit.terms.stopwords import content_of, opens_follow_up
from ocrkit.terms.tokens import Token, fold, is_unspaced, keys, tokens

__all__ = ["Token", "content_of", "fold", "is_unspaced", "keys", "opens_follow_up", "tokens"]
