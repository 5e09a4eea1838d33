"""Letters to owners: a PDF with a page an owner, ready for window envelopes.

`Letter` is what one says, `Template` how it says it (the standard one, or an agency's own), `Pages` draws it.
"""

from .letter import Agency, Letter, letter, postal_address
from .pages import Pages
from .template import STANDARD, Template

__all__ = ["STANDARD", "Agency", "Letter", "Pages", "Template", "letter", "postal_address"]
