"""Pages of the auditor: the trail, what was refused, what stands out, and the seals."""

from yiti.foundation.administration.views.chain import chain, head
from yiti.foundation.administration.views.standing_out import refused, unusual
from yiti.foundation.administration.views.trail import evidence, export, trail

__all__ = ["chain", "evidence", "export", "head", "refused", "trail", "unusual"]
