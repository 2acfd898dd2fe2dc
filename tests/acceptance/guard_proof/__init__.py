"""The guard's proof: made-up traffic, rules that it is compared with, and what each lets through and whom it limits.

By the protocol of `docs/explanation/guard-proof.md`; `benchmarks/guard_proof.py` runs it at full size.
"""
