"""Questions about a document, answered with citations that were checked.

Retrieval, verification and the conversation are here; what answers is an answerer of the registry.
"""

from ocrkit.chat.answerers import Answerers
from ocrkit.chat.citing import Citation
from ocrkit.chat.conversation import EXTRACTIVE, NOT_THERE, Answer, Conversation, ask
from ocrkit.chat.index import Index

__all__ = ["EXTRACTIVE", "NOT_THERE", "Answer", "Answerers", "Citation", "Conversation", "Index", "ask"]
