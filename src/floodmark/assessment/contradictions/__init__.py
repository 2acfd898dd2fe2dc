"""Statements about one thing that disagree.

A contradiction says that not all of it can be true. It does not say who is wrong. Beside these stand several claims of
one attack, which may all be true.
"""

from floodmark.assessment.contradictions.contradiction import HOW, Contradiction, Said, Side
from floodmark.assessment.contradictions.find import contradictions

__all__ = ["HOW", "Contradiction", "Said", "Side", "contradictions"]
