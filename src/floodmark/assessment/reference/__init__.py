"""Public statements that come with the program, each with its date and its source.

>>> [one.slug for one in incidents()][-3:]
['meta-fines-2023', 'meta-outage-2024', 'facebook-2025']
>>> [one.id for one in statements("facebook-2025")][:2]
['facebook-2025/advert', 'facebook-2025/cybernews-sample']
"""

from floodmark.assessment.reference.incidents import incidents, statements
from floodmark.assessment.reference.known_tables import known_tables

__all__ = ["incidents", "known_tables", "statements"]
