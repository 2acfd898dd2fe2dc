"""Public statements that come with the program, each with its source and date.

>>> [one.slug for one in incidents()][:2]
['facebook-2021', 'whatsapp-2022']
>>> statements("facebook-2021")[0].is_reference
True
"""

from floodmark.assessment.reference.incidents import incidents, statements
from floodmark.assessment.reference.known_tables import known_tables

__all__ = ["incidents", "known_tables", "statements"]
