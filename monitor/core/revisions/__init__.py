"""How two versions of one article differ: in wording, in fact, or by a correction."""

from monitor.core.revisions.versions import compare, to_dict

__all__ = ["compare", "to_dict"]
