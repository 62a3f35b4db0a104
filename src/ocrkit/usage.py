"""What asking models costs, as a value that sums. Knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """What calls of a model cost; sums with `+`.

    Attributes:
        calls: questions asked.
        attempts: requests sent for them, the repeated ones too.
        prompt_tokens: read by the model, pictures included; 0 where the endpoint does not tell.
        completion_tokens: written by the model; likewise.
        seconds: from the first request of a call to its answer, all calls together.
    """

    calls: int = 0
    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            attempts=self.attempts + other.attempts,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
        )
