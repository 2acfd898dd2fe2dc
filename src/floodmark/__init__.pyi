from floodmark.exposure.check import check, check_async

__all__ = ["__version__", "check", "check_async"]
__version__: str
